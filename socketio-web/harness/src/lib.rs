//! socketio-web as JavaScript functions, for the browser tests: thin, and with JSON text wherever a value crosses.

use std::time::Duration;

use js_sys::Function;
use serde_json::{Value, json};
use socketio_web::{AckError, AckReply, Backoff, Client, Direction, Options, Socket, State, Transport, Wire};
use wasm_bindgen::{JsError, JsValue, prelude::wasm_bindgen};

/// A [`Client`] for JavaScript.
#[wasm_bindgen]
pub struct HarnessClient(Client);

#[wasm_bindgen]
impl HarnessClient {
    /// `options` is a JSON object; what it leaves out keeps its default. Times are in milliseconds.
    ///
    /// # Errors
    ///
    /// When `options` is not JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<HarnessClient, JsError> {
        console_error_panic_hook::set_once();
        let given: Value = serde_json::from_str(options)?;
        Ok(Self(Client::new(read_options(&given))))
    }

    /// Opens a namespace, with `auth` as JSON.
    ///
    /// # Errors
    ///
    /// When `auth` is not JSON.
    pub fn socket(&self, namespace: &str, auth: Option<String>) -> Result<HarnessSocket, JsError> {
        let auth = auth.map(|auth| serde_json::from_str(&auth)).transpose()?;
        Ok(HarnessSocket(self.0.socket(namespace, auth)))
    }

    /// Connects.
    pub fn open(&self) {
        self.0.open();
    }

    /// Closes.
    pub fn close(&self) {
        self.0.close();
    }

    /// Takes the server's request to stay away for so many milliseconds.
    #[wasm_bindgen(js_name = comeBackIn)]
    pub fn come_back_in(&self, ms: u32) {
        self.0.come_back_in(ms);
    }

    /// Calls `handler(what happened on the wire, as JSON)`, for good.
    #[wasm_bindgen(js_name = onWire)]
    pub fn on_wire(&self, handler: Function) {
        self.0.on_wire(move |seen| call(&handler, wire_json(seen).into(), JsValue::UNDEFINED)).forget();
    }
}

/// A [`Socket`] for JavaScript.
#[wasm_bindgen]
pub struct HarnessSocket(Socket);

#[wasm_bindgen]
impl HarnessSocket {
    /// Calls `handler(data as JSON, reply or null)` for each event of that name, for good.
    pub fn on(&self, event: &str, handler: Function) {
        let call = move |data: Value, reply: Option<AckReply>| {
            let reply = reply.map(|reply| JsValue::from(HarnessReply(reply)));
            let data = data.to_string().into();
            call(&handler, data, reply.unwrap_or(JsValue::NULL));
        };
        self.0.on(event, call).forget();
    }

    /// Calls `handler(name, arguments as a JSON array)` for each event, for good.
    #[wasm_bindgen(js_name = onAny)]
    pub fn on_any(&self, handler: Function) {
        let call = move |name: &str, args: &[Value]| {
            let args = Value::from(args).to_string();
            call(&handler, name.into(), args.into());
        };
        self.0.on_any(call).forget();
    }

    /// Calls `handler(state as JSON)` on each change, for good.
    #[wasm_bindgen(js_name = onState)]
    pub fn on_state(&self, handler: Function) {
        let call = move |state: &State| {
            call(&handler, state_json(state).into(), JsValue::UNDEFINED);
        };
        self.0.on_state(call).forget();
    }

    /// The state as JSON: an object with a `kind`.
    pub fn state(&self) -> String {
        state_json(&self.0.state())
    }

    /// The id that the server gave.
    pub fn id(&self) -> Option<String> {
        self.0.id()
    }

    /// Sends an event, and tells whether it went out.
    ///
    /// # Errors
    ///
    /// When `data` is not JSON.
    pub fn emit(&self, event: &str, data: &str) -> Result<bool, JsError> {
        let data: Value = serde_json::from_str(data)?;
        Ok(self.0.emit(event, &data).is_ok())
    }

