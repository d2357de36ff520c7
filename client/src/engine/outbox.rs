//! The outbox: what was said is kept until the server has it.
//!
//! All tabs of a person share one outbox on the disk. One of them at a time has the turn and sends what is in it,
//! whichever of them it was said in, so that each message is sent once and each room's in order. Where tabs can't agree on
//! who that is, each sends what was said in it, and what another left behind; the server stores a message once however
//! often it is sent.

use std::collections::VecDeque;

use madang_common::{
    id::{ClientId, Rev, RoomId},
    message::MessageView,
    text::MessageText,
    time::UnixMillis,
};

use super::{Engine, PAUSES, action::Action, sending::Sending, tabs::TabNews};
use crate::{
    outbox::{Outbox, Pending},
    view::{Cells, ViewCell as _},
};

/// How long another tab may be busy sending before this one goes ahead, in milliseconds; and after how long a message of
/// another tab counts as left behind.
pub const TURN_PATIENCE_MS: u32 = 30_000;

#[derive(Debug)]
pub(super) struct State {
    pub(super) sending: Sending,
    /// Whether this tab has the turn, and so nobody else sends.
    pub(super) has_turn: bool,
    /// The wait before a message is sent again that could not be stored, in milliseconds.
    pub(super) wait: u32,
    /// What was said here.
    pub(super) ours: Vec<ClientId>,
    /// What the server has and the timeline may not have yet.
    pub(super) stored: Vec<Stored>,
    /// Whether there is a disk.
    pub(super) is_disk_open: bool,
    /// What is not on the disk as it is here: once for each time that it is being written, or could not be.
    unwritten: Vec<ClientId>,
    /// Why the disk is being read, in the order in which that was asked for.
    reads: VecDeque<ReadFor>,
    /// What is still to be written before what the last run left unsent is on the disk; `None` once it is.
    loading: Option<Vec<ClientId>>,
    /// What was left unsent is here, if there is any, so that nothing is sent before it.
    pub(super) is_loaded: bool,
    /// What was spilled when the program ended last, and still is.
    spilled: Vec<ClientId>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            sending: Sending::No,
            has_turn: false,
            wait: PAUSES.0,
            ours: Vec::new(),
            stored: Vec::new(),
            is_disk_open: false,
            unwritten: Vec::new(),
            reads: VecDeque::new(),
            loading: None,
            is_loaded: false,
            spilled: Vec::new(),
        }
    }
}

impl State {
    /// Whether the server has a message that the timeline may not have yet.
    pub(super) fn is_stored(&self, id: ClientId) -> bool {
        self.stored.iter().any(|stored| stored.id == id)
    }

    /// Whether a message is not on the disk as it is here.
    fn is_unwritten(&self, id: ClientId) -> bool {
        !self.is_disk_open || self.unwritten.contains(&id)
    }
}

/// A message that the server has.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) id: ClientId,
    pub(super) room: RoomId,
    /// The room's revision with it; `None` if another tab has sent it, which has not told.
    pub(super) rev: Option<Rev>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadFor {
    /// To begin with.
    Start,
    /// Another tab may have sent something, or said something before, and not have been heard yet.
    Turn,
    /// Another tab has changed something.
    News,
}

impl<C: Cells> Engine<C> {
    /// Begins with what was left unsent when the program ended last and was kept as [`Action::Spill`] says, for the person
    /// whom the view names. If it names nobody, that is learnt from the server.
    pub fn start(&mut self, spilled: &Outbox) {
        self.view.outbox.change(|outbox| {
            spilled.iter().for_each(|pending| outbox.put(pending.clone()));
            !spilled.is_empty()
        });
        self.outbox.spilled = spilled.iter().map(|pending| pending.client_id).collect();
        // Some of it may have arrived, and be shown.
        self.settle_outbox();
        self.watch_heads();
        if self.my_id().is_some() {
            self.load_outbox();
        }
    }

    /// Opens the disk for the person that one is.
    pub(super) fn load_outbox(&mut self) {
        self.outbox.loading = Some(Vec::new());
        self.actions.push(Action::OpenDisk);
    }

    /// The disk is open, or there is none.
    pub fn disk_opened(&mut self, is_open: bool) {
        self.outbox.is_disk_open = is_open;
        self.view.kept.set(Some(is_open));
        self.write_drafts();
        self.read_draft();
        // What the last run left, and what has been said meanwhile.
        let ids = self.unsent_ids();
        self.outbox.loading = Some(if is_open { ids.clone() } else { Vec::new() });
        ids.into_iter().for_each(|id| self.write_outbox(id));
        self.go_on_loading();
        self.settle_lost();
    }

