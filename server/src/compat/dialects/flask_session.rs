//! Dialect: Flask's session chat. Everyone receives `my event` as `my response`; also Flask's special events.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json, value::RawValue};

use super::{
    argument::Argument,
    guest::{Guest, Wording, done, malformed, text_in},
};
use crate::{
    chat::guest::{Dialect, Form, OutboundEvent, To},
    error::Refusal,
};

const MY_RESPONSE: &str = "my response";
const MESSAGE: &str = "message";
const JSON: &str = "json";

/// What is said elsewhere comes as `my response {user_name, message}`.
pub(super) const DIALECT: Dialect = Dialect { key: "flask-session", form: Form::Event(form) };

fn form(name: &str, text: &str) -> OutboundEvent {
    OutboundEvent::new(MY_RESPONSE, Message { user_name: name, message: text }).with_receipt()
}

/// With its fields in the order of the note.
#[derive(Serialize)]
struct Message<'a> {
    user_name: &'a str,
    message: &'a str,
}

/// Flask's server asks for an acknowledgement of its own event, to know who received it.
fn my_response(object: Arc<RawValue>) -> OutboundEvent {
    OutboundEvent::written(MY_RESPONSE, object).with_receipt()
}

/// `my event {user_name, message}` is a message; any other object, such as `{data}`, is heard in this dialect alone.
pub(super) async fn my_event(guest: Guest, argument: Argument) -> Result<Value, Refusal> {
    object(guest, argument, my_response).await
}

/// `message` "text", which Flask's `send()` sends.
pub(super) async fn message(guest: Guest, argument: Argument) -> Result<Value, Refusal> {
    let text = argument.as_str().ok_or_else(|| malformed("message carries a text"))?;
    let wording = Wording::outbound(To::All, OutboundEvent::new(MESSAGE, json!(text)));
    guest.say(&DIALECT, None, text, wording).await
}

/// `json {…}`: as `my event`, and heard as `json`.
pub(super) async fn json(guest: Guest, argument: Argument) -> Result<Value, Refusal> {
    object(guest, argument, |object| OutboundEvent::written(JSON, object)).await
}

/// All get the same object back, whatever else is in it.
async fn object(
    guest: Guest,
    argument: Argument,
    outbound: fn(Arc<RawValue>) -> OutboundEvent,
) -> Result<Value, Refusal> {
    let Some(fields) = argument.as_object() else { return Err(malformed("this event carries an object")) };
    if !fields.contains_key("message") {
        return guest.tell(&DIALECT, &To::All, &outbound(argument.written())).map(|_| done());
    }
    let text = text_in(&argument, "message").ok_or_else(|| malformed("message is no text"))?;
    let wording = Wording::outbound(To::All, outbound(argument.written()));
    guest.say(&DIALECT, text_in(&argument, "user_name"), text, wording).await
}
