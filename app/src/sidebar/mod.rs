//! What stands at the sides of the page: the rooms and one's own menu at the left, the members at the right.

pub(crate) mod language;
mod me_menu;
pub(crate) mod members;
pub(crate) mod open_rooms;
pub(crate) mod rooms;
mod settings_form;
pub(crate) mod theme;
