//! Scroll anchoring: keeps the reader's place while the rows around it change.
//!
//! Until Wasm is there the stylesheet lays the timeline out from its bottom, so that it starts at the end without any
//! script. From then on it is an ordinary scrolling element, and the place is kept here: where the row under the eye
//! stood is noted whenever one scrolls, and put right whenever the rows change, before the browser paints.

use std::cell::{Cell, RefCell};

use js_sys::{Array, Reflect};
use leptos::prelude::document;
use madang_common::id::Seq;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, FocusOptions, HtmlBodyElement, HtmlElement, MutationObserver, MutationObserverInit, ResizeObserver,
};

/// Within this distance from the end, in pixels, one is at the end.
const AT_END: f64 = 24.0;

/// The reader's place.
pub(crate) struct Place {
    /// What scrolls.
    frame: HtmlElement,
    /// What holds the rows.
    rows: HtmlElement,
    /// Where the rows end with the latest message, and the reader is there and wants to stay.
    at_end: Cell<bool>,
    anchor: RefCell<Option<Anchor>>,
    /// What had the focus when the rows began to change.
    focused: RefCell<Option<HtmlElement>>,
}

/// A row that the reader sees.
struct Anchor {
    row: Element,
    /// How far below the top of the frame it stands, in pixels.
    offset: f64,
    /// Where the frame was scrolled to then.
    scrolled: f64,
}

impl Place {
    /// Takes over from the stylesheet, at the end of the room or wherever the reader has scrolled meanwhile.
    pub(crate) fn new(frame: HtmlElement, rows: HtmlElement) -> Self {
        let place =
            Self { frame, rows, at_end: Cell::new(true), anchor: RefCell::default(), focused: RefCell::default() };
        // Laid out from the bottom, it counts from 0 at the end down to negative numbers at the start.
        let to_end = -place.scrolled();
        place.frame.set_attribute("data-kept", "true").expect("the name is well-formed");
        place.frame.scroll_by_with_x_and_y(0.0, place.below() - to_end);
        place
    }

    /// Calls back when one scrolls, when the rows have changed, and when they or the frame have another size. The
    /// browser lets go of the functions together with the elements.
    pub(crate) fn listen(&self, scrolled: &JsValue, changed: &JsValue, resized: &JsValue) {
        let listened = self.frame.add_event_listener_with_callback("scroll", scrolled.unchecked_ref());
        listened.expect("an element may be listened to");

        let changes = MutationObserver::new(changed.unchecked_ref()).expect("a function is given");
        let what = MutationObserverInit::new();
        what.set_child_list(true);
        what.set_subtree(true);
        what.set_character_data(true);
        what.set_attribute_filter(&Array::of1(&"class".into()));
        changes.observe_with_options(&self.rows, &what).expect("what is observed is named");

        let sizes = ResizeObserver::new(resized.unchecked_ref()).expect("a function is given");
        sizes.observe(&self.frame);
        sizes.observe(&self.rows);
    }

    /// Whether the timeline is still in the page.
    pub(crate) fn is_there(&self) -> bool {
        self.frame.is_connected()
    }

    /// Whether the reader is at the end.
    pub(crate) fn at_end(&self) -> bool {
        self.at_end.get()
    }

    /// Content above what is seen, in pixels.
    pub(crate) fn above(&self) -> f64 {
        self.scrolled()
    }

    /// Content below what is seen, in pixels.
    pub(crate) fn below(&self) -> f64 {
        self.most() - self.scrolled()
    }

    /// Goes to the end. `restore` stays there.
    pub(crate) fn go_to_end(&self) {
        self.at_end.set(true);
        self.frame.scroll_by_with_x_and_y(0.0, self.below());
    }

    /// The row in which one types, if it is in view, and its message's place.
    pub(crate) fn row_in_use(&self) -> Option<(Element, Seq)> {
        let row = self.active()?.closest("[data-seq]").ok().flatten()?;
        let (row_box, frame) = (row.get_bounding_client_rect(), self.frame.get_bounding_client_rect());
        let is_in_view = row_box.bottom() > frame.top() && row_box.top() < frame.bottom();
        let seq = row.get_attribute("data-seq").filter(|_| is_in_view)?.parse().ok()?;
        Some((row, Seq(seq)))
    }

