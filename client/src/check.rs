//! Whether the page holds what the server has: how far behind it is, and what came of comparing the two.

use madang_common::{
    digest::Rolled,
    event::room::DigestReply,
    id::{Rev, Seq},
    limits::DIGEST_MESSAGES,
};

use super::{link::Link, timeline::Timeline};

/// What comparing a timeline with the server's digest shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both hold the same.
    Same,
    /// The server has changes that the page has not: to be asked for, and compared again.
    Behind,
    /// The page has changed since it asked: to be compared again.
    Moved,
    /// They hold different messages at one revision, or the server is at an earlier one than the page: whatever the
    /// reason, what the server has is what there is.
    Differs,
}

/// The place from which on the server's digest stands for what a timeline holds.
fn digest_from(timeline: &Timeline) -> Seq {
    // With nothing before them, a first message that is missing is missing as well.
    timeline.first().filter(|_| timeline.has_earlier()).unwrap_or(Seq(1))
}

/// What the server was asked: from which place on its digest is to stand, and where the timeline stood then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    pub from: Seq,
    rev: Rev,
}

impl Question {
    /// What to ask about a timeline.
    #[must_use]
    pub fn about(timeline: &Timeline) -> Self {
        Self { from: digest_from(timeline), rev: timeline.rev() }
    }
}

/// Compares a timeline with the answer to a question about it. Where the server has fewer messages, the oldest have had
/// their time: [`forget_removed`] lets go of those.
#[must_use]
pub fn compare(timeline: &Timeline, asked: Question, reply: &DigestReply) -> Verdict {
    if reply.rev < asked.rev {
        return Verdict::Differs;
    }
    // Older messages have come: that the server did not count those does not mean that it has removed them.
    if digest_from(timeline) != asked.from {
        return Verdict::Moved;
    }
    if reply.rev != timeline.rev() {
        return if reply.rev > timeline.rev() { Verdict::Behind } else { Verdict::Moved };
    }
    let latest = timeline.messages().rev().take(reply.digest.count as usize);
    if latest.fold(Rolled::default(), Rolled::with_message) == reply.digest {
        Verdict::Same
    } else {
        Verdict::Differs
    }
}

/// Lets go of what the server has removed, once both were found the same: it has fewer messages, and counted them all.
/// Tells whether there was any.
pub fn forget_removed(timeline: &mut Timeline, reply: &DigestReply) -> bool {
    let count = reply.digest.count as usize;
    count < DIGEST_MESSAGES && timeline.keep_latest(count)
}

/// What is known from comparing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// A person has asked for it and waits.
    pub running: bool,
    /// What came of it last for the open room, if a person had asked or something was wrong, and at which revision.
    pub done: Option<(Rev, Outcome)>,
    /// How often something was repaired since the page was opened.
    pub repairs: u32,
}

/// What came of comparing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// They were the same.
    Same,
    /// They were not, and are now.
    Repaired,
}

/// What the indicator says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing: the link is not up, which the banner tells, or no room is open.
    Silent,
    /// So many changes are still to come.
    Behind(i64),
    /// The page has all that it has heard of.
    CaughtUp,
    /// It is being compared with the server.
    Checking,
    /// It was, and nothing has come since.
    Checked(Outcome),
}

