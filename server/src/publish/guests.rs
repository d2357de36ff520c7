//! Publishing the lobby's messages to guests: each dialect receives them in its own form.
//!
//! What a dialect's events look like is not known here; [`Dialect`] says it. A socket hears every dialect until its
//! first event shows which one it speaks.

use std::{convert::Infallible, sync::Arc};

use futures_util::{StreamExt, stream::FuturesUnordered};
use madang_common::{
    id::UserId,
    message::{Body, MessageView},
};
use serde::Serialize;
use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};
use socketioxide::{AckError, ProtocolVersion, SendError, SocketError, ack::AckStream, extract::SocketRef};
use tokio::{sync::mpsc, task::yield_now, time::Instant};
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::{Audience, Lagging, Publisher, Socket, key};
use crate::net::{limits::Session, websocket::WsSender};

/// The namespace of the dialects.
pub(crate) const NAMESPACE: &str = "/";

/// How one kind of client outside speaks.
pub(crate) struct Dialect {
    /// Its name.
    pub(crate) key: &'static str,
    /// How it hears what is said elsewhere.
    pub(crate) form: Form,
}

/// How something is said, from the author's name and the text.
pub(crate) enum Form {
    /// As an event, on namespace `/`.
    Event(fn(&str, &str) -> OutboundEvent),
    /// As a frame, on a plain WebSocket.
    Frame(fn(&str, &str) -> String),
}

/// An event in a dialect.
#[derive(Clone, Debug)]
pub(crate) struct OutboundEvent {
    event: &'static str,
    data: Option<Arc<RawValue>>,
    receipt: bool,
}

impl OutboundEvent {
    /// An event with one argument.
    pub(crate) fn new(event: &'static str, data: impl Serialize) -> Self {
        Self::written(event, to_raw_value(&data).expect("texts, and structs of them, are JSON").into())
    }

    /// An event with one argument as somebody wrote it.
    pub(crate) fn written(event: &'static str, data: Arc<RawValue>) -> Self {
        Self { event, data: Some(data), receipt: false }
    }

    /// An event without arguments.
    pub(crate) fn bare(event: &'static str) -> Self {
        Self { event, data: None, receipt: false }
    }

    /// How long it is, without what goes around it on the wire.
    pub(crate) fn bytes(&self) -> usize {
        self.event.len() + self.data.as_ref().map_or(0, |data| data.get().len())
    }

    /// The same, asked for with an acknowledgement; who sends it is logged as having received the event.
    pub(crate) fn with_receipt(self) -> Self {
        Self { receipt: true, ..self }
    }
}

/// Which of those who hear a dialect an event is for.
#[derive(Clone, Debug)]
pub(crate) enum To {
    All,
    Sender,
    Others,
    /// The socket with this id.
    One(String),
    /// The others who joined a room of their own making.
    Joined(String),
}

/// Where something that was said came from.
#[derive(Clone)]
pub(crate) struct Origin {
    pub(crate) dialect: &'static Dialect,
    pub(crate) socket: Socket,
    /// What its own dialect hears, to the letter.
    pub(crate) outbound: Vec<(To, OutboundEvent)>,
    /// Whether the others of its own dialect hear the dialect's form as well.
    pub(crate) form_to_others: bool,
}

/// Something new that was said in the lobby.
pub(crate) struct LobbyMessage {
    pub(crate) message: MessageView,
    /// None when it was said inside.
    pub(crate) from: Option<Origin>,
    /// Kept until those outside have been told, where somebody waits for that.
    pub(crate) _untold: Option<Untold>,
}

/// Who waits for all copies of this to be dropped learns of it.
pub(crate) type Untold = mpsc::Sender<Infallible>;

/// Something that was said and that those outside have not been told yet.
pub(crate) struct ToTell {
    pub(crate) said: LobbyMessage,
    pub(crate) _token: TaskTrackerToken,
}

impl Publisher {
    /// Lets a new socket outside hear every dialect.
    pub(crate) fn enter_outside(&self, socket: &SocketRef) {
        let dialects = self.dialects.iter().filter(|dialect| matches!(dialect.form, Form::Event(_)));
        socket.join(dialects.map(|dialect| key::dialect(dialect.key)).collect::<Vec<_>>());
    }

