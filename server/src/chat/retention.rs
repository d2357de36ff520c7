//! The job that removes what has had its time: rooms that everyone has left, old messages where the operator wants that,
//! and people who are gone. It looks with readers, and writes by small commands, between which others have their turn.

use std::time::Duration;

use madang_common::{
    event::room::Removed,
    id::{RoomId, UserId},
    time::UnixMillis,
};
use tokio::time::sleep;

use super::{
    Chat,
    commit::{Change, Command},
    room::leave,
};
use crate::{
    error::Refusal,
    publish::Notice,
    store::{
        expiry::{self, Deserted},
        members, rooms, users,
    },
};

/// When what is removed, and how often that is looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    pub(crate) every: Duration,
    /// After how long a room that everyone has left is removed; none is never.
    pub(crate) empty_rooms: Option<Duration>,
    /// After how long a message is removed; none is never.
    pub(crate) messages: Option<Duration>,
}

/// After how long a room is removed in which nobody said anything.
const SILENT_ROOM: Duration = Duration::from_secs(24 * 60 * 60);
/// After how long a person without a session is taken for gone: they may be about to get one.
const ABSENT: Duration = Duration::from_secs(60 * 60);
/// Rooms that a person leaves in one command.
const ROOMS: usize = 16;
/// Most rows that one command removes.
const ROWS: usize = 32;
/// Rooms that one look finds, and people that it looks at.
const LOOK: usize = 200;
/// Between two commands, for the disk to do other things.
const PAUSE: Duration = Duration::from_millis(10);

/// Looks again and again.
pub(super) async fn clean(chat: Chat, schedule: Schedule) {
    loop {
        sleep(schedule.every).await;
        if let Err(error) = chat.clean_once(schedule).await {
            tracing::warn!(%error, "removing what has had its time");
        }
    }
}

impl Chat {
    async fn clean_once(&self, schedule: Schedule) -> Result<(), Refusal> {
        let ago = |age: Duration| {
            UnixMillis(self.0.parts.clock.now().0.saturating_sub(i64::try_from(age.as_millis()).unwrap_or(i64::MAX)))
        };
        self.remove_people(ago(ABSENT)).await?;
        if let Some(age) = schedule.messages {
            self.remove_messages(ago(age)).await?;
        }
        if let Some(age) = schedule.empty_rooms {
            self.remove_rooms(Deserted { spoken: ago(age), silent: ago(age.min(SILENT_ROOM)) }).await?;
        }
        Ok(())
    }

    async fn remove_rooms(&self, since: Deserted) -> Result<(), Refusal> {
        let rooms = expiry::deserted_rooms(&mut *self.0.parts.store.read().await?, since, LOOK).await?;
        for room in rooms {
            while self.0.parts.committer.commit(RemoveRoom { room, since }).await? {
                sleep(PAUSE).await;
            }
        }
        Ok(())
    }

    async fn remove_messages(&self, before: UnixMillis) -> Result<(), Refusal> {
        let rooms = expiry::rooms_with_old(&mut *self.0.parts.store.read().await?, before).await?;
        for room in rooms {
            while self.0.parts.committer.commit(RemoveMessages { room, before }).await? == ROWS {
                sleep(PAUSE).await;
            }
        }
        Ok(())
    }

    async fn remove_people(&self, before: UnixMillis) -> Result<(), Refusal> {
        let mut after = Some(UserId(0));
        while let Some(from) = after {
            let (absent, next) = expiry::absent(&mut *self.0.parts.store.read().await?, from, before, LOOK).await?;
            after = next;
            for person in absent {
                if person.is_member {
                    while self.0.parts.committer.commit(Depart { user: person.user }).await? {
                        sleep(PAUSE).await;
                    }
                } else if person.is_forgotten {
                    self.0.parts.committer.commit(RemovePerson { user: person.user }).await?;
                } else {
                    continue;
                }
                sleep(PAUSE).await;
            }
        }
        Ok(())
    }
}

