//! A connection's stream of bytes: it has its place among the connections, reads no faster than its address may send,
//! fails when nobody takes in what it writes, and ends so that its last words arrive.

use std::{
    future::Future,
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    runtime::Handle,
    time::{Sleep, sleep},
};
use tokio_util::sync::WaitForCancellationFutureOwned;

use super::linger::linger;
use crate::net::{
    engineio::Guard,
    limits::{Address, Connection, Limits},
};

/// A stream with its limits. It is kept when a connection becomes a WebSocket.
///
/// On a WebSocket a write never fails: what cannot be written is dropped, and the next read tells why. engineioxide
/// 0.17.9 ends a session when it cannot read any more, but leaves it open when its opening packet cannot be sent
/// (src/transport/ws.rs:161), as when the client resets the connection at the first byte of the answer.
pub(super) struct Stream<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> {
    /// None once it has been handed over to linger, or let go.
    stream: Option<S>,
    connection: Option<Connection>,
    patience: Duration,
    /// When to give up, while something waits to be written.
    blocked: Option<Pin<Box<Blocked>>>,
    inflow: Inflow,
    guard: Guard,
    /// Done when the connection is cut, for whoever reads.
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
    /// Why nothing more is written, on a WebSocket.
    failed: Option<io::ErrorKind>,
    /// Nothing more comes.
    ended: bool,
}

/// A write that waits for the client.
struct Blocked {
    deadline: Pin<Box<Sleep>>,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
}

/// What has been read counts against the address that it came from. While that has no more to its credit nothing is
/// read, so that the client's own system holds it back: whatever is done with each byte, there are only so many.
struct Inflow {
    limits: Limits,
    address: Option<Address>,
    /// Until more may be read.
    pause: Option<Pin<Box<Sleep>>>,
}

