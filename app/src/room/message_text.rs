//! The text of a message, with its links.

use lean::prelude::*;
use madang_common::{
    message::Body,
    text::links::{Piece, pieces},
};

use crate::texts::{text, use_i18n};

/// The text with its links, or the tombstone. Line breaks are kept by the stylesheet.
#[component]
pub(crate) fn MessageBody(body: Memo<Body>) -> impl IntoView {
    let i18n = use_i18n();
    let draw = move || {
        body.with(|body| match body {
            Body::Text { text, edited_at } => {
                let edited = edited_at
                    .is_some()
                    .then(|| view! { <span class="edited">{move || text!(i18n, room.edited)}</span> });
                view! { <div class="text" dir="auto">{text_with_links(text.as_str())}</div> {edited} }
            }
            _ => view! { <div class="text deleted">{move || text!(i18n, room.deleted)}</div> },
        })
    };
    view! { {move || draw()} }
}

fn text_with_links(text: &str) -> Vec<AnyView> {
    let draw = |piece| match piece {
        Piece::Text(text) => text.into_child(),
        // No word of this page to the other one, nothing for search engines, and no hold on this window.
        Piece::Link(address) => view! {
            <a href=address.to_owned() dir="ltr" target="_blank" rel="noopener noreferrer nofollow">{address.to_owned()}</a>
        },
    };
    pieces(text).into_iter().map(draw).collect()
}
