//! Conversions of signals and memos to Leptos's, for components of other libraries: `<Chart data=numbers/>`, where the
//! property is a `#[prop(into)] Signal<T>` or a `#[prop(into)] SignalSetter<T>`.

use leptos::prelude::{Signal, SignalSetter};

use crate::{Memo, RwSignal};

impl<T: Clone + Send + Sync + 'static> From<RwSignal<T>> for Signal<T> {
    fn from(signal: RwSignal<T>) -> Self {
        Self::derive(move || signal.get())
    }
}

impl<T: Clone + Send + Sync + 'static> From<Memo<T>> for Signal<T> {
    fn from(memo: Memo<T>) -> Self {
        Self::derive(move || memo.get())
    }
}

impl<T: Send + Sync + 'static> From<RwSignal<T>> for SignalSetter<T> {
    fn from(signal: RwSignal<T>) -> Self {
        Self::map(move |value| signal.set(value))
    }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::{ElementChild, RenderHtml, Signal, SignalSetter};

    use crate::prelude::*;

    /// As a library of components has it, with Leptos's own view! and types.
    #[component]
    fn Theirs(#[prop(into)] number: Signal<i32>, #[prop(into)] double: Signal<i32>) -> impl IntoView {
        leptos::view! { <p>{move || number.get() + double.get()}</p> }
    }

    #[test]
    fn a_component_of_another_library_takes_signals_and_follows_them() {
        Owner::new().with(|| {
            let number = RwSignal::new(1);
            let double = Memo::new(move |_| number.get() * 2);
            let view = || view! { <Theirs number double/> }.to_html();
            assert_eq!(view(), "<p>3<!></p>");
            number.set(2);
            assert_eq!(view(), "<p>6<!></p>");

            let theirs = Signal::from(double);
            let followed = Memo::new(move |_| theirs.get());
            assert_eq!(followed.get_untracked(), 4);
            SignalSetter::from(number).set(5);
            assert_eq!((followed.get_untracked(), number.get_untracked()), (10, 5));
        });
    }
}
