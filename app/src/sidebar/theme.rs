//! The theme setting: light, dark, or as the system.

use lean::prelude::*;
use leptos::ev::MouseEvent;

use super::settings_form::SettingsForm;
use crate::{
    backend::{FirstPaint, THEME_COOKIE, Theme},
    live::dom,
    texts::{text, use_i18n},
};

/// The attribute of `<html>` by which the stylesheet knows it.
const ATTRIBUTE: &str = "data-theme";

/// Three buttons; the chosen one is pressed. The page changes at once.
#[component]
pub(crate) fn ThemeChoice() -> impl IntoView {
    let i18n = use_i18n();
    let theme = RwSignal::new(expect_context::<FirstPaint>().theme);
    // Another page of this visit may have chosen since the first paint: the document knows.
    effect(move || {
        if let Some(name) = dom::page_attribute(ATTRIBUTE) {
            theme.set(Theme::parse(&name));
        }
    });
    let choose = move |event: MouseEvent, choice: Theme| {
        event.prevent_default();
        dom::set_page_attribute(ATTRIBUTE, choice.as_str());
        dom::set_cookie(THEME_COOKIE, choice.as_str());
        theme.set(choice);
    };
    let button = move |choice: Theme| {
        view! {
            <button
                name="theme"
                value=choice.as_str()
                aria-pressed=move || if theme.get() == choice { "true" } else { "false" }
                on:click=move |event| choose(event, choice)
            >
                {move || match choice {
                    Theme::Light => text!(i18n, settings.light),
                    Theme::Dark => text!(i18n, settings.dark),
                    Theme::System => text!(i18n, settings.system),
                }}
            </button>
        }
    };

    view! {
        <SettingsForm label=Memo::new(move |_| text!(i18n, settings.theme))>
            {button(Theme::Light)} {button(Theme::Dark)} {button(Theme::System)}
        </SettingsForm>
    }
}
