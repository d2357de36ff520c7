//! The core of a client: its engines, and what waits for them. Everything that goes on locks it, tells the engines, and lets
//! go of it again; nothing is waited for meanwhile.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use madang_common::{
    fault::Fault,
    id::{ClientId, UserId},
    message::MessageView,
    text::RoomSlug,
};
use serde_json::Value;
use tokio::sync::{Notify, mpsc, oneshot, watch};

use super::{Error, Options, clock::now, outbox_file::Write, wire};
use crate::{
    engine::{Action, Engine, RequestId, Ticket},
    feed::Feed,
    link::Link,
    outbox::{Outbox, Pending},
    view::{Plain, View},
};

/// What a client's handles and its task share.
pub(super) struct Shared {
    core: Mutex<Core>,
    pub(super) options: Options,
    /// Changes after anything has happened.
    pub(super) changed: watch::Sender<()>,
    /// The time at which the engines want to be woken may be another.
    pub(super) clock: Notify,
    /// There is something to do for the disk.
    pub(super) disk: Notify,
    /// The next attempt to connect is to be made now.
    pub(super) reconnect: Notify,
}

/// Names an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SeatId(u64);

/// An engine, and the room that it holds.
pub(super) struct Seat {
    pub(super) id: SeatId,
    pub(super) engine: Engine<Plain>,
    pub(super) slug: Option<RoomSlug>,
    pub(super) feed: Feed,
    /// Somebody has the room's handle.
    pub(super) is_followed: bool,
    /// The room was open and is not any more.
    pub(super) is_lost: bool,
}

/// Something for the disk to do, in this order.
pub(super) enum Job {
    Open(UserId),
    Read,
    Write(Write),
    /// Keep what was just said, also before the engine knows whose it is; it is not told.
    Keep(Box<Pending>),
    /// Write once more what could not be written, now.
    Retry,
}

type Waiting<T> = oneshot::Sender<Result<T, Error>>;

pub(super) struct Core {
    /// The first engine sends, too.
    pub(super) seats: Vec<Seat>,
    /// How far counting has come: seats, requests on the wire, tickets.
    count: u64,
    asked: BTreeMap<u64, (SeatId, RequestId, Instant)>,
    pub(super) posts: HashMap<ClientId, Waiting<MessageView>>,
    tickets: HashMap<u64, Waiting<Option<RoomSlug>>>,
    /// What goes out, while there is a connection.
    outgoing: Option<mpsc::Sender<String>>,
    pub(super) jobs: Vec<Job>,
    /// The disk is doing something.
    pub(super) is_writing: bool,
    /// Why the outbox's file is not as it should be, until it is again.
    pub(super) unwritten: Option<Error>,
    /// The client's task, which does all of this, has ended.
    pub(super) has_ended: bool,
    /// When the server wants the client back.
    pub(super) back_at: Option<Instant>,
    /// Why the last attempt to connect has failed.
    pub(super) failed: Option<Error>,
    /// Why the client does nothing any more.
    over: Option<Error>,
    complaints: Vec<(&'static str, String)>,
}

impl Shared {
    /// A core that begins with what was left unsent. What is said before the disk has been asked is said after that.
    pub(super) fn new(options: Options, unsent: &Outbox) -> Arc<Self> {
        let mut core = Core {
            seats: Vec::new(),
            count: 0,
            asked: BTreeMap::new(),
            posts: HashMap::new(),
            tickets: HashMap::new(),
            outgoing: None,
            jobs: Vec::new(),
            is_writing: false,
            unwritten: None,
            has_ended: false,
            back_at: None,
            failed: None,
            over: None,
            complaints: Vec::new(),
        };
        core.add_seat(&options, unsent);
        let shared = Self {
            core: Mutex::new(core),
            options,
            changed: watch::Sender::new(()),
            clock: Notify::new(),
            disk: Notify::new(),
            reconnect: Notify::new(),
        };
        Arc::new(shared)
    }

