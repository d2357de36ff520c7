//! A plain WebSocket at `/ws` or `/`.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{self, Bytes, Message, client::IntoClientRequest, http::HeaderValue},
};

use super::{TestServer, within};

/// The subprotocol that carries Madang's own events.
pub(crate) const JSON: &str = "madang.v1.json";

pub(crate) struct Plain {
    pub(crate) socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    requests: u64,
}

impl Plain {
    /// Opens a WebSocket with the given headers.
    pub(crate) async fn open(
        server: &TestServer,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, tungstenite::Error> {
        let mut request = format!("ws://{}{path}", server.host).into_client_request().expect("an address");
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value).expect("a header"));
        }
        let (socket, _) = within(tokio_tungstenite::connect_async(request)).await?;
        Ok(Self { socket, requests: 0 })
    }

    /// Opens a WebSocket for which the operating system takes little in, so that who does not read is soon noticed.
    pub(crate) async fn open_narrow(server: &TestServer, headers: &[(&'static str, &str)]) -> Self {
        let tcp = TcpSocket::new_v4().expect("a socket");
        tcp.set_recv_buffer_size(4 * 1024).expect("a small buffer");
        let stream = within(tcp.connect(server.host.parse().expect("an address"))).await.expect("a connection");
        let mut request = format!("ws://{}/ws", server.host).into_client_request().expect("an address");
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value).expect("a header"));
        }
        let opening = tokio_tungstenite::client_async(request, MaybeTlsStream::Plain(stream));
        let (socket, _) = within(opening).await.expect("a WebSocket");
        Self { socket, requests: 0 }
    }

    /// Opens a WebSocket for text, and hears its greeting.
    pub(crate) async fn text(server: &TestServer) -> Self {
        let mut plain = Self::open(server, "/ws", &[]).await.expect("a WebSocket");
        assert_eq!(plain.next().await, "Hello, I am walli");
        plain
    }

    /// Opens a WebSocket for Madang's own events, for a session.
    pub(crate) async fn json(server: &TestServer, cookie: &str) -> Self {
        let headers = [("cookie", cookie), ("sec-websocket-protocol", JSON)];
        Self::open(server, "/ws", &headers).await.expect("a WebSocket")
    }

    pub(crate) async fn send(&mut self, message: Message) {
        within(self.socket.send(message)).await.expect("sent");
    }

    pub(crate) async fn say(&mut self, text: &str) {
        self.send(Message::text(text)).await;
    }

    /// The next text frame.
    pub(crate) async fn next(&mut self) -> String {
        match self.next_or_close().await {
            Ok(text) => text,
            Err(code) => panic!("a text, not a close with {code:?}"),
        }
    }

    /// The next text frame, or the code of the close.
    pub(crate) async fn next_or_close(&mut self) -> Result<String, Option<u16>> {
        loop {
            match within(self.socket.next()).await {
                Some(Ok(Message::Text(text))) => return Ok(text.to_string()),
                Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// The code with which the server closes; texts before it are passed over.
    pub(crate) async fn close_code(&mut self) -> Option<u16> {
        loop {
            if let Err(code) = self.next_or_close().await {
                return code;
            }
        }
    }

    /// Sends a request and waits for its answer; events that come before it are given back with it.
    pub(crate) async fn ask(&mut self, event: &str, data: Value) -> (Value, Vec<Value>) {
        self.requests += 1;
        let id = self.requests;
        self.say(&json!({"event": event, "data": data, "id": id}).to_string()).await;
        let mut events = Vec::new();
        loop {
            let frame: Value = serde_json::from_str(&self.next().await).expect("JSON");
            if frame["ack"] == id {
                return (frame, events);
            }
            events.push(frame);
        }
    }

    /// Sends what is no request, as it may be, and waits for its answer.
    pub(crate) async fn ask_raw(&mut self, frame: &str) -> Value {
        self.say(frame).await;
        loop {
            let frame: Value = serde_json::from_str(&self.next().await).expect("JSON");
            if frame.get("ack").is_some() {
                return frame;
            }
        }
    }

    /// The next event of this name.
    pub(crate) async fn next_event(&mut self, name: &str) -> Value {
        loop {
            let frame: Value = serde_json::from_str(&self.next().await).expect("JSON");
            if frame["event"] == name {
                return frame["data"].clone();
            }
        }
    }

    /// Sends a ping and waits for its pong.
    pub(crate) async fn ping(&mut self) {
        self.send(Message::Ping(Bytes::from_static(b"there?"))).await;
        loop {
            match within(self.socket.next()).await.expect("the connection stands").expect("a frame") {
                Message::Pong(data) => return assert_eq!(data, Bytes::from_static(b"there?")),
                Message::Close(frame) => panic!("a pong, not a close: {frame:?}"),
                _ => {}
            }
        }
    }
}
