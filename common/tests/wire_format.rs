//! docs/PROTOCOL.md is the golden file of the wire: every event, fault code, limit and example in it is compared with
//! the code, in both directions.
//!
//! An example is read into its type and written again; what comes out must be the example, to the field. And whatever
//! looks like an example is read as the same in every spelling.

use std::fmt::Debug;

use madang_common::{
    event::{
        Answer, CLIENT_EVENTS, ClientEvent, NAMESPACE, PLAIN_PROTOCOL, SERVER_EVENTS, ServerEvent, message, presence,
        room, server, session, typing,
    },
    every_client_event, every_server_event,
    fault::{Fault, FaultCode},
    limits,
    message::Body,
    route,
    user::UserView,
};
use madang_fuzz::{
    json::{SAID_BEFORE, mutated, nodes, spelt},
    protocol::{events_in, examples, text_of},
};
use proptest::{prelude::*, strategy::Union, test_runner::TestCaseResult};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _, Visitor, value::Error as PlainError},
    forward_to_deserialize_any,
};
use serde_json::{Value, json};

const LIMITS: &str = include_str!("../src/limits.rs");

/// The cells of a part's table, a row each, without its head; backticks are taken off.
fn table_of(part: &str) -> Vec<Vec<&'static str>> {
    let rows = text_of(part).lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect()).collect()
}

/// Reads an example into its type and writes it again.
fn check<T: Serialize + DeserializeOwned>(what: &str, example: &Value) -> T {
    let read = serde_json::from_value::<T>(example.clone()).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(&serde_json::to_value(&read).expect("JSON"), example, "{what}, written again");
    read
}

/// What is done for each event: its examples are checked, and whatever else may come as one is read.
struct Check {
    name: &'static str,
    examples: fn(&[Value]),
    anything: fn(&Value, &[u8]) -> TestCaseResult,
}

fn client<E: ClientEvent>() -> Check {
    let examples = |examples: &[Value]| {
        let [payload, answer] = examples else { panic!("{} has a payload and an answer", E::NAME) };
        check::<E>(E::NAME, payload);
        let answer = check::<Answer<E::Reply>>(E::NAME, answer);
        assert!(matches!(answer, Answer::Ok(_)), "{}: the example is granted", E::NAME);
    };
    let anything = |value: &Value, how: &[u8]| {
        read_again::<E>(value, how)?;
        read_again::<Answer<E::Reply>>(value, how)
    };
    Check { name: E::NAME, examples, anything }
}

fn server<E: ServerEvent>() -> Check {
    let examples = |examples: &[Value]| {
        let [payload] = examples else { panic!("{} has a payload", E::NAME) };
        check::<E>(E::NAME, payload);
    };
    Check { name: E::NAME, examples, anything: read_again::<E> }
}

fn of_clients() -> [Check; CLIENT_EVENTS.len()] {
    macro_rules! check {
        ($event:ty) => {
            client::<$event>()
        };
    }
    every_client_event!(check)
}

fn of_the_server() -> [Check; SERVER_EVENTS.len()] {
    macro_rules! check {
        ($event:ty) => {
            server::<$event>()
        };
    }
    every_server_event!(check)
}

/// Reads a value as one of the wire's types. When it is one, what is written of it is read as the same, and so are
/// other spellings; and nothing is in it that was not said.
fn read_again<T: Serialize + DeserializeOwned>(value: &Value, how: &[u8]) -> TestCaseResult {
    let fail = |error: serde_json::Error| TestCaseError::fail(error.to_string());
    let spelling = spelt(value, how);
    let from_text = serde_json::from_str::<T>(&spelling);
    let Ok(read) = serde_json::from_value::<T>(value.clone()) else { return Ok(()) };
    let written = serde_json::to_value(&read).map_err(fail)?;
    // What is absent may be written as null.
    prop_assert!(nodes(&written) <= 2 * nodes(value), "{} became {}", value, written);
    let again: T = serde_json::from_value(written.clone()).map_err(fail)?;
    prop_assert_eq!(&serde_json::to_value(&again).map_err(fail)?, &written);
    match from_text {
        Ok(same) => prop_assert_eq!(&serde_json::to_value(&same).map_err(fail)?, &written),
        // A member that is said twice may be refused where it is read straight from a text.
        Err(error) => prop_assert!(spelling.contains(SAID_BEFORE), "{}: {}", error, spelling),
    }
    Ok(())
}

