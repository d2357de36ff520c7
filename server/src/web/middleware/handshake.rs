//! What must be right about a request before anyone else looks at it: whose host it asks for, and how it asks for a
//! WebSocket.
//!
//! engineioxide 0.17.9 looks at `Sec-WebSocket-Key` alone (src/transport/ws.rs:58) and answers with 101 whatever else is
//! missing; so it is looked at here, for all WebSockets alike.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use madang_common::route;

use crate::{
    net::{engineio::query_value, origin},
    web::{target, upgrade},
};

/// Refuses requests whose `Host` is missing, given twice, or no host (RFC 9112, section 3.2). Those of HTTP/1.0 may have
/// none.
pub(crate) async fn host(request: Request, next: Next) -> Response {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let is_right = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().is_ok_and(is_host),
        (None, _) => request.version() == Version::HTTP_10,
        (Some(_), Some(_)) => false,
    };
    if is_right { next.run(request).await } else { refused("This request does not name one host.\n") }
}

/// Refuses requests for a WebSocket that are no opening handshake (RFC 6455, section 4.2.1).
pub(crate) async fn web_socket(request: Request, next: Next) -> Response {
    if !asks_for_web_socket(&request) {
        return next.run(request).await;
    }
    match wrong(&request) {
        None => next.run(request).await,
        Some(sentence) => {
            let mut response = refused(sentence);
            // What would be right (section 4.4).
            response.headers_mut().insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
            response
        }
    }
}

fn refused(sentence: &'static str) -> Response {
    (StatusCode::BAD_REQUEST, sentence).into_response()
}

/// Whether a request means to open a WebSocket, by what it says or where it goes.
fn asks_for_web_socket(request: &Request) -> bool {
    if target::is_below_hub(request.uri()) {
        let transport = request.uri().query().and_then(|query| query_value(query, "transport"));
        return transport == Some("websocket");
    }
    request.uri().path() == route::WEB_SOCKET || upgrade::is_to_root(request)
}

/// What is wrong with an opening handshake.
fn wrong(request: &Request) -> Option<&'static str> {
    let headers = request.headers();
    let is_13 = |version: &HeaderValue| version.as_bytes() == b"13";
    if request.method() != Method::GET || request.version() < Version::HTTP_11 {
        Some("A WebSocket is opened by a GET request of HTTP/1.1.\n")
    } else if !upgrade::is_asked_for(headers) {
        Some("A WebSocket is opened with `Upgrade: websocket`.\n")
    } else if !upgrade::names(headers, header::CONNECTION, "upgrade") {
        Some("A WebSocket is opened with `Connection: Upgrade`.\n")
    } else if !only(headers, header::SEC_WEBSOCKET_VERSION).is_some_and(is_13) {
        Some("A WebSocket is opened with `Sec-WebSocket-Version: 13`.\n")
    } else if !only(headers, header::SEC_WEBSOCKET_KEY).is_some_and(|key| is_key(key.as_bytes())) {
        Some("A WebSocket is opened with a `Sec-WebSocket-Key` of 16 bytes in base64.\n")
    } else {
        None
    }
}

/// The value of a header that is there once.
fn only(headers: &HeaderMap, name: HeaderName) -> Option<&HeaderValue> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())
}

/// Whether this is 16 bytes in base64 (RFC 4648, section 4), whatever the bits are that are left over.
fn is_key(key: &[u8]) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    key.strip_suffix(b"==").is_some_and(|digits| digits.len() == 22 && digits.iter().all(is_digit))
}

/// Whether this is a host, with or without a port (RFC 3986, sections 3.2.2 and 3.2.3).
fn is_host(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, port)) if address.parse::<std::net::Ipv6Addr>().is_ok() => ("", port),
            _ => return false,
        },
        None => match text.find(':') {
            Some(0) | None if !is_name(text) => return false,
            Some(colon) => text.split_at(colon),
            None => (text, ""),
        },
    };
    let is_port =
        |port: &str| port.is_empty() || port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok();
    (host.is_empty() || is_name(host)) && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
}

/// Whether this is a registered name or an IPv4 address.
fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    let mut is_right = (1..=origin::HOST_BYTES).contains(&text.len());
    while let Some(byte) = bytes.next() {
        is_right &= match byte {
            b'%' => {
                let mut digit = || bytes.next().is_some_and(|byte| byte.is_ascii_hexdigit());
                digit() && digit()
            }
            byte => byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte),
        };
    }
    is_right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_from_other_texts() {
        for host in [
            "x",
            "localhost",
            "chat.example:3000",
            "127.0.0.1:80",
            "[::1]",
            "[2001:db8::1]:3000",
            "xn--9d0bm53a.example",
            "%EB%A7%88.example",
            "under_score.example",
            "example.:",
        ] {
            assert!(is_host(host), "{host}");
        }
        for other in [
            "",
            " ",
            ":",
            ":80",
            "a b",
            "a/b",
            "user@host",
            "a:b",
            "a:80:80",
            "a:65536",
            "a:+80",
            "[::1",
            "::1",
            "[]",
            "[x]",
            "[::1]x",
            "[::1]:x",
            "%zz",
            "%E",
            "a?b",
            "a#b",
            "a\\b",
            "\u{e4}",
            "a,b c",
        ] {
            assert!(!is_host(other), "{other:?}");
        }
        assert!(is_host(&"a".repeat(255)) && !is_host(&"a".repeat(256)));
    }

    #[test]
    fn a_key_is_sixteen_bytes() {
        // RFC 6455, section 1.3, and one as Node's ws 0.4 made them.
        for key in ["dGhlIHNhbXBsZSBub25jZQ==", "MTMtMTQ0NzIwMDAwMDAwMA=="] {
            assert!(is_key(key.as_bytes()), "{key}");
        }
        for other in [
            "",
            "==",
            "x",
            "dGhlIHNhbXBsZSBub25jZQ",
            "dGhlIHNhbXBsZSBub25jZQ=",
            "dGhlIHNhbXBsZSBub25jZSE=",
            "dGhlIHNhbXBsZSBub2 jZQ==",
        ] {
            assert!(!is_key(other.as_bytes()), "{other}");
        }
    }
}
