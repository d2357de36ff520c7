//! A room that is followed.

use futures_util::{Stream, stream::unfold};
use madang_common::{
    fault::{Fault, FaultCode},
    id::{RoomId, Seq},
    room::RoomView,
    text::{MessageText, RoomSlug},
};
use tokio::sync::oneshot;

use super::{
    Client, Error, Posting,
    client::outcome,
    clock::now,
    core::{Core, Seat, SeatId},
};
use crate::{
    engine::{Engine, Ticket},
    feed::{Event, Feed},
    open_room::OpenRoom,
    outbox::Outbox,
    rooms::Rooms,
    view::Plain,
};

type Joining = oneshot::Receiver<Result<Option<RoomSlug>, Error>>;

/// The room at an address, and whether one is its member.
fn find(rooms: &Rooms, slug: &str) -> Option<(RoomView, bool)> {
    let joined = rooms.joined().map(|(room, _)| (room, true));
    let mut all = joined.chain(rooms.others().map(|room| (room, false)));
    all.find(|(room, _)| room.slug.as_str() == slug).map(|(room, is_member)| (room.clone(), is_member))
}

/// A room that is followed, until this is dropped. One stays its member.
pub struct Room {
    client: Client,
    seat: SeatId,
    id: RoomId,
}

impl Room {
    /// Gives the room an engine, and asks to join it where one is no member.
    pub(super) fn begin(client: Client, slug: &str) -> Result<(Self, Option<Joining>), Error> {
        let options = &client.shared().options;
        let (seat, id, joining) = client.shared().tell(|core| {
            let found = find(&core.first().engine.view.rooms.0, slug);
            let (RoomView { id: room, slug, .. }, is_member) =
                found.ok_or_else(|| Fault::new(FaultCode::NotFound, "There is no such room."))?;
            let is_followed = |seat: &Seat| seat.slug.as_ref() == Some(&slug) && seat.is_followed && !seat.is_lost;
            if core.seats.iter().any(is_followed) {
                return Err(Error::FollowedAlready);
            }
            let joining = (!is_member).then(|| core.ticket());
            let free =
                if core.first().is_followed { core.add_seat(options, &Outbox::default()) } else { core.first() };
            (free.slug, free.is_followed, free.is_lost) = (Some(slug.clone()), true, false);
            free.feed = Feed::default();
            let id = free.id;
            let engine = free.engine.at(now());
            // Another room is not shown any more.
            engine.show(&slug);
            let joining = joining.map(|(ticket, joining)| {
                engine.join_room(room, ticket);
                joining
            });
            Ok((id, room, joining))
        })?;
        Ok((Self { client, seat, id }, joining))
    }

    /// Waits until the room is open.
    pub(super) async fn opened(&self) -> Result<(), Error> {
        let not_a_member = || Error::from(Fault::new(FaultCode::NotAMember, "This room is not open to you."));
        let look = |core: &mut Core| {
            let seat = core.seat(self.seat)?;
            let rooms = &seat.engine.view.rooms.0;
            let is_member = rooms.by_id(self.id).is_none_or(|summary| summary.membership.is_some());
            match seat.feed.has_begun() {
                true => Some(Ok(())),
                false => (!is_member).then(|| Err(not_a_member())),
            }
        };
        self.client.wait(look).await
    }

    /// The room's id.
    #[must_use]
    pub fn id(&self) -> RoomId {
        self.id
    }

    /// Whose room this is a handle of.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Reads the room as it is now, with what [`Room::next`] has not told yet; nothing when one is no member any more. The
    /// client waits meanwhile.
    pub fn with<T>(&self, read: impl FnOnce(&OpenRoom) -> T) -> Option<T> {
        let mut core = self.client.shared().lock();
        core.seat(self.seat)?.engine.view.open.0.as_ref().map(read)
    }

    /// What happens next in the room. It begins after what the room held when it was followed, and ends when one is no
    /// member any more, the session is over, or the client is closed. May be dropped and called again without losing
    /// anything.
    pub async fn next(&mut self) -> Option<Event> {
        let look = |core: &mut Core| {
            let seat = core.seat(self.seat)?;
            seat.feed.look(&seat.engine);
            match seat.feed.next() {
                Some(event) => Some(Ok(Some(event))),
                None => seat.is_lost.then_some(Ok(None)),
            }
        };
        self.client.wait(look).await.ok().flatten()
    }

    /// [`Room::next`] as a stream.
    pub fn stream(&mut self) -> impl Stream<Item = Event> {
        unfold(self, async |room| room.next().await.map(|event| (event, room)))
    }

    /// Says something, as [`Client::post`] does.
    pub fn post(&self, text: MessageText) -> Posting {
        self.client.post(self.id, text)
    }

    /// Loads the page of messages before the oldest that the room holds, for [`Room::with`].
    ///
    /// # Errors
    /// As [`Client::edit`].
    pub async fn load_earlier(&self) -> Result<(), Error> {
        self.ask(Engine::load_earlier).await
    }

    /// Stops being a member.
    ///
    /// # Errors
    /// As [`Client::edit`].
    pub async fn leave(self) -> Result<(), Error> {
        self.ask(|engine, ticket| engine.leave_room(self.id, ticket)).await
    }

    /// Notes that one has read all up to this place, which the server is told in a moment.
    pub fn read(&self, seq: Seq) {
        self.tell(|engine| engine.read(seq));
    }

    /// Notes that one is writing, or not any more. It lapses by itself after some seconds.
    pub fn typing(&self, is_typing: bool) {
        self.tell(|engine| engine.typing(self.id, is_typing));
    }

    fn tell(&self, tell: impl FnOnce(&mut Engine<Plain>)) {
        self.client.shared().tell(|core| {
            if let Some(seat) = core.seat(self.seat) {
                tell(seat.engine.at(now()));
            }
        });
    }

    async fn ask(&self, ask: impl FnOnce(&mut Engine<Plain>, Ticket)) -> Result<(), Error> {
        let asked = self.client.shared().tell(|core| {
            let (ticket, asked) = core.ticket();
            if let Some(seat) = core.seat(self.seat) {
                ask(seat.engine.at(now()), ticket);
            }
            asked
        });
        outcome(asked).await.map(drop)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.client.shared().tell(|core| {
            let is_first = core.first().id == self.seat;
            if is_first {
                // It goes on sending, and holds the room that it has.
                core.first().is_followed = false;
            } else {
                core.seats.retain(|seat| seat.id != self.seat);
            }
        });
    }
}
