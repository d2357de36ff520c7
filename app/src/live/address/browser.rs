//! The address bar: the browser's URL and history.

use leptos::{
    ev::{self, MouseEvent},
    prelude::*,
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, UrlSearchParams};

use super::{
    super::web_api::{self, complain},
    Address, Place,
};

pub(super) fn current() -> Place {
    Place { path: web_api::path(), query: location().search().unwrap_or_default() }
}

pub(super) fn follow(address: Address) {
    let clicked = window_event_listener(ev::click, move |event| {
        if let Some(path) = link(&event) {
            event.prevent_default();
            address.go(&path);
        }
    });
    let back = window_event_listener(ev::popstate, move |_| address.look());
    // For as long as the page lives.
    std::mem::forget((clicked, back));
}

pub(super) fn push(path: &str) {
    let pushed = window().history().and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(path)));
    if pushed.is_err() {
        complain("the address could not be changed to", path);
    }
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// Loads the document at an address.
pub(super) fn load(path: &str) {
    web_api::load(path);
}

pub(super) fn decode(part: &str) -> Option<String> {
    js_sys::decode_uri_component(part).ok().map(String::from)
}

pub(super) fn query(query: &str, name: &str) -> Option<String> {
    UrlSearchParams::new_with_str(query).ok()?.get(name)
}

/// Where a click leads, if it is a plain one on a link to a page of the UI.
fn link(event: &MouseEvent) -> Option<String> {
    let with_key = event.meta_key() || event.alt_key() || event.ctrl_key() || event.shift_key();
    if event.default_prevented() || event.button() != 0 || with_key {
        return None;
    }
    let clicked = event.target()?.dyn_into::<Element>().ok()?;
    let link = clicked.closest("a[href]").ok()??.dyn_into::<HtmlAnchorElement>().ok()?;
    let stays = link.target().is_empty() && !link.has_attribute("download") && link.rel() != "external";
    let ours = Some(link.origin()) == location().origin().ok();
    (stays && ours).then(|| [link.pathname(), link.search()].concat())
}
