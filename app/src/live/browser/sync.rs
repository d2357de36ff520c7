//! Catching up with what was missed.

use std::{cell::Cell, time::Duration};

use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};
use madang_client::link::Link;
use madang_common::{
    event::room::{Head, HeadReply, Sync},
    fault::FaultCode,
    limits::HEAD_INTERVAL_MS,
};

use super::{
    super::Chat,
    link::PAUSES,
    messages, outbox, pause, rooms,
    wire::{self, Failure},
};

/// After how long it is told that what was missed is being fetched, in milliseconds.
const WORTH_TELLING: u32 = 400;
/// How long a change that is known to be on its way is waited for, in milliseconds.
const ON_ITS_WAY: u32 = 300;

thread_local! {
    static RUNNING: Cell<bool> = const { Cell::new(false) };
    static AGAIN: Cell<bool> = const { Cell::new(false) };
}

/// Asks now and then how far the rooms have come: the last change before a silence may be the one that got lost.
pub(super) fn watch(chat: Chat) {
    set_interval(
        move || {
            if chat.link.get_untracked() == Link::Live {
                spawn_local(head(chat));
                outbox::flush(chat);
            }
        },
        Duration::from_millis(HEAD_INTERVAL_MS),
    );
}

/// Brings the open room up to date, a page at a time. One at a time: asked for meanwhile, it looks once more at the
/// end.
pub(super) async fn catch_up(chat: Chat) {
    if RUNNING.replace(true) {
        AGAIN.set(true);
        return;
    }
    let telling = Timeout::new(WORTH_TELLING, move || chat.catching_up.set(true));
    loop {
        AGAIN.set(false);
        run(chat).await;
        if !AGAIN.get() {
            break;
        }
    }
    drop(telling);
    if chat.catching_up.get_untracked() {
        chat.catching_up.set(false);
    }
    RUNNING.set(false);
}

/// Catches up unless what is missing comes by itself in a moment: an answer may overtake the broadcast of what was
/// stored just before.
pub(super) fn soon(chat: Chat) {
    spawn_local(async move {
        pause(ON_ITS_WAY).await;
        let room = chat.open.with_untracked(|open| open.as_ref().map(|open| open.room.id));
        if room.is_some_and(|room| messages::take(chat, room, Vec::new())) {
            catch_up(chat).await;
        }
    });
}

async fn run(chat: Chat) {
    let (mut wait, longest) = PAUSES;
    loop {
        let held = chat.open.with_untracked(|open| open.as_ref().map(|open| (open.room.id, open.timeline.rev())));
        let Some((room, since)) = held else { return };
        let rest = match wire::send(chat, Sync { room, since }).await {
            Ok(reply) => {
                // A page that leads nowhere must not be asked for in a tight loop.
                let stuck = reply.rev <= since;
                if !messages::take_sync(chat, room, reply) {
                    return;
                }
                stuck.then_some(wait)
            }
            Err(Failure::Disconnected) => return,
            Err(Failure::Fault(fault)) if matches!(fault.code, FaultCode::NotAMember | FaultCode::NotFound) => {
                return rooms::lost(chat, room);
            }
            Err(failure) => Some(failure.again_in().unwrap_or(wait)),
        };
        if let Some(rest) = rest {
            pause(rest).await;
            wait = (wait * 2).min(longest);
            if !wire::connected() {
                return;
            }
        }
    }
}

async fn head(chat: Chat) {
    // Asked again in a few seconds anyway.
    let Ok(HeadReply { rooms: heads }) = wire::send(chat, Head {}).await else { return };
    let behind = chat.open.with_untracked(|open| {
        let open = open.as_ref()?;
        let head = heads.iter().find(|head| head.room == open.room.id)?;
        Some(head.membership.rev > open.timeline.rev())
    });
    for head in heads {
        rooms::take_membership(chat, head.room, head.membership);
    }
    if behind == Some(true) {
        catch_up(chat).await;
    }
}
