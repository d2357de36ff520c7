//! The list of rooms: those one is in, with what is unread, then the others.

use leptos::prelude::*;
use madang_common::{id::RoomId, room::RoomView, text::RoomSlug};

use super::me_menu::MeMenu;
use crate::{
    live::Chat,
    texts::i18n::{t, t_string, use_i18n},
    ui::{
        drawer::CloseDrawer,
        icon::{Icon, Picture},
    },
};

/// The left side's id, by which its drawer is opened.
pub(crate) const ROOMS: &str = "rooms";

/// The left side.
#[component]
pub(crate) fn RoomsNav(
    /// The room that the page shows, if it shows one.
    #[prop(into)]
    current: Signal<Option<RoomSlug>>,
) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let joined = Memo::new(move |_| chat.rooms.read().joined().map(|(room, _)| room.clone()).collect::<Vec<_>>());
    let others = Memo::new(move |_| chat.rooms.read().others().cloned().collect::<Vec<_>>());
    let key = |room: &RoomView| (room.id, room.slug.clone(), room.name.clone());

    view! {
        <nav id=ROOMS class="side side-rooms" popover="auto" aria-label=move || t_string!(i18n, rooms.label)>
            <div class="side-head">
                <p class="brand">{t!(i18n, app.name)}</p>
                <CloseDrawer drawer=ROOMS label=Signal::derive(move || t_string!(i18n, rooms.close).to_owned())/>
            </div>
            <div class="side-scroll">
                <ul class="room-list">
                    <For each=move || joined.get() key=key let:room>
                        {let unread = unread(chat, room.id); view! { <li><RoomLink room current unread/></li> }}
                    </For>
                </ul>
                <Show when=move || !others.read().is_empty()>
                    <h2 class="side-heading" id="other-rooms">{t!(i18n, rooms.others)}</h2>
                    <ul class="room-list other" aria-labelledby="other-rooms">
                        <For each=move || others.get() key=key let:room>
                            <li><RoomLink room current unread=Signal::stored(0)/></li>
                        </For>
                    </ul>
                </Show>
                <a class="new-room" href="/rooms/new">
                    <Picture icon=Icon::Plus/>
                    {t!(i18n, rooms.create)}
                </a>
            </div>
            <MeMenu/>
        </nav>
    }
    .into_any()
}

#[component]
fn RoomLink(room: RoomView, current: Signal<Option<RoomSlug>>, unread: Signal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let href = format!("/r/{}", room.slug);
    let is_current = move || (current.read().as_ref() == Some(&room.slug)).then_some("page");

    view! {
        <a href=href aria-current=is_current class:has-unread=move || unread.get() != 0>
            <span class="room-name">{room.name.to_string()}</span>
            {move || (unread.get() != 0).then(|| view! {
                <span class="unread">
                    <span aria-hidden="true">{move || unread.get()}</span>
                    <span class="visually-hidden">{t!(i18n, rooms.unread, count = move || unread.get())}</span>
                </span>
            })}
        </a>
    }
    .into_any()
}

fn unread(chat: Chat, room: RoomId) -> Signal<u32> {
    Memo::new(move |_| {
        let rooms = chat.rooms.read();
        rooms.by_id(room).and_then(|summary| summary.membership).map_or(0, |membership| membership.unread)
    })
    .into()
}
