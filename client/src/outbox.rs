//! What has been said and is not yet acknowledged.

use madang_common::{
    fault::Fault,
    id::{ClientId, RoomId},
    text::{MessageText, as_stored},
    time::UnixMillis,
};
use serde::{Deserialize, Serialize};

/// One unsent message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    pub client_id: ClientId,
    pub room: RoomId,
    #[serde(deserialize_with = "as_stored")]
    pub text: MessageText,
    pub composed_at: UnixMillis,
    /// Why the server refused it; until then it is on its way.
    pub refused: Option<Fault>,
}

/// All unsent messages of a person in this browser, in the order in which they were composed: that of their client
/// ids, which begin with the time.
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

    /// Puts a message in its place, instead of what was known of it.
    pub fn put(&mut self, pending: Pending) {
        // Nearly always the end.
        let at = self.entries.iter().rposition(|other| other.client_id <= pending.client_id);
        match at {
            Some(at) if self.entries[at].client_id == pending.client_id => self.entries[at] = pending,
            _ => self.entries.insert(at.map_or(0, |at| at + 1), pending),
        }
    }

    /// Takes the outbox as all tabs of the browser share it. Of messages that it does not show yet as this tab has
    /// left them, or that the tab knows to have arrived, what is here holds. Tells which were on their way and are no
    /// longer shared: another tab has sent them. They stay until the page can show them as messages.
    pub fn take_in(&mut self, shared: Self, knows_better: impl Fn(ClientId) -> bool) -> Vec<(ClientId, RoomId)> {
        let mut sent = Vec::new();
        self.entries.retain(|pending| {
            let known = knows_better(pending.client_id);
            let gone = !known && pending.refused.is_none() && shared.get(pending.client_id).is_none();
            if gone {
                sent.push((pending.client_id, pending.room));
            }
            known || gone
        });
        for pending in shared.entries {
            if !knows_better(pending.client_id) {
                self.put(pending);
            }
        }
        sent
    }

    /// The latest time at which a message was composed.
    #[must_use]
    pub fn latest(&self) -> Option<UnixMillis> {
        self.entries.last().map(|pending| pending.composed_at)
    }

    /// What is known of a message.
    #[must_use]
    pub fn get(&self, client_id: ClientId) -> Option<&Pending> {
        self.entries.iter().find(|pending| pending.client_id == client_id)
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
    use crate::fixtures::client_id;
    use madang_common::fault::FaultCode;

    fn pending(n: i64) -> Pending {
        Pending {
            client_id: client_id(n),
            room: RoomId(n % 2),
            text: MessageText::parse("unsent").unwrap(),
            composed_at: UnixMillis(n),
            refused: None,
        }
    }

    fn outbox(count: i64) -> Outbox {
        Outbox { entries: (1..=count).map(pending).collect() }
    }

    fn ids(outbox: &Outbox) -> Vec<ClientId> {
        outbox.iter().map(|pending| pending.client_id).collect()
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
    fn messages_stand_in_the_order_in_which_they_were_composed() {
        let mut outbox = Outbox::default();
        for n in [2, 4, 1, 3, 2] {
            outbox.put(pending(n));
        }
        assert_eq!(ids(&outbox), [1, 2, 3, 4].map(client_id));
        assert_eq!(outbox.latest(), Some(UnixMillis(4)));
    }

    #[test]
    fn what_other_tabs_say_and_send_is_taken_over() {
        let mut ours = outbox(2);
        let mut shared = outbox(3);
        shared.remove(client_id(1));
        shared.refuse(client_id(2), Fault::new(FaultCode::NotAMember, "no"));
        // The first is on its way to this page too, and shown as pending until it is here.
        assert_eq!(ours.take_in(shared, |_| false), [(client_id(1), RoomId(1))]);
        assert_eq!(ids(&ours), [1, 2, 3].map(client_id));
        assert!(ours.get(client_id(2)).is_some_and(|pending| pending.refused.is_some()));
    }

    #[test]
    fn what_another_tab_has_discarded_is_gone() {
        let mut ours = outbox(2);
        ours.refuse(client_id(1), Fault::new(FaultCode::NotAMember, "no"));
        let mut shared = outbox(2);
        shared.remove(client_id(1));
        assert_eq!(ours.take_in(shared, |_| false), []);
        assert_eq!(ids(&ours), [client_id(2)]);
    }

    #[test]
    fn what_this_tab_is_still_writing_down_is_not_undone() {
        // The second was just said here, the third just discarded; neither stands in what is shared yet.
        let mut ours = outbox(2);
        let mut shared = outbox(1);
        shared.put(pending(3));
        assert_eq!(ours.take_in(shared, |id| id == client_id(2) || id == client_id(3)), []);
        assert_eq!(ids(&ours), [1, 2].map(client_id));
    }

    #[test]
    fn an_outbox_survives_being_stored() {
        let outbox = outbox(3);
        let stored = serde_json::to_string(&outbox).unwrap();
        assert_eq!(serde_json::from_str::<Outbox>(&stored).unwrap(), outbox);
        assert_eq!(outbox.of(RoomId(1)).count(), 2);
    }
}
