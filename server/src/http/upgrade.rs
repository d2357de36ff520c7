//! Requests that ask for a WebSocket.

use axum::{
    extract::{Request, State},
    handler::Handler,
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
    routing::MethodRouter,
};

/// Whether a request asks for another protocol on its connection.
pub(super) fn is_asked_for(headers: &HeaderMap) -> bool {
    headers.contains_key(header::UPGRADE)
}

/// At `/`, where a page is for everyone else, a request for an upgrade gets the plain WebSocket.
pub(super) async fn at_root(State(plain): State<MethodRouter>, request: Request, next: Next) -> Response {
    if request.uri().path() == "/" && is_asked_for(request.headers()) {
        Handler::call(plain, request, ()).await
    } else {
        next.run(request).await
    }
}
