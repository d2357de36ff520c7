//! The connection during server-side rendering: none. Nothing here is called while rendering; what calls
//! it are effects and what a person does, and neither happens on the server.

use std::rc::Rc;

use serde_json::Value;

use super::{Handler, Link};

pub(super) fn on(_: &'static str, _: Handler) {}

pub(super) fn start_socket_io(_: Link) {}

pub(super) fn start_plain(_: Link, _: Rc<dyn Fn(String)>) {}

pub(super) fn emit(_: &str, _: &Value) -> bool {
    false
}

pub(super) fn emit_with_ack(_: &str, _: &Value, _: Box<dyn FnOnce(Value)>) -> bool {
    false
}

pub(super) fn send(_: Link, _: &str) -> bool {
    false
}

pub(super) fn disconnect() {}

pub(super) fn connect(_: Link) {}

pub(crate) mod dom {
    //! The errands of the browser's half, of which there are none here.

    use web_sys::{Element, HtmlInputElement};

    pub(crate) fn time_of_day() -> String {
        String::new()
    }

    pub(crate) async fn copy(_: String) -> bool {
        false
    }

    pub(crate) fn select(_: &Element) {}

    pub(crate) fn is_at_end(_: &Element) -> bool {
        true
    }

    pub(crate) fn scroll_to_end(_: Element) {}

    pub(crate) fn focus(_: &HtmlInputElement) {}
}
