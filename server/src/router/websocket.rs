//! The route of the plain WebSocket: the subprotocol that the client asks for decides what is spoken.
//!
//! With the subprotocol `madang.v1.json` it is Madang's own protocol, for who is signed in; without one it is text, for
//! anybody, unless the dialects are switched off.

use axum::{
    Extension,
    extract::{State, WebSocketUpgrade, ws::WebSocket},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use madang_common::{event::PLAIN_PROTOCOL, limits::FRAME_BYTES};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    chat::Chat,
    compat::dialects,
    config::Dialects,
    net::limits::{Address, Limits, Link, Session},
    realtime::websocket,
    secret::TokenHash,
};

/// A buffer for each socket, whether it speaks or not; axum's own would be 128 KiB.
const BUFFER: usize = 4 * 1024;

/// The door; a cheap handle.
#[derive(Clone)]
pub(crate) struct Door {
    chat: Chat,
    limits: Limits,
    dialects: Dialects,
    /// Frames that may wait for a client.
    capacity: usize,
    stop: CancellationToken,
    open: TaskTracker,
}

impl Door {
    pub(crate) fn new(chat: Chat, limits: Limits, dialects: Dialects, capacity: usize) -> Self {
        Self { chat, limits, dialects, capacity, stop: CancellationToken::new(), open: TaskTracker::new() }
    }

    /// What answers a request for an upgrade.
    pub(crate) fn route(&self) -> MethodRouter {
        get(enter).with_state(self.clone())
    }

    /// Closes all WebSockets. Done when they are closed.
    pub(crate) async fn close(&self) {
        self.stop.cancel();
        self.open.close();
        self.open.wait().await;
    }
}

async fn enter(
    State(door): State<Door>,
    address: Option<Extension<Address>>,
    session: Option<Extension<Session>>,
    link: Option<Extension<Link>>,
    token: Option<Extension<TokenHash>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let upgrade = upgrade
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_message_size(FRAME_BYTES)
        .max_frame_size(FRAME_BYTES)
        .protocols([PLAIN_PROTOCOL]);
    let Door { chat, limits, dialects, capacity, stop, open } = door;
    let limited = (limits, address.map(|Extension(address)| address));
    let session = session.map(|Extension(session)| session);
    if let (Some(session), Some(Extension(link))) = (&session, link) {
        session.carried_by(&link);
    }
    let place = chat.subscriber(capacity);
    if upgrade.selected_protocol().is_some() {
        let token = token.map(|Extension(token)| token);
        let serve = async move |socket: WebSocket| {
            websocket::serve(chat, socket, place, (token, session), limited, stop).await
        };
        return upgrade.on_upgrade(move |socket| open.track_future(serve(socket)));
    }
    if dialects == Dialects::Off {
        return (StatusCode::NOT_FOUND, format!("{}\n", dialects::SWITCHED_OFF)).into_response();
    }
    let may_speak = dialects == Dialects::On;
    let serve = async move |socket: WebSocket| {
        dialects::serve_plain(chat, socket, place, (may_speak, session), limited, stop).await;
    };
    upgrade.on_upgrade(move |socket| open.track_future(serve(socket)))
}
