//! The life of one WebSocket, from the upgrade to the close.

use std::{future::Future, pin::pin, time::Duration};

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::{Sink, SinkExt, Stream, StreamExt};
use tokio::{
    sync::Notify,
    time::{Instant, sleep, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{Close, Outgoing, WsReceiver};

/// When a client that says nothing is taken for gone.
#[derive(Clone, Copy)]
struct Pings {
    interval: Duration,
    /// How long it gets to answer one, and how long it may take to take in a frame.
    timeout: Duration,
}

const PINGS: Pings = Pings { interval: Duration::from_secs(25), timeout: Duration::from_secs(20) };
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
    mut waiting: WsReceiver,
    stop: &CancellationToken,
    mut listener: impl Listener,
) {
    let (mut sink, mut stream) = socket.split();
    let heard = Notify::new();
    let mut reading = pin!(read(&mut stream, &heard, &mut listener));
    let (end, still_reading) = tokio::select! {
        end = &mut reading => (end, false),
        end = write(&mut sink, &mut waiting, &heard, stop, PINGS) => (end, true),
    };
    let End::Close(close) = end else { return };
    tracing::debug!(code = close.code, close.reason, "closing a WebSocket");
    let frame = CloseFrame { code: close.code, reason: Utf8Bytes::from_static(close.reason) };
    let closed = async {
        // It may have failed already, or take nothing in any more.
        if let Err(error) = sink.send(Message::Close(Some(frame))).await {
            return tracing::debug!(%error, "a WebSocket was not told why it is closed");
        }
        // What cannot be read any more, because it breaks the protocol, is read to its end below this: a connection
        // lingers until the client has closed as well.
        if still_reading {
            reading.await;
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

async fn write<S>(
    sink: &mut S,
    waiting: &mut WsReceiver,
    heard: &Notify,
    stop: &CancellationToken,
    pings: Pings,
) -> End
where
    S: Sink<Message, Error = axum::Error> + Unpin,
{
    let mut ping_at = Instant::now() + pings.interval;
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
                ping_at = Instant::now() + pings.interval;
                dead_at = dead_at.or(Some(Instant::now() + pings.timeout));
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
            () = sleep(pings.timeout) => return End::Gone,
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{future, stream};
    use tokio::sync::mpsc;

    use super::*;
    use crate::net::websocket::{self, WsSender};

    /// A client that takes everything in, and what it took in.
    fn taking() -> (impl Sink<Message, Error = axum::Error> + Unpin, mpsc::UnboundedReceiver<Message>) {
        let (sender, taken) = mpsc::unbounded_channel();
        let sink = futures_util::sink::unfold(sender, |sender, message| {
            future::ready(sender.send(message).map(|()| sender).map_err(axum::Error::new))
        });
        (Box::pin(sink), taken)
    }

    const QUICK: Pings = Pings { interval: Duration::from_millis(5), timeout: Duration::from_millis(20) };

    struct Nobody;

    impl Listener for Nobody {
        async fn text(&mut self, _: Utf8Bytes) {}
    }

    fn open() -> (WsSender, WsReceiver, Notify, CancellationToken) {
        let (sender, waiting) = websocket::queue(2);
        (sender, waiting, Notify::new(), CancellationToken::new())
    }

    #[tokio::test]
    async fn who_answers_no_ping_is_gone() {
        let (_outlet, mut waiting, heard, stop) = open();
        let (mut sink, mut taken) = taking();
        let start = Instant::now();
        assert_eq!(write(&mut sink, &mut waiting, &heard, &stop, QUICK).await, End::Gone);
        assert!(start.elapsed() >= QUICK.interval + QUICK.timeout);
        assert!(matches!(taken.try_recv(), Ok(Message::Ping(_))));
    }

    #[tokio::test]
    async fn who_answers_pings_stays() {
        let (_outlet, mut waiting, heard, stop) = open();
        let (mut sink, mut taken) = taking();
        let patient = Pings { timeout: Duration::from_secs(20), ..QUICK };
        let pongs = async {
            for _ in 0..10 {
                assert!(matches!(taken.recv().await, Some(Message::Ping(_))));
                heard.notify_one();
            }
            stop.cancel();
        };
        let (end, ()) = tokio::join!(write(&mut sink, &mut waiting, &heard, &stop, patient), pongs);
        assert_eq!(end, End::Close(Close::GOING_AWAY));
    }

    #[tokio::test]
    async fn what_waits_is_sent_before_a_close_and_not_before_a_cut() {
        for (is_cut, texts, code) in [(false, 1, 4401), (true, 0, 1013)] {
            let (sender, mut waiting, heard, stop) = open();
            let (mut sink, mut taken) = taking();
            assert!(sender.send(Utf8Bytes::from_static("last words")).is_ok());
            if is_cut {
                sender.cut();
            } else {
                sender.close(Close::NOT_SIGNED_IN);
            }
            let end = write(&mut sink, &mut waiting, &heard, &stop, QUICK).await;
            assert!(matches!(end, End::Close(close) if close.code == code), "{end:?}");
            let mut count = 0;
            while taken.try_recv().is_ok() {
                count += 1;
            }
            assert_eq!(count, texts);
        }
    }

    #[tokio::test]
    async fn who_takes_nothing_in_is_gone() {
        let (sender, mut waiting, heard, stop) = open();
        let mut sink = Box::pin(futures_util::sink::unfold((), |(), _: Message| future::pending::<Result<(), _>>()));
        assert!(sender.send(Utf8Bytes::from_static("hello?")).is_ok());
        assert_eq!(write(&mut sink, &mut waiting, &heard, &stop, QUICK).await, End::Gone);
    }

    #[tokio::test]
    async fn a_stream_that_ends_is_gone() {
        let mut frames = stream::iter([Ok(Message::Text(Utf8Bytes::from_static("x")))]);
        assert_eq!(read(&mut frames, &Notify::new(), &mut Nobody).await, End::Gone);
        let mut frames = stream::iter([Ok(Message::Binary(Default::default()))]);
        assert_eq!(read(&mut frames, &Notify::new(), &mut Nobody).await, End::Close(Close::NOT_TEXT));
    }
}
