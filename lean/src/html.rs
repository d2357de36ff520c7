//! Server-side rendering of elements to HTML.

use leptos::{
    prelude::*,
    tachys::{html::attribute::AttributeValue, view::Position},
};

use super::{
    Element,
    attribute::Given,
    element::{Part, Parts, Shape},
};

/// Elements that have neither children nor a closing tag (HTML, section 13.1.2).
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Writes an element with all that is in it.
pub(super) fn write(element: Element, html: &mut String, position: &mut Position, escape: bool, mark_branches: bool) {
    let Parts { shape: Shape { tag, fixed, .. }, parts, children } = *element.0;
    html.push('<');
    html.push_str(tag);
    let mut classes = Vec::new();
    for (name, value) in *fixed {
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
    if !VOID.contains(tag) {
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

#[cfg(test)]
mod tests {
    use leptos::prelude::RenderHtml;

    use crate::prelude::*;

    fn written(view: AnyView) -> String {
        view.to_html()
    }

    #[test]
    fn attributes_are_escaped_and_stand_where_they_have_a_value() {
        let (lang, none) = ("ko", None::<String>);
        let html = written(view! {
            <p title="a \"b\" & <c>" lang=lang id=none hidden=true inert=move || false></p>
        });
        assert_eq!(html, r#"<p title="a &quot;b&quot; &amp; &lt;c&gt;" lang="ko" hidden=""></p>"#);
    }

    #[test]
    fn classes_that_come_and_go_stand_beside_those_that_stay() {
        let element = |new: bool| view! { <p class="note" class:new=move || new></p> };
        assert_eq!(written(element(true)), r#"<p class="note new"></p>"#);
        assert_eq!(written(element(false)), r#"<p class="note"></p>"#);
        assert_eq!(written(view! { <p class:new=|| false></p> }), "<p></p>");
    }

    #[test]
    fn there_is_one_class_attribute_however_classes_are_written() {
        let html = written(view! { <p class:b=|| true class="a" class=("c", || true) class="d e"></p> });
        assert_eq!(html.matches("class=").count(), 1, "{html}");
        assert_eq!(html, r#"<p class="a d e b c"></p>"#);
        assert_eq!(written(view! { <p class=move || "f"></p> }), r#"<p class="f"></p>"#);
    }

    #[test]
    fn an_element_that_can_hold_nothing_is_not_closed() {
        assert_eq!(written(view! { <input name="a"/> }), r#"<input name="a">"#);
    }
}
