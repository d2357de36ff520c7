//! A model of the server: what it stores, what it answers, and whom it tells.

use std::collections::BTreeMap;

use madang_common::{
    digest::Rolled,
    event::{
        Answer, ClientEvent, Done, ServerEvent,
        message::{Delete, Edit, Post},
        presence::{MemberJoined, MemberLeft},
        room::{
            Added, Changes, Create, Digest, DigestReply, Head, HeadReply, History, HistoryReply, Join, Leave,
            MembershipChanged, Open, Read, ReadChanged, RoomHead, Sync, SyncReply,
        },
        session::{Hello, HelloReply},
        typing::{Start, Stop, TypingChanged},
    },
    fault::{Fault, FaultCode},
    id::{ClientId, MessageId, Rev, RoomId, Seq, UserId},
    limits::UNREAD_COUNTED,
    message::{Body, MessageView},
    room::{Membership, RoomSnapshot, RoomSummary, RoomView},
    text::{RoomName, RoomSlug, RoomTopic, Stored as _, UserName},
    time::UnixMillis,
    user::{Member, UserView},
};
use serde_json::Value;

/// Pages are small, so that most ways lead over several.
const PAGE: usize = 4;

/// The room that everyone is in and nobody leaves.
pub const LOBBY: RoomId = RoomId(1);

/// To whom something is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    Members(RoomId),
    MembersBut(RoomId, UserId),
    Person(UserId),
    All,
}

