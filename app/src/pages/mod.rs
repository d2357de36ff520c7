//! The pages: one file per route, or a folder if a page has parts of its own.

pub(crate) mod join;
pub(crate) mod new_room;
pub(crate) mod not_found;
pub(crate) mod room;
mod signed_out;
