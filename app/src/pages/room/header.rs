//! The header of a room: its name and topic, the buttons of the drawers, and the way to leave the room.

use lean::prelude::*;
use leptos::{ev::SubmitEvent, task::spawn_local};
use madang_client::link::Link;
use madang_common::{fault::Fault, room::RoomView, route, text::RoomSlug};
use web_sys::{HtmlDialogElement, HtmlFormElement};

use crate::{
    live::{Chat, address::Address},
    sidebar::{members::MEMBERS, open_rooms::OpenRooms},
    state::bidi::isolated,
    texts::{text, use_i18n},
    ui::{
        dialog::{Confirm, ask},
        drawer::OpenDrawer,
        fault_text::fault_sentence,
        icon::Icon,
        room_name::room_name,
    },
};

/// The head of the middle column.
#[component]
pub(super) fn Header(slug: Memo<Option<RoomSlug>>) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let room = Memo::new(move |_| {
        let rooms = chat.rooms.read();
        let summary = slug.read().as_ref().and_then(|slug| rooms.by_slug(slug)).cloned();
        summary.map(|summary| (summary.room, summary.membership.is_some()))
    });

    view! {
        <header class="room-header">
            <OpenRooms current=slug/>
            {move || room.get().map(|(room, is_member)| {
                let named = room.clone();
                let leave = is_member && route::with(route::ROOM, room.slug.as_str()) != route::LOBBY;
                view! {
                    <div class="room-title">
                        <h1 dir="auto">{move || room_name(i18n, &named)}</h1>
                        <p class="room-topic" dir="auto">{room.topic.to_string()}</p>
                    </div>
                    {leave.then(|| view! { <LeaveRoom room/> })}
                    {is_member.then(|| view! {
                        <OpenDrawer
                            id="open-members"
                            drawer=MEMBERS
                            icon=Icon::People
                            label=Memo::new(move |_| text!(i18n, members.open))
                        />
                    })}
                }
            })}
        </header>
    }
}

/// Leaves the room: at once as a plain form, after a question once Wasm runs.
#[component]
fn LeaveRoom(room: RoomView) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let address = expect_context::<Address>();
    let (form, dialog) = (NodeRef::<HtmlFormElement>::new(), NodeRef::<HtmlDialogElement>::new());
    let fault = RwSignal::new(None::<Fault>);
    let action = route::with(route::LEAVE_ROOM, room.slug.as_str());
    let question = {
        let name = isolated(room.name.as_str());
        move || text!(i18n, rooms.leave_question, room = name.clone())
    };
    let leave = move |()| {
        if chat.link.get_untracked() != Link::Live {
            // Without the live link, the form goes the way of plain forms.
            if let Some(form) = form.get_untracked() {
                form.submit().expect("a form that is in the page can be sent");
            }
            return;
        }
        spawn_local(async move {
            match chat.leave_room(room.id).await {
                Ok(()) => address.go(route::LOBBY),
                Err(refused) => fault.set(Some(refused)),
            }
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        ask(dialog);
    };

    view! {
        <form method="post" action=action class="leave-room" node_ref=form on:submit=submit>
            <button class="button quiet">{move || text!(i18n, rooms.leave)}</button>
        </form>
        {move || fault.get().map(|fault| view! {
            <p class="field-error" role="alert">{fault_sentence(i18n, &fault)}</p>
        })}
        <Confirm
            dialog
            id="leave-question"
            question=Memo::new(move |_| question())
            explanation=Memo::new(move |_| text!(i18n, rooms.leave_explained))
            action=Memo::new(move |_| text!(i18n, rooms.leave))
            on_confirm=Callback::new(leave)
        />
    }
}
