//! What every part of the page may use: it knows nothing of rooms, and does not ask the server for anything.

pub(crate) mod avatar;
pub(crate) mod dialog;
pub(crate) mod drawer;
pub(crate) mod fault_text;
pub(crate) mod field;
pub(crate) mod icon;
pub(crate) mod list;
pub(crate) mod local_day;
pub(crate) mod local_time;
pub(crate) mod room_name;
pub(crate) mod title;
mod utc;
