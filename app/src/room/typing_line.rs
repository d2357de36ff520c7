//! The typing indicator: who is typing at the moment.

use lean::prelude::*;

use crate::{
    live::Chat,
    state::bidi::isolated,
    texts::{text, use_i18n},
};

/// A line that is there even when it says nothing, so that nothing moves when it does.
#[component]
pub(crate) fn TypingLine() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let names = Memo::new(move |_| {
        chat.open.with(|open| -> Vec<String> {
            open.iter().flat_map(|open| open.typing.names()).take(3).map(isolated).collect()
        })
    });
    let line = move || match &names.read()[..] {
        [] => None,
        [name] => Some(text!(i18n, room.typing_one, name = name)),
        [first, second] => Some(text!(i18n, room.typing_two, first = first, second = second)),
        _ => Some(text!(i18n, room.typing_many)),
    };

    view! { <p id="typing" class="typing-line">{move || line()}</p> }
}
