//! The connection during server-side rendering: none. Nothing here is called while rendering; requests come
//! from effects and from what a person does, and neither happens on the server.

use madang_client::engine::{Engine, Ticket};
use madang_common::{fault::Fault, text::RoomSlug};

use super::{Chat, signals::Signals};

/// No driver.
#[derive(Clone, Copy)]
pub(super) struct Driver;

impl Driver {
    pub(super) fn new() -> Self {
        Self
    }

    pub(super) fn begin(self, _: Chat) {}

    pub(super) fn start(self, _: Chat) {}

    pub(super) fn tell(self, _: impl FnOnce(&mut Engine<Signals>)) {}

    pub(super) async fn ask(self, _: impl FnOnce(&mut Engine<Signals>, Ticket)) -> Result<Option<RoomSlug>, Fault> {
        std::future::pending().await
    }
}

pub(super) fn random() -> [u8; 10] {
    [0; 10]
}
