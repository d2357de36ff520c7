//! The WebSocket demo: the browser's own WebSocket, with bare text and no events.

use leptos::{ev::SubmitEvent, html, prelude::*};

use crate::{
    live::Link,
    parts::{scroller::Scroller, text_entry},
    state::lines::Lines,
    texts::{i18n::td_string, locale},
};

/// The frames as lines, and a field for the next one.
#[component]
pub(crate) fn WebSocketDemo(link: Link) -> impl IntoView {
    let locale = locale();
    let lines = RwSignal::new(Lines::<(bool, String)>::default());
    let input = NodeRef::<html::Input>::new();
    Effect::new(move || {
        link.start_plain(move |text| lines.update(|lines| lines.push((false, text))));
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        text_entry::hand_over(input, |text| {
            let sent = link.send(&text);
            if sent {
                lines.update(|lines| lines.push((true, text)));
            }
            sent
        });
    };

    view! {
        <Scroller label=td_string!(locale, demo.log) class="demo-log" grown=move || lines.read().count()>
            <ol id="texts">
                <For each=move || lines.read().to_vec() key=|(id, _)| *id let((_, (own, text)))>
                    <li class="line" class:own=own>
                        {own.then(|| view! { <b>{td_string!(locale, demo.you)}</b>": " })}
                        <bdi>{text}</bdi>
                    </li>
                </For>
            </ol>
        </Scroller>
        <form class="entry" on:submit=submit>
            <label class="visually-hidden" for="text">{td_string!(locale, demo.message)}</label>
            <input
                type="text"
                dir="auto"
                id="text"
                autocomplete="off"
                placeholder=td_string!(locale, demo.message)
                node_ref=input
            />
            <button class="button primary">{td_string!(locale, demo.send)}</button>
        </form>
    }
    .into_any()
}
