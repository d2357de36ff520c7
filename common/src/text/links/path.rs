//! The path, query and fragment of a link, without the sentence around them.
//!
//! Almost every address that is pasted is ASCII: browsers encode the rest as they copy it. So where a path that is ASCII
//! so far turns to a script that runs on, without a `-` or the like in between, the sentence goes on: `/guide라는`, `/a查看`.
//! A list of particles could not do that: there are hundreds of them, and Chinese has none. (twitter-text ends every path
//! there; linkify-it none.) What was typed by hand stays whole, as far as it shows that it is meant as an address:
//!
//! - a segment that begins with such a script, `/문서`, unless it is nothing but a particle, `/docs/에서`;
//! - one that goes on as only addresses do, `/React란-무엇인가` and `/2024년/보고서`;
//! - the title of an article, which may be any word, `/wiki/C언어`; only a particle behind ASCII is none of it, `/wiki/C에서`;
//! - the rest of a path that has had such letters before, but for particles behind ASCII.
//!
//! A particle behind a word of its own script can't be told from the word, for titles end in them as well (`/wiki/거리에서`).
//! Only forms of "to be" are left out there, in which hardly any title ends.

use super::{
    super::characters::is_invisible,
    ending::is_ending,
    script::{ends_path, is_aside, is_letter, runs_on, unspaced, word},
};

/// Forms of "to be", which make a sentence of a noun; the longer ones first.
const TO_BE: &str = "입니다 입니까 이에요 예요 인데요 이라는 이라고";
/// The segments in front of an article's title.
const TITLES: [&str; 2] = ["wiki", "w"];

/// How many bytes at the start of `text` are path, query and fragment, behind `host`.
pub(super) fn length(text: &str, host: &str) -> usize {
    if !text.starts_with(['/', '?', '#']) {
        return 0;
    }
    let path = &text[..end(text, host)];
    let path = path.trim_end_matches(['.', ',', ':', ';', '!', '?', '\'', '*', '|', '·', '(', '[', '{', '~', '^']);
    without_to_be(path).len()
}

/// Where the path ends, with the punctuation behind it.
fn end(text: &str, host: &str) -> usize {
    let mut open = [0; 3];
    let mut segment = Segment { start: 0, is_title: false, is_ascii: host.chars().all(|c| unspaced(c).is_none()) };
    let mut before = '\0';
    for (at, c) in text.char_indices() {
        let ends = if let Some(bracket) = "([{)]}".find(c) {
            let count = &mut open[bracket % 3];
            *count += if bracket < 3 { 1 } else { -1 };
            // One that closes what was opened before the link.
            *count < 0
        } else if is_aside(c) {
            // One may look for them, and a title may be one.
            !is_aside(before) && before != '=' && !segment.is_title_at(at)
        } else {
            is_invisible(c) || ends_path(c) || segment.ends(text, at, before)
        };
        if ends {
            return at;
        }
        if matches!(c, '/' | '?' | '#' | '&' | '=') {
            segment.is_title = c == '/' && TITLES.contains(&&text[segment.start..at]);
            segment.start = at + 1;
        }
        segment.is_ascii &= unspaced(c).is_none();
        before = c;
    }
    text.len()
}

/// Where in a path one is: in what is between two of `/?#&=`.
struct Segment {
    start: usize,
    is_title: bool,
    /// Whether all of the address so far is in scripts that have spaces.
    is_ascii: bool,
}

impl Segment {
    fn is_title_at(&self, at: usize) -> bool {
        self.is_title && at == self.start
    }

    /// Whether the sentence goes on with the letter at `at`, behind the character `before`.
    fn ends(&self, text: &str, at: usize, before: char) -> bool {
        if !text[at..].starts_with(runs_on) || runs_on(before) || self.is_title_at(at) {
            return false;
        }
        let (word, rest) = word(&text[at..]);
        // What closes stands at the end of an address, and what joins (`-`, `_`, `=`, …) within it.
        let follows_ascii =
            before.is_ascii_alphanumeric() || matches!(before, ')' | ']' | '}' | '\'' | '*' | '!' | '~');
        let may_end = match before {
            _ if follows_ascii && self.is_ascii && !self.is_title => true,
            '/' | '?' | '#' | '&' => is_ending(word),
            _ => follows_ascii && is_ending(word),
        };
        may_end && !goes_on(rest)
    }
}

/// Whether an address goes on behind a word, as no sentence does.
fn goes_on(rest: &str) -> bool {
    let mut rest = rest.chars();
    match rest.next() {
        // But `을/를` is both forms of one particle.
        Some('/') => !is_ending(word(rest.as_str()).0),
        Some('-' | '_' | '=' | '&' | '%' | '+') => rest.next().is_some_and(is_letter),
        // Behind a sentence's end, the next one is in its own script.
        Some('.' | '?' | '#') => rest.next().is_some_and(|c| c.is_ascii_alphanumeric()),
        _ => false,
    }
}

/// The path without a form of "to be" behind a word in Hangul.
fn without_to_be(path: &str) -> &str {
    let before = TO_BE.split(' ').find_map(|form| path.strip_suffix(form));
    before.filter(|before| before.ends_with(|c| matches!(c, '가'..='힣'))).unwrap_or(path)
}
