//! The connection banner: whether the connection is lost, since when, and when the next attempt is.

use std::time::Duration;

use lean::prelude::*;
use leptos_i18n::Locale as _;
use madang_client::link::Link;
use madang_common::{route, time::UnixMillis};

use crate::{
    live::{Chat, dom},
    texts::{text, use_i18n},
};

/// How long the link may be down before anybody is told, in milliseconds: a link that comes back at once is no news.
const GRACE: f64 = 1_000.0;

/// The banner. It is always in the page, empty while all is well, so that its words are announced when they come.
#[component]
pub(super) fn LinkBanner() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let now = RwSignal::new(0.0);
    let down = Memo::new(move |_| matches!(*chat.link.read(), Link::Down { .. }));
    // The clock runs only while there is something to count.
    effect(move || {
        if !down.get() {
            return;
        }
        now.set(dom::now());
        if let Ok(clock) = set_interval_with_handle(move || now.set(dom::now()), Duration::from_millis(500)) {
            on_cleanup(move || clock.clear());
        }
    });
    let since = Memo::new(move |_| match chat.link.get() {
        Link::Down { since, .. } if now.get() - since >= GRACE => Some(since),
        _ => None,
    });
    let seconds = Memo::new(move |_| match chat.link.get() {
        Link::Down { retry_at, .. } => ((retry_at - now.get()) / 1_000.0).ceil().max(0.0) as u32,
        _ => 0,
    });
    let ended = Memo::new(move |_| *chat.link.read() == Link::Ended);

    view! {
        <div id="link-banner" role="status">
            {move || since.get().map(|since| {
                let lost = move || {
                    let time = dom::local_time(UnixMillis(since as i64), i18n.get_locale().as_str());
                    text!(i18n, link.lost, time = time)
                };
                view! {
                    <p>
                        {move || lost()} " "
                        // Read out once, not at every second.
                        <span aria-hidden="true">
                            {move || if seconds.get() > 0 {
                                text!(i18n, link.retry_in, seconds = seconds.get())
                            } else {
                                text!(i18n, link.retrying)
                            }}
                        </span>
                    </p>
                    <button type="button" class="button" on:click=move |_| chat.reconnect_now()>
                        {move || text!(i18n, link.try_now)}
                    </button>
                }
            })}
            {move || ended.get().then(|| view! {
                <p>{move || text!(i18n, link.ended)}</p>
                <a class="button" href=route::JOIN_PAGE rel="external">{move || text!(i18n, link.again)}</a>
            })}
        </div>
    }
}
