//! The document title, shown in the browser's tab.

use lean::prelude::*;

/// Where the server finds the title, to be written into the document's head, after the page has been drawn. A context
/// there; in the browser the title is the document's own.
#[derive(Clone, Copy)]
pub(crate) struct TitleOfDocument(pub(crate) RwSignal<String>);

/// Gives the document its title. There is one on each page.
#[component]
pub(crate) fn Title(
    /// The title.
    text: Memo<String>,
) -> impl IntoView {
    if let Some(TitleOfDocument(title)) = use_context() {
        title.set(text.get_untracked());
    }
    effect(move || document().set_title(&text.get()));
}
