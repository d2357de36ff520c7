//! Acknowledgements: those that this side waits for, and those that the server asked for.

use std::{
    cell::Cell,
    collections::VecDeque,
    fmt,
    future::Future,
    pin::Pin,
    rc::{Rc, Weak},
    task::{Context, Poll},
};

use futures_channel::oneshot;
use serde::Serialize;
use serde_json::Value;

use crate::{EmitError, message, namespace::Namespace};

/// Why an ack did not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AckError {
    /// Not in time. The server may have handled the event nonetheless.
    Timeout,
    /// The namespace is not connected, or ceased to be before the answer came. In the latter case the server may
    /// have handled the event.
    Disconnected,
    /// The data can't be written as JSON; why.
    Encode(String),
}

impl fmt::Display for AckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout => f.write_str("no ack came in time"),
            Self::Disconnected => f.write_str("not connected"),
            Self::Encode(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for AckError {}

impl From<EmitError> for AckError {
    fn from(error: EmitError) -> Self {
        match error {
            EmitError::Disconnected => Self::Disconnected,
            EmitError::Encode(why) => Self::Encode(why),
        }
    }
}

/// The answer to an event: the ack's first argument, or null when it has none.
///
/// The event was sent when this was made; dropping it only ceases to wait.
#[derive(Debug)]
pub struct AckFuture(Waiting);

#[derive(Debug)]
enum Waiting {
    Failed(Option<AckError>),
    For(oneshot::Receiver<Result<Value, AckError>>),
}

impl AckFuture {
    pub(crate) fn failed(error: AckError) -> Self {
        Self(Waiting::Failed(Some(error)))
    }

    pub(crate) fn waiting(receiver: oneshot::Receiver<Result<Value, AckError>>) -> Self {
        Self(Waiting::For(receiver))
    }
}

impl Future for AckFuture {
    type Output = Result<Value, AckError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Waiting::Failed(error) => Poll::Ready(Err(error.take().unwrap_or(AckError::Disconnected))),
            // The sender is dropped unanswered only when the client itself is gone.
            Waiting::For(receiver) => {
                Pin::new(receiver).poll(cx).map(|answer| answer.unwrap_or(Err(AckError::Disconnected)))
            }
        }
    }
}

/// What waits for an ack, by the ack's id.
///
/// Ids only grow, also across reconnects, so that a late ack of an earlier link can't answer a new event.
#[derive(Debug)]
pub(crate) struct AckTable<W> {
    next_id: i64,
    waiting: VecDeque<(i64, W)>,
}

impl<W> Default for AckTable<W> {
    fn default() -> Self {
        Self { next_id: 0, waiting: VecDeque::new() }
    }
}

impl<W> AckTable<W> {
    /// The id that [`insert`](Self::insert) will give next.
    pub(crate) fn next_id(&self) -> i64 {
        self.next_id
    }

    pub(crate) fn insert(&mut self, waiter: W) -> i64 {
        let id = self.next_id;
        self.next_id += 1;
        self.waiting.push_back((id, waiter));
        id
    }

    /// Takes out the waiter of `id`: the server has answered, or its time is over.
    pub(crate) fn take(&mut self, id: i64) -> Option<W> {
        let place = self.waiting.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        self.waiting.remove(place).map(|(_, waiter)| waiter)
    }

    /// Takes out all, oldest first.
    pub(crate) fn take_all(&mut self) -> Vec<W> {
        self.waiting.drain(..).map(|(_, waiter)| waiter).collect()
    }
}

/// The right to answer an event for which the server asked an ack. Only the first answer counts.
#[derive(Clone)]
pub struct AckReply {
    pub(crate) namespace: Weak<Namespace>,
    /// The connection that asked: an ack id means nothing to a later one.
    pub(crate) connection: u32,
    pub(crate) id: i64,
    pub(crate) spent: Rc<Cell<bool>>,
}

impl AckReply {
    /// Answers.
    ///
    /// # Errors
    ///
    /// When the data can't be written as JSON, and when the connection on which the server asked is gone.
    pub fn send<T: Serialize + ?Sized>(&self, data: &T) -> Result<(), EmitError> {
        let data = message::to_value(data)?;
        let namespace = self.namespace.upgrade().ok_or(EmitError::Disconnected)?;
        if self.spent.replace(true) {
            return Ok(());
        }
        namespace.reply(self.connection, self.id, &data)
    }
}

impl fmt::Debug for AckReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AckReply")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ack_answers_its_own_waiter_once_in_any_order() {
        let mut acks = AckTable::default();
        let (first, second) = (acks.insert('a'), acks.insert('b'));
        assert_eq!(acks.take(second), Some('b'));
        assert_eq!(acks.take(second), None);
        assert_eq!(acks.take(first), Some('a'));
    }

    #[test]
    fn an_ack_that_no_one_waits_for_is_nothing() {
        let mut acks: AckTable<char> = AckTable::default();
        assert_eq!(acks.take(0), None);
        assert_eq!(acks.take(i64::MIN), None);
    }

    #[test]
    fn ids_are_not_used_again_after_the_link_went_down() {
        let mut acks = AckTable::default();
        let first = acks.insert('a');
        assert_eq!(acks.take_all(), ['a']);
        assert!(acks.insert('b') > first);
        assert_eq!(acks.take(first), None);
    }
}
