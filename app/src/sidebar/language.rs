//! The language setting.

use lean::prelude::*;
use leptos::ev::MouseEvent;
use leptos_i18n::Locale as _;

use super::settings_form::SettingsForm;
use crate::{
    backend::LANG_COOKIE,
    live::dom,
    texts::{i18n::Locale, text, use_i18n},
};

/// One button per language, each in its own language. The page changes at once.
#[component]
pub(crate) fn LanguageChoice() -> impl IntoView {
    let i18n = use_i18n();
    let choose = move |event: MouseEvent, locale: Locale| {
        event.prevent_default();
        dom::set_page_attribute("lang", locale.as_str());
        dom::set_cookie(LANG_COOKIE, locale.as_str());
        i18n.set_locale(locale);
    };
    let button = move |locale: Locale, own_name: &'static str| {
        view! {
            <button
                name="lang"
                value=locale.as_str()
                lang=locale.as_str()
                aria-pressed=move || if i18n.get_locale() == locale { "true" } else { "false" }
                on:click=move |event| choose(event, locale)
            >
                {own_name}
            </button>
        }
    };

    view! {
        <SettingsForm label=Memo::new(move |_| text!(i18n, settings.language))>
            {button(Locale::ko, "한국어")} {button(Locale::en, "English")}
        </SettingsForm>
    }
}
