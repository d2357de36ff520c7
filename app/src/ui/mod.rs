//! UI components that every part of the page may use; they know nothing of rooms and send no requests.

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
