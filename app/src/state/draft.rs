//! Drafts that several tabs of a browser have.

use std::str::FromStr;

use madang_common::{id::RoomId, text::MessageText};

/// How many texts of one draft are remembered: somebody types at most so many letters.
const MOST: usize = 4_096;

/// What the composers of this tab have shown since something was last sent there, each text as a number.
#[derive(Debug, Default)]
pub struct Shown(Vec<(RoomId, Vec<u32>)>);

impl Shown {
    /// A room's composer shows a text.
    pub fn note(&mut self, room: RoomId, text: &str) {
        let at = self.0.iter().position(|(of, _)| *of == room).unwrap_or_else(|| {
            self.0.push((room, Vec::new()));
            self.0.len() - 1
        });
        let shown = &mut self.0[at].1;
        if !text.trim().is_empty() && shown.len() < MOST {
            shown.push(number(text));
        }
    }

    /// What a room's composer has shown, and no longer counts.
    pub fn take(&mut self, room: RoomId) -> Vec<u32> {
        let shown = self.0.iter_mut().find(|(of, _)| *of == room);
        shown.map(|(_, shown)| std::mem::take(shown)).unwrap_or_default()
    }
}

/// What a tab has sent, as it tells the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub said: MessageText,
    /// What its composer showed before.
    pub shown: Vec<u32>,
}

impl Sent {
    /// Whether another tab's draft goes with it. `is_own`: it was typed there, since the composer is shown. One that was
    /// not is a copy, and goes if this tab has had it before its eyes, whatever became of it until it was sent. What this
    /// tab never showed is somebody's unsaid words.
    #[must_use]
    pub fn takes(&self, draft: &str, is_own: bool) -> bool {
        match MessageText::parse(draft) {
            Ok(text) => text == self.said || !is_own && self.shown.contains(&number(draft)),
            Err(_) => false,
        }
    }

    /// In one line, up to the text.
    #[must_use]
    pub fn write(&self) -> String {
        let shown: Vec<String> = self.shown.iter().map(u32::to_string).collect();
        [&*shown.join(","), " ", self.said.as_str()].concat()
    }
}

impl FromStr for Sent {
    type Err = ();

    fn from_str(line: &str) -> Result<Self, ()> {
        let (shown, said) = line.split_once(' ').ok_or(())?;
        let shown = shown.split(',').filter_map(|number| number.parse().ok()).collect();
        Ok(Self { said: MessageText::parse(said).map_err(drop)?, shown })
    }
}

/// The number of a text (FNV-1a), by which two are alike but for blanks at the end.
fn number(text: &str) -> u32 {
    text.trim_end().bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: RoomId = RoomId(1);

    /// What a tab tells that showed these texts and sent the last.
    fn sent(shown: &[&str]) -> Sent {
        let mut all = Shown::default();
        shown.iter().for_each(|text| all.note(ROOM, text));
        Sent { said: MessageText::parse(shown.last().unwrap()).unwrap(), shown: all.take(ROOM) }
    }

    #[test]
    fn the_same_draft_is_sent_whoever_typed_it() {
        for is_own in [false, true] {
            assert!(sent(&["see you"]).takes("see you", is_own));
            assert!(sent(&["see you"]).takes("see you \n", is_own), "a message is sent without blanks at its end");
        }
    }

    #[test]
    fn a_copy_goes_whatever_it_became_elsewhere_and_ones_own_words_do_not() {
        for what_it_became in [&["see", "see you"][..], &["see", "", "bread"], &["see you", "see ", "s", "so"]] {
            let sent = sent(what_it_became);
            assert!(sent.takes(what_it_became[0], false), "{what_it_became:?}");
            assert!(!sent.takes(what_it_became[0], true), "{what_it_became:?}");
        }
    }

    #[test]
    fn what_the_other_tab_never_showed_stays() {
        for is_own in [false, true] {
            assert!(!sent(&["h", "hi"]).takes("a long thought", is_own));
            assert!(!sent(&["see you"]).takes("see you later", is_own));
            assert!(!sent(&["see you"]).takes(" ", is_own));
        }
    }

    #[test]
    fn what_was_shown_counts_until_something_is_sent_and_in_its_room() {
        let mut shown = Shown::default();
        shown.note(ROOM, "see");
        shown.note(RoomId(2), "elsewhere");
        assert_eq!(shown.take(ROOM), [number("see")]);
        assert!(shown.take(ROOM).is_empty());
        assert_eq!(shown.take(RoomId(2)), [number("elsewhere")]);
        (0..2 * MOST).for_each(|count| shown.note(ROOM, &count.to_string()));
        assert_eq!(shown.take(ROOM).len(), MOST, "it is bounded");
    }

    #[test]
    fn other_tabs_read_what_is_told() {
        for sent in [sent(&["see", "see you\nat noon, 1,2 3"]), Sent { shown: Vec::new(), ..sent(&["x"]) }] {
            assert_eq!(sent.write().parse(), Ok(sent));
        }
        assert_eq!("nonsense".parse::<Sent>(), Err(()));
    }
}
