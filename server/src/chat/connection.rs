//! Connecting: a socket is subscribed when it comes, and again after it was a slow consumer.
//!
//! Both are commands, because only the committer's order tells whether someone joined or left a room before or
//! after a socket was subscribed.

use madang_common::id::UserId;
use socketioxide::{extract::SocketRef, socket::Sid};

use super::{
    Actor, Chat,
    commit::{Change, Command},
    not_signed_in, require_session,
};
use crate::{
    error::Refusal,
    publish::{Socket, Subscription},
    secret::TokenHash,
    store::{members, messages, sessions},
};

impl Chat {
    /// Lets a socket speak for the person whose session it brings, and hear their rooms.
    ///
    /// # Errors
    /// `NotSignedIn`; [`Refusal::NotCommitted`] while the server stops.
    pub(crate) async fn connect(&self, token: Option<TokenHash>, socket: Socket) -> Result<Actor, Refusal> {
        let token = token.ok_or_else(not_signed_in)?;
        if self.underway().is_closed() {
            return Err(Refusal::NotCommitted);
        }
        if let Socket::SocketIo(socket) = &socket {
            socket.extensions.insert(Bearer(token.clone()));
        }
        let connect = Connect { chat: self.clone(), token: token.clone(), socket };
        let actor = self.0.parts.committer.commit(connect).await?;
        self.see_again(&token, actor.seen_at()).await;
        Ok(actor)
    }

    /// Whether the one who brings this token, or none, may read and write on a socket: the one who connected it. What
    /// is no socket of the chat speaks for nobody.
    pub(crate) fn is_own_socket(&self, id: Sid, token: Option<&TokenHash>) -> bool {
        let bearer = self.0.parts.publisher.socket(id).and_then(|socket| socket.extensions.get::<Bearer>());
        bearer.is_none_or(|Bearer(bearer)| Some(&bearer) == token)
    }

    /// Lets a socket that could not keep up hear its rooms again, and learn that it missed something.
    ///
    /// # Errors
    /// `NotSignedIn`; [`Refusal::NotCommitted`]; [`Refusal::Store`].
    pub(super) async fn reconnect(&self, user: UserId, socket: SocketRef) -> Result<(), Refusal> {
        self.0.parts.committer.commit(Reconnect { user, socket: Socket::SocketIo(socket.clone()) }).await?;
        // Read once it hears the rooms again, so that nothing falls between, and not while all others wait.
        let changes = messages::last_changes(&mut *self.0.parts.store.read().await?, user).await?;
        self.0.parts.publisher.nudge(&socket, changes);
        Ok(())
    }
}

/// The token that a socket was connected with.
#[derive(Clone)]
struct Bearer(TokenHash);

pub(super) struct Connect {
    pub(super) chat: Chat,
    pub(super) token: TokenHash,
    pub(super) socket: Socket,
}

impl Command for Connect {
    type Reply = Actor;

    // Writes nothing: whoever comes while the disk is full is to read at least.
    async fn run(&self, change: &mut Change<'_>) -> Result<Actor, Refusal> {
        let chat = &self.chat.0;
        let standing = chat.parts.lifetime.at(change.now);
        let session = sessions::get(change.conn, &self.token, standing).await?.filter(|session| session.holds_name);
        let session = session.ok_or_else(not_signed_in)?;
        let user = session.user.id;
        subscribe(change, user, &self.socket).await?;
        // Now, and not after the commit: the next command may ask whether this person is there.
        Ok(Actor::new(change.presence.enter(user), session.session_seen_at, chat.in_use.begin(self.token.clone())))
    }
}

pub(super) struct Reconnect {
    pub(super) user: UserId,
    pub(super) socket: Socket,
}

impl Command for Reconnect {
    type Reply = ();

    async fn run(&self, change: &mut Change<'_>) -> Result<(), Refusal> {
        // Whoever left meanwhile hears nothing more.
        require_session(change.conn, self.user).await?;
        subscribe(change, self.user, &self.socket).await
    }
}

/// Lets a socket hear all rooms of a person.
async fn subscribe(change: &mut Change<'_>, user: UserId, socket: &Socket) -> Result<(), Refusal> {
    let rooms = members::rooms_of(change.conn, user).await?;
    change.effects.subscribe(Subscription::Socket { user, socket: socket.clone(), rooms });
    Ok(())
}
