//! The user menu: name, theme, language, and signing out.

use lean::prelude::*;
use madang_common::route;

use super::{language::LanguageChoice, theme::ThemeChoice};
use crate::{
    live::Chat,
    texts::{text, use_i18n},
    ui::avatar::Avatar,
};

/// The foot of the left side.
#[component]
pub(super) fn MeMenu() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let name = Memo::new(move |_| chat.me.read().as_ref().map(|me| me.name.to_string()));

    view! {
        <div class="me-menu">
            {move || name.get().map(|name| view! {
                <p class="me">
                    <Avatar name=name.clone()/>
                    <span class="me-name" dir="auto">{name}</span>
                </p>
            })}
            <ThemeChoice/>
            <LanguageChoice/>
            // Another page with a bundle of its own, which the router is not to look for.
            <a class="button quiet wide" href=route::LEARN rel="external">{move || text!(i18n, settings.learn)}</a>
            <form method="post" action=route::LEAVE>
                <button class="button quiet wide">{move || text!(i18n, settings.leave)}</button>
            </form>
        </div>
    }
}
