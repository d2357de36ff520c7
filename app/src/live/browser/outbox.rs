//! Saying something: kept until the server has it, sent one at a time and in order.
//!
//! All tabs of a browser share one stored outbox. One of them at a time sends what is in it, whichever of them it was
//! said in, so that each message is sent once and each room's in order. Where tabs can't agree on who that is, each
//! sends what was said in it, and what another left behind; the server stores a message once however often it is sent.

use std::cell::{Cell, RefCell};

use leptos::{ev, prelude::*, task::spawn_local};
use madang_client::outbox::{Outbox, Pending};
use madang_common::{
    event::message::Post,
    fault::FaultCode,
    id::{ClientId, Rev, RoomId, UserId},
    message::MessageView,
    text::MessageText,
    time::UnixMillis,
};
use wasm_bindgen::JsValue;

use super::{
    super::Chat,
    complain, drafts, idb,
    link::PAUSES,
    messages, now, pause, store, tabs,
    wire::{self, Failure},
};

/// After how long a message of another tab counts as left behind, in milliseconds; and how long another tab may be
/// busy sending before this one goes ahead.
const LEFT_BEHIND: u32 = 30_000;

thread_local! {
    /// Whether what was left unsent is here, if there is any, so that nothing is sent before it.
    static LOADED: Cell<bool> = const { Cell::new(false) };
    static SENDING: Cell<bool> = const { Cell::new(false) };
    /// What was said in this tab.
    static OURS: RefCell<Vec<ClientId>> = const { RefCell::new(Vec::new()) };
    /// What the server has, at which revision of which room, and the timeline may not have yet.
    static STORED: RefCell<Vec<(ClientId, RoomId, Rev)>> = const { RefCell::new(Vec::new()) };
    /// What is not on the disk as it is here: once for each time that it is being written, or could not be.
    static UNWRITTEN: RefCell<Vec<ClientId>> = const { RefCell::new(Vec::new()) };
}

pub(in crate::live) fn say(chat: Chat, room: RoomId, text: MessageText) {
    // Later than all before, whatever the clock says: the order of the ids is that of the messages.
    let latest = chat.outbox.with_untracked(Outbox::latest).map_or(0, |at| at.0 + 1);
    let now = latest.max(now() as i64);
    let client_id = ClientId::new(now.unsigned_abs(), random());
    OURS.with_borrow_mut(|ours| ours.push(client_id));
    change(chat, client_id, |outbox| {
        outbox.put(Pending { client_id, room, text, composed_at: UnixMillis(now), refused: None });
    });
    chat.said.set(Some(client_id));
    flush(chat);
}

pub(in crate::live) fn retry(chat: Chat, client_id: ClientId) {
    OURS.with_borrow_mut(|ours| ours.push(client_id));
    change(chat, client_id, |outbox| outbox.retry(client_id));
    flush(chat);
}

pub(in crate::live) fn discard(chat: Chat, client_id: ClientId) {
    change(chat, client_id, |outbox| outbox.remove(client_id));
}

/// Takes over what was left unsent when the page was last open, and follows what other tabs say.
pub(super) fn load(chat: Chat) {
    let Some(me) = me(chat) else { return };
    let left = store::spilled(me);
    chat.outbox.update(|outbox| left.iter().for_each(|pending| outbox.put(pending.clone())));
    // Some of it may have arrived, and be shown.
    settle(chat);
    spawn_local(async move {
        let kept = idb::open().await;
        chat.kept.set(Some(kept));
        drafts::write_down(chat);
        // That, and what has been said meanwhile.
        let writes: Vec<_> = ids(chat).into_iter().map(|id| write(chat, id)).collect();
        for write in writes {
            write.await;
        }
        if kept && !left.is_empty() {
            store::forget_spilled(me);
        }
        look(chat).await;
        // Nobody else seems to be about to send it.
        let mut all = ids(chat);
        OURS.with_borrow_mut(|ours| ours.append(&mut all));
        LOADED.set(true);
        flush(chat);
    });
    tabs::listen(move |news| match news {
        Some(news) => drafts::told(chat, &news),
        None => spawn_local(look(chat)),
    });
    let left = window_event_listener(ev::pagehide, move |_| {
        let mut unwritten = chat.outbox.get_untracked();
        ids(chat).into_iter().filter(|id| !is_unwritten(*id)).for_each(|id| unwritten.remove(id));
        store::spill(me, unwritten);
        drafts::spill();
    });
    // For as long as the page lives.
    std::mem::forget(left);
}

/// Sends what is unsent, unless that is being done.
pub(super) fn flush(chat: Chat) {
    if wire::connected() && LOADED.get() && !chat.outbox.with_untracked(Outbox::is_empty) && !SENDING.replace(true) {
        spawn_local(send_all(chat));
    }
}

/// Takes out what the timeline shows, or need not show.
pub(super) fn settle(chat: Chat) {
    let settled: Vec<ClientId> = chat.outbox.with_untracked(|outbox| {
        if outbox.is_empty() {
            return Vec::new();
        }
        let me = me(chat);
        chat.open.with_untracked(|open| {
            let shown = |pending: &&Pending| {
                let open = open.as_ref().filter(|open| open.room.id == pending.room);
                let stored =
                    STORED.with_borrow(|stored| stored.iter().find(|(id, ..)| *id == pending.client_id).copied());
                let caught_up = |rev: Rev| open.is_none_or(|open| open.timeline.rev() >= rev);
                let mine =
                    |message: &MessageView| message.client_id == pending.client_id && Some(message.author.id) == me;
                stored.is_some_and(|(_, _, rev)| caught_up(rev))
                    || open.is_some_and(|open| open.timeline.messages().rev().any(mine))
            };
            outbox.iter().filter(shown).map(|pending| pending.client_id).collect()
        })
    });
    if settled.is_empty() {
        return;
    }
    chat.outbox.update(|outbox| settled.iter().for_each(|id| outbox.remove(*id)));
    OURS.with_borrow_mut(|ours| ours.retain(|id| !settled.contains(id)));
    for id in settled {
        // What the server has acknowledged is being removed already.
        let known = STORED.with_borrow_mut(|stored| {
            let before = stored.len();
            stored.retain(|(stored, ..)| *stored != id);
            before != stored.len()
        });
        if !known {
            spawn_local(write(chat, id));
        }
    }
}

