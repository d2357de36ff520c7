//! The composer: the form in which a message is written.

use lean::prelude::*;
use leptos::ev;
use madang_common::{
    id::RoomId,
    limits::MESSAGE_CHARS,
    route,
    text::{MessageText, TextError},
};
use web_sys::HtmlTextAreaElement;

use super::text_box::{TextBox, fit};
use crate::{
    backend::FirstPaint,
    live::Chat,
    state::ime::Ime,
    texts::{text, use_i18n},
};

/// The composer's text area.
pub(super) const COMPOSER_TEXT: &str = "composer-text";
/// From how few characters on the composer says how many are left.
const NEARLY_FULL: usize = 200;

/// The composer of the open room. Without Wasm it is a plain form.
#[component]
pub(crate) fn Composer(
    /// The open room: each has a composer of its own.
    room: RoomId,
) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let form_client_id = use_context::<FirstPaint>().and_then(|paint| paint.form_client_id);
    let action = chat
        .open
        .with_untracked(|open| open.as_ref().map(|open| route::with(route::MESSAGES, open.room.slug.as_str())));
    let node = NodeRef::<HtmlTextAreaElement>::new();
    let ime = StoredValue::new(Ime::default());
    let length = RwSignal::new(0);

    let changed = move || {
        let Some(area) = node.get_untracked() else { return };
        let text = area.value();
        length.set(MessageText::parse(&text).map_or_else(
            |error| if error == TextError::Blank { 0 } else { text.trim_end().chars().count() },
            |text| text.as_str().chars().count(),
        ));
        chat.typing(room, !text.trim().is_empty());
        chat.keep_draft(room, text);
    };
    let send = move || {
        let Some(area) = node.get_untracked() else { return };
        // A blank text says nothing; one that is too long is told about below and waits to be shortened.
        if let Ok(text) = MessageText::parse(&area.value()) {
            chat.say(room, text);
            area.set_value("");
            length.set(0);
            fit(node);
        }
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(area) = node.get_untracked() else { return };
        if ime.read_value().composing() {
            // Ends the composition. Were the text cleared under it, the input method would write its syllable anew.
            area.blur().expect("blurring does not fail");
        }
        send();
        area.focus().expect("focusing does not fail, even where it has no effect");
    };

    let measure = move |area: &HtmlTextAreaElement| {
        length.set(area.value().trim_end().chars().count());
        fit(node);
    };
    let show = move |area: &HtmlTextAreaElement, draft: &str| {
        area.set_value(draft);
        measure(area);
    };
    effect(move || {
        let Some(area) = node.get() else { return };
        // From here on a text that is too long is told about rather than cut.
        area.remove_attribute("maxlength").expect("any attribute may be removed");
        measure(&area);
        if area.value().is_empty() {
            chat.show_draft(room);
        } else {
            // Typed before Wasm was there, and so newer than the draft.
            changed();
        }
    });
    effect(move || {
        let (Some(area), Some((of, draft))) = (node.get(), chat.draft.get()) else { return };
        if of == room && !ime.read_value().composing() {
            chat.typing(room, false);
            show(&area, &draft);
        }
    });

    let limit = move || {
        let length = length.get();
        if length > MESSAGE_CHARS {
            Some(text!(i18n, room.over, count = length - MESSAGE_CHARS))
        } else if length + NEARLY_FULL >= MESSAGE_CHARS {
            Some(text!(i18n, room.left, count = MESSAGE_CHARS - length))
        } else {
            None
        }
    };
    let over = Memo::new(move |_| length.get() > MESSAGE_CHARS);

    view! {
        <form
            id="composer"
            class="composer"
            method="post"
            action=action
            on:submit=submit
        >
            <input type="hidden" name="client_id" value=form_client_id.map(|id| id.to_string())/>
            <TextBox
                node
                ime
                id=COMPOSER_TEXT
                label=Memo::new(move |_| text!(i18n, room.composer))
                placeholder=Memo::new(move |_| text!(i18n, room.composer_hint))
                described_by="composer-limit"
                max_length=MESSAGE_CHARS
                on_send=Callback::new(move |()| send())
                on_change=Callback::new(move |()| changed())
            />
            // Pressing it must not take the focus: on a phone the keyboard would go away.
            <button type="submit" class="button primary" disabled=move || over.get() on:mousedown=|event| event.prevent_default()>
                {move || text!(i18n, room.send)}
            </button>
            <p id="composer-limit" class="composer-limit" class:over=move || over.get() role="status">
                {move || limit()}
            </p>
        </form>
    }
}
