//! Test views for lean's browser tests. They are rendered in the browser only, and anew whenever the number changes.

use lean::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{HtmlButtonElement, HtmlDetailsElement, MouseEvent};

/// What the page shows, for JavaScript to change.
#[wasm_bindgen]
pub struct Shown {
    number: RwSignal<i32>,
    clicks: RwSignal<Vec<String>>,
}

/// Draws all views into the page.
#[wasm_bindgen]
#[must_use]
pub fn draw() -> Shown {
    console_error_panic_hook::set_once();
    let owner = Owner::new();
    let shown = owner.with(|| Shown { number: RwSignal::new(0), clicks: RwSignal::new(Vec::new()) });
    let (number, clicks) = (shown.number, shown.clicks);
    leptos::mount::mount_to_body(move || {
        view! { <Picture/> <Classes number/> <Form number clicks/> <Arms number/> <Kept number/> }
    });
    // The page is there for as long as the test.
    std::mem::forget(owner);
    shown
}

#[wasm_bindgen]
impl Shown {
    /// Another number.
    #[wasm_bindgen(js_name = setNumber)]
    pub fn set_number(&self, number: i32) {
        self.number.set(number);
    }

    /// What the button said at each click.
    #[must_use]
    pub fn clicks(&self) -> Vec<String> {
        self.clicks.get_untracked()
    }
}

#[component]
fn Picture() -> impl IntoView {
    view! {
        <svg id="picture" viewBox="0 0 10 10" width="10" height="10">
            <title>"t"<a href="/"></a></title>
            <desc>"d"<a href="/"></a></desc>
            <Dot/>
            <g><rect width="4" height="4"/><a href="/"><text>"a"</text></a></g>
            <Layer><a href="/"></a></Layer>
            <foreignObject><p><a href="/"></a></p><svg><a href="/"></a></svg><style></style></foreignObject>
        </svg>
    }
}

/// A part of a picture, written where no `svg` is around it.
#[component]
fn Dot() -> impl IntoView {
    view! { <circle cx="5" cy="5" r="4"/> }
}

/// A part of a picture that has others in it.
#[component]
fn Layer(children: Children) -> impl IntoView {
    view! { <g>{children()}</g> }
}

#[component]
fn Classes(number: RwSignal<i32>) -> impl IntoView {
    view! { <p id="classes" class:b=move || number.get() == 1 class="a" class=("c", move || number.get() > 0) class="d e"></p> }
}

/// A view that is made anew by a function that runs again.
#[component]
fn Form(number: RwSignal<i32>, clicks: RwSignal<Vec<String>>) -> impl IntoView {
    let button = NodeRef::<HtmlButtonElement>::new();
    let form = move || {
        let now = number.get();
        let words = (0..now).map(|word| view! { <i>{word.to_string()}</i> }).collect::<Vec<_>>();
        (now >= 0).then(|| {
            view! {
                <div id="form" class:odd=move || now % 2 == 1 data-number=now.to_string() title=(now == 0).then_some("none")>
                    <input id="input" aria-label=move || format!("for {now}")/>
                    <p id="words">{words}</p>
                    <button node_ref=button on:click=move |_: MouseEvent| clicks.update(|all| all.push(now.to_string()))>
                        {now.to_string()}
                    </button>
                </div>
            }
        })
    };
    view! { {form} <output id="button">{move || button.get().map(|button| button.inner_text())}</output> }
}

/// Views of two places.
#[component]
fn Arms(number: RwSignal<i32>) -> impl IntoView {
    let arm = move || match number.get() % 2 {
        0 => view! { <input class="even"/> },
        _ => view! { <input class="odd"/> },
    };
    view! { <div id="arms">{arm}</div> }
}

/// A view that is rebuilt with the same attributes each time, and counts how often its node reference was set.
#[component]
fn Kept(number: RwSignal<i32>) -> impl IntoView {
    let node = NodeRef::<HtmlDetailsElement>::new();
    let set = RwSignal::new(0);
    effect(move || {
        if node.get().is_some() {
            set.update(|set| *set += 1);
        }
    });
    let details = move || {
        let is_shown = number.get() >= 0;
        view! {
            <details id="closed" node_ref=node open=false class:marked=move || is_shown><summary>"closed"</summary></details>
            <details id="open" open=true lang=is_shown.then_some("en")><summary>"open"</summary></details>
            <details id="literal" open="" title=move || is_shown.then_some("same")><summary>"literal"</summary></details>
        }
    };
    view! { <div id="kept" data-set=move || set.get().to_string()>{details}</div> }
}
