//! Identifiers and counters, each a type of its own so that none can stand in for another.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(digits: &str) -> Result<Self, Self::Err> {
                digits.parse().map(Self)
            }
        }
    };
}

number! {
    /// A person.
    UserId
}
number! {
    /// A room.
    RoomId
}
number! {
    /// A message, unique across rooms.
    MessageId
}
number! {
    /// A room's revision: each new message, edit or deletion takes the next one. A room without changes is at 0.
    Rev
}
number! {
    /// A message's place in its room, from 1. It never changes.
    Seq
}

impl Rev {
    /// The revision that the next change of the room takes. After the highest number there is none; only who sends
    /// nonsense comes there.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// The sender's own name for a message: a UUID, version 7 by preference (RFC 9562, section 5.7). The pair of author
/// and client id is unique, so a message that is sent again is stored once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientId(Uuid);

impl ClientId {
    /// A version 7 id from a time in milliseconds since 1970 and ten random bytes, both passed in by the caller.
    #[must_use]
    pub fn new(unix_millis: u64, random: [u8; 10]) -> Self {
        Self(uuid::Builder::from_unix_timestamp_millis(unix_millis, &random).into_uuid())
    }

    /// The id's 16 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// The id from its 16 bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ClientId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn client_ids_are_version_7_and_sort_by_time() {
        let earlier = ClientId::new(1_700_000_000_000, [255; 10]);
        let later = ClientId::new(1_700_000_000_001, [0; 10]);
        assert_eq!(earlier.0.get_version_num(), 7);
        assert!(earlier < later);
        assert_eq!(earlier.to_string().parse(), Ok(earlier));
    }
}
