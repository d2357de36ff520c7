//! Windowing: which part of a timeline is drawn, what is visible and a margin around it.

use madang_common::id::Seq;

/// How far the window moves at once, in messages.
const STEP: i64 = 40;
/// How long the window is when it follows the latest message.
const SPAN: i64 = 120;
/// How long it may become. With a day's separator before each message that makes 320 rows.
const MOST: i64 = 160;

/// A stretch of messages, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    first: Seq,
    /// None: the latest, whatever that is, and what is still unsent after it.
    last: Option<Seq>,
}

impl Window {
    /// The end of what is held, from `held.0` to `held.1`.
    #[must_use]
    pub fn at_end(held: (Seq, Seq)) -> Self {
        Self { first: Seq(held.0.0.max(held.1.0 - SPAN + 1)), last: None }
    }

    /// The stretch around a message, with more after it than before.
    #[must_use]
    pub fn around(seq: Seq, held: (Seq, Seq)) -> Self {
        let first = Seq(held.0.0.max(seq.0 - STEP));
        let last = Seq(first.0 + SPAN - 1);
        if last < held.1 { Self { first, last: Some(last) } } else { Self::at_end(held) }
    }

    /// The first and the last message to be drawn.
    #[must_use]
    pub fn stretch(self, held: (Seq, Seq)) -> (Seq, Seq) {
        (self.first.max(held.0), self.last.unwrap_or(held.1).min(held.1))
    }

    /// Whether the window ends with the latest message.
    #[must_use]
    pub fn follows(self) -> bool {
        self.last.is_none()
    }

    /// The window further up, or none if all that is held there is drawn.
    #[must_use]
    pub fn up(self, held: (Seq, Seq)) -> Option<Self> {
        let (first, last) = self.stretch(held);
        if first <= held.0 {
            return None;
        }
        let first = Seq(held.0.0.max(first.0 - STEP));
        let most = Seq(first.0 + MOST - 1);
        Some(Self { first, last: if last > most { Some(most) } else { self.last } })
    }

    /// The window further down, or none if it ends with the latest message.
    #[must_use]
    pub fn down(self, held: (Seq, Seq)) -> Option<Self> {
        let last = Seq(self.last?.0 + STEP);
        let (last, end) = if last >= held.1 { (None, held.1) } else { (Some(last), last) };
        Some(Self { first: self.first.max(Seq(end.0 - MOST + 1)), last })
    }

    /// The window after messages came. One that follows them lets go of its other end, a stretch at a time, so that
    /// not every message moves both; unless the reader is elsewhere in it, who keeps what is there.
    #[must_use]
    pub fn grown(self, held: (Seq, Seq), reader_at_end: bool) -> Self {
        let (first, last) = self.stretch(held);
        if !self.follows() || last.0 - first.0 < MOST {
            self
        } else if reader_at_end {
            Self::at_end(held)
        } else {
            Self { first, last: Some(Seq(first.0 + MOST - 1)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELD: (Seq, Seq) = (Seq(1), Seq(1_000));

    fn ends(window: Window) -> (i64, i64) {
        let (first, last) = window.stretch(HELD);
        (first.0, last.0)
    }

    #[test]
    fn a_timeline_opens_at_its_end() {
        assert_eq!(ends(Window::at_end(HELD)), (881, 1_000));
        assert_eq!(Window::at_end((Seq(990), Seq(1_000))).stretch((Seq(990), Seq(1_000))), (Seq(990), Seq(1_000)));
    }

    #[test]
    fn a_window_around_a_message_has_it_and_stays_bounded() {
        assert_eq!(ends(Window::around(Seq(500), HELD)), (460, 579));
        assert_eq!(ends(Window::around(Seq(3), HELD)), (1, 120));
        for seq in [881, 960, 1_000] {
            let window = Window::around(Seq(seq), HELD);
            assert!(window.follows() || seq < 921, "{seq}");
            let (first, last) = ends(window);
            assert!((first..=last).contains(&seq) && last - first < MOST, "{seq}");
        }
    }

    #[test]
    fn going_up_lets_go_of_the_end_once_the_window_is_full() {
        let window = Window::at_end(HELD).up(HELD).unwrap();
        assert_eq!((ends(window), window.follows()), ((841, 1_000), true));
        let window = window.up(HELD).unwrap();
        assert_eq!((ends(window), window.follows()), ((801, 960), false));
    }

    #[test]
    fn up_to_the_first_message_and_down_again_the_window_stays_bounded() {
        let mut window = Window::at_end(HELD);
        while let Some(up) = window.up(HELD) {
            window = up;
            let (first, last) = ends(window);
            assert!(last - first < MOST, "{first} to {last}");
        }
        assert_eq!(ends(window), (1, 160));
        while let Some(down) = window.down(HELD) {
            window = down;
            let (first, last) = ends(window);
            assert!(last - first < MOST, "{first} to {last}");
        }
        assert_eq!((ends(window), window.follows()), ((841, 1_000), true));
    }

    #[test]
    fn a_window_that_follows_lets_go_of_old_messages_as_new_ones_come() {
        let window = Window::at_end(HELD);
        assert_eq!(window.grown((Seq(1), Seq(1_040)), true), window);
        let later = (Seq(1), Seq(1_041));
        assert_eq!(window.grown(later, true).stretch(later), (Seq(922), Seq(1_041)));
    }

    #[test]
    fn a_reader_who_is_not_at_the_end_keeps_what_is_there() {
        let later = (Seq(1), Seq(1_041));
        let window = Window::at_end(HELD).grown(later, false);
        assert_eq!((window.stretch(later), window.follows()), ((Seq(881), Seq(1_040)), false));
    }

    #[test]
    fn a_window_up_in_the_history_stays_where_it_is() {
        let window = Window::at_end(HELD).up(HELD).and_then(|window| window.up(HELD)).unwrap();
        let later = (Seq(1), Seq(2_000));
        assert_eq!(window.grown(later, true).stretch(later), (Seq(801), Seq(960)));
    }
}
