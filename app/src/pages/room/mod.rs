//! The room page, `/r/:slug`: the room, with the list of rooms to its left and its members to its right.

mod header;
mod link_banner;
mod outside;

use lean::prelude::*;
use madang_common::{
    id::RoomId,
    room::RoomView,
    text::{RoomSlug, Stored},
};

use self::{header::Header, link_banner::LinkBanner, outside::Outside};
use super::{not_found::Nothing, signed_out::SignedOut};
use crate::{
    live::{Chat, address::Address, dom},
    room::{
        announcer::Announcer, composer::Composer, progress::ProgressButton, timeline::Timeline,
        typing_line::TypingLine,
    },
    sidebar::{
        members::{MEMBERS, MembersAside},
        rooms::{ROOMS, RoomsNav},
    },
    state::bidi::isolated,
    texts::{text, use_i18n},
    ui::{room_name::room_name, title::Title},
};

/// What the middle of the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shown {
    SignedOut,
    Nowhere,
    Outside(RoomView),
    Opening,
    Open(RoomId),
}

/// The room page.
#[component]
pub(crate) fn RoomPage() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let address = expect_context::<Address>();
    let slug = Memo::new(move |_| address.room().map(RoomSlug::stored));
    let shown = Memo::new(move |_| shown(chat, slug.get().as_ref()));
    effect(move || {
        if let Some(slug) = slug.get() {
            chat.show(&slug);
        }
        // Whoever chose a room in a drawer wants to see the room.
        dom::hide_popover(ROOMS);
        dom::hide_popover(MEMBERS);
    });
    let signed_in = Memo::new(move |_| *shown.read() != Shown::SignedOut);

    view! {
        <PageTitle slug shown/>
        {move || if signed_in.get() {
            view! { <Page slug shown/> }
        } else {
            view! { <SignedOut/> }
        }}
    }
}

#[component]
fn Page(slug: Memo<Option<RoomSlug>>, shown: Memo<Shown>) -> impl IntoView {
    // Kept in place while the next room is being opened.
    let has_members = Memo::new(move |_| matches!(*shown.read(), Shown::Open(_) | Shown::Opening));

    view! {
        <div class="page" class:without-members=move || !has_members.get()>
            <RoomsNav current=slug/>
            <main class="room">
                <Header slug/>
                <LinkBanner/>
                {move || match shown.get() {
                    Shown::Open(room) => view! { <Inside room/> },
                    Shown::Outside(room) => view! { <Outside room/> },
                    Shown::Opening => view! { <Opening/> },
                    Shown::Nowhere | Shown::SignedOut => view! { <NoRoom/> },
                }}
            </main>
            {move || has_members.get().then(|| view! { <MembersAside/> })}
        </div>
    }
}

fn shown(chat: Chat, slug: Option<&RoomSlug>) -> Shown {
    if chat.me.read().is_none() {
        return Shown::SignedOut;
    }
    let rooms = chat.rooms.read();
    let Some(summary) = slug.and_then(|slug| rooms.by_slug(slug)) else { return Shown::Nowhere };
    if summary.membership.is_none() {
        return Shown::Outside(summary.room.clone());
    }
    let open = chat.open.read().as_ref().map(|open| open.room.id);
    if open == Some(summary.room.id) { Shown::Open(summary.room.id) } else { Shown::Opening }
}

/// Messages and composer. Made anew for each room, so that nothing of one is left in another.
#[component]
fn Inside(room: RoomId) -> impl IntoView {
    view! {
        <Timeline/>
        <div class="room-foot">
            <TypingLine/>
            <ProgressButton/>
        </div>
        <Composer room/>
        <Announcer/>
    }
}

#[component]
fn Opening() -> impl IntoView {
    let i18n = use_i18n();
    view! { <div class="room-body"><p class="opening" role="status">{move || text!(i18n, rooms.opening)}</p></div> }
}

#[component]
fn NoRoom() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="room-body">
            <Nothing what=Memo::new(move |_| text!(i18n, not_found.room))/>
        </div>
    }
}

/// The room's name in the browser's tab, with all that is unread.
#[component]
fn PageTitle(slug: Memo<Option<RoomSlug>>, shown: Memo<Shown>) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let title = Memo::new(move |_| {
        if *shown.read() == Shown::Nowhere {
            return text!(i18n, app.title, page = text!(i18n, not_found.heading));
        }
        let rooms = chat.rooms.read();
        let room = slug.read().as_ref().and_then(|slug| rooms.by_slug(slug)).map(|summary| &summary.room);
        let name = room.map(|room| isolated(&room_name(i18n, room)));
        let Some(page) = name else { return text!(i18n, app.name) };
        let count = rooms.unread();
        if count.is_none() {
            text!(i18n, app.title, page = page)
        } else {
            text!(i18n, app.title_unread, page = page, count = count)
        }
    });
    view! { <Title text=title/> }
}
