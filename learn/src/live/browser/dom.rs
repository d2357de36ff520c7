//! DOM helpers: time, clipboard, scrolling, fields.

use js_sys::{Date, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlInputElement};

/// The time of day where the reader is, to the millisecond.
pub(crate) fn time_of_day() -> String {
    let now = Date::new_0();
    let (hours, minutes, seconds) = (now.get_hours(), now.get_minutes(), now.get_seconds());
    format!("{hours:02}:{minutes:02}:{seconds:02}.{:03}", now.get_milliseconds())
}

/// Puts a text on the clipboard; says whether the browser let it.
pub(crate) async fn copy(text: String) -> bool {
    let navigator = window().navigator();
    // A page that came by plain HTTP from another machine has no clipboard, whatever the type says.
    let there = Reflect::get(&navigator, &JsValue::from_str("clipboard")).is_ok_and(|found| found.is_object());
    there && JsFuture::from(navigator.clipboard().write_text(&text)).await.is_ok()
}

/// Marks all of an element's text, for the reader to copy.
pub(crate) fn select(element: &Element) {
    if let Ok(Some(selection)) = window().get_selection() {
        selection.select_all_children(element).expect("an element of the page can be selected");
    }
}

/// Whether the end of a scrolling box is in sight, up to a few pixels.
pub(crate) fn is_at_end(element: &Element) -> bool {
    element.scroll_top() + element.client_height() >= element.scroll_height() - 8
}

/// Scrolls to the end once what is new has been drawn.
pub(crate) fn scroll_to_end(element: Element) {
    request_animation_frame(move || element.set_scroll_top(element.scroll_height()));
}

/// Gives a field the focus.
pub(crate) fn focus(input: &HtmlInputElement) {
    input.focus().expect("focusing does not fail, even where it has no effect");
}
