//! Code generation for elements: their shape as data, and calls that put together their parts.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use rstml::{
    Infallible,
    node::{KeyedAttribute, NodeAttribute, NodeElement, NodeName},
};
use syn::{Error, Expr, ExprLit, Lit, Result, spanned::Spanned};

use crate::svg::Context;

/// What an element has, sorted by how it is said.
#[derive(Default)]
struct Attributes {
    /// What never changes: data rather than code.
    fixed: Vec<(String, String)>,
    /// Calls for what changes, or listens, or is not known before it runs.
    parts: Vec<TokenStream>,
    /// The names that have been said, each of which may be said once.
    named: Vec<String>,
    /// The class attribute as a whole is worked out when it runs.
    has_whole_class: bool,
    /// It has classes one by one.
    has_classes: bool,
}

/// `<p class="note" on:click=press>…</p>`.
pub(crate) fn tokens(element: &NodeElement<Infallible>, context: Context) -> Result<TokenStream> {
    let tag = element.name().to_string();
    if tag == "math" {
        return Err(Error::new(element.name().span(), "view! draws HTML and SVG, not MathML"));
    }
    if !context.allows(&tag) {
        let rule = format!(
            "the HTML parser does not read <{tag}> here as what it is: elements of SVG belong into <svg>, HTML in an \
             image into <foreignObject>"
        );
        return Err(Error::new(element.name().span(), rule));
    }
    let is_svg = context.is_svg(&tag);
    let mut attributes = Attributes::default();
    for attribute in element.attributes() {
        let NodeAttribute::Attribute(attribute) = attribute else {
            return Err(Error::new(attribute.span(), "an attribute has a name"));
        };
        attributes.add(attribute)?;
    }
    let Attributes { fixed, parts, .. } = attributes;
    let fixed = fixed.iter().map(|(name, value)| quote! { (#name, #value) });
    let inside = Context::in_element(&tag, is_svg);
    let children = element.children.iter().map(|child| crate::node(child, inside)).collect::<Result<Vec<_>>>()?;
    Ok(quote! {
        {
            static SHAPE: ::lean::Shape = ::lean::Shape { tag: #tag, is_svg: #is_svg, fixed: &[#(#fixed),*] };
            ::lean::Element::new(&SHAPE)
        } #(#parts)* #(.child(#children))*
    })
}

impl Attributes {
    fn add(&mut self, attribute: &KeyedAttribute) -> Result<()> {
        let key = &attribute.key;
        let name = key.to_string();
        match (name.split_once(':'), attribute.value()) {
            (Some(("on", event)), Some(listener)) => {
                let kind = format_ident!("{event}", span = key.span());
                self.parts.push(quote! { .on::<::leptos::ev::#kind>(#event, #listener) });
                Ok(())
            }
            (Some(("class", class)), Some(is_there)) => self.add_class(key, class, is_there),
            (Some(_), _) => Err(Error::new(key.span(), "view! knows on:event=… and class:name=…")),
            (None, value) if name == "class" => self.add_class_attribute(attribute, value),
            (None, value) => {
                if self.named.contains(&name) {
                    return Err(Error::new(key.span(), format!("{name} is there already")));
                }
                match (literal(attribute), value) {
                    (Some(fixed), _) => self.fixed.push((name.clone(), fixed)),
                    (None, None) => self.fixed.push((name.clone(), String::new())),
                    (None, Some(value)) if name == "node_ref" => self.parts.push(quote! { .node_ref(#value) }),
                    (None, Some(value)) => self.parts.push(quote! { .attribute(#name, #value) }),
                }
                self.named.push(name);
                Ok(())
            }
        }
    }

    /// `class="a b"`, `class=("name", condition)`, or the whole attribute: `class=move || …`.
    fn add_class_attribute(&mut self, attribute: &KeyedAttribute, value: Option<&Expr>) -> Result<()> {
        let key = &attribute.key;
        if let Some(classes) = literal(attribute) {
            self.has_classes = true;
            match self.fixed.iter_mut().find(|(name, _)| name == "class") {
                Some((_, before)) => *before = format!("{before} {classes}"),
                None => self.fixed.push(("class".to_owned(), classes)),
            }
            return self.one_way(key);
        }
        match value {
            Some(Expr::Tuple(pair)) => match pair.elems.iter().collect::<Vec<_>>()[..] {
                [Expr::Lit(ExprLit { lit: Lit::Str(class), .. }), is_there] => {
                    self.add_class(key, &class.value(), is_there)
                }
                _ => Err(Error::new(pair.span(), "a class is written class=(\"name\", condition)")),
            },
            Some(value) => {
                if self.has_whole_class {
                    return Err(Error::new(key.span(), "class is there already"));
                }
                self.has_whole_class = true;
                self.parts.push(quote! { .attribute("class", #value) });
                self.one_way(key)
            }
            None => Err(Error::new(key.span(), "class has a value")),
        }
    }

    /// A class that is there or not.
    fn add_class(&mut self, key: &NodeName, class: &str, is_there: &Expr) -> Result<()> {
        if class.is_empty() || class.contains(char::is_whitespace) {
            return Err(Error::new(key.span(), "this is one class, and its name has no spaces"));
        }
        self.has_classes = true;
        self.parts.push(quote! { .class(#class, #is_there) });
        self.one_way(key)
    }

    /// An attribute that is written as a whole whenever it changes would take with it what else is in it.
    fn one_way(&self, key: &NodeName) -> Result<()> {
        if self.has_whole_class && self.has_classes {
            let rule = "class=… with a value that is worked out is the whole attribute; beside other classes, write \
                        class:name=condition for each";
            return Err(Error::new(key.span(), rule));
        }
        Ok(())
    }
}

/// A value that stands in the source, other than `true` and `false`, which say whether the attribute is there.
fn literal(attribute: &KeyedAttribute) -> Option<String> {
    let is_bool = matches!(attribute.value(), Some(Expr::Lit(ExprLit { lit: Lit::Bool(_), .. })));
    attribute.value_literal_string().filter(|_| !is_bool)
}
