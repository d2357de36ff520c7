//! Madang's own protocol on a plain WebSocket, by the subprotocol `madang.v1.json`: the same events, as JSON.

use std::{collections::HashMap, sync::LazyLock};

use axum::extract::ws::{Utf8Bytes, WebSocket};
use madang_common::{event::Answer, fault::Fault, id::UserId};
use serde::Serialize;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::{
    chat::{Chat, Subscriber, guest::Socket},
    error::Refusal,
    net::{
        limits::{Address, Caller, Kind, Limits, Session},
        websocket::{self, Close, Full, Listener, WsReceiver, WsSender},
    },
    realtime::{
        dispatch::{Handler, Limited, Line, Register, carry_out, refuse},
        events::table,
        inbound::{Acknowledge, unknown_event, unreadable},
    },
    secret::TokenHash,
};

/// Serves a WebSocket that speaks for the person whose token it brings, until it is closed. Its session has a place
/// until then.
pub(crate) async fn serve(
    chat: Chat,
    socket: WebSocket,
    (subscriber, waiting): (Subscriber, WsReceiver),
    (token, session): (Option<TokenHash>, Option<Session>),
    (limits, address): (Limits, Option<Address>),
    stop: CancellationToken,
) {
    let sender = subscriber.sender().clone();
    match admit(&chat, &sender, token, &limits, address).await {
        Ok((line, user)) => {
            let _joined = session.as_ref().map(|session| session.join(Some(user)));
            websocket::run(socket, waiting, &stop, Client { line, subscriber }).await;
        }
        Err(fault) => {
            // Said in a frame, for a refused upgrade tells a page nothing.
            let close = if fault.code.is_passing() { Close::NOT_NOW } else { Close::NOT_SIGNED_IN };
            refuse(Ack { sender: sender.clone(), to: To::Unknown }, fault, "a connection");
            sender.close(close);
            websocket::run(socket, waiting, &stop, Refused).await;
        }
    }
}

/// Lets a WebSocket in whose session stands.
async fn admit(
    chat: &Chat,
    sender: &WsSender,
    token: Option<TokenHash>,
    limits: &Limits,
    address: Option<Address>,
) -> Result<(Line, UserId), Fault> {
    limits.check(Kind::Connect, None, address, None)?;
    let connected = chat.connect(token, Socket::Plain(sender.clone())).await;
    let fault = |refusal: Refusal| refusal.into_fault("connecting a plain WebSocket");
    let actor = connected.map_err(fault)?;
    let user = actor.user().map_err(fault)?;
    let caller = Caller::of_user(limits, user, address)?;
    Ok((Line::new(chat.clone(), actor, caller), user))
}

/// What a client sends: `{"event": name, "data": payload, "id": number}`. Who wants no answer gives no id.
struct Request {
    event: String,
    data: Value,
    id: Option<u64>,
}

impl Request {
    fn parse(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let Value::Object(mut fields) = value else { return Err("a request is an object".to_owned()) };
        let id = match fields.remove("id") {
            None | Some(Value::Null) => None,
            Some(id) => Some(id.as_u64().ok_or("id is no whole number")?),
        };
        let Some(Value::String(event)) = fields.remove("event") else {
            return Err("event is missing, or no text".to_owned());
        };
        Ok(Self { event, data: fields.remove("data").unwrap_or_default(), id })
    }
}

fn unreadable_request(error: &str) -> Fault {
    unreadable("This request", error)
}

struct Client {
    line: Line,
    subscriber: Subscriber,
}

impl Listener for Client {
    async fn text(&mut self, text: Utf8Bytes) {
        let sender = self.subscriber.sender();
        match Request::parse(&text) {
            Ok(Request { event, data, id }) => {
                let ack = Ack { sender: sender.clone(), to: id.map_or(To::Nobody, To::Request) };
                if let Err(fault) = self.line.may_send() {
                    return refuse(ack, fault, &event);
                }
                match HANDLERS.0.get(event.as_str()) {
                    Some(take) => take(&self.line, data, text.len(), ack),
                    None => refuse(ack, unknown_event(&event), "an unknown event"),
                }
            }
            Err(error) => {
                let fault = self.line.may_send().err().unwrap_or_else(|| unreadable_request(&error));
                refuse(Ack { sender: sender.clone(), to: To::Unknown }, fault, "a request");
            }
        }
    }
}

/// A connection without a session; whatever it sends comes too late.
struct Refused;

impl Listener for Refused {
    async fn text(&mut self, _: Utf8Bytes) {}
}

/// Takes an event's payload in, which came in a frame of so many bytes.
type Take = Box<dyn Fn(&Line, Value, usize, Ack) + Send + Sync>;

/// What each event does; the same for all connections.
struct Handlers(HashMap<&'static str, Take>);

static HANDLERS: LazyLock<Handlers> = LazyLock::new(|| {
    let mut handlers = Handlers(HashMap::new());
    table(&mut handlers);
    handlers
});

impl Register for Handlers {
    fn on<E: Limited + Sync>(&mut self, handler: impl Handler<E>) {
        let take = move |line: &Line, data: Value, bytes: usize, ack: Ack| {
            let event = serde_json::from_value(data).map_err(|error| error.to_string());
            carry_out(line, &handler, event, bytes, || ack.clone());
        };
        self.0.insert(E::NAME, Box::new(take));
    }
}

/// What an answer is to.
#[derive(Clone, Copy)]
enum To {
    /// The request with this id.
    Request(u64),
    /// A request without an id, which is not answered.
    Nobody,
    /// What has no id that could be read, which is answered as `null`.
    Unknown,
}

/// Answers one request: `{"ack": id, "ok": reply}` or `{"ack": id, "fault": {…}}`.
#[derive(Clone)]
struct Ack {
    sender: WsSender,
    to: To,
}

#[derive(Serialize)]
struct Frame<'a, T> {
    ack: Option<u64>,
    #[serde(flatten)]
    answer: &'a Answer<T>,
}

impl Acknowledge for Ack {
    fn acknowledge<T: Serialize>(self, answer: &Answer<T>, event: &str) {
        let ack = match self.to {
            To::Request(id) => Some(id),
            To::Nobody => return,
            To::Unknown => None,
        };
        match serde_json::to_string(&Frame { ack, answer }) {
            Ok(frame) => {
                if let Err(Full) = self.sender.send(frame.into()) {
                    tracing::debug!(
                        socket = self.sender.id(),
                        event,
                        "a plain WebSocket takes no answers and is cut off"
                    );
                    self.sender.cut();
                }
            }
            Err(error) => tracing::error!(%error, event, "writing an answer"),
        }
    }
}

#[cfg(test)]
#[path = "websocket_fuzz.rs"]
mod fuzz;
