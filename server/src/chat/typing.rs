//! Typing indicators. Never stored; the reader drops one that is not repeated.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use madang_common::{
    event::typing::TypingChanged,
    id::{RoomId, UserId},
    user::UserView,
};

use super::{Actor, Chat, presence::PresenceId, require_member};
use crate::error::Refusal;

/// Who is writing where; a cheap handle.
#[derive(Clone, Default)]
pub(crate) struct Typing(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// By person: what one socket leaves behind is found however many others write.
    writing: HashMap<UserId, HashMap<RoomId, Writing>>,
    /// What happened without anyone there to tell it, as when a socket goes.
    untold: Vec<TypingChanged>,
}

struct Writing {
    user: UserView,
    places: HashSet<PresenceId>,
}

impl Typing {
    /// A person writes, in one of their tabs.
    fn start(&self, room: RoomId, user: UserView, place: PresenceId) {
        let mut state = self.state();
        let rooms = state.writing.entry(user.id).or_default();
        rooms.entry(room).or_insert_with(|| Writing { user, places: HashSet::new() }).places.insert(place);
    }

    /// A person stops writing in one of their tabs. Answers what to tell, if it was the last one.
    fn stop(&self, room: RoomId, user: UserId, place: PresenceId) -> Option<TypingChanged> {
        let mut state = self.state();
        let writing = state.writing.get_mut(&user)?.get_mut(&room)?;
        writing.places.remove(&place);
        if writing.places.is_empty() { take(&mut state, room, user) } else { None }
    }

    /// A person has said or given up what they were writing. Answers what to tell, if they were writing.
    pub(super) fn clear(&self, room: RoomId, user: UserId) -> Option<TypingChanged> {
        take(&mut self.state(), room, user)
    }

    /// A socket is gone. What is to be told waits in [`Self::take_untold`].
    pub(super) fn forget(&self, user: UserId, place: PresenceId) {
        let mut state = self.state();
        let State { writing, untold } = &mut *state;
        let Some(rooms) = writing.get_mut(&user) else { return };
        rooms.retain(|room, writing| {
            if writing.places.remove(&place) && writing.places.is_empty() {
                untold.push(TypingChanged { room: *room, user: writing.user.clone(), typing: false });
                return false;
            }
            true
        });
        if rooms.is_empty() {
            writing.remove(&user);
        }
    }

    pub(super) fn take_untold(&self) -> Vec<TypingChanged> {
        std::mem::take(&mut self.state().untold)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The maps are whole after each single step, so a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn take(state: &mut State, room: RoomId, user: UserId) -> Option<TypingChanged> {
    let rooms = state.writing.get_mut(&user)?;
    let writing = rooms.remove(&room)?;
    if rooms.is_empty() {
        state.writing.remove(&user);
    }
    Some(TypingChanged { room, user: writing.user, typing: false })
}

impl Chat {
    /// Tells the other members that the actor is writing.
    ///
    /// # Errors
    /// `NotFound`, `NotAMember`.
    pub(crate) async fn start_typing(&self, actor: &Actor, room: RoomId) -> Result<(), Refusal> {
        let user = self.writer(actor, room).await?;
        self.0.parts.typing.start(room, user.clone(), actor.here().place());
        self.0.parts.publisher.typing(&TypingChanged { room, user, typing: true }).await;
        Ok(())
    }

    /// Tells the other members that the actor has stopped writing, unless they write on in another tab.
    ///
    /// # Errors
    /// `NotFound`, `NotAMember`.
    pub(crate) async fn stop_typing(&self, actor: &Actor, room: RoomId) -> Result<(), Refusal> {
        let user = self.writer(actor, room).await?;
        if let Some(stopped) = self.0.parts.typing.stop(room, user.id, actor.here().place()) {
            self.0.parts.publisher.typing(&stopped).await;
        }
        Ok(())
    }

    async fn writer(&self, actor: &Actor, room: RoomId) -> Result<UserView, Refusal> {
        let mut conn = self.0.parts.store.read().await?;
        Ok(require_member(&mut conn, room, actor.user()?).await?.user)
    }
}
