//! The quick chat demo: `send_message` to the server, `message_from_server` back.

use leptos::{ev::SubmitEvent, html, prelude::*};
use serde_json::{Value, json};

use crate::{
    live::Link,
    parts::{scroller::Scroller, text_entry},
    state::{
        events::{MESSAGE_FROM_SERVER, SEND_MESSAGE},
        lines::Lines,
    },
    texts::{i18n::td_string, locale},
};

/// Who a line of the log is of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    You,
    Server,
}

/// The log above, the field and its button below.
#[component]
pub(crate) fn QuickChat(link: Link) -> impl IntoView {
    let locale = locale();
    let lines = RwSignal::new(Lines::<(By, String)>::default());
    let input = NodeRef::<html::Input>::new();
    Effect::new(move || {
        link.on(MESSAGE_FROM_SERVER, move |data: Value| {
            if let Some(text) = data["text"].as_str() {
                lines.update(|lines| lines.push((By::Server, text.to_owned())));
            }
        });
        link.start_socket_io();
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        text_entry::hand_over(input, |text| {
            let sent = link.emit(SEND_MESSAGE, &json!({ "text": text }));
            if sent {
                lines.update(|lines| lines.push((By::You, text)));
            }
            sent
        });
    };

    view! {
        <Scroller label=td_string!(locale, demo.log) class="demo-log" grown=move || lines.read().count()>
            <div id="chat">
                <For each=move || lines.read().to_vec() key=|(id, _)| *id let((_, (by, text)))>
                    <p class="line" class:own=by == By::You>
                        <b>{match by {
                            By::You => td_string!(locale, demo.you),
                            By::Server => td_string!(locale, demo.server),
                        }}</b>
                        ": "
                        <bdi>{text}</bdi>
                    </p>
                </For>
            </div>
        </Scroller>
        <form class="entry" on:submit=submit>
            <label class="visually-hidden" for="textfield_input">{td_string!(locale, demo.message)}</label>
            <input
                type="text"
                dir="auto"
                id="textfield_input"
                autocomplete="off"
                placeholder=td_string!(locale, demo.message)
                node_ref=input
            />
            <button class="button primary" id="send_button">{td_string!(locale, demo.send)}</button>
        </form>
    }
    .into_any()
}
