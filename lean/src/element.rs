//! Elements, one type for all tags.

use std::{mem, ptr};

use js_sys::Function;
use leptos::{
    ev::EventDescriptor,
    prelude::*,
    tachys::{
        html::attribute::any_attribute::AnyAttribute,
        hydration::Cursor,
        view::{Mountable, Position, PositionState, Render, RenderHtml, any_view::AnyViewState},
    },
};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{Element as DomElement, Event, Node};

use super::{
    Child, NodeRef,
    attribute::{Given, Live, Value},
    node_ref::Place,
};

const SVG: &str = "http://www.w3.org/2000/svg";

/// What an element is by the place where it is written; `view!` makes one for each.
pub struct Shape {
    /// The name of the element.
    pub tag: &'static str,
    /// Whether it belongs to SVG. What is parsed as HTML finds that out itself, what is made in the browser is told.
    pub is_svg: bool,
    /// The attributes that never change.
    pub fixed: &'static [(&'static str, &'static str)],
}

/// An element that is being put together; `view!` writes the calls.
pub struct Element(pub(super) Box<Parts>);

pub(super) struct Parts {
    pub(super) shape: &'static Shape,
    pub(super) parts: Vec<(&'static str, Part)>,
    pub(super) children: Vec<AnyView>,
}

/// What an element has besides its fixed attributes, each beside its name.
pub(super) enum Part {
    Attribute(Given),
    Class(Live),
    Listener(Box<dyn FnMut(Event) + Send>),
    Reference(Place),
}

impl Element {
    /// An element with the attributes that never change.
    pub fn new(shape: &'static Shape) -> Self {
        Self(Box::new(Parts { shape, parts: Vec::new(), children: Vec::new() }))
    }

    /// An attribute.
    pub fn attribute(self, name: &'static str, value: impl Value) -> Self {
        self.with(name, Part::Attribute(value.given()))
    }

    /// A class that is there or not.
    pub fn class(self, name: &'static str, mut is_there: impl FnMut() -> bool + Send + 'static) -> Self {
        self.with(name, Part::Class(Box::new(move || is_there().then(String::new))))
    }

    /// What happens at an event.
    pub fn on<E: EventDescriptor<EventType: JsCast>>(
        self,
        name: &'static str,
        mut listener: impl FnMut(E::EventType) + Send + 'static,
    ) -> Self {
        self.with(name, Part::Listener(Box::new(move |event| listener(event.unchecked_into()))))
    }

    /// Whom to tell of the element once it is in the page.
    pub fn node_ref<T: JsCast>(self, node: NodeRef<T>) -> Self {
        self.with("", Part::Reference(node.place()))
    }

    /// One more child.
    pub fn child(mut self, child: impl Child) -> Self {
        self.0.children.push(child.into_child());
        self
    }

    fn with(mut self, name: &'static str, part: Part) -> Self {
        self.0.parts.push((name, part));
        self
    }
}

/// An element in the page, with what keeps it up to date.
pub struct ElementState {
    element: DomElement,
    shape: &'static Shape,
    parts: Vec<PartState>,
    children: Vec<AnyViewState>,
}

/// A part of an element in the page.
enum PartState {
    /// The value of an attribute.
    Fixed(Option<String>),
    /// What follows a value, until it is dropped.
    Live(RenderEffect<Option<String>>),
    Listener(&'static str, Function),
    Reference,
}

impl PartState {
    /// The value that was applied last.
    fn into_value(self) -> Option<Option<String>> {
        match self {
            Self::Fixed(value) => Some(value),
            Self::Live(effect) => effect.take_value(),
            Self::Listener(..) | Self::Reference => None,
        }
    }
}

/// Where an element comes from, which says what of its parts it has already.
enum Origin {
    /// It was made just now.
    New,
    /// From the server: it looks as it should.
    Server,
    /// From the view that is replaced.
    Kept(Vec<PartState>),
}

impl Render for Element {
    type State = ElementState;

    fn build(self) -> ElementState {
        let Parts { shape, parts, children } = *self.0;
        let element = create(shape);
        for (name, value) in shape.fixed {
            set(&element, name, Some(value));
        }
        let parts = attach(&element, parts, Origin::New);
        let mut children: Vec<_> = children.into_iter().map(Render::build).collect();
        for child in &mut children {
            child.mount(&element, None);
        }
        ElementState { element, shape, parts, children }
    }

