//! Fuzz targets for what a server sends: sequences of frames and polling bodies that are nearly valid, through the
//! engine and the decoder behind it, with a browser that does what it is told.

use madang_fuzz::{check, json::nodes, mutated};
use proptest::{collection::vec, prelude::*, test_runner::TestCaseResult};
use serde_json::Value;

use crate::{
    Transport,
    engine::Input,
    message::{self, Data, Decoder, Incoming},
    packet::{Packet, SEPARATOR},
};
use browser::{Browser, step};

mod browser;

/// What servers send, in the two spellings of Node and Rust.
const FRAMES: [&str; 22] = [
    r#"0{"sid":"lv_VI97HAXpY6yYWAAAB","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":65536}"#,
    r#"0{"sid":"s","upgrades":[],"pingInterval":0.5,"pingTimeout":1e300}"#,
    "1",
    "2",
    "2probe",
    "3probe",
    "6",
    r#"40{"sid":"oSO0OpakMV_3jnilAAAA"}"#,
    r#"40/chat,{"sid":"oSO0OpakMV_3jnilAAAA","pid":"YHcX2sdAF1z452-HAAAW"}"#,
    "41/chat,",
    r#"42["hello",1,{"a":[true,null]}]"#,
    r#"42/chat,12["이름 \"x\"",{"text":"안녕 é 😀 😀"}]"#,
    r#"43/chat,7[{"ok":{"id":103,"rev":19}}]"#,
    "43/chat,0[]",
    r#"44/chat,{"message":"{\"code\":\"not_signed_in\",\"message\":\"Please join again.\"}"}"#,
    "44/chat,",
    r#"452-/chat,3["picture",{"a":{"_placeholder":true,"num":1}},{"_placeholder":true,"num":0}]"#,
    r#"461-/chat,7[{"_placeholder":true,"num":0}]"#,
    r#"451-["same",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]"#,
    "bAQIDBA==",
    "b",
    "",
];

fn frame() -> BoxedStrategy<String> {
    mutated::text(&FRAMES)
}

fn body() -> BoxedStrategy<String> {
    let separated = vec(frame(), 0..5).prop_map(|frames| frames.join(&SEPARATOR.to_string()));
    prop_oneof![3 => separated, 1 => frame()].boxed()
}

/// Whether a number is in it that is not whole. serde_json may read the last digit of one as its neighbour.
fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(items) => items.iter().any(has_fraction),
        Value::Object(members) => members.values().any(has_fraction),
        _ => false,
    }
}

/// What was read is written so that it is read as the same.
fn comes_back(incoming: &Incoming) -> TestCaseResult {
    let Incoming { namespace, data } = incoming;
    if let Data::Event { args, .. } | Data::Ack { args, .. } = data
        && args.iter().any(has_fraction)
    {
        return Ok(());
    }
    let written = match data {
        Data::Event { name, args, ack } if args.len() == 1 => message::event(namespace, name, &args[0], *ack),
        Data::Ack { id, args } if args.len() == 1 => message::ack(namespace, *id, &args[0]),
        _ => return Ok(()),
    };
    let written = written.map_err(|error| TestCaseError::fail(error.to_string()))?;
    let text = written.strip_prefix('4').unwrap_or_default().to_owned();
    let again = Decoder::default().text(text);
    prop_assert_eq!(again.as_ref(), Ok(&Some(incoming.clone())), "{}", written);
    Ok(())
}

#[test]
fn engine() {
    use Transport::{Polling, WebSocket};
    let orders = vec![vec![WebSocket, Polling], vec![Polling, WebSocket], vec![Polling], vec![WebSocket], vec![]];
    let inputs = (proptest::sample::select(orders), vec(step(), 0..60));
    check("engine", 256, &inputs, |(transports, steps)| {
        let patience = transports.len() + 3;
        let mut browser = Browser::new(transports);
        browser.input(Input::Start)?;
        for step in steps {
            browser.take(step)?;
        }
        // A server that falls silent is given up, whatever was before.
        for _ in 0..patience {
            browser.tick()?;
        }
        prop_assert!(browser.is_down, "it waits for ever");
        Ok(())
    });
}

/// A packet, or an attachment.
#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Binary(Vec<u8>),
}

#[test]
fn packets() {
    let messages: Vec<&str> = FRAMES.iter().filter_map(|frame| frame.strip_prefix('4')).collect();
    let piece = prop_oneof![
        3 => mutated::text(&messages).prop_map(Piece::Text),
        2 => vec(any::<u8>(), 0..400).prop_map(Piece::Binary),
    ];
    let inputs = (vec(piece, 1..6), frame());
    check("packets", 1_024, &inputs, |(pieces, frame)| {
        let mut decoder = Decoder::default();
        let mut size = 0;
        for piece in pieces {
            let read = match piece {
                Piece::Text(text) => {
                    size = text.len();
                    decoder.text(text)
                }
                Piece::Binary(bytes) => {
                    size += bytes.len();
                    decoder.binary(bytes)
                }
            };
            if let Ok(Some(incoming)) = read {
                comes_back(&incoming)?;
                if let Data::Event { args, .. } | Data::Ack { args, .. } = &incoming.data {
                    let values: usize = args.iter().map(nodes).sum();
                    prop_assert!(values <= size, "{} values of {} bytes", values, size);
                }
            }
        }
        if let Ok(Packet::Binary(bytes)) = Packet::decode(&frame) {
            prop_assert!(bytes.len() <= frame.len());
        }
        if let Ok(Packet::Open(handshake)) = Packet::decode(&frame) {
            let times = [handshake.ping_interval_ms, handshake.ping_timeout_ms];
            prop_assert!(times.iter().all(|ms| *ms > 0.0 && *ms < f64::from(i32::MAX)) && !handshake.sid.is_empty());
        }
        Ok(())
    });
}
