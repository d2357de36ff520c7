//! The list of rooms.

use std::fmt;

use madang_common::{
    id::{RoomId, UserId},
    limits::UNREAD_COUNTED,
    message::{Body, MessageView},
    room::{Membership, RoomSummary, RoomView},
    text::RoomSlug,
};

/// A number of unread messages, as it is shown: beyond what is counted in a room, it says that there are more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unread(pub u32);

impl Unread {
    /// Whether there are none.
    #[must_use]
    pub fn is_none(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < UNREAD_COUNTED { write!(f, "{}", self.0) } else { write!(f, "{}+", UNREAD_COUNTED - 1) }
    }
}

/// All rooms, in the order in which the list shows them: the lobby first, then by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rooms {
    list: Vec<RoomSummary>,
    left_out: usize,
}

impl Rooms {
    /// The list as the server gives it.
    #[must_use]
    pub fn new(list: Vec<RoomSummary>) -> Self {
        Self::part(list, 0)
    }

    /// A part of the list, and how many rooms are left out of it.
    #[must_use]
    pub fn part(list: Vec<RoomSummary>, left_out: usize) -> Self {
        Self { list, left_out }
    }

    /// Whether there are rooms that are not in this list.
    #[must_use]
    pub fn is_part(&self) -> bool {
        self.left_out > 0
    }

    /// Rooms that one is a member of.
    pub fn joined(&self) -> impl Iterator<Item = (&RoomView, &Membership)> {
        self.list.iter().filter_map(|summary| Some((&summary.room, summary.membership.as_ref()?)))
    }

    /// Rooms that one could join.
    pub fn others(&self) -> impl Iterator<Item = &RoomView> {
        self.list.iter().filter(|summary| summary.membership.is_none()).map(|summary| &summary.room)
    }

    /// The room at an address.
    #[must_use]
    pub fn by_slug(&self, slug: &RoomSlug) -> Option<&RoomSummary> {
        self.list.iter().find(|summary| summary.room.slug == *slug)
    }

    /// The room of an id.
    #[must_use]
    pub fn by_id(&self, id: RoomId) -> Option<&RoomSummary> {
        self.list.iter().find(|summary| summary.room.id == id)
    }

    /// Unread messages in all rooms together.
    #[must_use]
    pub fn unread(&self) -> Unread {
        Unread(self.joined().map(|(_, membership)| membership.unread).fold(0, u32::saturating_add))
    }

    /// How many rooms have something unread, other than the one that the page shows.
    #[must_use]
    pub fn unread_besides(&self, shown: Option<&RoomSlug>) -> usize {
        self.joined().filter(|(room, membership)| membership.unread > 0 && Some(&room.slug) != shown).count()
    }

    /// Adds a room that was made, unless it is there.
    pub fn add(&mut self, room: RoomView) {
        if self.by_id(room.id).is_none() {
            self.insert(RoomSummary { room, membership: None });
        }
    }

    /// Takes a room out that is gone.
    pub fn remove(&mut self, room: RoomId) {
        self.list.retain(|summary| summary.room.id != room);
    }

    /// Replaces what was known of a room.
    pub fn put(&mut self, summary: RoomSummary) {
        match self.entry(summary.room.id) {
            Some(entry) => *entry = summary,
            None => self.insert(summary),
        }
    }

    /// Notes how far one is in a room that one is a member of.
    pub fn set_membership(&mut self, room: RoomId, membership: Membership) {
        if let Some(entry) = self.entry(room).and_then(|entry| entry.membership.as_mut()) {
            *entry = membership;
        }
    }

    /// Notes live changes in a room: texts of others that one has not read count as unread. Changes that the list
    /// has counted already are passed over.
    pub fn hear(&mut self, room: RoomId, changes: &[MessageView], me: UserId) {
        let Some(membership) = self.entry(room).and_then(|entry| entry.membership.as_mut()) else { return };
        for change in changes.iter().filter(|change| change.rev > membership.rev) {
            let said_now = matches!(change.body, Body::Text { edited_at: None, .. });
            if said_now && change.author.id != me && change.seq > membership.read {
                membership.unread = (membership.unread + 1).min(UNREAD_COUNTED);
            }
        }
        if let Some(last) = changes.iter().map(|change| change.rev).max() {
            membership.rev = membership.rev.max(last);
        }
    }

