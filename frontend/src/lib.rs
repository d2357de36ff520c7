//! The Wasm entry for hydration; `app/src/shell/start.js` calls it.

// There is nothing to take over where the page is drawn in the browser alone; see main.rs.
#![cfg(feature = "hydrate")]

use std::{mem, sync::Arc};

use hydration_context::{HydrateSharedContext, SharedContext};
use leptos::prelude::{Owner, document};
use madang_app::{App, live::drawn};
use wasm_bindgen::{JsCast, JsError, prelude::wasm_bindgen};
use web_sys::HtmlElement;

/// Fetches what the page needs besides, if it is a lazy one. To be awaited before anything is drawn.
///
/// # Errors
/// When it could not be fetched.
#[wasm_bindgen]
pub async fn prepare() -> Result<(), JsError> {
    madang_app::fetch_page().await.map_err(|_| JsError::new("the code of this page could not be fetched"))
}

/// Takes over the page that the server rendered.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
    drawn();
}

/// Draws the page anew, from what the server has put into it for hydration. Returns an element outside the document,
/// whose children are the page.
#[wasm_bindgen]
#[must_use]
pub fn mount() -> HtmlElement {
    console_error_panic_hook::set_once();
    let place: HtmlElement = document().create_element("div").expect("the name is well-formed").unchecked_into();
    // With it, the page's data is where hydration would find it.
    let context = Arc::new(HydrateSharedContext::new());
    let root = Owner::new_root(Some(Arc::clone(&context) as Arc<_>));
    root.with(|| leptos::mount::mount_to(place.clone(), App)).forget();
    context.hydration_complete();
    // For as long as the page lives.
    mem::forget(root);
    drawn();
    place
}