    /// Reads something.
    pub(super) fn lock(&self) -> MutexGuard<'_, Core> {
        // A panic elsewhere has been reported; an engine is told one thing at a time.
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the engines something, and does what they want done.
    pub(super) fn tell<R>(&self, tell: impl FnOnce(&mut Core) -> R) -> R {
        let (result, complaints, has_jobs, is_woken_otherwise) = {
            let mut core = self.lock();
            let before = core.wake_at();
            let result = tell(&mut core);
            core.act(self);
            let complaints = std::mem::take(&mut core.complaints);
            (result, complaints, !core.jobs.is_empty(), core.wake_at() != before)
        };
        if has_jobs {
            self.disk.notify_one();
        }
        if is_woken_otherwise {
            self.clock.notify_one();
        }
        self.changed.send_replace(());
        complaints.iter().for_each(|(what, why)| self.options.observer.complained(what, why));
        result
    }
}

impl Core {
    /// The engine that sends.
    pub(super) fn first(&mut self) -> &mut Seat {
        &mut self.seats[0]
    }

    pub(super) fn seat(&mut self, id: SeatId) -> Option<&mut Seat> {
        self.seats.iter_mut().find(|seat| seat.id == id)
    }

    /// Makes another engine, which is told of the connection if there is one.
    pub(super) fn add_seat(&mut self, options: &Options, unsent: &Outbox) -> &mut Seat {
        self.count += 1;
        let mut engine = Engine::new(View::empty());
        engine.set_head_interval(u32::try_from(options.pace.head.as_millis()).unwrap_or(u32::MAX));
        engine.at(now()).start(unsent);
        if self.outgoing.is_some() {
            engine.connected();
        }
        let id = SeatId(self.count);
        self.seats.push(Seat { id, engine, slug: None, feed: Feed::default(), is_followed: false, is_lost: false });
        self.seats.last_mut().expect("it was put there just now")
    }

    pub(super) fn tell_all(&mut self, tell: impl Fn(&mut Engine<Plain>)) {
        let now = now();
        self.seats.iter_mut().for_each(|seat| tell(seat.engine.at(now)));
    }

    /// An event of the server's has come.
    pub(super) fn event(&mut self, name: &str, data: Value) {
        let now = now();
        if let Some((last, others)) = self.seats.split_last_mut() {
            others.iter_mut().for_each(|seat| seat.engine.at(now).event(name, data.clone()));
            last.engine.at(now).event(name, data);
        }
    }

    /// A name for something that is asked for, and where it is told what came of it.
    pub(super) fn ticket(&mut self) -> (Ticket, oneshot::Receiver<Result<Option<RoomSlug>, Error>>) {
        self.count += 1;
        // Nobody waits any more for what was given up midway, and its engine may be gone.
        self.tickets.retain(|_, waiting| !waiting.is_closed());
        let (sender, receiver) = oneshot::channel();
        match &self.over {
            // Nobody has stopped waiting in so short a time.
            Some(error) => drop(sender.send(Err(error.clone()))),
            None => drop(self.tickets.insert(self.count, sender)),
        }
        (Ticket(self.count), receiver)
    }

    /// Nobody waits for this any more.
    pub(super) fn forget_ticket(&mut self, ticket: Ticket) {
        self.tickets.remove(&ticket.0);
    }

    /// How many engines there are, and how many wait for something that they asked for.
    #[cfg(test)]
    pub(super) fn waits_for(&self) -> (usize, usize) {
        (self.seats.len(), self.tickets.len())
    }

    /// There is a connection, over which this goes out.
    pub(super) fn connected(&mut self, outgoing: mpsc::Sender<String>) {
        self.outgoing = Some(outgoing);
        self.failed = None;
        self.tell_all(|engine| engine.connected());
    }

    /// There is no connection any more.
    pub(super) fn disconnected(&mut self) {
        self.outgoing = None;
        self.asked.clear();
    }

    /// An answer has come.
    pub(super) fn answered(&mut self, number: u64, answer: Value) {
        if let Some((seat, request, _)) = self.asked.remove(&number)
            && let Some(seat) = self.seat(seat)
        {
            seat.engine.at(now()).answered(request, Some(answer));
        }
    }

    /// Since when the server owes an answer.
    pub(super) fn waits_since(&self) -> Option<Instant> {
        self.asked.first_key_value().map(|(_, (.., since))| *since)
    }

    /// Sends a frame. A server that takes in so little that too many wait has lost the connection.
    pub(super) fn send(&mut self, frame: String) {
        if self.outgoing.as_ref().is_some_and(|outgoing| outgoing.try_send(frame).is_err()) {
            self.outgoing = None;
        }
    }

