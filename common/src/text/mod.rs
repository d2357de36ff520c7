//! Texts typed by users: messages, names and topics, validated and trimmed.
//!
//! What comes from a client is parsed, through serde as well; what the server has stored is taken as it is, lest a rule
//! that becomes stricter make old messages unreadable. What a name may be is judged by the server on top of that, which
//! knows Unicode's data: `parse` checks what both ends can.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use thiserror::Error;

use self::characters::{composes, is_invisible, is_joiner};
use crate::limits::{MESSAGE_CHARS, ROOM_NAME_CHARS, ROOM_TOPIC_CHARS, USER_NAME_CHARS};

pub mod characters;
pub mod links;

/// How many code points a name may have for each character that is counted: accents are not, until they are known to
/// stay by themselves.
const CODE_POINTS: usize = 4;

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TextError {
    /// Nothing visible is in it.
    #[error("this is empty")]
    Blank,
    /// It has more characters than allowed; the limit is named.
    #[error("this is longer than {0} characters")]
    TooLong(usize),
    /// It has a character that cannot be seen, that turns the direction of what follows, or that nobody knows.
    #[error("this has a character that is not allowed here")]
    ForbiddenCharacter,
    /// It has neither a letter nor a digit.
    #[error("this needs at least one letter or digit")]
    NoLetter,
}

impl TextError {
    /// The code by which a form tells it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::TooLong(_) => "too_long",
            Self::ForbiddenCharacter => "forbidden_character",
            Self::NoLetter => "no_letter",
        }
    }

    /// What a code stands for, about a text of at most so many characters.
    #[must_use]
    pub fn from_code(code: &str, most: usize) -> Option<Self> {
        [Self::Blank, Self::TooLong(most), Self::ForbiddenCharacter, Self::NoLetter]
            .into_iter()
            .find(|error| error.code() == code)
    }
}

/// A text as the server has stored it.
pub trait Stored {
    /// Takes it as it is. For what has been a valid text once.
    fn stored(text: String) -> Self;
}

/// Reads a text as the server has it, for serde's `deserialize_with`.
///
/// # Errors
/// When it is no text.
pub fn as_stored<'de, D: Deserializer<'de>, T: Stored>(deserializer: D) -> Result<T, D::Error> {
    String::deserialize(deserializer).map(T::stored)
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Stored for $name {
            fn stored(text: String) -> Self {
                Self(text)
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

/// A text that serde parses.
macro_rules! parsed_text {
    ($(#[$doc:meta])* $name:ident) => {
        text! {
            $(#[$doc])*
            $name
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(raw: String) -> Result<Self, TextError> {
                Self::parse(&raw)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
            }
        }
    };
}

parsed_text! {
    /// What a message says: 1 to [`MESSAGE_CHARS`] characters, line breaks and tabs included.
    MessageText
}
parsed_text! {
    /// A person's name: 1 to [`USER_NAME_CHARS`] characters in one line.
    UserName
}
parsed_text! {
    /// A room's name: 1 to [`ROOM_NAME_CHARS`] characters in one line, at least one of them a letter or digit.
    RoomName
}
parsed_text! {
    /// What a room is about: up to [`ROOM_TOPIC_CHARS`] characters in one line; may be empty.
    RoomTopic
}
text! {
    /// A room's place in the address, as in `/r/<slug>`. The server makes it from the room's name; one that stands in an
    /// address is only looked for, so it may be anything.
    RoomSlug
}

impl<'de> Deserialize<'de> for RoomSlug {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        as_stored(deserializer)
    }
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
        if text.chars().count() > MESSAGE_CHARS {
            return Err(TextError::TooLong(MESSAGE_CHARS));
        }
        Ok(Self(text.to_owned()))
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

fn one_line(raw: &str, most: usize) -> Result<String, TextError> {
    let line = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().all(is_invisible) {
        return Err(TextError::Blank);
    }
    // An invisible or direction-turning character would let one name pass for another.
    if line.chars().any(|c| c != ' ' && is_invisible(c) && !is_joiner(c)) {
        return Err(TextError::ForbiddenCharacter);
    }
    // The server counts again once it has composed them.
    if line.chars().filter(|c| !composes(*c)).count() > most || line.chars().count() > most * CODE_POINTS {
        return Err(TextError::TooLong(most));
    }
    Ok(line)
}

fn without_blank_lines_at_start(text: &str) -> &str {
    match text.find(|c: char| !c.is_whitespace()) {
        Some(first) => &text[text[..first].rfind('\n').map_or(0, |line_end| line_end + 1)..],
        None => "",
    }
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
        for blank in [
            "",
            " ",
            "\n\t\n",
            "\u{200b}",
            "\u{3164}",
            "\u{feff} \u{200d}",
            "\u{e0100}",
            "\u{fff0}",
            "\u{2800}\u{2800}",
            "\u{ad}",
            "\u{fe0f}",
            "\u{e0041}",
            "\u{ffff}",
            "\u{1d173}",
            "\u{3000}\u{2003}",
            "\u{115f}\u{1160}\u{ffa0}",
        ] {
            assert_eq!(message(blank), Err(TextError::Blank), "{blank:?}");
            assert_eq!(UserName::parse(blank), Err(TextError::Blank), "{blank:?}");
        }
    }

    #[test]
    fn a_message_keeps_invisible_characters_beside_visible_ones() {
        for kept in ["👨\u{200d}👩\u{200d}👧", "❤\u{fe0f}", "می\u{200c}خواهم", "a\u{200b}b", "1\u{fe0f}\u{20e3}"]
        {
            assert_eq!(message(kept).as_deref(), Ok(kept));
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
    fn a_name_is_measured_as_it_will_be_composed() {
        let decomposed = "\u{1100}\u{1161}\u{11a8}".repeat(11);
        assert!(UserName::parse(&decomposed).is_ok(), "33 code points, but 11 characters");
        assert_eq!(UserName::parse(&format!("a{}", "\u{301}".repeat(200))), Err(TextError::TooLong(USER_NAME_CHARS)));
    }

    #[test]
    fn what_is_stored_is_read_whatever_the_rules_say_now() {
        #[derive(Deserialize)]
        struct View {
            #[serde(deserialize_with = "as_stored")]
            name: UserName,
        }
        let typed = serde_json::json!({"name": "ad\u{e0100}min"});
        assert!(serde_json::from_value::<UserName>(typed["name"].clone()).is_err());
        assert_eq!(serde_json::from_value::<View>(typed).expect("a view").name.as_str(), "ad\u{e0100}min");
    }

    #[test]
    fn a_refusal_comes_back_from_its_code() {
        for error in [TextError::Blank, TextError::TooLong(32), TextError::ForbiddenCharacter, TextError::NoLetter] {
            assert_eq!(TextError::from_code(error.code(), 32), Some(error));
        }
        assert_eq!(TextError::from_code("name_taken", 32), None);
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
    }
}
