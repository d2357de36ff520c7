//! The link as the browser has it.
//!
//! The page's state is in the signals of [`Chat`]; what else the link has to remember stands in each file as a
//! `thread_local`: there is one page, one thread and one link, and so [`Chat`] stays a handful of signals that any
//! thread may hold, as rendering on the server wants it.

pub(super) mod address;
mod dispatch;
mod drafts;
mod idb;
mod link;
mod messages;
mod outbox;
mod reading;
mod rooms;
mod store;
mod sync;
mod tabs;
mod typing;
mod verify;
mod wire;

use std::time::Duration;

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use madang_client::link::Link;
use wasm_bindgen::{JsCast, JsValue};

use crate::reactive::effect;

use super::Chat;

pub(super) use drafts::{draft, keep_draft, tell_tabs_said};
pub(super) use messages::{delete, edit, load_earlier};
pub(super) use outbox::{discard, retry, say};
pub(super) use reading::read;
pub(super) use rooms::{create_room, join_room, leave_room, show};
pub(super) use typing::typing;
pub(super) use verify::by_hand as compare;
pub(super) use wire::reconnect_now;

/// Connects, unless this is a page for someone who has yet to join.
pub(super) fn start(chat: Chat) {
    if let Some(body) = document().body() {
        mark(&body, "data-hydrated", true);
        effect(move || mark(&body, "data-live", chat.link.get() == Link::Live));
    }
    // Without a first paint (feature `csr`) only the server knows whether anybody is signed in.
    if chat.me.with_untracked(Option::is_some) || cfg!(feature = "csr") {
        outbox::load(chat);
        reading::watch(chat);
        sync::watch(chat);
        link::open(chat);
    }
}

fn mark(body: &web_sys::HtmlElement, name: &str, value: bool) {
    if body.set_attribute(name, if value { "true" } else { "false" }).is_err() {
        complain("an attribute of the body could not be set", name);
    }
}

/// Now, in milliseconds since 1970.
fn now() -> f64 {
    js_sys::Date::now()
}

/// Whether the page can be seen.
fn visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

async fn pause(millis: u32) {
    gloo_timers::future::sleep(Duration::from_millis(millis.into())).await;
}

/// What web-sys does not know or not every browser has.
fn method(of: &JsValue, name: &str) -> Result<Function, JsValue> {
    Reflect::get(of, &name.into())?.dyn_into()
}

/// Tells whoever looks at the browser's console what went wrong where nobody else can be told.
fn complain(what: &str, why: &str) {
    leptos::logging::error!("{what}: {why}");
}
