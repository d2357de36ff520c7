//! Requests that are under way: what each was about, and what its answer means.

use madang_common::{
    event::{
        Answer, ClientEvent,
        message::{Delete, Edit, Post},
        room::{Create, Digest, Head, History, Join, Leave, Open, Read, Sync},
        session::Hello,
    },
    fault::{Fault, FaultCode},
    id::{ClientId, Rev, RoomId, Seq},
    text::RoomSlug,
};
use serde_json::Value;

use super::{
    Engine,
    action::{Action, RequestId, Ticket},
    reconcile::Repair,
    timers::Then,
};
use crate::{
    check::Question,
    json::{self, Misread},
    view::{Cells, ViewCell as _},
};

/// What a request was about.
#[derive(Debug)]
pub(super) enum Asked {
    Hello {
        connection: u32,
        wait: u32,
    },
    /// The room that the address names.
    OpenWanted {
        slug: RoomSlug,
        room: RoomId,
        wait: u32,
        then: Then,
    },
    /// Who is in the open room, after a pause in the link.
    Refresh {
        room: RoomId,
        then: Then,
    },
    Sync {
        room: RoomId,
        since: Rev,
    },
    Head,
    /// How the server's room compares with the one that is held.
    Digest {
        room: RoomId,
        asked: Question,
    },
    /// The room anew, because it differs.
    RepairOpen {
        room: RoomId,
    },
    /// Messages before those, as far as the two were compared.
    RepairHistory(Box<Repair>),
    Post {
        id: ClientId,
        room: RoomId,
    },
    Read {
        room: RoomId,
        read: Seq,
    },
    Edit(Ticket),
    Delete(Ticket),
    History {
        room: RoomId,
        before: Seq,
        ticket: Ticket,
    },
    Create(Ticket),
    Join {
        room: RoomId,
        ticket: Ticket,
    },
    Leave {
        room: RoomId,
        ticket: Ticket,
    },
}

/// Why a request came to nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// The server refused it.
    Fault(Fault),
    /// No answer came that could be understood. The server may have granted it nonetheless.
    NoAnswer,
    /// The link is down. The server may have granted it nonetheless.
    Disconnected,
}

impl Failure {
    /// After how many milliseconds the server wants to be asked again, if it said so.
    #[must_use]
    pub fn again_in(&self) -> Option<u32> {
        match self {
            Self::Fault(fault) => fault.again_in,
            Self::NoAnswer | Self::Disconnected => None,
        }
    }

    /// Whether the room is not there, or not for oneself.
    pub(super) fn is_closed(&self) -> bool {
        matches!(self, Self::Fault(fault) if matches!(fault.code, FaultCode::NotAMember | FaultCode::NotFound))
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Fault(fault) => fault,
            Failure::NoAnswer => Self::new(FaultCode::Unavailable, "the server did not answer"),
            Failure::Disconnected => Self::new(FaultCode::Unavailable, "the server can't be reached"),
        }
    }
}

/// Requests whose answers are awaited.
#[derive(Debug, Default)]
pub(super) struct Requests {
    next: u64,
    under_way: Vec<(RequestId, Asked)>,
    /// Those that came to nothing at once, for there was no connection.
    pub(super) lost: Vec<Asked>,
}

impl Requests {
    fn begin(&mut self, asked: Asked) -> RequestId {
        let id = RequestId(self.next);
        self.next += 1;
        self.under_way.push((id, asked));
        id
    }

    fn end(&mut self, id: RequestId) -> Option<Asked> {
        let at = self.under_way.iter().position(|(under_way, _)| *under_way == id)?;
        Some(self.under_way.remove(at).1)
    }

    /// The connection is gone, and all answers with it.
    pub(super) fn lose_all(&mut self) {
        self.lost.extend(self.under_way.drain(..).map(|(_, asked)| asked));
    }

    pub(super) fn has(&self, is_it: impl Fn(&Asked) -> bool) -> bool {
        self.under_way.iter().map(|(_, asked)| asked).chain(&self.lost).any(is_it)
    }
}

impl<C: Cells> Engine<C> {
    /// Asks the server for something.
    pub(super) fn ask<E: ClientEvent>(&mut self, event: &E, asked: Asked) {
        if !self.connected {
            self.requests.lost.push(asked);
            return;
        }
        match serde_json::to_value(event) {
            Ok(data) => {
                let id = self.requests.begin(asked);
                self.actions.push(Action::Request { id, event: E::NAME, data });
            }
            Err(error) => {
                self.complain(E::NAME, &error);
                self.requests.lost.push(asked);
            }
        }
    }

