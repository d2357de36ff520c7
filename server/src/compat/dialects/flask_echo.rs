//! Dialect: Flask's quick chat. `send_message {text}` is answered, and everyone receives the answer.

use serde_json::{Value, json};

use super::{
    argument::Argument,
    guest::{Guest, Wording, malformed, text_in},
};
use crate::{
    chat::guest::{Dialect, Form, OutboundEvent, To},
    error::Refusal,
};

const FROM_SERVER: &str = "message_from_server";
/// As the note's server spells it.
const RECEIVED: &str = "Message recieved!";

/// What is said elsewhere comes as `message_from_server {text: "name: text"}`, and so do the others' own texts, for the
/// dialect's answer carries none.
pub(super) const DIALECT: Dialect = Dialect { key: "flask-echo", form: Form::Event(form) };

fn form(name: &str, text: &str) -> OutboundEvent {
    OutboundEvent::new(FROM_SERVER, json!({ "text": format!("{name}: {text}") }))
}

/// `send_message {text}`
pub(super) async fn send_message(guest: Guest, argument: Argument) -> Result<Value, Refusal> {
    let text = text_in(&argument, "text").ok_or_else(|| malformed("text is missing, or no text"))?;
    let answer = OutboundEvent::new(FROM_SERVER, json!({ "text": RECEIVED }));
    let wording = Wording { outbound: vec![(To::All, answer)], form_to_others: true };
    guest.say(&DIALECT, None, text, wording).await
}
