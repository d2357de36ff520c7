//! Socket.IO packets (protocol 5), read and written by socketioxide's own parser.
//!
//! The parser is a server's, so two things are prepared for it: it knows no CONNECT_ERROR from a server, and it
//! takes the time when a packet announces attachments, with a clock that does not exist in a browser.

use serde::Serialize;
use serde_json::Value;
use socketioxide_core::{
    Str,
    packet::{Packet, PacketData},
    parser::{Parse, ParseConfig, ParserState},
};
use socketioxide_parser_common::CommonParser;

use crate::{EmitError, packet::Malformed};

/// More attachments than this, or more bytes in them, are not collected.
const MAX_ATTACHMENTS: usize = 1000;
const MAX_ATTACHMENT_BYTES: usize = 10_000_000;

/// A packet from the server.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Incoming {
    pub(crate) namespace: String,
    pub(crate) data: Data,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Data {
    Connected {
        /// The id that the server gave to this socket.
        sid: String,
    },
    Refused(Value),
    Disconnected,
    Event {
        name: String,
        args: Vec<Value>,
        /// The id under which the server waits for an ack.
        ack: Option<i64>,
    },
    Ack {
        id: i64,
        args: Vec<Value>,
    },
}

/// Reads packets; keeps one that waits for its attachments.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    partial: Option<Partial>,
}

#[derive(Debug)]
struct Partial {
    packet: Incoming,
    expected: usize,
    attachments: Vec<Vec<u8>>,
    bytes: usize,
}

impl Decoder {
    /// Reads a text packet. `None`: it is complete only with attachments yet to come.
    pub(crate) fn text(&mut self, text: String) -> Result<Option<Incoming>, Malformed> {
        // Attachments follow their packet at once: what was begun will never be complete.
        self.partial = None;
        let (text, expected) = match text.as_bytes().first() {
            Some(b'5' | b'6') => without_count(&text)?,
            _ => (text, 0),
        };
        let packet = decode(text)?;
        if expected == 0 {
            return Ok(Some(packet));
        }
        self.partial = Some(Partial { packet, expected, attachments: Vec::new(), bytes: 0 });
        Ok(None)
    }

    /// Takes an attachment. Returns the packet that it completes.
    pub(crate) fn binary(&mut self, bytes: Vec<u8>) -> Result<Option<Incoming>, Malformed> {
        let mut partial = self.partial.take().ok_or(Malformed)?;
        partial.bytes += bytes.len();
        if partial.bytes > MAX_ATTACHMENT_BYTES {
            return Err(Malformed);
        }
        partial.attachments.push(bytes);
        if partial.attachments.len() < partial.expected {
            self.partial = Some(partial);
            return Ok(None);
        }
        let mut packet = partial.packet;
        let mut attachments: Vec<_> = partial.attachments.into_iter().map(Some).collect();
        if let Data::Event { args, .. } | Data::Ack { args, .. } = &mut packet.data {
            for arg in args {
                attach(arg, &mut attachments);
            }
        }
        Ok(Some(packet))
    }
}

/// Rewrites `5<count>-…` as a packet without attachments, which the parser returns at once.
fn without_count(text: &str) -> Result<(String, usize), Malformed> {
    let (head, rest) = text.split_once('-').ok_or(Malformed)?;
    let (kind, count) = head.split_at(1);
    let count = count.parse().map_err(|_| Malformed)?;
    if count > MAX_ATTACHMENTS {
        return Err(Malformed);
    }
    Ok(([kind, "0-", rest].concat(), count))
}

