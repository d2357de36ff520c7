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

/// The address of the request.
pub(super) mod address {
    use leptos::prelude::use_context;
    use percent_encoding::percent_decode_str;

    use crate::{
        backend::RequestAddress,
        live::address::{Address, Place},
    };

    pub(in crate::live) fn current() -> Place {
        let RequestAddress(address) = use_context().unwrap_or_default();
        let (path, query) = address.split_at(address.find('?').unwrap_or(address.len()));
        Place { path: path.to_owned(), query: query.to_owned() }
    }

    pub(in crate::live) fn follow(_: Address) {}

    pub(in crate::live) fn push(_: &str) {}

    pub(in crate::live) fn load(_: &str) {}

    pub(in crate::live) fn decode(part: &str) -> Option<String> {
        percent_decode_str(part).decode_utf8().ok().map(Into::into)
    }

    pub(in crate::live) fn query(query: &str, name: &str) -> Option<String> {
        let mut values = form_urlencoded::parse(query.strip_prefix('?')?.as_bytes());
        values.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}