    /// Sends an event at once; its promise gives the ack as JSON, `{"ok": …}` or `{"error": "timeout" | …}`.
    ///
    /// # Errors
    ///
    /// When `data` is not JSON.
    #[wasm_bindgen(js_name = emitWithAck)]
    pub fn emit_with_ack(
        &self,
        event: &str,
        data: &str,
        timeout_ms: Option<u32>,
    ) -> Result<js_sys::Promise, JsError> {
        let data: Value = serde_json::from_str(data)?;
        let timeout = timeout_ms.map(|ms| Duration::from_millis(ms.into()));
        let answer = self.0.emit_with_ack(event, &data, timeout);
        Ok(wasm_bindgen_futures::future_to_promise(async move {
            let answer = match answer.await {
                Ok(answer) => json!({ "ok": answer }),
                Err(AckError::Timeout) => json!({ "error": "timeout" }),
                Err(AckError::Disconnected) => json!({ "error": "disconnected" }),
                Err(AckError::Encode(_)) => json!({ "error": "encode" }),
            };
            Ok(answer.to_string().into())
        }))
    }

    /// Connects again after a refusal, with another `auth` as JSON.
    ///
    /// # Errors
    ///
    /// When `auth` is not JSON.
    pub fn reconnect(&self, auth: Option<String>) -> Result<(), JsError> {
        let auth = auth.map(|auth| serde_json::from_str(&auth)).transpose()?;
        self.0.set_auth(auth);
        self.0.connect();
        Ok(())
    }

    /// Leaves the namespace.
    pub fn disconnect(&self) {
        self.0.disconnect();
    }
}

/// An [`AckReply`] for JavaScript.
#[wasm_bindgen]
pub struct HarnessReply(AckReply);

#[wasm_bindgen]
impl HarnessReply {
    /// Answers, and tells whether the answer went out.
    ///
    /// # Errors
    ///
    /// When `data` is not JSON.
    pub fn send(&self, data: &str) -> Result<bool, JsError> {
        let data: Value = serde_json::from_str(data)?;
        Ok(self.0.send(&data).is_ok())
    }
}

fn call(handler: &Function, first: JsValue, second: JsValue) {
    if let Err(error) = handler.call2(&JsValue::NULL, &first, &second) {
        // Thrown where no Rust is on the stack, which it would tear; the test sees it as an error of the page.
        wasm_bindgen_futures::spawn_local(async move { wasm_bindgen::throw_val(error) });
    }
}

fn state_json(state: &State) -> String {
    match state {
        State::Connecting { attempt } => json!({ "kind": "connecting", "attempt": attempt }),
        State::Connected { transport } => {
            json!({ "kind": "connected", "transport": transport.name() })
        }
        State::Waiting { since_ms, retry_at_ms, reason } => json!({
            "kind": "waiting",
            "since": since_ms,
            "retryAt": retry_at_ms,
            "reason": reason.as_str(),
        }),
        State::Refused { error } => json!({ "kind": "refused", "error": error }),
        State::Closed => json!({ "kind": "closed" }),
    }
    .to_string()
}

fn wire_json(seen: &Wire<'_>) -> String {
    match seen {
        Wire::Connecting { transport } => json!({ "kind": "connecting", "transport": transport.name() }),
        Wire::Open { transport } => json!({ "kind": "open", "transport": transport.name() }),
        Wire::Frame { direction, transport, text } => {
            let direction = match direction {
                Direction::In => "in",
                Direction::Out => "out",
            };
            json!({ "kind": "frame", "transport": transport.name(), "direction": direction, "text": text })
        }
        Wire::Closed { transport } => json!({ "kind": "closed", "transport": transport.name() }),
    }
    .to_string()
}

fn read_options(given: &Value) -> Options {
    let ms = |key: &str| given[key].as_u64().map(Duration::from_millis);
    let mut options = Options::default();
    if let Some(transports) = given["transports"].as_array() {
        let named = transports.iter().map(|name| match name.as_str() {
            Some("polling") => Transport::Polling,
            _ => Transport::WebSocket,
        });
        options.transports = named.collect();
    }
    let backoff = |min, max, kept: Backoff| Backoff {
        min: ms(min).unwrap_or(kept.min),
        max: ms(max).unwrap_or(kept.max),
        ..kept
    };
    options.backoff = backoff("backoffMin", "backoffMax", options.backoff);
    options.upgrade_backoff = backoff("upgradeMin", "upgradeMax", options.upgrade_backoff);
    options.connect_timeout = ms("connectTimeout").unwrap_or(options.connect_timeout);
    options.ack_timeout = ms("ackTimeout").unwrap_or(options.ack_timeout);
    options
}
