//! The meaning of a frame: Engine.IO's packet type first, then, inside a message, Socket.IO's.
//!
//! Engine.IO protocol 4, Socket.IO protocol 5. This reads to explain, not to act on it: what it can't read it calls
//! unknown, and it never fails.

use serde_json::Value;

use super::seen::Direction;

/// What a frame means.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    /// A plain WebSocket's text: whatever the two sides have agreed on.
    Text,
    /// `0`: the server opens the Engine.IO connection, names it, and says how often it will ping.
    Open { sid: String, ping_interval_ms: u64, ping_timeout_ms: u64 },
    /// `1`: the Engine.IO connection is over.
    EngineClose,
    /// `2`: is the other side there?
    Ping,
    /// `3`: it is.
    Pong,
    /// `2probe` and `3probe`: does WebSocket work, before it takes over from polling?
    Probe { answer: bool },
    /// `5`: from here on, WebSocket.
    Upgrade,
    /// `6`: nothing; it ends a poll that waits.
    Noop,
    /// `40` from the browser: let me into this namespace.
    Join { namespace: String },
    /// `40` from the server: you are in, and this is your id.
    Joined { namespace: String, id: String },
    /// `41`: out of the namespace.
    Left { namespace: String },
    /// `42`, or `45` with attachments.
    Event { namespace: String, name: String, args: String, ack: Option<u64> },
    /// `43`, or `46` with attachments: the answer to an event that asked for one.
    Ack { namespace: String, args: String, ack: u64 },
    /// `44`: the server does not let the browser into the namespace.
    Refused { namespace: String, why: String },
    /// Bytes that belong to the packet before.
    Binary,
    /// None of these.
    Unknown,
}

impl Meaning {
    /// Reads a frame.
    #[must_use]
    pub fn of(raw: &str, direction: Direction) -> Self {
        if raw == "(binary)" || raw.starts_with('b') {
            return Self::Binary;
        }
        let mut rest = raw.chars();
        match (rest.next(), rest.as_str()) {
            (Some('0'), handshake) => open(handshake),
            (Some('1'), "") => Self::EngineClose,
            (Some('2'), "probe") => Self::Probe { answer: false },
            (Some('3'), "probe") => Self::Probe { answer: true },
            (Some('2'), "") => Self::Ping,
            (Some('3'), "") => Self::Pong,
            (Some('4'), packet) => message(packet, direction).unwrap_or(Self::Unknown),
            (Some('5'), "") => Self::Upgrade,
            (Some('6'), "") => Self::Noop,
            _ => Self::Unknown,
        }
    }

    /// Whether it carries something that a person or the page has said, and not only what keeps the connection going.
    #[must_use]
    pub fn is_data(&self) -> bool {
        matches!(self, Self::Text | Self::Event { .. } | Self::Ack { .. } | Self::Binary)
    }
}

/// How many bytes at the start of a frame are the protocol's own: the packet types.
#[must_use]
pub fn head(raw: &str) -> usize {
    let bytes = raw.as_bytes();
    match (bytes.first(), bytes.get(1)) {
        (Some(b'4'), Some(b'0'..=b'6')) => 2,
        (Some(b'0'..=b'6'), _) => 1,
        _ => 0,
    }
}

fn open(handshake: &str) -> Meaning {
    let Ok(handshake) = serde_json::from_str::<Value>(handshake) else { return Meaning::Unknown };
    let ms = |key: &str| handshake[key].as_u64().unwrap_or_default();
    Meaning::Open {
        sid: handshake["sid"].as_str().unwrap_or_default().to_owned(),
        ping_interval_ms: ms("pingInterval"),
        ping_timeout_ms: ms("pingTimeout"),
    }
}

/// Reads `<type>[<attachments>-][<namespace>,][<ack>][<JSON>]`.
fn message(packet: &str, direction: Direction) -> Option<Meaning> {
    let kind = packet.chars().next()?;
    let mut rest = packet.get(1..)?;
    if matches!(kind, '5' | '6') {
        rest = rest.split_once('-')?.1;
    }
    let (namespace, rest) = match rest.starts_with('/') {
        true => rest.split_once(',').unwrap_or((rest, "")),
        false => ("/", rest),
    };
    let namespace = namespace.to_owned();
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (ack, json) = rest.split_at(digits);
    let ack = ack.parse::<u64>().ok();
    let value = serde_json::from_str::<Value>(json).unwrap_or_default();
    Some(match kind {
        '0' if direction == Direction::Out => Meaning::Join { namespace },
        '0' => Meaning::Joined { namespace, id: value["sid"].as_str()?.to_owned() },
        '1' => Meaning::Left { namespace },
        '2' | '5' => {
            let Value::Array(mut args) = value else { return None };
            let name = args.first()?.as_str()?.to_owned();
            args.remove(0);
            Meaning::Event { namespace, name, args: written(&args), ack }
        }
        '3' | '6' => {
            let Value::Array(args) = value else { return None };
            Meaning::Ack { namespace, args: written(&args), ack: ack? }
        }
        '4' => {
            let why = value["message"].as_str().map_or_else(|| value.to_string(), str::to_owned);
            Meaning::Refused { namespace, why }
        }
        _ => return None,
    })
}

