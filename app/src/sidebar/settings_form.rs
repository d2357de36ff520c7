//! The settings form, which works without JavaScript.

use lean::prelude::*;
use madang_common::route;

use crate::live::address::Address;

/// A row of buttons, each a choice. Each is a submit button of a plain form, whose answer leads back to this page;
/// once the page is live, the buttons' own handlers do it without a request.
#[component]
pub(super) fn SettingsForm(
    /// What is being chosen.
    label: Memo<String>,
    children: Children,
) -> impl IntoView {
    let address = expect_context::<Address>();

    view! {
        <form method="post" action=route::SETTINGS class="choices">
            <input type="hidden" name="back" value=move || address.full()/>
            <div role="group" aria-label=move || label.get() class="choices-row">
                {children()}
            </div>
        </form>
    }
}
