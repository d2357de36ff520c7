//! Other tabs of the browser: what they tell each other.

use madang_common::id::{RoomId, UserId};

use super::Engine;
use crate::view::Cells;

/// Between what a draft was and what it is. Nobody types it.
const BECAME: char = '\0';

/// What one tab tells the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TabNews {
    /// The outbox on the disk has changed.
    Outbox,
    /// A draft of this person went on, or was said if there is no `now`.
    Draft { me: UserId, room: RoomId, was: String, now: Option<String> },
}

impl TabNews {
    /// How it is told. None says that the outbox has changed, as it has since tabs tell each other anything.
    #[must_use]
    pub fn write(&self) -> Option<String> {
        match self {
            Self::Outbox => None,
            Self::Draft { me, room, was, now } => {
                let mut told = [&*me.to_string(), " ", &room.to_string(), " ", was].concat();
                if let Some(now) = now {
                    told.push(BECAME);
                    told.push_str(now);
                }
                Some(told)
            }
        }
    }

    /// Reads what another tab has told; none from a page of another version.
    #[must_use]
    pub fn read(told: Option<&str>) -> Option<Self> {
        let Some(told) = told else { return Some(Self::Outbox) };
        let (me, told) = told.split_once(' ')?;
        let (room, draft) = told.split_once(' ')?;
        let (me, room) = (UserId(me.parse().ok()?), RoomId(room.parse().ok()?));
        let (was, now) = draft.split_once(BECAME).map_or((draft, None), |(was, now)| (was, Some(now.to_owned())));
        Some(Self::Draft { me, room, was: was.to_owned(), now })
    }
}

impl<C: Cells> Engine<C> {
    /// Another tab has news.
    pub fn tab_told(&mut self, news: &TabNews) {
        match news {
            TabNews::Outbox => self.outbox_changed_elsewhere(),
            TabNews::Draft { me, room, was, now } => self.draft_told(*me, *room, was, now.as_deref()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_read_as_it_was_meant() {
        let draft = |was: &str, now: Option<&str>| TabNews::Draft {
            me: UserId(7),
            room: RoomId(1),
            was: was.to_owned(),
            now: now.map(str::to_owned),
        };
        for news in [
            TabNews::Outbox,
            draft("", Some("s")),
            draft("see you", Some("")),
            draft("see you\nsoon", Some("see you  soon")),
            draft("see you", None),
        ] {
            assert_eq!(TabNews::read(news.write().as_deref()), Some(news));
        }
    }

    #[test]
    fn what_a_page_of_another_version_tells_is_passed_over() {
        for told in ["", "7", "7 1", "seven 1 see you", "7 one see you", "draft 7 1"] {
            assert_eq!(TabNews::read(Some(told)), None, "{told}");
        }
    }
}
