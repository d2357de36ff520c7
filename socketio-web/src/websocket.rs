//! The WebSocket transport: a thin wrapper that turns the browser's events into the engine's inputs.

use std::rc::Weak;

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BinaryType, Event, MessageEvent, WebSocket};

use crate::{engine::Input, session::Session};

/// An open or opening WebSocket. Dropping it closes it, and nothing more is heard of it.
pub(crate) struct WebSocketLink {
    socket: WebSocket,
    /// Called by `socket` as long as this lives.
    _on_event: Closure<dyn Fn(Event)>,
}

impl WebSocketLink {
    /// `None` when the browser does not even try, for example because the page's policy forbids the address.
    pub(crate) fn open(url: &str, session: Weak<Session>) -> Option<Self> {
        let socket = WebSocket::new(url).ok()?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let on_event = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            if let (Some(session), Some(input)) = (session.upgrade(), input(event)) {
                session.input(input);
            }
        });
        let callback = Some(on_event.as_ref().unchecked_ref());
        socket.set_onopen(callback);
        socket.set_onmessage(callback);
        // An error is always followed by a close, which is enough.
        socket.set_onclose(callback);
        Some(Self { socket, _on_event: on_event })
    }

    /// Sends, or tells that the socket is not open.
    pub(crate) fn send(&self, text: &str) -> bool {
        self.socket.send_with_str(text).is_ok()
    }
}

fn input(event: Event) -> Option<Input> {
    match event.dyn_into::<MessageEvent>() {
        Ok(message) => {
            let data = message.data();
            match data.as_string() {
                Some(text) => Some(Input::WsText(text)),
                None => {
                    let buffer = data.dyn_into::<ArrayBuffer>().ok()?;
                    Some(Input::WsBinary(Uint8Array::new(&buffer).to_vec()))
                }
            }
        }
        Err(event) if event.type_() == "open" => Some(Input::WsOpened),
        Err(_) => Some(Input::WsClosed),
    }
}

impl Drop for WebSocketLink {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        // Fails only for a close code that is out of range, and none is given.
        drop(self.socket.close());
    }
}
