//! Code generation for components: calls what `#[component]` made of a function, with its properties.

use proc_macro2::TokenStream;
use quote::quote;
use rstml::{
    Infallible,
    node::{NodeAttribute, NodeElement},
};
use syn::{Error, Result, spanned::Spanned};

use crate::svg::Context;

/// `<Field name="topic" error>…</Field>`; a property without a value is given the variable of its name.
/// Of its children, what HTML and SVG both have is what it would be in the component's place.
pub(crate) fn tokens(element: &NodeElement<Infallible>, context: Context) -> Result<TokenStream> {
    let name = element.name();
    let properties = element.attributes().iter().map(|attribute| match attribute {
        NodeAttribute::Attribute(property) => {
            let key = &property.key;
            let value = property.value().map_or_else(|| quote! { #key }, |value| quote! { #value });
            Ok(quote! { .#key(#value) })
        }
        NodeAttribute::Block(block) => Err(Error::new(block.span(), "a property has a name")),
    });
    let properties = properties.collect::<Result<Vec<_>>>()?;
    let children = if element.children.is_empty() {
        quote! {}
    } else {
        let children = crate::all(&element.children, context.in_component())?;
        quote! { .children(::leptos::children::ToChildren::to_children(move || #children)) }
    };
    Ok(quote! {
        ::leptos::prelude::IntoAny::into_any(::leptos::component::component_view(
            &#name,
            ::leptos::component::component_props_builder(&#name) #(#properties)* #children .build(),
        ))
    })
}
