//! The Socket.IO server as a layer of the router, and the sessions that it opens.
//!
//! Which session a request is for, and by what it is carried, is noted here: the Socket.IO server does not tell, and
//! closes nothing but sockets that have joined a namespace. A session that is polled is closed as its own client
//! would close it, by a request; one on a WebSocket goes with its connection.

use std::convert::Infallible;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use madang_common::route;
use serde::Deserialize;
use socketioxide::socket::Sid;
use tower::{ServiceExt, util::BoxCloneSyncService};

use crate::{
    net::limits::{Limits, Link, Session},
    web::{
        middleware::{outgoing, rate_limit::sid},
        target,
    },
};

/// What answers the requests of Socket.IO clients.
type Service = BoxCloneSyncService<Request, Response, Infallible>;

/// The longest answer to a handshake, in bytes.
const HANDSHAKE: usize = 4 * 1024;

/// The Socket.IO server; a cheap handle.
#[derive(Clone)]
pub(crate) struct SocketIoServer {
    service: Service,
    limits: Limits,
}

impl SocketIoServer {
    pub(crate) fn new(service: Service, limits: Limits) -> Self {
        Self { service, limits }
    }

    /// Closes the sessions that are to be closed by a request, for as long as it is polled.
    pub(crate) async fn close_sessions(self) {
        loop {
            let sid = self.limits.sessions().next_to_close().await;
            let status = self.close(sid).await;
            tracing::debug!(%status, "a session that was polled is closed");
        }
    }

    async fn close(&self, sid: Sid) -> StatusCode {
        // Packet 1 is Engine.IO's close.
        let address = format!("{}/?EIO=4&transport=polling&sid={sid}", route::SOCKET_IO);
        match Request::builder().method(Method::POST).uri(address).body(Body::from("1")) {
            Ok(request) => self.call(request).await.status(),
            Err(error) => {
                tracing::error!(%error, "an id of a session is no part of an address");
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    async fn call(&self, request: Request) -> Response {
        self.service.clone().oneshot(request).await.unwrap_or_else(|never| match never {})
    }
}

/// Answers the requests of Socket.IO clients, and hands on all others.
pub(crate) async fn serve(State(server): State<SocketIoServer>, request: Request, next: Next) -> Response {
    if !target::is_below_hub(request.uri()) {
        return next.run(request).await;
    }
    let link = request.extensions().get::<Link>().cloned();
    let begun = request.extensions().get::<Session>().cloned();
    let is_poll = request.method() == Method::GET;
    let known = sid(request.uri()).and_then(|sid| server.limits.sessions().get(sid.parse().ok()?));
    if let Some(known) = &known {
        known.heard(link.as_ref());
    }
    let response = server.call(request).await;
    match (response.status(), begun, known) {
        (StatusCode::SWITCHING_PROTOCOLS, begun, known) => {
            if let (Some(session), Some(link)) = (begun.or(known), link) {
                session.carried_by(&link);
            }
            response
        }
        (StatusCode::OK, Some(session), _) => noted(response, &session).await,
        (StatusCode::OK, None, Some(session)) if is_poll => {
            session.took_in(outgoing::length(&response).unwrap_or_default());
            response
        }
        _ => response,
    }
}

/// Notes the id by which a new session will be polled.
async fn noted(response: Response, session: &Session) -> Response {
    let (parts, body) = response.into_parts();
    // It is the server's own, short, and in memory already.
    let Ok(body) = to_bytes(body, HANDSHAKE).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    match handshake_sid(&body) {
        Some(sid) => session.polled_as(sid),
        None => tracing::error!("a handshake has no id"),
    }
    Response::from_parts(parts, Body::from(body))
}

/// The id in the answer to a handshake, before which older clients get its length.
fn handshake_sid(body: &Bytes) -> Option<Sid> {
    #[derive(Deserialize)]
    struct Open {
        sid: String,
    }
    let start = body.iter().position(|byte| *byte == b'{')?;
    let open: Open = serde_json::from_slice(&body[start..]).ok()?;
    open.sid.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handshake_of_either_line_has_an_id() {
        let sid = Sid::new();
        for body in [format!("0{{\"sid\":\"{sid}\",\"upgrades\":[]}}"), format!("97:0{{\"sid\":\"{sid}\"}}")] {
            assert_eq!(handshake_sid(&body.into()), Some(sid));
        }
        assert_eq!(handshake_sid(&Bytes::from_static(b"0{}")), None);
        assert_eq!(handshake_sid(&Bytes::from_static(b"ok")), None);
    }
}
