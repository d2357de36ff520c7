//! The Socket.IO server (socketioxide): its settings, and its place among the routes.

pub(crate) mod service;
pub(crate) mod settings;
