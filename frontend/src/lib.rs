//! The Wasm entry: takes over the page that the server rendered.

// There is nothing to take over where the page is drawn in the browser alone; see main.rs.
#![cfg(feature = "hydrate")]

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page once the module has loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(madang_app::App);
}
