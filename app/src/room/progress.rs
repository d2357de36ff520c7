//! The sync indicator: whether the page is up to date, and the result of comparing it with the server.

use lean::prelude::*;
use madang_client::check::{Outcome, Progress, progress};

use crate::{
    live::Chat,
    texts::{I18n, text, use_i18n},
};

/// The indicator. Pressed, it compares the room with the server's. It says nothing until the link is up, so the first
/// render is the same everywhere.
#[component]
pub(crate) fn ProgressButton() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let state = Memo::new(move |_| {
        let Some((room, held)) = chat.open.with(|open| open.as_ref().map(|open| (open.room.id, open.timeline.rev())))
        else {
            return Progress::Silent;
        };
        let head = chat.rooms.with(|rooms| rooms.by_id(room).and_then(|summary| summary.membership));
        let head = head.map_or(held, |membership| membership.rev);
        progress(chat.link.get(), chat.catching_up.get(), held, head, chat.check.get())
    });
    // Read out is what a person waits for and what is out of the ordinary: neither each number nor that all is well.
    let line = move |aloud: bool| match state.get() {
        Progress::Behind(_) if aloud => text!(i18n, progress.catching_up),
        Progress::Behind(count) => text!(i18n, progress.behind, count = count),
        Progress::Checked(Outcome::Same) => text!(i18n, progress.same),
        Progress::Checked(Outcome::Repaired) => text!(i18n, progress.repaired),
        Progress::Checking if !aloud => text!(i18n, progress.checking),
        Progress::CaughtUp if !aloud => text!(i18n, progress.caught_up),
        _ => String::new(),
    };
    let said = Memo::new(move |_| line(true));

    view! {
        <button
            type="button"
            id="progress"
            class="progress"
            class:behind=move || matches!(state.get(), Progress::Behind(_))
            hidden=move || state.get() == Progress::Silent
            title=move || title(chat, i18n)
            on:click=move |_| chat.compare()
        >
            {move || line(false)}
        </button>
        <span id="progress-said" class="visually-hidden" role="status">{move || said.get()}</span>
    }
}

fn title(chat: Chat, i18n: I18n) -> String {
    let mut title = text!(i18n, progress.compare);
    let repairs = chat.check.with(|check| check.repairs);
    if repairs > 0 {
        title = [&title, ". ", &text!(i18n, progress.repairs, count = repairs)].concat();
    }
    if chat.kept.get() == Some(false) {
        title = [&title, ". ", &text!(i18n, progress.unkept)].concat();
    }
    title
}