/// The arguments as one would write them between brackets.
fn written(args: &[Value]) -> String {
    args.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incoming(raw: &str) -> Meaning {
        Meaning::of(raw, Direction::In)
    }

    fn root() -> String {
        "/".to_owned()
    }

    #[test]
    fn a_connection_opens_with_a_handshake() {
        let raw = r#"0{"sid":"abc","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":65536}"#;
        assert_eq!(
            incoming(raw),
            Meaning::Open { sid: "abc".to_owned(), ping_interval_ms: 25_000, ping_timeout_ms: 20_000 }
        );
    }

    #[test]
    fn engine_io_keeps_the_connection_alive_and_changes_its_transport() {
        assert_eq!(incoming("2"), Meaning::Ping);
        assert_eq!(Meaning::of("3", Direction::Out), Meaning::Pong);
        assert_eq!(Meaning::of("2probe", Direction::Out), Meaning::Probe { answer: false });
        assert_eq!(incoming("3probe"), Meaning::Probe { answer: true });
        assert_eq!(Meaning::of("5", Direction::Out), Meaning::Upgrade);
        assert_eq!(incoming("6"), Meaning::Noop);
        assert_eq!(incoming("1"), Meaning::EngineClose);
    }

    #[test]
    fn a_namespace_is_joined_and_left() {
        assert_eq!(Meaning::of("40", Direction::Out), Meaning::Join { namespace: root() });
        assert_eq!(incoming(r#"40{"sid":"x"}"#), Meaning::Joined { namespace: root(), id: "x".to_owned() });
        assert_eq!(
            incoming(r#"40/chat,{"sid":"x"}"#),
            Meaning::Joined { namespace: "/chat".to_owned(), id: "x".to_owned() }
        );
        assert_eq!(incoming("41"), Meaning::Left { namespace: root() });
        assert_eq!(incoming("41/chat,"), Meaning::Left { namespace: "/chat".to_owned() });
        assert_eq!(
            incoming(r#"44{"message":"dialects are off"}"#),
            Meaning::Refused { namespace: root(), why: "dialects are off".to_owned() }
        );
    }

    #[test]
    fn an_event_has_a_name_arguments_and_perhaps_a_number_to_answer_to() {
        let event = |name: &str, args: &str, ack| Meaning::Event {
            namespace: root(),
            name: name.to_owned(),
            args: args.to_owned(),
            ack,
        };
        assert_eq!(incoming(r#"42["chat message","안녕"]"#), event("chat message", r#""안녕""#, None));
        assert_eq!(incoming(r#"42["hi"]"#), event("hi", "", None));
        assert_eq!(incoming(r#"4212["my event",{"a":1},2]"#), event("my event", r#"{"a":1}, 2"#, Some(12)));
        assert_eq!(
            incoming(r#"451-["file",{"_placeholder":true,"num":0}]"#),
            event("file", r#"{"_placeholder":true,"num":0}"#, None)
        );
        assert_eq!(incoming("430[null]"), Meaning::Ack { namespace: root(), args: "null".to_owned(), ack: 0 });
    }

    #[test]
    fn what_cannot_be_read_is_unknown() {
        for raw in
            ["", "7", "0nonsense", "4", "42", "42{}", "42[1]", "43[1]", "47", "20", "51", "hello", "40", "안녕"]
        {
            assert_eq!(incoming(raw), Meaning::Unknown, "{raw:?}");
        }
    }

    #[test]
    fn the_head_is_what_belongs_to_the_protocols() {
        assert_eq!(head(r#"42["a"]"#), 2);
        assert_eq!(head("2probe"), 1);
        assert_eq!(head("0{}"), 1);
        assert_eq!(head("4"), 1);
        assert_eq!(head("hello"), 0);
        assert_eq!(head(""), 0);
    }

    #[test]
    fn data_is_told_from_upkeep() {
        assert!(incoming(r#"42["a"]"#).is_data());
        assert!(!incoming("2").is_data());
        assert!(!incoming(r#"40{"sid":"x"}"#).is_data());
    }
}
