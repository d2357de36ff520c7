//! Body buffering: request bodies are received completely, within a deadline, before any handler runs.
//!
//! This is the one place where its length is limited: all that comes after has it in memory. The Socket.IO server would
//! end its connection over one that is longer, so it never sees any.
//!
//! The Socket.IO server would read it piece by piece: a client that sends a byte now and then holds the request for as
//! long as it likes, and some of its decoders look at all that has come with every piece.

use axum::{
    body::{Body, HttpBody},
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::StreamExt;
use madang_common::limits::FRAME_BYTES;
use tokio::time::timeout;

use crate::{net::limits::Address, state::AppState, web::target};

const BINARY: HeaderValue = HeaderValue::from_static("application/octet-stream");
const TOO_LONG: &str = "This is longer than a frame may be.\n";

/// Reads the body, unless it is too long, too slow, or no text where it should be one.
pub(crate) async fn buffer_body(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let address = request.extensions().get::<Address>().copied();
    // It may come without a length.
    let length = match request.body().size_hint().upper().map(usize::try_from) {
        Some(Ok(length)) if length <= FRAME_BYTES => Some(length),
        // Nothing of it is read; hyper ends the connection unless the rest of it is there already.
        Some(_) => return (StatusCode::PAYLOAD_TOO_LARGE, TOO_LONG).into_response(),
        None => None,
    };
    let Some((place, lost)) = state.limits.body(address, length.unwrap_or(FRAME_BYTES)) else {
        return too_many();
    };
    let (parts, body) = request.into_parts();
    let collected = tokio::select! {
        collected = timeout(state.config.deadlines.body, collect(body, length.unwrap_or_default())) => collected,
        () = lost => return too_many(),
    };
    let body = match collected {
        Ok(Ok(body)) => body,
        Ok(Err(Unusable::TooLong)) => {
            return refused(StatusCode::PAYLOAD_TOO_LARGE, TOO_LONG);
        }
        Ok(Err(Unusable::Broken)) => return refused(StatusCode::BAD_REQUEST, "This is no body of a request.\n"),
        Err(_) => return refused(StatusCode::REQUEST_TIMEOUT, "This took too long to come in.\n"),
    };
    drop(place);
    // To the Socket.IO server it would be a reason to end the connection.
    let is_text = parts.headers.get(header::CONTENT_TYPE) != Some(&BINARY);
    if is_text && target::is_below_hub(&parts.uri) && std::str::from_utf8(&body).is_err() {
        return (StatusCode::BAD_REQUEST, "This is no UTF-8.\n").into_response();
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// Why a body is not read to its end.
enum Unusable {
    TooLong,
    /// It breaks off, or its chunks are none (RFC 9112, section 7.1).
    Broken,
}

/// All of a body, in one piece. Kept as the pieces that it came in, each byte could take as much memory as forty.
async fn collect(body: Body, length: usize) -> Result<Vec<u8>, Unusable> {
    let mut whole = Vec::with_capacity(length);
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        // Here a body has no limit but this one: every error is hyper's, about how it is written.
        let piece = piece.map_err(|_| Unusable::Broken)?;
        if whole.len() + piece.len() > FRAME_BYTES {
            return Err(Unusable::TooLong);
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole)
}

fn too_many() -> Response {
    refused(StatusCode::TOO_MANY_REQUESTS, "Too many requests are on their way. Please try again.\n")
}

/// What is still to come of the body is not read, so the connection ends.
fn refused(status: StatusCode, sentence: &'static str) -> Response {
    (status, [(header::CONNECTION, "close")], sentence).into_response()
}
