//! The log of a connection: bounded, and in memory only.

use std::collections::VecDeque;

use super::seen::{Direction, Seen};

/// Most entries that are kept; the oldest go first.
pub const MOST: usize = 200;

/// Something seen, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Counts up over the page's life, so that an entry is known again.
    pub id: u64,
    /// The time of day, to the millisecond.
    pub at: String,
    pub seen: Seen,
}

/// The entries, and those that wait while the log is paused.
#[derive(Clone, Debug, Default)]
pub struct Log {
    shown: VecDeque<Entry>,
    held: VecDeque<Entry>,
    paused: bool,
    next_id: u64,
}

impl Log {
    /// Takes in what was seen. While the log is paused it is held back.
    pub fn push(&mut self, at: String, seen: Seen) {
        let entry = Entry { id: self.next_id, at, seen };
        self.next_id += 1;
        let list = if self.paused { &mut self.held } else { &mut self.shown };
        list.push_back(entry);
        trim(list);
    }

    /// Oldest first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.shown.iter()
    }

    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// How many are held back.
    #[must_use]
    pub fn held(&self) -> usize {
        self.held.len()
    }

    /// Pauses, or goes on and shows what was held back.
    pub fn toggle(&mut self) {
        self.paused = !self.paused;
        if !self.paused {
            self.shown.append(&mut self.held);
            trim(&mut self.shown);
        }
    }

    /// Forgets all entries.
    pub fn clear(&mut self) {
        self.shown.clear();
        self.held.clear();
    }

    /// What is shown, as lines of text to be copied: time, direction and raw frame, parted by tabs.
    #[must_use]
    pub fn text(&self) -> String {
        self.shown.iter().map(line).collect()
    }
}

fn trim(list: &mut VecDeque<Entry>) {
    let excess = list.len().saturating_sub(MOST);
    list.drain(..excess);
}

fn line(entry: &Entry) -> String {
    let (mark, what) = match &entry.seen {
        Seen::Frame { direction: Direction::In, raw, .. } => ("in", raw.clone()),
        Seen::Frame { direction: Direction::Out, raw, .. } => ("out", raw.clone()),
        Seen::Connecting(carrier) => ("-", format!("connecting {carrier:?}")),
        Seen::Open(carrier) => ("-", format!("open {carrier:?}")),
        Seen::Closed(carrier, None) => ("-", format!("closed {carrier:?}")),
        Seen::Closed(carrier, Some(code)) => ("-", format!("closed {carrier:?} {code}")),
    };
    format!("{}\t{mark}\t{what}\n", entry.at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::seen::Carrier;

    fn frame(raw: &str) -> Seen {
        Seen::frame(Direction::In, Carrier::WebSocket, raw)
    }

    fn with(count: usize) -> Log {
        let mut log = Log::default();
        (0..count).for_each(|n| log.push(format!("{n}"), frame("2")));
        log
    }

    fn times(log: &Log) -> Vec<&str> {
        log.entries().map(|entry| entry.at.as_str()).collect()
    }

    #[test]
    fn the_oldest_entries_go_first() {
        let log = with(MOST + 2);
        assert_eq!(log.entries().count(), MOST);
        assert_eq!(times(&log)[0], "2");
    }

    #[test]
    fn a_pause_holds_back_what_comes_and_shows_it_afterwards() {
        let mut log = with(1);
        log.toggle();
        log.push("later".to_owned(), frame("3"));
        assert_eq!((log.is_paused(), log.held(), times(&log)), (true, 1, vec!["0"]));
        log.toggle();
        assert_eq!((log.is_paused(), log.held(), times(&log)), (false, 0, vec!["0", "later"]));
    }

    #[test]
    fn a_long_pause_is_bounded_too() {
        let mut log = with(1);
        log.toggle();
        (0..2 * MOST).for_each(|n| log.push(format!("held {n}"), frame("2")));
        assert_eq!(log.held(), MOST);
        log.toggle();
        assert_eq!(log.entries().count(), MOST);
    }

    #[test]
    fn clearing_forgets_all_and_numbers_go_on() {
        let mut log = with(3);
        log.clear();
        log.push("new".to_owned(), frame("2"));
        assert_eq!(log.entries().map(|entry| entry.id).collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn what_is_copied_is_what_was_sent() {
        let mut log = Log::default();
        log.push("12:00:00.000".to_owned(), Seen::Connecting(Carrier::Plain));
        log.push("12:00:00.001".to_owned(), Seen::frame(Direction::Out, Carrier::Plain, "안녕\t<b>"));
        log.push("12:00:00.002".to_owned(), Seen::Closed(Carrier::Plain, Some(1000)));
        assert_eq!(
            log.text(),
            "12:00:00.000\t-\tconnecting Plain\n12:00:00.001\tout\t안녕\t<b>\n12:00:00.002\t-\tclosed Plain 1000\n"
        );
    }
}
