//! Initials for avatars, in whole characters as people see them.
//!
//! What one sees as one character may be many code points: a flag, a family, a syllable that is written in parts. The rule
//! for that is Unicode's (Standard Annex 29), and its table is larger than what is needed of it here; so the marks and
//! emoji that names begin with are written out below. The server and the browser must draw the same, so neither asks its
//! own library.

/// Of a name in Hangul its last two syllables, which are mostly the given name; otherwise the first letters of up to two
/// words, which the stylesheet writes as capitals.
#[must_use]
pub fn initials(name: &str) -> String {
    let last_word = name.split(' ').next_back().unwrap_or_default();
    let mut syllables = Vec::new();
    let mut rest = last_word;
    while rest.starts_with(is_hangul) {
        let (syllable, after) = rest.split_at(first_length(rest));
        syllables.push(syllable);
        rest = after;
    }
    if rest.is_empty() {
        return syllables[syllables.len().saturating_sub(2)..].concat();
    }
    let firsts =
        name.split(' ').filter_map(|word| word.find(char::is_alphanumeric).map(|at| first(&word[at..]))).take(2);
    let letters: String = firsts.collect();
    if letters.is_empty() { first(name).to_owned() } else { letters }
}

/// The first character that one sees.
fn first(text: &str) -> &str {
    &text[..first_length(text)]
}

fn first_length(text: &str) -> usize {
    let mut chars = text.char_indices();
    let Some((_, mut last)) = chars.next() else { return 0 };
    let mut is_half_a_flag = is_regional(last);
    for (at, c) in chars {
        let joins = is_mark(c)
            // An emoji that is joined to another, and half a flag to the other half.
            || last == '\u{200d}' && !c.is_alphanumeric()
            || is_half_a_flag && is_regional(c)
            || joins_hangul(last, c)
            || is_linker(last) && c.is_alphanumeric();
        if !joins {
            return at;
        }
        is_half_a_flag = false;
        last = c;
    }
    text.len()
}

fn is_hangul(c: char) -> bool {
    matches!(c, '가'..='힣' | '\u{1100}'..='\u{11ff}')
}

/// A letter of Hangul goes on with a vowel, and that with a final: consonants, vowels and finals follow each other in
/// Unicode, too.
fn joins_hangul(last: char, c: char) -> bool {
    let is_whole = matches!(last, '가'..='힣');
    match c {
        '\u{1100}'..='\u{115f}' => matches!(last, '\u{1100}'..='\u{115f}'),
        '가'..='힣' => matches!(last, '\u{1100}'..='\u{115f}'),
        // Only a syllable without a final, one of 28, goes on with a vowel.
        '\u{1160}'..='\u{11a7}' => {
            matches!(last, '\u{1100}'..='\u{11a7}') || is_whole && (u32::from(last) - 0xac00) % 28 == 0
        }
        '\u{11a8}'..='\u{11ff}' => matches!(last, '\u{1160}'..='\u{11ff}') || is_whole,
        _ => false,
    }
}

