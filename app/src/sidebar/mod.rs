//! The sidebars of the page: rooms and user menu to the left, members to the right.

pub(crate) mod language;
mod me_menu;
pub(crate) mod members;
pub(crate) mod open_rooms;
pub(crate) mod rooms;
mod settings_form;
pub(crate) mod theme;