    /// What is written at the same place has the same attributes and as many children, and keeps its node, and with it
    /// the focus and what was selected or typed. Only values that differ from the last ones are written, so that a
    /// `<details>` stays as the person left it. Anything else takes the place of what was there.
    fn rebuild(self, state: &mut ElementState) {
        if !ptr::eq(self.0.shape, state.shape) {
            let mut new = self.build();
            state.insert_before_this(&mut new);
            state.unmount();
            *state = new;
            return;
        }
        let before = mem::take(&mut state.parts);
        for part in &before {
            if let PartState::Listener(name, listener) = part {
                done(state.element.remove_event_listener_with_callback(name, listener));
            }
        }
        state.parts = attach(&state.element, self.0.parts, Origin::Kept(before));
        for (child, state) in self.0.children.into_iter().zip(&mut state.children) {
            child.rebuild(state);
        }
    }
}

impl RenderHtml for Element {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        html: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        _: Vec<AnyAttribute>,
    ) {
        super::html::write(self, html, position, escape, mark_branches);
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> ElementState {
        let Parts { shape, parts, children } = *self.0;
        match position.get() {
            Position::FirstChild => cursor.child(),
            Position::Current => {}
            _ => cursor.sibling(),
        }
        let found = cursor.current().dyn_into::<DomElement>();
        let element =
            found.unwrap_or_else(|_| panic!("the page has something else where <{}> is expected", shape.tag));
        let parts = attach(&element, parts, Origin::Server);
        position.set(Position::FirstChild);
        let children = children.into_iter().map(|child| child.hydrate::<FROM_SERVER>(cursor, position)).collect();
        cursor.set(Node::clone(&element));
        position.set(Position::NextChild);
        ElementState { element, shape, parts, children }
    }

    fn into_owned(self) -> Self {
        self
    }
}

// Nothing spreads attributes over a component's elements from outside.
leptos::tachys::no_attrs!(Element);

impl Mountable for ElementState {
    fn unmount(&mut self) {
        self.element.remove();
    }

    fn mount(&mut self, parent: &DomElement, marker: Option<&Node>) {
        parent.insert_before(&self.element, marker).expect("the marker is a child of the parent");
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self.element.parent_element() {
            Some(parent) => {
                child.mount(&parent, Some(&self.element));
                true
            }
            None => false,
        }
    }

    fn elements(&self) -> Vec<DomElement> {
        vec![self.element.clone()]
    }
}

fn create(shape: &Shape) -> DomElement {
    let made = if shape.is_svg {
        document().create_element_ns(Some(SVG), shape.tag)
    } else {
        document().create_element(shape.tag)
    };
    made.expect("the tags that the UI uses are well-formed")
}

/// Applies the parts of an element that it does not have already, and follows those that change.
fn attach(element: &DomElement, parts: Vec<(&'static str, Part)>, origin: Origin) -> Vec<PartState> {
    let (is_drawn, before) = match origin {
        Origin::New => (false, Vec::new()),
        Origin::Server => (true, Vec::new()),
        Origin::Kept(before) => (false, before),
    };
    let mut before = before.into_iter();
    let attach = |(name, part)| {
        let before = before.next().and_then(PartState::into_value);
        match part {
            Part::Attribute(Given::Fixed(value)) => {
                if differs(before, &value, is_drawn) {
                    set(element, name, value.as_deref());
                }
                PartState::Fixed(value)
            }
            Part::Attribute(Given::Live(live)) => follow(element, name, live, set, before, is_drawn),
            Part::Class(live) => follow(element, name, live, set_class, before, is_drawn),
            Part::Listener(listener) => PartState::Listener(name, listen(element, name, listener)),
            Part::Reference(place) => {
                refer(place, element);
                PartState::Reference
            }
        }
    };
    parts.into_iter().map(attach).collect()
}

/// Whether a value is to be applied: it is another than `before`, or the first, and not drawn by the server.
fn differs(before: Option<Option<String>>, now: &Option<String>, is_drawn: bool) -> bool {
    before.map_or(!is_drawn, |before| before != *now)
}

/// Applies a value to an element whenever it changes.
fn follow(
    element: &DomElement,
    name: &'static str,
    mut live: Live,
    apply: fn(&DomElement, &str, Option<&str>),
    before: Option<Option<String>>,
    is_drawn: bool,
) -> PartState {
    let element = element.clone();
    let run = move |before: Option<Option<String>>| {
        let now = live();
        if differs(before, &now, is_drawn) {
            apply(&element, name, now.as_deref());
        }
        now
    };
    PartState::Live(RenderEffect::new_with_value(run, before))
}

/// Tells a node reference of its element, once.
fn refer(place: Place, element: &DomElement) {
    place.maybe_update(|held| {
        let is_another = held.as_ref().is_none_or(|held| **held != *element);
        if is_another {
            *held = Some(SendWrapper::new(element.clone()));
        }
        is_another
    });
}

fn set(element: &DomElement, name: &str, value: Option<&str>) {
    done(match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    });
}

fn set_class(element: &DomElement, name: &str, value: Option<&str>) {
    done(element.class_list().toggle_with_force(name, value.is_some()).map(drop));
}

/// Calls back at an event, in the scope that the element was made in.
fn listen(element: &DomElement, name: &str, mut listener: Box<dyn FnMut(Event) + Send>) -> Function {
    let owner = Owner::current().unwrap_or_default();
    let call = Closure::<dyn FnMut(Event)>::new(move |event| {
        #[cfg(debug_assertions)]
        let _not_followed = leptos::reactive::diagnostics::SpecialNonReactiveZone::enter();
        owner.with(|| listener(event));
    });
    // The browser lets go of the function together with the element, or with its place in the page.
    let call: Function = call.into_js_value().unchecked_into();
    done(element.add_event_listener_with_callback(name, &call));
    call
}

/// What a node was told is well-formed, since `view!` has made it of names in the source.
fn done(told: Result<(), JsValue>) {
    told.expect("the names that the UI uses are well-formed");
}
