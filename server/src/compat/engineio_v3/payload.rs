//! Engine.IO 3 payloads: several packets in one polling body.
//!
//! As text, each is `<length>:<packet>`, the length counted in UTF-16 units, as JavaScript counts. As bytes, each is
//! `0x00`, the digits of its length in bytes (as numbers, not as characters), `0xFF`, and the packet in UTF-8; `0x01`
//! instead of `0x00` begins a packet that is not text, which Madang sends none of.

use std::{fmt::Write as _, ops::Range};

use crate::net::engineio::NameEnd;

/// The packets of a text payload; none when it is no payload.
pub(super) fn packets(text: &str) -> Option<Vec<&str>> {
    let mut packets = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (length, after) = rest.split_once(':')?;
        let end = utf16_offset(after, length.parse().ok()?)?;
        let (packet, after) = after.split_at(end);
        packets.push(packet);
        rest = after;
    }
    Some(packets)
}

/// The packets as bytes.
pub(super) fn binary(packets: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for packet in packets {
        bytes.push(0x00);
        bytes.extend(packet.len().to_string().bytes().map(|digit| digit - b'0'));
        bytes.push(0xFF);
        bytes.extend_from_slice(packet.as_bytes());
    }
    bytes
}

/// The packets as text in which nothing is lost by decoding it once more: every character beyond ASCII stands inside
/// a JSON string (what else there is, Madang's namespaces and the handshake, is ASCII), where an escape means the same.
pub(super) fn ascii(packets: &[&str]) -> String {
    let mut text = String::new();
    for packet in packets {
        let escaped = escaped(packet);
        write!(text, "{}:{escaped}", escaped.len()).expect("writing to a String cannot fail");
    }
    text
}

/// A text payload as it was before a client of the 1.x line encoded its packets as UTF-8 and then, with the body, once
/// more; none when it is no such payload.
///
/// What is encoded twice is a text of characters up to U+00FF, which read as bytes are valid UTF-8 again. A text that
/// is encoded once looks like that only where it already is such a muddle ("Ã©"), which people do not write.
pub(super) fn decoded_once(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut decoded = String::new();
    for packet in packets(text)? {
        let bytes: Vec<u8> = packet.chars().map(|c| u8::try_from(c).ok()).collect::<Option<_>>()?;
        let packet = String::from_utf8(bytes).ok()?;
        write!(decoded, "{}:{packet}", packet.encode_utf16().count()).expect("writing to a String cannot fail");
    }
    Some(decoded)
}

/// Sets the queries of packets apart from the names of their namespaces. Nothing becomes longer or shorter by it, and a
/// body that is no payload is left alone from where it is none.
pub(super) fn mark_queries(body: &mut [u8], is_binary: bool) {
    if !body.contains(&b'?') {
        return;
    }
    let written = body.to_vec();
    // Looked at once: a body of many small packets would be looked at once for each of them.
    let text = if is_binary { None } else { std::str::from_utf8(&written).ok() };
    let mut at = 0;
    while let Some(packet) = match text {
        Some(text) => text_packet(&text[at..]),
        None if is_binary => binary_packet(&written[at..]),
        None => None,
    } {
        NameEnd::mark(&mut body[at + packet.start..at + packet.end]);
        at += packet.end;
    }
}

/// Where the first packet of a text payload stands.
fn text_packet(payload: &str) -> Option<Range<usize>> {
    let (length, after) = payload.split_once(':')?;
    let start = length.len() + 1;
    Some(start..start + utf16_offset(after, length.parse().ok()?)?)
}

/// Where the first packet of a binary payload stands.
fn binary_packet(payload: &[u8]) -> Option<Range<usize>> {
    let end = payload.iter().position(|byte| *byte == 0xFF)?;
    let digits = payload[..end].get(1..)?;
    let length = digits.iter().try_fold(0usize, |length, digit| {
        let digit = Some(usize::from(*digit)).filter(|digit| *digit < 10)?;
        length.checked_mul(10)?.checked_add(digit)
    })?;
    let start = end + 1;
    let end = start.checked_add(length).filter(|end| *end <= payload.len())?;
    Some(start..end)
}

