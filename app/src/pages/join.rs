//! `/`: who are you? A name is all that is asked.

use leptos::{ev::SubmitEvent, html, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use madang_common::{text::UserName, user::UserView};

use super::LOBBY;
use crate::{
    backend::FirstPaint,
    live::Chat,
    sidebar::{language::LanguageChoice, theme::ThemeChoice},
    texts::i18n::{t, t_string, use_i18n},
    ui::{fault_text::text_sentence, field::Field},
};

/// The join page.
#[component]
pub(crate) fn Join() -> impl IntoView {
    let i18n = use_i18n();
    let chat = expect_context::<Chat>();
    let title = move || t_string!(i18n, app.title, page = t_string!(i18n, join.heading)).to_string();

    view! {
        <Title text=title/>
        <main class="page-plain">
            <div class="card join">
                <p class="brand">{t!(i18n, app.name)}</p>
                <h1>{t!(i18n, join.heading)}</h1>
                <p class="pitch">{t!(i18n, app.pitch)}</p>
                {move || match chat.me.get() {
                    Some(me) => view! { <SignedIn me/> }.into_any(),
                    None => view! { <NameForm/> }.into_any(),
                }}
            </div>
            <div class="plain-settings">
                <LanguageChoice/>
                <ThemeChoice/>
                <a class="button quiet" href="/learn" rel="external">{t!(i18n, settings.learn)}</a>
            </div>
        </main>
    }
    .into_any()
}

#[component]
fn SignedIn(me: UserView) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p>{t!(i18n, join.signed_in, name = me.name.to_string())}</p>
        <p><a class="button primary" href=LOBBY>{t!(i18n, join.to_lobby)}</a></p>
    }
}

/// Why a name was refused.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Refusal {
    /// It can't be a name; the name itself tells why.
    Malformed(madang_common::text::TextError),
    Taken,
}

#[component]
fn NameForm() -> impl IntoView {
    let i18n = use_i18n();
    let nameless = expect_context::<FirstPaint>().nameless;
    let query = use_query_map().get_untracked();
    let name = query.get("name").unwrap_or_default();
    let next = query.get("next");
    let refusal = RwSignal::new(query.get("refused").map(|_| match UserName::parse(&name) {
        Err(error) => Refusal::Malformed(error),
        Ok(_) => Refusal::Taken,
    }));
    let sentence = Signal::derive(move || {
        refusal.get().map(|refusal| match refusal {
            Refusal::Malformed(error) => text_sentence(i18n, error),
            Refusal::Taken => t_string!(i18n, refused.name_taken).to_owned(),
        })
    });
    let input = NodeRef::<html::Input>::new();
    // The server would say the same; this only saves the way there.
    let check = move |event: SubmitEvent| {
        let Some(input) = input.get_untracked() else { return };
        if let Err(error) = UserName::parse(&input.value()) {
            event.prevent_default();
            refusal.set(Some(Refusal::Malformed(error)));
            input.focus().expect("focusing does not fail, even where it has no effect");
        }
    };

    view! {
        {nameless.then(|| view! { <p class="notice-card" role="status">{t!(i18n, join.nameless)}</p> })}
        <form method="post" action="/join" class="stack" on:submit=check novalidate>
            <Field
                name="name"
                label=Signal::derive(move || t_string!(i18n, join.name).to_owned())
                hint=Signal::derive(move || t_string!(i18n, join.hint).to_owned())
                value=name
                error=sentence
                input
                autocomplete="nickname"
                autofocus=true
            />
            {next.map(|next| view! { <input type="hidden" name="next" value=next/> })}
            <button class="button primary wide">{t!(i18n, join.submit)}</button>
        </form>
    }
    .into_any()
}
