//! The parts of the room page: timeline, rows, composer.

pub(crate) mod announcer;
pub(crate) mod composer;
mod editor;
mod message_actions;
mod message_row;
mod message_text;
mod pill;
pub(crate) mod progress;
mod scroll;
mod text_box;
pub(crate) mod timeline;
mod timeline_view;
pub(crate) mod typing_line;
