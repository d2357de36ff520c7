//! Leptos with few types underneath: its `view!`, elements, signals and memos, as components write them.
//!
//! Leptos gives each tag, attribute, closure and value a type of its own, and every such type is compiled with all the
//! code that builds, hydrates and updates it. Here a view is an [`AnyView`](leptos::prelude::AnyView) made by [`view!`],
//! and under each are only a few types: an element, a text, a place that changes, a list. Everything else is data that
//! these hold, and compiled once. Components, contexts, hydration and the reactive graph are Leptos's.
//!
//! A component begins with `use lean::prelude::*;`. What differs from Leptos is in this crate's README.

// What view! writes begins at the crate's name, in this crate's own tests too.
extern crate self as lean;

mod attribute;
mod child;
mod convert;
mod element;
mod html;
mod node_ref;
pub mod prelude;
mod reactive;
mod text;

pub use child::{Child, all};
pub use element::{Element, Shape};
pub use lean_macro::view;
pub use node_ref::NodeRef;
pub use reactive::{Memo, RwSignal, effect};
