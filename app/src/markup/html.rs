//! An element as the server writes it.

use leptos::{
    prelude::*,
    tachys::{html::attribute::AttributeValue, view::Position},
};

use super::{
    Element,
    attribute::Given,
    element::{Part, Parts},
};

/// Elements that have neither children nor a closing tag (HTML, section 13.1.2).
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Writes an element with all that is in it.
pub(super) fn write(element: Element, html: &mut String, position: &mut Position, escape: bool, mark_branches: bool) {
    let Parts { tag, fixed, parts, children } = *element.0;
    html.push('<');
    html.push_str(tag);
    let mut classes = Vec::new();
    for (name, value) in fixed {
        match *name {
            "class" => classes.push(*value),
            name => attribute(html, name, Some((*value).to_owned())),
        }
    }
    for (name, part) in parts {
        match part {
            Part::Attribute(Given::Fixed(value)) => attribute(html, name, value),
            Part::Attribute(Given::Live(mut live)) => attribute(html, name, live()),
            Part::Class(mut live) => classes.extend(live().map(|_| name)),
            Part::Listener(_) | Part::Reference(_) => {}
        }
    }
    if !classes.is_empty() {
        attribute(html, "class", Some(classes.join(" ")));
    }
    html.push('>');
    if !VOID.contains(&tag) {
        *position = Position::FirstChild;
        for child in children {
            child.to_html_with_buf(html, position, escape, mark_branches, Vec::new());
        }
        html.push_str("</");
        html.push_str(tag);
        html.push('>');
    }
    *position = Position::NextChild;
}

fn attribute(html: &mut String, name: &str, value: Option<String>) {
    AttributeValue::to_html(value, name, html);
}
