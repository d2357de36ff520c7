//! A reference to an element in the page.

use std::marker::PhantomData;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// The element that `node_ref=…` stands at, once it is in the page. All of them are one signal underneath, whatever
/// the element.
pub(crate) struct NodeRef<T> {
    element: RwSignal<Option<web_sys::Element>, LocalStorage>,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for NodeRef<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for NodeRef<T> {}

impl<T: JsCast> NodeRef<T> {
    /// A reference to nothing yet.
    pub(crate) fn new() -> Self {
        Self { element: RwSignal::new_local(None), kind: PhantomData }
    }

    /// The element; followed where read in a reactive place.
    pub(crate) fn get(self) -> Option<T> {
        self.element.get().map(JsCast::unchecked_into)
    }

    /// The element now.
    pub(crate) fn get_untracked(self) -> Option<T> {
        self.element.get_untracked().map(JsCast::unchecked_into)
    }

    /// Where to put the element.
    pub(super) fn place(self) -> RwSignal<Option<web_sys::Element>, LocalStorage> {
        self.element
    }
}
