//! The Socket.IO server's settings.

use std::time::Duration;

use madang_common::{event::PATH, limits::FRAME_BYTES};
use socketioxide::{ParserConfig, SocketIo, SocketIoBuilder};

const PING_INTERVAL: Duration = Duration::from_secs(25);
const PING_TIMEOUT: Duration = Duration::from_secs(20);
/// A read buffer for each socket, whether it speaks or not. Most messages fit in it.
const READ_BUFFER: usize = 1024;

/// A Socket.IO server whose sockets each hold up to `buffer` packets that are still to be sent, and must join a
/// namespace within `connect_timeout`.
pub(crate) fn builder(buffer: usize, connect_timeout: Duration) -> SocketIoBuilder {
    SocketIo::builder()
        .req_path(PATH)
        .ping_interval(PING_INTERVAL)
        .ping_timeout(PING_TIMEOUT)
        .connect_timeout(connect_timeout)
        .max_buffer_size(buffer)
        // The same limit on both transports.
        .max_payload(FRAME_BYTES as u64)
        .ws_max_message_size(FRAME_BYTES)
        .ws_max_frame_size(FRAME_BYTES)
        .ws_read_buffer_size(READ_BUFFER)
        // Madang has no binary events. An event that waits for its attachments is kept until they come, and a client
        // that sends none is under no pressure of time: so an event that announces any ends its connection.
        .with_parser(ParserConfig::common().max_incoming_binaries(0).max_incoming_binary_buf_size(0))
}
