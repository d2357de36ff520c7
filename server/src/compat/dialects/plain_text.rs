//! Dialect: text on a plain WebSocket. Each text frame is a message, and each message a text frame.

use std::time::Duration;

use axum::extract::ws::{Utf8Bytes, WebSocket};
use madang_common::{
    fault::{Fault, FaultCode},
    text::{MessageText, UserName},
};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::guest::guest_name;
use crate::{
    chat::{
        Chat, Subscriber,
        guest::{Dialect, Form, Origin, Socket},
    },
    error::Refusal,
    net::{
        limits::{Address, Caller, Kind, Limits, Session, Subject, stored},
        websocket::{self, Close, Listener, WsReceiver},
    },
};

/// How long a frame waits at a time. A client whose pongs are not read for longer is taken for gone.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// What the server says first.
const HELLO: &str = "Hello, I am walli";

/// What is said elsewhere comes as `name: text`, and so does what the others say in this dialect.
pub(super) const DIALECT: Dialect = Dialect { key: "plain", form: Form::Frame(form) };

fn form(name: &str, text: &str) -> String {
    format!("{name}: {text}")
}

/// Serves a WebSocket that asked for no subprotocol, until it is closed. Its session has a place until then.
pub(crate) async fn serve(
    chat: Chat,
    socket: WebSocket,
    (subscriber, waiting): (Subscriber, WsReceiver),
    (may_speak, session): (bool, Option<Session>),
    (limits, address): (Limits, Option<Address>),
    stop: CancellationToken,
) {
    let guest = guest_name();
    let id = subscriber.sender().id();
    let Ok(caller) = Caller::of_guest(&limits, Subject::Plain(id), address, session.as_ref()) else {
        subscriber.sender().close(Close::NOT_NOW);
        return websocket::run(socket, waiting, &stop, Nobody).await;
    };
    let _joined = session.as_ref().map(|session| session.join(None));
    tracing::debug!(socket = id, address = address.map(|address| address.to_string()), "a user connected");
    if subscriber.sender().send(Utf8Bytes::from_static(HELLO)).is_ok() {
        chat.enter_plain(subscriber.sender(), &DIALECT);
    }
    let client = Client { chat, subscriber, guest, may_speak, caller };
    websocket::run(socket, waiting, &stop, client).await;
    tracing::debug!(socket = id, "user disconnected");
}

struct Client {
    chat: Chat,
    subscriber: Subscriber,
    guest: UserName,
    may_speak: bool,
    caller: Caller,
}

impl Listener for Client {
    // Nothing answers a frame: what is refused is logged only. Nor could it be said that one came too soon, so it is the
    // next one that waits, unread.
    async fn text(&mut self, text: Utf8Bytes) {
        while let Err(fault) = self.caller.may(Kind::Outside, None) {
            wait(&fault).await;
        }
        tracing::debug!(socket = self.subscriber.sender().id(), bytes = text.len(), "Received");
        if !self.may_speak {
            return;
        }
        let text = match MessageText::parse(&text) {
            Ok(text) => text,
            Err(error) => return tracing::debug!(%error, "a text is no message"),
        };
        while let Err(fault) = self.caller.may_send(Kind::OutboundEvent, text.as_str().len()) {
            wait(&fault).await;
        }
        while let Err(fault) = self.caller.may_store(stored::message(text.as_str().len())) {
            wait(&fault).await;
        }
        while let Err(refusal) = self.say(text.clone()).await {
            match refusal.into_fault("a text frame") {
                // A guest more could not be stored yet.
                fault if fault.code == FaultCode::TooOften => wait(&fault).await,
                _ => return,
            }
        }
    }
}

async fn wait(fault: &Fault) {
    sleep(Duration::from_millis(fault.again_in.unwrap_or_default().into()).min(LONGEST_WAIT)).await;
}

/// A client for whom there is no place.
struct Nobody;

impl Listener for Nobody {
    async fn text(&mut self, _: Utf8Bytes) {}
}

impl Client {
    async fn say(&self, text: MessageText) -> Result<(), Refusal> {
        let socket = Socket::Plain(self.subscriber.sender().clone());
        let origin = Origin { dialect: &DIALECT, socket, outbound: Vec::new(), form_to_others: true };
        let caller = self.caller.clone();
        let may_add = Box::new(move || caller.may_store(stored::GUEST));
        self.chat.say_from_outside(self.guest.clone(), text, origin, may_add).await.map(|_| ())
    }
}
