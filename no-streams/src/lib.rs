//! An empty replacement for the crate of this name, so that a first visit does not download it.
//!
//! Leptos depends on it for server functions that stream, of which Madang has none. It exports classes to JavaScript,
//! and what is exported stays in the Wasm whether anybody calls it or not: 3.5 kB, compressed. Here is as much of it as
//! Leptos names; nothing of that is ever called.

use futures_util::{Stream, stream};
use wasm_bindgen::JsValue;

/// A stream of the browser's.
#[derive(Debug)]
pub struct ReadableStream(web_sys::ReadableStream);

impl ReadableStream {
    /// What the browser gives.
    #[must_use]
    pub fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    /// What the browser takes.
    #[must_use]
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    /// Would read it; nothing comes.
    pub fn into_stream(self) -> impl Stream<Item = Result<JsValue, JsValue>> {
        stream::empty()
    }

    /// Would have the browser read from a stream of ours.
    ///
    /// # Panics
    /// Always.
    pub fn from_stream(_: impl Stream<Item = Result<JsValue, JsValue>> + 'static) -> Self {
        unreachable!("there are no server functions in Madang")
    }
}
