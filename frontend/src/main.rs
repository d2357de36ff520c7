//! The Wasm entry for client-side rendering, built by Trunk.

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(madang_app::App);
    madang_app::live::drawn();
}
