//! The page for URLs that do not exist.

use lean::prelude::*;
use madang_common::route;

use crate::{
    texts::{text, use_i18n},
    ui::title::Title,
};

/// The page for an address that leads nowhere.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    let i18n = use_i18n();
    let title = Memo::new(move |_| text!(i18n, app.title, page = text!(i18n, not_found.heading)));

    view! {
        <Title text=title/>
        <main class="page-plain">
            <Nothing what=Memo::new(move |_| text!(i18n, not_found.page))/>
        </main>
    }
}

/// Says that there is nothing, and leads back.
#[component]
pub(super) fn Nothing(
    /// The sentence that says what is missing.
    what: Memo<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="card">
            <h1>{move || text!(i18n, not_found.heading)}</h1>
            <p>{move || what.get()}</p>
            <p><a class="button primary" href=route::LOBBY>{move || text!(i18n, not_found.back)}</a></p>
        </section>
    }
}
