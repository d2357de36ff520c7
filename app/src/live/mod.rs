//! `Chat`: the page's signals, and the requests that it can send to the server.

pub(crate) mod address;
pub(crate) mod dom;
mod signals;

#[cfg(feature = "browser")]
mod browser;
#[cfg(not(feature = "browser"))]
mod server;
#[cfg(feature = "browser")]
mod web_api;

use std::cell::Cell;

use lean::RwSignal;
use madang_client::{
    check::Check,
    engine::{Engine, Failure},
    link::Link,
    open_room::OpenRoom,
    outbox::Outbox,
    rooms::Rooms,
};
use madang_common::{
    fault::Fault,
    id::{ClientId, MessageId, RoomId, Seq},
    message::MessageView,
    text::{MessageText, RoomName, RoomSlug, RoomTopic},
    user::UserView,
};

#[cfg(feature = "browser")]
use browser as side;
#[cfg(not(feature = "browser"))]
use server as side;

use crate::{backend::FirstPaint, state::edits::Edits};
use side::Driver;

thread_local! {
    static DRAWN: Cell<bool> = const { Cell::new(false) };
}

/// Says that the page has been drawn, or taken over, to its last node.
///
/// Effects run after that. Where drawing ends in a panic they run all the same, and must not connect: another instance of
/// the Wasm is about to take this one's place.
pub fn drawn() {
    DRAWN.set(true);
}

/// Whether the page has been drawn.
pub(crate) fn is_drawn() -> bool {
    DRAWN.get()
}

/// What the page shows, as signals, and what it can ask the server for. Provided as a context by `App`; on the
/// server it is the first paint and its requests do nothing.
#[derive(Clone, Copy)]
pub struct Chat {
    pub me: RwSignal<Option<UserView>>,
    pub rooms: RwSignal<Rooms>,
    /// The room that the page shows; `None` while it is being opened, or for a room that one has not joined.
    pub open: RwSignal<Option<OpenRoom>>,
    pub outbox: RwSignal<Outbox>,
    /// Edits that have been begun. What is typed in them changes without notice; that they begin and end is told.
    pub edits: RwSignal<Edits>,
    pub link: RwSignal<Link>,
    /// Messages of others that came live into the open room: a queue that the live region empties.
    pub heard: RwSignal<Vec<MessageView>>,
    /// The last message said in this tab.
    pub said: RwSignal<Option<ClientId>>,
    /// What is to be put into the composer of a room: its draft, or what another tab made of it.
    pub draft: RwSignal<Option<(RoomId, String)>>,
    /// Whether what was missed takes so long to fetch that one would want to know.
    pub catching_up: RwSignal<bool>,
    /// What is known from comparing the open room with the server.
    pub check: RwSignal<Check>,
    /// Whether this browser keeps what is unsent, once that is known. If not, it lives as long as the page does.
    pub kept: RwSignal<Option<bool>>,
    driver: Driver,
}

impl Chat {
    /// The page as the first paint gives it.
    #[must_use]
    pub fn new(paint: FirstPaint) -> Self {
        let chat = Self {
            me: RwSignal::new(paint.me),
            rooms: RwSignal::new(Rooms::part(paint.rooms, paint.rooms_left_out)),
            open: RwSignal::new(paint.open.map(OpenRoom::new)),
            outbox: RwSignal::new(Outbox::default()),
            edits: RwSignal::new(Edits::default()),
            link: RwSignal::new(Link::default()),
            heard: RwSignal::new(Vec::new()),
            said: RwSignal::new(None),
            draft: RwSignal::new(None),
            catching_up: RwSignal::new(false),
            check: RwSignal::new(Check::default()),
            kept: RwSignal::new(None),
            driver: Driver::new(),
        };
        chat.driver.begin(chat);
        chat
    }

    /// Connects to the server and keeps the page up to date from then on. Called once, after hydration.
    pub fn start(self) {
        self.driver.start(self);
    }

