//! The pill that counts new messages and scrolls to the latest one.

use lean::prelude::*;

use crate::texts::{text, use_i18n};

/// A button that says how many messages have come while one was reading further up.
#[component]
pub(crate) fn Pill(
    shown: RwSignal<bool>,
    /// New messages of others.
    count: Memo<usize>,
    on_press: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let label = move || match count.get() {
        0 => text!(i18n, room.jump),
        1 => text!(i18n, room.new_one),
        count => text!(i18n, room.new_many, count = count),
    };

    view! {
        {move || shown.get().then(|| view! {
            <button id="pill" type="button" class="pill" class:has-new=move || { count.get() > 0 } on:click=move |_| on_press.run(())>
                {move || label()}
            </button>
        })}
    }
}
