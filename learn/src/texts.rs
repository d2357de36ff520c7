//! The pages' shorter texts, in Korean and English: `locales/*.json`, checked and turned into code by build.rs. The
//! longer ones are the server's alone; see [`crate::article`].
//!
//! A page has one language for as long as it is open, so texts are plain values and nothing reacts to a change.

use leptos::prelude::{expect_context, provide_context};

include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));

use i18n::Locale;

/// Sets the language of all that is rendered below.
pub(crate) fn provide(locale: Locale) {
    provide_context(locale);
}

/// The language to render in.
pub(crate) fn locale() -> Locale {
    expect_context()
}

/// The language of that name, `ko` or `en`; English for any other.
#[must_use]
pub fn parse(name: &str) -> Locale {
    if name == "ko" { Locale::ko } else { Locale::en }
}
