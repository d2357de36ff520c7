//! Node references: handles of elements in the page.

use std::marker::PhantomData;

use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::reactive::RwSignal;

/// Where an element is kept. There is one in the browser only, which has one thread.
pub(super) type Place = RwSignal<Option<SendWrapper<Element>>>;

/// The element that `node_ref=…` stands at, once it is in the page.
pub struct NodeRef<T> {
    place: Place,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for NodeRef<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for NodeRef<T> {}

impl<T: JsCast> Default for NodeRef<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: JsCast> NodeRef<T> {
    /// A reference to nothing yet.
    pub fn new() -> Self {
        Self { place: RwSignal::new(None), kind: PhantomData }
    }

    /// The element; followed where read in a reactive place.
    pub fn get(self) -> Option<T> {
        self.place.get().map(|element| element.take().unchecked_into())
    }

    /// The element now.
    pub fn get_untracked(self) -> Option<T> {
        self.place.get_untracked().map(|element| element.take().unchecked_into())
    }

    /// Where to put the element.
    pub(super) fn place(self) -> Place {
        self.place
    }
}
