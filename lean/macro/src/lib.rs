//! The macro `view!`: Leptos's syntax, drawn with the few types of `lean`.
//!
//! ```text
//! <p class="note" title=move || title() class:new=move || new.get() on:click=press node_ref=node>"text" {block}</p>
//! <Field name="topic" value=topic error/>
//! ```
//!
//! Nothing else of the syntax is there: what is not listed above is refused when it is compiled. So is what would look
//! one way from the server and another in the browser.

mod component;
mod element;
mod svg;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use rstml::{
    Infallible,
    node::{Node, NodeElement},
};
use svg::Context;
use syn::{Error, Result, spanned::Spanned};

/// A view as one value of the type `AnyView`.
#[proc_macro]
pub fn view(markup: proc_macro::TokenStream) -> proc_macro::TokenStream {
    rstml::parse2(markup.into())
        .and_then(|nodes| all(&nodes, Context::TOP))
        .unwrap_or_else(Error::into_compile_error)
        .into()
}

/// Nodes beside each other as one view.
fn all(nodes: &[Node], context: Context) -> Result<TokenStream> {
    let views = nodes.iter().map(|child| node(child, context)).collect::<Result<Vec<_>>>()?;
    Ok(match &views[..] {
        [view] => quote! { ::lean::Child::into_child(#view) },
        _ => quote! { ::lean::all(::std::vec![#(::lean::Child::into_child(#views)),*]) },
    })
}

/// A node as an expression of a type that is a `lean::Child`.
fn node(node: &Node, context: Context) -> Result<TokenStream> {
    match node {
        Node::Element(element) if is_component(element) => component::tokens(element, context),
        Node::Element(element) => element::tokens(element, context),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn written(markup: TokenStream) -> Result<String> {
        rstml::parse2(markup).and_then(|nodes| all(&nodes, Context::TOP)).map(|tokens| tokens.to_string())
    }

    fn refusal(markup: TokenStream) -> String {
        written(markup).expect_err("this is refused").to_string()
    }

    #[test]
    fn what_is_drawn_in_a_picture_belongs_to_svg() {
        let tags = |markup: TokenStream| -> Vec<(String, bool)> {
            let text = written(markup).unwrap();
            let shapes = text.split("tag : \"").skip(1);
            shapes
                .map(|shape| (shape[..shape.find('"').unwrap()].to_owned(), shape.contains("is_svg : true")))
                .collect()
        };
        let found = tags(quote! {
            <svg>
                <g><circle r="1"/><a href="/"><title>"t"<a></a></title></a></g>
                <Layer><a href="/"></a></Layer>
                <desc><a></a></desc>
                <foreignObject><p><a></a></p><svg><a></a></svg></foreignObject>
            </svg>
        });
        let expected = [
            ("svg", true),
            ("g", true),
            ("circle", true),
            ("a", true),
            ("title", true),
            ("a", false),
            ("a", true),
            ("desc", true),
            ("a", false),
            ("foreignObject", true),
            ("p", false),
            ("a", false),
            ("svg", true),
            ("a", true),
        ];
        assert_eq!(found, expected.map(|(tag, is_svg)| (tag.to_owned(), is_svg)));
        // A component may be one part of a picture.
        assert_eq!(tags(quote! { <circle/> }), [("circle".to_owned(), true)]);
    }

    #[test]
    fn a_class_that_is_worked_out_stands_alone() {
        for beside in [quote! { class="a" }, quote! { class:a=b }, quote! { class=("a", b) }, quote! { class=c }] {
            assert!(refusal(quote! { <p class=move || d() #beside></p> }).contains("class"), "{beside}");
            assert!(refusal(quote! { <p #beside class=move || d()></p> }).contains("class"), "{beside}");
        }
        assert!(written(quote! { <p class=move || d()></p> }).is_ok());
    }

    #[test]
    fn what_the_browser_would_refuse_is_refused_when_it_is_compiled() {
        assert!(refusal(quote! { <p class=("a b", c)></p> }).contains("no spaces"));
        assert!(refusal(quote! { <p id="a" id=b></p> }).contains("there already"));
        assert!(refusal(quote! { <math></math> }).contains("MathML"));
        assert!(refusal(quote! { <p style:color="red"></p> }).contains("knows"));
    }

    #[test]
    fn what_the_parser_would_read_as_something_else_is_refused_when_it_is_compiled() {
        for markup in [
            quote! { <svg><p></p></svg> },
            quote! { <p><circle/></p> },
            quote! { <svg><foreignObject><circle/></foreignObject></svg> },
            quote! { <svg><title><text></text></title></svg> },
        ] {
            assert!(refusal(markup.clone()).contains("parser"), "{markup}");
        }
        // A component may draw what its children need around them.
        assert!(written(quote! { <svg><Layer><p></p></Layer></svg> }).is_ok());
        assert!(written(quote! { <p><Chart><circle/></Chart></p> }).is_ok());
    }
}