    fn go_on_loading(&mut self) {
        if self.outbox.loading.as_ref().is_some_and(Vec::is_empty) {
            self.outbox.loading = None;
            if self.outbox.is_disk_open {
                self.forget_spilled(|_| true);
            }
            self.read_outbox(ReadFor::Start);
        }
    }

    /// Lets go of what was spilled: it is on the disk, or need not be kept any more.
    fn forget_spilled(&mut self, is_done: impl Fn(&ClientId) -> bool) {
        let (ids, kept) = std::mem::take(&mut self.outbox.spilled).into_iter().partition(is_done);
        self.outbox.spilled = kept;
        if let Some(me) = self.my_id().filter(|_| !Vec::is_empty(&ids)) {
            self.actions.push(Action::ForgetSpilled { me, ids });
        }
    }

    /// Says something: it appears at once as pending and is sent until it is acknowledged or refused.
    pub fn say(&mut self, room: RoomId, text: MessageText, random: [u8; 10]) -> ClientId {
        // Later than all before, whatever the clock says: the order of the ids is that of the messages.
        let latest = self.view.outbox.with(Outbox::latest).map_or(0, |at| at.0 + 1);
        let now = latest.max(self.now as i64);
        let client_id = ClientId::new(now.unsigned_abs(), random);
        self.outbox.ours.push(client_id);
        // Kept as said before it is no longer kept as typed.
        self.change_outbox(client_id, |outbox| {
            let text = text.clone();
            outbox.put(Pending { client_id, room, text, composed_at: UnixMillis(now), refused: None });
        });
        if self.has_draft(room) {
            self.forget_draft(room, &text);
        }
        self.stop_typing();
        self.view.said.set(Some(client_id));
        self.send_unsent();
        self.settle_lost();
        client_id
    }

    /// Sends a refused message again.
    pub fn retry(&mut self, id: ClientId) {
        self.outbox.ours.push(id);
        self.change_outbox(id, |outbox| outbox.retry(id));
        self.send_unsent();
        self.settle_lost();
    }

    /// Drops a refused message.
    pub fn discard(&mut self, id: ClientId) {
        self.change_outbox(id, |outbox| outbox.remove(id));
        self.forget_spilled(|spilled| *spilled == id);
    }

    /// The program is about to end: what is on no disk is kept where that can be done at once.
    pub fn leave(&mut self) {
        let Some(me) = self.my_id() else { return };
        let mut unwritten = self.view.outbox.with(Clone::clone);
        self.unsent_ids().into_iter().filter(|id| !self.outbox.is_unwritten(*id)).for_each(|id| unwritten.remove(id));
        let drafts = self.unwritten_drafts();
        if !unwritten.is_empty() || !drafts.is_empty() {
            self.actions.push(Action::Spill { me, outbox: unwritten, drafts });
        }
    }

    /// Another tab has changed what is on the disk.
    pub(super) fn outbox_changed_elsewhere(&mut self) {
        self.read_outbox(ReadFor::News);
    }

    /// Takes out what the timeline shows, or need not show.
    pub(super) fn settle_outbox(&mut self) {
        let mut shown = Vec::new();
        let settled: Vec<ClientId> = self.view.outbox.with(|outbox| {
            if outbox.is_empty() {
                return Vec::new();
            }
            let me = self.my_id();
            self.view.open.with(|open| {
                let is_shown = |pending: &&Pending| {
                    let open = open.as_ref().filter(|open| open.room.id == pending.room);
                    let stored = self.outbox.stored.iter().find(|stored| stored.id == pending.client_id);
                    let need_not_be_shown = open.is_none() && !self.is_opening(pending.room);
                    let has_caught_up = |rev| open.is_some_and(|open| open.timeline.rev() >= rev);
                    let is_mine = |message: &&MessageView| {
                        message.client_id == pending.client_id && Some(message.author.id) == me
                    };
                    stored.is_some_and(|stored| need_not_be_shown || stored.rev.is_some_and(has_caught_up))
                        || open.and_then(|open| open.timeline.messages().rev().find(is_mine)).is_some_and(|message| {
                            // Its acknowledgement may never come.
                            if stored.is_none() {
                                shown.push(message.clone());
                            }
                            true
                        })
                };
                outbox.iter().filter(is_shown).map(|pending| pending.client_id).collect()
            })
        });
        if settled.is_empty() {
            return;
        }
        self.view.outbox.change(|outbox| {
            settled.iter().for_each(|id| outbox.remove(*id));
            true
        });
        let posted = shown.into_iter().map(|message| Action::Posted { id: message.client_id, outcome: Ok(message) });
        self.actions.extend(posted);
        self.outbox.ours.retain(|id| !settled.contains(id));
        self.forget_spilled(|id| settled.contains(id));
        for id in settled {
            // What the server has acknowledged is being removed from the disk already.
            let before = self.outbox.stored.len();
            self.outbox.stored.retain(|stored| stored.id != id);
            if before == self.outbox.stored.len() {
                self.write_outbox(id);
            }
        }
    }

