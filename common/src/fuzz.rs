//! Fuzz targets for texts and ids: a text is as its type says or refused, and an id that was read is read again from what is
//! written of it. The events are tried in `tests/wire_format.rs`, which has the list of them.

use std::{fmt::Debug, str::FromStr};

use madang_fuzz::{
    check,
    mutated::{self, characters},
};
use proptest::{prelude::*, test_runner::TestCaseResult};

use crate::{
    id::{ClientId, MessageId, Rev, Seq},
    limits::{MESSAGE_CHARS, ROOM_NAME_CHARS, ROOM_TOPIC_CHARS, USER_NAME_CHARS},
    text::{MessageText, RoomName, RoomTopic, TextError, UserName},
};

/// A text as typed: of characters that are hard to tell apart from none, or long ones.
fn typed() -> impl Strategy<Value = String> {
    let long =
        (characters(), 1..5_000usize).prop_map(|(text, times)| text.repeat(times.min(12_000 / (text.len() + 1))));
    prop_oneof![12 => characters(), 6 => mutated::text(&["김 민수", "Rust & Wasm!", "👨\u{200d}👩\u{200d}👧"]), 1 => long]
}

/// What any of the types promises of a text that it took: it takes it again as it is, and it is no longer than it may:
/// accents that the server composes are not counted.
fn holds<T>(parse: fn(&str) -> Result<T, TextError>, as_str: fn(&T) -> &str, most: usize, raw: &str) -> TestCaseResult
where
    T: PartialEq + Debug,
{
    let Ok(text) = parse(raw) else { return Ok(()) };
    let taken = as_str(&text);
    prop_assert!(taken.chars().count() <= most * 4);
    prop_assert!(!taken.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')), "{:?}", taken);
    let again = parse(taken);
    prop_assert_eq!(again.as_ref(), Ok(&text));
    Ok(())
}

fn is_one_line(text: &str) -> bool {
    let directs = |c| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.trim() == text && !text.contains("  ") && !text.chars().any(|c| c != ' ' && c.is_whitespace() || directs(c))
}

#[test]
fn texts() {
    check("texts", 512, &typed(), |raw| {
        holds(MessageText::parse, MessageText::as_str, MESSAGE_CHARS, &raw)?;
        holds(UserName::parse, UserName::as_str, USER_NAME_CHARS, &raw)?;
        holds(RoomName::parse, RoomName::as_str, ROOM_NAME_CHARS, &raw)?;
        holds(RoomTopic::parse, RoomTopic::as_str, ROOM_TOPIC_CHARS, &raw)?;
        if let Ok(message) = MessageText::parse(&raw) {
            let text = message.as_str();
            let first = text.lines().next().unwrap_or_default();
            prop_assert!(text.trim_end() == text && !first.trim().is_empty(), "{:?}", text);
        }
        if let Ok(name) = UserName::parse(&raw) {
            prop_assert!(is_one_line(name.as_str()), "{:?}", name);
        }
        if let Ok(name) = RoomName::parse(&raw) {
            prop_assert!(is_one_line(name.as_str()), "{:?}", name);
        }
        Ok(())
    });
}

/// What is read is written so that it is read as the same.
fn comes_back<T: FromStr + ToString + PartialEq + Debug>(text: &str) -> TestCaseResult {
    if let Ok(id) = text.parse::<T>() {
        prop_assert_eq!(id.to_string().parse().ok(), Some(id));
    }
    Ok(())
}

#[test]
fn ids() {
    let samples =
        ["0190b5a2-7c3e-7d10-8a55-3c2f9d0e4b61", "0190B5A27C3E7D108A553C2F9D0E4B61", "-9223372036854775808", "7"];
    let inputs = (mutated::text(&samples), any::<i64>(), any::<u64>(), any::<[u8; 10]>());
    check("ids", 512, &inputs, |(text, number, millis, random)| {
        comes_back::<ClientId>(&text)?;
        comes_back::<MessageId>(&text)?;
        let id = ClientId::new(millis, random);
        prop_assert_eq!(ClientId::from_bytes(*id.as_bytes()), id);
        prop_assert_eq!(id.to_string().parse().ok(), Some(id));
        for number in [number, number.wrapping_sub(number % 1_000), i64::MAX] {
            prop_assert!(Rev(number).next() >= Rev(number));
            comes_back::<Seq>(&number.to_string())?;
        }
        Ok(())
    });
}
