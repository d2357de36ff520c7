//! From an event to a rule and back: decoding, order, and an acknowledgement for everything.

use std::{fmt, future::Future, marker::PhantomData};

use madang_common::event::{Answer, ClientEvent};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};
use socketioxide::extract::SocketRef;

use crate::{
    chat::{Actor, Chat},
    error::Refusal,
    requests::{Acknowledge, InReadLoop, Packet, Queue, unknown_event, unreadable},
};

/// One socket's line to the chat.
#[derive(Clone)]
pub(super) struct Line {
    chat: Chat,
    actor: Actor,
    queue: Queue,
}

impl Line {
    pub(super) fn new(chat: Chat, actor: Actor) -> Self {
        let queue = Queue::new(chat.underway());
        Self { chat, actor, queue }
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
    fn on<E: ClientEvent + Sync>(&mut self, handler: impl Handler<E>)
    where
        E::Reply: Sync;
}

/// A socket of Socket.IO.
pub(super) struct OnSocket<'a> {
    pub(super) socket: &'a SocketRef,
    pub(super) line: Line,
}

impl Register for OnSocket<'_> {
    fn on<E: ClientEvent + Sync>(&mut self, handler: impl Handler<E>)
    where
        E::Reply: Sync,
    {
        let line = self.line.clone();
        let take = InReadLoop(move |mut packet: Packet| {
            let event = packet.decode::<Object<E>>();
            carry_out(&line, &handler, event, || packet.ack());
        });
        self.socket.on(E::NAME, take);
    }
}

impl OnSocket<'_> {
    /// Answers events that are not in the table.
    pub(super) fn refuse_others(&self) {
        self.socket.on_fallback(InReadLoop(|mut packet: Packet| {
            let name = packet.name();
            refuse_unknown(&name, packet.ack());
        }));
    }
}

/// Answers an event that is not in the table.
pub(super) fn refuse_unknown(name: &str, ack: impl Acknowledge) {
    ack.acknowledge(&Answer::<()>::Fault(unknown_event(name)), "an unknown event");
}

/// Puts an event into its socket's queue, or refuses it at once. Either way it is answered once.
pub(super) fn carry_out<E, A>(
    line: &Line,
    handler: &impl Handler<E>,
    event: Result<Object<E>, String>,
    mut ack: impl FnMut() -> A,
) where
    E: ClientEvent + Sync,
    E::Reply: Sync,
    A: Acknowledge,
{
    let refuse = |ack: A, fault| ack.acknowledge(&Answer::<E::Reply>::Fault(fault), E::NAME);
    let event = match event {
        Ok(Object(event)) => event,
        Err(error) => {
            return refuse(ack(), unreadable(E::NAME, &error));
        }
    };
    let Line { chat, actor, queue } = line.clone();
    let handler = handler.clone();
    let answer = ack();
    let request = async move {
        let reply = match actor.user() {
            Ok(_) => handler.handle(chat, actor, event).await,
            Err(over) => Err(over),
        };
        answer.acknowledge(&Answer::from(reply.map_err(|refusal| refusal.into_fault(E::NAME))), E::NAME);
    };
    if let Err(reason) = queue.push(request) {
        refuse(ack(), reason.into());
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
