//! Rooms: opening, entering and leaving them.

use madang_common::{
    event::room::{Create, Join, Leave, Open},
    id::RoomId,
    message::MessageView,
    room::{Membership, RoomSnapshot, RoomSummary},
    text::{RoomName, RoomSlug, RoomTopic},
};

use super::{
    Engine, PAUSES,
    action::Ticket,
    request::{Asked, Failure},
    timers::{Due, Then},
};
use crate::{
    members::Members,
    open_room::OpenRoom,
    rooms::Rooms,
    view::{Cells, ViewCell as _},
};

#[derive(Debug, Default)]
pub(super) struct State {
    /// The room that the address names.
    wanted: Option<RoomSlug>,
    /// The room that has been asked for, and what it tells before the answer to that is here.
    opening: Option<(RoomId, Vec<MessageView>)>,
}

impl<C: Cells> Engine<C> {
    /// Shows the room at an address, if one is a member, now or later.
    pub fn show(&mut self, slug: &RoomSlug) {
        self.rooms.wanted = Some(slug.clone());
        match self.view.open.with(|open| open.as_ref().map(|open| open.room.slug == *slug)) {
            Some(true) => return,
            Some(false) => self.close_room(),
            None => {}
        }
        self.open_wanted(PAUSES.0, Then::Nothing);
        self.settle_lost();
    }

    /// Makes a room and joins it.
    pub fn create_room(&mut self, name: RoomName, topic: RoomTopic, ticket: Ticket) {
        self.ask(&Create { name, topic }, Asked::Create(ticket));
        self.settle_lost();
    }

    /// Joins a room and shows it.
    pub fn join_room(&mut self, room: RoomId, ticket: Ticket) {
        self.ask(&Join { room }, Asked::Join { room, ticket });
        self.settle_lost();
    }

    /// Leaves a room.
    pub fn leave_room(&mut self, room: RoomId, ticket: Ticket) {
        self.ask(&Leave { room }, Asked::Leave { room, ticket });
        self.settle_lost();
    }

    pub(super) fn room_entered(&mut self, ticket: Ticket, reply: Result<RoomSnapshot, Failure>) {
        let outcome = reply.map(|snapshot| {
            let slug = snapshot.room.slug.clone();
            self.rooms.wanted = Some(slug.clone());
            let summary = RoomSummary { room: snapshot.room.clone(), membership: Some(snapshot.membership) };
            self.change_rooms(|rooms| rooms.put(summary));
            self.install_room(snapshot);
            Some(slug)
        });
        // What has waited for it to be shown.
        self.settle_outbox();
        self.done(ticket, outcome);
    }

    pub(super) fn room_left(&mut self, room: RoomId, ticket: Ticket, reply: Result<(), Failure>) {
        let outcome = reply.map(|()| {
            self.lose_room(room);
            None
        });
        self.done(ticket, outcome);
    }

    /// Changes the list of rooms.
    pub(super) fn change_rooms(&mut self, change: impl FnOnce(&mut Rooms)) {
        self.view.rooms.change(|rooms| {
            let before = rooms.clone();
            change(rooms);
            *rooms != before
        });
    }

    /// Takes word from the server how far one is in a room, unless what has been heard or read since is newer.
    pub(super) fn take_membership(&mut self, room: RoomId, membership: Membership) {
        self.change_rooms(|rooms| {
            let known = rooms.by_id(room).and_then(|summary| summary.membership);
            if known.is_none_or(|known| membership.rev >= known.rev && membership.read >= known.read) {
                rooms.set_membership(room, membership);
            }
        });
    }

    /// Changes a room, if it is the open one.
    pub(super) fn change_open(&mut self, room: RoomId, change: impl FnOnce(&mut OpenRoom)) {
        self.view.open.change(|open| match open.as_mut().filter(|open| open.room.id == room) {
            Some(open) => {
                change(open);
                true
            }
            None => false,
        });
    }

    /// Whether a room has been asked for that will be shown, as it was when that was answered.
    pub(super) fn is_opening(&self, room: RoomId) -> bool {
        self.requests.has(|asked| match asked {
            Asked::OpenWanted { room: opening, .. } | Asked::Join { room: opening, .. } => *opening == room,
            _ => false,
        })
    }

    /// The room that is shown.
    pub(super) fn open_id(&self) -> Option<RoomId> {
        self.view.open.with(|open| open.as_ref().map(|open| open.room.id))
    }

