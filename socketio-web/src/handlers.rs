//! Event handlers: lists that may change while their handlers are being called.

use std::{
    cell::{Cell, RefCell},
    fmt,
    rc::{Rc, Weak},
};

/// Keeps a handler registered. Dropping it removes the handler.
#[must_use = "the handler is removed when this is dropped"]
pub struct Subscription(Option<Box<dyn FnOnce()>>);

impl Subscription {
    fn new(remove: impl FnOnce() + 'static) -> Self {
        Self(Some(Box::new(remove)))
    }

    /// Leaves the handler registered for as long as the client lives.
    pub fn forget(mut self) {
        self.0 = None;
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(remove) = self.0.take() {
            remove();
        }
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subscription")
    }
}

struct Entry<F: ?Sized> {
    id: u64,
    /// The event it is for; empty where there is only one kind.
    key: String,
    handler: Rc<F>,
}

/// Handlers in the order in which they were added.
pub(crate) struct Handlers<F: ?Sized> {
    entries: Rc<RefCell<Vec<Entry<F>>>>,
    next_id: Cell<u64>,
}

impl<F: ?Sized> Default for Handlers<F> {
    fn default() -> Self {
        Self { entries: Rc::default(), next_id: Cell::new(0) }
    }
}

impl<F: ?Sized + 'static> Handlers<F> {
    pub(crate) fn add(&self, key: &str, handler: Rc<F>) -> Subscription {
        let id = self.next_id.get();
        self.next_id.set(id + 1);
        self.entries.borrow_mut().push(Entry { id, key: key.to_owned(), handler });
        let entries: Weak<RefCell<Vec<Entry<F>>>> = Rc::downgrade(&self.entries);
        Subscription::new(move || {
            if let Some(entries) = entries.upgrade() {
                // What the handler holds may itself hold subscriptions: it is dropped after the borrow has ended.
                let removed = {
                    let mut entries = entries.borrow_mut();
                    let place = entries.iter().position(|entry| entry.id == id);
                    place.map(|place| entries.remove(place))
                };
                drop(removed);
            }
        })
    }

    /// The handlers for `key`, taken out of the list so that a handler may add and remove others.
    pub(crate) fn of(&self, key: &str) -> Vec<Rc<F>> {
        let entries = self.entries.borrow();
        let wanted = entries.iter().filter(|entry| entry.key == key);
        wanted.map(|entry| Rc::clone(&entry.handler)).collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.borrow().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(handlers: &Handlers<dyn Fn()>, key: &str) {
        for handler in handlers.of(key) {
            handler();
        }
    }

    #[test]
    fn a_handler_is_called_until_its_subscription_is_dropped() {
        let handlers: Handlers<dyn Fn()> = Handlers::default();
        let calls = Rc::new(Cell::new(0));
        let count = Rc::clone(&calls);
        let subscription = handlers.add("a", Rc::new(move || count.set(count.get() + 1)));
        call(&handlers, "a");
        call(&handlers, "b");
        assert_eq!(calls.get(), 1);
        drop(subscription);
        call(&handlers, "a");
        assert_eq!(calls.get(), 1);
        assert!(handlers.is_empty());
    }

    #[test]
    fn a_handler_may_remove_itself_while_it_runs() {
        let handlers: Rc<Handlers<dyn Fn()>> = Rc::default();
        let slot: Rc<RefCell<Option<Subscription>>> = Rc::default();
        let own = Rc::clone(&slot);
        let subscription = handlers.add("a", Rc::new(move || drop(own.borrow_mut().take())));
        *slot.borrow_mut() = Some(subscription);
        call(&handlers, "a");
        assert!(handlers.is_empty());
    }

    #[test]
    fn a_forgotten_subscription_stays() {
        let handlers: Handlers<dyn Fn()> = Handlers::default();
        handlers.add("a", Rc::new(|| {})).forget();
        assert_eq!(handlers.of("a").len(), 1);
    }
}
