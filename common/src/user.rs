//! People, as others see them.

use serde::{Deserialize, Serialize};

use crate::{
    id::UserId,
    text::{UserName, as_stored},
};

/// A person as the author of a message or as oneself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserView {
    pub id: UserId,
    #[serde(deserialize_with = "as_stored")]
    pub name: UserName,
    /// Whether the person writes from outside, by a dialect: a guest, whom no account stands behind and whose name
    /// anyone outside may use. Absent on the wire unless it is so.
    #[serde(default, skip_serializing_if = "is_inside")]
    pub outside: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_inside(outside: &bool) -> bool {
    !outside
}

/// A member of a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub user: UserView,
    /// Whether the person has Madang open anywhere now, or had until a moment ago.
    pub online: bool,
}