/// Demands that the list, the part of the document and the checks name the same events, and runs the checks.
fn assert_documented(list: &[&str], part: &str, checks: &[Check]) {
    let sections = events_in(part);
    let mut listed = list.to_vec();
    listed.sort_unstable();
    let documented: Vec<&str> = sections.keys().copied().collect();
    assert_eq!(documented, listed, "what {part:?} has and what the code has");
    let mut checked: Vec<&str> = checks.iter().map(|check| check.name).collect();
    checked.sort_unstable();
    assert_eq!(checked, listed, "what this test checks and what the code has");
    for Check { name, examples, .. } in checks {
        examples(&sections[name]);
    }
}

#[test]
fn every_event_of_a_client_is_documented_as_it_is() {
    assert_documented(&CLIENT_EVENTS, "Events of a client", &of_clients());
}

#[test]
fn every_event_of_the_server_is_documented_as_it_is() {
    assert_documented(&SERVER_EVENTS, "Events of the server", &of_the_server());
}

#[test]
fn fuzz_events() {
    let parts = [("Events of a client", &of_clients()[..]), ("Events of the server", &of_the_server()[..])];
    let inputs = parts.into_iter().flat_map(|(part, checks)| {
        let sections = events_in(part);
        let of_each = checks.iter().map(move |Check { name, anything, .. }| {
            (Just(*anything), mutated(&sections[name]), prop::collection::vec(any::<u8>(), 0..8)).boxed()
        });
        of_each.collect::<Vec<_>>()
    });
    let inputs = Union::new(inputs);
    madang_fuzz::check("events", 1_024, &inputs, |(read, value, how)| read(&value, &how));
}

#[test]
fn names_are_nouns_and_verbs() {
    for name in CLIENT_EVENTS.iter().chain(&SERVER_EVENTS) {
        let parts: Vec<&str> = name.split('.').collect();
        let is_word = |word: &&str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase());
        assert!(parts.len() == 2 && parts.iter().all(is_word), "{name}");
    }
}

#[test]
fn the_address_is_the_documented_one() {
    let connecting = text_of("Connecting");
    for address in [NAMESPACE, route::SOCKET_IO, route::WEB_SOCKET, PLAIN_PROTOCOL] {
        assert!(connecting.contains(&format!("`{address}`")), "{address}");
    }
}

#[test]
fn every_fault_code_is_documented() {
    let documented: Vec<&str> = table_of("Fault codes").iter().map(|row| row[0]).collect();
    assert_eq!(documented, variants::<FaultCode>());
    for row in table_of("Fault codes") {
        let code: FaultCode = check("a fault code", &json!(row[0]));
        assert_eq!(code.is_passing(), row[2] == "yes", "{}", row[0]);
    }
}

#[test]
fn a_fault_says_when_to_try_again_if_it_knows() {
    let [example] = &examples(text_of("Fault codes"))[..] else { panic!("one example of a fault") };
    let fault = check::<Fault>("a fault", example);
    assert_eq!((fault.code, fault.again_in), (FaultCode::TooOften, Some(1850)));
    let without = Fault::new(FaultCode::TooBusy, "Please try again later.");
    assert!(!serde_json::to_string(&without).expect("JSON").contains("again_in"));
}

#[test]
fn every_kind_of_body_is_documented() {
    let kinds = examples(text_of("What messages hold"));
    let kinds = kinds.iter().map(|example| match check("a body", example) {
        Body::Text { .. } => "text",
        Body::Deleted => "deleted",
        Body::Joined => "joined",
        Body::Left => "left",
    });
    // One more arm above is one more kind here.
    assert_eq!(kinds.collect::<Vec<_>>(), ["text", "deleted", "joined", "left"]);
}

#[test]
fn every_limit_is_documented_with_its_number() {
    let values = [
        limits::MESSAGE_CHARS as u64,
        limits::USER_NAME_CHARS as u64,
        limits::ROOM_NAME_CHARS as u64,
        limits::ROOM_TOPIC_CHARS as u64,
        limits::FRAME_BYTES as u64,
        limits::HISTORY_PAGE as u64,
        limits::SYNC_PAGE as u64,
        limits::DIGEST_MESSAGES as u64,
        limits::MEMBERS_LISTED as u64,
        limits::TYPING_REPEAT_MS,
        limits::TYPING_EXPIRE_MS,
        limits::HEAD_INTERVAL_MS,
        limits::UNREAD_COUNTED.into(),
        limits::ROOMS_PER_PERSON as u64,
    ];
    let declared = LIMITS.lines().filter_map(|line| Some(line.strip_prefix("pub const ")?.split_once(':')?.0));
    let declared: Vec<&str> = declared.collect();
    assert_eq!(declared.len(), values.len(), "what common/src/limits.rs has and what this test compares");
    let table = table_of("Limits");
    let documented: Vec<(&str, u64)> =
        table.iter().map(|row| (row[0], row[1].replace(',', "").parse().expect("a number"))).collect();
    assert_eq!(documented, declared.into_iter().zip(values).collect::<Vec<_>>());
}

