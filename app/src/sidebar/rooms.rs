//! The list of rooms: the user's own with their unread counts, then the others.

use lean::prelude::*;
use madang_client::rooms::Unread;
use madang_common::{id::RoomId, room::RoomView, route, text::RoomSlug};

use super::me_menu::MeMenu;
use crate::{
    live::Chat,
    texts::{text, use_i18n},
    ui::{
        drawer::CloseDrawer,
        icon::{Icon, Picture},
        list::{Item, List},
        room_name::room_name,
    },
};

/// The left side's id, by which its drawer is opened.
pub(crate) const ROOMS: &str = "rooms";

/// The left side.
#[component]
pub(crate) fn RoomsNav(
    /// The room that the page shows, if it shows one.
    current: Memo<Option<RoomSlug>>,
) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let joined = Memo::new(move |_| chat.rooms.read().joined().map(|(room, _)| room.clone()).collect::<Vec<_>>());
    let others = Memo::new(move |_| chat.rooms.read().others().cloned().collect::<Vec<_>>());
    let is_part = Memo::new(move |_| chat.rooms.read().is_part());
    let has_others = Memo::new(move |_| !others.read().is_empty());
    let row = move |room: &RoomView| {
        let room = room.clone();
        let key = format!("{} {} {}", room.id, room.slug, room.name);
        Item::new(key, move || {
            let unread = unread(chat, room.id);
            view! { <li><RoomLink room current unread/></li> }
        })
    };

    view! {
        <nav id=ROOMS class="side side-rooms" popover="auto" aria-label=move || text!(i18n, rooms.label)>
            <div class="side-head">
                <p class="brand">{move || text!(i18n, app.name)}</p>
                <CloseDrawer drawer=ROOMS label=Memo::new(move |_| text!(i18n, rooms.close))/>
            </div>
            <div class="side-scroll">
                <ul class="room-list">
                    <List rows=Box::new(move || joined.read().iter().map(row).collect())/>
                </ul>
                {move || has_others.get().then(|| view! {
                    <h2 class="side-heading" id="other-rooms">{move || text!(i18n, rooms.others)}</h2>
                    <ul class="room-list other" aria-labelledby="other-rooms">
                        <List rows=Box::new(move || others.read().iter().map(row).collect())/>
                    </ul>
                })}
                // Until the whole list is here. The document that it leads to is none of the app's own.
                {move || is_part.get().then(|| view! {
                    <a class="new-room" href=route::ROOMS rel="external">{move || text!(i18n, rooms.all)}</a>
                })}
                <a class="new-room" href=route::NEW_ROOM>
                    <Picture icon=Icon::Plus/>
                    {move || text!(i18n, rooms.create)}
                </a>
            </div>
            <MeMenu/>
        </nav>
    }
}

#[component]
fn RoomLink(room: RoomView, current: Memo<Option<RoomSlug>>, unread: Memo<Unread>) -> impl IntoView {
    let i18n = use_i18n();
    let href = route::with(route::ROOM, room.slug.as_str());
    let slug = room.slug.clone();
    let is_current = Memo::new(move |_| current.read().as_ref() == Some(&slug));

    view! {
        <a href=href aria-current=move || is_current.get().then_some("page") class:has-unread=move || !unread.get().is_none()>
            <span class="room-name" dir="auto">{move || room_name(i18n, &room)}</span>
            {move || (!unread.get().is_none()).then(|| view! {
                <span class="unread">
                    <span aria-hidden="true">{move || unread.get().to_string()}</span>
                    <span class="visually-hidden">
                        {move || text!(i18n, rooms.unread, count = unread.get())}
                    </span>
                </span>
            })}
        </a>
    }
}

fn unread(chat: Chat, room: RoomId) -> Memo<Unread> {
    Memo::new(move |_| {
        let rooms = chat.rooms.read();
        let membership = rooms.by_id(room).and_then(|summary| summary.membership);
        membership.map_or_else(Unread::default, |membership| Unread(membership.unread))
    })
}
