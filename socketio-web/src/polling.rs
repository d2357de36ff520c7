//! The HTTP long-polling transport: GET and POST by `fetch`, each answer one input of the engine.

use std::{cell::RefCell, rc::Weak};

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, AbortSignal, RequestCache, RequestInit, Response, window};

use crate::{engine::Input, session::Session};

/// The requests of one session. Dropping it aborts them.
#[derive(Default)]
pub(crate) struct Http {
    controller: RefCell<Option<AbortController>>,
}

impl Http {
    /// Sends a GET, to be answered with [`Input::Polled`] or [`Input::HttpFailed`].
    pub(crate) fn get(&self, url: String, session: Weak<Session>) {
        self.send(url, None, session);
    }

    /// Sends a POST, to be answered with [`Input::Posted`] or [`Input::HttpFailed`].
    pub(crate) fn post(&self, url: String, body: String, session: Weak<Session>) {
        self.send(url, Some(body), session);
    }

    /// Sends a POST that outlives the page; no one hears how it went.
    pub(crate) fn farewell(url: &str, body: &str) {
        let init = request(Some(body), None);
        // Where `keepalive` is not known the request is sent all the same, and usually arrives.
        drop(Reflect::set(&init, &"keepalive".into(), &true.into()));
        if let Some(window) = window() {
            let promise = window.fetch_with_str_and_init(url, &init);
            spawn_local(async move {
                // The server finds out by its heartbeat if this one is lost.
                drop(JsFuture::from(promise).await);
            });
        }
    }

    /// Ends all requests in flight; none of them is answered any more.
    pub(crate) fn abort(&self) {
        if let Some(controller) = self.controller.take() {
            controller.abort();
        }
    }

    fn send(&self, url: String, body: Option<String>, session: Weak<Session>) {
        let signal = self.signal();
        spawn_local(async move {
            let answer = fetch(&url, body.as_deref(), signal.as_ref()).await;
            if signal.is_some_and(|signal| signal.aborted()) {
                return;
            }
            if let Some(session) = session.upgrade() {
                session.input(match (answer, body) {
                    (None, _) => Input::HttpFailed,
                    (Some(text), None) => Input::Polled(text),
                    (Some(_), Some(_)) => Input::Posted,
                });
            }
        });
    }

    fn signal(&self) -> Option<AbortSignal> {
        let mut controller = self.controller.borrow_mut();
        if controller.is_none() {
            *controller = AbortController::new().ok();
        }
        controller.as_ref().map(AbortController::signal)
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        self.abort();
    }
}

fn request(body: Option<&str>, signal: Option<&AbortSignal>) -> RequestInit {
    let init = RequestInit::new();
    init.set_cache(RequestCache::NoStore);
    init.set_signal(signal);
    if let Some(body) = body {
        init.set_method("POST");
        init.set_body(&JsValue::from_str(body));
    }
    init
}

/// The body of a good answer; nothing for any kind of failure: they all mean the same to a link.
async fn fetch(url: &str, body: Option<&str>, signal: Option<&AbortSignal>) -> Option<String> {
    let promise = window()?.fetch_with_str_and_init(url, &request(body, signal));
    let response: Response = JsFuture::from(promise).await.ok()?.dyn_into().ok()?;
    let text = JsFuture::from(response.text().ok()?).await.ok()?;
    text.as_string().filter(|_| response.ok())
}
