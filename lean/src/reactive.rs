//! Signals, memos and effects: Leptos's own, each with one type underneath whatever it holds.
//!
//! Leptos's reactive graph is compiled anew for each type that a signal or a memo holds, and for each effect, of which
//! the page has some seventy. Here the graph holds [`Any`], and all that depends on the type is a conversion. Names and
//! meaning are Leptos's.

use std::{any::Any, marker::PhantomData, ops::Deref};

use leptos::prelude::{
    Effect, Memo as LeptosMemo, Notify, Read, ReadUntracked, RwSignal as LeptosSignal, Set, Write,
};

type Erased = Box<dyn Any + Send + Sync>;
/// How a memo's next value comes from its last one.
type WorkOut = Box<dyn Fn(Option<&Erased>) -> Erased + Send + Sync>;

/// What is read alike, whatever it is that the graph holds it in.
pub struct Followed<T, I> {
    inner: I,
    kind: PhantomData<fn() -> T>,
}

/// A value that is followed where it is read.
pub type RwSignal<T> = Followed<T, LeptosSignal<Erased>>;

/// A value that follows from others, worked out when it is read, and again only after they have changed.
pub type Memo<T> = Followed<T, LeptosMemo<Erased>>;

/// A look at the value of a signal or a memo. To be let go of before the value is changed.
pub struct Look<T, G> {
    guard: G,
    kind: PhantomData<fn() -> T>,
}

/// Runs once the page has been drawn, and again after anything that it has read has changed. Never on the server.
pub fn effect(run: impl FnMut() + 'static) {
    let run: Box<dyn FnMut()> = Box::new(run);
    Effect::new(run);
}

impl<T, I> Followed<T, I>
where
    T: Send + Sync + 'static,
    I: Read<Value: Deref<Target = Erased>> + ReadUntracked<Value: Deref<Target = Erased>>,
{
    /// The value, followed. Panics after what it belonged to is gone; so does all but the methods that try.
    pub fn read(self) -> Look<T, <I as Read>::Value> {
        Look { guard: self.inner.read(), kind: PhantomData }
    }

    /// Looks at the value and follows it.
    pub fn with<U>(self, look: impl FnOnce(&T) -> U) -> U {
        look(&self.read())
    }

    /// Looks at the value as it is now.
    pub fn with_untracked<U>(self, look: impl FnOnce(&T) -> U) -> U {
        look(known(&self.inner.read_untracked()))
    }

    /// The value, followed.
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.read().clone()
    }

    /// The value now.
    pub fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.with_untracked(T::clone)
    }

    /// The value now; none after what it belonged to is gone.
    pub fn try_get_untracked(self) -> Option<T>
    where
        T: Clone,
    {
        self.inner.try_read_untracked().map(|value| known::<T>(&value).clone())
    }
}

impl<T: Send + Sync + 'static> RwSignal<T> {
    /// A signal that starts with this value.
    pub fn new(value: T) -> Self {
        Self { inner: LeptosSignal::new(Box::new(value)), kind: PhantomData }
    }

    /// Another value.
    pub fn set(self, value: T) {
        self.inner.set(Box::new(value));
    }

    /// Another value; gives it back after what the signal belonged to is gone.
    pub fn try_set(self, value: T) -> Option<T> {
        let refused = self.inner.try_set(Box::new(value))?;
        refused.downcast().ok().map(|value| *value)
    }

    /// Changes the value.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        self.maybe_update(|value| {
            change(value);
            true
        });
    }

    /// Changes the value, and tells of it if the function says so.
    pub fn maybe_update(self, change: impl FnOnce(&mut T) -> bool) {
        let changed = self
            .inner
            .try_write_untracked()
            .is_some_and(|mut value| change((**value).downcast_mut().expect("a signal holds what it was made for")));
        if changed {
            self.inner.notify();
        }
    }
}

impl<T: Send + Sync + 'static> Memo<T> {
    /// What `work_out` says, which is given what it said last.
    pub fn new(work_out: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self
    where
        T: PartialEq,
    {
        let erased: WorkOut = Box::new(move |last| Box::new(work_out(last.map(known))));
        Self { inner: LeptosMemo::new_with_compare(erased, differ::<T>), kind: PhantomData }
    }
}

impl<T: 'static, G: Deref<Target = Erased>> Deref for Look<T, G> {
    type Target = T;

    fn deref(&self) -> &T {
        known(&self.guard)
    }
}

impl<T, I: Copy> Clone for Followed<T, I> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T, I: Copy> Copy for Followed<T, I> {}

fn known<T: 'static>(erased: &Erased) -> &T {
    (**erased).downcast_ref().expect("a signal holds what it was made for")
}

fn differ<T: PartialEq + 'static>(before: Option<&Erased>, now: Option<&Erased>) -> bool {
    before.map(known::<T>) != now.map(known::<T>)
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use leptos::prelude::Owner;

    use super::*;

    #[test]
    fn a_memo_follows_what_it_has_read_and_is_worked_out_once_for_each_change() {
        Owner::new().with(|| {
            let names = RwSignal::new(vec!["민수".to_owned()]);
            let times = Arc::new(AtomicUsize::new(0));
            let count = Memo::new({
                let times = Arc::clone(&times);
                move |_| {
                    times.fetch_add(1, Ordering::Relaxed);
                    names.read().len()
                }
            });
            assert_eq!((count.get_untracked(), count.get_untracked(), times.load(Ordering::Relaxed)), (1, 1, 1));
            names.update(|names| names.push("영희".to_owned()));
            assert_eq!((count.get_untracked(), times.load(Ordering::Relaxed)), (2, 2));
            names.maybe_update(|_| false);
            assert_eq!((count.get_untracked(), times.load(Ordering::Relaxed)), (2, 2));
        });
    }

    #[test]
    fn a_memo_that_comes_to_the_same_tells_nobody() {
        Owner::new().with(|| {
            let number = RwSignal::new(1);
            let is_odd = Memo::new(move |_| number.get() % 2 == 1);
            let times = Arc::new(AtomicUsize::new(0));
            let told = Memo::new({
                let times = Arc::clone(&times);
                move |_| {
                    times.fetch_add(1, Ordering::Relaxed);
                    is_odd.get()
                }
            });
            assert!(told.get_untracked());
            number.set(3);
            assert!(told.get_untracked());
            assert_eq!(times.load(Ordering::Relaxed), 1);
            number.set(4);
            assert!(!told.get_untracked());
            assert_eq!(times.load(Ordering::Relaxed), 2);
        });
    }

    #[test]
    fn what_is_gone_can_be_tried_but_not_read() {
        let owner = Owner::new();
        let number = owner.with(|| RwSignal::new(1));
        assert_eq!((number.try_set(2), number.try_get_untracked()), (None, Some(2)));
        owner.cleanup();
        assert_eq!((number.try_set(3), number.try_get_untracked()), (Some(3), None));
    }
}
