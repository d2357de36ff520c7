//! Presence changes are announced by one task, in the order in which they happened.
//!
//! A proxy that fails cuts off hundreds at once, so all who are due are looked up together and noted in one command.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use madang_common::{
    event::presence::{MemberJoined, MemberLeft},
    id::{RoomId, UserId},
    limits::MEMBERS_LISTED,
    user::{Member, UserView},
};
use tokio::time::Instant;

use crate::{
    chat::{
        Chat,
        commit::{Change, Command},
    },
    error::Refusal,
    publish::Notice,
    store::{StoreError, members, users},
};

/// People who are looked up and noted at once. Others wait for as long as that takes.
const AT_ONCE: usize = 500;

/// Tells who comes, goes, and stops writing by going, for as long as it is polled.
pub(crate) async fn tell(chat: Chat) {
    let (presence, publisher) = (&chat.0.parts.presence, &chat.0.parts.publisher);
    loop {
        for event in presence.take_untold_typing() {
            publisher.typing(&event).await;
        }
        let (due, next) = presence.due(Instant::now());
        for due in due.chunks(AT_ONCE) {
            tell_all(&chat, due).await;
        }
        let later = async {
            match next {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = presence.changed() => {}
            () = later => {}
        }
    }
}

/// Tells that people came or went, each of them once.
pub(crate) async fn tell_all(chat: &Chat, due: &[(UserId, bool)]) {
    let who = |online| due.iter().filter(|(_, came)| *came == online).map(|(user, _)| *user).collect::<Vec<_>>();
    let (came, went) = (who(true), who(false));
    for told in [tell_coming(chat, &came).await, tell_going(chat, &went).await] {
        if let Err(error) = told {
            tracing::error!(%error, "looking up whom to tell who comes and goes");
        }
    }
    if !went.is_empty()
        && let Err(error) = chat.0.parts.committer.commit(TouchAll { users: went }).await
    {
        // Names may be given away a little too early.
        tracing::warn!(%error, "noting when people were last seen");
    }
}

/// Tells that a person has another name.
///
/// # Errors
/// [`StoreError::Database`].
pub(crate) async fn tell_renamed(chat: &Chat, user: &UserView) -> Result<(), StoreError> {
    let rooms = members::rooms_of(&mut *chat.0.parts.store.read().await?, user.id).await?;
    let rooms = rooms.into_iter().map(|room| (user.id, room)).collect();
    tell_as_joined(chat, rooms, vec![user.clone()]).await
}

async fn tell_going(chat: &Chat, went: &[UserId]) -> Result<(), StoreError> {
    if went.is_empty() {
        return Ok(());
    }
    let memberships = members::rooms_of_all(&mut *chat.0.parts.store.read().await?, went).await?;
    for one in memberships.chunk_by(|(one, _), (other, _)| one == other) {
        chat.0.parts.publisher.presence(one.iter().map(|(_, room)| *room).collect(), one[0].0, false).await;
    }
    Ok(())
}

async fn tell_coming(chat: &Chat, came: &[UserId]) -> Result<(), StoreError> {
    if came.is_empty() {
        return Ok(());
    }
    let mut read = chat.0.parts.store.read().await?;
    let memberships = members::rooms_of_all(&mut read, came).await?;
    let rooms: BTreeSet<RoomId> = memberships.iter().map(|(_, room)| *room).collect();
    let big = members::bigger_than(&mut read, &rooms, MEMBERS_LISTED).await?;
    let people = if big.is_empty() { Vec::new() } else { users::get_all(&mut read, came).await? };
    // Given back before anything is sent.
    drop(read);

    let (in_big, in_small): (Vec<_>, Vec<_>) = memberships.into_iter().partition(|(_, room)| big.contains(room));
    for one in in_small.chunk_by(|(one, _), (other, _)| one == other) {
        chat.0.parts.publisher.presence(one.iter().map(|(_, room)| *room).collect(), one[0].0, true).await;
    }
    // Not everyone there has the person in their list.
    tell_as_joined(chat, in_big, people).await
}

/// Tells the members of rooms all that is to be known of `people` in them, as if they joined.
async fn tell_as_joined(chat: &Chat, rooms: Vec<(UserId, RoomId)>, people: Vec<UserView>) -> Result<(), StoreError> {
    if rooms.is_empty() {
        return Ok(());
    }
    let ids: Vec<UserId> = people.iter().map(|user| user.id).collect();
    let people: BTreeMap<UserId, UserView> = people.into_iter().map(|user| (user.id, user)).collect();
    for (id, room) in &rooms {
        let Some(user) = people.get(id) else { continue };
        let member = Member { online: chat.0.parts.presence.is_online(*id), user: user.clone() };
        chat.0.parts.publisher.notify(Notice::MemberJoined(MemberJoined { room: *room, member })).await;
    }
    // Where they left meanwhile they are told to be gone once more, or would be listed for good.
    let still = members::rooms_of_all(&mut *chat.0.parts.store.read().await?, &ids).await?;
    let still: HashSet<(UserId, RoomId)> = still.into_iter().collect();
    for (user, room) in rooms.into_iter().filter(|membership| !still.contains(membership)) {
        chat.0.parts.publisher.notify(Notice::MemberLeft(MemberLeft { room, user })).await;
    }
    Ok(())
}

/// Notes that people were there now, at most [`AT_ONCE`] of them.
pub(crate) struct TouchAll {
    pub(crate) users: Vec<UserId>,
}

impl Command for TouchAll {
    type Reply = ();

    async fn run(&self, change: &mut Change<'_>) -> Result<(), Refusal> {
        Ok(users::touch_all(change.conn, &self.users, change.now).await?)
    }
}
