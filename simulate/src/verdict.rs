//! The verdict: plays the steps of a script in a world, leaves it in peace, and says what did not hold.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use fastrand::Rng;
use madang_client::{engine::Engine, link::Link, view::Plain};
use madang_common::{
    id::{ClientId, MessageId, RoomId, Seq, UserId},
    message::Body,
    text::{MessageText, RoomName, RoomSlug, RoomTopic},
};

use crate::{
    burst, composer,
    script::{LENGTH, PEOPLE, Script, Step, TabName},
    watch::look,
    world::{Tab, TabId, World},
};

/// How long the world is left in peace before it is judged, in milliseconds: longer than a silent connection lasts and
/// the longest turn, and the head is asked for a few times.
const PEACE: u64 = 150_000;

/// What may fail to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// One's own message is on the screen at any time, once.
    ShownOnce,
    /// In the end everyone is live.
    Live,
    /// In the end nothing is unsent.
    Sent,
    /// Nothing needs to be repaired.
    NoRepair,
    /// The list of rooms is as the server has it.
    Rooms,
    /// What was read is known to the server.
    ReadPosition,
    /// How far one is in a room never goes back by what the server says of it later.
    NotBack,
    /// Who holds a room whole has all that it has heard of it.
    Whole,
    /// What was acknowledged is not sent again by another tab whose turn it is.
    SentOnce,
    /// A program is told each message once, in order, and as it is in the end.
    Told,
    /// A timeline is as a fresh load shows it.
    Timeline,
    /// What was typed and not said stands in the composer later on; what was said does not.
    Drafts,
    /// What was missing in an open room is there soon after something shows that it is.
    Prompt,
    NotLost,
    NotDoubled,
    InOrder,
    /// No engine has anything to complain of.
    NoComplaint,
}

/// Something that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub promise: Promise,
    pub(crate) what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.promise, self.what)
    }
}

/// What is known beyond the world itself.
#[derive(Default)]
pub(crate) struct Ledger {
    /// Whose each message is.
    said: BTreeMap<ClientId, UserId>,
    pub(crate) discarded: BTreeSet<ClientId>,
    retried: BTreeSet<ClientId>,
    /// What was in a tab that crashed, and on no disk: it may be lost.
    in_doubt: BTreeSet<ClientId>,
}

/// Plays the steps and judges.
///
/// # Errors
/// The first thing that did not hold.
pub fn judge(script: &Script, is_traced: bool) -> Result<(), Fault> {
    let Script { seed, steps } = script;
    let world = &mut World::new(*seed);
    world.is_traced = is_traced;
    let mut ledger = Ledger::default();
    for person in 0..PEOPLE {
        world.open_tab((person, 0));
    }
    for (at, step) in steps {
        let until = world.time_at(*at);
        pass(world, &ledger, until)?;
        // Chance goes on from here as it would if steps before this one were left out.
        world.rng = Rng::with_seed(seed ^ at.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        take(world, &mut ledger, *step);
        look(world, &ledger)?;
    }
    let end = world.time_at(LENGTH);
    pass(world, &ledger, end)?;
    world.make_peace();
    for person in 0..PEOPLE {
        world.open_tab((person, 0));
    }
    for id in world.open.values().copied().collect::<Vec<_>>() {
        world.with_engine(id, |engine| engine.set_visible(true));
    }
    pass(world, &ledger, end + PEACE)?;
    let names: Vec<TabName> = world.open.keys().copied().collect();
    judge_tabs(world)?;
    burst::play(world, &mut ledger)?;
    composer::type_last(world, &ledger)?;
    // Whoever comes later finds nothing left to be sent.
    names.iter().for_each(|name| world.end_tab(*name, true));
    for person in 0..PEOPLE {
        world.browsers[person].disk_works = true;
        world.open_tab((person, 0));
    }
    let later = world.now + PEACE;
    pass(world, &ledger, later)?;
    judge_tabs(world)?;
    composer::judge(world)?;
    for browser in &world.browsers {
        let kept = browser.disk.values().chain(browser.spilled.iter());
        let left: Vec<_> = kept.filter(|pending| pending.refused.is_none()).collect();
        demand(Promise::Sent, left.is_empty(), || format!("left on the disk of person {}: {left:?}", browser.user))?;
    }
    judge_messages(world, &ledger)?;
    demand(Promise::NoComplaint, world.complaints.is_empty(), || format!("complaints: {:?}", world.complaints))
}

pub(crate) fn demand(promise: Promise, holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(Fault { promise, what: otherwise() }) }
}