    /// What other tabs have sent and this one may not show yet.
    pub(super) fn sent_elsewhere(&self) -> Vec<ClientId> {
        self.outbox.stored.iter().filter(|stored| stored.rev.is_none()).map(|stored| stored.id).collect()
    }

    /// The open room has caught up with all that was stored when these had been: it shows them, or they are among the
    /// messages before those that it holds.
    pub(super) fn settle_sent_elsewhere(&mut self, sent: &[ClientId]) {
        let Some((open, rev)) =
            self.view.open.with(|open| open.as_ref().map(|open| (open.room.id, open.timeline.rev())))
        else {
            return;
        };
        for stored in self.outbox.stored.iter_mut().filter(|stored| stored.room == open && sent.contains(&stored.id))
        {
            stored.rev = Some(rev);
        }
        self.settle_outbox();
    }

    /// Changes a message here at once, and on the disk as soon as may be.
    fn change_outbox(&mut self, id: ClientId, change: impl FnOnce(&mut Outbox)) {
        self.view.outbox.change(|outbox| {
            change(outbox);
            true
        });
        self.write_outbox(id);
    }

    /// Brings a message on the disk to where it is here. Until that is done, what is here counts as newer. Before the disk
    /// is open there is nothing to do: once it is, all is written.
    pub(super) fn write_outbox(&mut self, id: ClientId) {
        if let Some(me) = self.my_id()
            && self.outbox.is_disk_open
        {
            let message =
                self.view.outbox.with(|outbox| outbox.get(id).cloned()).filter(|_| !self.outbox.is_stored(id));
            self.outbox.unwritten.push(id);
            self.actions.push(Action::WriteOutbox { me, id, message: message.map(Box::new) });
        }
    }

    /// What was to be written is on the disk, or could not be.
    pub fn outbox_written(&mut self, id: ClientId, is_written: bool) {
        if is_written {
            if let Some(at) = self.outbox.unwritten.iter().position(|unwritten| *unwritten == id) {
                self.outbox.unwritten.swap_remove(at);
            }
            self.actions.push(Action::TellTabs(TabNews::Outbox));
        } else {
            // What works now and then can't be relied on.
            self.outbox.is_disk_open = false;
            self.view.kept.set(Some(false));
        }
        if let Some(loading) = &mut self.outbox.loading {
            if is_written {
                loading.retain(|write| *write != id);
            } else {
                loading.clear();
            }
            self.go_on_loading();
        }
        // Nothing more will be written where there is no disk any more.
        if matches!(self.outbox.sending, Sending::Writing(of) if of == id || !is_written) {
            self.send_next();
        }
        self.settle_lost();
    }

    pub(super) fn read_outbox(&mut self, why: ReadFor) {
        match self.my_id().filter(|_| self.outbox.is_disk_open) {
            Some(me) => {
                self.outbox.reads.push_back(why);
                self.actions.push(Action::ReadOutbox { me });
            }
            None => self.go_on_reading(why),
        }
    }

    /// What all tabs share; `None` if it could not be read.
    pub fn outbox_read(&mut self, shared: Option<Outbox>) {
        if let Some(shared) = shared {
            let mut sent = Vec::new();
            let known = &self.outbox;
            let knows_better = |id| known.is_unwritten(id) || known.is_stored(id);
            self.view.outbox.change(|outbox| {
                sent = outbox.take_in(shared, knows_better);
                true
            });
            if !sent.is_empty() {
                self.outbox.stored.extend(sent.into_iter().map(|(id, room)| Stored { id, room, rev: None }));
                self.sync_soon();
            }
            self.settle_outbox();
        } else {
            self.outbox.is_disk_open = false;
            self.view.kept.set(Some(false));
        }
        if let Some(why) = self.outbox.reads.pop_front() {
            self.go_on_reading(why);
        }
        self.settle_lost();
    }

    fn go_on_reading(&mut self, why: ReadFor) {
        match why {
            ReadFor::Start => {
                // Nobody else seems to be about to send it.
                let mut all = self.unsent_ids();
                self.outbox.ours.append(&mut all);
                self.outbox.is_loaded = true;
                self.send_unsent();
            }
            ReadFor::Turn => self.send_next(),
            ReadFor::News => {}
        }
    }

    fn unsent_ids(&self) -> Vec<ClientId> {
        self.view.outbox.with(|outbox| outbox.iter().map(|pending| pending.client_id).collect())
    }
}
