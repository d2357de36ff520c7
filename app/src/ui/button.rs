//! A button that shows a picture and says what it does.

use leptos::prelude::*;

use super::icon::{Icon, Picture};

/// A button with a picture for a face. Further attributes and handlers may be put on it where it is used.
#[component]
pub(crate) fn IconButton(
    icon: Icon,
    /// What it does: read out, and shown when one points at it.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    view! {
        <button type="button" class="button quiet icon-only" aria-label=move || label.get() title=move || label.get()>
            <Picture icon/>
        </button>
    }
}
