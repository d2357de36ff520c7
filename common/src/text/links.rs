//! The links of a message: where they begin and end, and that each leads where it says.
//!
//! People write a link into a sentence without a space behind it: Korean particles (`https://a.example에서`), marks of full
//! width, a second link. So a link ends where its host can't go on, and its path ends where a sentence does. What stands
//! between is the page's business; `tests/links.rs` has the texts that this was made for, and demands that a browser
//! would go to the host that is read.

use super::characters::is_invisible;

/// Korean particles and endings, as they are written behind an address.
const PARTICLES: &str = " 을 를 은 는 이 가 의 에 에서 에서는 에서도 에는 에도 로 으로 로는 으로는 와 과 도 만 까지 부터 에게 한테 \
    랑 이랑 하고 처럼 보다 라고 이라고 입니다 이에요 예요 이야 야 인데 이고 이나 ";
/// Top-level domains in Hangul (IANA's root zone); others are not told from what follows them.
const HANGUL_DOMAINS: [&str; 4] = ["한국", "닷컴", "닷넷", "삼성"];

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
    let host = host_length(rest);
    // What stands before an @ is a user's name, and the host behind it: `https://bank.example@evil.example`.
    let ends = |c: char| matches!(c, '/' | '?' | '#' | '\\') || is_invisible(c);
    let authority = &rest[..rest.find(ends).unwrap_or(rest.len())];
    // A browser would decode a host that is written in part by numbers, so it would not be the one that is read.
    if host == 0 || authority.contains('@') || rest[host..].starts_with('%') {
        return 0;
    }
    let end = host + port_length(&rest[host..]);
    scheme + end + path_length(&rest[end..])
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

/// How many bytes at the start of `text` are a host that a browser takes as it is read; 0 if none is.
fn host_length(text: &str) -> usize {
    if let Some(inner) = text.strip_prefix('[') {
        let length = inner.find(|c: char| !c.is_ascii_hexdigit() && c != ':' && c != '.').unwrap_or(inner.len());
        let is_address = inner[length..].starts_with(']') && inner[..length].matches(':').count() > 1;
        return if is_address { length + 2 } else { 0 };
    }
    let mut end = 0;
    let mut label = 0;
    for (at, c) in text.char_indices() {
        if c == '.' && at > label {
            label = at + 1;
            continue;
        }
        let is_foreign = is_host_letter(c);
        let goes_on = c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || is_foreign;
        if !goes_on || is_foreign && is_complete(&text[..at], label) {
            break;
        }
        end = at + c.len_utf8();
    }
    // Nothing is in the last label but a dot: it ends a sentence.
    let host = text[..end].trim_end_matches(['-', '_', '.']);
    let label = host.rfind('.').map_or(0, |dot| dot + 1);
    // No top-level domain is written in two scripts, so the second one belongs to the sentence.
    let is_ascii = host[label..].starts_with(|c: char| c.is_ascii());
    let other = host[label..].find(|c: char| c.is_ascii() != is_ascii).map_or(host.len(), |at| label + at);
    let known = HANGUL_DOMAINS.iter().find(|domain| label > 0 && host[label..].starts_with(**domain));
    let host = &host[..known.map_or(other, |domain| label + domain.len())];
    if is_what_it_seems(host, label) { host.len() } else { 0 }
}

/// Whether a host whose last label begins at `label` may end before a letter that is not ASCII: the label could be a
/// top-level domain.
fn is_complete(host: &str, label: usize) -> bool {
    let last = &host[label.min(host.len())..];
    last.eq_ignore_ascii_case("localhost")
        || label > 0 && last.len() > 1 && last.chars().all(|c| c.is_ascii_alphabetic())
        || is_ipv4(host)
}

