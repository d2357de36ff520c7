//! What components are drawn with: Leptos's reactive system and its hydration, with one type for all elements.
//!
//! A view is an [`AnyView`] made by [`view!`]. Under each are only a few types: an [`Element`], a text, a place that
//! changes, a list. Everything else is data that these hold, and compiled once.

mod attribute;
mod child;
mod element;
mod html;
mod node_ref;
mod text;

pub(crate) use child::{Child, all};
pub(crate) use element::Element;
pub(crate) use madang_view::view;
pub(crate) use node_ref::NodeRef;