impl Inflow {
    /// Done when more may be read.
    fn poll_settled(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(cx));
            self.pause = None;
        }
        Poll::Ready(())
    }

    fn read(&mut self, bytes: usize) {
        let wait = self.limits.read(self.address, bytes);
        self.pause = (!wait.is_zero()).then(|| Box::pin(sleep(wait)));
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Stream<S> {
    pub(super) fn new(
        stream: S,
        patience: Duration,
        (limits, address): (Limits, Option<Address>),
        connection: Connection,
        guard: Guard,
    ) -> Self {
        let inflow = Inflow { limits, address, pause: None };
        let cut = Box::pin(connection.link().when_cut());
        Self {
            stream: Some(stream),
            connection: Some(connection),
            patience,
            blocked: None,
            inflow,
            guard,
            cut,
            failed: None,
            ended: false,
        }
    }

    fn is_cut(&self) -> bool {
        self.connection.as_ref().is_none_or(|connection| connection.link().is_cut())
    }

    /// Tries to write; fails when nothing could be written for too long, or the connection is cut. `pretended` is what
    /// was written where nothing is written any more.
    fn try_write(
        &mut self,
        cx: &mut Context<'_>,
        pretended: usize,
        write: impl FnOnce(Pin<&mut S>, &mut Context<'_>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if self.failed.is_some() {
            return Poll::Ready(Ok(pretended));
        }
        let error = match ready!(self.poll_write_once(cx, write)) {
            Ok(written) => {
                if let Some(connection) = &self.connection {
                    connection.link().took_in(written);
                }
                return Poll::Ready(Ok(written));
            }
            Err(error) => error,
        };
        let Some(link) = self.connection.as_ref().map(Connection::link).filter(|link| link.is_web_socket()) else {
            return Poll::Ready(Err(error));
        };
        tracing::debug!(%error, "writing on a WebSocket");
        self.failed = Some(error.kind());
        // Wakes whoever reads, who is to learn of it.
        link.cut();
        Poll::Ready(Ok(pretended))
    }

    fn poll_write_once<T>(
        &mut self,
        cx: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut S>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if self.is_cut() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        let (Some(stream), Some(connection)) = (&mut self.stream, &self.connection) else {
            return Poll::Ready(Err(io::ErrorKind::NotConnected.into()));
        };
        if let Poll::Ready(written) = write(Pin::new(stream), cx) {
            self.blocked = None;
            return Poll::Ready(written);
        }
        let patience = self.patience;
        let blocked = self.blocked.get_or_insert_with(|| {
            Box::pin(Blocked { deadline: Box::pin(sleep(patience)), cut: Box::pin(connection.link().when_cut()) })
        });
        if blocked.cut.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        blocked.deadline.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> AsyncRead for Stream<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.is_cut() || this.cut.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(this.failed.unwrap_or(io::ErrorKind::ConnectionAborted).into()));
        }
        let (Some(stream), Some(connection)) = (&mut this.stream, &this.connection) else {
            return Poll::Ready(Err(io::ErrorKind::NotConnected.into()));
        };
        ready!(this.inflow.poll_settled(cx));
        let before = buffer.filled().len();
        let read = ready!(Pin::new(stream).poll_read(cx, buffer));
        let count = buffer.filled().len() - before;
        this.guard.read(&mut buffer.filled_mut()[before..]);
        if count == 0 {
            // The end, or an error.
            this.ended = true;
        } else {
            this.inflow.read(count);
            connection.link().heard();
        }
        Poll::Ready(read)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> AsyncWrite for Stream<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let first = this.guard.to_write(bytes);
        let written = this.try_write(cx, first.len(), |stream, cx| stream.poll_write(cx, first));
        if let Poll::Ready(Ok(count)) = written {
            this.guard.wrote(&bytes[..count]);
        }
        written
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.guard.is_on() {
            let first = slices.iter().find(|slice| !slice.is_empty());
            return self.poll_write(cx, first.map_or(&[], |slice| &**slice));
        }
        let all = slices.iter().map(|slice| slice.len()).sum();
        self.get_mut().try_write(cx, all, |stream, cx| stream.poll_write_vectored(cx, slices))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.as_ref().is_some_and(AsyncWrite::is_write_vectored)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // The system flushes by itself: what it cannot take in has failed as it was written.
        match &mut self.get_mut().stream {
            Some(stream) => Pin::new(stream).poll_flush(cx),
            None => Poll::Ready(Ok(())),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            Some(stream) => Pin::new(stream).poll_shutdown(cx),
            None => Poll::Ready(Ok(())),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Drop for Stream<S> {
    fn drop(&mut self) {
        if self.ended || self.failed.is_some() || self.is_cut() {
            return;
        }
        // Outside a runtime nobody waits for last words.
        if let (Some(stream), Some(connection), Ok(runtime)) =
            (self.stream.take(), self.connection.take(), Handle::try_current())
        {
            runtime.spawn(linger(stream, connection));
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use madang_common::time::UnixMillis;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    use super::*;
    use crate::{clock::ManualClock, config::Config, net::limits::Link};

    fn limited(stream: DuplexStream, patience: Duration, clock: &ManualClock) -> Stream<DuplexStream> {
        let limits = Limits::new(&Config { clock: clock.clock(), ..Config::default() });
        let address = Some(Address::of([192, 0, 2, 1].into()));
        let connection = limits.connection(address).expect("a place");
        Stream::new(stream, patience, (limits, address), connection, Guard::default())
    }

    fn link(stream: &Stream<DuplexStream>) -> Link {
        stream.connection.as_ref().expect("it is open").link().clone()
    }

    fn clock() -> ManualClock {
        ManualClock::new(UnixMillis(0))
    }

    const PATIENCE: Duration = Duration::from_millis(50);

    #[tokio::test]
    async fn who_takes_nothing_in_is_waited_for_so_long() {
        let (server, _client) = duplex(10);
        let mut stream = limited(server, PATIENCE, &clock());
        let start = tokio::time::Instant::now();
        let error = stream.write_all(&[0; 100]).await.expect_err("nobody reads");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(start.elapsed() >= PATIENCE);
    }

    #[tokio::test]
    async fn who_takes_it_in_slowly_gets_all_of_it() {
        let (server, mut client) = duplex(10);
        let patience = Duration::from_secs(20);
        let mut stream = limited(server, patience, &clock());
        let slowly = async {
            let mut taken = Vec::new();
            while taken.len() < 100 {
                tokio::task::yield_now().await;
                taken.push(client.read_u8().await.expect("a byte"));
            }
            taken
        };
        let (written, taken) = tokio::join!(stream.write_all(&[7; 100]), slowly);
        assert!(written.is_ok());
        assert_eq!(taken, [7; 100]);
    }

    #[tokio::test]
    async fn no_more_is_read_than_an_address_may_send() {
        const BURST: usize = 6 << 20;
        const ALL: usize = BURST + 200_000;
        let clock = clock();
        let (server, mut client) = duplex(1 << 20);
        let mut stream = limited(server, PATIENCE, &clock);
        let sending = tokio::spawn(async move { client.write_all(&vec![7; ALL]).await });
        let mut buffer = vec![0; 64 * 1024];
        let mut taken = 0;
        loop {
            match stream.read(&mut buffer).now_or_never() {
                Some(read) => taken += read.expect("bytes"),
                None if taken > BURST => break,
                None => tokio::task::yield_now().await,
            }
        }
        assert!(taken <= BURST + buffer.len(), "one read more than there is: {taken}");
        clock.advance(Duration::from_secs(1));
        while taken < ALL {
            taken += stream.read(&mut buffer).await.expect("bytes");
        }
        assert!(sending.await.expect("no panic").is_ok());
    }

    #[tokio::test]
    async fn on_a_web_socket_a_write_that_fails_is_told_by_the_next_read() {
        for is_web_socket in [false, true] {
            let (server, client) = duplex(10);
            let mut stream = limited(server, PATIENCE, &clock());
            if is_web_socket {
                link(&stream).upgrade();
            }
            drop(client);
            let written = stream.write_all(&[0; 100]).await.map_err(|error| error.kind());
            if is_web_socket {
                assert_eq!(written, Ok(()));
                let error = stream.read_u8().await.expect_err("nobody is there");
                assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
            } else {
                assert_eq!(written, Err(io::ErrorKind::BrokenPipe));
            }
        }
    }

    #[tokio::test]
    async fn who_waits_for_something_to_read_learns_that_nothing_is_written() {
        let (server, _client) = duplex(10);
        let stream = limited(server, PATIENCE, &clock());
        link(&stream).upgrade();
        let (mut reading, mut writing) = tokio::io::split(stream);
        let (read, written) = tokio::join!(reading.read_u8(), writing.write_all(&[0; 100]));
        assert!(written.is_ok());
        assert_eq!(read.expect_err("it is over").kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_cut_ends_both_reading_and_writing() {
        let (server, _client) = duplex(10);
        let stream = limited(server, Duration::from_secs(20), &clock());
        let link = link(&stream);
        let (mut reading, mut writing) = tokio::io::split(stream);
        let cut = async {
            tokio::task::yield_now().await;
            link.cut();
        };
        let (read, written, ()) = tokio::join!(reading.read_u8(), writing.write_all(&[0; 100]), cut);
        assert_eq!(read.expect_err("cut").kind(), io::ErrorKind::ConnectionAborted);
        assert_eq!(written.expect_err("cut").kind(), io::ErrorKind::ConnectionAborted);
    }
}
