//! Saying something: kept until the server has it, sent one at a time and in order.
//!
//! All tabs of a browser share one stored outbox. Each sends what was said in it, and what another left behind; the
//! server stores a message once however often it is sent.

use std::cell::{Cell, RefCell};

use leptos::{ev, prelude::*, task::spawn_local};
use madang_common::{
    event::message::Post,
    fault::FaultCode,
    id::{ClientId, Rev, RoomId},
    message::MessageView,
    text::MessageText,
    time::UnixMillis,
};

use super::{
    super::Chat,
    complain,
    link::PAUSES,
    messages, now, pause, store,
    wire::{self, Failure},
};
use crate::state::outbox::{Outbox, Pending};

/// After how long a message of another tab counts as left behind, in milliseconds.
const LEFT_BEHIND: f64 = 30_000.0;

thread_local! {
    static SENDING: Cell<bool> = const { Cell::new(false) };
    /// What this tab has to send.
    static OURS: RefCell<Vec<ClientId>> = const { RefCell::new(Vec::new()) };
    /// What the server has, at which revision of which room, and the timeline may not have yet.
    static STORED: RefCell<Vec<(ClientId, RoomId, Rev)>> = const { RefCell::new(Vec::new()) };
}

pub(in crate::live) fn say(chat: Chat, room: RoomId, text: MessageText) {
    let now = now();
    let client_id = ClientId::new(now as u64, random());
    OURS.with_borrow_mut(|ours| ours.push(client_id));
    change(chat, |outbox| {
        outbox.push(Pending { client_id, room, text, composed_at: UnixMillis(now as i64), refused: None });
    });
    chat.said.set(Some(client_id));
    flush(chat);
}

pub(in crate::live) fn retry(chat: Chat, client_id: ClientId) {
    OURS.with_borrow_mut(|ours| ours.push(client_id));
    change(chat, |outbox| outbox.retry(client_id));
    flush(chat);
}

pub(in crate::live) fn discard(chat: Chat, client_id: ClientId) {
    change(chat, |outbox| outbox.remove(client_id));
}

/// Takes over what was left unsent when the page was last open, and follows what other tabs say.
pub(super) fn load(chat: Chat) {
    let Some(outbox) = stored(chat) else { return };
    OURS.with_borrow_mut(|ours| ours.extend(outbox.iter().map(|pending| pending.client_id)));
    chat.outbox.set(outbox);
    let told = window_event_listener(ev::storage, move |event| {
        if event.key().as_deref() == Some(store::OUTBOX)
            && let Some(outbox) = stored(chat)
        {
            chat.outbox.set(outbox);
        }
    });
    // For as long as the page lives.
    std::mem::forget(told);
}

/// Sends what is unsent, unless that is being done.
pub(super) fn flush(chat: Chat) {
    if !SENDING.replace(true) {
        spawn_local(async move {
            send_all(chat).await;
            SENDING.set(false);
        });
    }
}

/// Takes out what the timeline shows, or need not show.
pub(super) fn settle(chat: Chat) {
    let settled: Vec<ClientId> = chat.outbox.with_untracked(|outbox| {
        if outbox.is_empty() {
            return Vec::new();
        }
        let me = chat.me.with_untracked(|me| me.as_ref().map(|me| me.id));
        chat.open.with_untracked(|open| {
            let shown = |pending: &&Pending| {
                let open = open.as_ref().filter(|open| open.room.id == pending.room);
                let stored =
                    STORED.with_borrow(|stored| stored.iter().find(|(id, ..)| *id == pending.client_id).copied());
                let caught_up = |rev: Rev| open.is_none_or(|open| open.timeline.rev() >= rev);
                let mine =
                    |message: &MessageView| message.client_id == pending.client_id && Some(message.author.id) == me;
                stored.is_some_and(|(_, _, rev)| caught_up(rev))
                    || open.is_some_and(|open| is_ours(pending) && open.timeline.messages().rev().any(mine))
            };
            outbox.iter().filter(shown).map(|pending| pending.client_id).collect()
        })
    });
    if settled.is_empty() {
        return;
    }
    STORED.with_borrow_mut(|stored| stored.retain(|(id, ..)| !settled.contains(id)));
    OURS.with_borrow_mut(|ours| ours.retain(|id| !settled.contains(id)));
    change(chat, |outbox| settled.iter().for_each(|id| outbox.remove(*id)));
}

async fn send_all(chat: Chat) {
    let (shortest, longest) = PAUSES;
    let mut wait = shortest;
    while let Some(next) = next(chat) {
        let Pending { client_id, room, text, .. } = next;
        match wire::send(chat, Post { room, client_id, text }).await {
            Ok(message) => {
                wait = shortest;
                STORED.with_borrow_mut(|stored| stored.push((client_id, room, message.rev)));
                messages::take_own(chat, message);
            }
            // Sent again once the link is back.
            Err(Failure::Disconnected) => return,
            Err(Failure::Fault(fault)) if fault.code == FaultCode::NotSignedIn => return,
            Err(Failure::Fault(fault)) if !fault.code.is_passing() => {
                change(chat, |outbox| outbox.refuse(client_id, fault));
            }
            Err(_) => {
                pause(wait).await;
                wait = (wait * 2).min(longest);
            }
        }
    }
}

fn next(chat: Chat) -> Option<Pending> {
    let due = |pending: &Pending| {
        is_ours(pending) && !STORED.with_borrow(|stored| stored.iter().any(|(id, ..)| *id == pending.client_id))
    };
    chat.outbox.with_untracked(|outbox| outbox.next(due).cloned())
}

fn is_ours(pending: &Pending) -> bool {
    OURS.with_borrow(|ours| ours.contains(&pending.client_id)) || now() - pending.composed_at.0 as f64 > LEFT_BEHIND
}

/// Changes the outbox as it is stored now, which another tab may have changed a moment ago.
fn change(chat: Chat, change: impl FnOnce(&mut Outbox)) {
    let mut outbox = stored(chat).unwrap_or_else(|| chat.outbox.get_untracked());
    change(&mut outbox);
    if let Some(me) = chat.me.with_untracked(|me| me.as_ref().map(|me| me.id)) {
        store::save_outbox(me, &outbox);
    }
    chat.outbox.set(outbox);
}

fn stored(chat: Chat) -> Option<Outbox> {
    let me = chat.me.with_untracked(|me| me.as_ref().map(|me| me.id))?;
    store::load_outbox(me)
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
