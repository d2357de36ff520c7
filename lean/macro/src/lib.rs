//! `view!`, as the UI's components write it: Leptos's syntax, drawn with the few types of `app/src/markup`.
//!
//! Leptos gives each tag and each attribute a type of its own, and every such type is compiled with all the code that
//! builds, hydrates and updates it. Here all elements are one type, and the Wasm is a tenth smaller for it, compressed.
//!
//! ```text
//! <p class="note" title=move || title() class:new=move || new.get() on:click=press node_ref=node>"text" {block}</p>
//! <Field name="topic" value=topic error/>
//! ```
//!
//! Nothing else of the syntax is there: what is not listed above is refused when it is compiled.

mod component;
mod element;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use rstml::{
    Infallible,
    node::{Node, NodeElement},
};
use syn::{Error, Result, spanned::Spanned};

/// A view as one value of the type `AnyView`.
#[proc_macro]
pub fn view(markup: proc_macro::TokenStream) -> proc_macro::TokenStream {
    rstml::parse2(markup.into()).and_then(|nodes| all(&nodes)).unwrap_or_else(Error::into_compile_error).into()
}

/// Nodes beside each other as one view.
fn all(nodes: &[Node]) -> Result<TokenStream> {
    let views = nodes.iter().map(node).collect::<Result<Vec<_>>>()?;
    Ok(match &views[..] {
        [view] => quote! { ::lean::Child::into_child(#view) },
        _ => quote! { ::lean::all(::std::vec![#(::lean::Child::into_child(#views)),*]) },
    })
}

/// A node as an expression of a type that is a `markup::Child`.
fn node(node: &Node) -> Result<TokenStream> {
    match node {
        Node::Element(element) if is_component(element) => component::tokens(element),
        Node::Element(element) => element::tokens(element),
        Node::Text(text) => {
            let text = &text.value;
            Ok(quote! { #text })
        }
        Node::Block(block) => Ok(quote_spanned! { block.span() => { #[allow(unused_braces)] #block } }),
        Node::Comment(_) | Node::Doctype(_) | Node::Fragment(_) | Node::RawText(_) | Node::Custom(_) => {
            Err(Error::new(node.span(), "view! knows elements, components, \"texts\" and {blocks}"))
        }
    }
}

/// Components are written as Rust writes types: `<Field/>`, `<pages::Join/>`.
fn is_component(element: &NodeElement<Infallible>) -> bool {
    let name = element.name().to_string();
    name.rsplit("::").next().is_some_and(|last| last.starts_with(char::is_uppercase))
}
