//! DOM helpers: local time, attributes of the document, cookies. Called from effects and event handlers
//! only, so never on the server.

use std::cell::OnceCell;

use js_sys::{Array, Date, Intl, Object, Reflect};
use leptos::prelude::{document, window};
use madang_common::time::UnixMillis;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlDocument, HtmlElement};

use crate::state::regional::regional;

thread_local! {
    /// The language tag by whose conventions the browser writes times, and whether its clock has 12 or 24 hours.
    static CONVENTIONS: OnceCell<(String, JsValue)> = const { OnceCell::new() };
}

/// Now, in milliseconds since 1970.
pub(crate) fn now() -> f64 {
    Date::now()
}

/// The time of day where the reader is, in the page's language and by the browser's clock: `3:05 PM`, `15:05`,
/// `오후 3:05`.
pub(crate) fn local_time(at: UnixMillis, lang: &str) -> String {
    let (tag, options) = format(lang, &[("timeStyle", "short")]);
    date(at).to_locale_time_string_with_options(&tag, &options).into()
}

/// The day where the reader is, with its name and the year.
pub(crate) fn local_day(at: UnixMillis, lang: &str) -> String {
    let (tag, options) = format(lang, &[("dateStyle", "full")]);
    date(at).to_locale_date_string(&tag, &options).into()
}

/// The number of the day where the reader is: the same for all times of a day, and higher for later ones.
pub(crate) fn day_number(at: UnixMillis) -> i64 {
    let date = date(at);
    (i64::from(date.get_full_year()) * 12 + i64::from(date.get_month())) * 31 + i64::from(date.get_date())
}

/// Day and time where the reader is.
pub(crate) fn local_moment(at: UnixMillis, lang: &str) -> String {
    let (tag, options) = format(lang, &[("dateStyle", "full"), ("timeStyle", "short")]);
    date(at).to_locale_string(&tag, &options).into()
}

/// Whether one types on the screen: the device is pointed at with a finger in the first place. Whether there is a
/// keyboard besides, no browser tells.
pub(crate) fn is_touch() -> bool {
    window().match_media("(pointer: coarse)").ok().flatten().is_some_and(|query| query.matches())
}

/// The languages that the browser asks for, the preferred first: `ko-KR`, `en`.
pub(crate) fn languages() -> Vec<String> {
    window().navigator().languages().iter().filter_map(|tag| tag.as_string()).collect()
}

/// An attribute of the page's `<html>`.
pub(crate) fn page_attribute(name: &str) -> Option<String> {
    document().document_element()?.get_attribute(name)
}

/// Sets an attribute of the page's `<html>`.
pub(crate) fn set_page_attribute(name: &str, value: &str) {
    if let Some(html) = document().document_element() {
        html.set_attribute(name, value).expect("the names that the page uses are well-formed");
    }
}

/// Keeps a choice for a year, where the server finds it at the next request.
pub(crate) fn set_cookie(name: &str, value: &str) {
    let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax");
    // Where cookies are blocked the choice holds for this page, which is all that can be had.
    drop(document().unchecked_into::<HtmlDocument>().set_cookie(&cookie));
}

/// Closes a popover, if it is open.
pub(crate) fn hide_popover(id: &str) {
    if let Some(popover) = by_id(id) {
        // Browsers from before popovers show it in the page's flow, where there is nothing to close.
        drop(popover.hide_popover());
    }
}

/// Gives an element the focus.
pub(crate) fn focus(id: &str) {
    if let Some(element) = by_id(id) {
        element.focus().expect("focusing does not fail, even where it has no effect");
    }
}

fn by_id(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

fn date(at: UnixMillis) -> Date {
    Date::new(&JsValue::from_f64(at.0 as f64))
}

/// The language tag and the options to write a time with: the words are of the page's language, all else is as the
/// browser writes it.
fn format(lang: &str, styles: &[(&str, &str)]) -> (String, JsValue) {
    CONVENTIONS.with(|conventions| {
        let (browser, hour_cycle) = conventions.get_or_init(conventions_of_browser);
        let options = Object::new();
        for (name, value) in styles {
            set(&options, name, &(*value).into());
        }
        // The region alone does not always tell: Korean has 12 hours wherever it is written.
        set(&options, "hourCycle", hour_cycle);
        (regional(lang, browser), options.into())
    })
}

/// Without an hour in the question browsers do not say how they count hours.
fn conventions_of_browser() -> (String, JsValue) {
    let question = Object::new();
    set(&question, "hour", &"numeric".into());
    let answer = Intl::DateTimeFormat::new(&Array::new(), &question).resolved_options();
    let told = |name: &str| Reflect::get(&answer, &name.into()).unwrap_or(JsValue::UNDEFINED);
    (told("locale").as_string().unwrap_or_default(), told("hourCycle"))
}

fn set(object: &Object, name: &str, value: &JsValue) {
    Reflect::set(object, &name.into(), value).expect("a plain object takes any property");
}
