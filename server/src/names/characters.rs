//! Which characters a name may have, by Unicode's data: those that can be seen, and those between them that shape what is
//! seen.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{
        CanonicalCombiningClass, EmojiModifier, ExtendedPictographic, GeneralCategory, GeneralCategoryGroup,
        JoiningType,
    },
};
use madang_common::text::characters::is_invisible;

const NON_JOINER: char = '\u{200c}';
const JOINER: char = '\u{200d}';
const VARIATIONS: [char; 2] = ['\u{fe0e}', '\u{fe0f}'];
const KEYCAP: char = '\u{20e3}';
/// The flags that are written by tags: of England, Scotland and Wales (UTS 51, section 1.4.6; no others are recommended
/// for interchange, and any other text in tags would be hidden behind a black flag).
const FLAGS: [&str; 3] = [
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
];

/// The text without what no name may have: characters that can't be seen, that nobody knows, or that shape nothing where
/// they stand; and combining marks at its start, which would hang on what stands before the name.
pub(super) fn readable(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let length = emoji(&chars[at..]);
        if length != 0 {
            kept.extend(&chars[at..at + length]);
            at += length;
            continue;
        }
        let c = chars[at];
        let begins_with_mark = kept.is_empty() && GeneralCategoryGroup::Mark.contains(category(c));
        let shapes = match c {
            NON_JOINER => follows_virama(&chars[..at]) || divides_joined_letters(&chars[..at], &chars[at + 1..]),
            // Conjuncts in scripts of India are chosen by it (RFC 5892, appendix A.2).
            JOINER => follows_virama(&chars[..at]) && chars.get(at + 1).is_some_and(|next| is_visible(*next)),
            c => is_visible(c),
        };
        if shapes && !begins_with_mark {
            kept.push(c);
        }
        at += 1;
    }
    kept
}

/// How many of the characters at the start are an emoji that needs invisible ones; at least its first one. 0 if none is.
fn emoji(chars: &[char]) -> usize {
    let flag = |flag: &&&str| chars.iter().copied().take(flag.chars().count()).eq(flag.chars());
    if let Some(flag) = FLAGS.iter().find(flag) {
        return flag.chars().count();
    }
    if matches!(chars, ['0'..='9' | '#' | '*', '\u{fe0f}', KEYCAP, ..]) {
        return 3;
    }
    // Emoji joined to emoji (UTS 51, definition ED-16).
    let mut length = element(chars);
    while length != 0 && chars.get(length) == Some(&JOINER) {
        match element(&chars[length + 1..]) {
            0 => break,
            next => length += next + 1,
        }
    }
    length
}

/// A pictograph, with the variation or the skin tone that it has.
fn element(chars: &[char]) -> usize {
    let Some(first) = chars.first() else { return 0 };
    if !CodePointSetData::new::<ExtendedPictographic>().contains(*first) || !is_visible(*first) {
        return 0;
    }
    let is_variant = |c: &char| VARIATIONS.contains(c) || CodePointSetData::new::<EmojiModifier>().contains(*c);
    if chars.get(1).is_some_and(is_variant) { 2 } else { 1 }
}

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

/// Whether a character draws something that is known. The number signs of Arabic, which are formats that can be seen, stand
/// in no name.
fn is_visible(c: char) -> bool {
    let is_unknown = matches!(
        category(c),
        GeneralCategory::Unassigned
            | GeneralCategory::PrivateUse
            | GeneralCategory::Surrogate
            | GeneralCategory::Control
            | GeneralCategory::Format
    );
    c == ' ' || !is_unknown && !is_invisible(c)
}

fn follows_virama(before: &[char]) -> bool {
    let class = |c: &char| CodePointMapData::<CanonicalCombiningClass>::new().get(*c);
    before.last().is_some_and(|last| class(last) == CanonicalCombiningClass::Virama)
}

/// Whether letters that would be joined stand on both sides, as in Persian (RFC 5892, appendix A.1).
fn divides_joined_letters(before: &[char], after: &[char]) -> bool {
    let joining = |c: &char| CodePointMapData::<JoiningType>::new().get(*c);
    let is_transparent = |kind: &JoiningType| *kind == JoiningType::Transparent;
    let last = before.iter().rev().map(joining).find(|kind| !is_transparent(kind));
    let first = after.iter().map(joining).find(|kind| !is_transparent(kind));
    matches!(last, Some(JoiningType::LeftJoining | JoiningType::DualJoining))
        && matches!(first, Some(JoiningType::RightJoining | JoiningType::DualJoining))
}

#[cfg(test)]
mod tests {
    use icu_properties::props::{DefaultIgnorableCodePoint, WhiteSpace};
    use madang_common::text::characters::is_ignorable;

    use super::*;

    #[test]
    fn the_list_in_common_is_that_of_unicode() {
        let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
        let space = CodePointSetData::new::<WhiteSpace>();
        for c in '\0'..=char::MAX {
            assert_eq!(is_ignorable(c), ignorable.contains(c), "{c:?}");
            assert!(is_invisible(c) || !space.contains(c) && !ignorable.contains(c), "{c:?}");
        }
    }
}
