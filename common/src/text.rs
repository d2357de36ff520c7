//! Texts that people type. `parse` is the only way to get one, at either end and through serde alike, so whatever
//! holds one of these types holds a valid text.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::limits::{MESSAGE_CHARS, ROOM_NAME_CHARS, ROOM_TOPIC_CHARS, USER_NAME_CHARS};

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TextError {
    /// Nothing visible is in it.
    #[error("this is empty")]
    Blank,
    /// It has more characters than allowed; the limit is named.
    #[error("this is longer than {0} characters")]
    TooLong(usize),
    /// It has a character that cannot be seen or that turns the direction of what follows.
    #[error("this has a character that is not allowed here")]
    ForbiddenCharacter,
    /// It has neither a letter nor a digit.
    #[error("this needs at least one letter or digit")]
    NoLetter,
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(raw: String) -> Result<Self, TextError> {
                Self::parse(&raw)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text! {
    /// What a message says: 1 to [`MESSAGE_CHARS`] characters, line breaks and tabs included.
    MessageText
}
text! {
    /// A person's name: 1 to [`USER_NAME_CHARS`] characters in one line.
    UserName
}
text! {
    /// A room's name: 1 to [`ROOM_NAME_CHARS`] characters in one line, at least one of them a letter or digit.
    RoomName
}
text! {
    /// A room's place in the address, as in `/r/<slug>`: letters, digits and hyphens of any script, in lower case.
    RoomSlug
}
text! {
    /// What a room is about: up to [`ROOM_TOPIC_CHARS`] characters in one line; may be empty.
    RoomTopic
}

impl MessageText {
    /// Takes a message as typed. Line ends become `\n`, control characters are dropped, and so are blank lines at
    /// the start and white space at the end.
    ///
    /// # Errors
    /// [`TextError::Blank`] when nothing visible is left, [`TextError::TooLong`].
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        let unified = raw.replace("\r\n", "\n").replace('\r', "\n");
        let kept: String = unified.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control()).collect();
        let text = without_blank_lines_at_start(kept.trim_end());
        if text.chars().all(is_invisible) {
            return Err(TextError::Blank);
        }
        within(text, MESSAGE_CHARS).map(|text| Self(text.to_owned()))
    }
}

impl UserName {
    /// Takes a name as typed; runs of white space become one space.
    ///
    /// # Errors
    /// Any [`TextError`] but [`TextError::NoLetter`].
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        one_line(raw, USER_NAME_CHARS).map(Self)
    }
}

impl RoomName {
    /// Takes a room's name as typed; runs of white space become one space.
    ///
    /// # Errors
    /// Any [`TextError`].
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        let name = one_line(raw, ROOM_NAME_CHARS)?;
        if name.chars().any(char::is_alphanumeric) { Ok(Self(name)) } else { Err(TextError::NoLetter) }
    }
}

impl RoomTopic {
    /// Takes a topic as typed; an empty one is fine.
    ///
    /// # Errors
    /// [`TextError::TooLong`], [`TextError::ForbiddenCharacter`].
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        match one_line(raw, ROOM_TOPIC_CHARS) {
            Err(TextError::Blank) => Ok(Self(String::new())),
            topic => topic.map(Self),
        }
    }
}

impl RoomSlug {
    /// The slug that stands in an address, already decoded. Capitals of other alphabets than the Latin are not looked
    /// for, since the page would have to download a table of them: no room has a slug with one.
    ///
    /// # Errors
    /// Any [`TextError`]: a slug is taken only in the form that [`RoomSlug::from_name`] gives.
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        if raw.is_empty() {
            return Err(TextError::Blank);
        }
        // The Hangul fillers count as letters, but cannot be seen.
        let is_of_a_word = |c: char| c.is_alphanumeric() && !c.is_ascii_uppercase() && !is_invisible(c);
        if raw.split('-').any(|word| word.is_empty() || !word.chars().all(is_of_a_word)) {
            return Err(TextError::ForbiddenCharacter);
        }
        within(raw, ROOM_NAME_CHARS).map(|slug| Self(slug.to_owned()))
    }

    /// The slug of a room's name: its letters and digits in lower case, everything between them one hyphen.
    #[must_use]
    pub fn from_name(name: &RoomName) -> Self {
        let lower = name.0.chars().flat_map(char::to_lowercase).collect::<String>();
        let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let slug: String = words.collect::<Vec<_>>().join("-").chars().take(ROOM_NAME_CHARS).collect();
        Self(slug.trim_end_matches('-').to_owned())
    }
}

fn one_line(raw: &str, most: usize) -> Result<String, TextError> {
    let line = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().all(is_invisible) {
        return Err(TextError::Blank);
    }
    // An invisible or direction-turning character would let one name pass for another.
    if line.chars().any(|c| c != ' ' && (is_invisible(c) && !is_joiner(c) || is_bidi_control(c))) {
        return Err(TextError::ForbiddenCharacter);
    }
    within(&line, most).map(str::to_owned)
}

