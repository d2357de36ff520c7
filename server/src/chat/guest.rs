//! Guests: clients that speak a dialect, without a session. They post to the lobby under a guest's name.
//!
//! A guest has no session, is a member of nothing and holds no name, so that nobody inside ever loses a name to one, or
//! is refused it. There is one guest for each name.

use std::hash::BuildHasher;

use madang_common::{
    fault::Fault,
    message::{Body, MessageView},
    text::{MessageText, UserName},
    user::UserView,
};
use socketioxide::extract::SocketRef;
use tokio::sync::mpsc;

pub(crate) use crate::publish::{
    Socket,
    guests::{Dialect, Form, NAMESPACE, Origin, OutboundEvent, To},
};

use super::{
    Chat,
    account::name,
    commit::{Change, Command},
    message::next::write_message,
};
use crate::{
    error::Refusal,
    names::{self, Likeness},
    net::websocket::WsSender,
    publish::guests::{LobbyMessage, Untold},
    store::users,
};

/// Whether one guest more may be stored, which counts it. Only the command knows that a name is new.
pub(crate) type MayAdd = Box<dyn Fn() -> Result<(), Fault> + Send + Sync>;

impl Chat {
    /// Says something in the lobby for someone outside. If someone inside holds the name, the guest's has a number. A name
    /// that is new is stored if `may_add` says so.
    ///
    /// # Errors
    /// [`Refusal::NotCommitted`]; `NameTaken` when all names that were tried are held; what `may_add` refuses with.
    pub(crate) async fn say_from_outside(
        &self,
        name: UserName,
        text: MessageText,
        origin: Origin,
        may_add: MayAdd,
    ) -> Result<MessageView, Refusal> {
        let (untold, mut told) = mpsc::channel(1);
        let say = Say { chat: self.clone(), name, text, origin, untold: Some(untold), may_add };
        let message = self.0.parts.committer.commit(say).await?;
        // What else comes from the same socket is not to overtake it.
        let None = told.recv().await;
        Ok(message)
    }

    /// Lets a new socket outside hear every dialect.
    pub(crate) fn enter_outside(&self, socket: &SocketRef) {
        self.0.parts.publisher.enter_outside(socket);
    }

    /// Lets a plain WebSocket hear its dialect.
    pub(crate) fn enter_plain(&self, sender: &WsSender, dialect: &Dialect) {
        self.0.parts.publisher.enter_plain(sender, dialect);
    }

    /// Lets a socket outside hear no dialect but the one that it speaks.
    pub(crate) fn settle_outside(&self, socket: &SocketRef, dialect: &Dialect) {
        self.0.parts.publisher.settle_outside(socket, dialect);
    }

    /// Lets a socket outside hear a room of its own making.
    pub(crate) fn join_outside(&self, socket: &SocketRef, room: &str) {
        self.0.parts.publisher.join_outside(socket, room);
    }

    /// Lets a socket outside no longer hear a room of its own making.
    pub(crate) fn leave_outside(&self, socket: &SocketRef, room: &str) {
        self.0.parts.publisher.leave_outside(socket, room);
    }

    /// Ends a connection from outside.
    pub(crate) fn disconnect_outside(&self, socket: SocketRef) {
        self.0.parts.publisher.close_outside(socket);
    }

    /// Sends what is no message to those of a dialect that it is for. Answers how many they are.
    pub(crate) fn tell_outside(
        &self,
        dialect: &Dialect,
        from: &SocketRef,
        to: &To,
        outbound: &OutboundEvent,
    ) -> usize {
        self.0.parts.publisher.tell_outside(dialect, from, to, outbound)
    }
}

pub(crate) struct Say {
    pub(crate) chat: Chat,
    pub(crate) name: UserName,
    pub(crate) text: MessageText,
    pub(crate) origin: Origin,
    /// Kept until those outside have been told.
    pub(crate) untold: Option<Untold>,
    pub(crate) may_add: MayAdd,
}

impl Command for Say {
    type Reply = MessageView;
    const GROWS: bool = true;

    async fn run(&self, change: &mut Change<'_>) -> Result<MessageView, Refusal> {
        let author = self.chat.guest(change, &self.name, &self.may_add).await?;
        let body = Body::Text { text: self.text.clone(), edited_at: None };
        let client_id = change.client_id();
        let lobby = change.lobby;
        let message = write_message(change, lobby, &author, client_id, body).await?;
        let from = Some(self.origin.clone());
        change.effects.say(LobbyMessage { message: message.clone(), from, _untold: self.untold.clone() });
        Ok(message)
    }
}

/// The highest number that is counted up to, from 2. Whoever holds more names than these does so to be in the way.
const COUNTED: u32 = 8;
/// How many numbers are tried after those. There are some four billion, and nobody can tell which.
const DRAWN: u32 = 3;

impl Chat {
    /// The guest of this name, or of one with a number that nobody inside holds. It costs a bounded number of queries,
    /// whoever holds what.
    async fn guest(&self, change: &mut Change<'_>, name: &UserName, may_add: &MayAdd) -> Result<UserView, Refusal> {
        let own = Likeness::of(name.as_str()).fold;
        // Drawn from the name, so that a guest keeps their number while the server runs.
        let drawn = (0..DRAWN).map(|draw| {
            let hash = self.0.guest_numbers.hash_one((&own, draw));
            COUNTED + 1 + u32::try_from(hash % u64::from(u32::MAX - COUNTED)).unwrap_or_default()
        });
        for number in (1..=COUNTED).chain(drawn) {
            let name = if number == 1 { name.clone() } else { names::numbered(name, number) };
            let likeness = Likeness::of(name.as_str());
            let holders = users::holders(change.conn, &likeness).await?;
            if holders.into_iter().any(|holder| self.keeps_name(change, holder)) {
                continue;
            }
            if let Some(known) = users::guest(change.conn, &likeness).await? {
                return Ok(known);
            }
            may_add()?;
            let id = users::insert_guest(change.conn, &name, change.now).await?;
            return Ok(UserView { id, name, outside: true });
        }
        Err(name::name_taken())
    }
}