    /// Shows the room at an address, if one is a member.
    pub fn show(self, slug: &RoomSlug) {
        self.driver.tell(|engine| engine.show(slug));
    }

    /// Says something: it appears at once as pending and is sent until it is acknowledged or refused. It is nobody's
    /// draft any more, in any tab.
    pub fn say(self, room: RoomId, text: MessageText) {
        self.driver.tell(|engine| {
            engine.say(room, text, side::random());
        });
    }

    /// Sends a refused message again.
    pub fn retry(self, client_id: ClientId) {
        self.driver.tell(|engine| engine.retry(client_id));
    }

    /// Drops a refused message.
    pub fn discard(self, client_id: ClientId) {
        self.driver.tell(|engine| engine.discard(client_id));
    }

    /// Gives one's own message another text.
    ///
    /// # Errors
    /// What the server refused, or that it can't be reached ([`madang_common::fault::FaultCode::Unavailable`]); so
    /// do the other requests.
    pub async fn edit(self, message: MessageId, text: MessageText) -> Result<(), Fault> {
        self.driver.ask(|engine, ticket| engine.edit(message, text, ticket)).await.map(drop)
    }

    /// Takes one's own message back.
    ///
    /// # Errors
    /// As [`Chat::edit`].
    pub async fn delete(self, message: MessageId) -> Result<(), Fault> {
        self.driver.ask(|engine, ticket| engine.delete(message, ticket)).await.map(drop)
    }

    /// Loads the page of messages before the oldest that the open room holds. Does nothing while one is on its way.
    ///
    /// # Errors
    /// As [`Chat::edit`].
    pub async fn load_earlier(self) -> Result<(), Fault> {
        self.driver.ask(Engine::load_earlier).await.map(drop)
    }

    /// Notes that all up to a message of the open room has been seen. While the page is hidden it counts as not
    /// seen until the page is shown.
    pub fn read(self, seq: Seq) {
        self.driver.tell(|engine| engine.read(seq));
    }

    /// Notes a key stroke in the composer, or that it was cleared; tells the others at most every few seconds.
    pub fn typing(self, room: RoomId, typing: bool) {
        self.driver.tell(|engine| engine.typing(room, typing));
    }

    /// Makes a room and joins it.
    ///
    /// # Errors
    /// As [`Chat::edit`].
    pub async fn create_room(self, name: RoomName, topic: RoomTopic) -> Result<RoomSlug, Fault> {
        let made = self.driver.ask(|engine, ticket| engine.create_room(name, topic, ticket)).await?;
        made.ok_or_else(|| Failure::NoAnswer.into())
    }

    /// Joins a room and shows it.
    ///
    /// # Errors
    /// As [`Chat::edit`].
    pub async fn join_room(self, room: RoomId) -> Result<(), Fault> {
        self.driver.ask(|engine, ticket| engine.join_room(room, ticket)).await.map(drop)
    }

    /// Leaves a room.
    ///
    /// # Errors
    /// As [`Chat::edit`].
    pub async fn leave_room(self, room: RoomId) -> Result<(), Fault> {
        self.driver.ask(|engine, ticket| engine.leave_room(room, ticket)).await.map(drop)
    }

    /// Tries to reach the server now rather than at the announced time.
    pub fn reconnect_now(self) {
        self.driver.tell(Engine::reconnect_now);
    }

    /// Compares the open room with the server's, and repairs what differs. What comes of it is in [`Chat::check`].
    pub fn compare(self) {
        self.driver.tell(Engine::reconcile_by_hand);
    }

    /// A room has a composer, which is empty: its draft comes by way of [`Chat::draft`].
    pub fn show_draft(self, room: RoomId) {
        self.driver.tell(|engine| engine.show_draft(room));
    }

    /// Keeps the draft of a room, which was typed. Nobody waits for that. The browser's other tabs go on with their copies.
    pub fn keep_draft(self, room: RoomId, text: String) {
        self.driver.tell(|engine| engine.type_draft(room, text));
    }
}
