//! Invisible characters, and the length of names: the little of Unicode that both ends know. It is
//! written out by hand, for the page would have to download a table; a test of the server compares it with Unicode's data.

/// Whether a character draws nothing: white space, control characters, what Unicode calls `Default_Ignorable_Code_Point`
/// (Unicode 17, DerivedCoreProperties.txt), noncharacters, the marks of interlinear annotation, and the few letters and
/// symbols that are blank by themselves.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_ignorable(c) || is_noncharacter(c) || is_blank_sign(c)
}

/// Unicode's property `Default_Ignorable_Code_Point`, whole, those code points included that mean nothing yet.
#[must_use]
pub fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// What joins visible characters into one, as in a family emoji, a flag or a Persian word: where it may stand is the
/// server's to judge. By itself it is nothing.
pub(super) fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{e0020}'..='\u{e007f}')
}

/// The code points that are never a character (Unicode Standard, section 23.7).
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

/// The blank Braille pattern, hieroglyphs and filler, the note without a head, and the marks of interlinear annotation.
fn is_blank_sign(c: char) -> bool {
    matches!(
        c,
        '\u{2800}' | '\u{fff9}'..='\u{fffb}' | '\u{13441}'..='\u{13442}' | '\u{16fe4}' | '\u{1d159}'
    )
}

/// Whether a character mostly becomes one with the one before it in Unicode's form NFC: accents, the voicing marks of
/// Kana, and the vowels and finals of Hangul.
pub(super) fn composes(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1160}'..='\u{11ff}' | '\u{3099}'..='\u{309a}')
}
