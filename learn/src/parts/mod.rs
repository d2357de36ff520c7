//! Components of the learn pages.

pub(crate) mod connection;
pub(crate) mod frame_log;
pub(crate) mod frame_row;
pub(crate) mod life_line;
pub(crate) mod scroller;
pub(crate) mod text_entry;
