//! The workbench, the live part of a page: lifecycle, demo, and frame log. The server renders it, and
//! the browser again; all around it is the server's alone.

use leptos::prelude::*;

use crate::{
    demos::{
        quick_chat::QuickChat, rooms::Rooms, session_chat::SessionChat, sockets::Sockets, web_socket::WebSocketDemo,
    },
    live::Link,
    parts::{connection::Connection, frame_log::FrameLog, life_line::ServerLife},
    state::note::Note,
    texts::{
        self,
        i18n::{Locale, td_string},
    },
};

/// Everything of a page that moves.
#[component]
pub(crate) fn Workbench(note: Note, locale: Locale) -> impl IntoView {
    texts::provide(locale);
    let link = Link::new();
    let demo = match note {
        Note::QuickChat => view! { <QuickChat link/> }.into_any(),
        Note::SessionChat => view! { <SessionChat link/> }.into_any(),
        Note::Sockets => view! { <Sockets link/> }.into_any(),
        Note::Rooms => view! { <Rooms link/> }.into_any(),
        Note::WebSocket => view! { <WebSocketDemo link/> }.into_any(),
    };
    // The notes that are about sockets themselves.
    let server_life =
        matches!(note, Note::Sockets | Note::WebSocket).then(|| view! { <ServerLife link/> }.into_any());

    view! {
        <div class="workbench">
            <Connection link choice=note != Note::WebSocket/>
            <div class="bench">
                <section class="panel demo">
                    <h2>{td_string!(locale, demo.heading)}</h2>
                    {demo}
                </section>
                <FrameLog link/>
            </div>
            {server_life}
        </div>
    }
    .into_any()
}
