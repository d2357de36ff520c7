//! What no request gets past: foreign pages, and bodies that are too long for the hub.

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use madang_common::limits::FRAME_BYTES;

use super::{target, upgrade};
use crate::{origin, state::AppState};

/// Refuses requests that could do harm if a foreign page made them: posts, and all that goes to the Socket.IO server or
/// asks for a WebSocket, whose answers a foreign page could read. A body that is too long for the Socket.IO server is
/// refused here, because there it would end the connection.
pub(super) async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let to_hub = target::is_hub(&request);
    let only_reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let harmless = only_reads && !to_hub && !upgrade::is_asked_for(request.headers());
    if !harmless && !origin::is_allowed(request.headers(), request.uri(), &state.config.allow_origin) {
        return (StatusCode::FORBIDDEN, "This page may not talk to this server: its origin is not allowed.\n")
            .into_response();
    }
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if to_hub && length.is_some_and(|length: u64| length > FRAME_BYTES as u64) {
        return (StatusCode::PAYLOAD_TOO_LARGE, "This is longer than a frame may be.\n").into_response();
    }
    next.run(request).await
}
