//! The link as the server's first render has it: none. Nothing here is ever called while rendering; requests come
//! from effects and from what a person does, and neither happens on the server.

use madang_common::{
    fault::Fault,
    id::{ClientId, MessageId, RoomId, Seq},
    text::{MessageText, RoomName, RoomSlug, RoomTopic},
};

use super::Chat;

pub(super) fn start(_: Chat) {}

pub(super) fn show(_: Chat, _: &RoomSlug) {}

pub(super) fn say(_: Chat, _: RoomId, _: MessageText) {}

pub(super) fn retry(_: Chat, _: ClientId) {}

pub(super) fn discard(_: Chat, _: ClientId) {}

pub(super) async fn edit(_: Chat, _: MessageId, _: MessageText) -> Result<(), Fault> {
    std::future::pending().await
}

pub(super) async fn delete(_: Chat, _: MessageId) -> Result<(), Fault> {
    std::future::pending().await
}

pub(super) async fn load_earlier(_: Chat) -> Result<(), Fault> {
    std::future::pending().await
}

pub(super) fn read(_: Chat, _: Seq) {}

pub(super) fn typing(_: RoomId, _: bool) {}

pub(super) async fn create_room(_: Chat, _: RoomName, _: RoomTopic) -> Result<RoomSlug, Fault> {
    std::future::pending().await
}

pub(super) async fn join_room(_: Chat, _: RoomId) -> Result<(), Fault> {
    std::future::pending().await
}

pub(super) async fn leave_room(_: Chat, _: RoomId) -> Result<(), Fault> {
    std::future::pending().await
}

pub(super) fn reconnect_now() {}

pub(super) fn compare(_: Chat) {}

pub(super) async fn draft(_: Chat, _: RoomId) -> String {
    std::future::pending().await
}

pub(super) fn keep_draft(_: Chat, _: RoomId, _: String) {}

pub(super) fn tell_tabs_said(_: Chat, _: RoomId, _: &MessageText) {}

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

    pub(in crate::live) fn decode(part: &str) -> Option<String> {
        percent_decode_str(part).decode_utf8().ok().map(Into::into)
    }

    pub(in crate::live) fn query(query: &str, name: &str) -> Option<String> {
        let mut values = form_urlencoded::parse(query.strip_prefix('?')?.as_bytes());
        values.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}
