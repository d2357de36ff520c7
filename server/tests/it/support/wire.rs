//! A bare WebSocket, for what no decent client does.

use futures_util::{SinkExt, StreamExt};
use tokio::{io::AsyncWriteExt, net::TcpStream};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{self, Message, client::IntoClientRequest, http::HeaderValue},
};

use super::{TestServer, within};

pub(crate) struct Wire(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Wire {
    /// Opens the WebSocket with the given headers.
    pub(crate) async fn open(
        server: &TestServer,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, tungstenite::Error> {
        Self::open_by(server, 4, headers).await
    }

    /// Opens the WebSocket by a version of Engine.IO: 3 is what clients of Socket.IO before 3.0 speak.
    pub(crate) async fn open_by(
        server: &TestServer,
        version: u8,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, tungstenite::Error> {
        Self::open_at(&format!("ws://{}/socket.io/?EIO={version}&transport=websocket", server.host), headers).await
    }

    /// The status with which a handshake at an address is answered; a connection that opens is dropped.
    pub(crate) async fn status_at(address: &str, headers: &[(&'static str, &str)]) -> u16 {
        match Self::open_at(address, headers).await {
            Ok(wire) => {
                wire.drop_silently();
                101
            }
            Err(tungstenite::Error::Http(answer)) => answer.status().as_u16(),
            Err(error) => panic!("neither open nor refused: {error}"),
        }
    }

    /// Opens the WebSocket at an address.
    pub(crate) async fn open_at(address: &str, headers: &[(&'static str, &str)]) -> Result<Self, tungstenite::Error> {
        let mut request = address.into_client_request().expect("an address");
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value).expect("a header"));
        }
        let (socket, _) = within(tokio_tungstenite::connect_async(request)).await?;
        Ok(Self(socket))
    }

    /// Opens the WebSocket and joins the chat.
    pub(crate) async fn join(server: &TestServer, cookie: &str) -> Self {
        let mut wire = Self::open(server, &[("cookie", cookie)]).await.expect("a WebSocket");
        assert!(wire.next().await.expect("a handshake").starts_with("0{"));
        wire.send("40/chat,").await;
        assert!(wire.next().await.expect("a connection").starts_with("40/chat,{"));
        wire
    }

    pub(crate) async fn send(&mut self, frame: &str) {
        within(self.0.send(Message::text(frame))).await.expect("sent");
    }

    /// Sends whatever it is.
    pub(crate) async fn send_message(&mut self, message: Message) {
        within(self.0.send(message)).await.expect("sent");
    }

    /// Sends a frame, if the server takes it in.
    pub(crate) async fn try_send(&mut self, frame: &str) -> Result<(), tungstenite::Error> {
        self.0.send(Message::text(frame)).await
    }

    /// Sends bytes that are no frame, or none that a client should send.
    pub(crate) async fn send_bytes(&mut self, bytes: &[u8]) {
        within(self.0.get_mut().write_all(bytes)).await.expect("sent");
    }

    /// The next text frame; none when the connection has ended. Pings are answered.
    pub(crate) async fn next(&mut self) -> Option<String> {
        loop {
            match within(self.0.next()).await?.ok()? {
                Message::Text(text) if text.as_str() == "2" => self.send("3").await,
                Message::Text(text) => return Some(text.to_string()),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }

    /// The next frame that begins like this; others are passed over.
    pub(crate) async fn next_like(&mut self, beginning: &str) -> String {
        loop {
            let frame = self.next().await.expect("the connection stands");
            if frame.starts_with(beginning) {
                return frame;
            }
        }
    }

    /// Waits until the connection has ended; what comes before that is passed over, and not answered.
    pub(crate) async fn ended(&mut self) {
        while let Some(Ok(_)) = within(self.0.next()).await {}
    }

    /// Lets the connection go without a word.
    pub(crate) fn drop_silently(self) {
        drop(self);
    }
}
