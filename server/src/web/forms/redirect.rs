//! Redirects after a form: always 303, so that a reload does not post again.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use madang_common::fault::{Fault, FaultCode};
use madang_common::route;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What may stand in a part of an address as it is (RFC 3986, section 2.3).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `text` as a segment of a path or a value of a query.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// The address of a room.
pub(crate) fn room_path(slug: &str) -> String {
    route::with(route::ROOM, &encode(slug))
}

/// `path` with a query of those `fields` that have a value.
pub(crate) fn with_query(path: &str, fields: &[(&str, &str)]) -> String {
    let query: Vec<String> = fields
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// The path to lead to if it is one of this site, else `otherwise`. A path that begins with two slashes, or with a
/// backslash that browsers take for a slash, is another site's.
pub(crate) fn same_site<'a>(path: Option<&'a str>, otherwise: &'a str) -> &'a str {
    let is_same_site = |path: &&str| {
        let rest = path.strip_prefix('/');
        rest.is_some_and(|rest| !rest.starts_with(['/', '\\']) && !path.contains(|c: char| c.is_control()))
    };
    path.filter(is_same_site).unwrap_or(otherwise)
}

/// Leads to `path`, whatever characters are in it.
pub(crate) fn to(path: &str) -> Redirect {
    Redirect::to(&location(path))
}

/// Leads to `path` from an address that stands for the same, whatever the method.
pub(crate) fn for_good(path: &str) -> Redirect {
    Redirect::permanent(&location(path))
}

fn location(path: &str) -> String {
    // What is not ASCII cannot stand in a header; the rest is part of an address already.
    const LOCATION: &AsciiSet = &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>');
    utf8_percent_encode(path, LOCATION).to_string()
}

/// A fault where there is no page to lead to.
pub(crate) fn plain(fault: &Fault) -> Response {
    let status = match fault.code {
        FaultCode::NotFound => StatusCode::NOT_FOUND,
        FaultCode::NotSignedIn => StatusCode::UNAUTHORIZED,
        FaultCode::NotAMember
        | FaultCode::NotYours
        | FaultCode::TooManyRooms
        | FaultCode::InTooManyRooms
        | FaultCode::LobbyStays
        | FaultCode::SwitchedOff => StatusCode::FORBIDDEN,
        FaultCode::NameTaken | FaultCode::RoomExists | FaultCode::Deleted => StatusCode::CONFLICT,
        FaultCode::TooOften => StatusCode::TOO_MANY_REQUESTS,
        FaultCode::TooBusy | FaultCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        FaultCode::Malformed | FaultCode::ForbiddenCharacter | FaultCode::UnknownEvent => StatusCode::BAD_REQUEST,
    };
    let mut response = (status, format!("{}\n", fault.message)).into_response();
    if let Some(millis) = fault.again_in {
        // In whole seconds (RFC 9110, section 10.2.3), and not too early.
        response.headers_mut().insert(header::RETRY_AFTER, millis.div_ceil(1_000).into());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for own in ["/", "/r/lobby", "/r/공지?a=b"] {
            assert_eq!(same_site(Some(own), "/x"), own);
        }
        for other in ["", "//evil.example", "/\\evil.example", "http://evil.example", "r/lobby", "/\r\nSet-Cookie: a"]
        {
            assert_eq!(same_site(Some(other), "/x"), "/x", "{other:?}");
        }
        assert_eq!(same_site(None, "/x"), "/x");
    }

    #[test]
    fn addresses_are_ascii() {
        assert_eq!(room_path("공지"), "/r/%EA%B3%B5%EC%A7%80");
        assert_eq!(with_query("/", &[("name", "a b&c"), ("next", "")]), "/?name=a%20b%26c");
    }
}
