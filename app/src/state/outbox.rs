//! What has been said and is not yet acknowledged.

use madang_common::{
    fault::Fault,
    id::{ClientId, RoomId},
    text::MessageText,
    time::UnixMillis,
};
use serde::{Deserialize, Serialize};

/// One unsent message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    pub client_id: ClientId,
    pub room: RoomId,
    pub text: MessageText,
    pub composed_at: UnixMillis,
    /// Why the server refused it; until then it is on its way.
    pub refused: Option<Fault>,
}

/// All unsent messages of this browser, in the order in which they were composed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Outbox {
    entries: Vec<Pending>,
}

impl Outbox {
    /// The unsent messages of a room.
    pub fn of(&self, room: RoomId) -> impl Iterator<Item = &Pending> {
        self.entries.iter().filter(move |pending| pending.room == room)
    }

    /// Adds a message at the end.
    pub fn push(&mut self, pending: Pending) {
        self.entries.push(pending);
    }

    /// Takes a message out: it was acknowledged, came back live, or was discarded.
    pub fn remove(&mut self, client_id: ClientId) {
        self.entries.retain(|pending| pending.client_id != client_id);
    }

    /// Notes why a message was refused.
    pub fn refuse(&mut self, client_id: ClientId, fault: Fault) {
        if let Some(pending) = self.entry(client_id) {
            pending.refused = Some(fault);
        }
    }

    /// Puts a refused message on its way again.
    pub fn retry(&mut self, client_id: ClientId) {
        if let Some(pending) = self.entry(client_id) {
            pending.refused = None;
        }
    }

    /// The message to send next: the oldest of those asked for that has not been refused.
    #[must_use]
    pub fn next(&self, wanted: impl Fn(&Pending) -> bool) -> Option<&Pending> {
        self.iter().find(|pending| pending.refused.is_none() && wanted(pending))
    }

    /// All unsent messages.
    pub fn iter(&self) -> impl Iterator<Item = &Pending> {
        self.entries.iter()
    }

    /// Whether nothing is unsent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn entry(&mut self, client_id: ClientId) -> Option<&mut Pending> {
        self.entries.iter_mut().find(|pending| pending.client_id == client_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::fixtures::client_id;
    use madang_common::fault::FaultCode;

    fn outbox(count: i64) -> Outbox {
        let pending = |n| Pending {
            client_id: client_id(n),
            room: RoomId(n % 2),
            text: MessageText::parse("unsent").unwrap(),
            composed_at: UnixMillis(n),
            refused: None,
        };
        Outbox { entries: (1..=count).map(pending).collect() }
    }

    fn next(outbox: &Outbox) -> Option<ClientId> {
        outbox.next(|_| true).map(|pending| pending.client_id)
    }

    #[test]
    fn what_was_said_first_is_sent_first() {
        let mut outbox = outbox(2);
        assert_eq!(next(&outbox), Some(client_id(1)));
        outbox.remove(client_id(1));
        assert_eq!(next(&outbox), Some(client_id(2)));
        assert_eq!(outbox.next(|pending| pending.client_id != client_id(2)), None);
    }

    #[test]
    fn what_was_refused_holds_nothing_up_and_may_be_tried_again() {
        let mut outbox = outbox(2);
        outbox.refuse(client_id(1), Fault::new(FaultCode::NotAMember, "no"));
        assert_eq!(next(&outbox), Some(client_id(2)));
        outbox.retry(client_id(1));
        assert_eq!(next(&outbox), Some(client_id(1)));
    }

    #[test]
    fn an_outbox_survives_being_stored() {
        let outbox = outbox(3);
        let stored = serde_json::to_string(&outbox).unwrap();
        assert_eq!(serde_json::from_str::<Outbox>(&stored).unwrap(), outbox);
        assert_eq!(outbox.of(RoomId(1)).count(), 2);
    }
}
