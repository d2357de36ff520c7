//! The router: which page the URL names, and navigation without reloading the document.

#[cfg(feature = "browser")]
mod browser;
#[cfg(not(feature = "browser"))]
mod server;

use std::{
    pin::Pin,
    task::{Context, Poll, Waker},
};

use lean::{RwSignal, effect};
use leptos::task::spawn_local;
use madang_client::link::Link;
use madang_common::route;

#[cfg(feature = "browser")]
use browser as side;
#[cfg(not(feature = "browser"))]
use server as side;

/// The pages that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// `/`
    Join,
    /// `/rooms/new`
    NewRoom,
    /// `/r/<slug>`: which room is told by [`Address::room`], so that the page stays when the room changes.
    Room,
    /// Any other address.
    Nowhere,
}

impl Page {
    /// The page that the document's address names.
    pub(crate) fn current() -> Self {
        Self::at(&side::current().path)
    }

    fn at(path: &str) -> Self {
        match path {
            route::JOIN_PAGE => Self::Join,
            route::NEW_ROOM => Self::NewRoom,
            path if slug(path).is_some() => Self::Room,
            _ => Self::Nowhere,
        }
    }
}

/// What stands in the address bar, as a signal. A context, provided by `App`.
#[derive(Clone, Copy)]
pub(crate) struct Address {
    place: RwSignal<Place>,
    /// Counts the ways to other pages: what is fetched for one is of no use once another has been taken.
    ways: RwSignal<u32>,
    /// Where the address bar stands and the page does not yet: its code could not be fetched while the link is down.
    behind: RwSignal<Option<String>>,
    link: RwSignal<Link>,
    fetch: Fetch,
}

/// Fetches the code of a page; ready at once, with `true`, where it is there.
pub(crate) type Fetch = fn(Page) -> Pin<Box<dyn Future<Output = bool>>>;

/// Path and query as they are written in an address, the query with its question mark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) path: String,
    pub(super) query: String,
}

impl Place {
    fn full(&self) -> String {
        [self.path.as_str(), &self.query].concat()
    }
}

impl Address {
    /// Begins with the address of the document.
    pub(crate) fn new(link: RwSignal<Link>, fetch: Fetch) -> Self {
        let place = RwSignal::new(side::current());
        Self { place, ways: RwSignal::new(0), behind: RwSignal::new(None), link, fetch }
    }

    /// Follows the links of the page and the browser's own back and forward. Called once, after hydration.
    pub(crate) fn follow(self) {
        side::follow(self);
        effect(move || {
            if self.link.get() == Link::Live
                && let Some(address) = self.behind.get_untracked()
            {
                side::load(&address);
            }
        });
    }

    /// The page that it names.
    pub(crate) fn page(self) -> Page {
        self.place.with(|place| Page::at(&place.path))
    }

    /// What stands in the slug's place in a room's address, decoded.
    pub(crate) fn room(self) -> Option<String> {
        self.place.with(|place| slug(&place.path).and_then(side::decode))
    }

    /// A value of the query, decoded.
    pub(crate) fn query(self, name: &str) -> Option<String> {
        self.place.with(|place| side::query(&place.query, name))
    }

    /// The path.
    pub(crate) fn path(self) -> String {
        self.place.with(|place| place.path.clone())
    }

    /// Path and query.
    pub(crate) fn full(self) -> String {
        self.place.with(Place::full)
    }

    /// Goes to another page of the UI.
    pub(crate) fn go(self, path: &str) {
        let pushed = path.to_owned();
        self.once_fetched(path.to_owned(), move || {
            side::push(&pushed);
            self.place.set(side::current());
        });
    }

    /// Takes the address from the browser, which went back or forward.
    #[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "nobody goes anywhere while the server renders"))]
    pub(super) fn look(self) {
        let place = side::current();
        self.once_fetched(place.full(), move || self.place.set(place));
    }

    /// Goes on, at once where the page's code is there; until it has come, the page stays that is shown. Where it could not be
    /// fetched from a server that can be reached, that has another build: then the document is to be loaded. A server that
    /// cannot be reached has no document either; it is loaded later if the address bar
    /// is there already.
    fn once_fetched(self, address: String, then: impl FnOnce() + 'static) {
        let page = Page::at(address.split('?').next().unwrap_or_default());
        let way = self.ways.get_untracked() + 1;
        self.ways.set(way);
        self.behind.set(None);
        let mut fetched = (self.fetch)(page);
        if let Poll::Ready(is_fetched) = fetched.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return if is_fetched { then() } else { side::load(&address) };
        }
        spawn_local(async move {
            let is_fetched = fetched.await;
            if self.ways.get_untracked() != way {
                return;
            }
            if is_fetched {
                then();
            } else if !matches!(self.link.get_untracked(), Link::Down { .. } | Link::Resuming) {
                side::load(&address);
            } else if side::current().full() == address {
                self.behind.set(Some(address));
            }
        });
    }
}

fn slug(path: &str) -> Option<&str> {
    route::slug_of(path).filter(|slug| route::with(route::ROOM, slug) == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_page() {
        assert_eq!(Page::at(route::JOIN_PAGE), Page::Join);
        assert_eq!(Page::at(route::NEW_ROOM), Page::NewRoom);
        assert_eq!(Page::at(route::LOBBY), Page::Room);
        for nowhere in ["/r/", "/r/lobby/more", "/r/lobby/lobby", route::ROOMS, "/elsewhere"] {
            assert_eq!(Page::at(nowhere), Page::Nowhere, "{nowhere}");
        }
    }
}
