//! Sync: catching up with what was missed.

use madang_common::{
    event::room::{Head, HeadReply, Sync, SyncReply},
    id::{ClientId, Rev, RoomId},
    limits::HEAD_INTERVAL_MS,
};

use super::{
    Engine, PAUSES,
    request::{Asked, Failure},
    timers::{Due, Then},
};
use crate::{
    link::Link,
    view::{Cells, ViewCell as _},
};

/// After how long it is told that what was missed is being fetched, in milliseconds.
const WORTH_TELLING: u32 = 400;
/// How long a change that is known to be on its way is waited for, in milliseconds.
const ON_ITS_WAY: u32 = 300;

#[derive(Debug)]
pub(super) struct State {
    running: bool,
    /// It was asked for once more meanwhile.
    again: bool,
    wait: u32,
    /// What other tabs had sent when the server was asked last.
    sent_elsewhere: Vec<ClientId>,
    /// What is gone on with at the end.
    then: Vec<Then>,
    /// How often the heads are asked for, in milliseconds.
    pub(super) head_interval: u32,
}

impl Default for State {
    fn default() -> Self {
        Self {
            running: false,
            again: false,
            wait: PAUSES.0,
            sent_elsewhere: Vec::new(),
            then: Vec::new(),
            head_interval: HEAD_INTERVAL_MS as u32,
        }
    }
}

impl<C: Cells> Engine<C> {
    /// From now on asks now and then how far the rooms have come: the last change before a silence may be the one that
    /// got lost.
    pub(super) fn watch_heads(&mut self) {
        if !self.timers.has(&Due::Head) {
            self.wake_in(self.sync.head_interval, Due::Head);
        }
    }

    pub(super) fn ask_heads(&mut self) {
        self.watch_heads();
        if self.view.link.with(|link| *link == Link::Live) {
            self.ask(&Head {}, Asked::Head);
            self.send_unsent();
        }
    }

    /// Whether the open room has all that is known to have been said in it, without a hole: not while what was missed is
    /// fetched, page by page.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let has_gap = self.view.open.with(|open| open.as_ref().is_some_and(|open| open.timeline.has_gap()));
        self.view.link.with(|link| *link == Link::Live) && !self.sync.running && !has_gap
    }

    pub(super) fn heads_told(&mut self, reply: Result<HeadReply, Failure>) {
        // Asked again in a few seconds anyway.
        let Ok(HeadReply { rooms: heads }) = reply else { return };
        let is_behind = self.view.open.with(|open| {
            let open = open.as_ref()?;
            let head = heads.iter().find(|head| head.room == open.room.id)?;
            Some(head.membership.rev > open.timeline.rev())
        });
        for head in heads {
            self.take_membership(head.room, head.membership);
        }
        if is_behind == Some(true) {
            self.catch_up(Then::Nothing);
        }
    }

    /// Brings the open room up to date, a page at a time, and goes on with `then`. One at a time: asked for meanwhile,
    /// it looks once more at the end.
    pub(super) fn catch_up(&mut self, then: Then) {
        self.sync.then.push(then);
        if std::mem::replace(&mut self.sync.running, true) {
            self.sync.again = true;
            return;
        }
        self.wake_in(WORTH_TELLING, Due::TellCatchingUp);
        self.sync.wait = PAUSES.0;
        self.ask_sync();
    }

    /// Catches up unless what is missing comes by itself in a moment: an answer may overtake the broadcast of what was
    /// stored just before.
    pub(super) fn sync_soon(&mut self) {
        if !self.timers.has(&Due::SyncSoon) {
            self.wake_in(ON_ITS_WAY, Due::SyncSoon);
        }
    }

    pub(super) fn sync_what_did_not_come(&mut self) {
        if let Some(room) = self.open_id()
            && (self.take_changes(room, Vec::new()) || !self.sent_elsewhere().is_empty())
        {
            self.catch_up(Then::Nothing);
        }
    }

    pub(super) fn tell_catching_up(&mut self) {
        self.view.catching_up.set(true);
    }

    pub(super) fn sync_again(&mut self) {
        if self.connected {
            self.ask_sync();
        } else {
            self.caught_up();
        }
    }

    fn ask_sync(&mut self) {
        self.sync.again = false;
        let held = self.view.open.with(|open| open.as_ref().map(|open| (open.room.id, open.timeline.rev())));
        match held {
            Some((room, since)) => {
                self.sync.sent_elsewhere = self.sent_elsewhere();
                self.ask(&Sync { room, since }, Asked::Sync { room, since });
            }
            None => self.caught_up(),
        }
    }

    pub(super) fn synced(&mut self, room: RoomId, since: Rev, reply: Result<SyncReply, Failure>) {
        let pause = match reply {
            Ok(reply) => {
                // A page that leads nowhere must not be asked for in a tight loop.
                let is_stuck = reply.rev <= since;
                if !self.take_sync(room, reply) {
                    if self.open_id() == Some(room) {
                        let sent = std::mem::take(&mut self.sync.sent_elsewhere);
                        self.settle_sent_elsewhere(&sent);
                    }
                    return self.caught_up();
                }
                is_stuck.then_some(self.sync.wait)
            }
            Err(Failure::Disconnected) => return self.caught_up(),
            Err(failure) if failure.is_closed() => {
                self.lose_room(room);
                return self.caught_up();
            }
            Err(failure) => Some(failure.again_in().unwrap_or(self.sync.wait)),
        };
        match pause {
            Some(pause) => {
                self.sync.wait = (self.sync.wait * 2).min(PAUSES.1);
                self.wake_in(pause, Due::Sync);
            }
            None => self.ask_sync(),
        }
    }

    fn caught_up(&mut self) {
        if self.sync.again && self.connected {
            self.sync.wait = PAUSES.0;
            return self.ask_sync();
        }
        self.sync.running = false;
        self.timers.cancel(&Due::TellCatchingUp);
        self.view.catching_up.change(std::mem::take);
        for then in std::mem::take(&mut self.sync.then) {
            self.go_on(then);
        }
    }
}
