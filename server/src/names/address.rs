//! Slugs: a room's URL part, made from its name.

use icu_properties::{
    CodePointMapData,
    props::{GeneralCategory, GeneralCategoryGroup},
};
use madang_common::{
    limits::ROOM_NAME_CHARS,
    text::{RoomName, RoomSlug, Stored, characters::is_ignorable},
};
use unicode_normalization::UnicodeNormalization;

/// The slug of a room's name: its letters and digits in lower case with the marks that they carry, and one hyphen for
/// everything between them.
pub(crate) fn room_slug(name: &RoomName) -> RoomSlug {
    let lower: String = name.as_str().chars().flat_map(char::to_lowercase).nfc().collect();
    let mut slug = String::new();
    for c in lower.chars() {
        let is_mark = GeneralCategoryGroup::Mark.contains(CodePointMapData::<GeneralCategory>::new().get(c));
        if c.is_alphanumeric() || is_mark && !is_ignorable(c) && slug.ends_with(|c| c != '-') {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    shortened(&slug, ROOM_NAME_CHARS)
}

/// The same with a number, for a room whose name makes the address of another: `c` and `c-2`, of C and C++.
pub(crate) fn numbered_slug(slug: &RoomSlug, number: u32) -> RoomSlug {
    let suffix = format!("-{number}");
    let short = shortened(slug.as_str(), ROOM_NAME_CHARS.saturating_sub(suffix.len()));
    RoomSlug::stored(format!("{short}{suffix}"))
}

fn shortened(slug: &str, most: usize) -> RoomSlug {
    let short: String = slug.chars().take(most).collect();
    RoomSlug::stored(short.trim_end_matches('-').to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::names::room_name;

    fn slug(name: &str) -> String {
        room_slug(&room_name(name).expect("a room's name")).into()
    }

    #[test]
    fn a_slug_comes_from_the_name_in_any_script() {
        for (name, expected) in [
            ("Rust & Wasm!", "rust-wasm"),
            ("공지 사항", "공지-사항"),
            ("C++", "c"),
            ("(Garden)", "garden"),
            ("हिन्दी", "हिन्दी"),
            ("Café", "café"),
            ("Mina 👨\u{200d}👩 room", "mina-room"),
            ("1\u{fe0f}\u{20e3} first", "1-first"),
        ] {
            assert_eq!(slug(name), expected);
        }
        assert_eq!(slug("회의".nfd().collect::<String>().as_str()), slug("회의"));
    }

    #[test]
    fn a_numbered_slug_is_no_longer_than_a_slug_may_be() {
        assert_eq!(numbered_slug(&RoomSlug::stored("c".to_owned()), 2).as_str(), "c-2");
        let longest = RoomSlug::stored(format!("{}-bb", "a".repeat(37)));
        assert_eq!(numbered_slug(&longest, 12).as_str(), format!("{}-12", "a".repeat(37)));
    }

    proptest! {
        #[test]
        fn every_room_name_has_a_slug_of_words(typed in "\\PC{1,50}") {
            if let Ok(name) = room_name(&typed) {
                let slug = room_slug(&name);
                prop_assert!(slug.as_str().chars().count() <= ROOM_NAME_CHARS);
                prop_assert!(slug.as_str().split('-').all(|word| !word.is_empty()), "{:?}", slug);
                prop_assert!(!slug.as_str().chars().any(|c| c.is_whitespace() || c.is_ascii_punctuation() && c != '-'));
            }
        }
    }
}