/// Sends one message after another, while no other tab does.
async fn send_all(chat: Chat) {
    let me = me(chat).unwrap_or_default();
    let turn = tabs::turn(&["madang.outbox.", &me.to_string()].concat(), LEFT_BEHIND).await;
    let alone = turn.is_some();
    if alone {
        // Another tab may have sent something, or said something before, and not have been heard yet.
        look(chat).await;
    }
    let (shortest, longest) = PAUSES;
    let mut wait = shortest;
    while let Some(next) = next(chat, alone) {
        let Pending { client_id, room, text, .. } = next;
        match wire::send(chat, Post { room, client_id, text }).await {
            Ok(message) => {
                wait = shortest;
                // What has come back live is settled already.
                if chat.outbox.with_untracked(|outbox| outbox.get(client_id).is_some()) {
                    STORED.with_borrow_mut(|stored| stored.push((client_id, room, message.rev)));
                }
                messages::take_own(chat, message);
                // Before another tab has its turn: it would find the message, and send it again.
                write(chat, client_id).await;
            }
            // Sent again once the link is back.
            Err(Failure::Disconnected) => break,
            Err(Failure::Fault(fault)) if fault.code == FaultCode::NotSignedIn => break,
            Err(Failure::Fault(fault)) if !fault.code.is_passing() => {
                chat.outbox.update(|outbox| outbox.refuse(client_id, fault));
                write(chat, client_id).await;
            }
            Err(failure) => {
                pause(failure.again_in().unwrap_or(wait)).await;
                wait = (wait * 2).min(longest);
            }
        }
    }
    SENDING.set(false);
    if let Some(turn) = turn {
        // It only tells the browser.
        drop(turn.call0(&JsValue::UNDEFINED));
    }
}

fn next(chat: Chat, alone: bool) -> Option<Pending> {
    let due = |pending: &Pending| (alone || is_ours(pending)) && !is_stored(pending.client_id);
    chat.outbox.with_untracked(|outbox| outbox.next(due).cloned())
}

fn is_ours(pending: &Pending) -> bool {
    let left_behind = now() - pending.composed_at.0 as f64 > f64::from(LEFT_BEHIND);
    left_behind || OURS.with_borrow(|ours| ours.contains(&pending.client_id))
}

fn is_stored(id: ClientId) -> bool {
    STORED.with_borrow(|stored| stored.iter().any(|(stored, ..)| *stored == id))
}

fn is_unwritten(id: ClientId) -> bool {
    !idb::is_open() || UNWRITTEN.with_borrow(|unwritten| unwritten.contains(&id))
}

fn ids(chat: Chat) -> Vec<ClientId> {
    chat.outbox.with_untracked(|outbox| outbox.iter().map(|pending| pending.client_id).collect())
}

/// Changes a message here at once, and on the disk as soon as may be.
fn change(chat: Chat, id: ClientId, change: impl FnOnce(&mut Outbox)) {
    chat.outbox.update(change);
    spawn_local(write(chat, id));
}

/// Brings a message on the disk to where it is here, and tells the other tabs. From the call on, not only from when it
/// is waited for, what is here counts as newer.
fn write(chat: Chat, id: ClientId) -> impl Future<Output = ()> {
    let pending = chat.outbox.with_untracked(|outbox| outbox.get(id).cloned()).filter(|_| !is_stored(id));
    let is_open = idb::is_open();
    if is_open {
        UNWRITTEN.with_borrow_mut(|unwritten| unwritten.push(id));
    }
    async move {
        // Once it is open, all is written.
        if !is_open {
            return;
        }
        if store::write(me(chat).unwrap_or_default(), id, pending).await {
            UNWRITTEN.with_borrow_mut(|unwritten| {
                if let Some(at) = unwritten.iter().position(|unwritten| *unwritten == id) {
                    unwritten.swap_remove(at);
                }
            });
            tabs::tell(None);
        } else {
            chat.kept.set(Some(false));
        }
    }
}

/// Looks at the outbox that all tabs share.
async fn look(chat: Chat) {
    let Some(me) = me(chat) else { return };
    let Some(shared) = store::unsent(me).await else { return };
    let mut sent = Vec::new();
    chat.outbox.update(|outbox| sent = outbox.take_in(shared, |id| is_unwritten(id) || is_stored(id)));
    // At which revision only its timeline will tell.
    STORED.with_borrow_mut(|stored| stored.extend(sent.into_iter().map(|(id, room)| (id, room, Rev(i64::MAX)))));
    settle(chat);
}

fn me(chat: Chat) -> Option<UserId> {
    chat.me.with_untracked(|me| me.as_ref().map(|me| me.id))
}

fn random() -> [u8; 10] {
    let mut bytes = [0; 10];
    let filled = window().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if filled.is_err() {
        // Browsers have had this for ten years. The time in the id, and the author beside it, still tell it apart.
        complain("no random numbers", "crypto.getRandomValues failed");
    }
    bytes
}
