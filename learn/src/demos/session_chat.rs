//! The session chat demo: everyone, including the sender, receives what was sent; with acknowledgements.

use leptos::{ev::SubmitEvent, html, prelude::*};
use serde_json::{Value, json};

use crate::{
    live::Link,
    parts::{scroller::Scroller, text_entry},
    state::{
        events::{MY_EVENT, MY_RESPONSE},
        lines::Lines,
    },
    texts::{i18n::td_string, locale},
};

/// The rows above, name and message below.
#[component]
pub(crate) fn SessionChat(link: Link) -> impl IntoView {
    let locale = locale();
    let rows = RwSignal::new(Lines::<(String, String)>::default());
    let acks = RwSignal::new(0_u32);
    let name = NodeRef::<html::Input>::new();
    let message = NodeRef::<html::Input>::new();
    Effect::new(move || {
        link.on(MY_RESPONSE, move |data: Value| {
            // What the pages send when they connect has no name, and is not drawn.
            if let (Some(name), Some(message)) = (data["user_name"].as_str(), data["message"].as_str()) {
                rows.update(|rows| rows.push((name.to_owned(), message.to_owned())));
            }
        });
        link.start_socket_io();
    });
    // Once for each connection.
    Effect::new(move || {
        if link.id.read().is_some() {
            link.emit(MY_EVENT, &json!({ "data": "User Connected" }));
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(name) = text_entry::read(name) else { return };
        text_entry::hand_over(message, |text| {
            let data = json!({ "user_name": name, "message": text });
            link.emit_with_ack(MY_EVENT, &data, move |_| acks.update(|acks| *acks += 1))
        });
    };
    let is_empty = Memo::new(move |_| rows.read().count() == 0);

    view! {
        <Scroller label=td_string!(locale, demo.log) class="demo-log" grown=move || rows.read().count()>
            <div class="message_holder">
                <Show when=move || is_empty.get()>
                    // The note's own words, in its own language.
                    <h3 lang="en">"No message yet.."</h3>
                </Show>
                <For each=move || rows.read().to_vec() key=|(id, _)| *id let((_, (name, text)))>
                    <p class="line"><b dir="auto">{name}</b>" "<bdi>{text}</bdi></p>
                </For>
            </div>
        </Scroller>
        <form class="entry named" on:submit=submit>
            <label class="visually-hidden" for="user_name">{td_string!(locale, demo.name)}</label>
            <input
                type="text"
                dir="auto"
                id="user_name"
                class="username"
                autocomplete="nickname"
                required
                placeholder=td_string!(locale, demo.name)
                node_ref=name
            />
            <label class="visually-hidden" for="message">{td_string!(locale, demo.message)}</label>
            <input
                type="text"
                dir="auto"
                id="message"
                class="message"
                autocomplete="off"
                placeholder=td_string!(locale, demo.message)
                node_ref=message
            />
            <button class="button primary">{td_string!(locale, demo.send)}</button>
        </form>
        <p class="field-hint" role="status" id="acks">
            {move || td_string!(locale, demo.acks, count = acks.get()).to_string()}
        </p>
    }
    .into_any()
}
