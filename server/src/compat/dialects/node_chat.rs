//! Dialect: Node's first chat. `chat message` to everyone, and the ways to emit that tutorials show.

use madang_common::fault::FaultCode;
use serde_json::{Value, json};

use super::{
    argument::Argument,
    guest::{Guest, Wording, done, malformed, text_in},
};
use crate::{
    chat::guest::{Dialect, Form, OutboundEvent, To},
    error::Refusal,
};

const CHAT_MESSAGE: &str = "chat message";
const SOME_EVENT: &str = "some event";
const HI: &str = "hi";

/// What is said elsewhere comes as `chat message` "name: text".
pub(super) const DIALECT: Dialect = Dialect { key: "node-chat", form: Form::Event(form) };

fn form(name: &str, text: &str) -> OutboundEvent {
    OutboundEvent::new(CHAT_MESSAGE, json!(format!("{name}: {text}")))
}

/// The others hear that someone has come.
pub(super) fn greet(newcomer: &Guest) {
    newcomer.announce(&DIALECT, &OutboundEvent::bare(HI));
}

/// `chat message` "text": all hear the same, the sender included.
pub(super) async fn chat_message(guest: Guest, argument: Argument) -> Result<Value, Refusal> {
    let text = argument.as_str().ok_or_else(|| malformed("a chat message is a text"))?;
    let wording = Wording::outbound(To::All, OutboundEvent::new(CHAT_MESSAGE, json!(text)));
    guest.say(&DIALECT, None, text, wording).await
}

/// `some event {someProperty, otherProperty}`: all hear the same; it is no message.
pub(super) async fn some_event(guest: Guest, argument: Argument) -> Result<Value, Refusal> {
    if !argument.is_object() {
        return Err(malformed("some event carries an object"));
    }
    guest.tell(&DIALECT, &To::All, &OutboundEvent::written(SOME_EVENT, argument.written())).map(|_| done())
}

/// `try emit {how, id, data}`: sends `data` as `some event` in the way that is named as in Node's own code.
pub(super) async fn try_emit(guest: Guest, argument: Argument) -> Result<Value, Refusal> {
    let to = match text_in(&argument, "how") {
        Some("io.emit") => To::All,
        Some("socket.emit") => To::Sender,
        Some("socket.broadcast.emit") => To::Others,
        Some("io.to(id).emit") => {
            To::One(text_in(&argument, "id").ok_or_else(|| malformed("id is missing"))?.to_owned())
        }
        _ => return Err(malformed("how is io.emit, socket.emit, socket.broadcast.emit or io.to(id).emit")),
    };
    let is_fit = argument.get("data").is_some_and(|data| data.is_string() || data.is_object());
    let data = argument.field("data").filter(|_| is_fit);
    let data = data.ok_or_else(|| malformed("data is a text or an object"))?;
    let reached = guest.tell(&DIALECT, &to, &OutboundEvent::written(SOME_EVENT, data))?;
    if reached == 0 && matches!(to, To::One(_)) {
        return Err(Refusal::fault(FaultCode::NotFound, "No socket that hears this has this id."));
    }
    Ok(json!({ "reached": reached }))
}
