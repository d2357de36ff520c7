//! The scripts whose sentences run on behind a link without a space.

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
