//! A socket comes, or comes back after it could not keep up.
//!
//! Both are commands, because only the committer's order tells whether someone joined or left a room before or
//! after a socket was subscribed.

use madang_common::id::UserId;
use socketioxide::{extract::SocketRef, socket::Sid};

use super::{
    Actor, Chat,
    commit::{Change, Command},
    not_signed_in,
    upkeep::InUse,
};
use crate::{
    error::Refusal,
    publish::{Socket, Subscription},
    secret::TokenHash,
    store::{lifetime::Lifetime, members, messages, sessions},
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
        let connect =
            Connect { token: token.clone(), socket, lifetime: self.0.lifetime, in_use: self.0.in_use.clone() };
        let actor = self.0.committer.commit(connect).await?;
        self.see_again(&token, actor.seen_at()).await;
        Ok(actor)
    }

    /// Whether the one who brings this token, or none, may read and write on a socket: the one who connected it. What
    /// is no socket of the chat speaks for nobody.
    pub(crate) fn is_own_socket(&self, id: Sid, token: Option<&TokenHash>) -> bool {
        let bearer = self.0.publisher.socket(id).and_then(|socket| socket.extensions.get::<Bearer>());
        bearer.is_none_or(|Bearer(bearer)| Some(&bearer) == token)
    }

    /// Lets a socket that could not keep up hear its rooms again, and learn that it missed something.
    ///
    /// # Errors
    /// [`Refusal::NotCommitted`].
    pub(super) async fn reconnect(&self, user: UserId, socket: SocketRef) -> Result<(), Refusal> {
        self.0.committer.commit(Reconnect { user, socket }).await
    }
}

/// The token that a socket was connected with.
#[derive(Clone)]
struct Bearer(TokenHash);

struct Connect {
    token: TokenHash,
    socket: Socket,
    lifetime: Lifetime,
    in_use: InUse,
}

impl Command for Connect {
    type Reply = Actor;

    // Writes nothing: whoever comes while the disk is full is to read at least.
    async fn run(&self, change: &mut Change<'_>) -> Result<Actor, Refusal> {
        let standing = self.lifetime.at(change.now);
        let session = sessions::get(change.conn, &self.token, standing).await?.filter(|session| session.holds_name);
        let session = session.ok_or_else(not_signed_in)?;
        let user = session.user.id;
        let rooms = members::rooms_of(change.conn, user).await?;
        change.effects.subscribe(Subscription::Socket {
            user,
            socket: self.socket.clone(),
            rooms,
            nudges: Vec::new(),
        });
        // Now, and not after the commit: the next command may ask whether this person is there.
        Ok(Actor::new(change.presence.enter(user), session.session_seen_at, self.in_use.begin(self.token.clone())))
    }
}

struct Reconnect {
    user: UserId,
    socket: SocketRef,
}

impl Command for Reconnect {
    type Reply = ();

    async fn run(&self, change: &mut Change<'_>) -> Result<(), Refusal> {
        let rooms = members::rooms_of(change.conn, self.user).await?;
        let mut nudges = Vec::with_capacity(rooms.len());
        for room in &rooms {
            nudges.extend(messages::last_change(change.conn, *room).await?);
        }
        let socket = Socket::SocketIo(self.socket.clone());
        change.effects.subscribe(Subscription::Socket { user: self.user, socket, rooms, nudges });
        Ok(())
    }
}
