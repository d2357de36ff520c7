//! The wire: a Socket.IO v5 session in namespace `/chat` over a WebSocket.

use std::time::Duration;

use futures_util::{
    SinkExt as _, StreamExt as _,
    stream::{SplitSink, SplitStream},
};
use madang_common::{event::NAMESPACE, route};
use serde_json::Value;
use tokio::time::timeout;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{self, Message, client::IntoClientRequest as _, protocol::WebSocketConfig},
};

use super::{Error, HANDSHAKE, Server, Session, server::Stream, session};

/// The longest message that is taken from a server, in bytes. The longest of Madang's own, the list of all rooms, has less
/// than two million.
const LONGEST: usize = 8 << 20;
/// The longest silence that a server may ask for.
const LONGEST_SILENCE: Duration = Duration::from_secs(120);
/// How Socket.IO's packets begin, in an Engine.IO message (Socket.IO protocol, revision 5).
const CONNECT: &str = "40";
const DISCONNECT: &str = "41";
const EVENT: &str = "42";
const ACK: &str = "43";
const CONNECT_ERROR: &str = "44";

type Socket = WebSocketStream<Box<dyn Stream>>;

/// An open connection.
pub struct Wire {
    pub(super) writer: SplitSink<Socket, Message>,
    pub(super) reader: SplitStream<Socket>,
    /// How long the server is silent at most while the connection is alive.
    pub(super) silence: Duration,
}

/// What came in.
#[derive(Clone, Debug, PartialEq)]
pub enum Incoming {
    /// The answer to the request of this number.
    Ack(u64, Value),
    /// An event of the server's.
    Event(String, Value),
    /// The server asks whether anybody is there.
    Ping,
    /// The server ends the session.
    Disconnect,
}

/// What a ping is answered with.
pub(super) const PONG: &str = "3";

/// Why there is no connection.
#[derive(Debug)]
pub enum Unopened {
    /// It did not come about.
    Error(Error),
    /// The server does not let this session in: a fault, as JSON.
    Refused(String),
}

impl From<Error> for Unopened {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl Wire {
    /// Connects as the person whose session it is.
    ///
    /// # Errors
    /// When there is no connection, the server does not speak Madang's protocol or takes longer than ten seconds, or it
    /// refuses.
    pub async fn open(server: &Server, session: &Session) -> Result<Self, Unopened> {
        timeout(HANDSHAKE, Self::shake_hands(server, session)).await.unwrap_or(Err(Error::Silent(HANDSHAKE).into()))
    }

    async fn shake_hands(server: &Server, session: &Session) -> Result<Self, Unopened> {
        let url = server.websocket(&format!("{}/?EIO=4&transport=websocket", route::SOCKET_IO));
        let mut request = url.into_client_request().map_err(|error| Error::Address(error.to_string()))?;
        let (name, value) = session.header();
        request.headers_mut().insert(name, value);
        let stream = server.connect().await.map_err(|error| Error::Unreachable(error.to_string()))?;
        let limits = WebSocketConfig::default().max_message_size(Some(LONGEST)).max_frame_size(Some(LONGEST));
        let (socket, _) = client_async_with_config(request, stream, Some(limits)).await.map_err(failed)?;
        let (writer, reader) = socket.split();
        let mut wire = Self { writer, reader, silence: LONGEST_SILENCE };
        let open = wire.frame().await?;
        wire.silence = silence(&open).ok_or_else(|| strange(&open))?;
        wire.send(format!("{CONNECT}{NAMESPACE},")).await?;
        loop {
            let frame = wire.frame().await?;
            if of_namespace(&frame, CONNECT).is_some() {
                return Ok(wire);
            }
            if let Some(refusal) = of_namespace(&frame, CONNECT_ERROR) {
                let refusal: Value = serde_json::from_str(refusal).map_err(|_| strange(&frame))?;
                let message = refusal.get("message").and_then(Value::as_str).unwrap_or_default();
                return Err(Unopened::Refused(message.to_owned()));
            }
            // Whoever is subscribed may hear something before they are told that they are connected. What it was is
            // found again by catching up.
            if of_namespace(&frame, EVENT).is_none() {
                return Err(strange(&frame).into());
            }
        }
    }

    /// What comes next; pings are answered on the way. May be dropped and called again without losing anything.
    ///
    /// # Errors
    /// When the connection has ended, or what came can't be understood.
    pub async fn next(&mut self) -> Result<Incoming, Error> {
        loop {
            let frame = self.frame().await?;
            if let Some(incoming) = decode(&frame)? {
                return Ok(incoming);
            }
        }
    }

    /// Sends an event; its answer is to come under this number.
    ///
    /// # Errors
    /// When the connection has ended.
    pub async fn request(&mut self, number: u64, event: &str, data: &Value) -> Result<(), Error> {
        self.send(encode(Some(number), event, data)).await
    }

    /// The next frame but pings, which may come before the handshake is over.
    async fn frame(&mut self) -> Result<String, Error> {
        loop {
            let frame = next_frame(&mut self.reader).await?;
            if decode(&frame) != Ok(Some(Incoming::Ping)) {
                return Ok(frame);
            }
            self.send(PONG.to_owned()).await?;
        }
    }

