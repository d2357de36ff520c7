//! People, as others see them.

use serde::{Deserialize, Serialize};

use crate::{id::UserId, text::UserName};

/// A person as the author of a message or as oneself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserView {
    pub id: UserId,
    pub name: UserName,
}

/// A member of a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub user: UserView,
    /// Whether the person has Madang open anywhere now, or had until a moment ago.
    pub online: bool,
}
