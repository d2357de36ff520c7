//! What stands in the composers, unsaid: kept as it is typed, without anybody waiting for it.

use std::cell::{Cell, RefCell};

use leptos::{prelude::*, task::spawn_local};
use madang_common::{id::RoomId, message::Body, text::MessageText};

use super::{super::Chat, idb, store, tabs};

/// Where `start.js` notes, for this tab, which message a page that had died posted by its plain form.
const POSTED: &str = "madang.posted";

thread_local! {
    /// Drafts that are not on the disk as they are here.
    static UNWRITTEN: RefCell<Vec<(RoomId, String)>> = const { RefCell::new(Vec::new()) };
    /// Whether `localStorage` may have a draft: from when the page was left last, or from an earlier version.
    static SPILLED: Cell<bool> = const { Cell::new(false) };
}

/// Called once it is known whether this browser keeps anything.
pub(in crate::live) async fn draft(chat: Chat, room: RoomId) -> String {
    if let Some(said) = posted(chat) {
        keep_draft(chat, room, String::new());
        tell_tabs_said(chat, room, said);
        return String::new();
    }
    let here =
        UNWRITTEN.with_borrow(|drafts| drafts.iter().find(|(of, _)| *of == room).map(|(_, text)| text.clone()));
    if let Some(text) = here {
        return text;
    }
    if let Some(text) = store::get(&key(room)) {
        SPILLED.set(true);
        keep_draft(chat, room, text.clone());
        return text;
    }
    let kept = idb::read(idb::DRAFTS, key(room)).await.unwrap_or_default();
    kept.strip_prefix(&*whose(chat)).unwrap_or_default().to_owned()
}

pub(in crate::live) fn keep_draft(chat: Chat, room: RoomId, text: String) {
    UNWRITTEN.with_borrow_mut(|drafts| {
        drafts.retain(|(of, _)| *of != room);
        drafts.push((room, text.clone()));
    });
    let kept = (!text.is_empty()).then(|| [&*whose(chat), &text].concat());
    spawn_local(async move {
        if idb::is_open() && idb::write(idb::DRAFTS, key(room), kept).await {
            // Unless more has been typed meanwhile.
            UNWRITTEN.with_borrow_mut(|drafts| drafts.retain(|(of, later)| *of != room || *later != text));
            if SPILLED.get() {
                store::put(&key(room), None);
            }
        }
    });
}

/// Writes down what was typed before there was a database.
pub(super) fn write_down(chat: Chat) {
    for (room, text) in UNWRITTEN.with_borrow(Clone::clone) {
        keep_draft(chat, room, text);
    }
}

pub(in crate::live) fn tell_tabs_said(chat: Chat, room: RoomId, said: MessageText) {
    let news = [&*whose(chat), &room.to_string(), " ", said.as_str()].concat();
    // A task of its own, as `keep_draft` has one: it comes after the one that removes the draft from the disk, so that a
    // draft that another tab then keeps in its place is not removed.
    spawn_local(async move { tabs::tell(Some(&news)) });
}

/// Hears what [`tell_tabs_said`] of another tab tells.
pub(super) fn said_elsewhere(chat: Chat, news: &str) {
    let said = || {
        let (room, said) = news.strip_prefix(&*whose(chat))?.split_once(' ')?;
        Some((RoomId(room.parse().ok()?), MessageText::parse(said).ok()?))
    };
    // None from the tab of another person.
    let Some((room, said)) = said() else { return };
    UNWRITTEN.with_borrow_mut(|drafts| {
        drafts.retain(|(of, text)| *of != room || MessageText::parse(text).as_ref() != Ok(&said));
    });
    chat.said_elsewhere.set(Some((room, said)));
}

/// What was posted by the plain form of the page before this one, in this tab, if the open room has it.
fn posted(chat: Chat) -> Option<MessageText> {
    let storage = window().session_storage().ok()??;
    let client_id = storage.get_item(POSTED).ok()??;
    storage.remove_item(POSTED).ok()?;
    let me = chat.me.with_untracked(|me| me.as_ref().map(|me| me.id));
    chat.open.with_untracked(|open| {
        let mut messages = open.as_ref()?.timeline.messages().rev().filter(|message| Some(message.author.id) == me);
        match &messages.find(|message| message.client_id.to_string() == client_id)?.body {
            Body::Text { text, .. } => Some(text.clone()),
            _ => None,
        }
    })
}

/// The page is being left: what is not on the disk goes where it is kept at once.
pub(super) fn spill() {
    UNWRITTEN.with_borrow(|drafts| {
        for (room, text) in drafts {
            SPILLED.set(true);
            store::put(&key(*room), Some(text));
        }
    });
}

/// What a draft in the database begins with: nobody sees what others of this browser have typed.
fn whose(chat: Chat) -> String {
    let me = chat.me.with_untracked(|me| me.as_ref().map(|me| me.id)).unwrap_or_default();
    [&me.to_string(), " "].concat()
}

/// A room's key, in the database and in `localStorage`.
fn key(room: RoomId) -> String {
    ["madang.draft.", &room.to_string()].concat()
}