/// Whether a browser would not take the host for another: `2130706433`, `127.1` and `0x7f.1` are all 127.0.0.1 (URL
/// Standard, section 3.5).
fn is_what_it_seems(host: &str, label: usize) -> bool {
    let last = &host[label.min(host.len())..];
    let is_number =
        last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x") || last.starts_with("0X");
    !is_number || is_ipv4(host)
}

fn is_ipv4(host: &str) -> bool {
    let is_part = |part: &str| part.parse::<u8>().is_ok() && (part.len() == 1 || !part.starts_with('0'));
    host.split('.').count() == 4 && host.split('.').all(is_part)
}

/// The letters that are not ASCII and that a host may have without being changed by a browser but for their case, of
/// the scripts that domains are mostly written in (IDNA Mapping Table, UTS 46): what a host is read as is what it is.
fn is_host_letter(c: char) -> bool {
    matches!(
        c,
        // Latin, without those that stand for two letters or another one.
        '\u{df}'..='\u{f6}' | '\u{f8}'..='\u{12f}' | '\u{134}'..='\u{13e}' | '\u{141}'..='\u{148}' | '\u{14a}'..='\u{17e}'
            | '\u{1ea0}'..='\u{1ef9}'
            // Greek and Cyrillic, Hebrew, Arabic.
            | '\u{3ac}'..='\u{3ce}' | '\u{400}'..='\u{45f}' | '\u{490}'..='\u{491}' | '\u{5d0}'..='\u{5ea}'
            | '\u{621}'..='\u{63a}' | '\u{641}'..='\u{64a}' | '\u{679}'..='\u{6d3}'
            // Devanagari and Thai.
            | '\u{904}'..='\u{939}' | '\u{93e}'..='\u{94d}' | '\u{e01}'..='\u{e32}' | '\u{e34}'..='\u{e39}'
            | '\u{e40}'..='\u{e4d}'
            // Kana, Han and Hangul.
            | '\u{3005}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}' | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{20000}'..='\u{2a6df}'
    )
}

/// A colon and the number of a port.
fn port_length(text: &str) -> usize {
    let Some(digits) = text.strip_prefix(':') else { return 0 };
    let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    if digits[..length].parse::<u16>().is_ok() { length + 1 } else { 0 }
}

/// How many bytes at the start of `text` are path, query and fragment, without the punctuation of the sentence around
/// them.
fn path_length(text: &str) -> usize {
    if !text.starts_with(['/', '?', '#']) {
        return 0;
    }
    let mut open = [0; 3];
    let ends = |c: char| {
        let Some(bracket) = "([{)]}".find(c) else { return is_invisible(c) || ends_path(c) };
        let count = &mut open[bracket % 3];
        if bracket < 3 {
            *count += 1;
        } else {
            *count -= 1;
        }
        // One that closes what was opened before the link.
        *count < 0
    };
    let path = &text[..text.find(ends).unwrap_or(text.len())];
    let path = path.trim_end_matches(['.', ',', ':', ';', '!', '?', '\'', '*', '|', '·', '(', '[', '{']);
    without_particle(path).len()
}

/// Marks that stand in sentences and, but for being encoded, in no address: quotation marks, markup, arrows, and the
/// punctuation of East Asia.
fn ends_path(c: char) -> bool {
    matches!(
        c,
        '<' | '>' | '"' | '`' | '\\' | '«' | '»' | '\u{2014}' | '\u{2015}' | '\u{2018}'..='\u{201f}' | '…' | '‹' | '›'
            | '\u{2190}'..='\u{21ff}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}'
            | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}'
    )
}

/// The path without a Korean particle behind ASCII: in `/guide에서` it is one, in `/마당에서` it can't be told.
fn without_particle(path: &str) -> &str {
    let before = path.trim_end_matches(|c| matches!(c, '가'..='힣'));
    let may_end = before == "/" || before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == ')');
    let particle = &path[before.len()..];
    let is_particle = !particle.is_empty() && PARTICLES.contains(&[" ", particle, " "].concat());
    if may_end && is_particle { before } else { path }
}