    /// Lets a plain WebSocket hear its dialect.
    pub(crate) fn enter_plain(&self, sender: &WsSender, dialect: &Dialect) {
        self.plain.join(sender, [key::dialect(dialect.key), key::outlet(sender.id())]);
    }

    /// Lets a socket outside hear no dialect but this one.
    pub(crate) fn settle_outside(&self, socket: &SocketRef, spoken: &Dialect) {
        socket.join(key::dialect(spoken.key));
        let others = self.dialects.iter().filter(|dialect| dialect.key != spoken.key);
        socket.leave(others.map(|dialect| key::dialect(dialect.key)).collect::<Vec<_>>());
    }

    /// A client of Socket.IO 2.x or 1.x comes inside. It had to join the dialects' namespace first, and would hear each
    /// message in every form besides; it hears them again if it speaks one.
    pub(crate) fn come_inside(&self, socket: &SocketRef) {
        if socket.protocol() == ProtocolVersion::V4
            && let Some(outside) = self.io.of(NAMESPACE).and_then(|namespace| namespace.get_socket(socket.id))
        {
            outside.leave_all();
        }
    }

    /// Lets a socket outside hear a room of its own making.
    pub(crate) fn join_outside(&self, socket: &SocketRef, room: &str) {
        socket.join(key::joined(room));
    }

    /// Lets a socket outside no longer hear a room of its own making.
    pub(crate) fn leave_outside(&self, socket: &SocketRef, room: &str) {
        socket.leave(key::joined(room));
    }

    /// Sends an event to those of a dialect that it is for. Answers how many they are.
    pub(crate) fn tell_outside(
        &self,
        dialect: &Dialect,
        from: &SocketRef,
        to: &To,
        outbound: &OutboundEvent,
    ) -> usize {
        let is_meant = |socket: &SocketRef| match to {
            To::All => true,
            To::Sender => socket.id == from.id,
            To::Others | To::Joined(_) => socket.id != from.id,
            To::One(id) => socket.id.to_string() == *id,
        };
        let room = match to {
            To::Joined(room) => key::joined(room),
            _ => key::dialect(dialect.key),
        };
        self.send_outbound(room, is_meant, outbound)
    }

    /// Tells those outside what is said, in order, each message in a turn of its own: there may be hundreds of them, and
    /// neither the committer nor the members wait for them.
    pub(crate) async fn tell_outsiders(self, mut said: mpsc::Receiver<ToTell>) {
        while let Some(to_tell) = said.recv().await {
            self.tell_said(&to_tell.said);
            drop(to_tell);
            yield_now().await;
        }
    }

    /// Done when those outside have been told what was said until now.
    pub(crate) async fn told_outsiders(&self) {
        self.telling.close();
        self.telling.wait().await;
    }

    /// Tells those outside what was said, each dialect in its form; not the one who said it.
    fn tell_said(&self, said: &LobbyMessage) {
        let Body::Text { text, .. } = &said.message.body else { return };
        let name = said.message.author.name.as_str();
        let speaker = said.from.as_ref();
        let (speaking_socket, speaking_sender) = match speaker.map(|from| &from.socket) {
            Some(Socket::SocketIo(socket)) => (Some(socket), None),
            Some(Socket::Plain(sender)) => (None, Some(sender)),
            None => (None, None),
        };
        let is_other = |socket: &SocketRef| speaking_socket.is_none_or(|speaker| speaker.id != socket.id);
        for dialect in self.dialects {
            let own = speaker.filter(|from| from.dialect.key == dialect.key);
            if let (Some(own), Some(socket)) = (own, speaking_socket) {
                for (to, outbound) in &own.outbound {
                    self.tell_outside(dialect, socket, to, outbound);
                }
            }
            if own.is_some_and(|from| !from.form_to_others) {
                continue;
            }
            let room = key::dialect(dialect.key);
            match dialect.form {
                Form::Event(form) => {
                    self.send_outbound(room, is_other, &form(name, text.as_str()));
                }
                Form::Frame(form) => {
                    let except = speaking_sender.map(|sender| key::outlet(sender.id()));
                    self.plain.send(&Audience::new(vec![room], except), || Some(form(name, text.as_str()).into()));
                }
            }
        }
    }

