//! Link detection in messages: where links begin and end, and that each leads where it says.
//!
//! People write a link into a sentence without a space behind it: Korean particles (`https://a.example에서`), marks of full
//! width, a second link. So a link ends where its host can't go on ([`host`]), and its path ends where a sentence does
//! ([`path`]). What stands between is the page's business; `tests/links.rs` has the texts that this was made for, and
//! demands that a browser would go to the host that is read.

use super::characters::is_invisible;

mod ending;
mod host;
mod path;
mod script;

/// A piece of a message's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text as it is.
    Text(&'a str),
    /// An address, http or https, to be shown and followed.
    Link(&'a str),
}

/// Cuts a text into pieces that together are the text. Only what is written out with `http://` or `https://` is a
/// link, so no other scheme can ever be followed from a message.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut plain = 0;
    let mut from = 0;
    while let Some(start) = next_scheme(text, from) {
        // A word that ends in "http" is none, but a link may follow a link.
        let runs_on = start > plain && text[..start].ends_with(|c: char| c.is_ascii_alphanumeric());
        let length = if runs_on { 0 } else { link_length(&text[start..]) };
        if length == 0 {
            from = start + 1;
            continue;
        }
        if plain < start {
            pieces.push(Piece::Text(&text[plain..start]));
        }
        plain = start + length;
        from = plain;
        pieces.push(Piece::Link(&text[start..plain]));
    }
    if plain < text.len() {
        pieces.push(Piece::Text(&text[plain..]));
    }
    pieces
}

/// Where the next `http://` or `https://` stands.
fn next_scheme(text: &str, from: usize) -> Option<usize> {
    (from..text.len()).find(|&at| scheme_length(&text.as_bytes()[at..]) != 0)
}

fn scheme_length(bytes: &[u8]) -> usize {
    let begins = |scheme: &[u8]| bytes.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme));
    if begins(b"http://") {
        7
    } else if begins(b"https://") {
        8
    } else {
        0
    }
}

/// How many bytes at the start of `text` are a link; 0 if none is.
fn link_length(text: &str) -> usize {
    let scheme = scheme_length(text.as_bytes());
    let rest = before_next_link(&text[scheme..]);
    let host = host::length(rest);
    // What stands before an @ is a user's name, and the host behind it: `https://bank.example@evil.example`.
    let ends = |c: char| matches!(c, '/' | '?' | '#' | '\\') || is_invisible(c);
    let authority = &rest[..rest.find(ends).unwrap_or(rest.len())];
    // A browser would decode a host that is written in part by numbers, so it would not be the one that is read.
    if host == 0 || authority.contains('@') || rest[host..].starts_with('%') {
        return 0;
    }
    let end = host + port_length(&rest[host..]);
    scheme + end + path::length(&rest[end..], &rest[..host])
}

/// The text up to another link, unless that is a part of this one, as in `/web/2024/https://…` and `?to=https://…`.
fn before_next_link(text: &str) -> &str {
    let mut from = 0;
    while let Some(at) = next_scheme(text, from) {
        if !text[..at].ends_with(['/', '=', '?', '#']) {
            return &text[..at];
        }
        from = at + 1;
    }
    text
}

/// A colon and the number of a port.
fn port_length(text: &str) -> usize {
    let Some(digits) = text.strip_prefix(':') else { return 0 };
    let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    if digits[..length].parse::<u16>().is_ok() { length + 1 } else { 0 }
}