    /// One joined or left a room, here or elsewhere.
    pub(super) fn membership_changed(&mut self, summary: RoomSummary) {
        if summary.membership.is_none() {
            self.lose_room(summary.room.id);
        }
        let is_awaited = summary.membership.is_some() && self.rooms.wanted.as_ref() == Some(&summary.room.slug);
        self.change_rooms(|rooms| rooms.put(summary));
        if is_awaited && self.open_id().is_none() {
            self.open_wanted(PAUSES.0, Then::Nothing);
        }
    }

    /// One is no longer a member of a room.
    pub(super) fn lose_room(&mut self, room: RoomId) {
        self.change_rooms(|rooms| {
            if let Some(summary) = rooms.by_id(room).cloned() {
                rooms.put(RoomSummary { membership: None, ..summary });
            }
        });
        if self.open_id() == Some(room) {
            self.close_room();
        }
    }

    fn close_room(&mut self) {
        self.view.open.set(None);
        // What the server has need not wait any more until it is shown.
        self.settle_outbox();
    }

    /// A room is gone. Nobody is a member of it, which may not have been heard here.
    pub(super) fn room_removed(&mut self, room: RoomId) {
        self.lose_room(room);
        self.change_rooms(|rooms| rooms.remove(room));
    }

    /// After a pause in the link: opens the room that the address names, or brings what isn't numbered in it (its
    /// members and who of them is there) up to date. Its messages are brought up to date by `room.sync`.
    pub(super) fn refresh_room(&mut self, then: Then) {
        match self.open_id() {
            Some(room) => self.ask(&Open { room }, Asked::Refresh { room, then }),
            None => self.open_wanted(PAUSES.0, then),
        }
    }

    pub(super) fn refreshed(&mut self, room: RoomId, then: Then, reply: Result<RoomSnapshot, Failure>) {
        match reply {
            Ok(snapshot) => self.change_open(room, |open| {
                open.room = snapshot.room;
                open.members = Members::new(snapshot.members, snapshot.more_members);
            }),
            Err(failure) if failure.is_closed() => self.lose_room(room),
            // A passing failure leaves the members as they were; the next connection asks again.
            Err(_) => {}
        }
        self.go_on(then);
    }

    /// Keeps what a room tells while it is being opened: the answer may have been read before and come after.
    pub(super) fn hold_while_opening(&mut self, room: RoomId, changes: &[MessageView]) {
        if let Some((opening, held)) = &mut self.rooms.opening
            && *opening == room
        {
            held.extend_from_slice(changes);
        }
    }

    fn open_wanted(&mut self, wait: u32, then: Then) {
        let Some(slug) = self.rooms.wanted.clone() else { return self.go_on(then) };
        let room = self.view.rooms.with(|rooms| {
            rooms.by_slug(&slug).filter(|summary| summary.membership.is_some()).map(|summary| summary.room.id)
        });
        let Some(room) = room else { return self.go_on(then) };
        self.rooms.opening = Some((room, Vec::new()));
        self.ask(&Open { room }, Asked::OpenWanted { slug, room, wait, then });
    }

    pub(super) fn open_wanted_again(&mut self, wait: u32, then: Then) {
        if self.connected && self.open_id().is_none() {
            self.open_wanted(wait, then);
        } else {
            self.go_on(then);
        }
    }

    pub(super) fn wanted_opened(
        &mut self,
        slug: &RoomSlug,
        room: RoomId,
        wait: u32,
        then: Then,
        reply: Result<RoomSnapshot, Failure>,
    ) {
        match reply {
            Ok(snapshot) => {
                if self.rooms.wanted.as_ref() == Some(slug) {
                    self.install_room(snapshot);
                }
            }
            Err(failure) if failure.is_closed() => self.lose_room(room),
            // Asked for again once the link is back.
            Err(Failure::Disconnected) => {}
            Err(failure) => {
                let pause = failure.again_in().unwrap_or(wait);
                return self.wake_in(pause, Due::OpenWanted { wait: (wait * 2).min(PAUSES.1), then });
            }
        }
        // What has waited for it to be shown.
        self.settle_outbox();
        self.go_on(then);
    }

    fn install_room(&mut self, snapshot: RoomSnapshot) {
        let (room, membership) = (snapshot.room.id, snapshot.membership);
        let held = self.rooms.opening.take().filter(|(opening, _)| *opening == room);
        self.view.open.set(Some(OpenRoom::new(snapshot)));
        self.view.check.change(|check| check.done.take().is_some());
        self.take_membership(room, membership);
        if self.take_changes(room, held.map(|(_, held)| held).unwrap_or_default()) {
            self.catch_up(Then::Nothing);
        } else if !self.sent_elsewhere().is_empty() {
            self.sync_soon();
        }
    }
}
