//! UI texts, in Korean and English: `locales/*.json`, checked and turned into code by build.rs.

include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));

use i18n::Locale;
use lean::prelude::*;

/// The page's language. A context, provided by `App`.
///
/// It is a signal and no more: the provider of leptos_i18n also follows the browser's languages, a cookie and the
/// document, which are the server's to read here, and weighs 35 kB of compressed Wasm with all that.
#[derive(Clone, Copy)]
pub struct I18n(RwSignal<Locale>);

impl I18n {
    /// Begins with the first of these languages that there are texts in (`ko`, `en-GB`), else with English.
    #[must_use]
    pub fn new(preferred: &[String]) -> Self {
        let known = preferred.iter().find_map(|tag| tag.split('-').next()?.parse().ok());
        Self(RwSignal::new(known.unwrap_or_default()))
    }

    /// The language now. Followed where read in a reactive place.
    #[must_use]
    pub fn get_locale(self) -> Locale {
        self.0.get()
    }

    /// Shows the page in another language.
    pub fn set_locale(self, locale: Locale) {
        self.0.set(locale);
    }
}

/// The page's language, which `App` provides.
pub(crate) fn use_i18n() -> I18n {
    expect_context()
}

/// A text in the page's language, always as a `String`: `text!(i18n, rooms.unread, count = 3)`.
///
/// Each type that a view can be made of is compiled with all the code that draws it. So texts have one type, rather
/// than one for each key as `leptos_i18n::t!` gives them.
macro_rules! text {
    ($i18n:expr, $($key:tt)+) => {
        leptos_i18n::td_string!($crate::texts::I18n::get_locale($i18n), $($key)+).to_string()
    };
}
pub(crate) use text;
