//! The displayed name of a room.

use madang_common::room::RoomView;

use crate::texts::{I18n, text};

/// A room's name as it was given; the lobby's, which nobody gave it, in the page's language. Follows that language when
/// read in a reactive place.
pub(crate) fn room_name(i18n: I18n, room: &RoomView) -> String {
    if room.is_plain_lobby() { text!(i18n, rooms.lobby) } else { room.name.to_string() }
}
