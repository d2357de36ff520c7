//! A bare connection, for requests that no HTTP client would send.

use std::{net::Ipv4Addr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
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

    /// Connects from another address of this machine.
    pub(crate) async fn connect_from(server: &TestServer, address: Ipv4Addr) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind((address, 0).into()).expect("an address of the loopback network");
        let stream = within(socket.connect(server.host.parse().expect("an address"))).await;
        Self(stream.expect("a connection"))
    }

    /// Connects so that the operating system takes little in by itself.
    pub(crate) async fn connect_narrow(server: &TestServer) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(4 * 1024).expect("a small buffer");
        let stream = within(socket.connect(server.host.parse().expect("an address"))).await;
        Self(stream.expect("a connection"))
    }

    /// Takes in what comes, a little at a time, until the server breaks the connection.
    pub(crate) async fn sip(mut self) {
        let mut ticks = interval(TRICKLE);
        while !self.bytes(512).await.is_empty() {
            ticks.tick().await;
        }
    }

    /// Breaks the connection at once: the server gets a reset, whatever it is at.
    pub(crate) fn reset(self) {
        self.0.set_zero_linger().expect("a socket");
    }

    /// What comes next, at most so many bytes of it.
    pub(crate) async fn bytes(&mut self, most: usize) -> Vec<u8> {
        let mut bytes = vec![0; most];
        let count = within(self.0.read(&mut bytes)).await.unwrap_or_default();
        bytes.truncate(count);
        bytes
    }

    /// Says that nothing more is sent.
    pub(crate) async fn finish(&mut self) {
        within(self.0.shutdown()).await.expect("the connection stands");
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
        String::from_utf8_lossy(&self.rest_bytes().await).into_owned()
    }

    /// As [`Self::rest`], where it is no text.
    pub(crate) async fn rest_bytes(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // A reset after the answer is an end, too.
        let _end = within(self.0.read_to_end(&mut bytes)).await;
        bytes
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
