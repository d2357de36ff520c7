//! Actions: what the engine wants done, by a driver that has a network, a disk and a clock.

use madang_common::{
    fault::Fault,
    id::{ClientId, RoomId, UserId},
    message::MessageView,
    text::RoomSlug,
};
use serde_json::Value;

use super::tabs::TabNews;
use crate::outbox::{Outbox, Pending};

/// Names a request until its answer comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// Names what a person asked for and waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ticket(pub u64);

/// Something for the driver to do. Actions are to be carried out in the order in which they come.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Send an event of namespace `/chat` and give the acknowledgement to [`Engine::answered`](super::Engine::answered).
    Request { id: RequestId, event: &'static str, data: Value },
    /// Send an event whose acknowledgement nobody waits for.
    Tell { event: &'static str, data: Value },
    /// Connect now, also if the server has refused the connection, rather than at the time that was announced.
    Reconnect,
    /// The server is about to stop: connect again after so many milliseconds, and not before.
    ComeBackIn(u32),
    /// End the connection for good: the session is over.
    Close,
    /// Open the disk and say so with [`Engine::disk_opened`](super::Engine::disk_opened).
    OpenDisk,
    /// Read all unsent messages that this person has on the disk, for [`Engine::outbox_read`](super::Engine::outbox_read).
    /// What was asked for first is to be done first; so it is with writing.
    ReadOutbox { me: UserId },
    /// Keep an unsent message on the disk, or remove it; then [`Engine::outbox_written`](super::Engine::outbox_written).
    WriteOutbox { me: UserId, id: ClientId, message: Option<Box<Pending>> },
    /// Remove these from what [`Action::Spill`] has kept.
    ForgetSpilled { me: UserId, ids: Vec<ClientId> },
    /// Keep these, which are on no disk, in a place that takes them at once: the program is about to end. Other tabs may
    /// have kept some there as well.
    Spill { me: UserId, outbox: Outbox, drafts: Vec<(RoomId, String)> },
    /// Read a draft for [`Engine::draft_read`](super::Engine::draft_read).
    ReadDraft { me: UserId, room: RoomId },
    /// Keep a draft, or remove it if there is no text; then [`Engine::draft_written`](super::Engine::draft_written).
    WriteDraft { me: UserId, room: RoomId, text: String },
    /// Remove a draft that was said, unless another is kept there by now ([`is_said`](crate::draft::is_said)), which
    /// another tab has written; then [`Engine::draft_written`](super::Engine::draft_written).
    ForgetDraft { me: UserId, room: RoomId, said: String },
    /// Wait for the turn that only one tab of this person has at a time, with the patience of
    /// [`TURN_PATIENCE_MS`](super::outbox::TURN_PATIENCE_MS), and say with [`Engine::turn`](super::Engine::turn) what came
    /// of it.
    AwaitTurn { me: UserId },
    /// Give the turn to the next tab.
    ReleaseTurn,
    /// Tell the other tabs, for [`Engine::tab_told`](super::Engine::tab_told). What was to be written before is on the
    /// disk before any of them reads it.
    TellTabs(TabNews),
    /// A message was acknowledged or came back live, or both, or was refused for good.
    Posted { id: ClientId, outcome: Result<MessageView, Fault> },
    /// What was asked for under this ticket has come to an end. A room that was made is shown under the address given.
    Done { ticket: Ticket, outcome: Result<Option<RoomSlug>, Fault> },
    /// Something that is nobody's fault here, for whoever looks after the program.
    Complain { what: &'static str, why: String },
}