/// Something that is told: an event's name and data.
pub type Told = (To, &'static str, Value);

/// A room as the server has it.
#[derive(Debug)]
pub struct Room {
    view: RoomView,
    pub messages: BTreeMap<Seq, MessageView>,
    pub rev: Rev,
    members: BTreeMap<UserId, Seq>,
}

/// All that is committed.
#[derive(Debug, Default)]
pub struct Server {
    pub rooms: BTreeMap<RoomId, Room>,
    posted: BTreeMap<(UserId, ClientId), (RoomId, Seq)>,
    now: i64,
    next_message: i64,
}

impl Server {
    /// A server with a lobby that these people are in.
    #[must_use]
    pub fn new(people: &[UserId]) -> Self {
        let mut server = Self::default();
        server.make_room("lobby");
        for user in people {
            server.room_mut(LOBBY).members.insert(*user, Seq(0));
        }
        server
    }

    fn make_room(&mut self, name: &str) -> RoomId {
        let id = RoomId(self.rooms.len() as i64 + 1);
        let view = RoomView {
            id,
            slug: RoomSlug::stored(name.to_owned()),
            name: RoomName::stored(name.to_owned()),
            topic: RoomTopic::stored(String::new()),
        };
        self.rooms.insert(id, Room { view, messages: BTreeMap::new(), rev: Rev(0), members: BTreeMap::new() });
        id
    }

    fn room_mut(&mut self, room: RoomId) -> &mut Room {
        self.rooms.get_mut(&room).expect("it is never removed")
    }

    /// Who a person is.
    #[must_use]
    pub fn person(user: UserId) -> UserView {
        UserView { id: user, name: UserName::stored(format!("person {user}")), outside: false }
    }

    /// Whether a person is in a room.
    #[must_use]
    pub fn is_member(&self, room: RoomId, user: UserId) -> bool {
        self.rooms.get(&room).is_some_and(|room| room.members.contains_key(&user))
    }

    /// The list of rooms as a person has it.
    #[must_use]
    pub fn rooms_of(&self, user: UserId) -> Vec<RoomSummary> {
        self.rooms.values().map(|room| room.summary(user)).collect()
    }

    /// A room as one of its members finds it.
    #[must_use]
    pub fn snapshot(&self, room: RoomId, user: UserId) -> Option<RoomSnapshot> {
        let room = self.rooms.get(&room)?;
        let membership = room.membership(user)?;
        let page = room.before(Seq(i64::MAX));
        let members = room.members.keys().map(|user| Self::member(*user)).collect();
        Some(RoomSnapshot {
            room: room.view.clone(),
            membership,
            members,
            more_members: false,
            messages: page.messages,
            earlier: page.earlier,
        })
    }

    fn member(user: UserId) -> Member {
        Member { user: Self::person(user), online: true }
    }

    /// What was stored under a person's client id.
    #[must_use]
    pub fn stored(&self, user: UserId, id: ClientId) -> Option<&MessageView> {
        let (room, seq) = self.posted.get(&(user, id))?;
        self.rooms.get(room)?.messages.get(seq)
    }

    /// Carries a request out, and answers it. What others are to hear of it is added to `told`.
    pub fn carry_out(&mut self, now: i64, user: UserId, event: &str, data: Value, told: &mut Vec<Told>) -> Value {
        self.now = now;
        match event {
            Hello::NAME => self.answer(data, |server, Hello {}| {
                Ok(HelloReply { me: Self::person(user), rooms: server.rooms_of(user) })
            }),
            Create::NAME => self.answer(data, |server, create: Create| {
                let name = create.name.to_string();
                if server.rooms.values().any(|room| room.view.slug.as_str() == name) {
                    return Err(Fault::new(FaultCode::RoomExists, "there is such a room"));
                }
                let room = server.make_room(&name);
                told.push(event_for(To::All, &Added { room: server.room_mut(room).view.clone() }));
                server.join(room, user, told)
            }),
            Join::NAME => self.answer(data, |server, Join { room }| server.join(room, user, told)),
            Leave::NAME => self.answer(data, |server, Leave { room }| server.leave(room, user, told)),
            Open::NAME => {
                self.answer(data, |server, Open { room }| server.snapshot(room, user).ok_or_else(not_a_member))
            }
            Sync::NAME => {
                self.answer(data, |server, Sync { room, since }| Ok(server.room_of(room, user)?.since(since)))
            }
            Head::NAME => self.answer(data, |server, Head {}| {
                let head = |room: &Room| Some(RoomHead { room: room.view.id, membership: room.membership(user)? });
                Ok(HeadReply { rooms: server.rooms.values().filter_map(head).collect() })
            }),
            History::NAME => {
                self.answer(data, |server, History { room, before }| Ok(server.room_of(room, user)?.before(before)))
            }
            Digest::NAME => self.answer(data, |server, Digest { room, from }| {
                let room = server.room_of(room, user)?;
                let held = room.messages.range(from..).map(|(_, message)| message);
                Ok(DigestReply { rev: room.rev, digest: held.fold(Rolled::default(), Rolled::with_message) })
            }),
            Read::NAME => self.answer(data, |server, Read { room, read }| {
                server.room_of(room, user)?;
                let entry = server.room_mut(room);
                let last = entry.messages.keys().next_back().copied().unwrap_or_default();
                if let Some(known) = entry.members.get_mut(&user) {
                    *known = read.min(last).max(*known);
                }
                let membership = entry.membership(user).ok_or_else(not_a_member)?;
                told.push(event_for(To::Person(user), &ReadChanged { room, membership }));
                Ok(membership)
            }),
            Post::NAME => self.answer(data, |server, Post { room, client_id, text }| {
                if let Some(stored) = server.stored(user, client_id) {
                    return Ok(stored.clone());
                }
                server.room_of(room, user)?;
                let message = server.write(room, user, client_id, Body::Text { text, edited_at: None }, told);
                server.posted.insert((user, client_id), (room, message.seq));
                Ok(message)
            }),
            Edit::NAME => self.answer(data, |server, Edit { message, text }| {
                let edited_at = Some(UnixMillis(server.now));
                server.change(message, user, Body::Text { text, edited_at }, told)
            }),
            Delete::NAME => {
                self.answer(data, |server, Delete { message }| server.change(message, user, Body::Deleted, told))
            }
            Start::NAME => self.answer(data, |_, Start { room }| {
                told.push(event_for(
                    To::MembersBut(room, user),
                    &TypingChanged { room, user: Self::person(user), typing: true },
                ));
                Ok(Done {})
            }),
            Stop::NAME => self.answer(data, |_, Stop { room }| {
                told.push(event_for(
                    To::MembersBut(room, user),
                    &TypingChanged { room, user: Self::person(user), typing: false },
                ));
                Ok(Done {})
            }),
            unknown => panic!("the engine sends {unknown}"),
        }
    }

    fn answer<E: ClientEvent>(
        &mut self,
        data: Value,
        handle: impl FnOnce(&mut Self, E) -> Result<E::Reply, Fault>,
    ) -> Value {
        let event = serde_json::from_value(data).expect("the engine writes what the server reads");
        answer(handle(self, event))
    }

    fn room_of(&self, room: RoomId, user: UserId) -> Result<&Room, Fault> {
        self.rooms.get(&room).filter(|room| room.members.contains_key(&user)).ok_or_else(not_a_member)
    }

    fn join(&mut self, room: RoomId, user: UserId, told: &mut Vec<Told>) -> Result<RoomSnapshot, Fault> {
        if !self.rooms.contains_key(&room) {
            return Err(Fault::new(FaultCode::NotFound, "there is no such room"));
        }
        if !self.is_member(room, user) {
            let last = self.room_mut(room).messages.keys().next_back().copied().unwrap_or_default();
            self.room_mut(room).members.insert(user, last);
            told.push(event_for(To::Members(room), &MemberJoined { room, member: Self::member(user) }));
            let id = ClientId::new(self.next_message.unsigned_abs(), [255; 10]);
            self.write(room, user, id, Body::Joined, told);
            let summary = self.room_mut(room).summary(user);
            told.push(event_for(To::Person(user), &MembershipChanged { summary }));
        }
        self.snapshot(room, user).ok_or_else(not_a_member)
    }

    fn leave(&mut self, room: RoomId, user: UserId, told: &mut Vec<Told>) -> Result<Done, Fault> {
        if room == LOBBY {
            return Err(Fault::new(FaultCode::LobbyStays, "everyone stays in the lobby"));
        }
        self.room_of(room, user)?;
        let id = ClientId::new(self.next_message.unsigned_abs(), [254; 10]);
        self.room_mut(room).members.remove(&user);
        self.write(room, user, id, Body::Left, told);
        told.push(event_for(To::Members(room), &MemberLeft { room, user }));
        let summary = self.room_mut(room).summary(user);
        told.push(event_for(To::Person(user), &MembershipChanged { summary }));
        Ok(Done {})
    }

    fn write(
        &mut self,
        room: RoomId,
        user: UserId,
        client_id: ClientId,
        body: Body,
        told: &mut Vec<Told>,
    ) -> MessageView {
        self.next_message += 1;
        let (id, sent_at) = (MessageId(self.next_message), UnixMillis(self.now));
        let entry = self.room_mut(room);
        let seq = Seq(entry.messages.keys().next_back().map_or(1, |last| last.0 + 1));
        entry.rev = entry.rev.next();
        let (rev, author) = (entry.rev, Self::person(user));
        let message = MessageView { id, room, seq, rev, author, client_id, sent_at, body };
        entry.messages.insert(seq, message.clone());
        told.push(event_for(To::Members(room), &Changes { room, changes: vec![message.clone()] }));
        message
    }

    fn change(
        &mut self,
        id: MessageId,
        user: UserId,
        body: Body,
        told: &mut Vec<Told>,
    ) -> Result<MessageView, Fault> {
        let mut all = self.rooms.values().flat_map(|room| room.messages.values());
        let message = all.find(|message| message.id == id).cloned();
        let Some(message) = message.filter(|message| self.is_member(message.room, user)) else {
            return Err(Fault::new(FaultCode::NotFound, "there is no such message"));
        };
        match (&message.body, &body) {
            (Body::Deleted, Body::Deleted) => return Ok(message),
            (Body::Deleted, _) => return Err(Fault::new(FaultCode::Deleted, "it has been deleted")),
            _ => {}
        }
        let room = message.room;
        let entry = self.room_mut(room);
        entry.rev = entry.rev.next();
        let changed = MessageView { rev: entry.rev, body, ..message };
        entry.messages.insert(changed.seq, changed.clone());
        told.push(event_for(To::Members(room), &Changes { room, changes: vec![changed.clone()] }));
        Ok(changed)
    }
}

impl Room {
    fn summary(&self, user: UserId) -> RoomSummary {
        RoomSummary { room: self.view.clone(), membership: self.membership(user) }
    }

    /// The address of the room.
    #[must_use]
    pub fn slug(&self) -> &RoomSlug {
        &self.view.slug
    }

    /// How far a member has come.
    #[must_use]
    pub fn membership(&self, user: UserId) -> Option<Membership> {
        let read = *self.members.get(&user)?;
        let after = self.messages.range(Seq(read.0 + 1)..).map(|(_, message)| message);
        let unread =
            after.filter(|message| matches!(message.body, Body::Text { .. }) && message.author.id != user).count();
        Some(Membership {
            read,
            unread: u32::try_from(unread).unwrap_or(u32::MAX).min(UNREAD_COUNTED),
            rev: self.rev,
        })
    }

    fn before(&self, before: Seq) -> HistoryReply {
        let older: Vec<_> = self.messages.range(..before).map(|(_, message)| message.clone()).collect();
        let skipped = older.len().saturating_sub(PAGE);
        HistoryReply { messages: older[skipped..].to_vec(), earlier: skipped > 0 }
    }

    fn since(&self, since: Rev) -> SyncReply {
        let mut changes: Vec<_> = self.messages.values().filter(|message| message.rev > since).cloned().collect();
        changes.sort_by_key(|message| message.rev);
        let more = changes.len() > PAGE;
        changes.truncate(PAGE);
        let rev = if more { changes[PAGE - 1].rev } else { self.rev };
        SyncReply { changes, rev, more }
    }
}

fn not_a_member() -> Fault {
    Fault::new(FaultCode::NotAMember, "only members may do this")
}

/// An answer as it goes over the wire.
pub fn answer<T: serde::Serialize>(outcome: Result<T, Fault>) -> Value {
    serde_json::to_value(Answer::from(outcome)).expect("an answer can be written")
}

/// An event as it goes over the wire.
pub fn event_for<E: ServerEvent>(to: To, event: &E) -> Told {
    (to, E::NAME, serde_json::to_value(event).expect("an event can be written"))
}
