//! The join page, `/`: a name is all that is asked for.

use lean::prelude::*;
use leptos::ev::SubmitEvent;
use madang_common::{
    limits::USER_NAME_CHARS,
    route,
    text::{TextError, UserName},
    user::UserView,
};
use web_sys::HtmlInputElement;

use crate::{
    backend::FirstPaint,
    live::{Chat, address::Address},
    sidebar::{language::LanguageChoice, theme::ThemeChoice},
    state::bidi::isolated,
    texts::{text, use_i18n},
    ui::{fault_text::text_sentence, field::Field, title::Title},
};

/// The join page.
#[component]
pub(crate) fn Join() -> impl IntoView {
    let i18n = use_i18n();
    let chat = expect_context::<Chat>();
    let title = Memo::new(move |_| text!(i18n, app.title, page = text!(i18n, join.heading)));

    view! {
        <Title text=title/>
        <main class="page-plain">
            <div class="card join">
                <p class="brand">{move || text!(i18n, app.name)}</p>
                <h1>{move || text!(i18n, join.heading)}</h1>
                <p class="pitch">{move || text!(i18n, app.pitch)}</p>
                {move || match chat.me.get() {
                    Some(me) => view! { <SignedIn me/> },
                    None => view! { <NameForm/> },
                }}
            </div>
            <div class="plain-settings">
                <LanguageChoice/>
                <ThemeChoice/>
                <a class="button quiet" href=route::LEARN rel="external">{move || text!(i18n, settings.learn)}</a>
            </div>
        </main>
    }
}

#[component]
fn SignedIn(me: UserView) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p>{move || text!(i18n, join.signed_in, name = isolated(me.name.as_str()))}</p>
        <p><a class="button primary" href=route::LOBBY>{move || text!(i18n, join.to_lobby)}</a></p>
    }
}

/// Why a name was refused.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Refusal {
    /// It can't be a name.
    Malformed(TextError),
    Taken,
    /// The browser keeps no cookies.
    NoCookies,
    /// The browser keeps none of a page that came over plain HTTP.
    NoCookiesWithoutHttps,
}

#[component]
fn NameForm() -> impl IntoView {
    let i18n = use_i18n();
    let FirstPaint { nameless, join_key, probe, .. } = expect_context::<FirstPaint>();
    let query = |name: &str| untrack(|| expect_context::<Address>().query(name));
    let name = query("name").unwrap_or_default();
    let next = query("next");
    let refusal = RwSignal::new(query("refused").map(|code| match code.as_str() {
        "cookies" => Refusal::NoCookies,
        "cookies_https" => Refusal::NoCookiesWithoutHttps,
        code => TextError::from_code(code, USER_NAME_CHARS).map_or(Refusal::Taken, Refusal::Malformed),
    }));
    let sentence = Memo::new(move |_| {
        refusal.get().map(|refusal| match refusal {
            Refusal::Malformed(error) => text_sentence(i18n, error),
            Refusal::Taken => text!(i18n, refused.name_taken),
            Refusal::NoCookies => text!(i18n, refused.cookies),
            Refusal::NoCookiesWithoutHttps => text!(i18n, refused.cookies_https),
        })
    });
    let input = NodeRef::<HtmlInputElement>::new();
    // The server would say the same and judges more; this only saves the way there.
    let check = move |event: SubmitEvent| {
        let Some(input) = input.get_untracked() else { return };
        if let Err(error) = UserName::parse(&input.value()) {
            event.prevent_default();
            refusal.set(Some(Refusal::Malformed(error)));
            input.focus().expect("focusing does not fail, even where it has no effect");
        }
    };

    view! {
        {nameless.then(|| view! { <p class="notice-card" role="status">{move || text!(i18n, join.nameless)}</p> })}
        <form method="post" action=route::JOIN class="stack" on:submit=check novalidate>
            <Field
                name="name"
                label=Memo::new(move |_| text!(i18n, join.name))
                hint=Memo::new(move |_| text!(i18n, join.hint))
                value=name
                error=sentence
                input
                autocomplete="nickname"
                autofocus=true
            />
            {probe.then(|| view! { <input type="hidden" name="probe" value="1"/> })}
            {join_key.map(|key| view! { <input type="hidden" name="key" value=key/> })}
            {next.map(|next| view! { <input type="hidden" name="next" value=next/> })}
            <button class="button primary wide">{move || text!(i18n, join.submit)}</button>
        </form>
    }
}
