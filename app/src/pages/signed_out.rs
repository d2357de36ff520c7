//! The page for users who are not signed in, where a name is required.

use lean::prelude::*;

use crate::{
    live::address::Address,
    texts::{text, use_i18n},
};

/// The way to a name, and from there back to this page.
#[component]
pub(super) fn SignedOut() -> impl IntoView {
    let i18n = use_i18n();
    let address = expect_context::<Address>();
    // A path is written in an address as it is, and so holds nothing that would end the value.
    let href = Memo::new(move |_| ["/?next=", &address.path()].concat());

    view! {
        <main class="page-plain">
            <section class="card">
                <p class="brand">{move || text!(i18n, app.name)}</p>
                <h1>{move || text!(i18n, join.heading)}</h1>
                <p>{move || text!(i18n, rooms.signed_out)}</p>
                <p><a class="button primary" href=move || href.get()>{move || text!(i18n, rooms.sign_in)}</a></p>
            </section>
        </main>
    }
}
