//! Scripts whose sentences continue after a link without a space, and characters that are no letters.

use super::super::characters::is_invisible;

/// A script that is written without spaces between words; and Hangul, whose particles follow a word without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    Hangul,
    Hiragana,
    Katakana,
    Han,
    /// Thai, and its neighbours Lao, Tibetan, Myanmar and Khmer.
    Southern,
}

/// The script of a letter whose sentence may run on behind a link; none for all others, letters or not.
pub(super) fn unspaced(c: char) -> Option<Script> {
    match c {
        '\u{1100}'..='\u{11ff}'
        | '\u{3131}'..='\u{318e}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}'
        | '\u{ffa1}'..='\u{ffdc}' => Some(Script::Hangul),
        '\u{3041}'..='\u{309f}' => Some(Script::Hiragana),
        '\u{30a0}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}' => Some(Script::Katakana),
        '\u{3005}'..='\u{3007}'
        | '\u{3105}'..='\u{312f}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' => Some(Script::Han),
        '\u{e00}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' => Some(Script::Southern),
        _ => None,
    }
}

/// What is said by single signs: emoji and other symbols, and Hangul's letters by themselves (`ㅋㅋ`, `ㅠㅠ`).
pub(super) fn is_aside(c: char) -> bool {
    matches!(c, '\u{3131}'..='\u{318e}' | '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// Whether a letter is one of a word that may run on behind a link.
pub(super) fn runs_on(c: char) -> bool {
    unspaced(c).is_some() && !is_aside(c)
}

/// The letters that run on at the start of `text`, and what is behind them.
pub(super) fn word(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c| !runs_on(c)).unwrap_or(text.len()))
}

/// Whether a character is a letter or a digit. Of what is not ASCII all is, for want of a table, that is not known to be a
/// mark.
pub(super) fn is_letter(c: char) -> bool {
    let is_mark = ends_path(c)
        || is_aside(c)
        || is_invisible(c)
        || matches!(
            c,
            '\u{a1}'..='\u{a9}' | '\u{ab}'..='\u{b4}' | '\u{b6}'..='\u{b9}' | '\u{bb}'..='\u{bf}' | '×' | '÷'
                | '\u{2000}'..='\u{206f}' | '\u{20a0}'..='\u{20cf}' | '\u{3004}' | '\u{3008}'..='\u{3030}' | '\u{fe30}'..='\u{fe6f}'
        );
    c.is_ascii_alphanumeric() || !c.is_ascii() && !is_mark
}

/// Marks that stand in sentences and, but for being encoded, in no address: quotation marks, markup, and the punctuation
/// of East Asia.
pub(super) fn ends_path(c: char) -> bool {
    matches!(
        c,
        '<' | '>' | '"' | '`' | '\\' | '«' | '»' | '\u{2014}' | '\u{2015}' | '\u{2018}'..='\u{201f}' | '…' | '‹' | '›'
            | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}' | '\u{ff01}'..='\u{ff0f}'
            | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}'
    )
}
