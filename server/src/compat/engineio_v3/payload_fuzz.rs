//! Whatever an old client posts, and whatever Madang answers one: a body is rewritten so that it says the same, or left.

use madang_fuzz::{check, mutated};
use proptest::{collection::vec, prelude::*, test_runner::TestCaseResult};
use serde_json::Value;

use super::{ascii, binary, decoded_once, packets};

const BODIES: [&str; 8] = [
    "28:42[\"chat message\",\"안녕 é 😀\"]",
    "1:2",
    "1:23:4😀2:4é",
    "6:2probe1:5",
    "97:0{\"sid\":\"lv_VI97HAXpY6yYWAAAB\",\"upgrades\":[\"websocket\"],\"pingInterval\":25000,\"pingTimeout\":20000}",
    "2:40",
    "35:42[\"chat message\",\"\u{ec}\u{95}\u{88}\u{eb}\u{85}\u{95} \u{c3}\u{a9} \u{f0}\u{9f}\u{98}\u{80}\"]",
    "",
];

/// Packets as a client of the 2.x line writes them.
fn text(packets: &[&str]) -> String {
    packets.iter().map(|packet| format!("{}:{packet}", packet.encode_utf16().count())).collect()
}

/// Packets as a client of the 1.x line writes them.
fn twice(packets: &[&str]) -> String {
    let encoded: Vec<String> = packets.iter().map(|packet| packet.bytes().map(char::from).collect()).collect();
    text(&encoded.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The packets of a binary payload, as a client reads it.
fn from_binary(mut bytes: &[u8]) -> Option<Vec<String>> {
    let mut packets = Vec::new();
    while let Some((0, rest)) = bytes.split_first() {
        let digits = rest.iter().position(|byte| *byte == 0xFF)?;
        let length = rest[..digits]
            .iter()
            .try_fold(0usize, |length, digit| (*digit < 10).then_some(length * 10 + usize::from(*digit)))?;
        let (packet, after) = rest[digits + 1..].split_at_checked(length)?;
        packets.push(String::from_utf8(packet.to_vec()).ok()?);
        bytes = after;
    }
    bytes.is_empty().then_some(packets)
}

/// What a packet says, if it is JSON behind its head.
fn said(packet: &str) -> Option<Value> {
    serde_json::from_str(&packet[packet.find(['[', '{'])?..]).ok()
}

fn body(body: &str) -> TestCaseResult {
    if let Some(read) = packets(body) {
        let again = text(&read);
        prop_assert_eq!(packets(&again), Some(read.clone()));
        prop_assert_eq!(from_binary(&binary(&read)), Some(read.iter().map(|packet| (*packet).to_owned()).collect()));
        let ascii = ascii(&read);
        prop_assert!(ascii.is_ascii() && ascii.len() <= 6 * body.len() + 2 * read.len());
        let again = packets(&ascii).unwrap_or_default();
        prop_assert_eq!(again.len(), read.len());
        for (again, read) in again.iter().zip(&read) {
            prop_assert!(said(read).is_none() || said(again) == said(read), "{} became {}", read, again);
        }
    }
    if let Some(once) = decoded_once(body) {
        prop_assert!(once.len() <= body.len());
        let once = packets(&once).unwrap_or_default();
        let before = packets(body).unwrap_or_default();
        prop_assert_eq!(twice(&once), text(&before), "what was encoded twice is not decoded to what it was");
    }
    Ok(())
}

#[test]
fn payloads() {
    let sent = vec(mutated::characters(), 0..4);
    check("payloads", 512, &(mutated::text(&BODIES), sent), |(text, sent)| {
        body(&text)?;
        let sent: Vec<&str> = sent.iter().map(String::as_str).collect();
        let twice = twice(&sent);
        body(&twice)?;
        let expected = (!twice.is_ascii()).then(|| self::text(&sent));
        prop_assert_eq!(decoded_once(&twice), expected);
        body(&self::text(&sent))
    });
}