#[test]
fn a_fault_is_a_code_and_a_sentence() {
    let fault = Fault::new(FaultCode::NotAMember, "Only members of the room may do this.");
    let answer: Answer<Value> = Err(fault).into();
    let written = json!({"fault": {"code": "not_a_member", "message": "Only members of the room may do this."}});
    assert_eq!(serde_json::to_value(answer).expect("JSON"), written);
}

#[test]
fn only_who_is_outside_is_said_to_be_so() {
    let inside = json!({"id": 7, "name": "민수"});
    assert!(!check::<UserView>("someone inside", &inside).outside);
    let outside = json!({"id": 8, "name": "민수 (2)", "outside": true});
    assert!(check::<UserView>("a guest", &outside).outside);
    assert!(text_of("What messages hold").contains("`\"outside\": true`"));
}

/// What [`message::Post`] makes of the payload that is documented, with one field changed.
fn post_with(field: &str, value: Value) -> Result<message::Post, String> {
    let mut payload = events_in("Events of a client")["message.post"][0].clone();
    serde_json::from_value::<message::Post>(payload.clone()).expect("the example itself can be read");
    payload[field] = value;
    serde_json::from_value(payload).map_err(|error| error.to_string())
}

fn assert_refused<T: Debug>(read: Result<T, String>, reason: &str) {
    let error = read.expect_err(reason);
    assert!(error.contains(reason), "{error:?} says {reason:?}");
}

#[test]
fn unknown_fields_are_passed_over() {
    // An older server takes what a newer client says more, and an older client what a newer server does.
    let plain = post_with("text", json!("hello")).expect("a post");
    let payload = json!({"room": plain.room, "client_id": plain.client_id, "text": "hello", "mood": "sunny"});
    assert_eq!(serde_json::from_value::<message::Post>(payload).expect("a post"), plain);
    assert_eq!(serde_json::from_value::<room::Head>(json!({"since": 1})).expect("a head"), room::Head {});
}

#[test]
fn texts_are_checked_and_tidied_on_their_way_in() {
    for blank in ["", " \n\t ", "\u{200b}", "\u{3164}"] {
        assert_refused(post_with("text", json!(blank)), "this is empty");
    }
    assert_refused(post_with("text", json!("가".repeat(limits::MESSAGE_CHARS + 1))), "longer than 4000 characters");
    let post = post_with("text", json!("\r\n\n  two\r\nlines \u{7} \n")).expect("a post");
    assert_eq!(post.text.as_str(), "  two\nlines");
    let create = |name: &str| serde_json::from_value::<room::Create>(json!({"name": name, "topic": ""}));
    assert_refused(create("***").map_err(|error| error.to_string()), "at least one letter or digit");
    assert_refused(create("ad\u{202e}min").map_err(|error| error.to_string()), "a character that is not allowed");
}

#[test]
fn other_types_are_refused() {
    for wrong in [json!("5"), json!(5.5), json!(null), json!([5]), json!({"id": 5}), json!(1e30)] {
        assert_refused(post_with("room", wrong), "invalid type");
    }
    assert_refused(post_with("client_id", json!("not-a-uuid")), "UUID");
    assert_refused(post_with("text", json!(["a", "b"])), "invalid type");
    let answer = |json| serde_json::from_value::<Answer<Value>>(json).map_err(|error| error.to_string());
    assert_refused(answer(json!({"maybe": {}})), "unknown variant");
    assert_refused(answer(json!({"fault": {"code": "tired", "message": "?"}})), "unknown variant");
    assert_refused(answer(json!({"ok": {}, "fault": {"code": "deleted", "message": "?"}})), "single key");
}

/// The names of an enum's variants on the wire, in their order.
fn variants<'de, T: Deserialize<'de> + Debug>() -> Vec<&'static str> {
    let mut names: &[&str] = &[];
    T::deserialize(Variants(&mut names)).expect_err("nothing is in it");
    names.to_vec()
}

/// Holds no value; it only notes which variants the reader knows.
struct Variants<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Variants<'_> {
    type Error = PlainError;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, PlainError> {
        *self.0 = variants;
        Err(PlainError::custom("nothing is in it"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, PlainError> {
        Err(PlainError::custom("this is no enum"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
