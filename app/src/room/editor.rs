//! The editor of a message: replaces the message in its row while the user edits it.

use lean::prelude::*;
use leptos::task::spawn_local;
use madang_common::{
    id::MessageId,
    message::Body,
    text::{MessageText, TextError},
};
use web_sys::HtmlTextAreaElement;

use super::{
    composer::COMPOSER_TEXT,
    text_box::{TextBox, fit},
};
use crate::{
    live::{Chat, dom},
    state::ime::Ime,
    texts::{text, use_i18n},
    ui::fault_text::{fault_sentence, text_sentence},
};

/// The text of a message as a text box. What is typed is kept with the page's edits: it comes back with the row.
#[component]
pub(crate) fn Editor(
    message: MessageId,
    /// What the message says as it is.
    body: Memo<Body>,
) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let node = NodeRef::<HtmlTextAreaElement>::new();
    let ime = StoredValue::new(Ime::default());
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<String>);

    let before = move || {
        body.with_untracked(|body| match body {
            Body::Text { text, .. } => Some(text.clone()),
            _ => None,
        })
    };
    // Elsewhere, by the same person. What was typed stays, to be copied.
    let deleted = Memo::new(move |_| body.with(|body| !matches!(body, Body::Text { .. })));
    let save = move || {
        let (Some(area), Some(before)) = (node.get_untracked(), before()) else { return };
        if busy.get_untracked() {
            return;
        }
        match MessageText::parse(&area.value()) {
            Ok(text) if text == before => close(chat, message),
            Ok(text) => {
                busy.set(true);
                spawn_local(async move {
                    let saved = chat.edit(message, text.clone()).await;
                    // The row may be gone meanwhile, and its signals with it.
                    busy.try_set(false);
                    match saved {
                        Ok(()) if chat.edits.with_untracked(|edits| edits.is_at(message, &text)) => {
                            close(chat, message)
                        }
                        // Somebody typed on. That is not saved, so the editor stays.
                        Ok(()) => {}
                        Err(fault) => {
                            trouble.try_set(Some(untrack(|| fault_sentence(i18n, &fault))));
                        }
                    }
                });
            }
            // Taking everything out is not deleting: that is asked for by its own button.
            Err(error @ (TextError::Blank | TextError::TooLong(_))) => {
                trouble.set(Some(untrack(|| text_sentence(i18n, error))));
            }
            Err(_) => {}
        }
    };
    let save = Callback::new(move |()| save());
    let typed = move || {
        trouble.set(None);
        let Some(area) = node.get_untracked() else { return };
        chat.edits.maybe_update(|edits| {
            edits.note(message, area.value());
            // Nothing is drawn from it while the editor is there.
            false
        });
    };

    effect(move || {
        let Some(area) = node.get() else { return };
        let typed = chat.edits.with_untracked(|edits| edits.typed(message));
        let text = typed.or_else(|| before().map(|text| text.to_string()));
        area.set_value(&text.unwrap_or_default());
        fit(node);
        let mut is_new = false;
        chat.edits.maybe_update(|edits| {
            is_new = edits.take_new(message);
            false
        });
        if is_new {
            area.focus().expect("focusing does not fail, even where it has no effect");
            let end = area.value().encode_utf16().count() as u32;
            area.set_selection_range(end, end).expect("a text area has a selection");
        }
    });

    view! {
        <div class="editor">
            <TextBox
                node
                ime
                label=Memo::new(move |_| text!(i18n, room.edit_label))
                on_send=save
                on_change=Callback::new(move |()| typed())
                on_escape=Callback::new(move |()| close(chat, message))
            />
            <div class="editor-buttons">
                <button type="button" class="button primary" disabled=move || busy.get() || deleted.get() on:click=move |_| save.run(())>
                    {move || text!(i18n, room.save)}
                </button>
                <button type="button" class="button" on:click=move |_| close(chat, message)>{move || text!(i18n, app.cancel)}</button>
            </div>
            {move || {
                let sentence = if deleted.get() { Some(text!(i18n, fault.deleted)) } else { trouble.get() };
                sentence.map(|sentence| view! { <p class="trouble" role="alert">{sentence}</p> })
            }}
        </div>
    }
}

/// The edit was saved, or given up.
fn close(chat: Chat, message: MessageId) {
    chat.edits.update(|edits| edits.end(message));
    // The text area that had the focus goes away.
    dom::focus(COMPOSER_TEXT);
}
