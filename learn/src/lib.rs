//! The pages under `/learn`: what WebSocket and Socket.IO are, one live page for each of the five study notes.
//!
//! Compiled twice, as the chat's UI is: natively for the server, which renders whole pages, and to Wasm, which draws
//! the live part of one, [`workbench`], anew. It is a bundle of its own, with nothing of the chat in it.

// Types of async code nest deeper than the default of 128 when a page is rendered in it.
#![recursion_limit = "256"]
#![expect(unreachable_pub, reason = "what #[component] makes is `pub`, whatever the component says")]

#[cfg(feature = "ssr")]
mod article;
mod demos;
mod live;
#[cfg(feature = "ssr")]
pub mod page;
mod parts;
pub mod state;
pub mod texts;
mod workbench;

/// The element that the browser draws in, and its attributes that say what is in it.
mod place {
    pub(crate) const ID: &str = "live";
    pub(crate) const NOTE: &str = "data-note";
    pub(crate) const LANG: &str = "data-lang";
}

/// Draws the live part of the page in the place of the one that the server rendered. A page without one stays as it is.
///
/// It is not hydrated: there is nothing in it to be kept, and a translator or an extension may have changed it.
#[cfg(feature = "hydrate")]
pub fn draw() {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;

    let Some(place) = document().get_element_by_id(place::ID) else { return };
    let attribute = |name| place.get_attribute(name).unwrap_or_default();
    let Some(note) = state::note::Note::parse(&attribute(place::NOTE)) else { return };
    let locale = texts::parse(&attribute(place::LANG));
    place.set_inner_html("");
    leptos::mount::mount_to(place.unchecked_into(), move || {
        view! { <workbench::Workbench note locale/> }
    })
    .forget();
}