    fn insert(&mut self, summary: RoomSummary) {
        // The lobby is the room that was there first. The rest is as the server sorts them.
        let place = |RoomSummary { room, .. }: &RoomSummary| {
            (room.id != RoomId(1), room.name.as_str().to_ascii_lowercase(), room.id)
        };
        let at = self.list.partition_point(|other| place(other) <= place(&summary));
        self.list.insert(at, summary);
    }

    fn entry(&mut self, room: RoomId) -> Option<&mut RoomSummary> {
        self.list.iter_mut().find(|summary| summary.room.id == room)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{message, person, room, summary, tombstone};
    use madang_common::id::{Rev, Seq};

    const ME: UserId = UserId(2);

    fn list() -> Rooms {
        let membership = Membership { read: Seq(1), unread: 0, rev: Rev(1) };
        Rooms::new(vec![summary(1, "lobby", Some(membership)), summary(2, "책", None)])
    }

    #[test]
    fn a_part_of_the_list_is_known_as_one() {
        assert!(!list().is_part());
        assert!(Rooms::part(vec![summary(1, "lobby", None)], 3).is_part());
    }

    #[test]
    fn rooms_stand_by_name_after_the_lobby() {
        let mut rooms = list();
        rooms.add(room(3, "가을"));
        rooms.add(room(3, "가을"));
        let names: Vec<_> = rooms.others().map(|room| room.name.as_str()).collect();
        assert_eq!(names, ["가을", "책"]);
        assert_eq!(rooms.list[0].room.id, RoomId(1));
    }

    #[test]
    fn a_room_that_is_gone_is_not_listed() {
        let mut rooms = list();
        rooms.remove(RoomId(2));
        rooms.remove(RoomId(2));
        assert_eq!(rooms.by_id(RoomId(2)), None);
        assert_eq!(rooms.list.len(), 1);
    }

    #[test]
    fn texts_of_others_count_as_unread_once() {
        let mut rooms = list();
        let said = [message(2, 2, "a"), message(3, 3, "b")];
        rooms.hear(RoomId(1), &said, ME);
        rooms.hear(RoomId(1), &said, ME);
        assert_eq!(rooms.unread(), Unread(2));
    }

    #[test]
    fn no_more_is_counted_than_the_server_counts() {
        let mut rooms = list();
        for number in 2..500 {
            rooms.hear(RoomId(1), &[message(number, number, "a")], ME);
        }
        assert_eq!(rooms.by_id(RoomId(1)).unwrap().membership.unwrap().unread, UNREAD_COUNTED);
        let shown = [1, 99, 100, 300].map(|count| Unread(count).to_string());
        assert_eq!(shown, ["1", "99", "99+", "99+"]);
    }

    #[test]
    fn rooms_with_something_unread_are_counted_besides_the_one_that_is_shown() {
        let unread = |unread| Some(Membership { read: Seq(1), unread, rev: Rev(1) });
        let rooms = Rooms::new(vec![
            summary(1, "lobby", unread(2)),
            summary(2, "가을", unread(5)),
            summary(3, "봄", unread(0)),
            summary(4, "책", None),
        ]);
        let slug = |id| Some(&rooms.by_id(RoomId(id)).unwrap().room.slug);
        assert_eq!(rooms.unread_besides(None), 2);
        assert_eq!(rooms.unread_besides(slug(1)), 1);
        assert_eq!(rooms.unread_besides(slug(3)), 2);
    }

    #[test]
    fn ones_own_messages_deletions_and_rooms_not_joined_count_nothing() {
        let mut rooms = list();
        rooms.hear(RoomId(1), &[MessageView { author: person(2, "나"), ..message(2, 2, "a") }, tombstone(1, 3)], ME);
        rooms.hear(RoomId(2), &[message(1, 1, "x")], ME);
        assert!(rooms.unread().is_none());
        assert_eq!(rooms.by_id(RoomId(1)).unwrap().membership.unwrap().rev, Rev(3));
    }
}
