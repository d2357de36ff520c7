//! Lazy pages: those that a first room page does not need.
//!
//! In a bundle that is split (feature `split`) each has a Wasm chunk of its own, which the browser fetches before the page
//! is first shown. Anywhere else the code is there from the start.

use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use lean::prelude::*;

use crate::{
    live::address::Page,
    pages::{join::Join, new_room::NewRoom},
};

/// A page's code could not be fetched: the network is down, or the server has another build by now.
#[derive(Debug)]
pub struct NotFetched;

#[cfg(feature = "split")]
impl From<leptos::wasm_split::SplitLoaderError> for NotFetched {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// A lazy page: the name of its chunk and of the function that draws it, the function that fetches it, and its view.
#[cfg(feature = "split")]
macro_rules! lazy {
    ($name:ident, $fetch:ident, $view:expr) => {
        #[leptos::wasm_split::wasm_split($name, wasm_split_path = ::leptos::wasm_split, preload($fetch), fallible)]
        fn $name() -> Result<AnyView, NotFetched> {
            Ok($view)
        }
    };
}

#[cfg(not(feature = "split"))]
macro_rules! lazy {
    ($name:ident, $fetch:ident, $view:expr) => {
        async fn $fetch() -> Result<(), NotFetched> {
            Ok(())
        }

        async fn $name() -> Result<AnyView, NotFetched> {
            Ok($view)
        }
    };
}

lazy!(join, fetch_join, view! { <Join/> });
lazy!(new_room, fetch_new_room, view! { <NewRoom/> });

/// Fetches the code of a page, once. Ready at once where it is there.
///
/// # Errors
/// When it could not be fetched; another call tries again.
pub(crate) async fn fetch(page: Page) -> Result<(), NotFetched> {
    match page {
        Page::Join => fetch_join().await?,
        Page::NewRoom => fetch_new_room().await?,
        Page::Room | Page::Nowhere => {}
    }
    Ok(())
}

/// The join page, whose code has been fetched.
pub(crate) fn join_page() -> AnyView {
    drawn(join())
}

/// The page for a new room, whose code has been fetched.
pub(crate) fn new_room_page() -> AnyView {
    drawn(new_room())
}

/// What a page draws whose code is there. Nobody goes to a page before it is (`live/address`).
fn drawn(page: impl Future<Output = Result<AnyView, NotFetched>>) -> AnyView {
    match pin!(page).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(view)) => view,
        _ => ().into_any(),
    }
}
