//! Inbound requests: what every socket needs between a packet and its handler, whatever protocol it speaks.

use std::{borrow::Cow, convert::Infallible, sync::Arc};

use madang_common::{
    event::Answer,
    fault::{Fault, FaultCode},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use socketioxide::{
    adapter::LocalAdapter,
    extract::{AckSender, Event, SocketRef, TryData},
    handler::{FromMessageParts, MessageHandler, Value},
    socket::Socket,
};

mod argument;
mod connect_query;
mod queue;

pub(crate) use connect_query::ConnectQuery;
pub(crate) use queue::Queue;

/// An event as it came.
pub(crate) struct Packet {
    socket: Arc<Socket>,
    value: Value,
    ack_id: Option<i64>,
}

impl Packet {
    /// The event's first argument.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(crate) fn decode<T: DeserializeOwned>(&mut self) -> Result<T, String> {
        let Ok(TryData(data)) = self.extract::<TryData<T>>();
        data.map_err(|error| error.to_string())
    }

    /// The event's first argument as it was written; none if there is none.
    pub(crate) fn written(&self) -> Option<Box<RawValue>> {
        match &self.value {
            Value::Str(text, _) => argument::first(text),
            Value::Bytes(_) => None,
        }
    }

    /// The socket that it came from. Whoever keeps it in a handler keeps the socket for ever, which keeps its handlers.
    pub(crate) fn socket(&self) -> SocketRef {
        SocketRef::from(self.socket.clone())
    }

    /// The event's name.
    pub(crate) fn name(&mut self) -> String {
        // It has been read already, to find the handler.
        Event::from_message_parts(&self.socket, &mut self.value, &self.ack_id).map_or_else(|_| String::new(), |e| e.0)
    }

    /// How many bytes it has; what is made of it takes more, but not without bound.
    pub(crate) fn bytes(&self) -> usize {
        match &self.value {
            Value::Str(text, attachments) => {
                text.len() + attachments.iter().flatten().map(|attachment| attachment.len()).sum::<usize>()
            }
            Value::Bytes(bytes) => bytes.len(),
        }
    }

    /// What answers the event, if an answer is asked for.
    pub(crate) fn ack(&mut self) -> AckSender {
        let Ok(ack) = self.extract::<AckSender>();
        ack
    }

    fn extract<T>(&mut self) -> Result<T, Infallible>
    where
        T: FromMessageParts<LocalAdapter, Error = Infallible>,
    {
        T::from_message_parts(&self.socket, &mut self.value, &self.ack_id)
    }
}

/// A message handler that runs inside the transport's read loop. socketioxide's own handlers are spawned, each as a
/// task, and would overtake one another.
pub(crate) struct InReadLoop<F>(pub(crate) F);

/// Tells this implementation from those that socketioxide has for functions.
pub(crate) struct InOrder;

impl<F> MessageHandler<LocalAdapter, InOrder> for InReadLoop<F>
where
    F: Fn(Packet) + Send + Sync + 'static,
{
    fn call(&self, socket: Arc<Socket>, value: Value, ack_id: Option<i64>) {
        (self.0)(Packet { socket, value, ack_id });
    }
}

/// What takes the answer to a request back to where it came from.
pub(crate) trait Acknowledge: Send + 'static {
    /// Sends the answer, once.
    fn acknowledge<T: Serialize>(self, answer: &Answer<T>, event: &str);
}

impl Acknowledge for AckSender {
    fn acknowledge<T: Serialize>(self, answer: &Answer<T>, event: &str) {
        // A socket that is gone or full asks again: every request may be repeated.
        if let Err(error) = self.send(answer) {
            tracing::debug!(%error, event, "an acknowledgement was lost");
        }
    }
}

/// Most characters that a refusal repeats of what it refuses. A frame full of characters that are written as escapes
/// would be answered with one ten times as long.
const REPEATED: usize = 200;

/// The refusal of an event that nobody handles.
pub(crate) fn unknown_event(name: &str) -> Fault {
    Fault::new(FaultCode::UnknownEvent, format!("There is no event {:?}.", beginning(name)))
}

/// The refusal of what cannot be read, with the reader's reason.
pub(crate) fn unreadable(what: &str, reason: &str) -> Fault {
    Fault::new(FaultCode::Malformed, format!("{what} cannot be read: {}.", beginning(reason)))
}

fn beginning(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(REPEATED) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}
