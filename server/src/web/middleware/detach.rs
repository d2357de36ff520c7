//! Detaching requests: they own their memory, instead of slices of the connection's read buffer.
//!
//! Headers and address of a request are slices of hyper's read buffer, 16 KiB at least, and the Socket.IO server keeps
//! the request of each connection as long as it lasts. Copied, they pin a few hundred bytes.

use axum::{
    extract::{OriginalUri, Request},
    http::{HeaderMap, HeaderValue, Uri, header},
};

use crate::web::target;

/// The headers that the Socket.IO server looks at: of polls, and of an upgrade, which has been checked before.
const KEPT: [header::HeaderName; 3] = [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::SEC_WEBSOCKET_KEY];

/// Copies what is needed of a request to the Socket.IO server, and lets the rest go.
pub(crate) async fn detach(mut request: Request) -> Request {
    if !target::is_hub(&request) {
        return request;
    }
    let mut headers = HeaderMap::new();
    for name in &KEPT {
        for value in request.headers().get_all(name) {
            if let Ok(copy) = HeaderValue::from_bytes(value.as_bytes()) {
                headers.append(name, copy);
            }
        }
    }
    if let Ok(copy) = request.uri().to_string().parse::<Uri>() {
        // axum keeps another, from before the routes.
        request.extensions_mut().insert(OriginalUri(copy.clone()));
        *request.uri_mut() = copy;
    }
    *request.headers_mut() = headers;
    request
}
