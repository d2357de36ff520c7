//! What the browser keeps from one visit to the next of what has been said and not sent.
//!
//! It is kept in IndexedDB, each message by itself, so that tabs don't get in each other's way. What is not on the disk
//! yet when the page is left goes to `localStorage`, which takes it at once; earlier versions kept everything there, in
//! the same form. Where there is no IndexedDB that is all there is.

use leptos::{prelude::*, task::spawn_local};
use madang_client::outbox::{Outbox, Pending};
use madang_common::id::{ClientId, UserId};
use web_sys::Storage;

use super::{complain, idb, now, wire};

/// Under which key `localStorage` has outboxes, by person.
const OUTBOX: &str = "madang.outbox";
/// How long what another person of this browser left unsent is kept for them, in milliseconds.
const KEPT_FOR_OTHERS: f64 = 7.0 * 86_400_000.0;

/// What a person left unsent, in any tab. None where the browser keeps nothing: the page's own memory is all there is.
pub(super) async fn unsent(me: UserId) -> Option<Outbox> {
    let mut unsent = Outbox::default();
    for json in idb::all(idb::OUTBOX).await? {
        for (user, outbox) in parse(&json) {
            for pending in outbox.iter() {
                if user == me {
                    unsent.put(pending.clone());
                } else if !is_recent(&outbox) {
                    let key = pending.client_id.to_string();
                    spawn_local(async {
                        idb::write(idb::OUTBOX, key, None).await;
                    });
                }
            }
        }
    }
    Some(unsent)
}

/// Keeps a person's unsent message, or lets go of one. Nobody else on this browser will send it. Tells whether that is
/// on the disk.
pub(super) async fn write(me: UserId, client_id: ClientId, pending: Option<Pending>) -> bool {
    let json = pending.and_then(|pending| {
        let mut outbox = Outbox::default();
        outbox.put(pending);
        json(&[(me, outbox)])
    });
    idb::write(idb::OUTBOX, client_id.to_string(), json).await
}

/// The outbox as the page left it that was open last, or as an earlier version kept it. Once it is on the disk it is
/// to be let go of with [`forget_spilled`].
pub(super) fn spilled(me: UserId) -> Outbox {
    all().into_iter().find(|(user, _)| *user == me).map(|(_, outbox)| outbox).unwrap_or_default()
}

/// The page is being left: what is not on the disk goes where it is kept at once.
pub(super) fn spill(me: UserId, outbox: Outbox) {
    if outbox.is_empty() {
        return;
    }
    let mut all = all();
    all.retain(|(user, outbox)| *user != me && is_recent(outbox));
    all.push((me, outbox));
    if let Some(json) = json(&all) {
        put(OUTBOX, Some(&json));
    }
}

/// Lets go of what [`spilled`] gave.
pub(super) fn forget_spilled(me: UserId) {
    let mut all = all();
    all.retain(|(user, _)| *user != me);
    put(OUTBOX, json(&all).filter(|_| !all.is_empty()).as_deref());
}

fn is_recent(outbox: &Outbox) -> bool {
    outbox.iter().any(|pending| now() - (pending.composed_at.0 as f64) < KEPT_FOR_OTHERS)
}

fn all() -> Vec<(UserId, Outbox)> {
    get(OUTBOX).map(|json| parse(&json)).unwrap_or_default()
}

fn parse(json: &str) -> Vec<(UserId, Outbox)> {
    wire::parse(json).unwrap_or_else(|error| {
        complain(OUTBOX, &error.to_string());
        Vec::new()
    })
}

fn json(outboxes: &[(UserId, Outbox)]) -> Option<String> {
    match serde_json::to_value(outboxes) {
        Ok(json) => Some(json.to_string()),
        Err(error) => {
            complain(OUTBOX, &error.to_string());
            None
        }
    }
}

/// What `localStorage` has.
pub(super) fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Has `localStorage` keep a value, or remove it.
pub(super) fn put(key: &str, value: Option<&str>) {
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
