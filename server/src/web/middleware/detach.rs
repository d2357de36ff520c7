//! Detaching requests: they own their memory, instead of slices of the connection's read buffer.
//!
//! Headers and address of a request are slices of hyper's read buffer, 16 KiB at least, and the Socket.IO server keeps
//! the request of each connection as long as it lasts. Copied, they pin a few hundred bytes.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Uri, header},
};

use crate::web::target;

/// The headers that the Socket.IO server and the event table look at.
const KEPT: [header::HeaderName; 8] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::COOKIE,
    header::HOST,
    header::SEC_WEBSOCKET_KEY,
    header::SEC_WEBSOCKET_VERSION,
    header::UPGRADE,
];

/// Copies what is needed of a request to the Socket.IO server, and lets the rest go.
pub(crate) async fn detach(mut request: Request) -> Request {
    if !target::is_hub(&request) {
        return request;
    }
    let mut headers = HeaderMap::with_capacity(KEPT.len());
    for name in &KEPT {
        for value in request.headers().get_all(name) {
            if let Ok(copy) = HeaderValue::from_bytes(value.as_bytes()) {
                headers.append(name, copy);
            }
        }
    }
    if let Ok(copy) = request.uri().to_string().parse::<Uri>() {
        *request.uri_mut() = copy;
    }
    *request.headers_mut() = headers;
    request
}
