//! Madang's UI, compiled twice: natively for server-side rendering, and to Wasm for the browser.

// Types of async code nest deeper than the default of 128 when a page is rendered in it.
#![recursion_limit = "256"]
#![expect(unreachable_pub, reason = "what #[component] makes is `pub`, whatever the component says")]

pub mod backend;
#[cfg(test)]
mod json_fuzz;
mod lazy;
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
use lean::prelude::*;
use live::{
    Chat,
    address::{Address, Page},
};
use texts::I18n;

/// Fetches the code of the page that the address names, which is to be there before [`App`] is drawn.
///
/// # Errors
/// When it could not be fetched.
pub async fn fetch_page() -> Result<(), lazy::NotFetched> {
    lazy::fetch(Page::current()).await
}

/// The providers and the table of routes.
#[component]
pub fn App() -> impl IntoView {
    let paint = FirstPaint::shared();
    // Without a first paint (feature `csr`) the browser is all there is to ask.
    let preferred = if cfg!(feature = "csr") { live::dom::languages() } else { vec![paint.lang.clone()] };
    provide_context(I18n::new(&preferred));
    let chat = Chat::new(paint.clone());
    provide_context(paint);
    provide_context(chat);
    let address = Address::new(chat.link, |page| Box::pin(async move { lazy::fetch(page).await.is_ok() }));
    provide_context(address);
    effect(move || {
        if live::is_drawn() {
            chat.start();
            address.follow();
        }
    });
    let page = Memo::new(move |_| address.page());

    view! {
        {move || match page.get() {
            Page::Join => lazy::join_page(),
            Page::NewRoom => lazy::new_room_page(),
            Page::Room => view! { <pages::room::RoomPage/> },
            Page::Nowhere => view! { <pages::not_found::NotFound/> },
        }}
    }
}
