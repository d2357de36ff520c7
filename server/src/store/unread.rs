//! Unread counts.

/// The SQL expression that counts the texts of others in a room after the last one read: `room`, `read` and `user` name a
/// member's columns, `most` the parameter with the number at which counting ends.
///
/// The index `messages_said` holds texts alone, and no more than `most` of its rows are visited, whatever lies between:
/// one's own texts are never unread, for whoever says something has read what came before it.
macro_rules! unread {
    ($room:literal, $read:literal, $user:literal, $most:literal) => {
        concat!(
            "(SELECT COUNT(*) FILTER (WHERE said.author_id <> ",
            $user,
            ") FROM (SELECT x.author_id FROM messages x WHERE x.kind = 'text' AND x.room_id = ",
            $room,
            " AND x.seq > ",
            $read,
            " LIMIT ",
            $most,
            ") said) AS unread"
        )
    };
}

pub(super) use unread;
