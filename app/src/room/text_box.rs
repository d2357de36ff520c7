//! The text box: Enter sends and Shift+Enter breaks the line, with any input method. Where one types on the
//! screen, Enter breaks the line, and the form's button sends.

use std::time::Duration;

use lean::prelude::*;
use leptos::ev;
use web_sys::{Event, HtmlTextAreaElement};

use crate::{
    live::dom,
    state::ime::{Action, Ime, Input, Key},
};

/// The text area. It holds its text by itself: read and set it through `node`.
#[component]
pub(crate) fn TextBox(
    node: NodeRef<HtmlTextAreaElement>,
    /// What the input method is doing, for those who must not disturb it.
    ime: StoredValue<Ime>,
    /// The name of the field in its form.
    #[prop(default = "text")]
    name: &'static str,
    /// The field's own id.
    #[prop(optional)]
    id: Option<&'static str>,
    label: Memo<String>,
    #[prop(optional)] placeholder: Option<Memo<String>>,
    /// The id of what describes the field.
    #[prop(optional)]
    described_by: Option<&'static str>,
    /// The most characters that may be typed while the page's own check is not there yet.
    #[prop(optional)]
    max_length: Option<usize>,
    /// Enter was pressed, and means to send.
    on_send: Callback<()>,
    /// The text has changed.
    on_change: Callback<()>,
    /// Escape was pressed.
    #[prop(optional)]
    on_escape: Option<Callback<()>>,
) -> impl IntoView {
    let act = move |event: &Event, action: Action| {
        if matches!(action, Action::Prevent | Action::Send) {
            event.prevent_default();
        }
        match action {
            Action::Send => on_send.run(()),
            // In a task of its own: the input method has then written its last syllable, and lets go of the text.
            Action::SendAfter => set_timeout(move || on_send.run(()), Duration::ZERO),
            Action::Cancel => {
                if let Some(on_escape) = on_escape {
                    event.prevent_default();
                    on_escape.run(());
                }
            }
            Action::Pass | Action::Prevent => {}
        }
    };
    let take = move |input: Input<'_>| {
        let mut action = Action::Pass;
        ime.update_value(|ime| {
            ime.set_touch(dom::is_touch());
            action = ime.take(input);
        });
        action
    };
    let key_down = move |event: ev::KeyboardEvent| {
        let key = Key {
            enter: is_enter(&event),
            escape: is_escape(&event),
            shift: event.shift_key(),
            command: event.ctrl_key() || event.meta_key(),
            composing: event.is_composing(),
            taken: event.key_code() == 229,
        };
        act(&event, take(Input::Key(key)));
    };
    let key_up = move |event: ev::KeyboardEvent| {
        if is_enter(&event) || is_escape(&event) {
            act(&event, take(Input::KeyUp));
        }
    };
    let before_input = move |event: ev::InputEvent| {
        if matches!(event.input_type().as_str(), "insertLineBreak" | "insertParagraph") {
            act(&event, take(Input::LineBreak));
        }
    };
    let data = |event: &ev::CompositionEvent| event.data().unwrap_or_default();

    view! {
        <textarea
            node_ref=node
            id=id
            name=name
            rows="1"
            autocomplete="off"
            // What a touch keyboard writes on its Enter. Others ignore it.
            enterkeyhint="enter"
            dir="auto"
            maxlength=max_length.map(|most| most.to_string())
            aria-label=move || label.get()
            placeholder=move || placeholder.map(Memo::get)
            aria-describedby=described_by
            on:keydown=key_down
            on:keyup=key_up
            on:compositionstart=move |event| act(&event, take(Input::Start))
            on:compositionupdate=move |event| act(&event, take(Input::Update(&data(&event))))
            on:compositionend=move |event| act(&event, take(Input::End(&data(&event))))
            on:beforeinput=before_input
            on:input=move |_| {
                fit(node);
                on_change.run(());
            }
        ></textarea>
    }
}

/// Makes the box as high as its text, where the stylesheet's `field-sizing` can't. The stylesheet sets the limit.
pub(crate) fn fit(node: NodeRef<HtmlTextAreaElement>) {
    let Some(area) = node.get_untracked() else { return };
    let computed = window().get_computed_style(&area).ok().flatten();
    let sized = computed.and_then(|style| style.get_property_value("field-sizing").ok());
    if sized.is_some_and(|sized| !sized.is_empty()) {
        return;
    }
    set_height(&area, "auto");
    let borders = area.offset_height() - area.client_height();
    set_height(&area, &[&(area.scroll_height() + borders).to_string(), "px"].concat());
}

fn set_height(area: &HtmlTextAreaElement, height: &str) {
    let style = web_sys::HtmlElement::style(area);
    style.set_property("height", height).expect("a height may be set on any element");
}

/// On Windows an input method hides the key behind the name `Process`.
fn is_enter(event: &ev::KeyboardEvent) -> bool {
    event.key() == "Enter" || matches!(event.code().as_str(), "Enter" | "NumpadEnter")
}

/// Another key may have been made Escape, and Escape another, so the name comes first.
fn is_escape(event: &ev::KeyboardEvent) -> bool {
    let key = event.key();
    key == "Escape" || key == "Process" && event.code() == "Escape"
}
