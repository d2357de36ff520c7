//! The host of a link, in whatever script it is written.
//!
//! Letters go on with a host, `ß` in `fußball.de` as well as `a`. Only a script that runs on without spaces may be the
//! sentence instead: `example.com에서`. It is, behind what could be a top-level domain, unless another label follows that
//! could be one: `www.kbs뉴스.com`. What is no host that a browser takes as it is read is no link at all, rather than a link
//! to the part of it that is understood here.

use super::{
    ending::is_ending,
    script::{Script, is_letter, unspaced, word},
};

/// Top-level domains in Hangul (IANA's root zone); others are not told from what follows them.
const HANGUL_DOMAINS: [&str; 4] = ["한국", "닷컴", "닷넷", "삼성"];
/// The longest label that there is, in characters (RFC 1035, section 2.3.4).
const LONGEST_LABEL: usize = 63;

/// How many bytes at the start of `text` are a host that a browser takes as it is read; 0 if none is.
pub(super) fn length(text: &str) -> usize {
    if let Some(inner) = text.strip_prefix('[') {
        let length = inner.find(|c: char| !c.is_ascii_hexdigit() && c != ':' && c != '.').unwrap_or(inner.len());
        let is_address = inner[length..].starts_with(']') && inner[..length].matches(':').count() > 1;
        return if is_address { length + 2 } else { 0 };
    }
    let run = run(text);
    // Nothing is in the last label but a dot: it ends a sentence.
    let host = text[..run].trim_end_matches(['-', '_', '.']);
    let label = host.rfind('.').map_or(0, |dot| dot + 1);
    let ends = |domain: &str| {
        let behind = host[label..].strip_prefix(domain);
        label > 0 && behind.is_some_and(|behind| behind.chars().next().is_none_or(|c| unspaced(c).is_some()))
    };
    let known = HANGUL_DOMAINS.iter().find(|domain| ends(domain));
    let end = known.map_or_else(|| one_script(host, label), |domain| label + domain.len());
    if end == host.len() && known.is_none() && is_cut_short(text, run) || !is_what_it_seems(&host[..end], label) {
        return 0;
    }
    end
}

/// How many bytes are labels and dots, up to where the sentence goes on.
fn run(text: &str) -> usize {
    let mut label = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        if c == '.' && at > label {
            label = at + 1;
            before = None;
            continue;
        }
        if !is_host_character(c) || at > label && may_end(text, label, at, before, unspaced(c)) {
            return at;
        }
        before = unspaced(c);
    }
    text.len()
}

/// Whether the sentence may go on within a label, at a letter of the script `after`, because what stands before could be
/// a host's end and what follows is none.
fn may_end(text: &str, label: usize, at: usize, before: Option<Script>, after: Option<Script>) -> bool {
    let turns = after.is_some() && after != before;
    let is_complete = turns && before.is_none() && is_complete(&text[..at], label)
        || after.is_some() && label > 0 && HANGUL_DOMAINS.contains(&&text[label..at])
        // A particle, for what else would it be behind another script?
        || turns && after == Some(Script::Hangul);
    is_complete && (is_long_particle(&text[at..]) || !has_domain_behind(&text[at..]))
}

/// Whether a host whose last label begins at `label` may end there: the label could be a top-level domain.
fn is_complete(host: &str, label: usize) -> bool {
    let last = &host[label..];
    last.eq_ignore_ascii_case("localhost") || label > 0 && is_top_level(last) || is_ipv4(host)
}

fn is_top_level(label: &str) -> bool {
    is_encoded(label)
        || label.chars().nth(1).is_some() && label.chars().all(|c| c.is_ascii_alphabetic() || !c.is_ascii())
}

/// Whether a label is an encoded one, which alone may have digits and still be a top-level domain.
fn is_encoded(label: &str) -> bool {
    label.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case("xn--"))
}

/// Whether a particle of several syllables follows; of a single one there are names, as in `kbs도.com`.
fn is_long_particle(text: &str) -> bool {
    let (word, _) = word(text);
    word.chars().nth(1).is_some() && is_ending(word)
}

/// Whether a dot and what could be a domain follow behind the label that `text` begins with the rest of.
fn has_domain_behind(text: &str) -> bool {
    let mut label = text.char_indices().take(LONGEST_LABEL);
    let end = label.find(|(_, c)| !is_host_character(*c)).map_or(text.len(), |(end, _)| end);
    let Some(next) = text[end..].strip_prefix('.') else { return false };
    let is_spaced = |c: char| is_host_character(c) && unspaced(c).is_none();
    let length = next.find(|c| !is_spaced(c)).unwrap_or(next.len());
    let goes_on = next[length..].strip_prefix('.').is_some_and(|rest| rest.starts_with(is_host_character));
    // A single letter is a word: `에서.I think`.
    is_top_level(&next[..length])
        || length > 0 && goes_on
        || HANGUL_DOMAINS.iter().any(|domain| next.starts_with(domain))
}

/// Where the last label of a host ends, which begins at `label`. No top-level domain is written in two scripts, so a second
/// one that runs on belongs to the sentence.
fn one_script(host: &str, label: usize) -> usize {
    // A label that is the whole host is a name of somebody's own, such as `日本のサイト`.
    let script = |c| if label > 0 { unspaced(c) } else { unspaced(c).map(|_| Script::Han) };
    let mut letters = host[label..].char_indices();
    let first = letters.next().and_then(|(_, c)| script(c));
    let runs_on = |(_, c): &(usize, char)| script(*c).is_some_and(|script| Some(script) != first);
    letters.find(runs_on).map_or(host.len(), |(at, _)| label + at)
}

/// Whether a host goes on at `end` with a letter that is none of a host's here: what was read is a part of its name.
fn is_cut_short(text: &str, end: usize) -> bool {
    let Some(next) = text[end..].chars().next() else { return false };
    let is_letter = !next.is_ascii() && is_letter(next);
    let last = text[..end].chars().next_back().and_then(unspaced);
    is_letter && !is_host_letter(next) && (unspaced(next).is_none() || last.is_some())
}

/// Whether a browser would not take the host for another: `2130706433`, `127.1` and `0x7f.1` are all 127.0.0.1 (URL
/// Standard, section 3.5).
fn is_what_it_seems(host: &str, label: usize) -> bool {
    let last = &host[label..];
    let is_number =
        last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x") || last.starts_with("0X");
    !is_number || is_ipv4(host)
}

fn is_ipv4(host: &str) -> bool {
    let is_part = |part: &str| part.parse::<u8>().is_ok() && (part.len() == 1 || !part.starts_with('0'));
    host.split('.').count() == 4 && host.split('.').all(is_part)
}

fn is_host_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || is_host_letter(c)
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
