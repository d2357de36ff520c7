//! Timers: what is due, and when.

/// What waits for its time. Each is waited for at most once at a time, unless it says more.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Due {
    /// Ask again who one is, on the connection of this number.
    Hello { connection: u32, wait: u32 },
    /// Connect again after a refusal.
    Reconnect,
    /// Ask how far the rooms have come.
    Head,
    /// Ask again for what was missed.
    Sync,
    /// Tell that catching up takes long.
    TellCatchingUp,
    /// See whether what was on its way has come.
    SyncSoon,
    /// Ask again for the room that the address names.
    OpenWanted { wait: u32, then: Then },
    /// Compare with the server again.
    Compare,
    /// Send again what could not be stored.
    Post,
    /// Tell the server what has been read.
    ReadGathered,
    /// Tell it again to a server that was busy.
    ReadAgain,
    /// One has paused writing.
    TypingIdle,
    /// Somebody else has not been heard to write any more.
    TypingExpiry,
}

/// What is gone on with after something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    Nothing,
    /// The connection of this number has the room; what it missed is next.
    CatchUp {
        connection: u32,
    },
    /// The connection of this number is live.
    GoLive {
        connection: u32,
    },
    /// Compare with the server again.
    Compare,
}

/// Times are milliseconds since 1970.
#[derive(Debug, Default)]
pub(super) struct Timers {
    waiting: Vec<(f64, Due)>,
}

impl Timers {
    pub(super) fn set(&mut self, at: f64, due: Due) {
        self.waiting.push((at, due));
    }

    pub(super) fn has(&self, due: &Due) -> bool {
        self.waiting.iter().any(|(_, waiting)| waiting == due)
    }

    pub(super) fn cancel(&mut self, due: &Due) {
        self.waiting.retain(|(_, waiting)| waiting != due);
    }

    /// When the next is due.
    pub(super) fn next(&self) -> Option<f64> {
        self.waiting.iter().map(|(at, _)| *at).reduce(f64::min)
    }

    /// Takes what is due first of all that is due by now.
    pub(super) fn take(&mut self, now: f64) -> Option<Due> {
        let first = self.next().filter(|at| *at <= now)?;
        let at = self.waiting.iter().position(|(at, _)| *at == first)?;
        Some(self.waiting.remove(at).1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_comes_in_the_order_of_its_time() {
        let mut timers = Timers::default();
        timers.set(3.0, Due::Head);
        timers.set(1.0, Due::Sync);
        timers.set(1.0, Due::Post);
        assert_eq!(timers.next(), Some(1.0));
        assert_eq!(timers.take(0.9), None);
        assert_eq!(timers.take(2.0), Some(Due::Sync));
        assert_eq!(timers.take(2.0), Some(Due::Post));
        assert_eq!(timers.take(2.0), None);
        timers.cancel(&Due::Head);
        assert!(!timers.has(&Due::Head) && timers.next().is_none());
    }
}
