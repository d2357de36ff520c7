//! The Wasm entry of the learn pages, a bundle of its own that is not part of the chat's first load.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page once the module has loaded.
#[wasm_bindgen]
pub fn draw() {
    console_error_panic_hook::set_once();
    madang_learn::draw();
}
