//! The page `/rooms`: all rooms, in pages, for browsers without JavaScript.

use lean::prelude::*;
use madang_common::{room::RoomView, route};

use crate::{
    backend::RoomsPage,
    texts::{I18n, text, use_i18n},
    ui::{
        list::{Item, List},
        room_name::room_name,
        title::Title,
    },
};

/// A page of the list of all rooms.
#[component]
pub(super) fn AllRooms(
    /// The part of the list.
    part: RoomsPage,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = Memo::new(move |_| text!(i18n, app.title, page = text!(i18n, rooms.all)));
    let RoomsPage { rooms, before, after } = part;
    let href = |number: usize| format!("{}?page={number}", route::ROOMS);

    view! {
        <Title text=title/>
        <main class="page-plain">
            <section class="card">
                <h1>{move || text!(i18n, rooms.all)}</h1>
                <ul class="room-list">
                    <List rows=Box::new(move || rooms.iter().map(|room| row(i18n, room)).collect())/>
                </ul>
                {before.map(|number| view! {
                    <a href=href(number) rel="prev">{move || text!(i18n, rooms.all_before)}</a>
                })}
                {after.map(|number| view! {
                    <a href=href(number) rel="next">{move || text!(i18n, rooms.all_after)}</a>
                })}
                <a class="button primary" href=route::LOBBY>{move || text!(i18n, not_found.back)}</a>
            </section>
        </main>
    }
}

fn row(i18n: I18n, room: &RoomView) -> Item {
    let href = route::with(route::ROOM, room.slug.as_str());
    let name = room_name(i18n, room);
    Item::new(room.id.to_string(), move || {
        view! { <li><a href=href><span class="room-name" dir="auto">{name}</span></a></li> }
    })
}
