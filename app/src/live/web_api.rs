//! Browser APIs that the page's driver and its router share.

use js_sys::{Function, Reflect};
use leptos::prelude::{document, location, window};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::VisibilityState;

/// Random bytes for an id.
pub(super) fn random() -> [u8; 10] {
    let mut bytes = [0; 10];
    let filled = window().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if filled.is_err() {
        // Browsers have had this for ten years. The time in the id, and the author beside it, still tell it apart.
        complain("no random numbers", "crypto.getRandomValues failed");
    }
    bytes
}

/// Loads the document at an address.
pub(super) fn load(path: &str) {
    if location().set_href(path).is_err() {
        complain("the page could not be left for", path);
    }
}

/// The path of the document's address, as it is written there.
pub(super) fn path() -> String {
    // Only a location of another origin may not be read.
    location().pathname().unwrap_or_default()
}

/// Notes on the body of the page how it is, for the style sheets and whoever looks at it from outside.
pub(super) fn mark(name: &str, value: bool) {
    let Some(body) = document().body() else { return };
    if body.set_attribute(name, if value { "true" } else { "false" }).is_err() {
        complain("an attribute of the body could not be set", name);
    }
}

/// Whether the page can be seen.
pub(super) fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

/// A method that web-sys does not know or not every browser has.
pub(super) fn method(of: &JsValue, name: &str) -> Result<Function, JsValue> {
    Reflect::get(of, &name.into())?.dyn_into()
}

/// Tells whoever looks at the browser's console what went wrong where nobody else can be told.
pub(super) fn complain(what: &str, why: &str) {
    leptos::logging::error!("{what}: {why}");
}
