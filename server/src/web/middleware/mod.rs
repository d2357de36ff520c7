//! Middleware: what every request passes before a handler sees it, and every response after.

pub(crate) mod buffer_body;
pub(crate) mod compression;
pub(crate) mod cors;
pub(crate) mod detach;
pub(crate) mod engineio;
pub(crate) mod handshake;
pub(crate) mod host_check;
pub(crate) mod origin_check;
pub(crate) mod outgoing;
pub(crate) mod rate_limit;
pub(crate) mod security_headers;
pub(crate) mod session_token;
