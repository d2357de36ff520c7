//! What is shown where there is nothing.

use leptos::prelude::*;
use leptos_meta::Title;

use super::LOBBY;
use crate::{
    markup::view,
    texts::{text, use_i18n},
};

/// The page for an address that leads nowhere.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <main class="page-plain">
            <Nothing what=Signal::derive(move || text!(i18n, not_found.page))/>
        </main>
    }
}

/// Says that there is nothing, and leads back.
#[component]
pub(super) fn Nothing(
    /// The sentence that says what is missing.
    #[prop(into)]
    what: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || text!(i18n, app.title, page = text!(i18n, not_found.heading));

    view! {
        <Title text=title/>
        <section class="card">
            <h1>{move || text!(i18n, not_found.heading)}</h1>
            <p>{move || what.get()}</p>
            <p><a class="button primary" href=LOBBY>{move || text!(i18n, not_found.back)}</a></p>
        </section>
    }
}
