//! The IME state machine: what Enter and Escape mean in a text box; events in, decisions out.
//!
//! Hangul is composed syllable by syllable without candidates, so Enter means "send", and the syllable that is being
//! composed belongs to what is sent. Kana and Han are converted: there Enter picks a candidate and must not send.
//! Browsers tell of it in different orders:
//! - Chromium (Windows, macOS, Linux): keydown Enter while composing (key code 229), compositionend, and on some
//!   systems a second, plain keydown Enter or a line break.
//! - Safari: compositionend first, then keydown Enter with key code 229 though nothing is being composed any more.
//!
//! Escape that ends a composition comes in the same two orders. It never means anything else than that: an edit would
//! be lost for a syllable that was to be taken back.
//!
//! On a touch keyboard there is no Shift+Enter, so Enter breaks the line there, and a button sends. Ctrl+Enter and
//! Cmd+Enter send everywhere.

/// What happened in the composer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input<'a> {
    /// A key went down.
    Key(Key),
    /// Enter or Escape was let go.
    KeyUp,
    /// An input method began to compose.
    Start,
    /// What is being composed.
    Update(&'a str),
    /// What was composed in the end.
    End(&'a str),
    /// The browser is about to break the line (`beforeinput`): from a touch keyboard, or after a keydown.
    LineBreak,
}

/// A key as `keydown` tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Key {
    pub enter: bool,
    pub escape: bool,
    pub shift: bool,
    /// Ctrl, or Cmd on a Mac.
    pub command: bool,
    /// `isComposing`.
    pub composing: bool,
    /// Key code 229: the input method has taken the key.
    pub taken: bool,
}

/// What the composer has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Let the browser do what it does.
    Pass,
    /// Keep the browser from what it does.
    Prevent,
    /// Keep the browser from what it does, and send.
    Send,
    /// Send what stands in the DOM once this event is over: the input method is still writing.
    SendAfter,
    /// Escape: give up what is being done.
    Cancel,
}

/// The state between the events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ime {
    composing: bool,
    /// Whether what is being composed is Hangul.
    hangul: bool,
    /// Enter was pressed during it: send once it has ended.
    armed: bool,
    /// What ended last, with no key since, was Hangul; or it was not.
    ended: Option<bool>,
    /// Sent by an Enter that has not been let go: whatever else comes of it is an echo.
    sent: bool,
    /// Shift and Enter: the line break that follows is meant.
    line_break: bool,
    /// An Escape that has not been let go belonged to the input method: whatever else comes of it is an echo.
    escaped: bool,
    /// Text is typed on the screen: Enter breaks the line.
    touch: bool,
}

impl Ime {
    /// Whether something is being composed.
    #[must_use]
    pub fn composing(&self) -> bool {
        self.composing
    }

    /// Notes whether text is typed on the screen. It may change: a tablet can be docked.
    pub fn set_touch(&mut self, touch: bool) {
        self.touch = touch;
    }

    /// Takes an event.
    pub fn take(&mut self, input: Input<'_>) -> Action {
        match input {
            Input::Key(key) if key.enter => self.enter(key),
            Input::Key(key) if key.escape => self.escape(key),
            Input::Key(_) => {
                self.forget_keys();
                self.armed = false;
                Action::Pass
            }
            Input::KeyUp => {
                self.forget_keys();
                Action::Pass
            }
            Input::Start => {
                self.forget_keys();
                (self.composing, self.hangul, self.armed) = (true, false, false);
                Action::Pass
            }
            Input::Update(data) => {
                self.hangul = is_hangul(data);
                Action::Pass
            }
            Input::End(data) => self.end(data),
            Input::LineBreak => self.break_line(),
        }
    }

    fn enter(&mut self, key: Key) -> Action {
        if key.shift || (self.touch && !key.command) {
            self.line_break = true;
            return Action::Pass;
        }
        if key.composing || self.composing {
            self.armed = self.hangul;
            return Action::Pass;
        }
        if self.sent {
            return Action::Prevent;
        }
        match self.ended.take() {
            // Safari: this is the key that ended the composition.
            Some(hangul) if key.taken => {
                if hangul {
                    Action::Send
                } else {
                    Action::Pass
                }
            }
            // An input method that composes nothing here has use for the key.
            None if key.taken => Action::Pass,
            _ => Action::Send,
        }
    }

    fn escape(&mut self, key: Key) -> Action {
        // In Safari the composition that this key has ended is over already. An input method of macOS may hand the key
        // on after that, as a plain one.
        let is_taken = key.composing || self.composing || key.taken || self.ended.is_some() || self.escaped;
        self.forget_keys();
        (self.armed, self.escaped) = (false, is_taken);
        if is_taken { Action::Pass } else { Action::Cancel }
    }

    fn end(&mut self, data: &str) -> Action {
        let hangul = is_hangul(data);
        // What was Hangul when Enter came may have become Hanja by it: then it picked a candidate.
        let send = self.armed && hangul;
        *self = Self { composing: false, hangul: false, armed: false, ended: Some(hangul), sent: send, ..*self };
        if send { Action::SendAfter } else { Action::Pass }
    }

