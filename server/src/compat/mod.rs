//! Compatibility with other clients: dialects of other chats, Engine.IO 3, and the demo pages of a study note.

pub(crate) mod demo_pages;
pub(crate) mod dialects;
pub(crate) mod engineio_v3;
