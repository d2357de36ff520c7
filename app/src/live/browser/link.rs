//! How the link is: what the banner tells, and what is done when it is there again.

use std::cell::Cell;

use leptos::{prelude::*, task::spawn_local};
use madang_client::{link::Link, rooms::Rooms};
use madang_common::{
    event::session::{Hello, HelloReply},
    fault::{Fault, FaultCode},
};
use serde_json::Value;
use socketio_web::State;

use super::{
    super::Chat,
    complain, dispatch, now, outbox, pause, reading, rooms, sync, verify,
    wire::{self, Failure},
};

/// The wait before a request is made again that the server could not serve, in milliseconds: the first, and the
/// longest.
pub(super) const PAUSES: (u32, u32) = (500, 8_000);

thread_local! {
    static CONNECTED: Cell<bool> = const { Cell::new(false) };
    /// Counts connections: what was begun on an earlier one is given up.
    static CONNECTION: Cell<u32> = const { Cell::new(0) };
}

/// Connects and stays connected.
pub(super) fn open(chat: Chat) {
    wire::open(|socket| {
        dispatch::listen(chat, socket);
        socket.on_state(move |state| changed(chat, state)).forget();
    });
}

/// The session is over: there is nothing to do here but to join again.
pub(super) fn ended(chat: Chat) {
    if chat.link.get_untracked() == Link::Ended {
        return;
    }
    chat.link.set(Link::Ended);
    wire::close();
    if location().pathname().ok().as_deref() != Some("/") {
        go("/");
    }
}

fn changed(chat: Chat, state: &State) {
    let connected = matches!(state, State::Connected { .. });
    // A change of the transport is told as another `Connected`.
    if CONNECTED.replace(connected) == connected && connected {
        return;
    }
    if chat.link.get_untracked() == Link::Ended {
        return;
    }
    match state {
        State::Connected { .. } => {
            CONNECTION.set(CONNECTION.get().wrapping_add(1));
            spawn_local(resume(chat, CONNECTION.get()));
        }
        State::Connecting { attempt: 0 } if chat.link.get_untracked() == Link::Starting => {}
        State::Connecting { .. } => {
            let now = now();
            chat.link.set(Link::Down { since: wire::down_since().unwrap_or(now), retry_at: now });
        }
        State::Waiting { since_ms, retry_at_ms, .. } => {
            chat.link.set(Link::Down { since: *since_ms, retry_at: *retry_at_ms });
        }
        State::Refused { error } => refused(chat, error),
        State::Closed => {}
    }
}

/// Catches up: who one is, what the room looks like now, and what it missed; then says what waits to be said. The
/// server has subscribed the socket to its rooms before it answers the first of these, so nothing falls in between.
async fn resume(chat: Chat, connection: u32) {
    let (mut wait, longest) = PAUSES;
    loop {
        match wire::send(chat, Hello {}).await {
            Ok(hello) => break greeted(chat, hello),
            Err(Failure::Disconnected) => return,
            Err(failure) => pause(failure.again_in().unwrap_or(wait)).await,
        }
        wait = (wait * 2).min(longest);
        if connection != CONNECTION.get() || !wire::connected() {
            return;
        }
    }
    if matches!(chat.link.get_untracked(), Link::Down { .. }) {
        chat.link.set(Link::Resuming);
    }
    rooms::refresh(chat).await;
    sync::catch_up(chat).await;
    if connection == CONNECTION.get() && wire::connected() {
        chat.link.set(Link::Live);
        outbox::flush(chat);
        reading::flush(chat);
        verify::verify(chat).await;
    }
}

fn greeted(chat: Chat, hello: HelloReply) {
    // Without a first paint the page learns only here that it may leave the join page.
    if cfg!(feature = "csr") && location().pathname().ok().as_deref() == Some("/") {
        let slug = hello.rooms.iter().find(|room| room.membership.is_some()).map(|room| &room.room.slug);
        if let Some(slug) = slug {
            go(&["/r/", slug.as_str()].concat());
        }
    }
    let known = chat.me.with_untracked(|me| me.as_ref() == Some(&hello.me));
    if !known {
        chat.me.set(Some(hello.me));
        outbox::load(chat);
    }
    chat.rooms.set(Rooms::new(hello.rooms));
}

/// The server does not let the socket in. Its reason is a fault, as JSON in the error's message.
fn refused(chat: Chat, error: &Value) {
    let message = error.get("message").and_then(Value::as_str).unwrap_or_default();
    let fault = wire::parse::<Fault>(message).ok();
    if fault.as_ref().is_some_and(|fault| fault.code == FaultCode::NotSignedIn) {
        return ended(chat);
    }
    complain("the server refused the connection", fault.as_ref().map_or(message, |fault| &fault.message));
    // Whatever it is, it may pass: a server that starts or stops, or one that is asked too often.
    let wait = fault.and_then(|fault| fault.again_in).unwrap_or(PAUSES.1);
    let now = now();
    chat.link.set(Link::Down { since: wire::down_since().unwrap_or(now), retry_at: now + f64::from(wait) });
    spawn_local(async move {
        pause(wait).await;
        wire::reconnect_now();
    });
}

fn go(path: &str) {
    if location().set_href(path).is_err() {
        complain("the page could not be left for", path);
    }
}
