//! Fuzz target for the JSON reader: what ours accepts, serde_json reads as the same; and ours accepts whatever
//! serde_json accepts, except objects that are written as arrays, which the server never does.

use std::fmt::Debug;

use madang_client::{fixtures, json::read, outbox::Outbox};
use madang_common::{
    event::{
        Answer, Done,
        presence::{MemberJoined, MemberLeft, PresenceChanged},
        room::{
            Added, Changes, DigestReply, HeadReply, HistoryReply, MembershipChanged, ReadChanged, Removed, SyncReply,
        },
        server::Leaving,
        session::{Ended, HelloReply},
        typing::TypingChanged,
    },
    id::UserId,
    message::MessageView,
    room::{Membership, RoomSnapshot},
};
use madang_fuzz::{check, json::mutated, protocol::all_examples};
use proptest::{prelude::*, test_runner::TestCaseResult};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::backend::{FirstPaint, Theme};

/// Reads a value by both readers; whether they took it.
fn both<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &Value) -> Result<bool, TestCaseError> {
    let theirs = serde_json::from_value::<T>(value.clone()).ok();
    match read::<T>(value.clone()) {
        Ok(ours) => prop_assert_eq!(Some(ours), theirs),
        Err(_) => {
            let Some(theirs) = theirs else { return Ok(false) };
            let written = serde_json::to_value(theirs).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert!(has_array_for_object(value, &written), "only serde_json reads {}", value);
            return Ok(false);
        }
    }
    Ok(true)
}

fn has_array_for_object(value: &Value, written: &Value) -> bool {
    match (value, written) {
        (Value::Array(_), Value::Object(_)) => true,
        (Value::Array(items), Value::Array(written)) => {
            items.iter().zip(written).any(|(item, written)| has_array_for_object(item, written))
        }
        (Value::Object(members), Value::Object(written)) => {
            let pairs = members.iter().filter_map(|(name, member)| Some((member, written.get(name)?)));
            pairs.into_iter().any(|(member, written)| has_array_for_object(member, written))
        }
        _ => false,
    }
}

type Reading = fn(&Value) -> Result<bool, TestCaseError>;

/// All that the page reads.
const READINGS: [Reading; 21] = [
    both::<FirstPaint>,
    both::<Vec<(UserId, Outbox)>>,
    both::<Answer<Value>>,
    both::<Answer<HelloReply>>,
    both::<Answer<RoomSnapshot>>,
    both::<Answer<SyncReply>>,
    both::<Answer<HeadReply>>,
    both::<Answer<HistoryReply>>,
    both::<Answer<DigestReply>>,
    both::<Answer<MessageView>>,
    both::<Answer<Membership>>,
    both::<Answer<Done>>,
    both::<Changes>,
    both::<Added>,
    both::<Removed>,
    both::<MembershipChanged>,
    both::<ReadChanged>,
    both::<MemberJoined>,
    both::<MemberLeft>,
    both::<PresenceChanged>,
    both::<TypingChanged>,
];
/// What has no members, so that nearly everything is one.
const EMPTY: [Reading; 2] = [both::<Leaving>, both::<Ended>];

/// What is in no example of the protocol: what the page keeps for itself.
fn own() -> [Value; 2] {
    let pending = json!({
        "client_id": fixtures::client_id(3), "room": 1, "text": "unsent", "composed_at": 60_000,
        "refused": { "code": "too_often", "message": "later", "again_in": 5 },
    });
    let paint = FirstPaint {
        lang: "ko".to_owned(),
        me: Some(fixtures::person(1, "민수")),
        rooms: vec![fixtures::summary(1, "lobby", None)],
        open: Some(fixtures::snapshot(vec![fixtures::message(1, 1, "하나"), fixtures::tombstone(2, 3)])),
        form_client_id: Some(fixtures::client_id(3)),
        join_key: Some("a".repeat(96)),
        ..FirstPaint::default()
    };
    [json!([[7, [pending]]]), serde_json::to_value(paint).expect("it can be written")]
}

#[test]
fn readers() {
    let mut samples = all_examples();
    samples.extend(own());
    check("readers", 512, &mutated(&samples), |value| -> TestCaseResult {
        READINGS.iter().chain(&EMPTY).try_for_each(|reading| reading(&value).map(drop))
    });
}

#[test]
fn every_type_has_a_sample() {
    let samples: Vec<Value> = all_examples().into_iter().chain(own()).collect();
    for (place, reading) in READINGS.iter().chain(&EMPTY).enumerate() {
        assert!(
            samples.iter().any(|sample| matches!(reading(sample), Ok(true))),
            "nothing is tried as number {place}"
        );
    }
}

#[test]
fn what_a_page_starts_from_comes_back() {
    let paint = FirstPaint {
        lang: "ko".to_owned(),
        theme: Theme::Dark,
        me: Some(fixtures::person(1, "민수")),
        rooms: vec![fixtures::summary(1, "lobby", None)],
        open: Some(fixtures::snapshot(vec![fixtures::message(1, 1, "하나"), fixtures::tombstone(3, 5)])),
        form_client_id: Some(fixtures::client_id(3)),
        join_key: Some("a".repeat(96)),
        ..FirstPaint::default()
    };
    for paint in [FirstPaint::default(), paint] {
        let written = serde_json::to_value(&paint).expect("it can be written");
        assert_eq!(read(written), Ok(paint));
    }
}
