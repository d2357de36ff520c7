//! IndexedDB: two object stores of strings under keys.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransaction};

use super::super::web_api::{complain, method};

const NAME: &str = "madang";
const VERSION: u32 = 1;
/// A disk that has not answered after this long, in milliseconds, is done without.
const PATIENCE: i32 = 5_000;

/// What has been said and is not stored by the server.
pub(super) const OUTBOX: &str = "outbox";
/// What stands in the composers.
pub(super) const DRAFTS: &str = "drafts";

/// The database. None before it is open, and where the browser keeps nothing: in private mode, because the person has
/// forbidden it, or because the disk is full or does not answer.
#[derive(Clone, Default)]
pub(super) struct Database(Rc<RefCell<Option<IdbDatabase>>>);

impl Database {
    /// Opens the database. Tells whether there is one; the browser's console says why not.
    pub(super) async fn open(&self) -> bool {
        let opened = async {
            let factory = window().indexed_db()?.ok_or(JsValue::UNDEFINED)?;
            let request = factory.open_with_u32(NAME, VERSION)?;
            let made = request.clone();
            let make = Closure::once_into_js(move || {
                let database = made.result().map(JsCast::unchecked_into::<IdbDatabase>);
                // If it can't be made, opening it fails.
                drop(
                    database.and_then(|made| made.create_object_store(OUTBOX).and(made.create_object_store(DRAFTS))),
                );
            });
            request.set_onupgradeneeded(Some(make.unchecked_ref()));
            let done = event(|done, failed| {
                request.set_onsuccess(Some(done));
                request.set_onerror(Some(failed));
            });
            done.await?;
            request.result()
        };
        match opened.await {
            Ok(database) => {
                let database: IdbDatabase = database.unchecked_into();
                // A later version of this page, in another tab, has another database to make of it.
                let held = database.clone();
                database.set_onversionchange(Some(Closure::once_into_js(move || held.close()).unchecked_ref()));
                self.0.replace(Some(database));
                true
            }
            Err(error) => {
                self.give_up(&error);
                false
            }
        }
    }

    /// Keeps a text under a key, or removes what is there. What is asked for first is done first, and it is asked for at
    /// once. Tells whether it is on the disk.
    pub(super) fn write(
        &self,
        place: &'static str,
        key: &str,
        text: Option<&str>,
    ) -> impl Future<Output = bool> + use<> {
        // What has been said outlives a machine that loses its power; of what is being typed it may lose the last words.
        let strict = place == OUTBOX && text.is_some();
        let ask = |store: &IdbObjectStore| match text {
            Some(text) => store.put_with_key(&text.into(), &key.into()).map(no_more),
            None => store.delete(&key.into()).map(no_more),
        };
        let written = self.request(place, if strict { "strict" } else { "relaxed" }, &ask);
        async { written.await.is_some() }
    }

    /// Removes what is kept under a key, if it is so. Nothing comes between looking and removing, in no tab. Tells whether
    /// that is done on the disk.
    pub(super) fn remove_if(
        &self,
        place: &'static str,
        key: &str,
        is_so: Box<dyn FnOnce(&str) -> bool>,
    ) -> impl Future<Output = bool> + use<> {
        let (key, is_so) = (JsValue::from(key), Cell::new(Some(is_so)));
        let ask = |store: &IdbObjectStore| {
            let found = store.get(&key)?;
            let (kept, store, key, is_so) = (found.clone(), store.clone(), key.clone(), is_so.take());
            let look = Closure::once_into_js(move || {
                let text = kept.result().ok().and_then(|text| text.as_string());
                if text.zip(is_so).is_some_and(|(text, is_so)| is_so(&text)) {
                    // If it can't be removed, the transaction comes to nothing.
                    drop(store.delete(&key));
                }
                no_more(kept);
            });
            found.set_onsuccess(Some(look.unchecked_ref()));
            Ok(found)
        };
        let removed = self.request(place, "relaxed", &ask);
        async { removed.await.is_some() }
    }

    /// What is kept under a key.
    pub(super) fn read(&self, place: &'static str, key: &str) -> impl Future<Output = Option<String>> + use<> {
        let read = self.request(place, "default", &|store| store.get(&key.into()).map(no_more));
        async { read.await?.as_string() }
    }

    /// All that is kept in a place, in the order of the keys. None where the browser keeps nothing.
    pub(super) fn all(&self, place: &'static str) -> impl Future<Output = Option<Vec<String>>> + use<> {
        let all = self.request(place, "default", &|store| store.get_all().map(no_more));
        async { Some(Array::from(&all.await?).iter().filter_map(|text| text.as_string()).collect()) }
    }

    /// Asks for something at once. What is waited for is that the transaction in which that is done is complete.
    fn request(
        &self,
        place: &'static str,
        durability: &str,
        ask: Ask<'_>,
    ) -> impl Future<Output = Option<JsValue>> + use<> {
        let database = self.0.borrow().clone();
        let asked = database.map(|database| begin(&database, place, durability, ask));
        let this = self.clone();
        async move {
            let answer = match asked? {
                Ok((request, done)) => done.await.and_then(|_| request.result()),
                Err(error) => Err(error),
            };
            answer.map_err(|error| this.give_up(&error)).ok()
        }
    }

    /// What works now and then can't be relied on.
    fn give_up(&self, error: &JsValue) {
        self.0.take();
        // An exception has its reason at hand; that of an event stands in the request that failed.
        let reason = Reflect::get(error, &"message".into()).ok().and_then(|reason| reason.as_string());
        complain("this browser keeps nothing", &reason.unwrap_or_default());
    }
}

/// What is asked for in a transaction, which is ended by [`no_more`].
type Ask<'a> = &'a dyn Fn(&IdbObjectStore) -> Result<IdbRequest, JsValue>;

fn begin(
    database: &IdbDatabase,
    place: &'static str,
    durability: &str,
    ask: Ask<'_>,
) -> Result<(IdbRequest, Promise), JsValue> {
    // web-sys does not know the third argument yet; browsers that don't pass it over.
    let options = Object::new();
    Reflect::set(&options, &"durability".into(), &durability.into())?;
    let begun = method(database, "transaction")?.call3(database, &place.into(), &"readwrite".into(), &options)?;
    let transaction: IdbTransaction = begun.unchecked_into();
    let request = ask(&transaction.object_store(place)?)?;
    let done = event(|done, failed| {
        transaction.set_oncomplete(Some(done));
        transaction.set_onabort(Some(failed));
    });
    Ok((request, done))
}

/// Says that nothing more will be asked in a request's transaction. Without this the browser finds out by itself, a little
/// later.
fn no_more(request: IdbRequest) -> IdbRequest {
    if let Some(transaction) = request.transaction() {
        #[expect(deprecated, reason = "by web-sys alone: the standard and the browsers have nothing against it")]
        drop(transaction.commit());
    }
    request
}

/// Waits for one of two events; an error if it is the second, or neither comes.
fn event(listen: impl FnOnce(&Function, &Function)) -> Promise {
    let mut listen = Some(listen);
    Promise::new(&mut |done, failed| {
        if let Some(listen) = listen.take() {
            listen(&done, &failed);
        }
        // After the event it has no effect.
        drop(window().set_timeout_with_callback_and_timeout_and_arguments_0(&failed, PATIENCE));
    })
}
