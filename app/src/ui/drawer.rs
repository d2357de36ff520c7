//! Drawers: the sidebars on narrow screens. A drawer is the browser's own popover: its
//! button opens it before Wasm has loaded and without it, Escape or a tap beside it closes it, and the focus goes
//! back to the button. Where there is room, the stylesheet shows it in its place.

use lean::prelude::*;

use super::icon::{Icon, Picture};

/// The button that opens a drawer. It shows a picture and says what it does.
#[component]
pub(crate) fn OpenDrawer(
    /// The button's own id.
    id: &'static str,
    /// The id of the drawer.
    drawer: &'static str,
    icon: Icon,
    /// What it does: read out, and shown when one points at it.
    label: Memo<String>,
    /// Whether there is something new in the drawer, which the label then says too.
    #[prop(optional)]
    has_news: Option<Memo<bool>>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button quiet icon-only"
            class:has-news=move || has_news.is_some_and(Memo::get)
            id=id
            popovertarget=drawer
            aria-label=move || label.get()
            title=move || label.get()
        >
            <Picture icon/>
        </button>
    }
}

/// The button that closes a drawer, the first thing in it. It takes the focus when the drawer opens.
#[component]
pub(crate) fn CloseDrawer(
    /// The id of the drawer.
    drawer: &'static str,
    /// What it does.
    label: Memo<String>,
) -> impl IntoView {
    view! {
        <div class="drawer-close">
            <button
                type="button"
                class="button quiet icon-only"
                popovertarget=drawer
                popovertargetaction="hide"
                autofocus=""
                aria-label=move || label.get()
                title=move || label.get()
            >
                <Picture icon=Icon::Cross/>
            </button>
        </div>
    }
}
