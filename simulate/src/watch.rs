//! What must hold at any moment, and what is noted for that.

use std::collections::BTreeMap;

use madang_client::{
    engine::Engine,
    feed::{Event, Feed},
    view::Plain,
};
use madang_common::{
    event::{
        ClientEvent as _, ServerEvent as _,
        message::Post,
        room::{Changes, Head, Read, ReadChanged},
    },
    id::{ClientId, RoomId, Seq},
    message::MessageView,
    room::Membership,
};
use serde_json::Value;

use crate::{
    server::Server,
    verdict::{Fault, Ledger, Promise, demand},
    world::{TabId, World},
};

/// What a program would be told of the room that a tab shows.
#[derive(Default)]
pub struct Told {
    room: Option<RoomId>,
    feed: Feed,
    /// The messages that the room held at first, and those that were told since, as they were told.
    messages: BTreeMap<Seq, MessageView>,
}

impl Told {
    /// Looks at what has changed; what was told twice, or not in its order.
    pub(crate) fn look(&mut self, engine: &Engine<Plain>) -> Option<Fault> {
        let open = engine.view.open.0.as_ref();
        let room = open.map(|open| open.room.id);
        if self.room != room {
            *self = Self { room, ..Self::default() };
        }
        let has_begun = self.feed.has_begun();
        self.feed.look(engine);
        if let Some(open) = open.filter(|_| !has_begun) {
            self.messages = open.timeline.messages().map(|message| (message.seq, message.clone())).collect();
        }
        // Joined once more, a room is shown as it is then. What is not held is not told.
        let first = open.and_then(|open| open.timeline.first()).unwrap_or_default();
        self.messages.retain(|seq, _| *seq >= first);
        while let Some(event) = self.feed.next() {
            let message = event.message();
            let last = self.messages.keys().next_back().copied().unwrap_or_default();
            let before = self.messages.insert(message.seq, message.clone());
            let is_right = match &event {
                Event::New(_) => before.is_none() && (message.seq == first || message.seq.0 == last.0 + 1),
                // A message may have been loaded since, and so be told for the first time.
                Event::Edited(_) | Event::Deleted(_) => before.is_none_or(|before| before.rev < message.rev),
            };
            if !is_right {
                return Some(Fault { promise: Promise::Told, what: format!("after {last} was told {event:?}") });
            }
        }
        None
    }

    /// What was told is in the end as the server has it.
    pub(crate) fn judge(&self, server: &Server, engine: &Engine<Plain>) -> Result<(), Fault> {
        let Some(open) = &engine.view.open.0 else { return Ok(()) };
        demand(Promise::Told, self.feed.has_all(&open.timeline), || "not all was told".to_owned())?;
        for (seq, told) in &self.messages {
            let stored = server.rooms[&open.room.id].messages.get(seq);
            demand(Promise::Told, stored == Some(told), || format!("told was {told:?}, and stored is {stored:?}"))?;
        }
        Ok(())
    }
}

impl World {
    /// Notes how far the room has come of which a tab hears.
    pub(crate) fn note_heard(&mut self, tab: TabId, event: &str, data: &Value) {
        if event == Changes::NAME
            && let Ok(changes) = serde_json::from_value::<Changes>(data.clone())
            && let Some(last) = changes.changes.iter().map(|change| change.rev).max()
        {
            let heard = self.tabs[tab.0].heard.entry(changes.room).or_default();
            *heard = last.max(*heard);
        }
    }

    /// Notes what a tab that has the turn knows to be stored. Who runs out of patience sends without it.
    pub(crate) fn note_acknowledged(&mut self, tab: TabId, event: &str, answer: &Value) {
        let message = answer.get("ok").filter(|_| event == Post::NAME).cloned();
        if let Some(message) = message.and_then(|message| serde_json::from_value::<MessageView>(message).ok())
            && self.browser_of(tab).turn == Some(tab)
        {
            self.acknowledged.entry(message.client_id).or_insert(tab);
        }
    }

    /// Who has the turn sends nothing that another tab, which had it before and is still there, knows to be stored.
    pub(crate) fn note_sent(&mut self, tab: TabId, event: &str, data: &Value) {
        let id = data.get("client_id").filter(|_| event == Post::NAME).cloned();
        let Some(id) = id.and_then(|id| serde_json::from_value::<ClientId>(id).ok()) else { return };
        let Some(other) = self.acknowledged.get(&id).copied().filter(|other| *other != tab) else { return };
        let is_there = self.tabs[other.0].is_open;
        let browser = self.browser_of(tab);
        let was_spilled = browser.was_spilled.contains(&id);
        if is_there && !was_spilled && browser.has_locks && !browser.disk_has_failed && browser.turn == Some(tab) {
            let what = format!("{tab:?} sends {id}, which {other:?} knows to be stored");
            self.broken.push(Fault { promise: Promise::SentOnce, what });
        }
    }

    /// Looks whether a tab's place in a room goes back by what tells of it alone.
    pub(crate) fn watching_memberships(&mut self, tab: TabId, event: &str, happen: impl FnOnce(&mut Self)) {
        let is_told = [Head::NAME, Read::NAME, ReadChanged::NAME].contains(&event);
        let before = if is_told { self.memberships(tab) } else { BTreeMap::new() };
        happen(self);
        let after = self.memberships(tab);
        for (room, before) in before {
            let after = after.get(&room);
            if after.is_some_and(|after| after.rev < before.rev || after.read < before.read) {
                let what = format!("{tab:?} knew {before:?} of room {room}, and now {after:?}");
                self.broken.push(Fault { promise: Promise::NotBack, what });
            }
        }
    }

    fn memberships(&self, tab: TabId) -> BTreeMap<RoomId, Membership> {
        let rooms = &self.tabs[tab.0].engine.view.rooms.0;
        rooms.joined().map(|(room, membership)| (room.id, *membership)).collect()
    }
}

/// Looks at what is on the screens, at any time.
pub(crate) fn look(world: &World, ledger: &Ledger) -> Result<(), Fault> {
    if let Some(broken) = world.broken.first() {
        return Err(broken.clone());
    }
    for (name, id) in &world.open {
        let tab = &world.tabs[id.0];
        let (Some(open), outbox) = (&tab.engine.view.open.0, &tab.engine.view.outbox.0) else { continue };
        let heard = tab.heard.get(&open.room.id).copied().unwrap_or_default();
        demand(Promise::Whole, !tab.engine.is_whole() || open.timeline.rev() >= heard, || {
            format!("tab {name:?} is at {} and has heard of {heard}", open.timeline.rev())
        })?;
        let shown = |client_id: ClientId| {
            let mut messages = open.timeline.messages();
            messages.any(|message| message.client_id == client_id && message.author.id == tab.user)
        };
        for pending in outbox.of(open.room.id) {
            demand(Promise::ShownOnce, !shown(pending.client_id), || {
                format!("tab {name:?} shows {} twice: as a message and as one that is unsent", pending.client_id)
            })?;
        }
        for (_, client_id) in tab.said.iter().filter(|(room, _)| *room == open.room.id) {
            let stored = world.server.stored(tab.user, *client_id);
            let is_before = |message: &MessageView| {
                open.timeline.has_earlier() && open.timeline.first().is_none_or(|first| message.seq < first)
            };
            let may_be_absent = ledger.discarded.contains(client_id) || stored.is_some_and(is_before);
            demand(
                Promise::ShownOnce,
                may_be_absent || outbox.get(*client_id).is_some() || shown(*client_id),
                || format!("tab {name:?} does not show {client_id}, which was said in it"),
            )?;
        }
    }
    Ok(())
}