    async fn send(&mut self, frame: String) -> Result<(), Error> {
        self.writer.send(Message::text(frame)).await.map_err(failed)
    }
}

/// The next frame, which is a text.
pub(super) async fn next_frame(reader: &mut SplitStream<Socket>) -> Result<String, Error> {
    loop {
        match reader.next().await {
            Some(Ok(Message::Text(text))) => return Ok(text.as_str().to_owned()),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Binary(_) | Message::Frame(_))) => return Err(strange("binary data")),
            Some(Ok(Message::Close(_))) | None => {
                return Err(Error::Unreachable("the server closed the connection".to_owned()));
            }
            Some(Err(error)) => return Err(failed(error)),
        }
    }
}

/// An event as a packet.
pub(super) fn encode(number: Option<u64>, event: &str, data: &Value) -> String {
    let number = number.map(|number| number.to_string()).unwrap_or_default();
    format!("{EVENT}{NAMESPACE},{number}[{},{data}]", Value::from(event))
}

/// What a frame says; nothing, if it is none of ours.
pub(super) fn decode(frame: &str) -> Result<Option<Incoming>, Error> {
    if frame == "2" {
        return Ok(Some(Incoming::Ping));
    }
    if of_namespace(frame, DISCONNECT).is_some() {
        return Ok(Some(Incoming::Disconnect));
    }
    let (is_answer, rest) = match (of_namespace(frame, ACK), of_namespace(frame, EVENT)) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return Ok(None),
    };
    arguments(is_answer, rest).map(Some).ok_or_else(|| strange(frame))
}

fn arguments(is_answer: bool, rest: &str) -> Option<Incoming> {
    let payload = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = &rest[..rest.len() - payload.len()];
    let mut arguments: Vec<Value> = serde_json::from_str(payload).ok()?;
    match (is_answer, arguments.len()) {
        (true, 1) => Some(Incoming::Ack(number.parse().ok()?, arguments.remove(0))),
        (false, 2) => {
            let data = arguments.remove(1);
            Some(Incoming::Event(arguments.remove(0).as_str()?.to_owned(), data))
        }
        _ => None,
    }
}

/// What follows the namespace in a packet of this kind. With nothing to follow, the comma may be left out.
fn of_namespace<'a>(frame: &'a str, kind: &str) -> Option<&'a str> {
    let rest = frame.strip_prefix(kind)?.strip_prefix(NAMESPACE)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(',') }
}

/// How long the server is silent at most, by the packet that opens an Engine.IO session.
fn silence(open: &str) -> Option<Duration> {
    let handshake: Value = serde_json::from_str(open.strip_prefix('0')?).ok()?;
    let millis = |name| handshake.get(name).and_then(Value::as_u64);
    let silence = Duration::from_millis(millis("pingInterval")?.saturating_add(millis("pingTimeout")?));
    Some(silence.min(LONGEST_SILENCE))
}

fn failed(error: tungstenite::Error) -> Error {
    match error {
        tungstenite::Error::Http(answer) => session::status(answer.status()),
        tungstenite::Error::Protocol(_) | tungstenite::Error::Utf8(_) | tungstenite::Error::Capacity(_) => {
            Error::NotMadang(error.to_string())
        }
        error => Error::Unreachable(error.to_string()),
    }
}

/// Something came that nobody of Madang says. Only its beginning is told: it may be long.
fn strange(frame: &str) -> Error {
    Error::NotMadang(format!("it says {:?}", frame.chars().take(80).collect::<String>()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_and_events_are_told_apart() {
        assert_eq!(decode(r#"43/chat,12[{"ok":{}}]"#), Ok(Some(Incoming::Ack(12, json!({"ok": {}})))));
        let event = Incoming::Event("room.changes".to_owned(), json!({"room": 1}));
        assert_eq!(decode(r#"42/chat,["room.changes",{"room":1}]"#), Ok(Some(event)));
        assert_eq!(decode("2"), Ok(Some(Incoming::Ping)));
        assert_eq!(decode("41/chat,"), Ok(Some(Incoming::Disconnect)));
    }

    #[test]
    fn what_is_of_others_is_passed_over_and_what_is_no_packet_refused() {
        for other in ["", "6", "42[1]", "43/other,1[1]", "2가"] {
            assert_eq!(decode(other), Ok(None), "{other:?}");
        }
        for strange in ["43/chat,[1]", "42/chat,[]", "42/chat,{", "43/chat,1[1,2]", "42/chat,[1,2]"] {
            assert!(decode(strange).is_err(), "{strange:?}");
        }
    }

    #[test]
    fn a_request_is_written_as_the_protocol_has_it() {
        assert_eq!(encode(Some(7), "room.join", &json!({"room": 3})), r#"42/chat,7["room.join",{"room":3}]"#);
        assert_eq!(encode(None, "a\"b", &json!({})), r#"42/chat,["a\"b",{}]"#);
    }

    #[test]
    fn a_server_cannot_ask_for_patience_without_end() {
        let open = |interval: &str| silence(&format!(r#"0{{"pingInterval":{interval},"pingTimeout":20000}}"#));
        assert_eq!(open("25000"), Some(Duration::from_secs(45)));
        assert_eq!(open("18446744073709551615"), Some(LONGEST_SILENCE));
        assert_eq!(open("\"soon\""), None);
        assert_eq!(silence("HTTP"), None);
    }
}
