//! Coordination of browser tabs: a BroadcastChannel announces changes, a Web Lock decides which tab sends.

use std::cell::RefCell;

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::window;
use madang_client::engine::{TabNews, outbox::TURN_PATIENCE_MS};
use madang_common::id::UserId;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

use super::super::web_api::method;

const CHANNEL: &str = "madang";

/// What this tab has to do with the others.
#[derive(Default)]
pub(super) struct Tabs {
    others: RefCell<Option<BroadcastChannel>>,
    /// Ends this tab's turn.
    release: RefCell<Option<Function>>,
}

impl Tabs {
    /// Hears from now on what other tabs tell.
    pub(super) fn listen(&self, heard: impl Fn(TabNews) + 'static) {
        // Old browsers go without: each of their tabs finds out when it is opened.
        let Ok(channel) = BroadcastChannel::new(CHANNEL) else { return };
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(news) = TabNews::read(event.data().as_string().as_deref()) {
                heard(news);
            }
        });
        let heard = heard.into_js_value();
        channel.set_onmessage(Some(heard.unchecked_ref()));
        self.others.replace(Some(channel));
    }

    /// Tells the other tabs.
    pub(super) fn tell(&self, news: &TabNews) {
        let news = news.write().map_or(JsValue::NULL, JsValue::from);
        if let Some(others) = &*self.others.borrow() {
            // It fails only for what can't be copied, and for a channel that has been closed.
            drop(others.post_message(&news));
        }
    }

    /// Waits for this tab's turn among those of a person. It has none where another tab keeps it for too long, and where
    /// the browser has no locks: they exist on https and on localhost only.
    pub(super) async fn await_turn(&self, me: UserId) -> bool {
        let release = turn(&["madang.outbox.", &me.to_string()].concat(), TURN_PATIENCE_MS).await;
        let has_turn = release.is_some();
        self.release.replace(release);
        has_turn
    }

    /// Gives the turn to the next tab.
    pub(super) fn release_turn(&self) {
        if let Some(release) = self.release.take() {
            // It only tells the browser.
            drop(release.call0(&JsValue::UNDEFINED));
        }
    }
}

/// Waits for a turn that only one tab has at a time. It lasts until the function is called, or the tab is gone, in
/// whatever way. None if another tab keeps it for longer than `patience`, in milliseconds, and where the browser has no
/// locks: they exist on https and on localhost only.
async fn turn(name: &str, patience: u32) -> Option<Function> {
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