pub(crate) fn pass(world: &mut World, ledger: &Ledger, until: u64) -> Result<(), Fault> {
    world.run(until, &mut |world| look(world, ledger))
}

fn judge_tabs(world: &World) -> Result<(), Fault> {
    for (name, id) in &world.open {
        let tab = &world.tabs[id.0];
        let view = &tab.engine.view;
        demand(Promise::Live, view.link.0 == Link::Live, || format!("tab {name:?} is {:?}", view.link.0))?;
        // What was refused waits for a decision, however long.
        let unsent: Vec<_> = view.outbox.0.iter().filter(|pending| pending.refused.is_none()).collect();
        demand(Promise::Sent, unsent.is_empty(), || format!("tab {name:?} has unsent {unsent:?}"))?;
        demand(Promise::Live, !view.catching_up.0, || format!("tab {name:?} is still catching up"))?;
        demand(Promise::NoRepair, view.check.0.repairs == 0, || format!("tab {name:?} had to be repaired"))?;
        let rooms: Vec<_> = world.server.rooms_of(tab.user);
        for summary in &rooms {
            let held = view.rooms.0.by_id(summary.room.id);
            demand(Promise::Rooms, held == Some(summary), || {
                format!("tab {name:?} has {held:?} in its list, and the server {summary:?}")
            })?;
        }
        for (room, read) in &tab.read {
            let known = world.server.rooms[room].membership(tab.user).map(|membership| membership.read);
            demand(Promise::ReadPosition, known.is_none_or(|known| known >= *read), || {
                format!("tab {name:?} has read room {room} up to {read}, and the server knows of {known:?}")
            })?;
        }
        judge_timeline(world, *name, tab)?;
        tab.told.judge(&world.server, &tab.engine)?;
    }
    Ok(())
}

/// What is shown is what a fresh load would show.
fn judge_timeline(world: &World, name: TabName, tab: &Tab) -> Result<(), Fault> {
    let Some(open) = &tab.engine.view.open.0 else {
        return Ok(());
    };
    let room = &world.server.rooms[&open.room.id];
    let first = open.timeline.first().unwrap_or(Seq(1));
    let held: Vec<_> = open.timeline.messages().collect();
    let fresh: Vec<_> = room.messages.range(first..).map(|(_, message)| message).collect();
    demand(Promise::Timeline, held == fresh, || {
        format!("tab {name:?} shows {held:#?}, and a fresh load {fresh:#?}")
    })?;
    demand(Promise::Timeline, open.timeline.rev() == room.rev, || {
        format!("tab {name:?} is at {} and the server at {}", open.timeline.rev(), room.rev)
    })?;
    let has_earlier = room.messages.range(..first).next().is_some();
    demand(Promise::Timeline, open.timeline.has_earlier() == has_earlier, || {
        format!("tab {name:?} is wrong about earlier messages")
    })
}

