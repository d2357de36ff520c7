//! A keyed list: rows keep their nodes while others are added and removed.

use lean::prelude::*;

/// One row, yet to be drawn.
pub(crate) struct Item {
    /// What makes it the same row from one list to the next.
    key: String,
    draw: Box<dyn FnOnce() -> AnyView + Send>,
}

impl Item {
    /// A row that is drawn by `draw` when a list has a row of that key for the first time.
    pub(crate) fn new(key: String, draw: impl FnOnce() -> AnyView + Send + 'static) -> Self {
        Self { key, draw: Box::new(draw) }
    }
}

/// A list, followed as it changes: only rows with a new key are drawn. The same as `<For/>`, which would be compiled
/// anew, at 10 kB each time, for each kind of row.
#[component]
pub(crate) fn List(
    /// The rows as they are now.
    rows: Box<dyn Fn() -> Vec<Item> + Send>,
) -> impl IntoView {
    view! { <For each=rows key=|item| item.key.clone() children=|item: Item| (item.draw)()/> }
}