    /// The reader is at this row, wherever it comes to stand among the others.
    pub(crate) fn hold(&self, row: Element) {
        let offset = top(&row) - top(&self.frame);
        self.at_end.set(false);
        self.anchor.replace(Some(Anchor { row, offset, scrolled: self.scrolled() }));
    }

    /// The rows are about to change. `restore` gives the focus back to what has it now. When many rows come before it,
    /// tachys 0.2.19 takes a row out of the page and puts it in again, though it need not move (`src/view/keyed.rs:575`
    /// compares with what has been added up to its old place only), and in between the focus is lost.
    pub(crate) fn note_focus(&self) {
        self.focused.replace(self.active());
    }

    /// Notes where the reader is. `complete`: the rows end with the latest message.
    pub(crate) fn note(&self, complete: bool) {
        self.at_end.set(complete && self.below() <= AT_END);
        let top = top(&self.frame);
        let anchor = self.row_under_eye(top).map(|row| Anchor {
            offset: self::top(&row) - top,
            row,
            scrolled: self.scrolled(),
        });
        self.anchor.replace(anchor);
    }

    /// Brings the reader back to where they were, after the rows or the frame have changed.
    pub(crate) fn restore(&self) {
        if let Some(focused) = self.focused.take().filter(|_| self.is_nothing_focused()) {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            focused.focus_with_options(&options).expect("focusing does not fail, even where it has no effect");
        }
        if self.at_end.get() {
            self.go_to_end();
            return;
        }
        let mut anchor = self.anchor.borrow_mut();
        let Some(anchor) = anchor.as_mut().filter(|anchor| anchor.row.is_connected()) else { return };
        // What the reader has scrolled since, and no event has told of yet, is meant; not so where the browser had
        // to scroll because less is left below.
        let scrolled_since = if anchor.scrolled > self.most() { 0.0 } else { self.scrolled() - anchor.scrolled };
        let meant = anchor.offset - scrolled_since;
        let moved = top(&anchor.row) - top(&self.frame) - meant;
        if moved.abs() >= 0.5 {
            self.frame.scroll_by_with_x_and_y(0.0, moved);
        }
        anchor.offset = top(&anchor.row) - top(&self.frame);
        anchor.scrolled = self.scrolled();
    }

    /// What has the focus, if it is in one of the rows.
    fn active(&self) -> Option<HtmlElement> {
        let active = document().active_element().filter(|active| self.rows.contains(Some(active)));
        active.and_then(|active| active.dyn_into().ok())
    }

    fn is_nothing_focused(&self) -> bool {
        document().active_element().is_none_or(|active| active.has_type::<HtmlBodyElement>())
    }

    /// The first row that is seen from its top on; the very first row of all only if it is the only one, for it may
    /// change its height when others come before it. Where a single row fills the view, that row.
    fn row_under_eye(&self, top_of_frame: f64) -> Option<Element> {
        let rows = self.rows.children();
        let count = rows.length();
        // The rows stand in order, so the first that begins below the frame's top is found by halving.
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = low + (high - low) / 2;
            if rows.item(middle).is_some_and(|row| top(&row) < top_of_frame) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        let seen = low.max(1);
        let bottom_of_frame = top_of_frame + f64::from(self.frame.client_height());
        let fits = rows.item(seen).filter(|row| top(row) < bottom_of_frame);
        fits.or_else(|| rows.item(low.saturating_sub(1))).or_else(|| rows.item(0))
    }

    /// How far one can scroll, in pixels.
    fn most(&self) -> f64 {
        f64::from(self.frame.scroll_height() - self.frame.client_height())
    }

    fn scrolled(&self) -> f64 {
        // web-sys gives it in whole pixels only.
        let scrolled = Reflect::get(&self.frame, &"scrollTop".into());
        scrolled.ok().and_then(|scrolled| scrolled.as_f64()).unwrap_or_default()
    }
}

fn top(element: &Element) -> f64 {
    element.get_bounding_client_rect().top()
}
