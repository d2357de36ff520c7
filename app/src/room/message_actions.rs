//! The actions on the user's own messages: edit and delete; retry and discard for unsent ones.

use lean::prelude::*;
use leptos::{ev, task::spawn_local};
use madang_common::{
    fault::Fault,
    id::{ClientId, MessageId},
    route,
};
use web_sys::HtmlDialogElement;

use crate::{
    live::Chat,
    texts::{text, use_i18n},
    ui::{
        dialog::{Confirm, ask},
        fault_text::fault_sentence,
    },
};

/// The message that is to be deleted, and what came of it: one question serves all rows. A context of the timeline.
#[derive(Clone, Copy)]
pub(crate) struct Deletion {
    dialog: NodeRef<HtmlDialogElement>,
    message: RwSignal<Option<MessageId>>,
    refused: RwSignal<Option<(MessageId, Fault)>>,
}

impl Deletion {
    pub(crate) fn new() -> Self {
        Self { dialog: NodeRef::new(), message: RwSignal::new(None), refused: RwSignal::new(None) }
    }
}

/// The question whether to delete a message.
#[component]
pub(crate) fn DeleteQuestion(deletion: Deletion) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let confirmed = move |()| {
        let Some(message) = deletion.message.get_untracked() else { return };
        deletion.refused.set(None);
        spawn_local(async move {
            if let Err(fault) = chat.delete(message).await {
                // The timeline may be gone meanwhile.
                deletion.refused.try_set(Some((message, fault)));
            }
        });
    };

    view! {
        <Confirm
            dialog=deletion.dialog
            id="delete-question"
            question=Memo::new(move |_| text!(i18n, room.delete_question))
            explanation=Memo::new(move |_| text!(i18n, room.delete_explained))
            action=Memo::new(move |_| text!(i18n, room.delete))
            on_confirm=Callback::new(confirmed)
        />
    }
}

/// The buttons of a message that is stored. Deleting works without Wasm too.
#[component]
pub(crate) fn SettledActions(message: MessageId, on_edit: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let deletion = expect_context::<Deletion>();
    let delete = move |event: ev::SubmitEvent| {
        event.prevent_default();
        deletion.message.set(Some(message));
        ask(deletion.dialog);
    };
    let refused = move || {
        let refused = deletion.refused.get().filter(|(refused, _)| *refused == message);
        refused.map(|(_, fault)| view! { <p class="trouble" role="alert">{fault_sentence(i18n, &fault)}</p> })
    };

    view! {
        <div class="actions">
            <button type="button" class="button quiet live-only" on:click=move |_| on_edit.run(())>
                {move || text!(i18n, room.edit)}
            </button>
            <form method="post" action=route::with(route::DELETE_MESSAGE, &message.to_string()) on:submit=delete>
                <button type="submit" class="button quiet">{move || text!(i18n, room.delete)}</button>
            </form>
        </div>
        {move || refused()}
    }
}

/// Why a message was refused, and what can be done about it.
#[component]
pub(crate) fn FailedActions(client_id: ClientId, fault: Fault) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();

    view! {
        <div class="failure">
            <p class="trouble" role="alert">{move || fault_sentence(i18n, &fault)}</p>
            <button type="button" class="button" on:click=move |_| chat.retry(client_id)>{move || text!(i18n, room.retry)}</button>
            <button type="button" class="button" on:click=move |_| chat.discard(client_id)>
                {move || text!(i18n, room.discard)}
            </button>
        </div>
    }
}
