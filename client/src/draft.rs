//! Drafts that several tabs of a browser have.

use madang_common::{id::RoomId, text::MessageText};

/// Whether a draft is what was said, which is without the white space around it.
#[must_use]
pub fn is_said(draft: &str, said: &str) -> bool {
    let would_say = |text| MessageText::parse(text).ok();
    draft.trim_end() == said.trim_end() || would_say(draft).is_some_and(|draft| Some(draft) == would_say(said))
}

/// The draft that this tab shows.
#[derive(Debug, Default)]
pub struct Shown {
    room: RoomId,
    text: String,
    /// It was typed in this tab. One that was not is a copy, which goes on as it does elsewhere.
    is_own: bool,
}

impl Shown {
    /// A draft was read from where this browser keeps it.
    pub fn read(&mut self, room: RoomId, text: &str) {
        *self = Self { room, text: text.to_owned(), is_own: false };
    }

    /// Something was typed. Answers what stood there before.
    pub fn typed(&mut self, room: RoomId, text: &str) -> String {
        let before = std::mem::replace(self, Self { room, text: text.to_owned(), is_own: true });
        if before.room == room { before.text } else { String::new() }
    }

    /// Another tab's draft went on, or was sent if there is no `now`. Answers whether the one here goes with it: a copy
    /// does, and what was typed here does if the very same was sent.
    pub fn goes_with(&mut self, room: RoomId, was: &str, now: Option<&str>) -> bool {
        let goes = self.room == room
            && !was.trim_end().is_empty()
            && is_said(&self.text, was)
            && (now.is_none() || !self.is_own);
        if goes {
            self.read(room, now.unwrap_or_default());
        }
        goes
    }

    /// What is shown in a room.
    #[must_use]
    pub fn text(&self, room: RoomId) -> Option<&str> {
        (self.room == room && !self.text.is_empty()).then_some(&*self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: RoomId = RoomId(1);

    /// What becomes of a draft here.
    fn becomes(draft: &str, is_own: bool, was: &str, now: Option<&str>) -> Option<String> {
        let mut shown = Shown::default();
        shown.read(ROOM, draft);
        if is_own {
            shown.typed(ROOM, draft);
        }
        let goes = shown.goes_with(ROOM, was, now);
        goes.then(|| shown.text(ROOM).unwrap_or_default().to_owned())
    }

    #[test]
    fn the_same_draft_is_sent_whoever_typed_it() {
        for is_own in [false, true] {
            for draft in ["see you", "see you \n", "\n\nsee you\r\n"] {
                assert_eq!(becomes(draft, is_own, "see you", None).as_deref(), Some(""));
            }
        }
    }

    #[test]
    fn a_copy_goes_on_as_the_draft_does_and_ones_own_words_do_not() {
        for now in ["see you later", "see", "", "bread"] {
            assert_eq!(becomes("see you", false, "see you", Some(now)).as_deref(), Some(now));
            assert_eq!(becomes("see you", true, "see you", Some(now)), None);
        }
    }

    #[test]
    fn a_copy_goes_on_for_as_long_as_nothing_is_typed_here() {
        let mut shown = Shown::default();
        shown.read(ROOM, "see");
        assert!(shown.goes_with(ROOM, "see", Some("see you")));
        assert!(shown.goes_with(ROOM, "see you", Some("see y")));
        assert_eq!(shown.typed(ROOM, "see ya"), "see y");
        assert!(!shown.goes_with(ROOM, "see ya", Some("see")));
        assert_eq!(shown.typed(RoomId(2), "hello"), "", "another room has another draft");
    }

    #[test]
    fn another_draft_stays() {
        for is_own in [false, true] {
            for draft in ["see you later", "see", "bread", " ", ""] {
                assert_eq!(becomes(draft, is_own, "see you", None), None, "{draft}");
                assert_eq!(becomes(draft, is_own, "see you", Some("s")), None, "{draft}");
                assert_eq!(
                    becomes(draft, is_own, "", Some("s")),
                    None,
                    "what is typed into nothing is another draft"
                );
            }
        }
        let mut shown = Shown::default();
        shown.read(ROOM, "see you");
        assert!(!shown.goes_with(RoomId(2), "see you", None));
    }
}