/// What the indicator says of an open room that the page holds up to `held`, of which it knows that the server is at
/// `head`. `catching_up`: it has been asking for what it missed for longer than anybody would want to be told of.
#[must_use]
pub fn progress(link: Link, catching_up: bool, held: Rev, head: Rev, check: Check) -> Progress {
    match link {
        Link::Live | Link::Resuming if catching_up && head > held => Progress::Behind(head.0 - held.0),
        Link::Live if check.running => Progress::Checking,
        Link::Live => match check.done {
            Some((rev, outcome)) if rev == held => Progress::Checked(outcome),
            _ => Progress::CaughtUp,
        },
        _ => Progress::Silent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{message, snapshot};

    fn timeline() -> Timeline {
        Timeline::new(&snapshot(vec![message(1, 1, "a"), message(2, 2, "b")]))
    }

    fn asked(rev: i64) -> Question {
        Question { from: Seq(1), rev: Rev(rev) }
    }

    fn reply(rev: i64, texts: &[&str]) -> DigestReply {
        let message = |(seq, text): (i64, &&str)| message(seq, seq, text);
        let digest = (1..).zip(texts).map(message).fold(Rolled::default(), |sum, message| sum.with_message(&message));
        DigestReply { rev: Rev(rev), digest }
    }

    #[test]
    fn the_same_messages_at_one_revision_are_the_same() {
        assert_eq!(compare(&timeline(), asked(2), &reply(2, &["a", "b"])), Verdict::Same);
        assert_eq!(compare(&timeline(), asked(2), &reply(2, &["a", "B"])), Verdict::Differs);
        assert_eq!(compare(&timeline(), asked(2), &reply(2, &["a"])), Verdict::Differs);
        assert_eq!(compare(&timeline(), asked(2), &reply(2, &["a", "b", "c"])), Verdict::Differs);
    }

    #[test]
    fn at_another_revision_nothing_is_said_of_the_messages() {
        assert_eq!(compare(&timeline(), asked(2), &reply(3, &["a", "b", "c"])), Verdict::Behind);
        assert_eq!(compare(&timeline(), asked(1), &reply(1, &["a"])), Verdict::Moved);
    }

    #[test]
    fn a_server_that_is_behind_what_it_once_said_is_right() {
        assert_eq!(compare(&timeline(), asked(2), &reply(1, &["a"])), Verdict::Differs);
    }

    #[test]
    fn a_long_timeline_is_compared_as_far_as_the_digest_reaches() {
        let count = DIGEST_MESSAGES as i64 + 10;
        let timeline = Timeline::new(&snapshot((1..=count).map(|n| message(n, n, "a")).collect()));
        let latest = (11..=count).map(|n| message(n, n, "a"));
        let digest = latest.fold(Rolled::default(), |sum, message| sum.with_message(&message));
        assert_eq!(compare(&timeline, asked(count), &DigestReply { rev: Rev(count), digest }), Verdict::Same);
    }

    #[test]
    fn messages_that_had_their_time_are_missed_by_nobody() {
        let kept = [message(2, 2, "b")].iter().fold(Rolled::default(), Rolled::with_message);
        assert_eq!(compare(&timeline(), asked(2), &DigestReply { rev: Rev(2), digest: kept }), Verdict::Same);
        let none = DigestReply { rev: Rev(2), digest: Rolled::default() };
        assert_eq!(compare(&timeline(), asked(2), &none), Verdict::Same);
    }

    #[test]
    fn older_messages_that_came_meanwhile_are_not_taken_for_removed() {
        let mut recent = snapshot(vec![message(5, 5, "e")]);
        recent.earlier = true;
        let mut timeline = Timeline::new(&recent);
        let asked = Question::about(&timeline);
        timeline.ask_history();
        let older = vec![message(3, 3, "c"), message(4, 4, "d")];
        timeline.apply_history(madang_common::event::room::HistoryReply { messages: older, earlier: true });
        let digest = Rolled::default().with_message(&message(5, 5, "e"));
        assert_eq!(compare(&timeline, asked, &DigestReply { rev: Rev(5), digest }), Verdict::Moved);
    }

    #[test]
    fn a_missing_first_message_is_asked_for_unless_there_are_older_ones() {
        let mut recent = snapshot(vec![message(5, 5, "e")]);
        assert_eq!(digest_from(&Timeline::new(&recent)), Seq(1));
        recent.earlier = true;
        assert_eq!(digest_from(&Timeline::new(&recent)), Seq(5));
    }

    #[test]
    fn the_indicator_is_silent_while_the_banner_speaks() {
        let down = Link::Down { since: 0.0, retry_at: 1.0 };
        for link in [Link::Starting, down, Link::Ended, Link::Resuming] {
            assert_eq!(progress(link, false, Rev(1), Rev(9), Check::default()), Progress::Silent);
        }
        assert_eq!(progress(down, true, Rev(1), Rev(9), Check::default()), Progress::Silent);
        assert_eq!(progress(Link::Resuming, true, Rev(1), Rev(9), Check::default()), Progress::Behind(8));
    }

    #[test]
    fn what_a_check_showed_holds_until_something_comes() {
        let check = Check { done: Some((Rev(3), Outcome::Same)), ..Check::default() };
        assert_eq!(progress(Link::Live, false, Rev(3), Rev(3), check), Progress::Checked(Outcome::Same));
        assert_eq!(progress(Link::Live, false, Rev(4), Rev(4), check), Progress::CaughtUp);
        let again = Check { running: true, ..check };
        assert_eq!(progress(Link::Live, false, Rev(3), Rev(3), again), Progress::Checking);
        assert_eq!(progress(Link::Live, true, Rev(3), Rev(5), again), Progress::Behind(2));
    }
}
