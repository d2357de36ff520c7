//! The page `/rooms/new`: the form that creates a room.

use lean::prelude::*;
use leptos::{ev::SubmitEvent, task::spawn_local};
use madang_client::link::Link;
use madang_common::{
    fault::{Fault, FaultCode},
    limits::ROOM_NAME_CHARS,
    route,
    text::{RoomName, RoomTopic, TextError},
};
use web_sys::HtmlInputElement;

use super::signed_out::SignedOut;
use crate::{
    live::{Chat, address::Address},
    sidebar::{open_rooms::OpenRooms, rooms::RoomsNav},
    texts::{text, use_i18n},
    ui::{
        fault_text::{fault_sentence, text_sentence},
        field::Field,
        title::Title,
    },
};

/// The page with the form for a new room.
#[component]
pub(crate) fn NewRoom() -> impl IntoView {
    let i18n = use_i18n();
    let chat = expect_context::<Chat>();
    let signed_in = Memo::new(move |_| chat.me.read().is_some());
    let title = Memo::new(move |_| text!(i18n, app.title, page = text!(i18n, new_room.heading)));

    view! {
        <Title text=title/>
        {move || if signed_in.get() { view! { <Page/> } } else { view! { <SignedOut/> } }}
    }
}

#[component]
fn Page() -> impl IntoView {
    let i18n = use_i18n();
    let nowhere = Memo::new(|_| None);

    view! {
        <div class="page without-members">
            <RoomsNav current=nowhere/>
            <main class="room">
                <header class="room-header">
                    <OpenRooms current=nowhere/>
                    <h1>{move || text!(i18n, new_room.heading)}</h1>
                </header>
                <div class="room-body">
                    <RoomForm/>
                </div>
            </main>
        </div>
    }
}

/// Why a room was not made.
#[derive(Clone, PartialEq, Eq)]
enum Refusal {
    Name(TextError),
    Topic(TextError),
    Fault(Fault),
}

/// The room that was typed, or what is wrong with it.
fn parse(name: &str, topic: &str) -> Result<(RoomName, RoomTopic), Refusal> {
    Ok((RoomName::parse(name).map_err(Refusal::Name)?, RoomTopic::parse(topic).map_err(Refusal::Topic)?))
}

#[component]
fn RoomForm() -> impl IntoView {
    let i18n = use_i18n();
    let chat = expect_context::<Chat>();
    let address = expect_context::<Address>();
    let query = |name: &str| untrack(|| address.query(name));
    let (name, topic) = (query("name").unwrap_or_default(), query("topic").unwrap_or_default());
    // A plain form that was refused comes back with what was typed.
    let refusal = RwSignal::new(query("refused").map(|code| match TextError::from_code(&code, ROOM_NAME_CHARS) {
        Some(error) => Refusal::Name(error),
        None => match RoomTopic::parse(&topic) {
            Err(error) => Refusal::Topic(error),
            Ok(_) => Refusal::Fault(Fault::new(FaultCode::RoomExists, "")),
        },
    }));
    let name_error = Memo::new(move |_| match refusal.get()? {
        Refusal::Name(error) => Some(text_sentence(i18n, error)),
        Refusal::Fault(fault) => Some(fault_sentence(i18n, &fault)),
        Refusal::Topic(_) => None,
    });
    let topic_error = Memo::new(move |_| match refusal.get()? {
        Refusal::Topic(error) => Some(text_sentence(i18n, error)),
        Refusal::Name(_) | Refusal::Fault(_) => None,
    });
    let (name_input, topic_input) = (NodeRef::<HtmlInputElement>::new(), NodeRef::<HtmlInputElement>::new());
    let creating = RwSignal::new(false);

    let submit = move |event: SubmitEvent| {
        let (Some(name), Some(topic)) = (name_input.get_untracked(), topic_input.get_untracked()) else { return };
        let room = parse(&name.value(), &topic.value());
        // Without the live link, the form goes the way of plain forms.
        if room.is_ok() && chat.link.get_untracked() != Link::Live {
            return;
        }
        event.prevent_default();
        match room {
            Err(error) => refusal.set(Some(error)),
            Ok((name, topic)) if !creating.get_untracked() => {
                creating.set(true);
                spawn_local(async move {
                    match chat.create_room(name, topic).await {
                        Ok(slug) => address.go(&route::with(route::ROOM, slug.as_str())),
                        Err(fault) => refusal.set(Some(Refusal::Fault(fault))),
                    }
                    // The page may have been left for another while the server answered.
                    creating.try_set(false);
                });
            }
            Ok(_) => {}
        }
    };
    // What was refused last has the focus.
    effect(move || {
        let field = match refusal.get() {
            Some(Refusal::Topic(_)) => topic_input,
            Some(_) => name_input,
            None => return,
        };
        if let Some(field) = field.get_untracked() {
            field.focus().expect("focusing does not fail, even where it has no effect");
        }
    });

    view! {
        <form method="post" action=route::ROOMS class="card stack" on:submit=submit novalidate>
            <Field
                name="name"
                label=Memo::new(move |_| text!(i18n, new_room.name))
                hint=Memo::new(move |_| text!(i18n, new_room.name_hint))
                value=name
                error=name_error
                input=name_input
                autofocus=true
            />
            <Field
                name="topic"
                label=Memo::new(move |_| text!(i18n, new_room.topic))
                hint=Memo::new(move |_| text!(i18n, new_room.topic_hint))
                value=topic
                error=topic_error
                input=topic_input
            />
            <button class="button primary">
                {move || if creating.get() {
                    text!(i18n, new_room.creating)
                } else {
                    text!(i18n, new_room.submit)
                }}
            </button>
        </form>
    }
}
