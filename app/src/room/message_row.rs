//! A row of the timeline: a message, pending or settled, drawn by the same component.

use lean::prelude::*;
use madang_common::{
    id::{MessageId, Seq},
    message::Body,
};

use super::{
    editor::Editor,
    message_actions::{FailedActions, SettledActions},
    message_text::MessageBody,
};
use crate::{
    live::Chat,
    state::{
        bidi::isolated,
        rows::{Delivery, MessageRow as Row},
    },
    texts::{text, use_i18n},
    ui::{avatar::Avatar, local_time::LocalTime},
};

/// A message, or the notice that somebody joined or left.
#[component]
pub(crate) fn MessageRow(row: Memo<Row>) -> impl IntoView {
    if row.with_untracked(|row| matches!(row.body, Body::Joined | Body::Left)) {
        view! { <Notice row/> }
    } else {
        view! { <Message row/> }
    }
}

#[component]
fn Notice(row: Memo<Row>) -> impl IntoView {
    let i18n = use_i18n();
    let name = row.with_untracked(|row| isolated(row.author.name.as_str()));
    let sentence = move || match row.with(|row| row.body == Body::Joined) {
        true => text!(i18n, room.joined, name = &name),
        false => text!(i18n, room.left_room, name = &name),
    };

    view! {
        <p class="notice" data-seq=move || settled(row).map(|(_, seq)| seq.to_string())>
            {move || sentence()}
        </p>
    }
}

#[component]
fn Message(row: Memo<Row>) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let (author, client_id) = row.with_untracked(|row| (row.author.clone(), row.client_id));
    let (author, is_outside) = (author.name.to_string(), author.outside);
    let avatar_of = author.clone();
    let state = Memo::new(move |_| row.with(|row| row.state.clone()));
    let body = Memo::new(move |_| row.with(|row| row.body.clone()));
    // Not whether it may be edited: if it is deleted meanwhile, the editor says so and keeps what was typed.
    let editing = Memo::new(move |_| {
        let settled = settled(row).map(|(id, _)| id);
        settled.filter(|id| chat.edits.with(|edits| edits.has(*id)))
    });
    // What the buttons depend on, and nothing else, so that they keep the focus when a neighbour changes.
    let own = Memo::new(move |_| {
        settled(row).filter(|_| row.with(|row| row.mine && matches!(row.body, Body::Text { .. })))
    });
    let content = move || match editing.get() {
        Some(message) => view! { <Editor message body/> },
        None => view! { <MessageBody body/> },
    };
    // In the line of its words, so that it lies over none of them.
    let on_its_way = move || {
        let is_pending = state.with(|state| *state == Delivery::Pending);
        is_pending.then(|| view! { <span class="on-its-way">{move || text!(i18n, room.pending)}</span> })
    };
    let actions = move || match own.get() {
        Some((message, seq)) if editing.get().is_none() => {
            let on_edit = Callback::new(move |()| {
                let held = chat.open.with_untracked(|open| open.as_ref()?.timeline.between(seq, seq).next().cloned());
                if let Some(held) = held.filter(|held| held.id == message) {
                    chat.edits.update(|edits| edits.begin(held));
                }
            });
            view! { <SettledActions message on_edit/> }
        }
        _ => match state.get() {
            Delivery::Settled { .. } | Delivery::Pending => ().into_any(),
            Delivery::Failed(fault) => view! { <FailedActions client_id fault/> },
        },
    };

    view! {
        <article
            class="message"
            class:head=move || row.with(|row| row.head)
            class:mine=move || row.with(|row| row.mine)
            data-seq=move || settled(row).map(|(_, seq)| seq.to_string())
            data-id=move || settled(row).map(|(id, _)| id.to_string())
            data-client=client_id.to_string()
            data-state=move || match state.get() {
                Delivery::Settled { .. } => "settled",
                Delivery::Pending => "pending",
                Delivery::Failed(_) => "failed",
            }
        >
            <div class="message-face">
                {move || row.with(|row| row.head).then(|| view! { <Avatar name=avatar_of.clone()/> })}
            </div>
            <div class="message-about">
                <span class="author" dir="auto">{author}</span>
                {is_outside.then(|| view! {
                    <span class="outside" title=move || text!(i18n, room.outside_explained)>
                        {move || text!(i18n, room.outside)}
                    </span>
                })}
                <LocalTime at=Memo::new(move |_| row.with(|row| row.sent_at))/>
            </div>
            <div class="message-content">{move || content()}{move || on_its_way()}</div>
            {move || actions()}
        </article>
    }
}

fn settled(row: Memo<Row>) -> Option<(MessageId, Seq)> {
    row.with(|row| match row.state {
        Delivery::Settled { id, seq } => Some((id, seq)),
        _ => None,
    })
}
