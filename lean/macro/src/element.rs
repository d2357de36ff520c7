//! An element: calls that put it together out of its parts.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use rstml::{
    Infallible,
    node::{NodeAttribute, NodeElement, NodeName},
};
use syn::{Error, Expr, Result, spanned::Spanned};

/// `<p class="note" on:click=press>…</p>`
pub(crate) fn tokens(element: &NodeElement<Infallible>) -> Result<TokenStream> {
    let tag = element.name().to_string();
    let mut fixed = Vec::new();
    let mut parts = Vec::new();
    for attribute in element.attributes() {
        let NodeAttribute::Attribute(attribute) = attribute else {
            return Err(Error::new(attribute.span(), "an attribute has a name"));
        };
        let name = attribute.key.to_string();
        // What never changes is data rather than code.
        match (attribute.value_literal_string(), attribute.value()) {
            (Some(value), _) if !name.contains(':') => fixed.push(quote! { (#name, #value) }),
            (_, Some(value)) => parts.push(part(&name, &attribute.key, value)?),
            (_, None) => fixed.push(quote! { (#name, "") }),
        }
    }
    let children = element.children.iter().map(crate::node).collect::<Result<Vec<_>>>()?;
    Ok(quote! {
        ::lean::Element::new(#tag, &[#(#fixed),*]) #(#parts)* #(.child(#children))*
    })
}

/// What changes, or listens, or is not known before it runs.
fn part(name: &str, key: &NodeName, value: &Expr) -> Result<TokenStream> {
    Ok(match name.split_once(':') {
        Some(("on", event)) => {
            let kind = format_ident!("{event}", span = key.span());
            quote! { .on::<::leptos::ev::#kind>(#event, #value) }
        }
        Some(("class", class)) => quote! { .class(#class, #value) },
        Some(_) => return Err(Error::new(key.span(), "view! knows on: and class:")),
        None if name == "node_ref" => quote! { .node_ref(#value) },
        None => quote! { .attribute(#name, #value) },
    })
}