    /// Closes a socket outside; later, if it is full now.
    pub(crate) fn close_outside(&self, socket: SocketRef) {
        if let Err(SocketError::InternalChannelFull) = socket.clone().disconnect() {
            self.report(None, socket);
        }
    }

    /// Ends the session of a socket outside that could not keep up, as a broken line would: its client begins another by
    /// itself, which it would not do after a disconnect packet.
    pub(crate) fn cut_outside(&self, socket: SocketRef) {
        match socket.req_parts().extensions.get::<Session>() {
            Some(session) => session.close(),
            None => self.close_outside(socket),
        }
    }

    // Each socket by itself, not as a broadcast: a broadcast's error does not say which socket was full, and no dialect
    // has a number by which a second copy would be known.
    fn send_outbound(&self, room: String, is_meant: impl Fn(&SocketRef) -> bool, outbound: &OutboundEvent) -> usize {
        let Some(namespace) = self.io.of(NAMESPACE) else { return 0 };
        let mut receipts = Vec::new();
        let mut count = 0;
        for socket in namespace.within(room).sockets().into_iter().filter(is_meant) {
            // Each gets a copy, so many that read nothing would fill the memory long before each one's buffer is full.
            let session = socket.req_parts().extensions.get::<Session>();
            let sent = match session.map_or(Ok(()), |session| session.send(outbound.bytes())) {
                Ok(()) => send(&socket, outbound),
                Err(_) => Err(SendError::Socket(SocketError::InternalChannelFull)),
            };
            match sent {
                Ok(receipt) => {
                    count += 1;
                    receipts.extend(receipt.map(|receipt| (socket.id, receipt)));
                }
                Err(SendError::Socket(SocketError::InternalChannelFull)) => {
                    tracing::debug!(socket = %socket.id, "a socket outside cannot keep up and is cut off");
                    socket.leave_all();
                    self.report(None, socket);
                }
                // It is on its way out.
                Err(SendError::Socket(SocketError::Closed)) => {}
                Err(error) => tracing::error!(%error, event = %outbound.event, "emitting an event"),
            }
        }
        if !receipts.is_empty() {
            tokio::spawn(log_receipts(outbound.event, receipts));
        }
        count
    }

    pub(crate) fn report(&self, user: Option<UserId>, socket: SocketRef) {
        if self.lagging.send(Lagging { user, socket, since: Instant::now() }).is_err() {
            tracing::debug!("nobody looks after lagging sockets: the server is shutting down");
        }
    }
}

/// The acknowledgement that a receiver may send.
type Receipt = AckStream<Value>;

fn send(socket: &SocketRef, outbound: &OutboundEvent) -> Result<Option<Receipt>, SendError> {
    match &outbound.data {
        Some(data) if outbound.receipt => socket.emit_with_ack(outbound.event, data).map(Some),
        Some(data) => socket.emit(outbound.event, data).map(|()| None),
        // A tuple of no arguments; `()` would be one, `null`.
        None => socket.emit(outbound.event, &[(); 0]).map(|()| None),
    }
}

/// Logs who confirms an event, until the last one has done so or the time for it is over.
async fn log_receipts<Id: std::fmt::Display>(event: &'static str, receipts: Vec<(Id, Receipt)>) {
    let waiting = receipts.into_iter().map(|(socket, receipt)| async move { (socket, receipt.await) });
    let mut waiting: FuturesUnordered<_> = waiting.collect();
    while let Some((socket, receipt)) = waiting.next().await {
        match receipt {
            // An acknowledgement without arguments is one, too; it only holds no value.
            Ok(_) | Err(AckError::Decode(_)) => tracing::debug!(%socket, %event, "message was received"),
            Err(error) => tracing::debug!(%socket, %event, %error, "no receipt"),
        }
    }
}
