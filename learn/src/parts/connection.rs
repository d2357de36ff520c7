//! The connection panel: the lifecycle of the connection, with buttons to connect and disconnect.

use leptos::prelude::*;

use super::life_line::LifeLine;
use crate::{
    live::{Link, Transports},
    texts::{
        i18n::{Locale, td_string},
        locale,
    },
};

/// The life of the connection, with its buttons.
#[component]
pub(crate) fn Connection(
    link: Link,
    /// Whether what carries it can be chosen, as with Socket.IO.
    choice: bool,
) -> impl IntoView {
    let locale = locale();
    let is_open = Memo::new(move |_| link.life.read().is_open());

    view! {
        <section class="panel connection">
            <h2>{td_string!(locale, life.heading)}</h2>
            <LifeLine link/>
            <div class="controls">
                <button
                    type="button"
                    class="button"
                    id="connect"
                    disabled=move || is_open.get()
                    on:click=move |_| link.connect()
                >
                    {td_string!(locale, life.connect)}
                </button>
                <button
                    type="button"
                    class="button"
                    id="disconnect"
                    disabled=move || !is_open.get()
                    on:click=move |_| link.disconnect()
                >
                    {td_string!(locale, life.disconnect)}
                </button>
                {choice.then(|| view! { <TransportChoice link/> })}
            </div>
            <p class="field-error" role="status" id="unsent">
                {move || link.unsent.get().then(|| td_string!(locale, life.unsent))}
            </p>
        </section>
    }
    .into_any()
}

#[component]
fn TransportChoice(link: Link) -> impl IntoView {
    let locale = locale();
    let button = move |transports: Transports| {
        view! {
            <button
                type="button"
                aria-pressed=move || if link.transports.get() == transports { "true" } else { "false" }
                on:click=move |_| link.choose(transports)
            >
                {transports_name(locale, transports)}
            </button>
        }
    };
    view! {
        <div class="choices-row" role="group" aria-label=td_string!(locale, life.transports) id="transports">
            {Transports::ALL.map(button).collect_view()}
        </div>
    }
    .into_any()
}

fn transports_name(locale: Locale, transports: Transports) -> &'static str {
    match transports {
        Transports::WebSocket => td_string!(locale, life.websocket),
        Transports::Polling => td_string!(locale, life.polling),
        Transports::Upgrade => td_string!(locale, life.upgrade),
    }
}
