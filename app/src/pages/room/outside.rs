//! The room page for users who have not joined the room.

use lean::prelude::*;
use leptos::{ev::SubmitEvent, task::spawn_local};
use madang_client::link::Link;
use madang_common::{fault::Fault, room::RoomView, route};

use crate::{
    live::Chat,
    texts::{text, use_i18n},
    ui::fault_text::fault_sentence,
};

/// The way into a room that one is not a member of.
#[component]
pub(super) fn Outside(room: RoomView) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let fault = RwSignal::new(None::<Fault>);
    let action = route::with(route::JOIN_ROOM, room.slug.as_str());
    let submit = move |event: SubmitEvent| {
        // Without the live link, the form goes the way of plain forms.
        if chat.link.get_untracked() != Link::Live {
            return;
        }
        event.prevent_default();
        spawn_local(async move {
            if let Err(refused) = chat.join_room(room.id).await {
                fault.set(Some(refused));
            }
        });
    };

    view! {
        <div class="room-body">
            <form id="join-room" method="post" action=action class="card stack" on:submit=submit>
                <p>{move || text!(i18n, rooms.outside)}</p>
                {move || fault.get().map(|fault| view! {
                    <p class="field-error" role="alert">{fault_sentence(i18n, &fault)}</p>
                })}
                <button class="button primary">{move || text!(i18n, rooms.join)}</button>
            </form>
        </div>
    }
}
