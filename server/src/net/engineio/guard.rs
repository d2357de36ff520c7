//! The guards of one connection, switched on when it becomes a WebSocket of Engine.IO.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use super::{close::Outgoing, query::Incoming};

const OLD: u8 = 3;
const NEW: u8 = 4;

/// A version of Engine.IO.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// That of Socket.IO 1.x and 2.x, `EIO=3`.
    Old,
    /// That of later ones, `EIO=4`.
    New,
}

impl Line {
    /// The version that a request's query names.
    pub(crate) fn of_query(query: &str) -> Self {
        if query_value(query, "EIO") == Some("3") { Self::Old } else { Self::New }
    }
}

/// What `EIO` or `transport` has in a request's query, as engineioxide 0.17.9 reads it (src/service/parser.rs:139 and
/// 154): of several fields the first, and of its value what is before another `=`.
pub(crate) fn query_value<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    let field = query.split('&').find_map(|field| field.strip_prefix(name)?.strip_prefix('='))?;
    field.split('=').next()
}

/// Tells a connection's stream that it is a WebSocket of Engine.IO from now on; a cheap handle, which stands among a
/// request's extensions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Switch(Arc<AtomicU8>);

impl Switch {
    /// To be called before the answer to the request is written.
    pub(crate) fn turn(&self, line: Line) {
        let line = match line {
            Line::Old => OLD,
            Line::New => NEW,
        };
        self.0.store(line, Ordering::Release);
    }

    fn line(&self) -> Option<Line> {
        match self.0.load(Ordering::Acquire) {
            OLD => Some(Line::Old),
            NEW => Some(Line::New),
            _ => None,
        }
    }
}

/// What a connection's bytes pass through.
#[derive(Debug, Default)]
pub(crate) struct Guard {
    switch: Switch,
    incoming: Incoming,
    outgoing: Outgoing,
}

impl Guard {
    /// The guards that this switch turns on.
    pub(crate) fn new(switch: Switch) -> Self {
        Self { switch, ..Self::default() }
    }

    /// Corrects bytes that have come.
    pub(crate) fn read(&mut self, bytes: &mut [u8]) {
        if self.switch.line() == Some(Line::Old) {
            self.incoming.pass(bytes);
        }
    }

    /// What is to be written first of these bytes, or instead of the first of them.
    pub(crate) fn to_write<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        if self.is_on() { self.outgoing.first(bytes) } else { bytes }
    }

    /// These bytes have been written, or what stands for them.
    pub(crate) fn wrote(&mut self, bytes: &[u8]) {
        if self.is_on() {
            self.outgoing.pass(bytes);
        }
    }

    /// Whether the connection is a WebSocket of Engine.IO.
    pub(crate) fn is_on(&self) -> bool {
        self.switch.line().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_says_which_version_it_is_of() {
        for (query, line) in [
            ("EIO=3&transport=websocket", Line::Old),
            ("transport=polling&EIO=3=", Line::Old),
            ("EIO=4&EIO=3", Line::New),
            ("t=EIO=3", Line::New),
            ("EIO=4", Line::New),
        ] {
            assert_eq!(Line::of_query(query), line, "{query}");
        }
    }
}