fn within(text: &str, most: usize) -> Result<&str, TextError> {
    if text.chars().count() > most { Err(TextError::TooLong(most)) } else { Ok(text) }
}

fn without_blank_lines_at_start(text: &str) -> &str {
    match text.find(|c: char| !c.is_whitespace()) {
        Some(first) => &text[text[..first].rfind('\n').map_or(0, |line_end| line_end + 1)..],
        None => "",
    }
}

/// White space, control characters, and characters that draw nothing, the Hangul fillers among them (Unicode 16,
/// property `Default_Ignorable_Code_Point`, those that occur in plain text).
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || is_joiner(c)
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'
                ..='\u{180f}'
        )
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// What joins visible characters into one, as in a family emoji: allowed between them, nothing by itself.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn message(raw: &str) -> Result<String, TextError> {
        MessageText::parse(raw).map(String::from)
    }

    #[test]
    fn a_message_keeps_korean_accents_emoji_and_its_inner_lines() {
        assert_eq!(message("안녕 é 😀").as_deref(), Ok("안녕 é 😀"));
        assert_eq!(message("\r\n \n  code\r\n\tmore \n\n").as_deref(), Ok("  code\n\tmore"));
    }

    #[test]
    fn a_message_drops_control_characters() {
        assert_eq!(message("a\0b\u{7f}c\u{9b}d").as_deref(), Ok("abcd"));
    }

    #[test]
    fn a_message_without_anything_visible_is_blank() {
        for blank in ["", " ", "\n\t\n", "\u{200b}", "\u{3164}", "\u{feff} \u{200d}"] {
            assert_eq!(message(blank), Err(TextError::Blank), "{blank:?}");
        }
    }

    #[test]
    fn a_message_is_measured_in_characters_not_bytes() {
        assert!(message(&"가".repeat(MESSAGE_CHARS)).is_ok());
        assert_eq!(message(&"가".repeat(MESSAGE_CHARS + 1)), Err(TextError::TooLong(MESSAGE_CHARS)));
    }

    #[test]
    fn a_name_is_one_line_of_visible_characters() {
        assert_eq!(UserName::parse("  김  민수\n").as_ref().map(UserName::as_str), Ok("김 민수"));
        assert_eq!(UserName::parse("👨\u{200d}👩\u{200d}👧").map(|_| ()), Ok(()));
        assert_eq!(UserName::parse("\u{202e}nimda"), Err(TextError::ForbiddenCharacter));
        assert_eq!(UserName::parse("ad\u{200b}min"), Err(TextError::ForbiddenCharacter));
        assert_eq!(UserName::parse("\u{3164}"), Err(TextError::Blank));
        assert_eq!(UserName::parse(&"x".repeat(33)), Err(TextError::TooLong(USER_NAME_CHARS)));
    }

    #[test]
    fn a_topic_may_be_empty() {
        assert_eq!(RoomTopic::parse(" ").as_ref().map(RoomTopic::as_str), Ok(""));
    }

    #[test]
    fn a_slug_comes_from_the_name_in_any_script() {
        let slug = |name| RoomName::parse(name).map(|name| String::from(RoomSlug::from_name(&name)));
        assert_eq!(slug("Rust & Wasm!").as_deref(), Ok("rust-wasm"));
        assert_eq!(slug("공지 사항").as_deref(), Ok("공지-사항"));
        assert_eq!(slug("***"), Err(TextError::NoLetter));
    }

    #[test]
    fn a_slug_is_taken_only_in_its_own_form() {
        assert!(RoomSlug::parse("공지-사항").is_ok());
        for wrong in ["", "Lobby", "a b", "../etc", "a/b", "<b>", "-", "-a", "a-", "a--b", "\u{3164}"] {
            assert!(RoomSlug::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn parsing_twice_changes_nothing(raw in "\\PC{0,60}|[\\s\\p{Cc}가-힣a-z]{0,60}") {
            if let Ok(text) = MessageText::parse(&raw) {
                prop_assert_eq!(MessageText::parse(text.as_str()), Ok(text));
            }
            if let Ok(name) = UserName::parse(&raw) {
                prop_assert_eq!(UserName::parse(name.as_str()), Ok(name));
            }
        }

        #[test]
        fn every_room_name_has_a_slug_that_parses(raw in "\\PC{1,50}") {
            if let Ok(name) = RoomName::parse(&raw) {
                let slug = RoomSlug::from_name(&name);
                prop_assert_eq!(RoomSlug::parse(slug.as_str()), Ok(slug));
            }
        }
    }
}
