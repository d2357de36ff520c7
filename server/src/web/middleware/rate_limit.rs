//! Rate limiting of HTTP requests, and the client that a request counts against.

use std::convert::Infallible;

use axum::{
    extract::{FromRef, FromRequestParts, Request, State},
    http::{Method, StatusCode, Uri, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use madang_common::{
    fault::Fault,
    id::{RoomId, UserId},
};

use super::outgoing;
use crate::{
    net::limits::{Address, Kind, Limits, Link, Peer, Subject},
    secret::TokenHash,
    state::AppState,
    web::{forms::redirect, routes::Kinds, target, upgrade},
};

/// Notes where a request comes from, refuses those that come too often, and counts what goes out. A new session keeps
/// its place with its request.
pub(crate) async fn rate_limit(
    State((state, kinds)): State<(AppState, Kinds)>,
    mut request: Request,
    next: Next,
) -> Response {
    let address = request
        .extensions()
        .get::<Peer>()
        .map(|Peer(peer)| Address::of_request(*peer, request.headers(), &state.config.trust_proxy));
    if let Some(address) = address {
        request.extensions_mut().insert(address);
    }
    let kind = kind(&request, &kinds);
    if let Err(fault) = state.limits.check(kind, None, address, None) {
        return redirect::plain(&fault);
    }
    match kind {
        Kind::Handshake => match state.limits.session(address) {
            Ok(session) => drop(request.extensions_mut().insert(session)),
            Err(fault) => return redirect::plain(&fault),
        },
        Kind::Poll if !is_own_session(&state, &request) => return unknown_session(),
        _ => {}
    }
    // Of an answer to HEAD nothing but the head is sent.
    let sends_body = request.method() != Method::HEAD;
    let link = request.extensions().get::<Link>().cloned();
    let response = next.run(request).await;
    if sends_body { outgoing::counted(&state.limits, kind, (address, link), response).await } else { response }
}

/// What a request counts as.
fn kind(request: &Request, kinds: &Kinds) -> Kind {
    if target::client_file(request).is_some() {
        return Kind::File;
    }
    if target::is_hub(request) {
        return if sid(request.uri()).is_some() { Kind::Poll } else { Kind::Handshake };
    }
    if upgrade::is_to_root(request) { Kind::Handshake } else { kinds.of(request) }
}

/// The session of Engine.IO that a request names.
pub(crate) fn sid(uri: &Uri) -> Option<&str> {
    uri.query()?.split('&').find_map(|field| field.strip_prefix("sid="))
}

/// Whether who asks is who began the session, where it speaks for anyone. To the Socket.IO server, whoever knows a
/// session's id is its owner.
fn is_own_session(state: &AppState, request: &Request) -> bool {
    let sid = sid(request.uri()).and_then(|sid| sid.parse().ok());
    sid.is_none_or(|sid| state.chat.is_own_socket(sid, request.extensions().get::<TokenHash>()))
}

/// As the Socket.IO server says it, so that nobody learns whether there is such a session.
fn unknown_session() -> Response {
    let body = r#"{"code":"1","message":"Session ID unknown"}"#;
    (StatusCode::BAD_REQUEST, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// Who sends a form, towards the limits.
pub(crate) struct Visit {
    limits: Limits,
    address: Option<Address>,
}

impl Visit {
    /// Whether something may be done once more, by someone if it is known who.
    ///
    /// # Errors
    /// `TooOften`.
    pub(crate) fn may(&self, kind: Kind, user: Option<UserId>, room: Option<RoomId>) -> Result<(), Fault> {
        self.limits.check(kind, user.map(Subject::User), self.address, room)
    }

    /// Whether so many bytes more may be stored, for someone if it is known for whom.
    ///
    /// # Errors
    /// `TooOften`.
    pub(crate) fn may_store(&self, user: Option<UserId>, bytes: usize) -> Result<(), Fault> {
        self.limits.store(user.map(Subject::User), self.address, bytes)
    }
}

impl<S> FromRequestParts<S> for Visit
where
    S: Send + Sync,
    Limits: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Self { limits: Limits::from_ref(state), address: parts.extensions.get().copied() })
    }
}