/// Nothing that was said is lost, nothing is there twice, and all of a tab is in the order in which it was said.
fn judge_messages(world: &World, ledger: &Ledger) -> Result<(), Fault> {
    for (id, user) in &ledger.said {
        let may_be_absent =
            ledger.discarded.contains(id) || ledger.in_doubt.contains(id) || world.refused.contains(id);
        let is_stored = world.server.stored(*user, *id).is_some();
        demand(Promise::NotLost, is_stored || may_be_absent, || format!("lost: {id} of person {user}"))?;
    }
    for room in world.server.rooms.values() {
        let mut seen = BTreeSet::new();
        for message in room.messages.values().filter(|message| !matches!(message.body, Body::Joined | Body::Left)) {
            let is_new = seen.insert((message.author.id, message.client_id));
            demand(Promise::NotDoubled, is_new, || format!("stored twice: {}", message.client_id))?;
        }
    }
    let failed: BTreeSet<UserId> =
        world.browsers.iter().filter(|browser| browser.disk_has_failed).map(|browser| browser.user).collect();
    for (index, tab) in world.tabs.iter().enumerate().filter(|(_, tab)| !failed.contains(&tab.user)) {
        let mut last: BTreeMap<RoomId, Seq> = BTreeMap::new();
        for (room, id) in tab.said.iter().filter(|(_, id)| !ledger.retried.contains(id)) {
            let Some(stored) = world.server.stored(tab.user, *id) else { continue };
            let before = last.insert(*room, stored.seq);
            demand(Promise::InOrder, before.is_none_or(|before| before < stored.seq), || {
                format!("out of order: {id}, said in the {index}th tab, stands at {} after {before:?}", stored.seq)
            })?;
        }
    }
    Ok(())
}

fn discard(world: &mut World, ledger: &mut Ledger, name: TabName) {
    let Some(id) = world.open.get(&name).copied() else { return };
    for refused in refused(world, id) {
        ledger.discarded.insert(refused);
        world.with_engine(id, |engine| engine.discard(refused));
    }
}

fn refused(world: &World, id: TabId) -> Vec<ClientId> {
    let outbox = &world.tabs[id.0].engine.view.outbox.0;
    outbox.iter().filter(|pending| pending.refused.is_some()).map(|pending| pending.client_id).collect()
}

pub(crate) fn take(world: &mut World, ledger: &mut Ledger, step: Step) {
    match step {
        Step::OpenTab(name) => world.open_tab(name),
        Step::CloseTab(name) => world.end_tab(name, true),
        Step::CrashTab(name) => crash(world, ledger, name),
        Step::Cut(name) => world.cut(name, 100),
        Step::HalfOpen(name) => world.half_open(name),
        Step::Slow(name, millis) => world.slow(name, millis),
        Step::LoseEvents(name, count) => world.lose_events(name, count),
        Step::Restart { told, millis } => world.restart(told, millis),
        Step::Busy(millis) => world.busy_until = world.now + u64::from(millis),
        Step::BreakDisk(person, works) => {
            let browser = &mut world.browsers[person];
            browser.disk_works = works;
            browser.disk_has_failed |= !works;
        }
        Step::SlowDisk(person, millis) => world.browsers[person].disk_delay = u64::from(millis),
        Step::Discard(name) => discard(world, ledger, name),
        Step::Say(name)
        | Step::Edit(name, _)
        | Step::Delete(name, _)
        | Step::Retry(name)
        | Step::Read(name)
        | Step::SetVisible(name, _)
        | Step::Type(name)
        | Step::LoadEarlier(name)
        | Step::Show(name, _)
        | Step::Join(name, _)
        | Step::Leave(name, _)
        | Step::CreateRoom(name)
        | Step::Reconcile(name)
        | Step::ReconnectNow(name) => {
            if let Some(id) = world.open.get(&name).copied() {
                act(world, ledger, id, step);
            }
        }
    }
}

fn crash(world: &mut World, ledger: &mut Ledger, name: TabName) {
    let Some(id) = world.open.get(&name).copied() else { return };
    let unsent: Vec<ClientId> =
        world.tabs[id.0].engine.view.outbox.0.iter().map(|pending| pending.client_id).collect();
    world.end_tab(name, false);
    let browser = &world.browsers[name.0];
    let is_kept = |id: &ClientId| browser.disk.contains_key(id) || browser.spilled.get(*id).is_some();
    ledger.in_doubt.extend(unsent.into_iter().filter(|id| !is_kept(id)));
}