/// A part of a room that everyone has left, and with the last part the room. Who comes back in between finds what is left.
pub(super) struct RemoveRoom {
    pub(super) room: RoomId,
    pub(super) since: Deserted,
}

impl Command for RemoveRoom {
    /// Whether there is more to remove.
    type Reply = bool;

    async fn run(&self, change: &mut Change<'_>) -> Result<bool, Refusal> {
        if !expiry::is_deserted(change.conn, self.room, self.since).await? {
            return Ok(false);
        }
        if expiry::delete_first(change.conn, self.room, None, ROWS).await? == ROWS {
            return Ok(true);
        }
        expiry::delete_room(change.conn, self.room).await?;
        change.effects.notice(Notice::RoomRemoved(Removed { room: self.room }));
        Ok(false)
    }
}

/// Some of a room's old messages.
pub(super) struct RemoveMessages {
    pub(super) room: RoomId,
    pub(super) before: UnixMillis,
}

impl Command for RemoveMessages {
    /// How many were removed.
    type Reply = usize;

    async fn run(&self, change: &mut Change<'_>) -> Result<usize, Refusal> {
        if rooms::get(change.conn, self.room).await?.is_none() {
            return Ok(0);
        }
        Ok(expiry::delete_first(change.conn, self.room, Some(self.before), ROWS).await?)
    }
}

/// Some of the rooms of a person whose session is over, as when it has expired: nobody is there in whose name they could be
/// left.
pub(super) struct Depart {
    pub(super) user: UserId,
}

impl Command for Depart {
    /// Whether there are more rooms to leave.
    type Reply = bool;

    async fn run(&self, change: &mut Change<'_>) -> Result<bool, Refusal> {
        let Some(user) = users::get(change.conn, self.user).await? else { return Ok(false) };
        if expiry::has_session(change.conn, user.id).await? {
            return Ok(false);
        }
        let rooms = members::latest_rooms_of(change.conn, user.id, ROOMS).await?;
        let more = rooms.len() == ROOMS;
        for room in rooms {
            leave(change, &user, room).await?;
        }
        users::release_name(change.conn, user.id).await?;
        change.effects.end(user.id);
        Ok(more)
    }
}

pub(super) struct RemovePerson {
    pub(super) user: UserId,
}

impl Command for RemovePerson {
    type Reply = ();

    async fn run(&self, change: &mut Change<'_>) -> Result<(), Refusal> {
        Ok(expiry::delete_forgotten(change.conn, self.user).await?)
    }
}

#[cfg(test)]
mod tests {
    use madang_common::text::{RoomName, RoomTopic};

    use super::*;
    use crate::{
        chat::{fixtures::Trial, room::Create},
        store::{members, sessions},
    };

    #[tokio::test]
    async fn who_has_no_session_leaves_every_room_a_part_at_a_time() {
        let mut trial = Trial::new().await;
        let (user, _) = trial.join("민수").await;
        for number in 0..ROOMS + 3 {
            let name = RoomName::parse(&format!("방 {number}")).expect("a name");
            let topic = RoomTopic::parse("").expect("a topic");
            trial.run(Create { user, name, topic, most: 1_000 }).await.expect("made");
        }
        let rooms = async |trial: &mut Trial| {
            members::latest_rooms_of(trial.committer.conn(), user, 100).await.expect("the database").len()
        };
        assert!(!trial.run(Depart { user }).await.expect("the database"));
        assert_eq!(rooms(&mut trial).await, ROOMS + 4, "a session stands");

        sessions::delete_of(trial.committer.conn(), user).await.expect("the database");
        assert!(trial.run(Depart { user }).await.expect("the database"));
        assert_eq!(rooms(&mut trial).await, 4);
        assert!(!trial.run(Depart { user }).await.expect("the database"));
        assert_eq!(rooms(&mut trial).await, 0);
    }
}