fn escaped(packet: &str) -> String {
    let mut text = String::with_capacity(packet.len());
    for c in packet.chars() {
        if c.is_ascii() {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(text, "\\u{unit:04x}").expect("writing to a String cannot fail");
            }
        }
    }
    text
}

/// Where in the text so many UTF-16 units end; none when it is shorter, or when that is inside a character.
fn utf16_offset(text: &str, units: usize) -> Option<usize> {
    let mut left = units;
    for (offset, c) in text.char_indices() {
        if left == 0 {
            return Some(offset);
        }
        left = left.checked_sub(c.len_utf16())?;
    }
    (left == 0).then_some(text.len())
}

#[cfg(test)]
#[path = "payload_fuzz.rs"]
mod fuzz;

#[cfg(test)]
mod tests {
    use super::*;

    /// What a client of line 2.x posts for the text `안녕 é 😀`.
    const ONCE: &str = "28:42[\"chat message\",\"안녕 é 😀\"]";

    /// The body that socket.io-client 1.7.3 posts for the same text, byte for byte.
    const TWICE: &[u8] = b"35:42[\"chat message\",\"\
        \xC3\xAC\xC2\x95\xC2\x88\xC3\xAB\xC2\x85\xC2\x95 \xC3\x83\xC2\xA9 \xC3\xB0\xC2\x9F\xC2\x98\xC2\x80\"]";

    #[test]
    fn what_is_encoded_twice_is_decoded_once() {
        let twice = std::str::from_utf8(TWICE).expect("UTF-8 of UTF-8");
        assert_eq!(decoded_once(twice).as_deref(), Some(ONCE));
        let with_ping = format!("1:2{twice}1:2");
        assert_eq!(decoded_once(&with_ping), Some(format!("1:2{ONCE}1:2")));
    }

    #[test]
    fn what_is_encoded_once_stays() {
        for once in [ONCE, "6:42[\"é\"]", "10:42[\"naïve\"]", "7:42[\"a\"]", "1:2", "", "é", "3:é"] {
            assert_eq!(decoded_once(once), None, "{once}");
        }
    }

    #[test]
    fn packets_are_counted_as_javascript_counts() {
        assert_eq!(packets("1:23:4😀2:4é"), Some(vec!["2", "4😀", "4é"]));
        assert_eq!(packets(""), Some(Vec::new()));
        for broken in ["2", "x:2", "-1:2", "2:4", "2:😀😀"] {
            assert_ne!(packets(broken).map(|packets| packets.concat()), Some(broken.to_owned()), "{broken}");
        }
        assert_eq!(packets("2:4"), None);
        assert_eq!(packets("2:4😀"), None, "the middle of a character");
    }

    #[test]
    fn an_ascii_payload_means_the_same() {
        let text = ascii(&packets(ONCE).expect("a payload"));
        assert!(text.is_ascii());
        let read = packets(&text).expect("a payload");
        let json: serde_json::Value = serde_json::from_str(&read[0][2..]).expect("JSON");
        assert_eq!(json, serde_json::json!(["chat message", "안녕 é 😀"]));
    }

    #[test]
    fn queries_are_set_apart_in_either_payload() {
        let marked = |body: &[u8], is_binary| {
            let mut body = body.to_vec();
            mark_queries(&mut body, is_binary);
            body
        };
        assert_eq!(
            marked("4:4é😀16:40/chat?token=a,1:2".as_bytes(), false),
            "4:4é😀16:40/chat,token=a,1:2".as_bytes()
        );
        let binary = binary(&["4é?", "40/chat?token=a", "2"]);
        assert_eq!(marked(&binary, true), self::binary(&["4é?", "40/chat,token=a", "2"]));
        for nonsense in [&b"99:40/a?b"[..], b"40/a?b", b"-1:40/a?b", b"", b"\xFF\xFF", b"\x00\x09\x09\xFF40/a?b"] {
            assert_eq!(marked(nonsense, false), nonsense);
            assert_eq!(marked(nonsense, true), nonsense);
        }
    }

    #[test]
    fn a_binary_payload_is_counted_in_bytes() {
        assert_eq!(binary(&["2", "4안"]), b"\x00\x01\xFF2\x00\x04\xFF4\xEC\x95\x88");
        assert_eq!(binary(&["x".repeat(12).as_str()])[..4], [0, 1, 2, 0xFF]);
    }
}
