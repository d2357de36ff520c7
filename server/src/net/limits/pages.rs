//! The bytes of pages that their clients have not received yet, which stay in memory.
//!
//! A client gets so long for a page as it takes at a rate that the slowest lines have, and is cut off then: else who reads
//! a little now and then would keep it for hours. Where all bytes are held, the network that holds most loses its oldest page
//! to one that holds less ([`Shares`]): else a few who read slowly would leave nothing for the others.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use madang_common::fault::{Fault, FaultCode};
use tokio::time::sleep;
use tokio_util::task::AbortOnDropHandle;

use super::{Address, Kind, Limits, Link, Rendering, Share, Shares, Subject, places::Full, refusals::Asker};
use crate::config::Deadlines;

/// When to try again for a page while too many are made, in milliseconds.
const AGAIN_IN: u32 = 5_000;
/// Addresses of which it is noted that there was no room for a page of theirs.
const MOST_REFUSED: usize = 1_024;

impl Limits {
    /// A turn at making a page, for an address that may have one.
    ///
    /// # Errors
    /// `TooOften` after it had too many bytes; `TooBusy` when too many are held, or no turn came in time.
    pub(crate) async fn rendering(&self, address: Option<Address>) -> Result<Rendering, Fault> {
        self.may_make_page(address)?;
        let rendering = self.0.renders.turn(address).await.ok_or_else(pages_are_busy)?;
        // Others of that address may have been first.
        self.may_make_page(address)?;
        Ok(rendering)
    }

    fn may_make_page(&self, address: Option<Address>) -> Result<(), Fault> {
        if let Some(wait) = address.and_then(|address| self.0.refused.wait(Asker::Address(address))) {
            return Err(Self::too_many_bytes(wait));
        }
        if self.0.pages.has_room(address) { Ok(()) } else { Err(pages_are_busy()) }
    }

    /// Whether a page may be made for someone, as soon as it is known who asks.
    ///
    /// # Errors
    /// `TooOften` after they had too many bytes.
    pub(crate) fn may_make_page_for(&self, subject: Subject) -> Result<(), Fault> {
        self.0.refused.wait(Asker::Subject(subject)).map_or(Ok(()), |wait| Err(Self::too_many_bytes(wait)))
    }

    /// Counts the bytes of a page, and holds them until its client has taken them in.
    ///
    /// # Errors
    /// `TooOften` for too many bytes; `TooBusy` when there is no room for them.
    pub(crate) fn send_page(
        &self,
        subject: Option<Subject>,
        address: Option<Address>,
        link: Option<&Link>,
        bytes: usize,
    ) -> Result<HeldPage, Fault> {
        let refuse = |asker: Option<Asker>, wait| {
            asker.inspect(|asker| self.0.refused.note(*asker, wait));
            Self::too_many_bytes(wait)
        };
        // One after the other, to know whom a refusal is for.
        self.count(Kind::PageByte, subject, None, bytes).map_err(|wait| refuse(subject.map(Asker::Subject), wait))?;
        self.count(Kind::PageByte, None, address, bytes).map_err(|wait| refuse(address.map(Asker::Address), wait))?;
        self.0.pages.take(address, bytes, link).map_err(|_| pages_are_busy())
    }
}

/// The refusal of a page while others are made or taken in.
fn pages_are_busy() -> Fault {
    Fault::new(FaultCode::TooBusy, "The server is busy. Please try again.").again_in(AGAIN_IN)
}

/// How long a client may take for a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    pub(super) grace: Duration,
    /// Bytes a second.
    pub(super) rate: u32,
}

/// Counts the bytes of pages; a cheap handle.
#[derive(Clone)]
pub(super) struct Pages(Arc<Inner>);

struct Inner {
    shares: Shares,
    pace: Pace,
    /// The size of the page that there was last no room for, by address: until there is, no other needs to be made.
    refused: Mutex<HashMap<Address, usize>>,
}

/// A page on its way to its client.
struct OnItsWay {
    link: Link,
    bytes: usize,
}

/// The bytes of a page that are held; given back when this is dropped, or taken for another page before that.
#[must_use]
pub(crate) struct HeldPage {
    address: Option<Address>,
    pages: Pages,
    _share: Share,
    _on_its_way: Option<OnItsWay>,
    /// Cuts the client off.
    _deadline: Option<AbortOnDropHandle<()>>,
}

impl Pages {
    pub(super) fn new(shares: Shares, pace: Pace) -> Self {
        Self(Arc::new(Inner { shares, pace, refused: Mutex::default() }))
    }

    /// Whether there would be room for a page of an address, as far as is known before it is made.
    pub(super) fn has_room(&self, address: Option<Address>) -> bool {
        // Any page has a byte at least.
        let bytes = address.and_then(|address| self.refused().get(&address).copied()).unwrap_or(1);
        self.0.shares.has_room(address, bytes)
    }

