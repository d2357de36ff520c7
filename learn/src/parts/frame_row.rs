//! A row of the frame log: time, direction, the raw frame, and what it means.

use leptos::prelude::*;

use crate::{
    state::{
        log::Entry,
        meaning::{Meaning, head},
        seen::{Carrier, Direction, Seen},
    },
    texts::{
        i18n::{Locale, td_string},
        locale,
    },
};

/// A row. It never changes.
#[component]
pub(crate) fn FrameRow(entry: Entry) -> impl IntoView {
    let locale = locale();
    let Entry { at, seen, .. } = entry;
    let (way, sign, label) = match &seen {
        Seen::Frame { direction: Direction::In, .. } => ("in", "↓", td_string!(locale, log.received)),
        Seen::Frame { direction: Direction::Out, .. } => ("out", "↑", td_string!(locale, log.sent)),
        _ => ("event", "•", td_string!(locale, log.event)),
    };
    let raw = match &seen {
        Seen::Frame { raw, carrier, .. } => {
            let head = if *carrier == Carrier::Plain { 0 } else { head(raw) };
            let (head, rest) = raw.split_at(head);
            view! { <code class="raw"><b>{head.to_owned()}</b>{rest.to_owned()}</code> }.into_any()
        }
        _ => ().into_any(),
    };

    view! {
        <li class="frame" data-way=way>
            <time>{at}</time>
            <span class="way" title=label>
                <span aria-hidden="true">{sign}</span>
                <span class="visually-hidden">{label}</span>
            </span>
            <div class="frame-body">
                {raw}
                <p class="meaning">{sentence(locale, &seen)}</p>
            </div>
        </li>
    }
    .into_any()
}

fn sentence(locale: Locale, seen: &Seen) -> String {
    match seen {
        Seen::Connecting(Carrier::Polling) => td_string!(locale, seen.connecting_polling).to_owned(),
        Seen::Connecting(_) => td_string!(locale, seen.connecting_websocket).to_owned(),
        Seen::Open(Carrier::Polling) => td_string!(locale, seen.open_polling).to_owned(),
        Seen::Open(_) => td_string!(locale, seen.open_websocket).to_owned(),
        Seen::Closed(Carrier::Polling, _) => td_string!(locale, seen.closed_polling).to_owned(),
        Seen::Closed(_, Some(code)) => td_string!(locale, seen.closed_code, code = *code).to_string(),
        Seen::Closed(_, None) => td_string!(locale, seen.closed_websocket).to_owned(),
        Seen::Frame { meaning, .. } => explain(locale, meaning),
    }
}

fn explain(locale: Locale, meaning: &Meaning) -> String {
    match meaning {
        Meaning::Text => td_string!(locale, frame.text).to_owned(),
        Meaning::Open { ping_interval_ms, ping_timeout_ms, .. } => {
            let (every, within) = (ping_interval_ms / 1000, ping_timeout_ms / 1000);
            td_string!(locale, frame.open, every, within).to_string()
        }
        Meaning::EngineClose => td_string!(locale, frame.close).to_owned(),
        Meaning::Ping => td_string!(locale, frame.ping).to_owned(),
        Meaning::Pong => td_string!(locale, frame.pong).to_owned(),
        Meaning::Probe { answer: false } => td_string!(locale, frame.probe).to_owned(),
        Meaning::Probe { answer: true } => td_string!(locale, frame.probe_answer).to_owned(),
        Meaning::Upgrade => td_string!(locale, frame.upgrade).to_owned(),
        Meaning::Noop => td_string!(locale, frame.noop).to_owned(),
        Meaning::Join { namespace } => td_string!(locale, frame.join, namespace = namespace.clone()).to_string(),
        Meaning::Joined { namespace, id } => {
            td_string!(locale, frame.joined, namespace = namespace.clone(), id = id.clone()).to_string()
        }
        Meaning::Left { namespace } => td_string!(locale, frame.left, namespace = namespace.clone()).to_string(),
        Meaning::Event { name, args, ack, .. } => {
            let (name, args) = (name.clone(), args.clone());
            let event = if args.is_empty() {
                td_string!(locale, frame.event_bare, name).to_string()
            } else {
                td_string!(locale, frame.event, name, args).to_string()
            };
            match ack {
                Some(ack) => event + &td_string!(locale, frame.wants_ack, ack = *ack).to_string(),
                None => event,
            }
        }
        Meaning::Ack { args, ack, .. } => td_string!(locale, frame.ack, ack = *ack, args = args.clone()).to_string(),
        Meaning::Refused { namespace, why } => {
            td_string!(locale, frame.refused, namespace = namespace.clone(), why = why.clone()).to_string()
        }
        Meaning::Binary => td_string!(locale, frame.binary).to_owned(),
        Meaning::Unknown => td_string!(locale, frame.unknown).to_owned(),
    }
}
