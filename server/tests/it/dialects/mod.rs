//! The dialects: each test is a row of its study note, by its number, or what belongs to all of them.

mod flask_echo;
mod flask_session;
mod lagging;
mod meeting;
mod node_chat;
mod node_rooms;
mod plain;
mod plain_json;
mod switch;
mod to_the_letter;

use serde_json::json;

use crate::support::Heard;

/// An event as a guest hears it.
fn heard(event: &str, data: serde_json::Value) -> Heard {
    (event.to_owned(), data)
}

/// `hi`, which this client takes for a message.
fn hi() -> Heard {
    heard("message", json!("hi"))
}