    /// The client does nothing any more, and nobody waits for it in vain.
    pub(super) fn end(&mut self, why: &Error) {
        self.over.get_or_insert_with(|| why.clone());
        self.outgoing = None;
        // Nobody may be waiting any more.
        self.posts.drain().for_each(|(_, waiting)| drop(waiting.send(Err(why.clone()))));
        self.tickets.drain().for_each(|(_, waiting)| drop(waiting.send(Err(why.clone()))));
    }

    /// Why the client does nothing any more, if so.
    pub(super) fn over(&self) -> Option<Error> {
        self.over.clone()
    }

    pub(super) fn link(&self) -> Link {
        self.seats[0].engine.view.link.0
    }

    /// When the engines want to be woken, in milliseconds since 1970.
    pub(super) fn wake_at(&self) -> Option<f64> {
        self.seats.iter().filter_map(|seat| seat.engine.wake_at()).reduce(f64::min)
    }

    /// Does what the engines want done, until they want nothing more.
    fn act(&mut self, shared: &Shared) {
        loop {
            let wanted: Vec<(SeatId, Vec<Action>)> =
                self.seats.iter_mut().map(|seat| (seat.id, seat.engine.take_actions())).collect();
            if wanted.iter().all(|(_, actions)| actions.is_empty()) {
                break;
            }
            for (seat, actions) in wanted {
                actions.into_iter().for_each(|action| self.perform(shared, seat, action));
            }
        }
        let keep = shared.options.keep;
        for seat in &mut self.seats {
            let has_begun = seat.feed.has_begun();
            if seat.is_followed && !has_begun {
                seat.feed.look(&seat.engine);
            }
            let Some(open) = &seat.engine.view.open.0 else {
                seat.is_lost |= has_begun;
                continue;
            };
            let is_told = !seat.is_followed || seat.feed.has_all(&open.timeline);
            if is_told && open.timeline.len() > keep.saturating_mul(2) {
                seat.engine.forget_earlier(keep);
            }
        }
    }

    fn perform(&mut self, shared: &Shared, id: SeatId, action: Action) {
        let is_first = self.seats[0].id == id;
        let Some(seat) = self.seats.iter_mut().find(|seat| seat.id == id) else { return };
        match action {
            Action::Request { id: request, event, data } => {
                self.count += 1;
                if self.outgoing.is_some() {
                    self.asked.insert(self.count, (id, request, Instant::now()));
                }
                self.send(wire::encode(Some(self.count), event, &data));
            }
            Action::Tell { event, data } => self.send(wire::encode(None, event, &data)),
            Action::Reconnect => shared.reconnect.notify_one(),
            Action::ComeBackIn(millis) => {
                self.back_at = Some(Instant::now() + std::time::Duration::from_millis(millis.into()));
            }
            Action::Close => self.end(&Error::Ended),
            // Only the first engine sends, so only that one has something to keep.
            Action::OpenDisk => match seat.engine.view.me.0.as_ref().filter(|_| is_first) {
                Some(me) => self.jobs.push(Job::Open(me.id)),
                None => seat.engine.disk_opened(false),
            },
            Action::ReadOutbox { .. } => self.jobs.push(Job::Read),
            Action::WriteOutbox { id, message, .. } => self.jobs.push(Job::Write((id, message))),
            // The file is this client's alone.
            Action::AwaitTurn { .. } => seat.engine.turn(true),
            Action::ReleaseTurn | Action::TellTabs(_) => {}
            // Nothing is spilled, for a program has the time to write, and nobody types.
            Action::Spill { .. } | Action::ForgetSpilled { .. } => {}
            Action::ReadDraft { .. } | Action::WriteDraft { .. } | Action::ForgetDraft { .. } => {}
            Action::Posted { id, outcome } => {
                if outcome.is_err() {
                    // It is for who posted it to say it in another way.
                    seat.engine.discard(id);
                }
                match (self.posts.remove(&id), outcome) {
                    // Who posted it need not wait for it.
                    (Some(waiting), outcome) => drop(waiting.send(outcome.map_err(Error::from))),
                    (None, Err(fault)) => self.complaints.push(("an unsent message was refused", fault.message)),
                    (None, Ok(_)) => {}
                }
            }
            Action::Done { ticket, outcome } => {
                if let Some(waiting) = self.tickets.remove(&ticket.0) {
                    drop(waiting.send(outcome.map_err(|fault: Fault| fault.into())));
                }
            }
            Action::Complain { what, why } => self.complaints.push((what, why)),
        }
    }
}
