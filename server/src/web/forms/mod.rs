//! HTML forms, for pages without JavaScript.

pub(crate) mod account;
#[cfg(test)]
mod account_tests;
pub(crate) mod message;
pub(crate) mod redirect;
pub(crate) mod room;
pub(crate) mod settings;
