//! The sockets demo: a chat, and the four ways in which a server emits.

use leptos::{ev::SubmitEvent, html, prelude::*};
use serde_json::{Value, json};

use super::try_emit::TryEmit;
use crate::{
    live::Link,
    parts::{scroller::Scroller, text_entry},
    state::{
        events::{CHAT_MESSAGE, HI, SOME_EVENT},
        lines::Lines,
    },
    texts::{i18n::td_string, locale},
};

/// The list, the form fixed at its bottom, and who gets what.
#[component]
pub(crate) fn Sockets(link: Link) -> impl IntoView {
    let locale = locale();
    let messages = RwSignal::new(Lines::<String>::default());
    let received = RwSignal::new(Lines::<(&'static str, String)>::default());
    let input = NodeRef::<html::Input>::new();
    Effect::new(move || {
        link.on(CHAT_MESSAGE, move |data: Value| {
            if let Some(text) = data.as_str() {
                messages.update(|messages| messages.push(text.to_owned()));
            }
        });
        link.on(HI, move |_| received.update(|received| received.push((HI, String::new()))));
        link.on(SOME_EVENT, move |data: Value| {
            received.update(|received| received.push((SOME_EVENT, data.to_string())));
        });
        link.start_socket_io();
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        text_entry::hand_over(input, |text| link.emit(CHAT_MESSAGE, &json!(text)));
    };

    view! {
        <div class="demo-page">
            <Scroller label=td_string!(locale, demo.log) class="demo-log flush" grown=move || messages.read().count()>
                <ul id="messages">
                    <For each=move || messages.read().to_vec() key=|(id, _)| *id let((_, text))>
                        <li dir="auto">{text}</li>
                    </For>
                </ul>
            </Scroller>
            <form id="form" class="entry" on:submit=submit>
                <label class="visually-hidden" for="input">{td_string!(locale, demo.message)}</label>
                <input
                    type="text"
                    dir="auto"
                    id="input"
                    autocomplete="off"
                    placeholder=td_string!(locale, demo.message)
                    node_ref=input
                />
                <button class="button primary">{td_string!(locale, demo.send)}</button>
            </form>
        </div>
        <TryEmit link/>
        <h3>{td_string!(locale, emit.received)}</h3>
        <Scroller label=td_string!(locale, emit.received) class="demo-log small" grown=move || received.read().count()>
            <ol id="received">
                <For each=move || received.read().to_vec() key=|(id, _)| *id let((_, (event, data)))>
                    <li class="line"><code>{event}</code>" "<bdi>{data}</bdi></li>
                </For>
            </ol>
        </Scroller>
    }
    .into_any()
}
