//! `server.*`: news of the server itself, such as its shutdown.

use serde::{Deserialize, Serialize};

use super::ServerEvent;

/// `server.leaving`: the server is about to stop, perhaps to start again; it closes the connection next. Each
/// connection is given a moment of its own to come back, so that not all do at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaving {
    /// After how many milliseconds to connect again, and not before.
    pub back_in: u32,
}

impl ServerEvent for Leaving {
    const NAME: &'static str = "server.leaving";
}
