//! The frame log: every frame on the wire, as it happens.

use leptos::{html, prelude::*, task::spawn_local};

use super::{frame_row::FrameRow, scroller::Scroller};
use crate::{
    live::{Link, dom},
    texts::{i18n::td_string, locale},
};

/// What became of copying.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Copied {
    Yes,
    /// The browser did not let it: the text is marked instead.
    Marked,
}

/// The log with its buttons. It is in this page's memory alone.
#[component]
pub(crate) fn FrameLog(link: Link) -> impl IntoView {
    let locale = locale();
    let list = NodeRef::<html::Ol>::new();
    let copied = RwSignal::new(None::<Copied>);
    let paused = Memo::new(move |_| link.log.read().is_paused());
    let held = Memo::new(move |_| link.log.read().held());
    let entries = move || link.log.read().entries().cloned().collect::<Vec<_>>();
    let newest = Signal::derive(move || link.log.read().entries().last().map_or(0, |entry| entry.id + 1));
    let copy = move |_| {
        let text = link.log.read_untracked().text();
        spawn_local(async move {
            let done = dom::copy(text).await;
            if !done && let Some(list) = list.get_untracked() {
                dom::select(&list);
            }
            copied.set(Some(if done { Copied::Yes } else { Copied::Marked }));
        });
    };
    let clear = move |_| {
        link.log.update(crate::state::log::Log::clear);
        copied.set(None);
    };

    view! {
        <section class="panel wire">
            <h2>{td_string!(locale, log.heading)}</h2>
            <div class="controls">
                <button
                    type="button"
                    class="button"
                    id="log-pause"
                    aria-pressed=move || if paused.get() { "true" } else { "false" }
                    on:click=move |_| link.log.update(crate::state::log::Log::toggle)
                >
                    {move || match (paused.get(), held.get()) {
                        (false, _) => td_string!(locale, log.pause).to_owned(),
                        (true, 0) => td_string!(locale, log.resume).to_owned(),
                        (true, count) => td_string!(locale, log.resume_count, count).to_string(),
                    }}
                </button>
                <button type="button" class="button" id="log-copy" on:click=copy>{td_string!(locale, log.copy)}</button>
                <button type="button" class="button" id="log-clear" on:click=clear>
                    {td_string!(locale, log.clear)}
                </button>
                <span class="field-hint" role="status">
                    {move || copied.get().map(|copied| match copied {
                        Copied::Yes => td_string!(locale, log.copied),
                        Copied::Marked => td_string!(locale, log.marked),
                    })}
                </span>
            </div>
            <Scroller label=td_string!(locale, log.heading) class="frames" grown=newest>
                <ol id="frames" node_ref=list>
                    <For each=entries key=|entry| entry.id let:entry>
                        <FrameRow entry/>
                    </For>
                </ol>
            </Scroller>
            <p class="field-hint">{td_string!(locale, log.hint)}</p>
        </section>
    }
    .into_any()
}
