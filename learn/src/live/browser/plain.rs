//! The browser's own WebSocket, as a page without any library uses it.

use std::{cell::RefCell, rc::Rc};

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{CloseEvent, Event, MessageEvent, WebSocket};

use super::Link;
use crate::state::seen::{Carrier, Direction, Seen};

/// Where the server speaks plain WebSocket.
const PATH: &str = "/ws";
/// The code of a close that went as planned (RFC 6455, section 7.4.1).
const NORMAL: u16 = 1000;
const CARRIER: Carrier = Carrier::Plain;

struct Open {
    socket: WebSocket,
    on_text: Rc<dyn Fn(String)>,
    /// Called by `socket` as long as this lives.
    on_event: Closure<dyn Fn(Event)>,
}

thread_local! {
    static OPEN: RefCell<Option<Open>> = const { RefCell::new(None) };
}

pub(super) fn start(link: Link, on_text: Rc<dyn Fn(String)>) {
    let location = window().location();
    let scheme = if location.protocol().is_ok_and(|scheme| scheme == "https:") { "wss" } else { "ws" };
    let host = location.host().unwrap_or_default();
    let Ok(socket) = WebSocket::new(&format!("{scheme}://{host}{PATH}")) else {
        // The page's policy forbids the address: there is nothing that could be tried.
        return;
    };
    link.see(Seen::Connecting(CARRIER));
    let heard = Rc::clone(&on_text);
    let on_event = Closure::<dyn Fn(Event)>::new(move |event: Event| hear(link, &*heard, &event));
    let callback = Some(on_event.as_ref().unchecked_ref());
    socket.set_onopen(callback);
    socket.set_onmessage(callback);
    // An error is always followed by a close, which says more.
    socket.set_onclose(callback);
    OPEN.replace(Some(Open { socket, on_text, on_event }));
}

fn hear(link: Link, on_text: &dyn Fn(String), event: &Event) {
    if let Some(message) = event.dyn_ref::<MessageEvent>() {
        if let Some(text) = message.data().as_string() {
            link.see(Seen::frame(Direction::In, CARRIER, &text));
            on_text(text);
        }
    } else if let Some(close) = event.dyn_ref::<CloseEvent>() {
        link.see(Seen::Closed(CARRIER, Some(close.code())));
    } else {
        link.see(Seen::Open(CARRIER));
    }
}

pub(in crate::live) fn send(link: Link, text: &str) -> bool {
    let socket = OPEN.with_borrow(|open| open.as_ref().map(|open| open.socket.clone()));
    let sent =
        socket.is_some_and(|socket| socket.ready_state() == WebSocket::OPEN && socket.send_with_str(text).is_ok());
    if sent {
        link.see(Seen::frame(Direction::Out, CARRIER, text));
    }
    sent
}

pub(super) fn disconnect() {
    OPEN.with_borrow(|open| {
        if let Some(open) = open {
            // It fails only for a code that is out of range.
            drop(open.socket.close_with_code(NORMAL));
        }
    });
}

pub(super) fn connect(link: Link) {
    let former = OPEN.take();
    if let Some(former) = former {
        former.socket.set_onopen(None);
        former.socket.set_onmessage(None);
        former.socket.set_onclose(None);
        drop(former.on_event);
        start(link, former.on_text);
    }
}
