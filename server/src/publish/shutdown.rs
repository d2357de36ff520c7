//! The last event of a server that shuts down.

use std::time::Duration;

use madang_common::event::{NAMESPACE, server::Leaving};

use super::{Publisher, emit::frame, key};

/// How soon the first may come back. A server that is only restarted listens again by then.
const FIRST: Duration = Duration::from_secs(1);
/// In how long all come back, if they are few.
const ALL: Duration = Duration::from_secs(1);
/// What lies between two who come back, if they are many: coming back costs a handshake, a session and a look at what
/// was missed.
const APART: Duration = Duration::from_millis(10);

impl Publisher {
    /// Tells everyone when to come back, each another moment.
    pub(crate) fn announce_shutdown(&self) {
        let senders = self.plain.in_room(&key::plain());
        // None when the namespace has been closed.
        let sockets = self.io.of(NAMESPACE).map(|chat| chat.sockets()).unwrap_or_default();
        let mut moments = moments(senders.len() + sockets.len());
        let mut leaving = || Leaving { back_in: moments.next().unwrap_or_default() };
        for sender in senders {
            let Some(frame) = frame(&leaving()) else { continue };
            if sender.send(frame).is_err() {
                tracing::debug!(socket = sender.id(), "a full plain WebSocket is not told to come back");
            }
        }
        for socket in sockets {
            if self.is_full(&socket, &leaving()) {
                tracing::debug!(socket = %socket.id, "a full socket is not told to come back");
            }
        }
    }
}

/// A moment for each of so many, in milliseconds from now, spread evenly.
fn moments(count: usize) -> impl Iterator<Item = u32> {
    let count = u32::try_from(count).unwrap_or(u32::MAX).max(1);
    let spread = ALL.max(APART.saturating_mul(count)).as_millis();
    let first = FIRST.as_millis();
    (0..count)
        .map(move |place| u32::try_from(first + spread * u128::from(place) / u128::from(count)).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_come_back_soon_and_many_not_at_once() {
        assert_eq!(moments(1).collect::<Vec<_>>(), [1_000]);
        assert_eq!(moments(4).collect::<Vec<_>>(), [1_000, 1_250, 1_500, 1_750]);
        let thousand: Vec<u32> = moments(1_000).collect();
        assert_eq!((thousand[0], thousand[999]), (1_000, 10_990));
        let busiest =
            thousand.iter().map(|from| thousand.iter().filter(|at| (*from..from + 100).contains(at)).count());
        assert_eq!(busiest.max(), Some(10), "in any 100 ms");
    }
}
