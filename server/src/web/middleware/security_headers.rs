//! Security headers on every response.
//!
//! A page has a `Content-Security-Policy` of its own, which names what it loads and talks to. Whatever has none gets one
//! that allows nothing, so that an answer which is opened by itself, an error or a file, can do nothing either.

use std::env;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};

use crate::state::AppState;

/// What stands in every answer that does not say otherwise.
const ALWAYS: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Not `no-referrer`: with that a browser posts the page's own forms with `Origin: null`, which the guard refuses.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    // The icon may have styles of its own.
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
];

/// For a year the browser asks for this host by HTTPS alone. It is believed where it came by HTTPS (RFC 6797, section 8.1).
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Completes the headers of an answer.
pub(crate) async fn security_headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return response;
    }
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if state.config.secure_cookies {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    response
}

/// Where scripts and styles of a page come from, besides the files of this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sources {
    /// From nowhere.
    Files,
    /// Wasm, which a script in the page starts.
    Wasm,
    /// The same, with styles in attributes, which no nonce covers: an avatar's hue.
    WasmAndStyles,
}

/// The policy of a page. `nonce` marks the scripts in it; `sockets` is from [`sockets`].
pub(crate) fn of_page(sources: Sources, nonce: Option<&str>, sockets: &str) -> HeaderValue {
    let nonce = nonce.map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
    let (wasm, style) = match sources {
        Sources::Files => ("", ""),
        Sources::Wasm => (" 'wasm-unsafe-eval'", ""),
        Sources::WasmAndStyles => (" 'wasm-unsafe-eval'", " 'unsafe-inline'"),
    };
    let policy = format!(
        "default-src 'self'; script-src 'self'{nonce}{wasm}; style-src 'self'{style}; img-src 'self' data:; \
         connect-src 'self'{sockets}; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    // A nonce is base64 and a host is checked, so all of it may stand in a header.
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"))
}

/// Where a page may open WebSockets, as it stands in a policy: at the host that it was asked from, by name. `'self'`
/// covers them in every browser but Safari before 15.4.
pub(crate) fn sockets(headers: &HeaderMap) -> String {
    // `cargo leptos watch` reloads the page over a WebSocket of its own, at another port.
    if env::var_os("LEPTOS_WATCH").is_some() {
        return " ws:".to_owned();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).filter(|host| is_plain(host));
    host.map(|host| format!(" ws://{host} wss://{host}")).unwrap_or_default()
}

/// Whether a host is a name or an IPv4 address, with or without a port. Anything else could say more in a policy than it
/// should, and IPv6 addresses cannot stand there (Content Security Policy Level 3, section 2.3.1).
fn is_plain(host: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    !host.is_empty() && host.len() <= 255 && host.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sockets_of(host: &'static str) -> String {
        sockets(&HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(host))]))
    }

    #[test]
    fn a_page_may_open_sockets_at_its_own_host() {
        assert_eq!(sockets_of("chat.example:3000"), " ws://chat.example:3000 wss://chat.example:3000");
        assert_eq!(sockets(&HeaderMap::new()), "");
    }

    #[test]
    fn a_host_cannot_add_to_the_policy() {
        for host in ["a; script-src *", "a, default-src *", "* ws:", "a ws:", "", "[::1]:3000", "a/b", "*"] {
            assert_eq!(sockets_of(host), "", "{host}");
        }
    }

    #[test]
    fn only_marked_scripts_run_and_nobody_frames_the_page() {
        let policy = of_page(Sources::Wasm, Some("abc"), " ws://h wss://h");
        let policy = policy.to_str().expect("ASCII");
        assert!(policy.contains("script-src 'self' 'nonce-abc' 'wasm-unsafe-eval';"), "{policy}");
        assert!(policy.contains("style-src 'self';"), "{policy}");
        assert!(policy.contains("connect-src 'self' ws://h wss://h;"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!of_page(Sources::Files, None, "").to_str().expect("ASCII").contains("unsafe"));
    }
}