    /// Tells the server something that is not worth waiting or trying again for.
    pub(super) fn tell<E: ClientEvent>(&mut self, event: &E) {
        if !self.connected {
            return;
        }
        match serde_json::to_value(event) {
            Ok(data) => self.actions.push(Action::Tell { event: E::NAME, data }),
            Err(error) => self.complain(E::NAME, &error),
        }
    }

    /// An acknowledgement came, or will not come any more (`None`). One that nobody waits for is passed over.
    pub fn answered(&mut self, id: RequestId, answer: Option<Value>) {
        if let Some(asked) = self.requests.end(id) {
            let answer = answer.ok_or(Failure::NoAnswer);
            self.answer(asked, answer);
        }
        self.settle_lost();
    }

    /// Goes on without what could not even be asked for.
    pub(super) fn settle_lost(&mut self) {
        while !self.requests.lost.is_empty() {
            let asked = self.requests.lost.remove(0);
            self.answer(asked, Err(Failure::Disconnected));
        }
    }

    fn answer(&mut self, asked: Asked, answer: Result<Value, Failure>) {
        match asked {
            Asked::Hello { connection, wait } => {
                let reply = self.read_reply::<Hello>(answer);
                self.greeted(connection, wait, reply);
            }
            Asked::OpenWanted { slug, room, wait, then } => {
                let reply = self.read_reply::<Open>(answer);
                self.wanted_opened(&slug, room, wait, then, reply);
            }
            Asked::Refresh { room, then } => {
                let reply = self.read_reply::<Open>(answer);
                self.refreshed(room, then, reply);
            }
            Asked::Sync { room, since } => {
                let reply = self.read_reply::<Sync>(answer);
                self.synced(room, since, reply);
            }
            Asked::Head => {
                let reply = self.read_reply::<Head>(answer);
                self.heads_told(reply);
            }
            Asked::Digest { room, asked } => {
                let reply = self.read_reply::<Digest>(answer);
                self.compared(room, asked, reply);
            }
            Asked::RepairOpen { room } => {
                let reply = self.read_reply::<Open>(answer);
                self.repair_opened(room, reply);
            }
            Asked::RepairHistory(repair) => {
                let reply = self.read_reply::<History>(answer);
                self.repair_went_on(repair, reply);
            }
            Asked::Post { id, room } => {
                let reply = self.read_reply::<Post>(answer);
                self.post_answered(id, room, reply);
            }
            Asked::Read { room, read } => {
                let reply = self.read_reply::<Read>(answer);
                self.read_told(room, read, reply);
            }
            Asked::Edit(ticket) => {
                let reply = self.read_reply::<Edit>(answer);
                self.own_changed(ticket, reply);
            }
            Asked::Delete(ticket) => {
                let reply = self.read_reply::<Delete>(answer);
                self.own_changed(ticket, reply);
            }
            Asked::History { room, before, ticket } => {
                let reply = self.read_reply::<History>(answer);
                self.history_came(room, before, ticket, reply);
            }
            Asked::Create(ticket) => {
                let reply = self.read_reply::<Create>(answer);
                self.room_entered(ticket, reply);
            }
            Asked::Join { ticket, .. } => {
                let reply = self.read_reply::<Join>(answer);
                self.room_entered(ticket, reply);
            }
            Asked::Leave { room, ticket } => {
                let reply = self.read_reply::<Leave>(answer);
                self.room_left(room, ticket, reply.map(drop));
            }
        }
    }

    fn read_reply<E: ClientEvent>(&mut self, answer: Result<Value, Failure>) -> Result<E::Reply, Failure> {
        match json::read::<Answer<Value>>(answer?) {
            Ok(Answer::Ok(reply)) => json::read(reply).map_err(|error| self.misread(E::NAME, error)),
            Ok(Answer::Fault(fault)) => {
                if fault.code == FaultCode::NotSignedIn {
                    self.session_ended();
                }
                Err(Failure::Fault(fault))
            }
            Err(error) => Err(self.misread(E::NAME, error)),
        }
    }

    /// The server speaks another version of the protocol than the engine.
    fn misread(&mut self, event: &'static str, error: Misread) -> Failure {
        self.complain(event, &error);
        Failure::NoAnswer
    }

    pub(super) fn complain(&mut self, what: &'static str, why: &dyn std::fmt::Display) {
        self.actions.push(Action::Complain { what, why: why.to_string() });
    }

    pub(super) fn done(&mut self, ticket: Ticket, outcome: Result<Option<RoomSlug>, Failure>) {
        self.actions.push(Action::Done { ticket, outcome: outcome.map_err(Fault::from) });
    }

    /// Who one is.
    pub(super) fn my_id(&self) -> Option<madang_common::id::UserId> {
        self.view.me.with(|me| me.as_ref().map(|me| me.id))
    }
}