    fn break_line(&mut self) -> Action {
        if std::mem::take(&mut self.line_break) {
            Action::Pass
        } else if self.sent || self.armed {
            Action::Prevent
        } else if self.composing || self.touch {
            Action::Pass
        } else {
            Action::Send
        }
    }

    fn forget_keys(&mut self) {
        (self.ended, self.sent, self.line_break, self.escaped) = (None, false, false, false);
    }
}

/// Whether what is composed ends in Hangul: syllables, or letters that are not a syllable yet.
fn is_hangul(data: &str) -> bool {
    data.chars().next_back().is_some_and(|last| {
        matches!(last, '가'..='힣' | '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}')
            || matches!(last, '\u{a960}'..='\u{a97c}' | '\u{d7b0}'..='\u{d7fb}' | '\u{ffa1}'..='\u{ffdc}')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Key =
        Key { enter: false, escape: false, shift: false, command: false, composing: false, taken: false };
    const ENTER: Input<'static> = Input::Key(Key { enter: true, ..PLAIN });
    const ENTER_COMPOSING: Input<'static> = Input::Key(Key { enter: true, composing: true, taken: true, ..PLAIN });
    const ENTER_TAKEN: Input<'static> = Input::Key(Key { enter: true, taken: true, ..PLAIN });
    const SHIFT_ENTER: Input<'static> = Input::Key(Key { enter: true, shift: true, ..PLAIN });
    const COMMAND_ENTER: Input<'static> = Input::Key(Key { enter: true, command: true, ..PLAIN });
    const ESCAPE: Input<'static> = Input::Key(Key { escape: true, ..PLAIN });
    const ESCAPE_COMPOSING: Input<'static> = Input::Key(Key { escape: true, composing: true, taken: true, ..PLAIN });
    const ESCAPE_TAKEN: Input<'static> = Input::Key(Key { escape: true, taken: true, ..PLAIN });
    const LETTER: Input<'static> = Input::Key(Key { composing: true, taken: true, ..PLAIN });

    /// What is done at each event of a trace, `Pass` left out.
    fn play(trace: &[Input<'_>]) -> Vec<Action> {
        play_on(Ime::default(), trace)
    }

    /// The same on a phone.
    fn play_by_touch(trace: &[Input<'_>]) -> Vec<Action> {
        let mut ime = Ime::default();
        ime.set_touch(true);
        play_on(ime, trace)
    }

    fn play_on(mut ime: Ime, trace: &[Input<'_>]) -> Vec<Action> {
        trace.iter().map(|input| ime.take(*input)).filter(|action| *action != Action::Pass).collect()
    }

    #[test]
    fn enter_sends_and_shift_enter_breaks_the_line() {
        assert_eq!(play(&[ENTER, Input::KeyUp]), [Action::Send]);
        assert_eq!(play(&[SHIFT_ENTER, Input::LineBreak, Input::KeyUp, ENTER]), [Action::Send]);
    }

    #[test]
    fn hangul_in_chromium_is_sent_once_with_its_last_syllable() {
        let composing = [LETTER, Input::Start, Input::Update("ㄴ"), LETTER, Input::Update("녕"), ENTER_COMPOSING];
        for echo in [&[][..], &[ENTER], &[Input::LineBreak], &[ENTER, Input::LineBreak]] {
            let trace = [&composing[..], &[Input::End("녕")], echo, &[Input::KeyUp]].concat();
            let sent = play(&trace);
            assert_eq!(sent[0], Action::SendAfter, "{echo:?}");
            assert!(sent[1..].iter().all(|action| *action == Action::Prevent), "{echo:?}: {sent:?}");
        }
    }

    #[test]
    fn a_line_break_before_the_end_of_the_composition_is_kept_out() {
        let trace = [Input::Start, Input::Update("가"), ENTER_COMPOSING, Input::LineBreak, Input::End("가")];
        assert_eq!(play(&trace), [Action::Prevent, Action::SendAfter]);
    }

    #[test]
    fn hangul_in_safari_is_sent_once() {
        let trace = [Input::Start, Input::Update("안"), Input::End("안"), ENTER_TAKEN, Input::KeyUp];
        assert_eq!(play(&trace), [Action::Send]);
    }

    #[test]
    fn kana_and_han_are_not_sent_by_the_enter_that_converts_them() {
        let chromium = [Input::Start, Input::Update("にほん"), ENTER_COMPOSING, Input::End("日本"), Input::KeyUp];
        assert_eq!(play(&chromium), []);
        let safari = [Input::Start, Input::Update("にほん"), Input::End("日本"), ENTER_TAKEN, Input::KeyUp];
        assert_eq!(play(&safari), []);
        let pinyin = [Input::Start, Input::Update("ni hao"), ENTER_COMPOSING, Input::End("ni hao"), Input::KeyUp];
        assert_eq!(play(&pinyin), []);
        assert_eq!(play(&[&chromium[..], &[ENTER]].concat()), [Action::Send], "the next Enter sends");
    }

    #[test]
    fn hanja_is_not_sent_by_the_enter_that_picks_it() {
        assert_eq!(play(&[Input::Start, Input::Update("한"), ENTER_COMPOSING, Input::End("漢"), Input::KeyUp]), []);
    }

    #[test]
    fn after_a_composition_that_ended_otherwise_enter_sends_at_once() {
        let space = Input::Key(Key::default());
        assert_eq!(play(&[Input::Start, Input::Update("안"), Input::End("안"), space, ENTER]), [Action::Send]);
        assert_eq!(play(&[Input::Start, Input::Update("안"), Input::End("안"), ENTER]), [Action::Send]);
    }

    #[test]
    fn the_next_message_is_sent_by_its_own_enter() {
        let one = [Input::Start, Input::Update("가"), ENTER_COMPOSING, Input::End("가"), ENTER, Input::KeyUp];
        let sent = play(&[one, one].concat());
        assert_eq!(sent.iter().filter(|action| **action == Action::SendAfter).count(), 2);
        assert!(!sent.contains(&Action::Send));
    }

    #[test]
    fn a_composition_that_is_given_up_sends_nothing() {
        assert_eq!(play(&[Input::Start, Input::Update("가"), ENTER_COMPOSING, Input::End("")]), []);
    }

    #[test]
    fn a_keyboard_that_tells_of_no_key_but_breaks_the_line_sends() {
        assert_eq!(play(&[Input::LineBreak]), [Action::Send]);
    }

    #[test]
    fn escape_cancels_where_nothing_is_composed() {
        assert_eq!(play(&[ESCAPE]), [Action::Cancel]);
        assert_eq!(play(&[LETTER, Input::Start, Input::End("안"), LETTER, Input::KeyUp, ESCAPE]), [Action::Cancel]);
    }

    #[test]
    fn escape_that_ends_a_composition_cancels_nothing_in_whatever_order_it_comes() {
        for data in ["", "안", "にほん"] {
            let start = [LETTER, Input::Start, Input::Update("안")];
            for end in [
                // Chromium and Firefox; then with the key handed on, once or for as long as it is held.
                &[ESCAPE_COMPOSING, Input::End(data)][..],
                &[ESCAPE_COMPOSING, Input::End(data), ESCAPE, ESCAPE],
                // Safari; with the key held; and with a key that does not say that it was taken.
                &[Input::End(data), ESCAPE_TAKEN],
                &[Input::End(data), ESCAPE_TAKEN, ESCAPE],
                &[Input::End(data), ESCAPE],
                // An input method that takes the key and composes on.
                &[ESCAPE_TAKEN, Input::Update("아"), Input::End(data)],
            ] {
                let trace = [&start[..], end, &[Input::KeyUp]].concat();
                assert_eq!(play(&trace), [], "{end:?}");
                assert_eq!(play(&[&trace[..], &[ESCAPE]].concat()), [Action::Cancel], "the next Escape, {end:?}");
            }
        }
    }

    #[test]
    fn escape_that_an_input_method_takes_without_composing_cancels_nothing() {
        assert_eq!(play(&[ESCAPE_TAKEN, Input::KeyUp]), [], "it closes a window with candidates");
    }

    #[test]
    fn escape_takes_back_an_enter_that_waits_for_its_syllable() {
        assert_eq!(
            play(&[Input::Start, Input::Update("가"), ENTER_COMPOSING, ESCAPE_COMPOSING, Input::End("가")]),
            []
        );
    }

    #[test]
    fn by_touch_enter_breaks_the_line_and_never_sends() {
        assert_eq!(play_by_touch(&[ENTER, Input::LineBreak, Input::KeyUp, ENTER, Input::LineBreak]), []);
        assert_eq!(play_by_touch(&[Input::LineBreak, Input::LineBreak]), [], "a keyboard that tells of no key");
        let hangul = [Input::Start, Input::Update("가"), ENTER_COMPOSING, Input::End("가"), Input::LineBreak];
        assert_eq!(play_by_touch(&hangul), []);
        let hangul_last = [Input::Start, Input::Update("가"), ENTER_COMPOSING, Input::LineBreak, Input::End("가")];
        assert_eq!(play_by_touch(&hangul_last), []);
        assert_eq!(play_by_touch(&[Input::Start, Input::Update("안"), Input::End("안"), ENTER_TAKEN]), []);
    }

    #[test]
    fn command_and_enter_send_everywhere() {
        assert_eq!(play(&[COMMAND_ENTER, Input::KeyUp]), [Action::Send]);
        assert_eq!(play_by_touch(&[COMMAND_ENTER, Input::KeyUp]), [Action::Send]);
    }

    #[test]
    fn a_tablet_that_is_docked_sends_by_enter_again() {
        let mut ime = Ime::default();
        ime.set_touch(true);
        assert_eq!(ime.take(ENTER), Action::Pass);
        assert_eq!(ime.take(Input::LineBreak), Action::Pass);
        assert_eq!(ime.take(Input::KeyUp), Action::Pass);
        ime.set_touch(false);
        assert_eq!(ime.take(ENTER), Action::Send);
    }
}
