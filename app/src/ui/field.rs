//! A text field with its label and its error.

use lean::prelude::*;
use web_sys::HtmlInputElement;

/// A labelled input. The sentence of an error is announced when it appears and read out with the field.
#[component]
pub(crate) fn Field(
    /// The input's name in the form, and its id.
    name: &'static str,
    label: Memo<String>,
    /// A remark below the input.
    hint: Memo<String>,
    /// What stands in it at first.
    #[prop(into)]
    value: String,
    /// What is wrong with what was typed.
    error: Memo<Option<String>>,
    /// The input itself, for its value.
    input: NodeRef<HtmlInputElement>,
    /// What the browser may fill in, as the HTML attribute names it.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Whether typing can begin at once.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let hint_id = format!("{name}-hint");
    let error_id = format!("{name}-error");
    let described_by = {
        let (hint_id, error_id) = (hint_id.clone(), error_id.clone());
        Memo::new(move |_| if error.read().is_some() { format!("{error_id} {hint_id}") } else { hint_id.clone() })
    };

    view! {
        <div class="field">
            <label for=name>{move || label.get()}</label>
            <input
                type="text"
                id=name
                name=name
                value=value
                autocomplete=autocomplete
                autofocus=autofocus
                spellcheck="false"
                dir="auto"
                aria-invalid=move || error.read().is_some().then_some("true")
                aria-describedby=move || described_by.get()
                node_ref=input
            />
            {move || {
                let id = error_id.clone();
                error.get().map(|sentence| view! { <p class="field-error" id=id role="alert">{sentence}</p> })
            }}
            <p class="field-hint" id=hint_id>{move || hint.get()}</p>
        </div>
    }
}
