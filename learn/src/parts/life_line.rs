//! The lifecycle diagram of the page's connection, updated live.

use leptos::prelude::*;

use crate::{
    live::Link,
    state::life::{End, Standing, Step},
    texts::{
        i18n::{Locale, td_string},
        locale,
    },
};

/// The five steps of the browser's socket. Where it is, is the current step.
#[component]
pub(crate) fn LifeLine(link: Link) -> impl IntoView {
    let locale = locale();
    let step = move |step: Step| {
        let standing = Memo::new(move |_| link.life.read().standing(step));
        view! {
            <li
                class="life-step"
                data-step=name(step)
                data-standing=move || word(standing.get())
                aria-current=move || (standing.get() == Standing::Now).then_some("step")
            >
                <strong>{title(locale, step)}</strong>
                <span>{move || detail(locale, step, link)}</span>
            </li>
        }
    };
    let count = Memo::new(move |_| link.life.read().count);

    view! {
        <ol class="life" aria-label=td_string!(locale, life.label)>
            {Step::ALL.map(step).collect_view()}
        </ol>
        <p class="life-count" role="status">
            {move || match count.get() {
                0 => td_string!(locale, life.none).to_owned(),
                1 => String::new(),
                count => td_string!(locale, life.count, count).to_string(),
            }}
        </p>
    }
    .into_any()
}

/// The same for a server's socket, which lives longer than any connection: explained, and lit where this page's
/// connection takes part.
#[component]
pub(crate) fn ServerLife(link: Link) -> impl IntoView {
    let locale = locale();
    let steps = [
        ("create", td_string!(locale, server_life.create), td_string!(locale, server_life.create_text), None),
        ("bind", td_string!(locale, server_life.bind), td_string!(locale, server_life.bind_text), None),
        ("listen", td_string!(locale, server_life.listen), td_string!(locale, server_life.listen_text), None),
        (
            "accept",
            td_string!(locale, server_life.accept),
            td_string!(locale, server_life.accept_text),
            Some(Step::Handshake),
        ),
        ("talk", td_string!(locale, server_life.talk), td_string!(locale, server_life.talk_text), Some(Step::Talk)),
        (
            "close",
            td_string!(locale, server_life.close),
            td_string!(locale, server_life.close_text),
            Some(Step::Close),
        ),
    ];
    let step = move |(name, title, text, with): (&'static str, &'static str, &'static str, Option<Step>)| {
        // What it does before anyone comes, it has done: otherwise this page would not be here.
        let standing = Memo::new(move |_| with.map_or(Standing::Done, |step| link.life.read().standing(step)));
        view! {
            <li class="life-step" data-step=name data-standing=move || word(standing.get())>
                <strong>{title}</strong>
                <span>{text}</span>
            </li>
        }
    };

    view! {
        <section class="panel server-life">
            <h2>{td_string!(locale, server_life.heading)}</h2>
            <ol class="life" aria-label=td_string!(locale, server_life.heading)>
                {steps.map(step).collect_view()}
            </ol>
        </section>
    }
    .into_any()
}

fn name(step: Step) -> &'static str {
    match step {
        Step::Create => "create",
        Step::Handshake => "handshake",
        Step::Open => "open",
        Step::Talk => "talk",
        Step::Close => "close",
    }
}

fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Ahead => "ahead",
        Standing::Now => "now",
        Standing::Done => "done",
    }
}

fn title(locale: Locale, step: Step) -> &'static str {
    match step {
        Step::Create => td_string!(locale, life.create),
        Step::Handshake => td_string!(locale, life.handshake),
        Step::Open => td_string!(locale, life.open),
        Step::Talk => td_string!(locale, life.talk),
        Step::Close => td_string!(locale, life.close),
    }
}

fn detail(locale: Locale, step: Step, link: Link) -> String {
    use crate::state::seen::Carrier;

    let life = link.life.read();
    match step {
        Step::Create => td_string!(locale, life.create_text).to_owned(),
        Step::Handshake => match life.carrier() {
            Some(Carrier::Polling) => td_string!(locale, life.handshake_polling).to_owned(),
            _ => td_string!(locale, life.handshake_text).to_owned(),
        },
        Step::Open => match link.id.get() {
            Some(id) => td_string!(locale, life.open_id, id).to_string(),
            None => td_string!(locale, life.open_text).to_owned(),
        },
        Step::Talk => td_string!(locale, life.talk_text, sent = life.sent, received = life.received).to_string(),
        Step::Close => match life.end() {
            Some(End::Here) => td_string!(locale, life.close_here),
            Some(End::Server) => td_string!(locale, life.close_server),
            Some(End::Lost) => td_string!(locale, life.close_lost),
            None => td_string!(locale, life.close_text),
        }
        .to_owned(),
    }
}
