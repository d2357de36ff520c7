//! The view: what a client shows, each part in a cell that tells whoever watches it when it has changed.
//!
//! The page's cells are its signals, so that only what shows a changed part is drawn anew. Programs and tests have plain
//! values.

use madang_common::{
    id::{ClientId, RoomId},
    message::MessageView,
    user::UserView,
};

use super::{check::Check, link::Link, open_room::OpenRoom, outbox::Outbox, rooms::Rooms};

/// A value that may be watched.
pub trait ViewCell<T> {
    /// Reads the value.
    fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R;

    /// Changes the value. `change` answers whether it did, and so whether those who watch it are to be told.
    fn change(&mut self, change: impl FnOnce(&mut T) -> bool);

    /// Replaces the value.
    fn set(&mut self, value: T) {
        self.change(|current| {
            *current = value;
            true
        });
    }
}

/// A kind of cells.
pub trait Cells {
    /// The cell of a value.
    type Cell<T: Send + Sync + 'static>: ViewCell<T>;
}

/// Cells that nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plain;

/// A value of its own.
#[derive(Clone, Debug, Default)]
pub struct PlainCell<T>(pub T);

impl Cells for Plain {
    type Cell<T: Send + Sync + 'static> = PlainCell<T>;
}

impl<T> ViewCell<T> for PlainCell<T> {
    fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.0)
    }

    fn change(&mut self, change: impl FnOnce(&mut T) -> bool) {
        change(&mut self.0);
    }
}

/// What a client shows.
pub struct View<C: Cells> {
    /// Who one is, once that is known.
    pub me: C::Cell<Option<UserView>>,
    pub rooms: C::Cell<Rooms>,
    /// The room that is shown; `None` while it is being opened, or for a room that one has not joined.
    pub open: C::Cell<Option<OpenRoom>>,
    /// What has been said and is not shown as a message yet.
    pub outbox: C::Cell<Outbox>,
    pub link: C::Cell<Link>,
    /// Messages of others that came live into the open room: a queue that whoever reads them out empties.
    pub heard: C::Cell<Vec<MessageView>>,
    /// The last message said here.
    pub said: C::Cell<Option<ClientId>>,
    /// Whether fetching what was missed takes so long that one would want to know.
    pub catching_up: C::Cell<bool>,
    /// What is known from comparing the open room with the server's.
    pub check: C::Cell<Check>,
    /// What is to be put into the composer of a room: its draft, or what another tab made of it.
    pub draft: C::Cell<Option<(RoomId, String)>>,
    /// Whether what is unsent is kept on a disk, once that is known. If not, it lives as long as the engine does.
    pub kept: C::Cell<Option<bool>>,
}

impl View<Plain> {
    /// An empty view, as a program begins with.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            me: PlainCell::default(),
            rooms: PlainCell::default(),
            open: PlainCell::default(),
            outbox: PlainCell::default(),
            link: PlainCell::default(),
            heard: PlainCell::default(),
            said: PlainCell::default(),
            catching_up: PlainCell::default(),
            check: PlainCell::default(),
            draft: PlainCell::default(),
            kept: PlainCell::default(),
        }
    }
}
