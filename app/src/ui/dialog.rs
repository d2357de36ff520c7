//! A confirmation dialog. It is the browser's own `<dialog>`: it keeps the focus inside, closes on
//! Escape and gives the focus back.

use lean::prelude::*;
use web_sys::HtmlDialogElement;

use crate::texts::{text, use_i18n};

/// Asks before something is done that one might not have meant.
#[component]
pub(crate) fn Confirm(
    /// The dialog: [`ask`] opens it.
    dialog: NodeRef<HtmlDialogElement>,
    /// The id of the question's heading.
    id: &'static str,
    question: Memo<String>,
    explanation: Memo<String>,
    /// The name of the button that does it.
    action: Memo<String>,
    /// Does it.
    on_confirm: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let confirm = move |_| {
        close(dialog);
        on_confirm.run(());
    };

    view! {
        <dialog class="dialog" node_ref=dialog aria-labelledby=id>
            <h2 id=id>{move || question.get()}</h2>
            <p>{move || explanation.get()}</p>
            <div class="dialog-buttons">
                <button type="button" class="button" on:click=move |_| close(dialog)>{move || text!(i18n, app.cancel)}</button>
                <button type="button" class="button danger" on:click=confirm>{move || action.get()}</button>
            </div>
        </dialog>
    }
}

/// Opens a dialog.
pub(crate) fn ask(dialog: NodeRef<HtmlDialogElement>) {
    if let Some(dialog) = dialog.get_untracked().filter(|dialog| !dialog.open()) {
        dialog.show_modal().expect("a dialog that is in the page and closed can be shown");
    }
}

fn close(dialog: NodeRef<HtmlDialogElement>) {
    if let Some(dialog) = dialog.get_untracked() {
        dialog.close();
    }
}
