//! The demos of the study notes, one file each, with the elements that the notes name. What arrives is always drawn as
//! text and never as markup.

pub(crate) mod quick_chat;
pub(crate) mod rooms;
pub(crate) mod session_chat;
pub(crate) mod sockets;
mod try_emit;
pub(crate) mod web_socket;
