//! The other tabs of this browser: telling them that something has changed, and waiting for one's turn among them.

use std::cell::RefCell;

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

use super::method;

const CHANNEL: &str = "madang";

thread_local! {
    static OTHERS: RefCell<Option<BroadcastChannel>> = const { RefCell::new(None) };
}

/// Hears from now on when another tab has changed something that all share, or has news besides.
pub(super) fn listen(heard: impl Fn(Option<String>) + 'static) {
    // Old browsers go without: each of their tabs finds out when it is opened.
    let Ok(channel) = BroadcastChannel::new(CHANNEL) else { return };
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| heard(event.data().as_string()));
    let heard = heard.into_js_value();
    channel.set_onmessage(Some(heard.unchecked_ref()));
    OTHERS.set(Some(channel));
}

/// Tells the other tabs that something has changed, or what is new.
pub(super) fn tell(news: Option<&str>) {
    OTHERS.with_borrow(|others| {
        if let Some(others) = others {
            // It fails only for what can't be copied, and for a channel that has been closed.
            drop(others.post_message(&news.map_or(JsValue::NULL, JsValue::from_str)));
        }
    });
}

/// Waits for a turn that only one tab has at a time. It lasts until the function is called, or the tab is gone, in
/// whatever way. None if another tab keeps it for longer than `patience`, in milliseconds, and where the browser has no
/// locks: they exist on https and on localhost only.
pub(super) async fn turn(name: &str, patience: u32) -> Option<Function> {
    let mut asked = None;
    let granted = Promise::new(&mut |granted, _| {
        let hold = Closure::once_into_js(move |_: JsValue| {
            Promise::new(&mut |release, _| drop(granted.call1(&JsValue::UNDEFINED, &release)))
        });
        asked = ask(name, patience, &hold).ok();
    });
    // What was asked for comes to its end by itself only if it was refused.
    Promise::race(&Array::of2(&asked?, &granted)).await.ok()?.dyn_into().ok()
}

fn ask(name: &str, patience: u32, hold: &JsValue) -> Result<JsValue, JsValue> {
    let locks = Reflect::get(&window().navigator(), &"locks".into())?;
    let signals = Reflect::get(&window(), &"AbortSignal".into())?;
    let signal = method(&signals, "timeout")?.call1(&signals, &patience.into())?;
    let options = Object::new();
    Reflect::set(&options, &"signal".into(), &signal)?;
    method(&locks, "request")?.call3(&locks, &name.into(), &options, hold)
}
