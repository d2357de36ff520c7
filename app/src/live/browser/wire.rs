//! The socket: typed requests out, typed events in.

use std::{cell::OnceCell, fmt::Display};

use madang_common::{
    event::{Answer, ClientEvent, NAMESPACE, PATH, ServerEvent},
    fault::{Fault, FaultCode},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use socketio_web::{AckError, Client, Options, Socket, State};

use super::{super::Chat, complain, link};
use crate::json::{self, Misread};

thread_local! {
    static WIRE: OnceCell<(Client, Socket)> = const { OnceCell::new() };
}

/// Why a request came to nothing.
pub(super) enum Failure {
    /// The server refused it.
    Fault(Fault),
    /// No answer came that could be understood. The server may have granted it nonetheless.
    NoAnswer,
    /// The link is down. The server may have granted it nonetheless.
    Disconnected,
}

impl Failure {
    /// After how many milliseconds the server wants to be asked again, if it said so.
    pub(super) fn again_in(&self) -> Option<u32> {
        match self {
            Self::Fault(fault) => fault.again_in,
            Self::NoAnswer | Self::Disconnected => None,
        }
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Fault(fault) => fault,
            Failure::NoAnswer => Self::new(FaultCode::Unavailable, "the server did not answer"),
            Failure::Disconnected => Self::new(FaultCode::Unavailable, "the server can't be reached"),
        }
    }
}

/// Makes the socket, hands it over to be listened to, and connects.
pub(super) fn open(listen: impl FnOnce(&Socket)) {
    let client = Client::new(Options { path: PATH.to_owned(), ..Options::default() });
    let socket = client.socket(NAMESPACE, None);
    listen(&socket);
    client.open();
    let kept = WIRE.with(|wire| wire.set((client, socket)));
    debug_assert!(kept.is_ok(), "the link is opened once");
}

/// Calls `handle` for each event of the kind, for as long as the page lives.
pub(super) fn on<E: ServerEvent>(socket: &Socket, handle: impl Fn(E) + 'static) {
    let heard = socket.on(E::NAME, move |event, _| match json::read(event) {
        Ok(event) => handle(event),
        // What it told, if it was worth keeping, is found again by `room.sync`.
        Err(error) => complain(E::NAME, &error.to_string()),
    });
    heard.forget();
}

/// Asks the server for something and waits for its answer.
pub(super) async fn send<E: ClientEvent>(chat: Chat, event: E) -> Result<E::Reply, Failure> {
    let event = serde_json::to_value(event).map_err(|error| misread(E::NAME, &error))?;
    let reply = ask(chat, E::NAME, event).await?;
    json::read(reply).map_err(|error| misread(E::NAME, &error))
}

/// Tells the server something that is not worth waiting or trying again for.
pub(super) fn tell<E: ClientEvent>(event: E) {
    if let Some(socket) = socket()
        && let Err(error) = socket.emit(E::NAME, &event)
        && error != socketio_web::EmitError::Disconnected
    {
        complain(E::NAME, &error.to_string());
    }
}

/// Reads JSON. By way of a `Value`, since that is what events come as: to read types from text too would compile a
/// second reader for each.
pub(super) fn parse<T: DeserializeOwned>(json: &str) -> Result<T, Misread> {
    json::read(serde_json::from_str(json).map_err(|_| Misread)?)
}

/// Whether requests can be sent now.
pub(super) fn connected() -> bool {
    socket().is_some_and(|socket| matches!(socket.state(), State::Connected { .. }))
}

/// Since when the link has been down, in milliseconds since 1970.
pub(super) fn down_since() -> Option<f64> {
    socket()?.down_since_ms()
}

/// Tries to connect now rather than later, also after a refusal.
pub(in crate::live) fn reconnect_now() {
    WIRE.with(|wire| {
        if let Some((client, socket)) = wire.get() {
            socket.connect();
            client.reconnect_now();
        }
    });
}

/// The server is about to stop, and wants nobody back before so many milliseconds have passed.
pub(super) fn come_back_in(millis: u32) {
    WIRE.with(|wire| {
        if let Some((client, _)) = wire.get() {
            client.come_back_in(millis);
        }
    });
}

/// Ends the link for good.
pub(super) fn close() {
    WIRE.with(|wire| {
        if let Some((client, _)) = wire.get() {
            client.close();
        }
    });
}

fn socket() -> Option<Socket> {
    WIRE.with(|wire| wire.get().map(|(_, socket)| socket.clone()))
}

/// The part of [`send`] that is the same for all events, compiled once.
async fn ask(chat: Chat, name: &'static str, event: Value) -> Result<Value, Failure> {
    let socket = socket().ok_or(Failure::Disconnected)?;
    let answer = match socket.emit_with_ack(name, &event, None).await {
        Ok(answer) => answer,
        Err(AckError::Disconnected) => return Err(Failure::Disconnected),
        Err(error) => {
            leptos::logging::warn!("{name}: {error}");
            return Err(Failure::NoAnswer);
        }
    };
    match json::read::<Answer<Value>>(answer).map_err(|error| misread(name, &error))? {
        Answer::Ok(reply) => Ok(reply),
        Answer::Fault(fault) => {
            if fault.code == FaultCode::NotSignedIn {
                link::ended(chat);
            }
            Err(Failure::Fault(fault))
        }
    }
}

/// The server speaks another version of the protocol than the page.
fn misread(name: &str, error: &dyn Display) -> Failure {
    complain(name, &error.to_string());
    Failure::NoAnswer
}
