//! A scrolling box whose content grows at its end.

use leptos::{html, prelude::*};

use crate::live::dom;

/// Follows what is added as long as its reader is at the end; a reader who has scrolled up keeps their place.
#[component]
pub(crate) fn Scroller(
    /// What it holds, for those who listen.
    label: &'static str,
    class: &'static str,
    /// How much has been added so far; each change is a reason to follow.
    #[prop(into)]
    grown: Signal<u64>,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let at_end = StoredValue::new(true);
    let scrolled = move |_| {
        if let Some(node) = node.get_untracked() {
            at_end.set_value(dom::is_at_end(&node));
        }
    };
    Effect::new(move || {
        grown.track();
        if let Some(node) = node.get().filter(|_| at_end.get_value()) {
            dom::scroll_to_end((**node).clone());
        }
    });

    view! {
        // It can be scrolled, so it has to be reachable by keyboard.
        <div class=class role="region" aria-label=label tabindex="0" node_ref=node on:scroll=scrolled>
            {children()}
        </div>
    }
    .into_any()
}
