//! What stands in the composers, unsaid: kept as it is typed, without anybody waiting for it.

use std::cell::{Cell, RefCell};

use leptos::{prelude::*, task::spawn_local};
use madang_common::{id::RoomId, message::Body, text::MessageText};

use super::{super::Chat, idb, store, tabs};
use crate::state::draft::{Shown, is_same};

/// Where `start.js` notes, for this tab, which message a page that had died posted by its plain form.
const POSTED: &str = "madang.posted";
/// Between what a draft was and what it is, where tabs tell each other that it went on.
const BECAME: char = '\0';

thread_local! {
    /// Drafts that are not on the disk as they are here.
    static UNWRITTEN: RefCell<Vec<(RoomId, String)>> = const { RefCell::new(Vec::new()) };
    static SHOWN: RefCell<Shown> = RefCell::default();
    /// How often other tabs have told of drafts.
    static TOLD: Cell<u32> = const { Cell::new(0) };
    /// Whether `localStorage` may have a draft: from when the page was left last, or from an earlier version.
    static SPILLED: Cell<bool> = const { Cell::new(false) };
}

/// Called once it is known whether this browser keeps anything.
pub(in crate::live) async fn draft(chat: Chat, room: RoomId) -> String {
    if let Some(said) = posted(chat) {
        keep(chat, room, String::new());
        tell_tabs_said(chat, room, &said);
        return String::new();
    }
    loop {
        let told = TOLD.get();
        let text = kept(chat, room).await;
        // What went on meanwhile may be this one: what the other tab told was on the disk before.
        if TOLD.get() == told {
            SHOWN.with_borrow_mut(|shown| {
                // What has been typed meanwhile is newer.
                if shown.text(room).is_none() {
                    shown.read(room, &text);
                }
            });
            return text;
        }
    }
}

async fn kept(chat: Chat, room: RoomId) -> String {
    let here =
        UNWRITTEN.with_borrow(|drafts| drafts.iter().find(|(of, _)| *of == room).map(|(_, text)| text.clone()));
    if let Some(text) = here {
        return text;
    }
    if let Some(text) = store::get(&key(room)) {
        SPILLED.set(true);
        keep(chat, room, text.clone());
        return text;
    }
    let kept = idb::read(idb::DRAFTS, key(room)).await.unwrap_or_default();
    kept.strip_prefix(&*whose(chat)).unwrap_or_default().to_owned()
}

pub(in crate::live) fn keep_draft(chat: Chat, room: RoomId, text: String) {
    let was = SHOWN.with_borrow_mut(|shown| shown.typed(room, &text));
    let news = [&*was, BECAME.encode_utf8(&mut [0]), &text].concat();
    keep(chat, room, text);
    tell_tabs(chat, room, &news);
}

fn keep(chat: Chat, room: RoomId, text: String) {
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
        keep(chat, room, text);
    }
}

pub(in crate::live) fn tell_tabs_said(chat: Chat, room: RoomId, said: &MessageText) {
    tell_tabs(chat, room, said.as_str());
}

fn tell_tabs(chat: Chat, room: RoomId, news: &str) {
    let news = [&*whose(chat), &room.to_string(), " ", news].concat();
    // A task of its own, as `keep` has one: it comes after the one that writes the draft, so that a draft that another tab
    // then keeps in its place is not overwritten.
    spawn_local(async move { tabs::tell(Some(&news)) });
}

/// Hears what [`tell_tabs`] of another tab tells.
pub(super) fn told(chat: Chat, told: &str) {
    TOLD.set(TOLD.get() + 1);
    let read = || {
        let (room, news) = told.strip_prefix(&*whose(chat))?.split_once(' ')?;
        Some((RoomId(room.parse().ok()?), news))
    };
    // None from the tab of another person.
    let Some((room, news)) = read() else { return };
    let (was, now) = news.split_once(BECAME).map_or((news, None), |(was, now)| (was, Some(now)));
    if now.is_none() {
        UNWRITTEN.with_borrow_mut(|drafts| drafts.retain(|(of, text)| *of != room || !is_same(text, was)));
    }
    SHOWN.with_borrow_mut(|shown| {
        if shown.goes_with(room, was, now) {
            chat.draft_elsewhere.set(Some((room, now.unwrap_or_default().to_owned())));
        } else if let Some(text) = shown.text(room)
            && now.is_none()
        {
            // What the other tab has removed from the disk may be this one.
            keep(chat, room, text.to_owned());
        }
    });
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
