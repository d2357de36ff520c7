//! A bare connection, for requests that no HTTP client would send.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::interval,
};

use super::{TestServer, within};

/// Between two bytes of who sends slowly.
const TRICKLE: Duration = Duration::from_millis(20);

pub(crate) struct Raw(TcpStream);

impl Raw {
    pub(crate) async fn connect(server: &TestServer) -> Self {
        Self(within(TcpStream::connect(&server.host)).await.expect("a connection"))
    }

    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        // A server that wants no more may have said so already.
        let _refused = within(self.0.write_all(bytes.as_ref())).await;
    }

    /// What comes next; nothing when the server has closed the connection, or broken it.
    pub(crate) async fn some(&mut self) -> String {
        let mut bytes = vec![0; 4 * 1024];
        let count = within(self.0.read(&mut bytes)).await.unwrap_or_default();
        String::from_utf8_lossy(&bytes[..count]).into_owned()
    }

    /// What comes until the server closes the connection, or breaks it.
    pub(crate) async fn rest(&mut self) -> String {
        let mut bytes = Vec::new();
        // A reset after the answer is an end, too.
        let _end = within(self.0.read_to_end(&mut bytes)).await;
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Sends a byte again and again, without an end; what comes until the server closes the connection.
    pub(crate) async fn trickle(self, byte: u8) -> String {
        let (mut reading, mut writing) = self.0.into_split();
        let trickling = tokio::spawn(async move {
            let mut ticks = interval(TRICKLE);
            loop {
                ticks.tick().await;
                if writing.write_all(&[byte]).await.is_err() {
                    break;
                }
            }
        });
        let mut bytes = Vec::new();
        let _end = within(reading.read_to_end(&mut bytes)).await;
        trickling.abort();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
