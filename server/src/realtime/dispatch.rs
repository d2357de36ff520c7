//! Dispatch: an event is decoded, limited, queued, handled by a rule, and always acknowledged.

use std::{collections::HashMap, fmt, future::Future, marker::PhantomData};

use madang_common::{
    event::{Answer, ClientEvent, Done},
    fault::Fault,
    id::RoomId,
};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::value::{RawValue, to_raw_value};
use socketioxide::extract::SocketRef;

use crate::{
    chat::{Actor, Chat},
    error::Refusal,
    net::limits::{Caller, Kind},
    realtime::inbound::{Acknowledge, InReadLoop, Packet, Queue, unknown_event, unreadable},
};

/// An event whose rate is limited, as all are.
pub(super) trait Limited: ClientEvent {
    /// The rate limit that it counts towards.
    const KIND: Kind;

    /// The room that it counts against, where that has a rate and the event names it.
    fn room(&self) -> Option<RoomId> {
        None
    }

    /// How many bytes the database grows by it.
    fn stored(&self) -> usize {
        0
    }
}

/// One socket's line to the chat.
#[derive(Clone)]
pub(super) struct Line {
    chat: Chat,
    actor: Actor,
    caller: Caller,
    queue: Queue,
}

impl Line {
    pub(super) fn new(chat: Chat, actor: Actor, caller: Caller) -> Self {
        let queue = Queue::new(chat.underway());
        Self { chat, actor, caller, queue }
    }

    /// Whether anything at all may be sent once more.
    ///
    /// # Errors
    /// `TooOften`.
    pub(super) fn may_send(&self) -> Result<(), Fault> {
        self.caller.may(Kind::Event, None)
    }
}

/// Answers one kind of event.
pub(super) trait Handler<E: ClientEvent>: Clone + Send + Sync + 'static {
    /// Calls the rule.
    fn handle(self, chat: Chat, actor: Actor, event: E) -> impl Future<Output = Result<E::Reply, Refusal>> + Send;
}

impl<E, F, R> Handler<E> for F
where
    E: ClientEvent,
    F: Fn(Chat, Actor, E) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<E::Reply, Refusal>> + Send + 'static,
{
    fn handle(self, chat: Chat, actor: Actor, event: E) -> impl Future<Output = Result<E::Reply, Refusal>> + Send {
        self(chat, actor, event)
    }
}

/// Where the events get their handlers: a socket of one kind or another.
pub(super) trait Register {
    /// Lets `handler` answer its event.
    fn on<E: Limited + Sync>(&mut self, handler: impl Handler<E>);
}

/// Takes an event of a socket in.
type Take = Box<dyn Fn(&Line, Packet) + Send + Sync>;

/// What each event of a socket of Socket.IO does; the same for all of them. A handler for each of them in each socket would
/// take 2 KB a connection.
#[derive(Default)]
pub(super) struct OnSocket(HashMap<&'static str, Take>);

impl Register for OnSocket {
    fn on<E: Limited + Sync>(&mut self, handler: impl Handler<E>) {
        let take = move |line: &Line, mut packet: Packet| {
            let (event, bytes) = (packet.decode::<Object<E>>(), packet.bytes());
            carry_out(line, &handler, event, bytes, || packet.ack());
        };
        self.0.insert(E::NAME, Box::new(take));
    }
}

impl OnSocket {
    /// From now on takes the events of a socket in, and answers those that are not in the table.
    pub(super) fn listen(&'static self, socket: &SocketRef, line: Line) {
        socket.on_fallback(InReadLoop(move |packet| self.take(&line, packet)));
    }

    fn take(&self, line: &Line, mut packet: Packet) {
        // Before it is read, for reading is most of the work of refusing it.
        let fault = match line.may_send() {
            Err(fault) => fault,
            Ok(()) => {
                let name = packet.name();
                match self.0.get(name.as_str()) {
                    Some(take) => return take(line, packet),
                    None => unknown_event(&name),
                }
            }
        };
        refuse(packet.ack(), fault, "an event that is not taken in");
    }
}

/// Answers with a fault.
pub(super) fn refuse(ack: impl Acknowledge, fault: Fault, event: &str) {
    ack.acknowledge(&Answer::<Done>::Fault(fault), event);
}

/// Puts an event that came as so many bytes into its socket's queue, or refuses it at once. Either way it is answered
/// once.
pub(super) fn carry_out<E, A>(
    line: &Line,
    handler: &impl Handler<E>,
    event: Result<Object<E>, String>,
    bytes: usize,
    mut ack: impl FnMut() -> A,
) where
    E: Limited + Sync,
    A: Acknowledge,
{
    let event = match event {
        Ok(Object(event)) => event,
        Err(error) => {
            return refuse(ack(), unreadable(E::NAME, &error), E::NAME);
        }
    };
    let may = line.caller.may(E::KIND, event.room()).and_then(|()| line.caller.may_store(event.stored()));
    if let Err(fault) = may {
        return refuse(ack(), fault, E::NAME);
    }
    let Line { chat, actor, caller, queue } = line.clone();
    let handler = handler.clone();
    let answer = ack();
    let request = async move {
        let reply = match actor.user() {
            Ok(_) => handler.handle(chat, actor, event).await,
            Err(over) => Err(over),
        };
        // Written once: its length is counted before it is sent, and while it waits no more of it is held than goes out.
        let reply = reply.and_then(|reply| to_raw_value(&reply).map_err(Refusal::Unwritten));
        let reply = Answer::from(reply.map_err(|refusal| refusal.into_fault(E::NAME)));
        if E::KIND == Kind::Read {
            // Who asks and takes no answer in would have them pile up; the next request waits behind this one.
            caller.may_hear(Kind::Answer, length(&reply)).await;
        }
        answer.acknowledge(&reply, E::NAME);
    };
    if let Err(reason) = queue.push(request, bytes) {
        refuse(ack(), reason.into(), E::NAME);
    }
}

/// How many bytes an answer has, roughly.
fn length(answer: &Answer<Box<RawValue>>) -> usize {
    match answer {
        Answer::Ok(reply) => reply.get().len(),
        Answer::Fault(fault) => fault.message.len(),
    }
}

/// An event that stands as a JSON object. Derived implementations read an array of the fields as well, which would be
/// a second form of every event.
pub(super) struct Object<E>(pub(super) E);

impl<'de, E: ClientEvent> Deserialize<'de> for Object<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData)).map(Self)
    }
}

struct ObjectVisitor<E>(PhantomData<fn() -> E>);

impl<'de, E: ClientEvent> Visitor<'de> for ObjectVisitor<E> {
    type Value = E;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<E, A::Error> {
        E::deserialize(MapAccessDeserializer::new(map))
    }
}
