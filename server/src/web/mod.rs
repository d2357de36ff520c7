//! Pages, forms and files over HTTP, and the middleware that requests pass.

pub(crate) mod assets;
pub(crate) mod client_library;
pub(crate) mod current_user;
mod encoding;
pub(crate) mod forms;
pub(crate) mod health;
mod language;
pub(crate) mod middleware;
pub(crate) mod pages;
mod refused;
pub(crate) mod routes;
pub(crate) mod target;
pub(crate) mod upgrade;
