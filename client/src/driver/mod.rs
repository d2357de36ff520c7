//! The driver of the [engine](crate::engine) for programs: bots, bridges, tests.
//!
//! A [`Client`] joins Madang, stays connected, and follows rooms. What it says is kept, in a file if one is named, until the
//! server has it or refuses it for good; what happens in a room comes once and in order, across reconnects.
//!
//! ```no_run
//! use madang_client::driver::{Client, Credentials, Options};
//! use madang_common::text::MessageText;
//!
//! # async fn greet() -> Result<(), Box<dyn std::error::Error>> {
//! let options = Options { outbox: Some("greeter.outbox".into()), ..Options::default() };
//! let client = Client::connect("http://127.0.0.1:3000", Credentials::Name("Greeter".to_owned()), options).await?;
//! let mut lobby = client.follow("lobby").await?;
//! let said = lobby.post(MessageText::parse("Good morning.")?).await?;
//! println!("This is message {} of the room.", said.seq);
//! while let Some(event) = lobby.next().await {
//!     println!("{:?}", event.message());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Rooms
//!
//! An engine holds one open room. The first room that a client follows is held by the engine that also sends, as in the
//! page; each further one by an engine of its own, over the same connection, which costs the server a `session.hello`, a
//! `room.open` and a `room.sync` at each reconnect and a `room.head` now and then. For some dozens of rooms that is well
//! within what one person may ask.
//!
//! # What is decided where
//!
//! What is sent, when, and again, what is missing and whether it is whole is the engine's to decide. Here is only how long
//! to wait before another attempt to connect, and when a connection is given up: [`Pace`].

mod client;
mod clock;
mod core;
mod disk;
mod error;
mod link;
mod outbox_file;
mod pace;
mod room;
mod server;
mod session;
pub mod wire;

use std::{path::PathBuf, sync::Arc, time::Duration};

pub use client::{Client, Posting};
pub use error::Error;
pub use pace::Pace;
pub use room::Room;
pub use server::Server;
pub use session::Session;

/// How long a handshake, and joining, may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Who the program is.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// Somebody new, of this name. Nobody who is there may have it, and it is theirs for as long as the session is: keep
    /// [`Client::session`] to be the same person after a restart.
    Name(String),
    /// Who joined before.
    Session(Session),
}

/// How a client is to be.
#[derive(Clone)]
pub struct Options {
    /// The file that keeps what is unsent, so that it outlives the program. It is made where it is missing, and one program
    /// at a time can have it. While it can't be written later on, what is unsent is kept in memory and written as soon as it
    /// can be, and the [`Observer`] is told.
    pub outbox: Option<PathBuf>,
    pub pace: Pace,
    /// How many of a room's latest messages are held at least, once there are as many. Events that are not taken out of a
    /// [`Room`] are held besides. Changes of messages that are not held any more are not told.
    pub keep: usize,
    /// Who is told what goes on.
    pub observer: Arc<dyn Observer>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            outbox: None,
            pace: Pace::default(),
            keep: madang_common::limits::DIGEST_MESSAGES,
            observer: Arc::new(Logged),
        }
    }
}

/// Is told what goes on. What it does is done while the client waits, so it should be quick.
pub trait Observer: Send + Sync {
    /// An attempt to connect is made.
    fn connecting(&self) {}
    /// There is a connection.
    fn connected(&self) {}
    /// There is none, or none any more, and this is why.
    fn disconnected(&self, why: &Error) {
        tracing::warn!("{why}");
    }
    /// Something went wrong that nobody waits for.
    fn complained(&self, what: &str, why: &str) {
        tracing::warn!("{what}: {why}");
    }
}

/// Writes it to the log, and nothing else.
struct Logged;

impl Observer for Logged {}
