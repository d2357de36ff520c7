//! `GET /socket.io/socket.io.js` and its variants: the official Socket.IO client, which pages load from here.
//!
//! The files come with the built UI and are carried in the binary; see `site`. They are answered before the Socket.IO
//! server, which takes every other request to its path. The guard lets any page have them: a published script is no
//! secret.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use madang_common::route;

use super::{
    assets::{self, Embedded, Form},
    target::{CLIENT_FILES, client_file},
};

const ABSENT: &str = "This server was built without the Socket.IO client: build the UI first, then the server.\n";

/// Answers requests for the client's files, and hands on all others.
pub(crate) async fn serve(request: Request, next: Next) -> Response {
    match client_file(&request) {
        Some(name) => answer(name, request.headers(), assets::embedded),
        None => next.run(request).await,
    }
}

/// Says once, in the log, that the files are not there.
pub(crate) fn warn_if_absent() {
    let missing = CLIENT_FILES.iter().filter(|name| assets::embedded(&format!("socket.io/{name}")).is_none()).count();
    if missing > 0 {
        tracing::warn!(
            "the Socket.IO client is not part of this build: pages cannot load {}/socket.io.js from here",
            route::SOCKET_IO
        );
    }
}

fn answer(name: &str, headers: &HeaderMap, find: impl Fn(&str) -> Option<Embedded>) -> Response {
    let Some(Form { body, sha256, encoding }) = assets::form(&format!("socket.io/{name}"), headers, find) else {
        return (StatusCode::NOT_FOUND, ABSENT).into_response();
    };
    let tag = tag(&sha256);
    let is_known = is_known(headers, &tag);
    let (status, body) = if is_known { (StatusCode::NOT_MODIFIED, Body::empty()) } else { (StatusCode::OK, body) };
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    if !is_known {
        headers.insert(header::CONTENT_TYPE, content_type(name));
        headers.extend(encoding.map(|encoding| (header::CONTENT_ENCODING, encoding)));
    }
    headers.extend(HeaderValue::from_str(&tag).ok().map(|tag| (header::ETAG, tag)));
    // The name stays when the version changes, so it is asked for each time.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    // A page of another host may import it as a module.
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

fn content_type(name: &str) -> HeaderValue {
    let is_map = name.ends_with(".map");
    HeaderValue::from_static(if is_map {
        "application/json; charset=utf-8"
    } else {
        "text/javascript; charset=utf-8"
    })
}

/// A strong validator: of these very bytes, so another one for the compressed form (RFC 9110, section 8.8.3).
fn tag(sha256: &[u8; 32]) -> String {
    let digits: String = sha256.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

/// Whether `If-None-Match` lists the tag. The comparison is the weak one (RFC 9110, section 13.1.2).
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let lists = headers.get_all(header::IF_NONE_MATCH).into_iter().filter_map(|value| value.to_str().ok());
    lists
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(path: &str) -> Option<Embedded> {
        let data: &[u8] = match path {
            "socket.io/socket.io.js" => b"a script",
            "socket.io/socket.io.js.br" => b"compressed",
            "socket.io/socket.io.js.gz" => b"gzipped",
            "socket.io/socket.io.js.map" => b"{}",
            _ => return None,
        };
        Some(Embedded { data: data.into(), sha256: [data[0]; 32] })
    }

    fn ask(name: &str, headers: &[(header::HeaderName, &str)]) -> Response {
        let pairs = headers.iter().map(|(name, value)| (name.clone(), value.parse().expect("a header")));
        answer(name, &pairs.collect(), find)
    }

    fn header(response: &Response, name: header::HeaderName) -> Option<&str> {
        response.headers().get(name).map(|value| value.to_str().expect("ASCII"))
    }

    #[test]
    fn each_file_has_its_type() {
        let script = ask("socket.io.js", &[]);
        assert_eq!(script.status(), 200);
        assert_eq!(header(&script, header::CONTENT_TYPE), Some("text/javascript; charset=utf-8"));
        let map = ask("socket.io.js.map", &[]);
        assert_eq!(header(&map, header::CONTENT_TYPE), Some("application/json; charset=utf-8"));
    }

    #[test]
    fn who_has_it_is_not_sent_it_again() {
        let tag = header(&ask("socket.io.js", &[]), header::ETAG).expect("a tag").to_owned();
        assert!(tag.starts_with('"'), "a strong one: {tag}");
        for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
            let answer = ask("socket.io.js", &[(header::IF_NONE_MATCH, &known)]);
            assert_eq!(answer.status(), 304, "{known}");
            assert_eq!(header(&answer, header::ETAG), Some(tag.as_str()));
        }
        assert_eq!(ask("socket.io.js", &[(header::IF_NONE_MATCH, "\"x\"")]).status(), 200);
    }

    #[test]
    fn the_compressed_form_has_a_tag_of_its_own() {
        let plain = ask("socket.io.js", &[]);
        let small = ask("socket.io.js", &[(header::ACCEPT_ENCODING, "br")]);
        let zipped = ask("socket.io.js", &[(header::ACCEPT_ENCODING, "gzip, deflate")]);
        assert_eq!(header(&zipped, header::CONTENT_ENCODING), Some("gzip"));
        assert_ne!(header(&zipped, header::ETAG), header(&small, header::ETAG));
        assert_eq!(header(&plain, header::CONTENT_ENCODING), None);
        assert_eq!(header(&small, header::CONTENT_ENCODING), Some("br"));
        assert_ne!(header(&plain, header::ETAG), header(&small, header::ETAG));
    }

    #[test]
    fn what_is_absent_is_said_to_be() {
        assert_eq!(ask("socket.io.min.js", &[]).status(), 404);
    }
}
