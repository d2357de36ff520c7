//! Comparing the open room with the server's, and repairing what differs.

use std::cell::Cell;

use leptos::{logging::warn, task::spawn_local};
use madang_client::{
    check::{Outcome, Question, Verdict, compare, forget_removed},
    timeline::Timeline,
};
use madang_common::{
    event::room::{Digest, History, Open},
    id::{RoomId, Seq},
    limits::DIGEST_MESSAGES,
};

use super::{super::Chat, pause, rooms, sync, wire};

/// How often they are compared until they stand at one revision. In a room where more comes than that, the next time
/// will do.
const ATTEMPTS: u32 = 5;
/// How long what has changed on one side is given to arrive at the other, in milliseconds.
const ON_ITS_WAY: u32 = 200;

thread_local! {
    static RUNNING: Cell<bool> = const { Cell::new(false) };
}

/// Because a person asks for it.
pub(in crate::live) fn by_hand(chat: Chat) {
    chat.check.update(|check| check.running = true);
    spawn_local(verify(chat));
}

/// Compares and repairs, unless that is being done.
pub(super) async fn verify(chat: Chat) {
    if RUNNING.replace(true) {
        return;
    }
    let outcome = run(chat).await;
    RUNNING.set(false);
    let rev = look(chat, |_, timeline| timeline.rev());
    chat.check.maybe_update(|check| {
        // Unasked, one is told only of what was wrong.
        let tell = std::mem::take(&mut check.running) || outcome == Some(Outcome::Repaired);
        if tell {
            check.done = rev.zip(outcome);
        }
        tell
    });
}

async fn run(chat: Chat) -> Option<Outcome> {
    let mut outcome = Outcome::Same;
    for _ in 0..ATTEMPTS {
        let (room, asked) = look(chat, |room, timeline| (room, Question::about(timeline)))?;
        let reply = wire::send(chat, Digest { room, from: asked.from }).await.ok()?;
        let (now, verdict) = look(chat, |room, timeline| (room, compare(timeline, asked, &reply)))?;
        if now != room {
            return None;
        }
        match verdict {
            Verdict::Same => {
                chat.open.maybe_update(|open| {
                    let open = open.as_mut().filter(|open| open.room.id == room);
                    open.is_some_and(|open| forget_removed(&mut open.timeline, &reply))
                });
                return Some(outcome);
            }
            Verdict::Behind => sync::catch_up(chat).await,
            Verdict::Moved => pause(ON_ITS_WAY).await,
            // Read anew it is as the server has it, and yet it isn't: they mean different things by it.
            Verdict::Differs if outcome == Outcome::Repaired => {
                warn!("the room differs from the server's also after it was read anew");
                return None;
            }
            Verdict::Differs => {
                repair(chat, room).await?;
                outcome = Outcome::Repaired;
            }
        }
    }
    None
}

/// Puts what the server has in place of what is held, as far as the two were compared.
async fn repair(chat: Chat, room: RoomId) -> Option<()> {
    let snapshot = wire::send(chat, Open { room }).await.ok()?;
    let mut fresh = Timeline::new(&snapshot);
    let first = look(chat, |_, timeline| timeline.first())?.unwrap_or(Seq(1));
    while fresh.len() < DIGEST_MESSAGES
        && fresh.first().is_some_and(|fresh| fresh > first)
        && let Some(before) = fresh.ask_history()
    {
        fresh.apply_history(wire::send(chat, History { room, before }).await.ok()?);
    }
    rooms::change_open(chat, room, |open| open.timeline.renew(fresh));
    rooms::change(chat, |rooms| rooms.set_membership(room, snapshot.membership));
    let mut repairs = 0;
    chat.check.update(|check| {
        check.repairs += 1;
        repairs = check.repairs;
    });
    warn!("the room differed from the server's and was read anew; repairs: {repairs}");
    // What came meanwhile.
    sync::catch_up(chat).await;
    Some(())
}

fn look<T>(chat: Chat, look: impl FnOnce(RoomId, &Timeline) -> T) -> Option<T> {
    chat.open.with_untracked(|open| open.as_ref().map(|open| look(open.room.id, &open.timeline)))
}
