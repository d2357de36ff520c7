//! The life of a plain WebSocket, from the upgrade to the close.

use std::{future::Future, pin::pin, time::Duration};

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::{Sink, SinkExt, Stream, StreamExt};
use tokio::{
    sync::Notify,
    time::{Instant, sleep, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{Close, Outgoing, Waiting};

const PING_INTERVAL: Duration = Duration::from_secs(25);
/// How long a client that says nothing gets to answer a ping, and how long it may take to take in a frame.
const PING_TIMEOUT: Duration = Duration::from_secs(20);
/// How long a client gets to answer a close.
const LINGER: Duration = Duration::from_secs(1);

/// Who takes in what a client sends.
pub(crate) trait Listener: Send {
    /// A text frame came. The next one is read when this is done.
    fn text(&mut self, text: Utf8Bytes) -> impl Future<Output = ()> + Send;
}

/// How a WebSocket ends.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// The client has closed it, or is gone.
    Gone,
    /// It is to be closed.
    Close(Close),
}

/// Serves a WebSocket until it is closed from either side, or `stop` is cancelled.
pub(crate) async fn run(
    socket: WebSocket,
    mut waiting: Waiting,
    stop: &CancellationToken,
    mut listener: impl Listener,
) {
    let (mut sink, mut stream) = socket.split();
    let heard = Notify::new();
    let mut reading = pin!(read(&mut stream, &heard, &mut listener));
    let (end, still_reading) = tokio::select! {
        end = &mut reading => (end, false),
        end = write(&mut sink, &mut waiting, &heard, stop) => (end, true),
    };
    let End::Close(close) = end else { return };
    tracing::debug!(code = close.code, close.reason, "closing a WebSocket");
    let frame = CloseFrame { code: close.code, reason: Utf8Bytes::from_static(close.reason) };
    let closed = async {
        // It may have failed already, or take nothing in any more.
        if let Err(error) = sink.send(Message::Close(Some(frame))).await {
            return tracing::debug!(%error, "a WebSocket was not told why it is closed");
        }
        if still_reading {
            reading.await;
        } else {
            // What the client is still sending would be answered by a reset, which could overtake the close.
            sleep(LINGER).await;
        }
    };
    if timeout(LINGER, closed).await.is_err() {
        tracing::debug!("a WebSocket did not close by itself");
    }
}

async fn read<S>(stream: &mut S, heard: &Notify, listener: &mut impl Listener) -> End
where
    S: Stream<Item = Result<Message, axum::Error>> + Unpin,
{
    while let Some(message) = stream.next().await {
        heard.notify_one();
        match message {
            Ok(Message::Text(text)) => listener.text(text).await,
            Ok(Message::Binary(_)) => return End::Close(Close::NOT_TEXT),
            // Pings and closes are answered below this.
            Ok(Message::Ping(_) | Message::Pong(_) | Message::Close(_)) => {}
            Err(error) => return why(error),
        }
    }
    End::Gone
}

fn why(error: axum::Error) -> End {
    use tungstenite::Error;
    match error.into_inner().downcast_ref::<Error>() {
        Some(Error::Capacity(_)) => End::Close(Close::TOO_BIG),
        Some(Error::Utf8(_)) => End::Close(Close::NOT_UTF8),
        Some(Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake)) => End::Gone,
        Some(Error::Protocol(_)) => End::Close(Close::PROTOCOL),
        _ => End::Gone,
    }
}

async fn write<S>(sink: &mut S, waiting: &mut Waiting, heard: &Notify, stop: &CancellationToken) -> End
where
    S: Sink<Message, Error = axum::Error> + Unpin,
{
    let mut ping_at = Instant::now() + PING_INTERVAL;
    let mut dead_at = None;
    loop {
        let dead = async {
            match dead_at {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        let message = tokio::select! {
            biased;
            () = waiting.cut.cancelled() => return End::Close(Close::TOO_SLOW),
            () = stop.cancelled() => return End::Close(Close::GOING_AWAY),
            () = heard.notified() => { dead_at = None; continue }
            () = dead => return End::Gone,
            () = sleep_until(ping_at) => {
                ping_at = Instant::now() + PING_INTERVAL;
                dead_at = dead_at.or(Some(Instant::now() + PING_TIMEOUT));
                Message::Ping(Default::default())
            }
            outgoing = waiting.queue.recv() => match outgoing {
                Some(Outgoing::Text(text)) => Message::Text(text),
                Some(Outgoing::Close(close)) => return End::Close(close),
                // Nobody can send anything any more.
                None => return End::Close(Close::GOING_AWAY),
            },
        };
        tokio::select! {
            sent = sink.send(message) => if let Err(error) = sent {
                tracing::debug!(%error, "sending on a WebSocket");
                return End::Gone;
            },
            () = waiting.cut.cancelled() => return End::Close(Close::TOO_SLOW),
            () = sleep(PING_TIMEOUT) => return End::Gone,
        }
    }
}
