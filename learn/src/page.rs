//! The learn pages as documents, rendered on the server; the browser renders only the workbench again.

use leptos::{nonce::use_nonce, prelude::*};

use crate::{
    article, place,
    state::note::Note,
    texts::{
        self,
        i18n::{Locale, td_string},
    },
    workbench::Workbench,
};

/// Where the browser finds the files of these pages: paths from the root, with hashed names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    pub js: String,
    pub wasm: String,
    pub css: String,
}

/// How a page looks: what its reader has chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// `ko` or `en`.
    pub lang: String,
    /// As the attribute `data-theme` has it.
    pub theme: &'static str,
}

/// What this server lets the notes' chats do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speech {
    /// They may speak in the lobby.
    On,
    /// They only hear what is said there.
    ReadOnly,
    /// They may not connect.
    Off,
}

/// The sentence that the live part is not there, which `start.js` shows.
const NOT_LIVE: &str = "not-live";

/// The page of a note, or the list of all. Wants a nonce as a context.
#[must_use]
pub fn page(files: &Files, look: &Look, note: Option<Note>, speech: Speech) -> impl IntoView + use<> {
    let locale = texts::parse(&look.lang);
    let nonce = use_nonce();
    // The list of all pages is plain HTML.
    let start = note.map(|_| {
        let Files { js, wasm, .. } = files;
        let script = format!("const js='{js}',wasm='{wasm}',notice='{NOT_LIVE}';\n{}", include_str!("start.js"));
        view! {
            <link rel="modulepreload" href=files.js.clone()/>
            <link rel="preload" href=files.wasm.clone() r#as="fetch" r#type="application/wasm" crossorigin=""/>
            <script type="module" nonce=nonce inner_html=script></script>
        }
    });
    let heading = note.map_or_else(|| td_string!(locale, index.heading), |note| title(locale, note));
    let back = note.map_or_else(|| "/learn".to_owned(), Note::path);

    view! {
        <!DOCTYPE html>
        <html lang=look.lang.clone() data-theme=look.theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"/>
                <meta name="color-scheme" content="light dark"/>
                // A title has no markup in it, not even the marks that a text among elements gets.
                <title inner_html=td_string!(locale, page.title, page = heading).to_string()></title>
                <link rel="stylesheet" href=files.css.clone()/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                {start}
            </head>
            <body class="learn">
                {header(locale, note)}
                <main>
                    {match note {
                        Some(note) => note_page(locale, note, speech).into_any(),
                        None => index_page(locale).into_any(),
                    }}
                </main>
                {footer(locale, look.theme, &back)}
            </body>
        </html>
    }
}

fn header(locale: Locale, here: Option<Note>) -> impl IntoView {
    let link = move |note: Note| {
        view! {
            <li>
                <a href=note.path() aria-current=(here == Some(note)).then_some("page")>{title(locale, note)}</a>
            </li>
        }
    };
    view! {
        <header class="learn-header">
            <a class="brand" href="/learn" aria-current=here.is_none().then_some("page")>
                {td_string!(locale, page.name)}
            </a>
            <nav aria-label=td_string!(locale, page.pages)>
                <ol>{Note::ALL.map(link).collect_view()}</ol>
            </nav>
            <a class="button quiet to-chat" href="/">{td_string!(locale, page.to_chat)}</a>
        </header>
    }
}

fn note_page(locale: Locale, note: Note, speech: Speech) -> impl IntoView {
    let notice = match speech {
        Speech::On => None,
        Speech::ReadOnly => Some(td_string!(locale, page.read_only)),
        Speech::Off => Some(td_string!(locale, page.switched_off)),
    };
    let place = view! {
        <div id=place::ID>
            <Workbench note locale/>
        </div>
    }
    .attr(place::NOTE, note.slug())
    .attr(place::LANG, locale.to_string());
    view! {
        <div class="learn-lead">
            <p class="kicker">{td_string!(locale, page.number, number = note.number()).to_string()}</p>
            <h1>{title(locale, note)}</h1>
            <p>{lead(locale, note)}</p>
            {notice.map(|notice| view! { <p class="notice-card">{notice}</p> })}
            <noscript>
                <p class="notice-card">{td_string!(locale, page.no_script)}</p>
            </noscript>
            <p id=NOT_LIVE class="notice-card" role="status" hidden>{td_string!(locale, page.not_live)}</p>
        </div>
        {place}
        <article class="prose" inner_html=article::html(note, locale)></article>
        {note.next().map(|next| view! {
            <p class="learn-next">
                <a class="button primary" href=next.path()>
                    {td_string!(locale, page.next, page = title(locale, next)).to_string()}
                </a>
            </p>
        })}
    }
}

fn index_page(locale: Locale) -> impl IntoView {
    let card = move |note: Note| {
        view! {
            <li>
                <a class="note-card" href=note.path()>
                    <span class="kicker" aria-hidden="true">{note.number()}</span>
                    <strong>{title(locale, note)}</strong>
                    <span>{lead(locale, note)}</span>
                </a>
            </li>
        }
    };
    view! {
        <div class="learn-lead">
            <h1>{td_string!(locale, index.heading)}</h1>
            <p>{td_string!(locale, index.lead)}</p>
        </div>
        <ol class="note-cards">{Note::ALL.map(card).collect_view()}</ol>
        <p class="learn-origin">{td_string!(locale, index.origin)}</p>
    }
}

/// Language and theme, as plain forms: they lead back to this page.
fn footer(locale: Locale, theme: &'static str, back: &str) -> impl IntoView {
    let choice = |name: &'static str, value: &'static str, text: &'static str, chosen: bool| {
        view! {
            <button
                name=name
                value=value
                lang=(name == "lang").then_some(value)
                aria-pressed=if chosen { "true" } else { "false" }
            >
                {text}
            </button>
        }
    };
    let form = |label: &'static str, buttons: AnyView| {
        view! {
            <form method="post" action="/settings">
                <input type="hidden" name="back" value=back.to_owned()/>
                <div role="group" aria-label=label class="choices-row">{buttons}</div>
            </form>
        }
    };
    let languages = view! {
        {choice("lang", "ko", "한국어", locale == Locale::ko)}
        {choice("lang", "en", "English", locale == Locale::en)}
    };
    let themes = view! {
        {choice("theme", "light", td_string!(locale, page.light), theme == "light")}
        {choice("theme", "dark", td_string!(locale, page.dark), theme == "dark")}
        {choice("theme", "system", td_string!(locale, page.system), theme == "system")}
    };
    view! {
        <footer class="learn-footer">
            {form(td_string!(locale, page.language), languages.into_any())}
            {form(td_string!(locale, page.theme), themes.into_any())}
        </footer>
    }
}

fn title(locale: Locale, note: Note) -> &'static str {
    match note {
        Note::QuickChat => td_string!(locale, quick_chat.title),
        Note::SessionChat => td_string!(locale, session_chat.title),
        Note::Sockets => td_string!(locale, sockets.title),
        Note::Rooms => td_string!(locale, rooms.title),
        Note::WebSocket => td_string!(locale, websocket.title),
    }
}

fn lead(locale: Locale, note: Note) -> &'static str {
    match note {
        Note::QuickChat => td_string!(locale, quick_chat.lead),
        Note::SessionChat => td_string!(locale, session_chat.lead),
        Note::Sockets => td_string!(locale, sockets.lead),
        Note::Rooms => td_string!(locale, rooms.lead),
        Note::WebSocket => td_string!(locale, websocket.lead),
    }
}
