//! The members of the open room.

use madang_common::{id::UserId, user::Member};

/// Members in the order in which the page shows them: those present first, each part by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    list: Vec<Member>,
    more: bool,
}

impl Members {
    /// The members as the server gives them, and whether there are more.
    #[must_use]
    pub fn new(list: Vec<Member>, more: bool) -> Self {
        let mut members = Self { more, ..Self::default() };
        list.into_iter().for_each(|member| members.insert(member));
        members
    }

    /// Whether there are more: those of a big room who are not there and have not been seen lately.
    #[must_use]
    pub fn more(&self) -> bool {
        self.more
    }

    /// The members that are known of.
    pub fn iter(&self) -> impl Iterator<Item = &Member> {
        self.list.iter()
    }

    /// Adds a member, or replaces what was known of them.
    pub fn put(&mut self, member: Member) {
        self.remove(member.user.id);
        self.insert(member);
    }

    /// Takes a member out.
    pub fn remove(&mut self, user: UserId) {
        self.list.retain(|member| member.user.id != user);
    }

    /// Notes that a person came or went.
    pub fn set_online(&mut self, user: UserId, online: bool) {
        if let Some(member) = self.list.iter().find(|member| member.user.id == user) {
            self.put(Member { online, ..member.clone() });
        }
    }

    /// Puts a member in their place, rather than have all sorted: sorting is 1.6 kB of compressed Wasm.
    fn insert(&mut self, member: Member) {
        fn place(member: &Member) -> (bool, &str) {
            (!member.online, member.user.name.as_str())
        }
        let at = self.list.partition_point(|other| place(other) <= place(&member));
        self.list.insert(at, member);
    }
}
