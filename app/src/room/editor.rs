//! Changing what one has said, in its place.

use leptos::{prelude::*, task::spawn_local};
use madang_common::{
    id::MessageId,
    text::{MessageText, TextError},
};
use web_sys::HtmlTextAreaElement;

use super::text_box::{TextBox, fit};
use crate::{
    live::Chat,
    markup::{NodeRef, view},
    reactive::{Memo, RwSignal, effect},
    state::ime::Ime,
    texts::{text, use_i18n},
    ui::fault_text::{fault_sentence, text_sentence},
};

/// The text of a message as a text box.
#[component]
pub(crate) fn Editor(
    message: MessageId,
    /// The text as it is.
    text: MessageText,
    /// It was saved, or given up.
    on_close: Callback<()>,
) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let node = NodeRef::<HtmlTextAreaElement>::new();
    let ime = StoredValue::new(Ime::default());
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<String>);

    let before = text.clone();
    let save = move || {
        let Some(area) = node.get_untracked().filter(|_| !busy.get_untracked()) else { return };
        match MessageText::parse(&area.value()) {
            Ok(text) if text == before => on_close.run(()),
            Ok(text) => {
                busy.set(true);
                spawn_local(async move {
                    match chat.edit(message, text).await {
                        Ok(()) => on_close.run(()),
                        Err(fault) => {
                            // The row may be gone meanwhile, and its signals with it.
                            busy.try_set(false);
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

    effect(move || {
        let Some(area) = node.get() else { return };
        area.set_value(text.as_str());
        fit(node);
        area.focus().expect("focusing does not fail, even where it has no effect");
        let end = area.value().encode_utf16().count() as u32;
        area.set_selection_range(end, end).expect("a text area has a selection");
    });

    view! {
        <div class="editor">
            <TextBox
                node
                ime
                label=Memo::new(move |_| text!(i18n, room.edit_label))
                on_send=save
                on_change=Callback::new(move |()| trouble.set(None))
                on_escape=on_close
            />
            <div class="editor-buttons">
                <button type="button" class="button primary" disabled=move || busy.get() on:click=move |_| save.run(())>
                    {move || text!(i18n, room.save)}
                </button>
                <button type="button" class="button" on:click=move |_| on_close.run(())>{move || text!(i18n, app.cancel)}</button>
            </div>
            {move || trouble.get().map(|sentence| view! { <p class="trouble" role="alert">{sentence}</p> })}
        </div>
    }
}
