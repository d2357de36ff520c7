//! The connection of the driver: namespace `/chat` over Socket.IO.

use leptos::task::spawn_local;
use madang_client::engine::RequestId;
use madang_common::{
    event::{NAMESPACE, SERVER_EVENTS},
    route,
};
use serde_json::Value;
use socketio_web::{AckError, Client, EmitError, Options, Socket, State};

use super::{super::web_api::complain, Driver};

/// The connection, which is kept up by itself.
pub(super) struct Wire {
    client: Client,
    socket: Socket,
}

impl Wire {
    /// Connects and stays connected.
    pub(super) fn open(driver: Driver) -> Self {
        let client = Client::new(Options { path: route::SOCKET_IO.to_owned(), ..Options::default() });
        let socket = client.socket(NAMESPACE, None);
        for name in SERVER_EVENTS {
            socket.on(name, move |event, _| driver.tell(|engine| engine.event(name, event))).forget();
        }
        let of = socket.clone();
        socket.on_state(move |state| changed(driver, &of, state)).forget();
        client.open();
        Self { client, socket }
    }

    /// Sends a request, and tells what its answer is.
    pub(super) fn request(&self, driver: Driver, id: RequestId, event: &'static str, data: &Value) {
        let answer = self.socket.emit_with_ack(event, data, None);
        let socket = self.socket.clone();
        spawn_local(async move {
            let answer = match answer.await {
                Ok(answer) => Some(answer),
                // What is asked for on a connection that ends comes to nothing with it.
                Err(AckError::Disconnected) if !matches!(socket.state(), State::Connected { .. }) => return,
                Err(error) => {
                    leptos::logging::warn!("{event}: {error}");
                    None
                }
            };
            driver.tell(|engine| engine.answered(id, answer));
        });
    }

    /// Sends an event whose answer nobody waits for.
    pub(super) fn tell(&self, event: &'static str, data: &Value) {
        match self.socket.emit(event, data) {
            Ok(()) | Err(EmitError::Disconnected) => {}
            Err(error) => complain(event, &error.to_string()),
        }
    }

    /// Tries to connect now rather than later, also after a refusal.
    pub(super) fn reconnect(&self) {
        self.socket.connect();
        self.client.reconnect_now();
    }

    /// The server wants nobody back before so many milliseconds have passed.
    pub(super) fn come_back_in(&self, millis: u32) {
        self.client.come_back_in(millis);
    }

    /// Ends the connection for good.
    pub(super) fn close(&self) {
        self.client.close();
    }
}

fn changed(driver: Driver, socket: &Socket, state: &State) {
    let now = js_sys::Date::now();
    let since = || socket.down_since_ms().unwrap_or(now);
    match state {
        State::Connected { .. } => driver.tell(|engine| engine.connected()),
        State::Connecting { attempt } => driver.tell(|engine| engine.connecting(since(), *attempt)),
        State::Waiting { since_ms, retry_at_ms, .. } => {
            driver.tell(|engine| engine.disconnected(*since_ms, *retry_at_ms));
        }
        State::Refused { error } => {
            let message = error.get("message").and_then(Value::as_str).unwrap_or_default();
            driver.tell(|engine| engine.refused(since(), message));
        }
        State::Closed => {}
    }
}