fn is_regional(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

/// Whether the next consonant is written under or beside this sign, in the scripts of India where that makes one character.
fn is_linker(c: char) -> bool {
    matches!(c, '\u{94d}' | '\u{9cd}' | '\u{acd}' | '\u{b4d}' | '\u{c4d}' | '\u{d4d}')
}

/// What stands on, under or beside the character before it: accents, points and vowel signs, variations, skin tones, tags,
/// joiners.
fn is_mark(c: char) -> bool {
    let code = u32::from(c);
    match code {
        // Blocks of one plan, with nasal signs at the start and vowel signs after the letters.
        0x900..=0xd7f => match code & 0x7f {
            0..=3 => !matches!(code, 0x980 | 0xb83 | 0xc80),
            0x3a..=0x3c | 0x3e..=0x4d => !matches!(code, 0xd3a),
            0x51..=0x57 => !matches!(code, 0xd54..=0xd56),
            0x62..=0x63 => true,
            // The nasal signs of Gurmukhi.
            0x70..=0x71 => (0xa00..0xa80).contains(&code),
            _ => false,
        },
        0xd81..=0xd83 | 0xdca..=0xddf => true,
        0x300..=0x36f
        | 0x483..=0x489
        | 0x591..=0x5bd
        | 0x5bf..=0x5c7
        | 0x610..=0x61a
        | 0x64b..=0x65f
        | 0x670
        | 0x6d6..=0x6dc
        | 0xe31
        | 0xe33..=0xe3a
        | 0xe47..=0xe4e
        | 0xeb1
        | 0xeb3..=0xebc
        | 0xec8..=0xece
        | 0x102b..=0x103e
        | 0x17b4..=0x17d3
        | 0x200c..=0x200d
        | 0x20d0..=0x20ff
        | 0x3099..=0x309a
        | 0xfe00..=0xfe0f
        | 0xfe20..=0xfe2f
        | 0x1f3fb..=0x1f3ff
        | 0xe0020..=0xe007f => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use unicode_segmentation::UnicodeSegmentation;

    use super::*;

    #[test]
    fn a_korean_name_shows_its_given_name() {
        assert_eq!(initials("김민수"), "민수");
        assert_eq!(initials("민수"), "민수");
        assert_eq!(initials("수"), "수");
        assert_eq!(initials("남궁 민수"), "민수");
    }

    #[test]
    fn a_korean_name_in_parts_shows_whole_syllables() {
        let parts = "\u{1100}\u{1175}\u{11b7}\u{1106}\u{1175}\u{11ab}\u{1109}\u{116e}";
        assert_eq!(initials(parts), "\u{1106}\u{1175}\u{11ab}\u{1109}\u{116e}");
        assert_eq!(initials("\u{1100}\u{1175}\u{11b7}"), "\u{1100}\u{1175}\u{11b7}");
    }

    #[test]
    fn a_name_in_other_scripts_shows_the_first_letters_of_its_words() {
        assert_eq!(initials("ada lovelace"), "al");
        assert_eq!(initials("Ada"), "A");
        assert_eq!(initials("Ada King Lovelace"), "AK");
        assert_eq!(initials("민수 kim"), "민k");
        assert_eq!(initials("(Ada)"), "A");
        assert_eq!(initials("E\u{301}lodie d’Arc"), "E\u{301}d");
        assert_eq!(initials("प्रिया शर्मा"), "प्रिश");
    }

    #[test]
    fn a_name_without_letters_shows_its_first_character() {
        for (name, expected) in [
            ("😀😀", "😀"),
            ("🇰🇷", "🇰🇷"),
            ("🇰🇷🇯🇵", "🇰🇷"),
            ("👨\u{200d}👩\u{200d}👧\u{200d}👦", "👨\u{200d}👩\u{200d}👧\u{200d}👦"),
            ("❤\u{fe0f}", "❤\u{fe0f}"),
            ("❤\u{fe0f}\u{200d}🔥!", "❤\u{fe0f}\u{200d}🔥"),
            ("👋🏽👋", "👋🏽"),
            (
                "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}!",
                "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            ),
            ("1\u{fe0f}\u{20e3}2", "1\u{fe0f}\u{20e3}"),
            ("", ""),
        ] {
            assert_eq!(initials(name), expected);
        }
    }

    #[test]
    fn the_first_character_is_that_of_unicode() {
        for name in [
            "Ada",
            "É",
            "e\u{301}\u{323}a",
            "김",
            "\u{1100}\u{1161}\u{11a8}\u{1100}",
            "가\u{11a8}나",
            "각\u{1161}",
            "हिन्दी",
            "क्षमा",
            "स्त्री",
            "বাংলা",
            "தமிழ்",
            "ക്ഷമ",
            "සිංහල",
            "ไทย",
            "น้ำ",
            "محمد",
            "مُحمد",
            "שָׁלוֹם",
            "さくら",
            "か\u{3099}",
            "李",
            "Юлия",
            "й",
            "🇰🇷🇰🇷",
            "🇰",
            "👩🏽\u{200d}💻x",
            "🏳\u{fe0f}\u{200d}🌈",
            "#\u{fe0f}\u{20e3}",
            "®",
            "\u{904}क",
            "ঀক",
            "గుడ్డు",
            "ਪੰਜਾਬੀ",
            "ଓଡ଼ିଆ",
            "ગુજરાતી",
            "ಕನ್ನಡ",
            "മലയാളം",
        ] {
            assert_eq!(Some(first(name)), name.graphemes(true).next(), "{name}");
        }
    }
}
