//! The browser environment: clock, random numbers, timers, and online/offline events.

use gloo_timers::callback::Timeout;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Document, Event, VisibilityState, Window, window};

/// Milliseconds since 1970. Not the monotonic clock: that one may stand still while the machine sleeps, and sleep
/// is what kills links.
pub(crate) fn now() -> f64 {
    js_sys::Date::now()
}

/// From 0 to 1.
pub(crate) fn random() -> f64 {
    js_sys::Math::random()
}

/// Calls `then` after so many milliseconds, unless the result is dropped before.
pub(crate) fn after(ms: f64, then: impl FnOnce() + 'static) -> Timeout {
    // A cast from float saturates; `setTimeout` itself takes a signed 32-bit number.
    Timeout::new((ms.ceil() as u32).min(i32::MAX as u32), then)
}

/// What the page noticed about the network.
#[derive(Debug, Clone, Copy)]
pub(crate) enum News {
    Offline,
    /// The machine came online, or the page became visible: a good time to look after the link.
    Awake,
}

/// Keeps listening for [`News`] until dropped.
pub(crate) struct Listener {
    window: Window,
    document: Document,
    on_event: Closure<dyn Fn(Event)>,
}

impl Listener {
    const NETWORK: [&str; 2] = ["online", "offline"];
    const VISIBILITY: &str = "visibilitychange";

    /// `None` outside a page.
    pub(crate) fn new(on_news: impl Fn(News) + 'static) -> Option<Self> {
        let window = window()?;
        let document = window.document()?;
        let seen = document.clone();
        let on_event = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            let hidden = seen.visibility_state() != VisibilityState::Visible;
            match event.type_().as_str() {
                "offline" => on_news(News::Offline),
                Self::VISIBILITY if hidden => {}
                _ => on_news(News::Awake),
            }
        });
        let callback = on_event.as_ref().unchecked_ref();
        for name in Self::NETWORK {
            window.add_event_listener_with_callback(name, callback).ok()?;
        }
        document.add_event_listener_with_callback(Self::VISIBILITY, callback).ok()?;
        Some(Self { window, document, on_event })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.on_event.as_ref().unchecked_ref();
        for name in Self::NETWORK {
            // It fails only for arguments that are not an event target's, which these are.
            drop(self.window.remove_event_listener_with_callback(name, callback));
        }
        let target = &self.document;
        drop(target.remove_event_listener_with_callback(Self::VISIBILITY, callback));
    }
}