fn decode(mut text: String) -> Result<Incoming, Malformed> {
    // A refusal is written like the answer to a CONNECT, but for its number.
    let refused = text.starts_with('4');
    if refused {
        text.replace_range(..1, "0");
    }
    let packet = CommonParser
        .decode_str(&ParseConfig::default(), &ParserState::default(), Str::from(text))
        .map_err(|_| Malformed)?;
    let data = match packet.inner {
        PacketData::Connect(payload) if refused => {
            // A server may refuse without a word.
            Data::Refused(payload.map_or(Ok(Value::Null), |payload| json(&payload))?)
        }
        PacketData::Connect(payload) => {
            let payload = json(&payload.ok_or(Malformed)?)?;
            let sid = payload["sid"].as_str().ok_or(Malformed)?.to_owned();
            Data::Connected { sid }
        }
        PacketData::Disconnect => Data::Disconnected,
        PacketData::Event(payload, ack) | PacketData::BinaryEvent(payload, ack) => {
            let mut args = array(&payload)?.into_iter();
            let Some(Value::String(name)) = args.next() else {
                return Err(Malformed);
            };
            let args = args.collect();
            Data::Event { name, args, ack }
        }
        PacketData::EventAck(payload, id) | PacketData::BinaryAck(payload, id) => {
            Data::Ack { id, args: array(&payload)? }
        }
        PacketData::ConnectError(_) => return Err(Malformed),
    };
    Ok(Incoming { namespace: packet.ns.to_string(), data })
}

fn json(payload: &socketioxide_core::Value) -> Result<Value, Malformed> {
    CommonParser.decode_default(Some(payload)).map_err(|_| Malformed)
}

fn array(payload: &socketioxide_core::Value) -> Result<Vec<Value>, Malformed> {
    match json(payload)? {
        Value::Array(args) => Ok(args),
        _ => Err(Malformed),
    }
}

/// Puts each attachment, as an array of its bytes, where the packet has a placeholder for it. Each stands in one place:
/// a packet full of placeholders for the same would become many times as large as what was received.
fn attach(value: &mut Value, attachments: &mut [Option<Vec<u8>>]) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| attach(item, attachments)),
        Value::Object(map) if map.get("_placeholder") == Some(&Value::Bool(true)) => {
            let place = map.get("num").and_then(Value::as_u64);
            let place = place.and_then(|place| usize::try_from(place).ok());
            let bytes = place.and_then(|place| attachments.get_mut(place)?.take());
            *value = bytes.map_or(Value::Null, |bytes| bytes.into_iter().collect());
        }
        Value::Object(map) => map.values_mut().for_each(|item| attach(item, attachments)),
        _ => {}
    }
}

/// A request to connect to `namespace`.
pub(crate) fn connect(namespace: &str, auth: Option<&Value>) -> Result<String, EmitError> {
    let auth = auth.map(|auth| CommonParser.encode_default(auth)).transpose().map_err(encode_error)?;
    Ok(encode(Packet::connect(namespace.to_owned(), auth)))
}

/// A farewell to `namespace`.
pub(crate) fn disconnect(namespace: &str) -> String {
    encode(Packet::disconnect(namespace.to_owned()))
}

/// An event with one argument; with `ack`, one that asks for an ack under that id.
pub(crate) fn event(namespace: &str, name: &str, data: &Value, ack: Option<i64>) -> Result<String, EmitError> {
    let data = CommonParser.encode_value(data, Some(name)).map_err(encode_error)?;
    let mut packet = Packet::event(namespace.to_owned(), data);
    if let Some(id) = ack {
        packet.inner.set_ack_id(id);
    }
    Ok(encode(packet))
}

/// The answer to an event for which the server asked an ack.
pub(crate) fn ack(namespace: &str, id: i64, data: &Value) -> Result<String, EmitError> {
    let data = CommonParser.encode_value(data, None).map_err(encode_error)?;
    Ok(encode(Packet::ack(namespace.to_owned(), data, id)))
}

/// What all emits go through first, so that the parser is compiled for one type only.
pub(crate) fn to_value<T: Serialize + ?Sized>(data: &T) -> Result<Value, EmitError> {
    serde_json::to_value(data).map_err(encode_error)
}

fn encode_error(error: impl std::fmt::Display) -> EmitError {
    EmitError::Encode(error.to_string())
}

/// The packet as an Engine.IO message.
fn encode(packet: Packet) -> String {
    let encoded = CommonParser.encode(packet);
    let text = encoded.as_str().map_or("", |text| text.as_str());
    ["4", text].concat()
}

#[cfg(test)]
#[path = "message_tests.rs"]
mod tests;
