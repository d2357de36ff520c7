//! One connection by which is asked and answered, without an engine: for the audit, and for the figures of writing. It is
//! the driver's own.

use std::net::SocketAddr;

use anyhow::{Result, anyhow, bail};
use madang_client::driver::{
    Server, Session,
    wire::{Incoming, Unopened, Wire},
};
use madang_common::event::{Answer, ClientEvent};

/// An open connection.
pub(crate) struct Link {
    wire: Wire,
    next_number: u64,
}

impl Link {
    /// Connects as the person whose session this is.
    pub(crate) async fn open(address: SocketAddr, session: &Session) -> Result<Self> {
        let server: Server = format!("http://{address}").parse()?;
        let wire = Wire::open(&server, session).await.map_err(|unopened| match unopened {
            Unopened::Error(error) => error.into(),
            Unopened::Refused(refusal) => anyhow!("refused: {refusal}"),
        })?;
        Ok(Self { wire, next_number: 0 })
    }

    /// Asks for something and waits until it is granted; what else comes meanwhile is passed over.
    ///
    /// # Errors
    /// When the connection has ended, or the server refuses.
    pub(crate) async fn request<E: ClientEvent>(&mut self, event: &E) -> Result<E::Reply> {
        let number = self.next_number;
        self.next_number += 1;
        self.wire.request(number, E::NAME, &serde_json::to_value(event)?).await?;
        loop {
            match self.wire.next().await? {
                Incoming::Ack(answered, answer) if answered == number => {
                    return match serde_json::from_value::<Answer<E::Reply>>(answer)? {
                        Answer::Ok(reply) => Ok(reply),
                        Answer::Fault(fault) => bail!("{}: {fault}", E::NAME),
                    };
                }
                Incoming::Disconnect => bail!("the server ended the session"),
                _ => {}
            }
        }
    }

    /// Takes in whatever comes, until the connection ends.
    pub(crate) async fn hear(mut self) {
        while self.wire.next().await.is_ok() {}
    }
}
