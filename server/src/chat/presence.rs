//! Who is there. Never stored, and kept by this process alone.
//!
//! A person is there while a socket speaks for them, and for a moment longer, so that a reload or a short gap in the
//! network is not told to anyone. One task tells the changes, so that they are told in the order in which they came.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use madang_common::{
    event::presence::{MemberJoined, MemberLeft},
    id::UserId,
    limits::MEMBERS_LISTED,
    user::Member,
};
use tokio::{sync::Notify, time::Instant};

use super::{Chat, people::Touch, typing::Typing};
use crate::{
    publish::Notice,
    store::{StoreError, members, users},
};

/// Names a socket for as long as the process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place(u64);

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
    sockets: HashMap<Place, Arc<AtomicBool>>,
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
pub(crate) struct Here {
    presence: Presence,
    user: UserId,
    place: Place,
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
    pub(super) fn enter(&self, user: UserId) -> Here {
        let place = Place(self.0.next_place.fetch_add(1, Ordering::Relaxed));
        let ended = Arc::new(AtomicBool::new(false));
        let mut state = self.state();
        state.people.entry(user).or_default().sockets.insert(place, ended.clone());
        state.untold.insert(user);
        drop(state);
        self.0.changed.notify_one();
        Here { presence: self.clone(), user, place, ended }
    }

    /// Whether the person is there now, or was a moment ago.
    pub(super) fn is_online(&self, user: UserId) -> bool {
        self.state().people.get(&user).is_some_and(Person::is_online)
    }

    /// All who are there now, or were a moment ago.
    pub(super) fn online(&self) -> Vec<UserId> {
        self.state().people.iter().filter(|(_, person)| person.is_online()).map(|(user, _)| *user).collect()
    }

    /// The person's session is over: what their sockets still send is refused.
    pub(super) fn end(&self, user: UserId) {
        if let Some(person) = self.state().people.get(&user) {
            person.sockets.values().for_each(|ended| ended.store(true, Ordering::SeqCst));
        }
    }

    fn leave(&self, user: UserId, place: Place) {
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
    fn due(&self, now: Instant) -> (Vec<(UserId, bool)>, Option<Instant>) {
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

    fn state(&self) -> MutexGuard<'_, State> {
        // The maps are whole after each single step, so a panic elsewhere leaves nothing half done.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Here {
    pub(super) fn user(&self) -> UserId {
        self.user
    }

    pub(super) fn place(&self) -> Place {
        self.place
    }

    pub(super) fn ended(&self) -> bool {
        self.ended.load(Ordering::SeqCst)
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        self.presence.leave(self.user, self.place);
    }
}

/// Tells who comes, goes, and stops writing by going, for as long as it is polled.
pub(super) async fn tell(chat: Chat) {
    let (presence, publisher) = (&chat.0.presence, &chat.0.publisher);
    loop {
        for event in presence.0.typing.take_untold() {
            publisher.typing(&event).await;
        }
        let (due, next) = presence.due(Instant::now());
        for (user, online) in due {
            tell_one(&chat, user, online).await;
        }
        let later = async {
            match next {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = presence.0.changed.notified() => {}
            () = later => {}
        }
    }
}

async fn tell_one(chat: &Chat, user: UserId, online: bool) {
    let told = if online { tell_coming(chat, user).await } else { tell_going(chat, user).await };
    if let Err(error) = told {
        tracing::error!(%error, "looking up whom to tell of a person's presence");
    }
    if !online && let Err(error) = chat.0.committer.commit(Touch { user }).await {
        // The name may be given away a little too early.
        tracing::warn!(%error, "noting when a person was last seen");
    }
}

async fn tell_going(chat: &Chat, user: UserId) -> Result<(), StoreError> {
    let rooms = members::rooms_of(&mut *chat.0.store.read().await?, user).await?;
    chat.0.publisher.presence(rooms, user, false).await;
    Ok(())
}

/// In a big room not everyone has the person in their list, so there it is told as if they joined.
async fn tell_coming(chat: &Chat, user: UserId) -> Result<(), StoreError> {
    let (store, publisher) = (&chat.0.store, &chat.0.publisher);
    let (small, big) = members::rooms_by_size(&mut *store.read().await?, user, MEMBERS_LISTED).await?;
    publisher.presence(small, user, true).await;
    if big.is_empty() {
        return Ok(());
    }
    let Some(known) = users::get(&mut *store.read().await?, user).await? else { return Ok(()) };
    for room in &big {
        let member = Member { user: known.clone(), online: true };
        publisher.notify(Notice::MemberJoined(MemberJoined { room: *room, member })).await;
    }
    // Where they left meanwhile they are told to be gone once more, or would be listed for good.
    let rooms = members::rooms_of(&mut *store.read().await?, user).await?;
    for room in big.into_iter().filter(|room| !rooms.contains(room)) {
        publisher.notify(Notice::MemberLeft(MemberLeft { room, user })).await;
    }
    Ok(())
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
