//! Who is writing right now.

use leptos::prelude::*;

use crate::{
    live::Chat,
    texts::i18n::{t, use_i18n},
};

/// A line that is there even when it says nothing, so that nothing moves when it does.
#[component]
pub(crate) fn TypingLine() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let names = Memo::new(move |_| {
        chat.open.with(|open| -> Vec<String> {
            open.iter().flat_map(|open| open.typing.names()).take(3).map(str::to_owned).collect()
        })
    });
    let line = move || match &mut names.get()[..] {
        [] => ().into_any(),
        [one] => {
            let name = std::mem::take(one);
            t!(i18n, room.typing_one, name = name.clone()).into_any()
        }
        [first, second] => {
            let (first, second) = (std::mem::take(first), std::mem::take(second));
            t!(i18n, room.typing_two, first = first.clone(), second = second.clone()).into_any()
        }
        _ => t!(i18n, room.typing_many).into_any(),
    };

    view! { <p id="typing" class="typing-line">{line}</p> }
}
