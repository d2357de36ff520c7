//! One connection of a client: a Socket.IO v5 session in namespace `/chat` over a WebSocket, as the page has it.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use madang_common::event::{Answer, ClientEvent, NAMESPACE};
use serde_json::Value;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest, http::header::COOKIE},
};

/// How long the handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(5);

/// An open connection.
pub(crate) struct Link {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next_ack: u64,
}

/// What came in.
#[derive(Debug, PartialEq)]
pub(crate) enum Incoming {
    /// The answer to the request of this number.
    Ack(u64, Value),
    /// An event of the server's.
    Event(String, Value),
}

impl Link {
    /// Connects as the person whom the cookie names.
    pub(crate) async fn open(address: SocketAddr, cookie: &str) -> Result<Self> {
        timeout(HANDSHAKE, Self::shake_hands(address, cookie)).await.context("the handshake took too long")?
    }

    async fn shake_hands(address: SocketAddr, cookie: &str) -> Result<Self> {
        let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket");
        let mut request = url.into_client_request()?;
        request.headers_mut().insert(COOKIE, cookie.parse()?);
        let (socket, _) = tokio_tungstenite::connect_async(request).await?;
        let mut link = Self { socket, next_ack: 0 };
        let open = link.frame().await?;
        if !open.starts_with('0') {
            bail!("the handshake begins with {open:?}");
        }
        link.send(format!("40{NAMESPACE},")).await?;
        let (connected, event) = (format!("40{NAMESPACE},"), format!("42{NAMESPACE},"));
        loop {
            let frame = link.frame().await?;
            if frame.starts_with(&connected) {
                return Ok(link);
            }
            // Whoever is subscribed may hear something before they are told that they are connected. What it was is
            // found again by catching up.
            if !frame.starts_with(&event) {
                bail!("the namespace answers {frame:?}");
            }
        }
    }

    /// Asks for something; the number under which the answer will come.
    pub(crate) async fn ask<E: ClientEvent>(&mut self, event: &E) -> Result<u64> {
        let number = self.next_ack;
        self.next_ack += 1;
        let packet = serde_json::to_string(&(E::NAME, event))?;
        self.send(format!("42{NAMESPACE},{number}{packet}")).await?;
        Ok(number)
    }

    /// Asks for something and waits until it is granted; what else comes meanwhile is passed over.
    ///
    /// # Errors
    /// When the connection has ended, or the server refuses.
    pub(crate) async fn request<E: ClientEvent>(&mut self, event: &E) -> Result<E::Reply> {
        let number = self.ask(event).await?;
        loop {
            if let Incoming::Ack(answered, answer) = self.next().await?
                && answered == number
            {
                return match serde_json::from_value::<Answer<E::Reply>>(answer)? {
                    Answer::Ok(reply) => Ok(reply),
                    Answer::Fault(fault) => bail!("{}: {fault}", E::NAME),
                };
            }
        }
    }

    /// What comes next; pings are answered on the way. May be dropped and called again without losing anything.
    ///
    /// # Errors
    /// When the connection has ended.
    pub(crate) async fn next(&mut self) -> Result<Incoming> {
        loop {
            let frame = self.frame().await?;
            if let Some(packet) = frame.strip_prefix('4') {
                return decode(packet).with_context(|| format!("this cannot be understood: {frame:?}"));
            }
        }
    }

    async fn frame(&mut self) -> Result<String> {
        loop {
            match self.socket.next().await.context("the connection has ended")?? {
                Message::Text(ping) if ping.as_str() == "2" => self.send("3".to_owned()).await?,
                Message::Text(text) => return Ok(text.to_string()),
                Message::Close(_) => bail!("the server closed the connection"),
                _ => {}
            }
        }
    }

    async fn send(&mut self, frame: String) -> Result<()> {
        Ok(self.socket.send(Message::text(frame)).await?)
    }
}

/// A Socket.IO packet of the namespace (Socket.IO protocol, revision 5).
fn decode(packet: &str) -> Option<Incoming> {
    let kind = packet.chars().next()?;
    let rest = packet.get(1..)?.strip_prefix(NAMESPACE)?.strip_prefix(',')?;
    let payload = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = &rest[..rest.len() - payload.len()];
    let mut arguments: Vec<Value> = serde_json::from_str(payload).ok()?;
    match (kind, arguments.len()) {
        ('3', 1) => Some(Incoming::Ack(number.parse().ok()?, arguments.remove(0))),
        ('2', 2) => {
            let data = arguments.remove(1);
            Some(Incoming::Event(arguments.remove(0).as_str()?.to_owned(), data))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_and_events_are_told_apart() {
        assert_eq!(decode(r#"3/chat,12[{"ok":{}}]"#), Some(Incoming::Ack(12, json!({"ok": {}}))));
        let event = Incoming::Event("room.changes".to_owned(), json!({"room": 1}));
        assert_eq!(decode(r#"2/chat,["room.changes",{"room":1}]"#), Some(event));
    }

    #[test]
    fn anything_else_is_not_understood() {
        for strange in ["", "1/chat,", "3/chat,[1]", "3/other,1[1]", "2/chat,[]", "2/chat,{", "2가"] {
            assert_eq!(decode(strange), None, "{strange:?}");
        }
    }
}
