//! Drafts: what stands in the composers, unsaid. Kept as it is typed, without anybody waiting for it, and the same in
//! all tabs of a person until one of them goes a way of its own.

use madang_common::{
    id::{ClientId, RoomId, UserId},
    message::Body,
    text::MessageText,
};

use super::{Engine, action::Action, tabs::TabNews};
use crate::{
    draft::{Shown, is_said},
    view::{Cells, ViewCell as _},
};

#[derive(Debug, Default)]
pub(super) struct State {
    shown: Shown,
    /// Drafts that are not on the disk as they are here.
    unwritten: Vec<Unwritten>,
    /// The room whose composer waits for its draft.
    awaited: Option<RoomId>,
    /// Another tab has told of a draft meanwhile.
    read_again: bool,
    /// A message that the page before this one, which had died, posted with the draft.
    posted: Option<ClientId>,
}

#[derive(Debug)]
struct Unwritten {
    room: RoomId,
    content: Content,
    /// How often it is being written.
    writes: u32,
}

/// What is to stand on the disk.
#[derive(Clone, Debug)]
enum Content {
    Text(String),
    /// Nothing, if what stands there is what was said.
    NotSaid(String),
}

impl Content {
    fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::NotSaid(_) => "",
        }
    }
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
        match self.drafts.unwritten.iter().find(|unwritten| unwritten.room == room) {
            Some(unwritten) => {
                let text = unwritten.content.text().to_owned();
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
            self.keep_draft(room, Content::Text(text.clone()));
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
        self.keep_draft(room, Content::Text(text));
        self.tell_draft(room, was, now);
    }

    /// A draft was said, here or by the page before.
    pub(super) fn forget_draft(&mut self, room: RoomId, said: &MessageText) {
        let was = self.drafts.shown.text(room).map_or_else(|| said.to_string(), str::to_owned);
        self.drafts.shown.read(room, "");
        self.keep_draft(room, Content::NotSaid(was));
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

    fn keep_draft(&mut self, room: RoomId, content: Content) {
        let me = self.my_id().filter(|_| self.outbox.is_disk_open);
        let drafts = &mut self.drafts.unwritten;
        let at = drafts.iter().position(|unwritten| unwritten.room == room);
        let writes = at.map(|at| drafts.swap_remove(at).writes).unwrap_or_default() + u32::from(me.is_some());
        drafts.push(Unwritten { room, content: content.clone(), writes });
        if let Some(me) = me {
            self.actions.push(match content {
                Content::Text(text) => Action::WriteDraft { me, room, text },
                Content::NotSaid(said) => Action::ForgetDraft { me, room, said },
            });
        }
    }

    /// A draft is on the disk, or could not be written.
    pub fn draft_written(&mut self, room: RoomId, is_written: bool) {
        if let Some(unwritten) = self.drafts.unwritten.iter_mut().find(|unwritten| unwritten.room == room) {
            unwritten.writes = unwritten.writes.saturating_sub(1);
        }
        // Unless more has been typed meanwhile.
        self.drafts.unwritten.retain(|unwritten| unwritten.room != room || unwritten.writes > 0 || !is_written);
    }

    /// Writes down what was typed before there was a disk.
    pub(super) fn write_drafts(&mut self) {
        for Unwritten { room, content, .. } in std::mem::take(&mut self.drafts.unwritten) {
            self.keep_draft(room, content);
        }
    }

    /// Drafts that are on no disk.
    pub(super) fn unwritten_drafts(&self) -> Vec<(RoomId, String)> {
        let drafts = &self.drafts.unwritten;
        drafts.iter().map(|unwritten| (unwritten.room, unwritten.content.text().to_owned())).collect()
    }

    /// In another tab of this person a draft went on, or was said if there is no `now`.
    pub(super) fn draft_told(&mut self, me: UserId, room: RoomId, was: &str, now: Option<&str>) {
        if self.my_id() != Some(me) {
            return;
        }
        self.drafts.read_again = self.drafts.awaited.is_some();
        if now.is_none() {
            let is_said = |unwritten: &Unwritten| is_said(unwritten.content.text(), was);
            self.drafts.unwritten.retain(|unwritten| unwritten.room != room || !is_said(unwritten));
        }
        if self.drafts.shown.goes_with(room, was, now) {
            self.view.draft.set(Some((room, now.unwrap_or_default().to_owned())));
        } else if now.is_none()
            && let Some(text) = self.drafts.shown.text(room)
        {
            // What the other tab has removed from the disk may be this one.
            let text = text.to_owned();
            self.keep_draft(room, Content::Text(text));
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

#[cfg(test)]
mod tests {
    use madang_common::user::UserView;

    use super::*;
    use crate::{
        fixtures::person,
        outbox::Outbox,
        view::{Plain, PlainCell, View},
    };

    const ROOM: RoomId = RoomId(1);

    /// A tab that shows a room's composer, and has a disk.
    fn tab() -> Engine<Plain> {
        let me: UserView = person(7, "me");
        let mut view = View::empty();
        view.me = PlainCell(Some(me));
        let mut engine = Engine::new(view);
        engine.at(1_000.0).start(&Outbox::default());
        engine.disk_opened(true);
        engine.show_draft(ROOM);
        engine.draft_read(ROOM, String::new(), true);
        engine.take_actions();
        engine
    }

    /// A disk that does what it was asked to in whatever order.
    #[derive(Default)]
    struct Disk(String);

    impl Disk {
        fn perform(&mut self, action: &Action) {
            match action {
                Action::WriteDraft { text, .. } => text.clone_into(&mut self.0),
                Action::ForgetDraft { said, .. } if is_said(&self.0, said) => self.0.clear(),
                _ => {}
            }
        }
    }

    fn say(tab: &mut Engine<Plain>, text: &str) {
        tab.say(ROOM, MessageText::parse(text).expect("a text"), [7; 10]);
    }

    #[test]
    fn what_is_typed_in_one_tab_is_on_the_disk_whenever_the_disk_removes_what_another_has_said() {
        for is_removed_late in [false, true] {
            let (mut one, mut two, mut disk) = (tab(), tab(), Disk::default());
            one.type_draft(ROOM, "see you ".to_owned());
            two.type_draft(ROOM, "see you, all of you".to_owned());
            one.take_actions().iter().for_each(|action| disk.perform(action));
            two.take_actions().iter().for_each(|action| disk.perform(action));
            say(&mut one, "see you");
            let said = one.take_actions();
            for news in &said {
                if let Action::TellTabs(news) = news {
                    two.tab_told(news);
                }
            }
            let told = two.take_actions();
            let order = if is_removed_late { [told, said] } else { [said, told] };
            order.iter().flatten().for_each(|action| disk.perform(action));
            assert_eq!(disk.0, "see you, all of you");
        }
    }

    #[test]
    fn what_was_said_is_removed_as_it_was_typed() {
        let (mut tab, mut disk) = (tab(), Disk::default());
        tab.type_draft(ROOM, "\n see you ".to_owned());
        say(&mut tab, " see you");
        tab.take_actions().iter().for_each(|action| disk.perform(action));
        assert_eq!(disk.0, "");
        assert_eq!(tab.unwritten_drafts(), [(ROOM, String::new())], "until the disk has done it");
        tab.draft_written(ROOM, true);
        tab.draft_written(ROOM, true);
        assert_eq!(tab.unwritten_drafts(), []);
    }
}
