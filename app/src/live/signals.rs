//! Signals of the page, as the cells of the client engine's view.

use madang_client::view::{Cells, View, ViewCell};

use super::Chat;
use lean::RwSignal;

/// The page's kind of cells.
#[derive(Clone, Copy, Debug)]
pub struct Signals;

/// A signal as a cell: the engine changes it, and what shows it is drawn anew.
pub struct SignalCell<T>(RwSignal<T>);

impl Cells for Signals {
    type Cell<T: Send + Sync + 'static> = SignalCell<T>;
}

impl<T: Send + Sync + 'static> ViewCell<T> for SignalCell<T> {
    fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        self.0.with_untracked(read)
    }

    fn change(&mut self, change: impl FnOnce(&mut T) -> bool) {
        self.0.maybe_update(change);
    }
}

/// What the engine shows by way of the page's signals.
#[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "the engine runs in the browser"))]
pub(super) fn view(chat: Chat) -> View<Signals> {
    View {
        me: SignalCell(chat.me),
        rooms: SignalCell(chat.rooms),
        open: SignalCell(chat.open),
        outbox: SignalCell(chat.outbox),
        link: SignalCell(chat.link),
        heard: SignalCell(chat.heard),
        said: SignalCell(chat.said),
        catching_up: SignalCell(chat.catching_up),
        check: SignalCell(chat.check),
        draft: SignalCell(chat.draft),
        kept: SignalCell(chat.kept),
    }
}
