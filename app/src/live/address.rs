//! The page's address: which page it names, and the way to another without loading the document anew.

use lean::RwSignal;
#[cfg(test)]
use leptos::prelude::Owner;

#[cfg(feature = "browser")]
use super::browser::address as side;
#[cfg(not(feature = "browser"))]
use super::server::address as side;

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

/// What stands in the address bar, as a signal. A context, provided by `App`.
#[derive(Clone, Copy)]
pub(crate) struct Address(RwSignal<Place>);

/// Path and query as they are written in an address, the query with its question mark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) path: String,
    pub(super) query: String,
}

impl Address {
    /// Begins with the address of the document.
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(side::current()))
    }

    /// Follows the links of the page and the browser's own back and forward. Called once, after hydration.
    pub(crate) fn follow(self) {
        side::follow(self);
    }

    /// The page that it names.
    pub(crate) fn page(self) -> Page {
        self.0.with(|place| match place.path.as_str() {
            "/" => Page::Join,
            "/rooms/new" => Page::NewRoom,
            path if slug(path).is_some() => Page::Room,
            _ => Page::Nowhere,
        })
    }

    /// What stands in the slug's place in a room's address, decoded.
    pub(crate) fn room(self) -> Option<String> {
        self.0.with(|place| slug(&place.path).and_then(side::decode))
    }

    /// A value of the query, decoded.
    pub(crate) fn query(self, name: &str) -> Option<String> {
        self.0.with(|place| side::query(&place.query, name))
    }

    /// The path.
    pub(crate) fn path(self) -> String {
        self.0.with(|place| place.path.clone())
    }

    /// Path and query.
    pub(crate) fn full(self) -> String {
        self.0.with(|place| [place.path.as_str(), &place.query].concat())
    }

    /// Goes to another page of the UI.
    pub(crate) fn go(self, path: &str) {
        side::push(path);
        self.look();
    }

    /// Takes the address from the browser.
    pub(super) fn look(self) {
        self.0.set(side::current());
    }
}

fn slug(path: &str) -> Option<&str> {
    path.strip_prefix("/r/").filter(|slug| !slug.is_empty() && !slug.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(path: &str) -> Page {
        Owner::new().with(|| Address(RwSignal::new(Place { path: path.to_owned(), query: String::new() })).page())
    }

    #[test]
    fn an_address_names_its_page() {
        assert_eq!(page("/"), Page::Join);
        assert_eq!(page("/rooms/new"), Page::NewRoom);
        assert_eq!(page("/r/lobby"), Page::Room);
        for nowhere in ["/r/", "/r/lobby/more", "/rooms", "/elsewhere"] {
            assert_eq!(page(nowhere), Page::Nowhere, "{nowhere}");
        }
    }
}
