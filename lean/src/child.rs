//! Children of an element: what may be between its tags.

use leptos::{
    prelude::{AnyView, IntoAny},
    tachys::view::iterators::StaticVec,
};

use super::{Element, text::TextNode};

/// Anything that can be a child: a text, an element, a view, none of them, or a function that is one of these and is
/// followed as it changes.
///
/// All functions become one type, and so do all texts: each type that a view is made of costs a kilobyte or two.
pub trait Child {
    /// The child as a view.
    fn into_child(self) -> AnyView;
}

impl Child for AnyView {
    fn into_child(self) -> AnyView {
        self
    }
}

impl Child for Element {
    fn into_child(self) -> AnyView {
        self.into_any()
    }
}

impl Child for String {
    fn into_child(self) -> AnyView {
        TextNode(self).into_any()
    }
}

impl Child for &str {
    fn into_child(self) -> AnyView {
        self.to_owned().into_child()
    }
}

impl<C: Child> Child for Option<C> {
    fn into_child(self) -> AnyView {
        match self {
            Some(child) => child.into_child(),
            None => ().into_any(),
        }
    }
}

impl Child for Vec<AnyView> {
    fn into_child(self) -> AnyView {
        all(self)
    }
}

impl<C: Child, F: FnMut() -> C + Send + 'static> Child for F {
    fn into_child(mut self) -> AnyView {
        let now: Box<dyn FnMut() -> AnyView + Send> = Box::new(move || self().into_child());
        now.into_any()
    }
}

/// Views beside each other.
pub fn all(views: Vec<AnyView>) -> AnyView {
    StaticVec::from(views).into_any()
}
