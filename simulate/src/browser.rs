//! A browser: what the tabs of one person share.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use madang_client::{
    draft::is_said,
    engine::outbox::TURN_PATIENCE_MS,
    outbox::{Outbox, Pending},
};
use madang_common::id::{ClientId, RoomId, UserId};

use crate::{
    composer::LastDraft,
    world::{Event, TabId, World},
};

/// What the tabs of one person share.
#[derive(Debug)]
pub struct Browser {
    pub user: UserId,
    /// Unsent messages, as they are on the disk.
    pub disk: BTreeMap<ClientId, Pending>,
    pub disk_works: bool,
    /// It has not worked at some time. What was on it then comes after what was said meanwhile.
    pub disk_has_failed: bool,
    /// How long the disk takes at least, in milliseconds.
    pub disk_delay: u64,
    /// When what each tab asked of the disk last is done. It does one thing after another for a tab; of what two tabs ask, either
    /// may come first.
    pub disk_last: BTreeMap<TabId, u64>,
    /// What tabs have kept when they ended, where that is done at once.
    pub spilled: Outbox,
    /// All that was ever kept there: it may come back to the disk after another tab has sent it.
    pub was_spilled: BTreeSet<ClientId>,
    /// Drafts, as they are on the disk, and as tabs have kept them when they ended.
    pub drafts: BTreeMap<RoomId, String>,
    pub spilled_drafts: BTreeMap<RoomId, String>,
    /// What was done last with the draft of each room.
    pub(crate) last_drafts: BTreeMap<RoomId, LastDraft>,
    /// A tab was opened beside another: it may have read as a draft what was just being said.
    pub had_two_tabs: bool,
    /// Whether tabs can wait for a turn.
    pub has_locks: bool,
    pub turn: Option<TabId>,
    pub line: VecDeque<TabId>,
}

/// Something that is asked of the disk.
#[derive(Clone, Debug)]
pub enum DiskOp {
    Open,
    Read,
    Write(ClientId, Option<Box<Pending>>),
    /// With what was spilled of it.
    ReadDraft(RoomId, Option<String>),
    WriteDraft(RoomId, String),
    ForgetDraft(RoomId, String),
}

impl Browser {
    /// A browser that has kept nothing yet.
    #[must_use]
    pub fn new(user: UserId, has_locks: bool) -> Self {
        Self {
            user,
            disk: BTreeMap::new(),
            disk_works: true,
            disk_has_failed: false,
            disk_delay: 1,
            disk_last: BTreeMap::new(),
            spilled: Outbox::default(),
            drafts: BTreeMap::new(),
            spilled_drafts: BTreeMap::new(),
            last_drafts: BTreeMap::new(),
            had_two_tabs: false,
            was_spilled: BTreeSet::new(),
            has_locks,
            turn: None,
            line: VecDeque::new(),
        }
    }

    /// All that is on the disk.
    #[must_use]
    pub fn held(&self) -> Outbox {
        let mut held = Outbox::default();
        self.disk.values().for_each(|pending| held.put(pending.clone()));
        held
    }

    /// Writes a message, or removes it.
    pub fn write(&mut self, id: ClientId, message: Option<Box<Pending>>) {
        match message {
            Some(pending) => drop(self.disk.insert(id, *pending)),
            None => drop(self.disk.remove(&id)),
        }
    }

    /// Gives the turn up, whoever has it and is this tab, and the tab's place in the line. Tells whose turn it is now.
    pub fn leave_line(&mut self, tab: TabId) -> Option<TabId> {
        self.line.retain(|waiting| *waiting != tab);
        if self.turn != Some(tab) {
            return None;
        }
        self.turn = self.line.pop_front();
        self.turn
    }
}

impl World {
    pub(crate) fn await_turn(&mut self, tab: TabId) {
        let browser = self.browser_of(tab);
        if !browser.has_locks {
            browser.line.push_back(tab);
            return self.later(self.now, Event::TurnPatience(tab));
        }
        if browser.turn.is_none() {
            browser.turn = Some(tab);
            self.later(self.now, Event::Turn(tab));
        } else {
            browser.line.push_back(tab);
            self.later(self.now + u64::from(TURN_PATIENCE_MS), Event::TurnPatience(tab));
        }
    }

    pub(crate) fn ask_disk(&mut self, tab: TabId, op: DiskOp) {
        let jitter = self.rng.u64(0..8);
        let now = self.now;
        let browser = self.browser_of(tab);
        let last = browser.disk_last.entry(tab).or_default();
        *last = (now + browser.disk_delay + jitter).max(*last);
        let at = *last;
        self.later(at, Event::Disk(tab, op));
    }

    pub(crate) fn disk(&mut self, tab: TabId, op: DiskOp) {
        let browser = self.browser_of(tab);
        let works = browser.disk_works;
        match op {
            DiskOp::Open => self.with_engine(tab, |engine| engine.disk_opened(works)),
            DiskOp::Read => {
                let held: Option<Outbox> = works.then(|| browser.held());
                self.with_engine(tab, |engine| engine.outbox_read(held));
            }
            DiskOp::Write(id, message) => {
                if works {
                    browser.write(id, message);
                }
                self.with_engine(tab, |engine| engine.outbox_written(id, works));
            }
            DiskOp::ReadDraft(room, spilled) => {
                let is_on_disk = spilled.is_none();
                let kept = browser.drafts.get(&room).filter(|_| works).cloned();
                let draft = spilled.or(kept).unwrap_or_default();
                self.with_engine(tab, |engine| engine.draft_read(room, draft, is_on_disk));
            }
            DiskOp::WriteDraft(room, text) => self.write_draft(tab, room, |draft| *draft = text),
            DiskOp::ForgetDraft(room, said) => self.write_draft(tab, room, |draft| {
                if is_said(draft, &said) {
                    draft.clear();
                }
            }),
        }
    }

    fn write_draft(&mut self, tab: TabId, room: RoomId, write: impl FnOnce(&mut String)) {
        let browser = self.browser_of(tab);
        let works = browser.disk_works;
        if works {
            write(browser.drafts.entry(room).or_default());
            browser.spilled_drafts.remove(&room);
        }
        self.with_engine(tab, |engine| engine.draft_written(room, works));
    }
}
