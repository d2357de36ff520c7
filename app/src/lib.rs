//! Madang's UI. Compiled twice: natively for the server's first paint, to Wasm for the browser.

// Types of async code nest deeper than the default of 128 when a page is rendered in it.
#![recursion_limit = "256"]
#![expect(unreachable_pub, reason = "what #[component] makes is `pub`, whatever the component says")]

pub mod backend;
pub mod live;
mod pages;
mod room;
#[cfg(feature = "ssr")]
pub mod shell;
mod sidebar;
pub mod state;
pub mod texts;
mod ui;

use backend::FirstPaint;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};
use live::Chat;
use texts::I18n;

/// The providers and the table of routes.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let paint = FirstPaint::shared();
    // Without a first paint (feature `csr`) the browser is all there is to ask.
    let preferred = if cfg!(feature = "csr") { live::dom::languages() } else { vec![paint.lang.clone()] };
    provide_context(I18n::new(&preferred));
    let chat = Chat::new(paint.clone());
    provide_context(paint);
    provide_context(chat);
    Effect::new(move || chat.start());

    view! {
        <Router>
            <Routes fallback=pages::not_found::NotFound>
                <Route path=path!("/") view=pages::join::Join/>
                <Route path=path!("/rooms/new") view=pages::new_room::NewRoom/>
                <Route path=path!("/r/:slug") view=pages::room::RoomPage/>
            </Routes>
        </Router>
    }
}
