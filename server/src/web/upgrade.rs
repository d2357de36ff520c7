//! Requests for a WebSocket upgrade.

use axum::{
    extract::{Request, State},
    handler::Handler,
    http::{HeaderMap, HeaderName, header},
    middleware::Next,
    response::Response,
    routing::MethodRouter,
};
use madang_common::route;

/// Whether a request asks for a WebSocket on its connection.
pub(crate) fn is_asked_for(headers: &HeaderMap) -> bool {
    names(headers, header::UPGRADE, "websocket")
}

/// Whether a header that holds a list has `token` in it, in whatever case (RFC 9110, section 5.6.1).
pub(crate) fn names(headers: &HeaderMap, header: HeaderName, token: &str) -> bool {
    let lists = headers.get_all(header).into_iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|entry| entry.trim().eq_ignore_ascii_case(token))
}

/// Whether a request asks for a WebSocket at `/`.
pub(crate) fn is_to_root(request: &Request) -> bool {
    request.uri().path() == route::JOIN_PAGE && is_asked_for(request.headers())
}

/// At `/`, where a page is for everyone else, a request for an upgrade gets the plain WebSocket.
pub(crate) async fn at_root(State(plain): State<MethodRouter>, request: Request, next: Next) -> Response {
    if is_to_root(&request) { Handler::call(plain, request, ()).await } else { next.run(request).await }
}
