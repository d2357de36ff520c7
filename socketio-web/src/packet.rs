//! Engine.IO packets (protocol 4): reading what the server sends.
//!
//! A packet is a digit and its data. A polling body holds several, with [`SEPARATOR`] between them; binary data
//! is there written as `b` and base64.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::Value;

/// Stands between the packets of one polling body.
pub(crate) const SEPARATOR: char = '\u{1e}';
/// The client's question on a WebSocket that shall take over from polling, and the server's answer.
pub(crate) const PROBE: &str = "2probe";
pub(crate) const PROBE_ANSWER: &str = "3probe";
/// Seals the change of transport.
pub(crate) const UPGRADE: &str = "5";
pub(crate) const CLOSE: &str = "1";

/// The longest time, in milliseconds, that a server may ask for: `setTimeout` takes no more.
const MAX_MS: f64 = i32::MAX as f64 / 2.0;

/// The server's first packet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Handshake {
    pub(crate) sid: String,
    pub(crate) ping_interval_ms: f64,
    pub(crate) ping_timeout_ms: f64,
    /// The largest POST body in bytes that the server takes.
    pub(crate) max_payload: usize,
    /// Whether a polling connection may be upgraded.
    pub(crate) websocket: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Packet {
    Open(Handshake),
    Close,
    /// With the data that the pong has to repeat.
    Ping(String),
    /// A Socket.IO packet.
    Message(String),
    /// An attachment of the message before.
    Binary(Vec<u8>),
    /// Says nothing, and ends a poll.
    Noop,
}

/// What a server sent that is no packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

impl Packet {
    /// Reads one packet that came as text.
    pub(crate) fn decode(text: &str) -> Result<Self, Malformed> {
        let kind = text.chars().next().ok_or(Malformed)?;
        let data = &text[kind.len_utf8()..];
        match kind {
            '0' => Handshake::decode(data).map(Self::Open),
            '1' => Ok(Self::Close),
            '2' => Ok(Self::Ping(data.to_owned())),
            '4' => Ok(Self::Message(data.to_owned())),
            '6' => Ok(Self::Noop),
            'b' => BASE64_STANDARD.decode(data).map(Self::Binary).map_err(|_| Malformed),
            // 3 (pong) and 5 (upgrade) have no meaning from a server outside a probe.
            _ => Err(Malformed),
        }
    }
}

impl Handshake {
    fn decode(json: &str) -> Result<Self, Malformed> {
        let value: Value = serde_json::from_str(json).map_err(|_| Malformed)?;
        let sid = value["sid"].as_str().filter(|sid| !sid.is_empty());
        let ms = |key: &str| {
            let ms = value[key].as_f64().filter(|ms| *ms > 0.0);
            ms.map(|ms| ms.min(MAX_MS)).ok_or(Malformed)
        };
        let upgrades = value["upgrades"].as_array();
        Ok(Self {
            sid: sid.ok_or(Malformed)?.to_owned(),
            ping_interval_ms: ms("pingInterval")?,
            ping_timeout_ms: ms("pingTimeout")?,
            max_payload: value["maxPayload"]
                .as_u64()
                .and_then(|bytes| usize::try_from(bytes).ok())
                .unwrap_or(usize::MAX),
            websocket: upgrades.is_some_and(|list| list.iter().any(|name| name == "websocket")),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_handshake_is_read() {
        let text =
            r#"0{"sid":"abc","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":65536}"#;
        let expected = Handshake {
            sid: "abc".to_owned(),
            ping_interval_ms: 25000.0,
            ping_timeout_ms: 20000.0,
            max_payload: 65536,
            websocket: true,
        };
        assert_eq!(Packet::decode(text), Ok(Packet::Open(expected)));
    }

    #[test]
    fn a_handshake_that_would_stop_the_clock_is_refused() {
        for times in
            [r#""pingInterval":0,"pingTimeout":1"#, r#""pingInterval":-5,"pingTimeout":1"#, r#""pingTimeout":1"#]
        {
            let text = format!(r#"0{{"sid":"a",{times}}}"#);
            assert_eq!(Packet::decode(&text), Err(Malformed), "{text}");
        }
        let far = Packet::decode(r#"0{"sid":"a","pingInterval":1e300,"pingTimeout":1}"#);
        assert!(matches!(far, Ok(Packet::Open(h)) if h.ping_interval_ms == MAX_MS));
    }

    #[test]
    fn each_kind_is_read() {
        let message = Packet::Message("2[\"안녕 😀\"]".to_owned());
        assert_eq!(Packet::decode("42[\"안녕 😀\"]"), Ok(message));
        assert_eq!(Packet::decode("2x"), Ok(Packet::Ping("x".to_owned())));
        assert_eq!(Packet::decode("1"), Ok(Packet::Close));
        assert_eq!(Packet::decode("6"), Ok(Packet::Noop));
        assert_eq!(Packet::decode("bAQID"), Ok(Packet::Binary(vec![1, 2, 3])));
    }

    #[test]
    fn what_is_no_packet_is_said_to_be_none() {
        for text in ["", "안", "9", "b*", "0", "0{}", "0null", "3probe", "5"] {
            assert_eq!(Packet::decode(text), Err(Malformed), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*") {
            if let Ok(Packet::Open(handshake)) = Packet::decode(&text) {
                prop_assert!(handshake.ping_interval_ms > 0.0);
            }
        }
    }
}
