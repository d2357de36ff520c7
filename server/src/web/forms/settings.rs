//! The form for language and theme.

use axum::{Form, response::Redirect};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use madang_app::backend::{LANG_COOKIE, THEME_COOKIE};
use madang_common::route;
use serde::Deserialize;

use super::redirect::{same_site, to};

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Lang {
    Ko,
    En,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Theme {
    Light,
    Dark,
    System,
}

#[derive(Deserialize)]
pub(crate) struct Settings {
    lang: Option<Lang>,
    theme: Option<Theme>,
    back: Option<String>,
}

/// `POST /settings`
pub(crate) async fn save(mut jar: CookieJar, Form(form): Form<Settings>) -> (CookieJar, Redirect) {
    if let Some(lang) = form.lang {
        let lang = match lang {
            Lang::Ko => "ko",
            Lang::En => "en",
        };
        jar = jar.add(cookie(LANG_COOKIE, lang));
    }
    if let Some(theme) = form.theme {
        let theme = match theme {
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::System => "system",
        };
        jar = jar.add(cookie(THEME_COOKIE, theme));
    }
    (jar, to(same_site(form.back.as_deref(), route::JOIN_PAGE)))
}

/// Scripts may read it: there is no secret in it.
fn cookie(name: &'static str, value: &'static str) -> Cookie<'static> {
    Cookie::build((name, value)).same_site(SameSite::Lax).path("/").permanent().build()
}
