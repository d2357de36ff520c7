//! The read position: noting what has been read, and telling the server now and then.

use madang_common::{
    event::room::Read,
    id::{RoomId, Seq},
    room::Membership,
};

use super::{
    Engine,
    request::{Asked, Failure},
    timers::Due,
};
use crate::view::{Cells, ViewCell as _};

/// How long more may be read before the server is told, in milliseconds.
const GATHER: u32 = 300;
/// When to tell it again to a server that did not say when, in milliseconds.
const BUSY: u32 = 5_000;

#[derive(Debug, Default)]
pub(super) struct State {
    /// What has been read in each room and the server has not been told.
    untold: Vec<(RoomId, Seq)>,
}

impl<C: Cells> Engine<C> {
    /// All up to a message of the open room has been seen. While nobody can see what is shown it counts as not seen.
    pub fn read(&mut self, seq: Seq) {
        let Some(room) = self.open_id() else { return };
        let known = self.view.rooms.with(|rooms| {
            rooms.by_id(room).and_then(|summary| summary.membership).map_or(Seq(0), |membership| membership.read)
        });
        if seq > known {
            self.note_untold(room, seq);
            self.gather_read();
        }
    }

    fn note_untold(&mut self, room: RoomId, seq: Seq) {
        match self.read_position.untold.iter_mut().find(|(of, _)| *of == room) {
            // A read position only grows.
            Some((_, untold)) => *untold = seq.max(*untold),
            None => self.read_position.untold.push((room, seq)),
        }
    }

    /// Tells the server, in a moment.
    pub(super) fn gather_read(&mut self) {
        if self.read_position.untold.is_empty() || !self.visible {
            return;
        }
        // The badge need not wait for the server.
        let untold = self.read_position.untold.clone();
        for (room, seq) in untold {
            let is_all = self.view.open.with(|open| {
                let open = open.as_ref().filter(|open| open.room.id == room);
                open.is_some_and(|open| open.timeline.last().is_some_and(|last| last <= seq))
            });
            self.change_rooms(|rooms| {
                let known = rooms.by_id(room).and_then(|summary| summary.membership);
                if let Some(known) = known.filter(|known| is_all && known.read < seq) {
                    rooms.set_membership(room, Membership { read: seq, unread: 0, ..known });
                }
            });
        }
        if !self.timers.has(&Due::ReadGathered) {
            self.wake_in(GATHER, Due::ReadGathered);
        }
    }

    pub(super) fn tell_read(&mut self) {
        if !self.visible {
            return;
        }
        for (room, read) in std::mem::take(&mut self.read_position.untold) {
            self.ask(&Read { room, read }, Asked::Read { room, read });
        }
    }

    pub(super) fn read_told(&mut self, room: RoomId, read: Seq, reply: Result<Membership, Failure>) {
        match reply {
            Ok(membership) => self.take_membership(room, membership),
            // Without a connection it is told when there is one again.
            Err(Failure::Disconnected) => self.note_untold(room, read),
            // Not a member any more, or no such room: there is nothing to be read.
            Err(Failure::Fault(fault)) if !fault.code.is_passing() => {}
            // A server that is busy has to be asked once more.
            Err(failure) => {
                self.note_untold(room, read);
                self.wake_in(failure.again_in().unwrap_or(BUSY), Due::ReadAgain);
            }
        }
    }
}
