//! Names of people and rooms: what they may contain, and which are alike.
//!
//! The one place that judges a name before it is taken, by Unicode's own data. The types in `common` check what the page
//! can check without a table; what was taken once is read as it is, however strict the rules have become.

use madang_common::{
    limits::{ROOM_NAME_CHARS, ROOM_TOPIC_CHARS, USER_NAME_CHARS},
    text::{RoomName, RoomTopic, Stored, TextError, UserName},
};
use unicode_normalization::UnicodeNormalization;

mod address;
mod characters;
mod likeness;

pub(crate) use self::{
    address::{numbered_slug, room_slug},
    likeness::{Likeness, rule},
};

/// What the page calls the lobby, in each of its languages (`app/locales`).
const LOBBY: [&str; 2] = ["lobby", "로비"];

/// A person's name as typed, in Unicode's form NFC.
///
/// # Errors
/// Any [`TextError`] but [`TextError::NoLetter`].
pub(crate) fn user_name(typed: &str) -> Result<UserName, TextError> {
    let name = UserName::parse(&composed(typed))?;
    check(name.as_str(), USER_NAME_CHARS)?;
    Ok(name)
}

/// The name that a stranger gives, who is not asked again: what no name may have is left out.
pub(crate) fn guest_name(typed: &str) -> Option<UserName> {
    user_name(&characters::readable(&composed(typed))).ok()
}

/// A room's name as typed, in Unicode's form NFC.
///
/// # Errors
/// Any [`TextError`].
pub(crate) fn room_name(typed: &str) -> Result<RoomName, TextError> {
    let name = RoomName::parse(&composed(typed))?;
    check(name.as_str(), ROOM_NAME_CHARS)?;
    Ok(name)
}

/// Whether a room's name is like what a page in some language calls the lobby: on that page there would be two.
pub(crate) fn is_like_lobby(name: &RoomName) -> bool {
    let likeness = Likeness::of(name.as_str());
    LOBBY
        .iter()
        .map(|lobby| Likeness::of(lobby))
        .any(|lobby| lobby.fold == likeness.fold || lobby.look == likeness.look)
}

/// A room's topic as typed, in Unicode's form NFC. Nobody is known by it: what no name may have is left out.
///
/// # Errors
/// [`TextError::TooLong`], [`TextError::ForbiddenCharacter`].
pub(crate) fn room_topic(typed: &str) -> Result<RoomTopic, TextError> {
    let topic = RoomTopic::parse(&composed(typed))?;
    let topic = RoomTopic::parse(&characters::readable(topic.as_str()))?;
    if topic.as_str().chars().count() > ROOM_TOPIC_CHARS {
        Err(TextError::TooLong(ROOM_TOPIC_CHARS))
    } else {
        Ok(topic)
    }
}

/// A name with a number behind it, shortened so that it stays a name.
pub(crate) fn numbered(name: &UserName, number: u32) -> UserName {
    let suffix = format!(" ({number})");
    let room = USER_NAME_CHARS.saturating_sub(suffix.chars().count());
    let short: String = name.as_str().chars().take(room).collect();
    // An emoji that was cut in two is left out.
    let short = characters::readable(&short);
    UserName::stored(format!("{}{suffix}", short.trim_end()))
}

/// A text in Unicode's form NFC (Unicode Standard Annex 15), in which what is typed in parts, as macOS writes the names
/// of files, is the same as what is typed whole.
pub(crate) fn composed(typed: &str) -> String {
    typed.nfc().collect()
}

