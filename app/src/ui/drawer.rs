//! The sides of the page as drawers, where there is no room for them. A drawer is the browser's own popover: its
//! button opens it before Wasm has loaded and without it, Escape or a tap beside it closes it, and the focus goes
//! back to the button. Where there is room, the stylesheet shows it in its place.

use leptos::prelude::*;

use super::{button::IconButton, icon::Icon};

/// The button that opens a drawer.
#[component]
pub(crate) fn OpenDrawer(
    /// The button's own id.
    id: &'static str,
    /// The id of the drawer.
    drawer: &'static str,
    icon: Icon,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView {
    view! { <IconButton icon label attr:id=id attr:popovertarget=drawer/> }.into_any()
}

/// The button that closes a drawer, the first thing in it. It takes the focus when the drawer opens.
#[component]
pub(crate) fn CloseDrawer(
    /// The id of the drawer.
    drawer: &'static str,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="drawer-close">
            <IconButton
                icon=Icon::Cross
                label
                attr:popovertarget=drawer
                attr:popovertargetaction="hide"
                attr:autofocus=true
            />
        </div>
    }
    .into_any()
}
