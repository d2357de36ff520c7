//! How many bytes the database grows by what is stored, roughly, with its rows and their places in the indexes.

/// A message without its text, or a notice.
const ROW: usize = 300;
/// Someone's membership, and the notice that they came.
pub(crate) const MEMBERSHIP: usize = 100 + ROW;
/// A new person, with a session, in the lobby.
pub(crate) const PERSON: usize = 400 + MEMBERSHIP;
/// A new room with its first member, without its name and topic.
pub(crate) const ROOM: usize = 300 + MEMBERSHIP;

/// A message with a text of so many bytes.
pub(crate) const fn message(text: usize) -> usize {
    ROW + text
}
