//! Drafts: what stands in the composers, unsaid. Kept as it is typed, without anybody waiting for it, and the same in
//! all tabs of a person until one of them goes a way of its own.

use madang_common::{
    id::{ClientId, RoomId, UserId},
    message::Body,
    text::MessageText,
};

use super::{
    Engine,
    action::{Action, TabNews},
};
use crate::{
    draft::Shown,
    view::{Cells, ViewCell as _},
};

#[derive(Debug, Default)]
pub(super) struct State {
    shown: Shown,
    /// Drafts that are not on the disk as they are here, and how often each is being written.
    unwritten: Vec<(RoomId, String, u32)>,
    /// The room whose composer waits for its draft.
    awaited: Option<RoomId>,
    /// Another tab has told of a draft meanwhile.
    read_again: bool,
    /// A message that the page before this one, which had died, posted with the draft.
    posted: Option<ClientId>,
}

impl<C: Cells> Engine<C> {
    /// The page before this one posted a message by its plain form, which was the draft if it has arrived.
    pub fn posted_before(&mut self, id: ClientId) {
        self.drafts.posted = Some(id);
    }

    /// The composer of a room is shown, and empty: its draft is to be put there, by way of [`View`](crate::view::View).
    pub fn show_draft(&mut self, room: RoomId) {
        self.view.draft.change(|draft| draft.take().is_some());
        self.drafts.awaited = Some(room);
        self.drafts.read_again = false;
        self.read_draft();
    }

    /// Once it is known whether there is a disk.
    pub(super) fn read_draft(&mut self) {
        let (Some(room), Some(me)) = (self.drafts.awaited, self.my_id()) else { return };
        if self.view.kept.with(Option::is_none) {
            return;
        }
        if let Some(said) = self.drafts.posted.take().and_then(|id| self.own_text(id)) {
            self.drafts.awaited = None;
            return self.forget_draft(room, &said);
        }
        match self.drafts.unwritten.iter().find(|(of, ..)| *of == room) {
            Some((_, text, _)) => {
                let text = text.clone();
                self.draft_read(room, text, true);
            }
            None => self.actions.push(Action::ReadDraft { me, room }),
        }
    }

    /// What is kept of a draft; nothing if there is none. `is_on_disk`: else it was spilled, and is to be written there.
    pub fn draft_read(&mut self, room: RoomId, text: String, is_on_disk: bool) {
        if self.drafts.awaited != Some(room) {
            return;
        }
        // What went on elsewhere may be this one: what was told was on the disk before.
        if std::mem::take(&mut self.drafts.read_again) {
            return self.read_draft();
        }
        self.drafts.awaited = None;
        if !is_on_disk {
            self.keep_draft(room, text.clone());
        }
        // What has been typed meanwhile is newer.
        if self.drafts.shown.text(room).is_none() {
            self.drafts.shown.read(room, &text);
            if !text.is_empty() {
                self.view.draft.set(Some((room, text)));
            }
        }
    }

    /// Something was typed into the composer of a room, which holds this now.
    pub fn type_draft(&mut self, room: RoomId, text: String) {
        let was = self.drafts.shown.typed(room, &text);
        let now = Some(text.clone());
        self.keep_draft(room, text);
        self.tell_draft(room, was, now);
    }

    /// A draft was said, here or by the page before.
    pub(super) fn forget_draft(&mut self, room: RoomId, said: &MessageText) {
        self.drafts.shown.read(room, "");
        self.keep_draft(room, String::new());
        self.tell_draft(room, said.to_string(), None);
    }

    /// Whether a room has a composer that may hold what is said.
    pub(super) fn has_draft(&self, room: RoomId) -> bool {
        self.drafts.shown.text(room).is_some()
    }

    fn tell_draft(&mut self, room: RoomId, was: String, now: Option<String>) {
        if let Some(me) = self.my_id() {
            self.actions.push(Action::TellTabs(TabNews::Draft { me, room, was, now }));
        }
    }

    fn keep_draft(&mut self, room: RoomId, text: String) {
        let me = self.my_id().filter(|_| self.outbox.is_disk_open);
        let drafts = &mut self.drafts.unwritten;
        let at = drafts.iter().position(|(of, ..)| *of == room);
        let (_, _, writes) = at.map(|at| drafts.swap_remove(at)).unwrap_or_default();
        drafts.push((room, text.clone(), writes + u32::from(me.is_some())));
        if let Some(me) = me {
            self.actions.push(Action::WriteDraft { me, room, text });
        }
    }

    /// A draft is on the disk, or could not be written.
    pub fn draft_written(&mut self, room: RoomId, is_written: bool) {
        if let Some((.., writes)) = self.drafts.unwritten.iter_mut().find(|(of, ..)| *of == room) {
            *writes = writes.saturating_sub(1);
        }
        // Unless more has been typed meanwhile.
        self.drafts.unwritten.retain(|(of, _, writes)| *of != room || *writes > 0 || !is_written);
    }

    /// Writes down what was typed before there was a disk.
    pub(super) fn write_drafts(&mut self) {
        for (room, text, _) in std::mem::take(&mut self.drafts.unwritten) {
            self.keep_draft(room, text);
        }
    }

    /// Drafts that are on no disk.
    pub(super) fn unwritten_drafts(&self) -> Vec<(RoomId, String)> {
        self.drafts.unwritten.iter().map(|(room, text, _)| (*room, text.clone())).collect()
    }

    /// In another tab of this person a draft went on, or was said if there is no `now`.
    pub(super) fn draft_told(&mut self, me: UserId, room: RoomId, was: &str, now: Option<&str>) {
        if self.my_id() != Some(me) {
            return;
        }
        self.drafts.read_again = self.drafts.awaited.is_some();
        if now.is_none() {
            self.drafts.unwritten.retain(|(of, text, _)| *of != room || text.trim_end() != was.trim_end());
        }
        if self.drafts.shown.goes_with(room, was, now) {
            self.view.draft.set(Some((room, now.unwrap_or_default().to_owned())));
        } else if now.is_none()
            && let Some(text) = self.drafts.shown.text(room)
        {
            // What the other tab has removed from the disk may be this one.
            let text = text.to_owned();
            self.keep_draft(room, text);
        }
    }

    /// What one has said under this id in the open room.
    fn own_text(&self, id: ClientId) -> Option<MessageText> {
        let me = self.my_id();
        self.view.open.with(|open| {
            let mut messages =
                open.as_ref()?.timeline.messages().rev().filter(|message| Some(message.author.id) == me);
            match &messages.find(|message| message.client_id == id)?.body {
                Body::Text { text, .. } => Some(text.clone()),
                _ => None,
            }
        })
    }
}
