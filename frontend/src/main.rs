//! The Wasm entry of the Trunk build: draws the page by itself.

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(madang_app::App);
    madang_app::live::drawn();
}