    /// Takes room for a page that goes out on the connection `link`. Another one may lose its own for it.
    ///
    /// # Errors
    /// [`Full`].
    pub(super) fn take(&self, address: Option<Address>, bytes: usize, link: Option<&Link>) -> Result<HeldPage, Full> {
        let share = self.0.shares.take(address, bytes, {
            let link = link.cloned();
            move || link.iter().for_each(Link::cut)
        });
        if let Some(address) = address {
            let mut refused = self.refused();
            if share.is_ok() {
                refused.remove(&address);
            } else {
                // Those that have gone are not told from those that come again. It only spares work, so nothing is lost.
                if refused.len() >= MOST_REFUSED {
                    refused.clear();
                }
                refused.insert(address, bytes);
            }
        }
        let share = share?;
        let (on_its_way, deadline) = link
            .map(|link| {
                // What is on its way to the same client goes first.
                let patience = self.0.pace.patience(link.page_begins(bytes));
                let (on_its_way, link) = (OnItsWay { link: link.clone(), bytes }, link.clone());
                let deadline = AbortOnDropHandle::new(tokio::spawn(async move {
                    sleep(patience).await;
                    tracing::debug!(bytes, "a client takes in a page too slowly");
                    link.cut();
                }));
                (on_its_way, deadline)
            })
            .unzip();
        Ok(HeldPage { address, pages: self.clone(), _share: share, _on_its_way: on_its_way, _deadline: deadline })
    }

    fn refused(&self) -> MutexGuard<'_, HashMap<Address, usize>> {
        // Nothing panics while it is held.
        self.0.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pace {
    pub(super) fn of(deadlines: &Deadlines) -> Self {
        Self { grace: deadlines.page, rate: deadlines.page_rate }
    }

    fn patience(self, bytes: usize) -> Duration {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        self.grace + Duration::from_secs(1) * bytes / self.rate.max(1)
    }
}

impl Drop for HeldPage {
    fn drop(&mut self) {
        if let Some(address) = &self.address {
            self.pages.refused().remove(address);
        }
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        self.link.page_ends(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{Instant, timeout};

    use super::*;
    use crate::{
        config::Config,
        net::limits::{Connection, Limits},
    };

    /// Longer than any test may take.
    const NEVER: Pace = Pace { grace: Duration::from_secs(3_600), rate: 1 };

    fn address(number: u8) -> Option<Address> {
        Some(Address::of([10, 0, 0, number].into()))
    }

    fn connection() -> Connection {
        Limits::new(&Config::default()).connection(None).expect("a place")
    }

    #[tokio::test]
    async fn who_takes_a_page_in_too_slowly_is_cut_off() {
        let pace = Pace { grace: Duration::from_millis(20), rate: 1_000 };
        let pages = Pages::new(Shares::new(1_000, 1_000), pace);
        let (slow, quick) = (connection(), connection());
        let start = Instant::now();
        let _slow = pages.take(address(1), 40, Some(slow.link())).expect("room");
        drop(pages.take(address(1), 40, Some(quick.link())).expect("room"));
        timeout(Duration::from_secs(20), slow.link().when_cut()).await.expect("it is cut");
        assert!(start.elapsed() >= Duration::from_millis(60), "the grace, and the time for its bytes");
        assert!(!quick.link().is_cut(), "who has taken it in is let alone");
    }

    #[tokio::test]
    async fn pages_that_wait_for_each_other_have_longer() {
        let pace = Pace { grace: Duration::from_secs(1), rate: 100 };
        assert_eq!(pace.patience(250), Duration::from_millis(3_500));
        let pages = Pages::new(Shares::new(1_000, 1_000), Pace { grace: Duration::ZERO, rate: 1_000 });
        let one = connection();
        let start = Instant::now();
        // The first is not waited for any more; what was behind it is.
        drop(pages.take(address(1), 1, Some(one.link())).expect("room"));
        let mut behind = Vec::new();
        for _ in 0..5 {
            behind.push(pages.take(address(1), 100, Some(one.link())).expect("room"));
        }
        behind.drain(..4);
        timeout(Duration::from_secs(20), one.link().when_cut()).await.expect("it is cut");
        assert!(start.elapsed() >= Duration::from_millis(500));
    }

    #[tokio::test]
    async fn who_holds_the_most_gives_way_to_who_holds_less() {
        let pages = Pages::new(Shares::new(10, 5), NEVER);
        let mut held = Vec::new();
        for number in [1, 1, 1, 1, 1, 2, 2, 2, 2, 3] {
            let connection = connection();
            held.push((pages.take(address(number), 1, Some(connection.link())).expect("room"), connection));
        }
        assert!(pages.has_room(address(4)));
        let newcomer = connection();
        let page = pages.take(address(4), 2, Some(newcomer.link())).expect("another gives way");
        let cut: Vec<usize> = (0..10).filter(|at| held[*at].1.link().is_cut()).collect();
        // The oldest of who holds five, then of one of the two who hold four.
        assert!(cut == [0, 1] || cut == [0, 5], "{cut:?}");
        assert_eq!(pages.0.shares.held_by_all(), 10);
        // What was taken is not given back once more.
        held.clear();
        assert_eq!(pages.0.shares.held_by_all(), 2);
        drop(page);
        assert_eq!(pages.0.shares.held_by_all(), 0);
        assert_eq!(newcomer.link().page_begins(0), 0, "nothing is on its way");
        assert!(pages.refused().is_empty(), "nothing is kept");
    }

    #[tokio::test]
    async fn nobody_takes_from_who_holds_no_more() {
        let pages = Pages::new(Shares::new(4, 3), NEVER);
        let connection = connection();
        let link = Some(connection.link());
        let _one = pages.take(address(1), 2, link).expect("room");
        let two = pages.take(address(2), 2, link).expect("room");
        assert_eq!(pages.take(address(3), 2, link).err(), Some(Full::All));
        assert_eq!(pages.take(address(2), 2, link).err(), Some(Full::One));
        assert!(!pages.has_room(address(2)), "a page like that one need not be made");
        assert!(!connection.link().is_cut());
        drop(two);
        assert!(pages.has_room(address(2)) && pages.has_room(address(3)));
        assert!(pages.take(address(3), 2, link).is_ok());
    }
}
