//! Tests of Socket.IO packets: their exact form on the wire, and what a hostile server may send.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read(text: &str) -> Result<Option<Incoming>, Malformed> {
    Decoder::default().text(text.to_owned())
}

fn complete(text: &str) -> Incoming {
    read(text).expect("well formed").expect("complete")
}

#[test]
fn events_are_written_as_the_protocol_says() {
    let data = json!({ "text": "안녕 é 😀" });
    assert_eq!(
        event("/chat", "message.post", &data, Some(12)),
        Ok(r#"42/chat,12["message.post",{"text":"안녕 é 😀"}]"#.to_owned())
    );
    assert_eq!(event("/", "hi", &json!("x"), None), Ok(r#"42["hi","x"]"#.to_owned()));
    // One argument, even when it is an array.
    assert_eq!(event("/", "hi", &json!([1, 2]), None), Ok(r#"42["hi",[1,2]]"#.to_owned()));
    assert_eq!(ack("/chat", 7, &json!({ "ok": true })), Ok(r#"43/chat,7[{"ok":true}]"#.to_owned()));
    assert_eq!(connect("/", None), Ok("40".to_owned()));
    assert_eq!(connect("/chat", Some(&json!({ "token": "t" }))), Ok(r#"40/chat,{"token":"t"}"#.to_owned()));
    assert_eq!(disconnect("/chat"), "41/chat,");
}

#[test]
fn events_and_acks_are_read_with_all_their_arguments() {
    let event = complete(r#"2/chat,5["이름 \"x\"",1,[2],null]"#);
    assert_eq!(event.namespace, "/chat");
    assert_eq!(
        event.data,
        Data::Event { name: "이름 \"x\"".to_owned(), args: vec![json!(1), json!([2]), json!(null)], ack: Some(5) }
    );
    let ack = complete("30[]");
    assert_eq!(ack.namespace, "/");
    assert_eq!(ack.data, Data::Ack { id: 0, args: vec![] });
}

#[test]
fn a_server_accepts_refuses_and_disconnects() {
    let sid = "x".to_owned();
    assert_eq!(complete(r#"0/chat,{"sid":"x"}"#).data, Data::Connected { sid });
    assert_eq!(complete(r#"4/chat,{"message":"no"}"#).data, Data::Refused(json!({ "message": "no" })));
    assert_eq!(complete("4/chat,").data, Data::Refused(Value::Null));
    assert_eq!(complete("1/chat,").data, Data::Disconnected);
}

#[test]
fn attachments_take_the_place_of_their_placeholders() {
    let mut decoder = Decoder::default();
    let head = r#"52-/chat,3["e",{"a":{"_placeholder":true,"num":1}},{"_placeholder":true,"num":0}]"#;
    assert_eq!(decoder.text(head.to_owned()), Ok(None));
    assert_eq!(decoder.binary(vec![1, 2]), Ok(None));
    let packet = decoder.binary(vec![3]).expect("well formed");
    assert_eq!(
        packet.expect("complete").data,
        Data::Event { name: "e".to_owned(), args: vec![json!({ "a": [3] }), json!([1, 2])], ack: Some(3) }
    );
}

#[test]
fn an_attachment_that_no_packet_announced_is_refused() {
    assert_eq!(Decoder::default().binary(vec![1]), Err(Malformed));

    let mut decoder = Decoder::default();
    let head = r#"51-["e",{"_placeholder":true,"num":0}]"#;
    assert_eq!(decoder.text(head.to_owned()), Ok(None));
    assert!(matches!(decoder.text(r#"2["f"]"#.to_owned()), Ok(Some(_))));
    assert_eq!(decoder.binary(vec![1]), Err(Malformed));
}

#[test]
fn a_placeholder_without_its_attachment_is_null() {
    let mut decoder = Decoder::default();
    let head = r#"51-["e",{"_placeholder":true,"num":9}]"#;
    assert_eq!(decoder.text(head.to_owned()), Ok(None));
    let packet = decoder.binary(vec![1]).expect("well formed");
    assert!(matches!(
        packet.expect("complete").data,
        Data::Event { args, .. } if args == [Value::Null]
    ));
}

#[test]
fn an_attachment_stands_in_one_place() {
    let mut decoder = Decoder::default();
    let head = r#"51-["e",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]"#;
    assert_eq!(decoder.text(head.to_owned()), Ok(None));
    let packet = decoder.binary(vec![1]).expect("well formed");
    assert!(matches!(
        packet.expect("complete").data,
        Data::Event { args, .. } if args == [json!([1]), Value::Null]
    ));
}

#[test]
fn what_is_no_packet_is_said_to_be_none() {
    for text in [
        "",
        "안",
        "9",
        "2",
        "2[",
        "2{}",
        "2[]",
        "2[1]",
        "2/chat",
        "3[]",
        "3",
        "0",
        "0{}",
        "0[1]",
        "5",
        "5-[]",
        "5x-[\"e\"]",
        "51",
        "59999999999999999999-[\"e\"]",
        "5100000-[\"e\"]",
        "6안-",
        "4{",
        "399999999999999999999[]",
    ] {
        assert_eq!(read(text), Err(Malformed), "{text:?}");
    }
    let deep = ["2[\"e\",", &"[".repeat(100_000)].concat();
    assert_eq!(read(&deep), Err(Malformed));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[0-6]?[0-9]{0,3}-?(/\\PC{0,5},)?[0-9]{0,30}\\PC*", bytes: Vec<u8>) {
        let mut decoder = Decoder::default();
        if decoder.text(text) == Ok(None) {
            prop_assert!(decoder.partial.is_some());
        }
        let waited = decoder.partial.is_some();
        let taken = decoder.binary(bytes);
        prop_assert_eq!(taken.is_ok(), waited);
    }

    #[test]
    fn what_is_written_can_be_read(name in "\\PC+", text in "\\PC*", id in 0..i64::MAX) {
        let data = json!({ "text": text });
        let written = event("/chat", &name, &data, Some(id)).expect("JSON");
        let read = complete(written.strip_prefix('4').expect("an Engine.IO message"));
        prop_assert_eq!(read.data, Data::Event { name, args: vec![data], ack: Some(id) });
    }
}
