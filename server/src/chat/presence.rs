//! Presence: who is online. Never stored, and kept by this process alone.
//!
//! A person is there while a socket speaks for them, and for a moment longer, so that a reload or a short gap in the
//! network is not told to anyone. What changes is told in `arrivals`.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use madang_common::{event::typing::TypingChanged, id::UserId};
use tokio::{sync::Notify, time::Instant};

use super::typing::Typing;

pub(crate) mod arrivals;
#[cfg(test)]
mod arrivals_tests;

/// Names a socket for as long as the process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PresenceId(u64);

/// Who is there; a cheap handle.
#[derive(Clone)]
pub(crate) struct Presence(Arc<Inner>);

struct Inner {
    // A std mutex: it is held for a few map operations, never across an await.
    state: Mutex<State>,
    changed: Notify,
    grace: Duration,
    next_place: AtomicU64,
    typing: Typing,
}

#[derive(Default)]
struct State {
    people: HashMap<UserId, Person>,
    /// Whose coming or going has not been told yet.
    untold: HashSet<UserId>,
}

#[derive(Default)]
struct Person {
    sockets: HashMap<PresenceId, Arc<AtomicBool>>,
    /// Whether the others have been told that the person is there.
    told: bool,
    /// When the last socket went.
    left_at: Option<Instant>,
}

impl Person {
    fn is_online(&self) -> bool {
        self.told || !self.sockets.is_empty()
    }
}

/// One socket's share in a person's presence, which ends when this is dropped.
pub(crate) struct PresenceGuard {
    presence: Presence,
    user: UserId,
    place: PresenceId,
    ended: Arc<AtomicBool>,
}

impl Presence {
    /// Nobody is there yet. `grace` is how long a person without a socket still counts as there.
    pub(crate) fn new(grace: Duration, typing: Typing) -> Self {
        let state = Mutex::default();
        let next_place = AtomicU64::new(0);
        Self(Arc::new(Inner { state, changed: Notify::new(), grace, next_place, typing }))
    }

    /// A person comes, on one more socket.
    pub(super) fn enter(&self, user: UserId) -> PresenceGuard {
        let place = PresenceId(self.0.next_place.fetch_add(1, Ordering::Relaxed));
        let ended = Arc::new(AtomicBool::new(false));
        let mut state = self.state();
        state.people.entry(user).or_default().sockets.insert(place, ended.clone());
        state.untold.insert(user);
        drop(state);
        self.0.changed.notify_one();
        PresenceGuard { presence: self.clone(), user, place, ended }
    }

    /// Whether the person is there now, or was a moment ago.
    pub(super) fn is_online(&self, user: UserId) -> bool {
        self.state().people.get(&user).is_some_and(Person::is_online)
    }

    /// At most so many of those who are there now, or were a moment ago.
    pub(super) fn online(&self, most: usize) -> Vec<UserId> {
        let state = self.state();
        state.people.iter().filter(|(_, person)| person.is_online()).map(|(user, _)| *user).take(most).collect()
    }

    /// The person's session is over: what their sockets still send is refused.
    pub(super) fn end(&self, user: UserId) {
        if let Some(person) = self.state().people.get(&user) {
            person.sockets.values().for_each(|ended| ended.store(true, Ordering::SeqCst));
        }
    }

    fn leave(&self, user: UserId, place: PresenceId) {
        let mut state = self.state();
        if let Some(person) = state.people.get_mut(&user) {
            person.sockets.remove(&place);
            if person.sockets.is_empty() {
                person.left_at = Some(Instant::now());
                state.untold.insert(user);
            }
        }
        drop(state);
        self.0.typing.forget(user, place);
        self.0.changed.notify_one();
    }

    /// What is to be told now, and when to look again.
    pub(super) fn due(&self, now: Instant) -> (Vec<(UserId, bool)>, Option<Instant>) {
        let mut state = self.state();
        let State { people, untold } = &mut *state;
        let (mut tell, mut next) = (Vec::new(), None::<Instant>);
        untold.retain(|user| {
            let Some(person) = people.get_mut(user) else { return false };
            if !person.sockets.is_empty() {
                if !person.told {
                    person.told = true;
                    tell.push((*user, true));
                }
                return false;
            }
            let gone_at = person.left_at.unwrap_or(now) + self.0.grace;
            if gone_at > now {
                next = Some(next.map_or(gone_at, |next| next.min(gone_at)));
                return true;
            }
            if person.told {
                tell.push((*user, false));
            }
            people.remove(user);
            false
        });
        (tell, next)
    }

    /// Done when someone may have come or gone.
    pub(super) async fn changed(&self) {
        self.0.changed.notified().await;
    }

    /// Who has stopped writing by going.
    pub(super) fn take_untold_typing(&self) -> Vec<TypingChanged> {
        self.0.typing.take_untold()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The maps are whole after each single step, so a panic elsewhere leaves nothing half done.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PresenceGuard {
    pub(super) fn user(&self) -> UserId {
        self.user
    }

    pub(super) fn place(&self) -> PresenceId {
        self.place
    }

    pub(super) fn ended(&self) -> bool {
        self.ended.load(Ordering::SeqCst)
    }
}

impl Drop for PresenceGuard {
    fn drop(&mut self) {
        self.presence.leave(self.user, self.place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRACE: Duration = Duration::from_secs(1);
    const USER: UserId = UserId(1);

    fn presence() -> Presence {
        Presence::new(GRACE, Typing::default())
    }

    fn told(presence: &Presence, after: Duration) -> Vec<(UserId, bool)> {
        presence.due(Instant::now() + after).0
    }

    #[test]
    fn a_person_comes_with_the_first_socket_and_goes_with_the_last() {
        let presence = presence();
        let first = presence.enter(USER);
        let second = presence.enter(USER);
        assert_eq!(told(&presence, Duration::ZERO), [(USER, true)]);
        drop(first);
        assert_eq!(told(&presence, GRACE * 2), []);
        drop(second);
        assert!(presence.is_online(USER));
        assert_eq!(told(&presence, GRACE * 2), [(USER, false)]);
        assert!(!presence.is_online(USER));
    }

    #[test]
    fn coming_back_within_the_grace_is_told_to_nobody() {
        let presence = presence();
        let first = presence.enter(USER);
        assert_eq!(told(&presence, Duration::ZERO), [(USER, true)]);
        drop(first);
        assert_eq!(told(&presence, Duration::ZERO), []);
        let _second = presence.enter(USER);
        assert_eq!(told(&presence, GRACE * 2), []);
        assert!(presence.is_online(USER));
    }

    #[test]
    fn a_session_that_ends_is_over_on_all_sockets() {
        let presence = presence();
        let (first, second) = (presence.enter(USER), presence.enter(USER));
        let other = presence.enter(UserId(2));
        presence.end(USER);
        assert!(first.ended() && second.ended() && !other.ended());
    }
}
