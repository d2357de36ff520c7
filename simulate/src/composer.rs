//! Composers, and what becomes of the drafts in them.

use madang_common::{id::RoomId, message::Body, text::MessageText};

use crate::{
    browser::Browser,
    script::PEOPLE,
    server::LOBBY,
    verdict::{Fault, Ledger, Promise, demand, pass},
    world::{TabId, World},
};

/// What was done with a draft within so many milliseconds in two tabs may reach the disk in any order.
const AT_ONCE: u64 = 15_000;

/// What was done with a draft last.
#[derive(Clone, Debug)]
pub(crate) struct LastDraft {
    tab: TabId,
    at: u64,
    /// What was typed; none if it was said.
    typed: Option<String>,
    /// No other tab did anything with it at the same time.
    is_alone: bool,
}

impl World {
    /// Has a tab's composer show what the engine wants it to, as the page does: each room has one of its own.
    pub(crate) fn follow_composer(&mut self, tab: TabId) {
        let state = &mut self.tabs[tab.0];
        let open = state.engine.view.open.0.as_ref().map(|open| open.room.id);
        if state.composer.as_ref().map(|(room, _)| *room) != open {
            state.composer = open.map(|room| (room, String::new()));
            if let Some(room) = open {
                self.with_engine(tab, |engine| engine.show_draft(room));
            }
        } else if let Some((room, draft)) = state.engine.view.draft.0.take()
            && let Some((_, text)) = state.composer.as_mut().filter(|(of, _)| *of == room)
        {
            *text = draft;
        }
    }

    /// Types something that nobody has typed before, or takes all away.
    pub(crate) fn type_draft(&mut self, tab: TabId, is_emptied: bool) {
        let number = self.ticket(tab).0;
        let Some((room, text)) = &mut self.tabs[tab.0].composer else { return };
        *text = if is_emptied { String::new() } else { format!("text {number} of {tab:?}") };
        let (room, text) = (*room, text.clone());
        self.note_draft(tab, room, Some(text.clone()));
        self.with_engine(tab, |engine| engine.type_draft(room, text));
    }

    /// Takes what stands in the composer, to be said; it is typed if there is nothing.
    pub(crate) fn take_text(&mut self, tab: TabId) -> Option<(RoomId, MessageText)> {
        if self.tabs[tab.0].composer.as_ref().is_some_and(|(_, text)| text.is_empty()) {
            self.type_draft(tab, false);
        }
        let (room, text) = self.tabs[tab.0].composer.as_mut()?;
        let taken = (*room, MessageText::parse(&std::mem::take(text)).ok()?);
        self.note_draft(tab, taken.0, None);
        Some(taken)
    }

    fn note_draft(&mut self, tab: TabId, room: RoomId, typed: Option<String>) {
        let at = self.now;
        let drafts = &mut self.browser_of(tab).last_drafts;
        let before = drafts.get(&room);
        let is_alone = before.is_none_or(|before| at - before.at > AT_ONCE || (before.tab == tab && before.is_alone));
        drafts.insert(room, LastDraft { tab, at, typed, is_alone });
    }

    /// What was typed last in a room, if it must still be there.
    fn must_be_kept(&self, browser: &Browser, room: RoomId) -> Option<String> {
        let last = browser.last_drafts.get(&room)?;
        let is_certain = last.is_alone && !browser.disk_has_failed && !self.tabs[last.tab.0].has_crashed;
        last.typed.clone().filter(|_| is_certain)
    }
}

/// Has each person type something in one of their tabs, just before all of them are closed.
///
/// # Errors
/// Whatever does not hold meanwhile.
pub(crate) fn type_last(world: &mut World, ledger: &Ledger) -> Result<(), Fault> {
    let until = world.now + AT_ONCE + 1;
    pass(world, ledger, until)?;
    for person in 0..PEOPLE {
        let tabs: Vec<TabId> = world.open.iter().filter(|((of, _), _)| *of == person).map(|(_, tab)| *tab).collect();
        let tab = tabs[world.rng.usize(..tabs.len())];
        world.type_draft(tab, false);
    }
    let until = world.now + world.rng.u64(..20);
    pass(world, ledger, until)
}

/// Looks at the composers of tabs that have been opened anew in peace: what was typed and not said stands there, and what
/// was said does not.
pub(crate) fn judge(world: &World) -> Result<(), Fault> {
    for person in 0..PEOPLE {
        let (browser, tab) = (&world.browsers[person], &world.tabs[world.open[&(person, 0)].0]);
        let shown = tab.composer.as_ref().filter(|(room, _)| *room == LOBBY).map(|(_, text)| text.as_str());
        let kept = world.must_be_kept(browser, LOBBY);
        demand(Promise::Drafts, kept.as_deref().is_none_or(|kept| shown == Some(kept)), || {
            format!("person {} typed {kept:?}, and finds {shown:?}", browser.user)
        })?;
        let is_said = |text: &str| {
            let mut messages = world.server.rooms[&LOBBY].messages.values();
            messages.any(|message| matches!(&message.body, Body::Text { text: said, .. } if said.as_str() == text))
        };
        // What a crash left of it, say.
        let has_crashed = world.tabs.iter().any(|tab| tab.user == browser.user && tab.has_crashed);
        let may_be_there = has_crashed || browser.had_two_tabs || browser.disk_has_failed;
        demand(Promise::Drafts, may_be_there || shown.is_none_or(|shown| !is_said(shown)), || {
            format!("person {} finds a draft of what was said: {shown:?}", browser.user)
        })?;
    }
    Ok(())
}
