//! The Socket.IO server's settings.

use std::{convert::Infallible, time::Duration};

use axum::{Router, body::Body, extract::Request, response::Response};
use madang_common::{limits::FRAME_BYTES, route};
use socketioxide::{ParserConfig, SocketIo};
use tower::{ServiceExt, util::BoxCloneSyncService};

const PING_INTERVAL: Duration = Duration::from_secs(25);
const PING_TIMEOUT: Duration = Duration::from_secs(20);
/// A read buffer for each socket, whether it speaks or not. Most messages fit in it.
const READ_BUFFER: usize = 1024;

/// A Socket.IO server: what answers its requests, and what its namespaces are opened on. Its sockets each hold up to
/// `buffer` packets that are still to be sent, and must join a namespace within `connect_timeout`.
pub(crate) fn build(
    buffer: usize,
    connect_timeout: Duration,
) -> (BoxCloneSyncService<Request, Response, Infallible>, SocketIo) {
    let (service, io) = SocketIo::builder()
        .req_path(route::SOCKET_IO)
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
        // Gets what is not under the path, which is nothing.
        .build_with_inner_svc(Router::new());
    // It answers requests with bodies of any kind; here with those of axum.
    let service = ServiceExt::<Request>::map_response(service, |response| response.map(Body::new));
    (BoxCloneSyncService::new(service), io)
}
