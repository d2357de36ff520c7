//! Browser storage: the outbox of unsent messages, and drafts.
//!
//! It is kept in IndexedDB, each message by itself, so that tabs don't get in each other's way. What is not on the disk
//! yet when the page is left goes to `localStorage`, which takes it at once; earlier versions kept everything there, in
//! the same form. Where there is no IndexedDB that is all there is.

use leptos::{prelude::*, task::spawn_local};
use madang_client::{
    json,
    outbox::{Outbox, Pending},
};
use madang_common::id::{ClientId, RoomId, UserId};
use web_sys::Storage;

use super::{
    complain,
    idb::{DRAFTS, Database, OUTBOX},
};

/// Under which key `localStorage` has outboxes, by person.
const SPILLED: &str = "madang.outbox";
/// Where `start.js` notes, for this tab, which message a page that had died posted by its plain form.
const POSTED: &str = "madang.posted";
/// How long what another person of this browser left unsent is kept for them, in milliseconds.
const KEPT_FOR_OTHERS: f64 = 7.0 * 86_400_000.0;

/// What a person left unsent, in any tab. None where the browser keeps nothing: the page's own memory is all there is.
pub(super) fn unsent(database: &Database, me: UserId) -> impl Future<Output = Option<Outbox>> + use<> {
    let (all, database) = (database.all(OUTBOX), database.clone());
    async move {
        let mut unsent = Outbox::default();
        for kept in all.await? {
            for (user, outbox) in parse(&kept) {
                for pending in outbox.iter() {
                    if user == me {
                        unsent.put(pending.clone());
                    } else if !is_recent(&outbox) {
                        let removed = database.write(OUTBOX, &pending.client_id.to_string(), None);
                        spawn_local(async {
                            removed.await;
                        });
                    }
                }
            }
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
    let json = message.and_then(|pending| {
        let mut outbox = Outbox::default();
        outbox.put(*pending);
        write_json(&[(me, outbox)])
    });
    database.write(OUTBOX, &id.to_string(), json.as_deref())
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
                (kept.strip_prefix(&*whose(me)).unwrap_or_default().to_owned(), true)
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
    let kept = (!text.is_empty()).then(|| [&*whose(me), text].concat());
    let written = database.write(DRAFTS, &key, kept.as_deref());
    async move {
        let is_written = written.await;
        if is_written && get(&key).is_some() {
            put(&key, None);
        }
        is_written
    }
}

/// The outbox as pages left it that were open last, or as an earlier version kept it.
pub(super) fn spilled(me: UserId) -> Outbox {
    all().into_iter().find(|(user, _)| *user == me).map(|(_, outbox)| outbox).unwrap_or_default()
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
    let mut all = all();
    let mut mine = match all.iter().position(|(user, _)| *user == me) {
        Some(at) => all.swap_remove(at).1,
        None => Outbox::default(),
    };
    change(&mut mine);
    all.retain(|(_, outbox)| is_recent(outbox));
    if !mine.is_empty() {
        all.push((me, mine));
    }
    put(SPILLED, write_json(&all).filter(|_| !all.is_empty()).as_deref());
}

/// Which message the page before this one posted by its plain form, in this tab.
pub(super) fn take_posted() -> Option<ClientId> {
    let storage = window().session_storage().ok()??;
    let id = storage.get_item(POSTED).ok()??;
    storage.remove_item(POSTED).ok()?;
    json::read(serde_json::Value::String(id)).ok()
}

fn is_recent(outbox: &Outbox) -> bool {
    outbox.iter().any(|pending| js_sys::Date::now() - (pending.composed_at.0 as f64) < KEPT_FOR_OTHERS)
}

fn all() -> Vec<(UserId, Outbox)> {
    get(SPILLED).map(|kept| parse(&kept)).unwrap_or_default()
}

/// Reads JSON by way of a `Value`, as all that the browser reads: to read types from text too would compile a second
/// reader for each.
fn parse(kept: &str) -> Vec<(UserId, Outbox)> {
    serde_json::from_str(kept).ok().and_then(|value| json::read(value).ok()).unwrap_or_else(|| {
        complain(SPILLED, "it cannot be read");
        Vec::new()
    })
}

fn write_json(outboxes: &[(UserId, Outbox)]) -> Option<String> {
    match serde_json::to_value(outboxes) {
        Ok(json) => Some(json.to_string()),
        Err(error) => {
            complain(SPILLED, &error.to_string());
            None
        }
    }
}

/// What a draft in the database begins with: nobody sees what others of this browser have typed.
fn whose(me: UserId) -> String {
    [&*me.to_string(), " "].concat()
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
