//! A connection's stream of bytes: it has its place among the connections, reads no faster than its address may send, and
//! fails when nobody takes in what it writes.

use std::{
    future::Future,
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

use crate::{
    engine_io::Guard,
    limits::{Address, Kind, Limits, Place},
};

/// A stream with its limits. It is kept when a connection becomes a WebSocket.
pub(super) struct Stream<S> {
    stream: S,
    patience: Duration,
    /// When to give up, while something waits to be written.
    deadline: Option<Pin<Box<Sleep>>>,
    inflow: Inflow,
    guard: Guard,
    _place: Place,
}

/// What has been read counts against the address that it came from. While that has no more to its credit nothing is
/// read, so that the client's own system holds it back: whatever is done with each byte, there are only so many.
struct Inflow {
    limits: Limits,
    address: Option<Address>,
    /// Bytes that have been read and do not count yet.
    owed: usize,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Inflow {
    /// Done when all that was read counts.
    fn poll_settled(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            if let Some(pause) = &mut self.pause {
                ready!(pause.as_mut().poll(cx));
                self.pause = None;
            }
            match self.limits.count(Kind::Inflow, None, self.address, self.owed) {
                Ok(()) => {
                    self.owed = 0;
                    return Poll::Ready(());
                }
                Err(wait) => self.pause = Some(Box::pin(sleep(wait))),
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> Stream<S> {
    pub(super) fn new(
        stream: S,
        patience: Duration,
        (limits, address): (Limits, Option<Address>),
        place: Place,
        guard: Guard,
    ) -> Self {
        let inflow = Inflow { limits, address, owed: 0, pause: None };
        Self { stream, patience, deadline: None, inflow, guard, _place: place }
    }

    /// Tries to write; fails when nothing could be written for too long.
    fn try_write<T>(
        &mut self,
        cx: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut S>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if let Poll::Ready(written) = write(Pin::new(&mut self.stream), cx) {
            self.deadline = None;
            return Poll::Ready(written);
        }
        let patience = self.patience;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(patience)));
        deadline.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Stream<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let Self { stream, inflow, guard, .. } = self.get_mut();
        ready!(inflow.poll_settled(cx));
        let before = buffer.filled().len();
        let read = Pin::new(stream).poll_read(cx, buffer);
        inflow.owed = buffer.filled().len() - before;
        guard.read(&mut buffer.filled_mut()[before..]);
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let first = this.guard.to_write(bytes);
        let written = this.try_write(cx, |stream, cx| stream.poll_write(cx, first));
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
        self.get_mut().try_write(cx, |stream, cx| stream.poll_write_vectored(cx, slices))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use madang_common::time::UnixMillis;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;
    use crate::{clock::ManualClock, config::Config};

    fn limited<S: AsyncWrite + Unpin>(stream: S, patience: Duration, clock: &ManualClock) -> Stream<S> {
        let limits = Limits::new(&Config { clock: clock.clock(), ..Config::default() });
        let address = Some(Address::of([192, 0, 2, 1].into()));
        let place = limits.connection(address).expect("a place");
        Stream::new(stream, patience, (limits, address), place, Guard::default())
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
}
