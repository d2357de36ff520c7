//! Browser storage: the outbox of unsent messages, and drafts, in the form of [`madang_client::kept`].
//!
//! It is kept in IndexedDB, each message by itself, so that tabs don't get in each other's way. What is not on the disk
//! yet when the page is left goes to `localStorage`, which takes it at once; earlier versions kept everything there, in
//! the same form. Where there is no IndexedDB that is all there is.

use leptos::{prelude::*, task::spawn_local};
use madang_client::{
    draft::is_said,
    json, kept,
    outbox::{Outbox, Pending},
};
use madang_common::id::{ClientId, RoomId, UserId};
use web_sys::Storage;

use super::{
    super::web_api::complain,
    idb::{DRAFTS, Database, OUTBOX},
};

/// Under which key `localStorage` has outboxes, by person.
const SPILLED: &str = "madang.outbox";
/// Where `start.js` notes, for this tab, which message a page that had died posted by its plain form.
const POSTED: &str = "madang.posted";

/// What a person left unsent, in any tab. None where the browser keeps nothing: the page's own memory is all there is.
pub(super) fn unsent(database: &Database, me: UserId) -> impl Future<Output = Option<Outbox>> + use<> {
    let (all, database) = (database.all(OUTBOX), database.clone());
    async move {
        let (unsent, old) = kept::sort(&all.await?, me, js_sys::Date::now());
        for id in old {
            let removed = database.write(OUTBOX, &id.to_string(), None);
            spawn_local(async {
                removed.await;
            });
        }
        Some(unsent)
    }
}

/// Keeps a person's unsent message, or lets go of one. Nobody else on this browser will send it. Tells whether that is
/// on the disk.
pub(super) fn write(
    database: &Database,
    me: UserId,
    id: ClientId,
    message: Option<Box<Pending>>,
) -> impl Future<Output = bool> + use<> {
    let kept = message.and_then(|pending| kept::write_pending(me, *pending));
    database.write(OUTBOX, &id.to_string(), kept.as_deref())
}

/// The draft of a room: as the page left it that was open last, else as the disk has it. Tells whether that is on the
/// disk.
pub(super) fn draft(database: &Database, me: UserId, room: RoomId) -> impl Future<Output = (String, bool)> + use<> {
    let key = draft_key(room);
    let spilled = get(&key);
    let kept = database.read(DRAFTS, &key);
    async move {
        match spilled {
            Some(spilled) => (spilled, false),
            None => {
                let kept = kept.await.unwrap_or_default();
                (kept::read_draft(&kept, me).unwrap_or_default().to_owned(), true)
            }
        }
    }
}

/// Keeps a draft, or lets go of it. Tells whether that is on the disk.
pub(super) fn write_draft(
    database: &Database,
    me: UserId,
    room: RoomId,
    text: &str,
) -> impl Future<Output = bool> + use<> {
    let key = draft_key(room);
    let written = database.write(DRAFTS, &key, kept::write_draft(me, text).as_deref());
    once_spilled(key, written)
}

/// Lets go of a draft that was said, unless another is kept there by now. Tells whether that is so on the disk.
pub(super) fn forget_draft(
    database: &Database,
    me: UserId,
    room: RoomId,
    said: String,
) -> impl Future<Output = bool> + use<> {
    let key = draft_key(room);
    let is_it = move |kept: &str| kept::read_draft(kept, me).is_some_and(|draft| is_said(draft, &said));
    let written = database.remove_if(DRAFTS, &key, Box::new(is_it));
    once_spilled(key, written)
}

/// What is on the disk by now need not be spilled any more.
async fn once_spilled(key: String, written: impl Future<Output = bool>) -> bool {
    let is_written = written.await;
    if is_written && get(&key).is_some() {
        put(&key, None);
    }
    is_written
}

/// The outbox as pages left it that were open last, or as an earlier version kept it.
pub(super) fn spilled(me: UserId) -> Outbox {
    kept::spilled(get(SPILLED).as_deref(), me)
}

/// The page is being left: what is not on the disk goes where it is kept at once.
pub(super) fn spill(me: UserId, outbox: &Outbox, drafts: &[(RoomId, String)]) {
    if !outbox.is_empty() {
        change_spilled(me, |spilled| outbox.iter().for_each(|pending| spilled.put(pending.clone())));
    }
    for (room, text) in drafts {
        put(&draft_key(*room), Some(text));
    }
}

/// Lets go of some of what [`spill`] has kept.
pub(super) fn forget_spilled(me: UserId, ids: &[ClientId]) {
    change_spilled(me, |spilled| ids.iter().for_each(|id| spilled.remove(*id)));
}

fn change_spilled(me: UserId, change: impl FnOnce(&mut Outbox)) {
    let changed = kept::change_spilled(get(SPILLED).as_deref(), me, js_sys::Date::now(), change);
    put(SPILLED, changed.as_deref());
}

/// Which message the page before this one posted by its plain form, in this tab.
pub(super) fn take_posted() -> Option<ClientId> {
    let storage = window().session_storage().ok()??;
    let id = storage.get_item(POSTED).ok()??;
    storage.remove_item(POSTED).ok()?;
    json::read(serde_json::Value::String(id)).ok()
}

/// A room's key, in the database and in `localStorage`.
fn draft_key(room: RoomId) -> String {
    ["madang.draft.", &room.to_string()].concat()
}

/// What `localStorage` has.
fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Has `localStorage` keep a value, or remove it.
fn put(key: &str, value: Option<&str>) {
    let Some(storage) = storage() else { return };
    let done = match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    };
    if done.is_err() {
        complain(key, "could not be kept");
    }
}

/// None where the person has forbidden it.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