/// A person does something in a tab.
fn act(world: &mut World, ledger: &mut Ledger, id: TabId, step: Step) {
    let random: [u8; 10] = std::array::from_fn(|_| world.rng.u8(..));
    let ticket = world.ticket(id);
    let room = world.tabs[id.0].engine.view.open.0.as_ref().map(|open| open.room.id);
    let user = world.tabs[id.0].user;
    match step {
        Step::Say(_) => {
            let Some((room, text)) = world.take_text(id) else { return };
            let mut said = None;
            world.with_engine(id, |engine| said = Some(engine.say(room, text, random)));
            if let Some(said) = said {
                world.tabs[id.0].said.push((room, said));
                ledger.said.insert(said, user);
            }
        }
        Step::Edit(_, which) => {
            let text = MessageText::parse("something else").expect("a text");
            if let Some(message) = own_message(&world.tabs[id.0].engine, user, which) {
                world.with_engine(id, |engine| engine.edit(message, text, ticket));
            }
        }
        Step::Delete(_, which) => {
            if let Some(message) = own_message(&world.tabs[id.0].engine, user, which) {
                world.with_engine(id, |engine| engine.delete(message, ticket));
            }
        }
        Step::Retry(_) => {
            for refused in refused(world, id) {
                ledger.retried.insert(refused);
                world.with_engine(id, |engine| engine.retry(refused));
            }
        }
        Step::Read(_) => {
            let tab = &mut world.tabs[id.0];
            let last = tab.engine.view.open.0.as_ref().and_then(|open| open.timeline.last());
            if let (Some(room), Some(last)) = (room, last) {
                tab.read.insert(room, last);
                world.with_engine(id, |engine| engine.read(last));
            }
        }
        Step::SetVisible(_, visible) => world.with_engine(id, |engine| engine.set_visible(visible)),
        Step::Type(_) => {
            if let Some(room) = room {
                let is_emptied = world.rng.u32(0..4) == 0;
                world.type_draft(id, is_emptied);
                world.with_engine(id, |engine| engine.typing(room, !is_emptied));
            }
        }
        Step::LoadEarlier(_) => world.with_engine(id, |engine| engine.load_earlier(ticket)),
        Step::Show(_, which) => {
            if let Some((_, slug)) = some_room(world, which) {
                world.with_engine(id, |engine| engine.show(&slug));
            }
        }
        Step::Join(_, which) => {
            if let Some((room, _)) = some_room(world, which) {
                world.with_engine(id, |engine| engine.join_room(room, ticket));
            }
        }
        Step::Leave(_, which) => {
            if let Some((room, _)) = some_room(world, which) {
                world.with_engine(id, |engine| engine.leave_room(room, ticket));
            }
        }
        Step::CreateRoom(_) => {
            let name = RoomName::parse(&format!("room {}", world.server.rooms.len())).expect("a name");
            let topic = RoomTopic::parse("").expect("a topic");
            world.with_engine(id, |engine| engine.create_room(name, topic, ticket));
        }
        Step::Reconcile(_) => world.with_engine(id, Engine::reconcile_by_hand),
        Step::ReconnectNow(_) => world.with_engine(id, Engine::reconnect_now),
        _ => {}
    }
}

fn own_message(engine: &Engine<Plain>, user: UserId, which: usize) -> Option<MessageId> {
    let open = engine.view.open.0.as_ref()?;
    let own = open.timeline.messages().filter(|message| message.author.id == user);
    let own: Vec<_> = own.filter(|message| matches!(message.body, Body::Text { .. })).collect();
    own.get(which.checked_rem(own.len())?).map(|message| message.id)
}

fn some_room(world: &World, which: usize) -> Option<(RoomId, RoomSlug)> {
    let rooms: Vec<_> = world.server.rooms.iter().collect();
    rooms.get(which.checked_rem(rooms.len())?).map(|(id, room)| (**id, room.slug().clone()))
}
