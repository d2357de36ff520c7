//! The live region for screen readers: announces new messages of others, never history.

use lean::prelude::*;

use crate::{
    live::Chat,
    texts::{text, use_i18n},
    ui::list::{Item, List},
};

/// With more messages than this at once, only their number is read out.
const MOST: usize = 3;
/// How many remarks stay in the page. What is read out must not vanish before it has been.
const KEPT: usize = 6;

#[derive(Clone)]
enum Remark {
    Said(String),
    Count(usize),
}

/// The live region.
#[component]
pub(crate) fn Announcer() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    // Numbered, so that the same words said again are a new paragraph and read out again.
    let remarks = RwSignal::new(Vec::<(u32, Remark)>::new());

    let mut is_first = true;
    effect(move || {
        let heard = chat.heard.get();
        let is_history = std::mem::take(&mut is_first);
        if heard.is_empty() {
            return;
        }
        chat.heard.set(Vec::new());
        // What came while no room was shown.
        if is_history {
            return;
        }
        let news = if heard.len() > MOST {
            vec![Remark::Count(heard.len())]
        } else {
            let said = heard.into_iter().filter_map(|message| match message.body {
                madang_common::message::Body::Text { text, .. } => {
                    Some(Remark::Said([message.author.name.as_str(), ": ", text.as_str()].concat()))
                }
                _ => None,
            });
            said.collect()
        };
        remarks.update(|remarks| {
            let last = remarks.last().map_or(0, |(number, _)| *number);
            remarks.extend((last + 1..).zip(news));
            remarks.drain(..remarks.len().saturating_sub(KEPT));
        });
    });

    let paragraph = move |(number, remark): (u32, Remark)| {
        Item::new(number.to_string(), move || match remark {
            Remark::Said(text) => view! { <p>{text}</p> },
            Remark::Count(count) => view! { <p>{move || text!(i18n, room.new_many, count = count)}</p> },
        })
    };
    view! {
        <div id="announcer" class="visually-hidden" aria-live="polite" aria-relevant="additions">
            <List rows=Box::new(move || remarks.get().into_iter().map(paragraph).collect())/>
        </div>
    }
}