fn check(text: &str, most: usize) -> Result<(), TextError> {
    if text.chars().count() > most {
        return Err(TextError::TooLong(most));
    }
    if characters::readable(text) == text { Ok(()) } else { Err(TextError::ForbiddenCharacter) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(typed: &str) -> Result<String, TextError> {
        user_name(typed).map(String::from)
    }

    #[test]
    fn names_of_many_scripts_and_emoji_are_names() {
        for typed in [
            "김민수",
            "Élodie",
            "Nguyễn Văn An",
            "Łukasz",
            "O’Brien",
            "محمد",
            "שרה",
            "हिन्दी",
            "தமிழ்",
            "ไทย",
            "李小龙",
            "さくら",
            "Ελένη",
            "Юлия",
            "ß",
            "x_y-z (2)",
            "1",
            // Persian and Sinhala words that need a joiner.
            "می\u{200c}خواهم",
            "نمی\u{200c}دانم",
            "ශ\u{dca}\u{200d}රී",
            "क\u{94d}\u{200d}ष",
            // Emoji: a family, flags, a keycap, skin tones, a heart.
            "👨\u{200d}👩\u{200d}👧\u{200d}👦",
            "🇰🇷",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "1\u{fe0f}\u{20e3}",
            "👋🏽",
            "👩🏽\u{200d}💻",
            "❤\u{fe0f}",
            "❤\u{fe0f}\u{200d}🔥",
            "Mina 🏳\u{fe0f}\u{200d}🌈",
            "☺\u{fe0e}",
        ] {
            assert_eq!(name(typed).as_deref(), Ok(typed));
        }
    }

    #[test]
    fn what_cannot_be_seen_is_in_no_name() {
        for hidden in [
            // Variation selectors and joiners that select and join nothing.
            "\u{e0100}",
            "\u{fe0f}",
            "\u{fe0e}",
            "\u{fe00}",
            "\u{200c}",
            "\u{200d}",
            // Default ignorable: soft hyphen, joiner, fillers, tags, and what is reserved for more of them.
            "\u{ad}",
            "\u{34f}",
            "\u{61c}",
            "\u{115f}",
            "\u{1160}",
            "\u{17b4}",
            "\u{180b}",
            "\u{180e}",
            "\u{200b}",
            "\u{200e}",
            "\u{202a}",
            "\u{202e}",
            "\u{2060}",
            "\u{2065}",
            "\u{2066}",
            "\u{3164}",
            "\u{feff}",
            "\u{ffa0}",
            "\u{fff0}",
            "\u{1bca0}",
            "\u{1d173}",
            "\u{e0001}",
            "\u{e0041}",
            "\u{e007f}",
            "\u{e0fff}",
            // Unassigned, private, noncharacters, annotation, blanks.
            "\u{378}",
            "\u{e000}",
            "\u{f8ff}",
            "\u{10fffd}",
            "\u{fdd0}",
            "\u{ffff}",
            "\u{10ffff}",
            "\u{fff9}",
            "\u{2800}",
            "\u{1d159}",
            "\u{600}",
        ] {
            for typed in [
                format!("ad{hidden}min"),
                format!("admin{hidden}"),
                format!("{hidden}admin"),
                format!("관{hidden}리자"),
            ] {
                assert!(name(&typed).is_err(), "{typed:?}");
                assert!(room_name(&typed).is_err(), "{typed:?}");
                let topic = room_topic(&typed);
                assert!(
                    topic.as_ref().is_err_and(|error| *error == TextError::ForbiddenCharacter)
                        || topic.is_ok_and(|topic| matches!(topic.as_str(), "admin" | "관리자")),
                    "{typed:?}"
                );
                let guest = guest_name(&typed).expect("a name is left");
                assert!(matches!(guest.as_str(), "admin" | "관리자"), "{guest:?}");
            }
        }
        // Spaces of all kinds are one space, and lines end in one.
        assert_eq!(name("a\u{2028}b\u{2029}c\u{3000}\u{a0}d").as_deref(), Ok("a b c d"));
    }

    #[test]
    fn a_joiner_outside_its_place_is_refused() {
        for typed in [
            "a\u{200d}b",
            "👨\u{200d}",
            "👨\u{200d}a",
            "a\u{200d}👩",
            "می\u{200c}",
            "a\u{200c}b",
            "가\u{200c}나",
            "1\u{fe0f}",
            "#\u{fe0f}a",
            "a\u{fe0f}",
            "👨\u{fe0f}\u{fe0f}",
            "👨\u{200d}\u{200d}👩",
            "❤\u{e0100}",
            "\u{301}a",
            // A flag of no country carries a hidden text.
            "🏴\u{e0061}\u{e0062}\u{e0063}\u{e007f}",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}",
            "😀\u{e0067}\u{e007f}",
        ] {
            assert_eq!(name(typed), Err(TextError::ForbiddenCharacter), "{typed:?}");
        }
    }

    #[test]
    fn names_are_composed_and_counted_afterwards() {
        assert_eq!(name("\u{1100}\u{1161}\u{11a8}").as_deref(), Ok("각"));
        assert_eq!(name(&"\u{1100}\u{1161}\u{11a8}".repeat(11)).as_deref(), Ok(&*"각".repeat(11)));
        assert_eq!(name(&"\u{1100}\u{1161}\u{11a8}".repeat(33)), Err(TextError::TooLong(USER_NAME_CHARS)));
        assert_eq!(name(&format!("a{}", "\u{301}".repeat(40))), Err(TextError::TooLong(USER_NAME_CHARS)));
        assert_eq!(room_name("회의".nfd().collect::<String>().as_str()).map(String::from).as_deref(), Ok("회의"));
        assert_eq!(
            room_topic(&"각".repeat(200).nfd().collect::<String>()).map(|topic| topic.as_str().chars().count()),
            Ok(200)
        );
        assert_eq!(room_topic("").as_ref().map(RoomTopic::as_str), Ok(""));
    }

    #[test]
    fn a_guest_is_called_what_is_left_of_the_name() {
        let guest = |typed: &str| guest_name(typed).map(String::from);
        assert_eq!(guest("민수\u{200b}").as_deref(), Some("민수"));
        assert_eq!(guest("👨\u{200d}👩"), Some("👨\u{200d}👩".to_owned()));
        assert_eq!(guest("\u{3164}"), None);
        assert_eq!(guest(&"x".repeat(33)), None);
    }

    #[test]
    fn the_lobby_is_known_by_what_each_language_calls_it() {
        for locale in [include_str!("../../../app/locales/en.json"), include_str!("../../../app/locales/ko.json")] {
            let texts: serde_json::Value = serde_json::from_str(locale).expect("JSON");
            let lobby = texts["rooms"]["lobby"].as_str().expect("a text");
            assert!(LOBBY.contains(&lobby), "{lobby}");
        }
        let is_like = |name| is_like_lobby(&room_name(name).expect("a name"));
        assert!(is_like("Lobby") && is_like("로 비") && is_like("l0bby"));
        assert!(!is_like("로비 2") && !is_like("hobby"));
    }

    #[test]
    fn a_numbered_name_is_no_longer_than_a_name_may_be() {
        let numbered = |typed: &str, number| String::from(numbered(&user_name(typed).expect("a name"), number));
        assert_eq!(numbered("민수", 12), "민수 (12)");
        assert_eq!(numbered(&"가".repeat(USER_NAME_CHARS), 2), format!("{} (2)", "가".repeat(USER_NAME_CHARS - 4)));
        assert_eq!(numbered(&format!("{} 나나나", "가".repeat(27)), 2).chars().count(), 31);
        let family = format!("{}👨\u{200d}👩", "가".repeat(26));
        assert_eq!(numbered(&family, 2), format!("{}👨 (2)", "가".repeat(26)), "no joiner is left over");
    }

    proptest! {
        #[test]
        fn a_name_that_was_taken_is_taken_again(typed in "\\PC{1,12}|[a가\u{301}\u{200c}-\u{200f}👨\u{fe0f}\u{e0067}\u{e007f}1\u{20e3}ي]{1,12}") {
            if let Ok(name) = user_name(&typed) {
                prop_assert_eq!(user_name(name.as_str()), Ok(name.clone()));
                prop_assert!(!Likeness::of(name.as_str()).fold.is_empty() || name.as_str().is_empty(), "{:?}", name);
                prop_assert_eq!(user_name(numbered(&name, 7).as_str()), Ok(numbered(&name, 7)));
            }
        }
    }
}
