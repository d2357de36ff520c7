//! Who is writing in the open room.

use madang_common::{id::UserId, limits::TYPING_EXPIRE_MS, user::UserView};

/// People who are writing, each with the time (milliseconds since 1970) until which that counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Typing {
    people: Vec<(UserView, f64)>,
}

impl Typing {
    /// Notes that a person started, goes on, or stopped.
    pub fn set(&mut self, user: UserView, typing: bool, now: f64) {
        self.clear(user.id);
        if typing {
            self.people.push((user, now + TYPING_EXPIRE_MS as f64));
        }
    }

    /// Notes that a person stopped: their message came.
    pub fn clear(&mut self, user: UserId) {
        self.people.retain(|(person, _)| person.id != user);
    }

    /// Forgets those who have not been heard of; says when to look again.
    pub fn expire(&mut self, now: f64) -> Option<f64> {
        self.people.retain(|(_, until)| *until > now);
        self.people.iter().map(|(_, until)| *until).reduce(f64::min)
    }

    /// The names, in the order in which they started.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.people.iter().map(|(person, _)| person.name.as_str())
    }
}
