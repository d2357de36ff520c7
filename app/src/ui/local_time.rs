//! A time of day. The server and the first render in the browser write it in UTC; an effect then fills in the
//! reader's own time, since neither knows the time zone before.

use lean::prelude::*;
use leptos_i18n::Locale as _;
use madang_common::time::UnixMillis;

use super::utc;
use crate::{live::dom, texts::use_i18n};

/// Hour and minute, with the whole date as its tool tip.
#[component]
pub(crate) fn LocalTime(
    /// When.
    at: Memo<UnixMillis>,
) -> impl IntoView {
    let i18n = use_i18n();
    let local = RwSignal::new(None::<(String, String)>);
    effect(move || {
        let (at, lang) = (at.get(), i18n.get_locale().as_str());
        local.set(Some((dom::local_time(at, lang), dom::local_moment(at, lang))));
    });

    view! {
        <time datetime=move || utc::iso(at.get()) title=move || local.get().map(|(_, moment)| moment)>
            {move || local.get().map_or_else(|| utc::hour_minute(at.get()), |(time, _)| time)}
        </time>
    }
}
