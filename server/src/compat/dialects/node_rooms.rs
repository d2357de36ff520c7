//! Dialect: Node's second chat. A login, messages to the others, and rooms that clients create.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use madang_common::{
    fault::FaultCode,
    limits::{ROOM_NAME_CHARS, USER_NAME_CHARS},
    text::MessageText,
};
use serde::Serialize;
use serde_json::{
    Value, json,
    value::{RawValue, to_raw_value},
};

use super::{
    argument::Argument,
    guest::{Guest, Wording, done, malformed, text_in},
};
use crate::{
    chat::guest::{Dialect, Form, OutboundEvent, To},
    error::Refusal,
    names,
};

const LOGIN: &str = "login";
const CHAT: &str = "chat";
const S2C_CHAT: &str = "s2c chat";
/// Rooms that one socket may be in at a time.
const MOST_ROOMS: usize = 32;

/// What is said elsewhere comes as `chat {from: {name, userid}, msg}`; nobody elsewhere has an id but the name.
pub(super) const DIALECT: Dialect = Dialect { key: "node-rooms", form: Form::Event(form) };

fn form(name: &str, text: &str) -> OutboundEvent {
    OutboundEvent::new(CHAT, Chat { from: Login::named(name), msg: text })
}

/// What `chat` and `s2c chat` carry.
#[derive(Serialize)]
struct Chat<'a> {
    from: Login,
    msg: &'a str,
}

/// What this dialect keeps on a socket.
#[derive(Default)]
pub(super) struct Kept(Mutex<State>);

#[derive(Default)]
struct State {
    login: Option<Login>,
    joined: HashSet<String>,
}

#[derive(Clone, Serialize)]
struct Login {
    name: String,
    /// A text or a number, as it was written.
    userid: Arc<RawValue>,
}

impl Login {
    /// The login of someone who has no id but the name.
    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), userid: text(name) }
    }
}

fn text(text: &str) -> Arc<RawValue> {
    to_raw_value(text).expect("a text is JSON").into()
}

impl Kept {
    /// The name of the last login.
    pub(super) fn name(&self) -> Option<String> {
        self.state().login.as_ref().map(|login| login.name.clone())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // It is whole after each single step, so a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `login {name, userid}`: kept on the socket; all hear the name.
pub(super) async fn login(guest: Guest, argument: Argument) -> Result<Value, Refusal> {
    let name = text_in(&argument, "name").ok_or_else(|| malformed("name is missing, or no text"))?;
    let is_fit = argument.get("userid").is_some_and(|id| id.is_string() || id.is_number());
    let userid = argument.field("userid").filter(|_| is_fit);
    let userid = userid.ok_or_else(|| malformed("userid is missing, or neither a text nor a number"))?;
    // What cannot be a name must not keep anyone out.
    let name = if names::guest_name(name).is_some() { name } else { guest.guest().as_str() };
    // Each message carries it.
    let is_long = match argument["userid"].as_str() {
        Some(text) => text.chars().count() > USER_NAME_CHARS,
        None => userid.get().len() > USER_NAME_CHARS,
    };
    let userid = if is_long { text(guest.guest().as_str()) } else { userid };
    guest.tell(&DIALECT, &To::All, &OutboundEvent::new(LOGIN, json!(name)))?;
    tracing::debug!(socket = %guest.id(), "Client logged-in");
    guest.rooms().state().login = Some(Login { name: name.to_owned(), userid });
    Ok(done())
}

/// `chat {msg}`: the others hear it with its sender. `chat {msg, room}`: the others in that room alone hear it, and it
/// is no message of the lobby.
pub(super) async fn chat(guest: Guest, argument: Argument) -> Result<Value, Refusal> {
    let text = text_in(&argument, "msg").ok_or_else(|| malformed("msg is missing, or no text"))?;
    let outbound = OutboundEvent::new(CHAT, Chat { from: from(&guest), msg: text });
    let Some(room) = argument.get("room") else {
        let name = guest.rooms().name();
        return guest.say(&DIALECT, name.as_deref(), text, Wording::outbound(To::Others, outbound)).await;
    };
    let room = room.as_str().ok_or_else(|| malformed("room is no text"))?;
    check_text(text)?;
    if !guest.rooms().state().joined.contains(room) {
        return Err(Refusal::fault(FaultCode::NotAMember, "Only who has joined the room may do this."));
    }
    guest.tell(&DIALECT, &To::Joined(room.to_owned()), &outbound).map(|_| done())
}

/// `s2c chat {msg, to}`: to the sender, to all, or to one id; it is no message of the lobby.
pub(super) async fn s2c_chat(guest: Guest, argument: Argument) -> Result<Value, Refusal> {
    let text = text_in(&argument, "msg").ok_or_else(|| malformed("msg is missing, or no text"))?;
    check_text(text)?;
    let to = match text_in(&argument, "to") {
        Some("sender") => To::Sender,
        Some("all") => To::All,
        Some(id) => To::One(id.to_owned()),
        None => return Err(malformed("to is sender, all, or an id")),
    };
    let outbound = OutboundEvent::new(S2C_CHAT, Chat { from: from(&guest), msg: text });
    if guest.tell(&DIALECT, &to, &outbound)? == 0 {
        return Err(Refusal::fault(FaultCode::NotFound, "No socket that hears this has this id."));
    }
    Ok(done())
}

/// `forceDisconnect`: the server ends the connection.
pub(super) async fn force_disconnect(guest: Guest, _: Argument) -> Result<Value, Refusal> {
    guest.disconnect();
    Ok(done())
}

/// `join` "room"
pub(super) async fn join(guest: Guest, argument: Argument) -> Result<Value, Refusal> {
    let room = room_in(&argument)?;
    {
        let mut state = guest.rooms().state();
        if state.joined.len() >= MOST_ROOMS && !state.joined.contains(room) {
            return Err(malformed("nobody may be in more rooms at a time"));
        }
        state.joined.insert(room.to_owned());
    }
    guest.join(room);
    Ok(done())
}

/// `leave` "room"
pub(super) async fn leave(guest: Guest, argument: Argument) -> Result<Value, Refusal> {
    let room = room_in(&argument)?;
    guest.rooms().state().joined.remove(room);
    guest.leave(room);
    Ok(done())
}

fn room_in(argument: &Value) -> Result<&str, Refusal> {
    let is_name = |name: &&str| !name.trim().is_empty() && name.chars().count() <= ROOM_NAME_CHARS;
    argument.as_str().filter(is_name).ok_or_else(|| malformed("a room is a short text"))
}

/// What is no message of the lobby may be no longer, and no emptier, than one.
fn check_text(text: &str) -> Result<(), Refusal> {
    MessageText::parse(text).map(|_| ()).map_err(|error| malformed(&error.to_string()))
}

/// Who sends. Before the login it is a guest.
fn from(guest: &Guest) -> Login {
    let login = guest.rooms().state().login.clone();
    login.unwrap_or_else(|| Login::named(guest.guest().as_str()))
}
