//! Requests that ask for a WebSocket.

use axum::{
    extract::{Request, State},
    handler::Handler,
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
    routing::MethodRouter,
};

/// Whether a request asks for a WebSocket on its connection.
pub(super) fn is_asked_for(headers: &HeaderMap) -> bool {
    headers.get(header::UPGRADE).is_some_and(|protocol| protocol.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Whether a request asks for a WebSocket at `/`.
pub(super) fn is_to_root(request: &Request) -> bool {
    request.uri().path() == "/" && is_asked_for(request.headers())
}

/// At `/`, where a page is for everyone else, a request for an upgrade gets the plain WebSocket.
pub(super) async fn at_root(State(plain): State<MethodRouter>, request: Request, next: Next) -> Response {
    if is_to_root(&request) { Handler::call(plain, request, ()).await } else { next.run(request).await }
}
