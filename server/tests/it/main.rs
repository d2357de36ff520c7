//! Madang's server over real sockets: each test has a server of its own on a free port, with a fresh data folder.

mod support;

mod binary;
mod catching_up;
mod dialects;
mod events;
mod forms;
mod hostile;
mod idempotence;
mod lagging;
mod membership;
mod names;
mod order;
mod origin;
mod presence;
mod restart;
mod session;
mod unread;
