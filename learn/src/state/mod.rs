//! Plain data and its logic: what a frame means, the log, the life of a connection. No browser and no Leptos here, so
//! all of it is tested natively.

pub mod events;
pub mod life;
pub mod lines;
pub mod log;
pub mod meaning;
pub mod note;
pub mod seen;
