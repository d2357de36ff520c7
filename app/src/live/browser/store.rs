//! What the browser keeps from one visit to the next.

use std::cell::Cell;

use leptos::prelude::*;
use madang_common::id::{RoomId, UserId};
use web_sys::Storage;

use super::{complain, now, wire};
use crate::state::{drafts, outbox::Outbox};

/// Under which key the outboxes are kept.
pub(super) const OUTBOX: &str = "madang.outbox";
/// How long what another person of this browser left unsent is kept for them, in milliseconds.
const KEPT_FOR_OTHERS: f64 = 7.0 * 86_400_000.0;

thread_local! {
    /// Whether what is stored can be relied on: not where the browser keeps nothing, or is full.
    static RELIABLE: Cell<bool> = const { Cell::new(true) };
}

/// What a person left unsent. None where the browser keeps nothing: the page's own memory is all there is.
pub(super) fn load_outbox(me: UserId) -> Option<Outbox> {
    if !RELIABLE.get() {
        return None;
    }
    storage()?;
    Some(all().into_iter().find(|(user, _)| *user == me).map(|(_, outbox)| outbox).unwrap_or_default())
}

/// Keeps what a person has unsent. Nobody else on this browser will send it.
pub(super) fn save_outbox(me: UserId, outbox: &Outbox) {
    let mut all = all();
    let lately =
        |outbox: &Outbox| outbox.iter().any(|pending| now() - (pending.composed_at.0 as f64) < KEPT_FOR_OTHERS);
    all.retain(|(user, outbox)| *user != me && lately(outbox));
    if !outbox.is_empty() {
        all.push((me, outbox.clone()));
    }
    let kept = match serde_json::to_value(&all) {
        Ok(_) if all.is_empty() => put(OUTBOX, ""),
        Ok(json) => put(OUTBOX, &json.to_string()),
        Err(error) => {
            complain(OUTBOX, &error.to_string());
            false
        }
    };
    RELIABLE.set(kept);
}

pub(in crate::live) fn draft(room: RoomId) -> String {
    get(&drafts::key(room)).unwrap_or_default()
}

pub(in crate::live) fn keep_draft(room: RoomId, text: &str) {
    put(&drafts::key(room), text);
}

fn all() -> Vec<(UserId, Outbox)> {
    let Some(json) = get(OUTBOX) else { return Vec::new() };
    wire::parse(&json).unwrap_or_else(|error| {
        complain(OUTBOX, &error.to_string());
        Vec::new()
    })
}

fn get(key: &str) -> Option<String> {
    match storage()?.get_item(key) {
        Ok(value) => value,
        Err(_) => {
            complain(key, "could not be read");
            None
        }
    }
}

/// Keeps a value; an empty one is removed. Tells whether that worked.
fn put(key: &str, value: &str) -> bool {
    let Some(storage) = storage() else { return false };
    let done = if value.is_empty() { storage.remove_item(key) } else { storage.set_item(key, value) };
    if done.is_err() {
        complain(key, "could not be kept");
    }
    done.is_ok()
}

/// None where the person has forbidden it.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
