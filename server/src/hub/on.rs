//! From a packet to a rule and back: decoding, order, and an acknowledgement for everything.

use std::{convert::Infallible, fmt, future::Future, marker::PhantomData, sync::Arc};

use madang_common::{
    event::{Answer, ClientEvent},
    fault::{Fault, FaultCode},
};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};
use socketioxide::{
    adapter::LocalAdapter,
    extract::{AckSender, Event, SocketRef, TryData},
    handler::{FromMessageParts, MessageHandler, Value},
    socket::Socket,
};

use super::queue::Queue;
use crate::{
    chat::{Actor, Chat},
    error::Refusal,
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
        Self { chat, actor, queue: Queue::new() }
    }
}

/// Lets `handler` answer its event on this socket.
pub(super) fn on<E, F, R>(socket: &SocketRef, line: &Line, handler: F)
where
    E: ClientEvent + Sync,
    E::Reply: Sync,
    F: Fn(Chat, Actor, E) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<E::Reply, Refusal>> + Send + 'static,
{
    socket.on(E::NAME, OnEvent { line: line.clone(), handler, event: PhantomData::<fn(E)> });
}

/// Answers events that are not in the table.
pub(super) fn on_unknown(socket: &SocketRef) {
    socket.on_fallback(async |Event(name): Event, ack: AckSender| {
        let sentence = format!("There is no event {name:?}.");
        answer::<()>(ack, Err(Fault::new(FaultCode::UnknownEvent, sentence)), "an unknown event");
    });
}

/// A message handler that runs inside the transport's read loop. socketioxide's own handlers are spawned, each as a
/// task, and would overtake one another.
struct OnEvent<E, F> {
    line: Line,
    handler: F,
    event: PhantomData<fn(E)>,
}

/// Tells this implementation from those that socketioxide has for functions.
struct InOrder;

impl<E, F, R> MessageHandler<LocalAdapter, InOrder> for OnEvent<E, F>
where
    E: ClientEvent + Sync,
    E::Reply: Sync,
    F: Fn(Chat, Actor, E) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<E::Reply, Refusal>> + Send + 'static,
{
    fn call(&self, socket: Arc<Socket>, mut value: Value, ack_id: Option<i64>) {
        let Ok(ack) = extract::<AckSender>(&socket, &mut value, ack_id);
        let Ok(TryData(event)) = extract::<TryData<Object<E>>>(&socket, &mut value, ack_id);
        let event = match event {
            Ok(Object(event)) => event,
            Err(error) => {
                let fault = Fault::new(FaultCode::Malformed, format!("{} cannot be read: {error}.", E::NAME));
                return answer::<E::Reply>(ack, Err(fault), E::NAME);
            }
        };
        let Line { chat, actor, queue } = self.line.clone();
        let handler = self.handler.clone();
        // The sender of the acknowledgement must stay here in case that the queue is full.
        let (ack, ack_if_full) = (ack, extract::<AckSender>(&socket, &mut value, ack_id));
        let request = async move {
            let reply = match actor.user() {
                Ok(_) => handler(chat, actor, event).await,
                Err(over) => Err(over),
            };
            answer(ack, reply.map_err(|refusal| refusal.into_fault(E::NAME)), E::NAME);
        };
        if queue.push(Box::pin(request)).is_err() {
            let Ok(ack) = ack_if_full;
            let fault = Fault::new(FaultCode::TooBusy, "Too many requests are waiting. Please try again later.");
            answer::<E::Reply>(ack, Err(fault), E::NAME);
        }
    }
}

fn extract<T>(socket: &Arc<Socket>, value: &mut Value, ack_id: Option<i64>) -> Result<T, Infallible>
where
    T: FromMessageParts<LocalAdapter, Error = Infallible>,
{
    T::from_message_parts(socket, value, &ack_id)
}

fn answer<T: Serialize>(ack: AckSender, reply: Result<T, Fault>, event: &'static str) {
    // A socket that is gone or full asks again: every request may be repeated.
    if let Err(error) = ack.send(&Answer::from(reply)) {
        tracing::debug!(%error, event, "an acknowledgement was lost");
    }
}

/// An event that stands as a JSON object. Derived implementations read an array of the fields as well, which would be
/// a second form of every event.
struct Object<E>(E);

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
