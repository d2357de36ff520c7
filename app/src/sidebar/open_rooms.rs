//! The button that opens the list of rooms as a drawer.

use lean::prelude::*;
use madang_common::text::RoomSlug;

use super::rooms::ROOMS;
use crate::{
    live::Chat,
    texts::{text, use_i18n},
    ui::{drawer::OpenDrawer, icon::Icon},
};

/// The button, marked where rooms other than the one that is shown have something unread.
#[component]
pub(crate) fn OpenRooms(
    /// The room that the page shows, if it shows one.
    current: Memo<Option<RoomSlug>>,
) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let unread = Memo::new(move |_| chat.rooms.with(|rooms| rooms.unread_besides(current.read().as_ref())));
    let label = move |_: Option<&String>| match unread.get() {
        0 => text!(i18n, rooms.open),
        1 => text!(i18n, rooms.open_unread_one),
        count => text!(i18n, rooms.open_unread, count = count),
    };

    view! {
        <OpenDrawer
            id="open-rooms"
            drawer=ROOMS
            icon=Icon::List
            label=Memo::new(label)
            has_news=Memo::new(move |_| unread.get() > 0)
        />
    }
}
