//! Text nodes, which find their place again after a translator has taken them out.

use leptos::{
    prelude::*,
    tachys::{
        html::attribute::any_attribute::AnyAttribute,
        hydration::Cursor,
        view::{Mountable, Position, PositionState, Render, RenderHtml},
    },
};
use wasm_bindgen::JsCast;
use web_sys::{Element, Node, Text};

/// What Chrome's translation puts into the place of each text, and the UI never uses: among the children of an element.
const TRANSLATION: &str = ":scope > font";

/// A text.
///
/// A text of tachys 0.2.19 (`src/view/strings.rs`) writes to its node and no more. Translators take that node out of the
/// page and put an element in its place, so what they have translated would stay there for good, whatever changes: the
/// counter of unread messages, or who is typing.
pub(super) struct TextNode(pub(super) String);

/// A text in the page.
pub(super) struct TextState {
    node: Text,
    text: String,
    parent: Option<Element>,
}

impl TextState {
    /// The node, or what a translator has put into its place.
    fn shown(&self) -> Option<Node> {
        if self.node.parent_node().is_some() {
            return Some(Node::clone(&self.node));
        }
        self.parent.as_ref()?.query_selector(TRANSLATION).ok()?.map(Into::into)
    }
}

impl Render for TextNode {
    type State = TextState;

    fn build(self) -> TextState {
        TextState { node: document().create_text_node(&self.0), text: self.0, parent: None }
    }

    fn rebuild(self, state: &mut TextState) {
        if self.0 == state.text {
            return;
        }
        state.node.set_data(&self.0);
        state.text = self.0;
        if state.node.parent_node().is_none()
            && let (Some(parent), Some(shown)) = (&state.parent, state.shown())
            && parent.replace_child(&state.node, &shown).is_err()
        {
            leptos::logging::warn!("a translated text could not be replaced");
        }
    }
}

impl RenderHtml for TextNode {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        html: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        attributes: Vec<AnyAttribute>,
    ) {
        self.0.to_html_with_buf(html, position, escape, mark_branches, attributes);
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> TextState {
        let text = self.0.clone();
        self.0.hydrate::<FROM_SERVER>(cursor, position);
        // There is where that ends, having seen that it is a text.
        let node: Text = cursor.current().unchecked_into();
        let parent = node.parent_element();
        TextState { node, text, parent }
    }

    fn into_owned(self) -> Self {
        self
    }
}

// Nothing spreads attributes over a component's texts from outside.
leptos::tachys::no_attrs!(TextNode);

impl Mountable for TextState {
    fn unmount(&mut self) {
        if let Some(shown) = self.shown()
            && let Some(parent) = shown.parent_node()
            && parent.remove_child(&shown).is_err()
        {
            leptos::logging::warn!("a text could not be removed");
        }
        self.parent = None;
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        parent.insert_before(&self.node, marker).expect("the marker is a child of the parent");
        self.parent = Some(parent.clone());
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let Some(shown) = self.shown() else { return false };
        match shown.parent_element() {
            Some(parent) => {
                child.mount(&parent, Some(&shown));
                true
            }
            None => false,
        }
    }

    fn elements(&self) -> Vec<Element> {
        Vec::new()
    }
}
