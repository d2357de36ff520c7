//! Publishing: the only place that emits, and the only one that names socket rooms.
//!
//! What a commit changed comes as [`Effects`]. Sockets are subscribed first, so that whoever reads after their
//! commit misses nothing; then each room gets one frame; then the rest goes out in the order in which it happened.

use madang_common::{
    event::{NAMESPACE, presence::PresenceChanged, room::Changes, session::Ended, typing::TypingChanged},
    id::{RoomId, UserId},
    message::MessageView,
};
use socketioxide::{SocketIo, extract::SocketRef, operators::BroadcastOperators, socket::Sid};
use tokio::{sync::mpsc, time::Instant};
use tokio_util::task::TaskTracker;

mod effects;
mod emit;
pub(crate) mod guests;
mod key;
mod shutdown;
mod websockets;

use crate::net::websocket::{Close, WsSender};
pub(crate) use effects::{Effects, Notice, Subscription};
use emit::Audience;
use guests::{Dialect, ToTell};
use websockets::Registry;

/// Emits to sockets; a cheap handle.
#[derive(Clone)]
pub(crate) struct Publisher {
    io: SocketIo,
    plain: Registry,
    dialects: &'static [&'static Dialect],
    lagging: mpsc::UnboundedSender<Lagging>,
    said: mpsc::Sender<ToTell>,
    /// What those outside have not been told yet.
    telling: TaskTracker,
}

/// What the publisher leaves to tasks of its own.
pub(crate) struct Backlog {
    /// Sockets that cannot keep up. Each is reported once until it is subscribed again, so that there are no more of them
    /// than sockets.
    pub(crate) lagging: mpsc::UnboundedReceiver<Lagging>,
    /// What was said, for [`Publisher::tell_outsiders`].
    pub(crate) said: mpsc::Receiver<ToTell>,
}

/// Messages of the lobby that may wait until those outside are told. Beyond that, publishing waits.
pub(crate) const UNTOLD: usize = 1_024;

/// A connection of either kind.
#[derive(Clone)]
pub(crate) enum Socket {
    SocketIo(SocketRef),
    Plain(WsSender),
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
    /// A publisher, and what it leaves to others.
    pub(crate) fn new(io: SocketIo, dialects: &'static [&'static Dialect]) -> (Self, Backlog) {
        let (lagging, reports) = mpsc::unbounded_channel();
        let (said, to_tell) = mpsc::channel(UNTOLD);
        let telling = TaskTracker::new();
        let publisher = Self { io, plain: Registry::default(), dialects, lagging, said, telling };
        (publisher, Backlog { lagging: reports, said: to_tell })
    }

    /// Lets all who may know learn what a commit changed.
    pub(crate) async fn publish(&self, effects: Effects) {
        for subscription in effects.subscriptions {
            self.subscribe(subscription).await;
        }
        for (room, changes) in effects.changes {
            self.emit(Audience::rooms([room]), &Changes { room, changes }).await;
        }
        for said in effects.said {
            if self.said.send(ToTell { said, _token: self.telling.token() }).await.is_err() {
                tracing::debug!("nobody tells those outside: the server is shutting down");
            }
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
        if !rooms.is_empty() {
            self.emit(Audience::rooms(rooms), &PresenceChanged { user, online }).await;
        }
    }

    /// Tells a room's other members that a person started or stopped writing.
    pub(crate) async fn typing(&self, event: &TypingChanged) {
        self.emit(Audience::others_in(event.room, event.user.id), event).await;
    }

    /// The chat's socket of this id, if it is connected.
    pub(crate) fn socket(&self, id: Sid) -> Option<SocketRef> {
        self.io.of(NAMESPACE)?.get_socket(id)
    }

    /// A plain WebSocket is closed.
    pub(crate) fn forget(&self, sender: &WsSender) {
        self.plain.forget(sender.id());
    }

    async fn subscribe(&self, subscription: Subscription) {
        match subscription {
            Subscription::Socket { user, socket, rooms } => {
                let mut keys = vec![key::user(user)];
                keys.extend(rooms.into_iter().map(key::room));
                match socket {
                    Socket::SocketIo(socket) => self.subscribe_socket(user, &socket, keys),
                    Socket::Plain(sender) => {
                        keys.push(key::plain());
                        self.plain.join(&sender, keys);
                    }
                }
            }
            Subscription::Join { user, room } => {
                self.plain.join_all(&key::user(user), &key::room(room));
                if let Some(sockets) = self.to_user(user) {
                    // The adapter is the local one: it cannot fail.
                    let Ok(()) = sockets.join(key::room(room)).await;
                }
            }
            Subscription::Leave { user, room } => {
                self.plain.leave_all(&key::user(user), &key::room(room));
                if let Some(sockets) = self.to_user(user) {
                    let Ok(()) = sockets.leave(key::room(room)).await;
                }
            }
        }
    }

    fn subscribe_socket(&self, user: UserId, socket: &SocketRef, keys: Vec<String>) {
        // A new socket is not connected before this is done.
        let again = socket.extensions.insert(Owner(user)).is_some();
        self.come_inside(socket);
        socket.join(keys);
        if again && !socket.connected() {
            // It has gone meanwhile: nobody else would take it out of its rooms any more.
            socket.leave_all();
        }
    }

    /// Tells a socket that is subscribed again what it may have missed: the last change of each room, which it finds to
    /// follow a gap.
    pub(crate) fn nudge(&self, socket: &SocketRef, changes: Vec<MessageView>) {
        for message in changes {
            let nudge = Changes { room: message.room, changes: vec![message] };
            if self.is_full(socket, &nudge) {
                return self.cut_off(socket);
            }
        }
    }

    /// Tells those whom it concerns.
    pub(crate) async fn notify(&self, notice: Notice) {
        match notice {
            Notice::MemberJoined(event) => self.emit(Audience::rooms([event.room]), &event).await,
            Notice::MemberLeft(event) => self.emit(Audience::rooms([event.room]), &event).await,
            Notice::RoomAdded(event) => self.emit(Audience::everyone(), &event).await,
            Notice::RoomRemoved(event) => self.emit(Audience::everyone(), &event).await,
            Notice::Membership(user, event) => self.emit(Audience::user(user), &event).await,
            Notice::Read(user, event) => self.emit(Audience::user(user), &event).await,
        }
    }

    async fn end(&self, user: UserId) {
        self.emit(Audience::user(user), &Ended {}).await;
        for sender in self.plain.in_room(&key::user(user)) {
            self.plain.forget(sender.id());
            sender.close(Close::NOT_SIGNED_IN);
        }
        let Some(sockets) = self.to_user(user).map(BroadcastOperators::sockets) else { return };
        for socket in sockets {
            // A full socket cannot be closed now; it has no rooms any more, and each of its requests is refused.
            socket.leave_all();
            if let Err(error) = socket.disconnect() {
                tracing::debug!(%error, user = user.0, "closing a socket of an ended session");
            }
        }
    }

    fn to_user(&self, user: UserId) -> Option<BroadcastOperators> {
        Some(self.io.of(NAMESPACE)?.within(key::user(user)))
    }
}
