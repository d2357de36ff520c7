//! Engine.IO 3 (Socket.IO 1.x and 2.x) over long polling, which the Socket.IO server lacks.
//!
//! What their WebSockets need is in [`crate::net::engineio`]; polling bodies are corrected here in the same way. And the
//! bodies need more, as the two lines write them differently and say nowhere in a
//! request which of them they are:
//!
//! | | 1.x | 2.x |
//! |---|---|---|
//! | text body, sent when the client can do no better (`b64=1`: Node, old browsers) | UTF-8 of the UTF-8 | UTF-8 |
//! | binary body, sent and wanted by 1.x in any browser since 2012 | UTF-8 | UTF-8 |
//! | text answer to a client that takes binary ones | dropped unread, even the handshake | read |
//!
//! So an answer is given a shape that both read alike: binary where `b64=1` is not said, else ASCII, with `\u` escapes
//! in its JSON. And a text body that is twice encoded is decoded once. `EIO=4` passes untouched, and so does whatever
//! is not a polling body.
//!
//! There is no JSONP: a `<script>` carries cookies and no `Origin`, so it would be the one way around the guard, for
//! browsers that nobody has any more.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    net::engineio::{CLOSE, NOOP},
    web::target,
};

mod payload;

const BINARY: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// Translates the polling bodies of old clients, in both directions.
pub(crate) async fn help(request: Request, next: Next) -> Response {
    let Some(poll) = OldPoll::of(request.uri()) else { return next.run(request).await };
    match *request.method() {
        Method::POST => match repaired(request).await {
            Ok(request) => next.run(request).await,
            Err(refusal) => refusal,
        },
        Method::GET => readable(next.run(request).await, poll.takes_binary).await,
        _ => next.run(request).await,
    }
}

/// A polling request of an old client.
struct OldPoll {
    takes_binary: bool,
}

impl OldPoll {
    fn of(uri: &Uri) -> Option<Self> {
        let said = |pair: &str| uri.query().is_some_and(|query| query.split('&').any(|said| said == pair));
        let is_old_poll = target::is_below_hub(uri) && said("EIO=3") && said("transport=polling");
        is_old_poll.then(|| Self { takes_binary: !said("b64=1") && !said("b64=true") })
    }
}

/// The request with its body encoded once, whatever it was before, and queries set apart from namespaces.
async fn repaired(request: Request) -> Result<Request, Response> {
    let (mut parts, body) = request.into_parts();
    // It is in memory already, no longer than a frame may be.
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
    };
    let mut body = Vec::from(body);
    let is_binary = parts.headers.get(header::CONTENT_TYPE) == Some(&BINARY);
    if !is_binary && let Some(decoded) = std::str::from_utf8(&body).ok().and_then(payload::decoded_once) {
        body = decoded.into_bytes();
    }
    payload::mark_queries(&mut body, is_binary);
    set_length(&mut parts.headers, body.len());
    Ok(Request::from_parts(parts, Body::from(body)))
}

/// The answer in the shape that every old client reads.
async fn readable(response: Response, takes_binary: bool) -> Response {
    let is_text = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|content_type| content_type.as_bytes().starts_with(b"text/plain"));
    if response.status() != StatusCode::OK || !is_text {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // It is the server's own and in memory already; an error is one of a body that fails by itself, which none does.
    let Ok(text) = to_bytes(body, usize::MAX).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let mut packets = std::str::from_utf8(&text).ok().and_then(payload::packets);
    for packet in packets.iter_mut().flatten().filter(|packet| **packet == CLOSE) {
        *packet = NOOP;
    }
    let body = match packets {
        Some(packets) if takes_binary && !packets.is_empty() => {
            parts.headers.insert(header::CONTENT_TYPE, BINARY);
            Bytes::from(payload::binary(&packets))
        }
        Some(packets) => Bytes::from(payload::ascii(&packets)),
        None => text,
    };
    set_length(&mut parts.headers, body.len());
    Response::from_parts(parts, Body::from(body))
}

fn set_length(headers: &mut HeaderMap, length: usize) {
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_polls_of_old_clients_are_touched() {
        let takes_binary = |uri: &'static str| OldPoll::of(&Uri::from_static(uri)).map(|poll| poll.takes_binary);
        assert_eq!(takes_binary("/socket.io/?EIO=3&transport=polling&t=1-0"), Some(true));
        assert_eq!(takes_binary("/socket.io/?EIO=3&transport=polling&t=1-0&b64=1&sid=x"), Some(false));
        assert_eq!(takes_binary("/socket.io/?EIO=4&transport=polling"), None);
        assert_eq!(takes_binary("/socket.io/?EIO=4&transport=polling&b64=1&not=EIO=3"), None);
        assert_eq!(takes_binary("/socket.io/?EIO=3&transport=websocket"), None);
        assert_eq!(takes_binary("/elsewhere?EIO=3&transport=polling"), None);
        assert_eq!(takes_binary("/socket.io/"), None);
    }
}
