//! The only place that emits, and the only one that names socket rooms.
//!
//! What a commit changed comes as [`Effects`]. Sockets are subscribed first, so that whoever reads after their
//! commit misses nothing; then each room gets one frame; then the rest goes out in the order in which it happened.

use madang_common::{
    event::{
        NAMESPACE, ServerEvent, presence::PresenceChanged, room::Changes, session::Ended, typing::TypingChanged,
    },
    id::{RoomId, UserId},
};
use socketioxide::{
    BroadcastError, SendError, SocketError, SocketIo, extract::SocketRef, operators::BroadcastOperators,
};
use tokio::{sync::mpsc, time::Instant};

mod effects;
mod key;
pub(crate) mod outside;

pub(crate) use effects::{Effects, Notice, Subscription};
use outside::Dialect;

/// Emits to sockets; a cheap handle.
#[derive(Clone)]
pub(crate) struct Publisher {
    io: SocketIo,
    dialects: &'static [&'static Dialect],
    lagging: mpsc::UnboundedSender<Lagging>,
}

/// A socket whose buffer was full. It hears nothing more until it is subscribed again.
pub(crate) struct Lagging {
    /// Whom it speaks for. A socket outside speaks for nobody, and is not to be subscribed again but closed.
    pub(crate) user: Option<UserId>,
    pub(crate) socket: SocketRef,
    pub(crate) since: Instant,
}

/// Marks a socket with the user whom it speaks for.
#[derive(Clone, Copy)]
struct Owner(UserId);

impl Publisher {
    /// A publisher, and where it reports sockets that cannot keep up. Each socket is reported once until it is
    /// subscribed again, so that the channel holds no more than there are sockets.
    pub(crate) fn new(
        io: SocketIo,
        dialects: &'static [&'static Dialect],
    ) -> (Self, mpsc::UnboundedReceiver<Lagging>) {
        let (lagging, reports) = mpsc::unbounded_channel();
        (Self { io, dialects, lagging }, reports)
    }

    /// Lets all who may know learn what a commit changed.
    pub(crate) async fn publish(&self, effects: Effects) {
        for subscription in effects.subscriptions {
            self.subscribe(subscription).await;
        }
        for (room, changes) in effects.changes {
            self.emit(self.to_room(room), &Changes { room, changes }).await;
        }
        for said in &effects.said {
            self.tell_said(said);
        }
        for notice in effects.notices {
            self.notify(notice).await;
        }
        for user in effects.ended {
            self.end(user).await;
        }
    }

    /// Tells the members of `rooms` that a person came or went.
    pub(crate) async fn presence(&self, rooms: Vec<RoomId>, user: UserId, online: bool) {
        if rooms.is_empty() {
            return;
        }
        let keys: Vec<String> = rooms.into_iter().map(key::room).collect();
        self.emit(self.chat().map(|chat| chat.within(keys)), &PresenceChanged { user, online }).await;
    }

    /// Tells a room's other members that a person started or stopped writing.
    pub(crate) async fn typing(&self, event: &TypingChanged) {
        let others = self.to_room(event.room).map(|room| room.except(key::user(event.user.id)));
        self.emit(others, event).await;
    }

    async fn subscribe(&self, subscription: Subscription) {
        match subscription {
            Subscription::Socket { user, socket, rooms, nudges } => {
                socket.extensions.insert(Owner(user));
                let mut keys = vec![key::user(user)];
                keys.extend(rooms.into_iter().map(key::room));
                socket.join(keys);
                for message in nudges {
                    let nudge = Changes { room: message.room, changes: vec![message] };
                    if self.is_full(&socket, &nudge) {
                        return self.cut_off(&socket);
                    }
                }
            }
            Subscription::Join { user, room } => {
                if let Some(sockets) = self.to_user(user) {
                    // The adapter is the local one: it cannot fail.
                    let Ok(()) = sockets.join(key::room(room)).await;
                }
            }
            Subscription::Leave { user, room } => {
                if let Some(sockets) = self.to_user(user) {
                    let Ok(()) = sockets.leave(key::room(room)).await;
                }
            }
        }
    }

    async fn notify(&self, notice: Notice) {
        match notice {
            Notice::MemberJoined(event) => self.emit(self.to_room(event.room), &event).await,
            Notice::MemberLeft(event) => self.emit(self.to_room(event.room), &event).await,
            Notice::RoomAdded(event) => self.emit(self.chat().map(BroadcastOperators::broadcast), &event).await,
            Notice::Membership(user, event) => self.emit(self.to_user(user), &event).await,
            Notice::Read(user, event) => self.emit(self.to_user(user), &event).await,
        }
    }

    async fn end(&self, user: UserId) {
        self.emit(self.to_user(user), &Ended {}).await;
        let Some(sockets) = self.to_user(user).map(BroadcastOperators::sockets) else { return };
        for socket in sockets {
            // A full socket cannot be closed now; it has no rooms any more, and each of its requests is refused.
            socket.leave_all();
            if let Err(error) = socket.disconnect() {
                tracing::debug!(%error, user = user.0, "closing a socket of an ended session");
            }
        }
    }

    async fn emit<E: ServerEvent>(&self, to: Option<BroadcastOperators>, event: &E) {
        let Some(to) = to else { return };
        match to.clone().emit(E::NAME, event).await {
            Ok(()) => {}
            Err(BroadcastError::Socket(errors)) => {
                // A closed socket is on its way out, which ends its presence too; a full one has just lost this event.
                if errors.iter().any(|error| matches!(error, SocketError::InternalChannelFull)) {
                    self.find_full(to, event);
                }
            }
            Err(error) => tracing::error!(%error, event = E::NAME, "emitting an event"),
        }
    }

    /// The broadcast's error names no socket, so each is tried by itself. One that is not full gets the event twice,
    /// which changes nothing: a revision that is held already is passed over, and all other events tell a state.
    fn find_full<E: ServerEvent>(&self, to: BroadcastOperators, event: &E) {
        for socket in to.sockets() {
            if self.is_full(&socket, event) {
                self.cut_off(&socket);
            }
        }
    }

    fn is_full<E: ServerEvent>(&self, socket: &SocketRef, event: &E) -> bool {
        match socket.emit(E::NAME, event) {
            Ok(()) => false,
            Err(SendError::Socket(SocketError::InternalChannelFull)) => true,
            // Closed: it is on its way out.
            Err(SendError::Socket(SocketError::Closed)) => false,
            Err(error) => {
                tracing::error!(%error, event = E::NAME, "emitting an event");
                false
            }
        }
    }

    fn cut_off(&self, socket: &SocketRef) {
        socket.leave_all();
        let Some(Owner(user)) = socket.extensions.get() else { return };
        tracing::debug!(user = user.0, socket = %socket.id, "a socket cannot keep up");
        self.report(Some(user), socket.clone());
    }

    /// The namespace's sockets; none when it is being closed.
    fn chat(&self) -> Option<BroadcastOperators> {
        self.io.of(NAMESPACE)
    }

    fn to_room(&self, room: RoomId) -> Option<BroadcastOperators> {
        self.chat().map(|chat| chat.within(key::room(room)))
    }

    fn to_user(&self, user: UserId) -> Option<BroadcastOperators> {
        self.chat().map(|chat| chat.within(key::user(user)))
    }
}
