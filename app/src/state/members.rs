//! The members of the open room.

use madang_common::{id::UserId, user::Member};

/// Members in the order in which the page shows them: those present first, each part by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    list: Vec<Member>,
}

impl Members {
    /// The members as the server gives them.
    #[must_use]
    pub fn new(list: Vec<Member>) -> Self {
        let mut members = Self { list };
        members.sort();
        members
    }

    /// All members.
    pub fn iter(&self) -> impl Iterator<Item = &Member> {
        self.list.iter()
    }

    /// Adds a member, or replaces what was known of them.
    pub fn put(&mut self, member: Member) {
        self.remove(member.user.id);
        self.list.push(member);
        self.sort();
    }

    /// Takes a member out.
    pub fn remove(&mut self, user: UserId) {
        self.list.retain(|member| member.user.id != user);
    }

    /// Notes that a person came or went.
    pub fn set_online(&mut self, user: UserId, online: bool) {
        if let Some(member) = self.list.iter_mut().find(|member| member.user.id == user) {
            member.online = online;
        }
        self.sort();
    }

    fn sort(&mut self) {
        self.list.sort_by(|a, b| (b.online, a.user.name.as_str()).cmp(&(a.online, b.user.name.as_str())));
    }
}
