//! A date in the page's language. As with the time of day, the first render writes it in UTC.

use lean::prelude::*;
use leptos_i18n::Locale as _;
use madang_common::time::UnixMillis;

use super::utc;
use crate::{live::dom, texts::use_i18n};

/// The day of a moment.
#[component]
pub(crate) fn LocalDay(
    /// Any time of the day.
    at: UnixMillis,
) -> impl IntoView {
    let i18n = use_i18n();
    let local = RwSignal::new(None::<String>);
    effect(move || local.set(Some(dom::local_day(at, i18n.get_locale().as_str()))));

    view! {
        <time datetime=move || utc::iso(at)>{move || local.get().unwrap_or_else(|| utc::day(at))}</time>
    }
}
