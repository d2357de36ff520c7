//! The address of the request that is rendered. Nobody goes anywhere meanwhile.

use leptos::prelude::use_context;
use percent_encoding::percent_decode_str;

use super::{Address, Place};
use crate::backend::RequestAddress;

pub(super) fn current() -> Place {
    let RequestAddress(address) = use_context().unwrap_or_default();
    let (path, query) = address.split_at(address.find('?').unwrap_or(address.len()));
    Place { path: path.to_owned(), query: query.to_owned() }
}

pub(super) fn follow(_: Address) {}

pub(super) fn push(_: &str) {}

pub(super) fn load(_: &str) {}

pub(super) fn decode(part: &str) -> Option<String> {
    percent_decode_str(part).decode_utf8().ok().map(Into::into)
}

pub(super) fn query(query: &str, name: &str) -> Option<String> {
    let mut values = form_urlencoded::parse(query.strip_prefix('?')?.as_bytes());
    values.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
