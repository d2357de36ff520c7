//! A connection's stream of bytes: it has its place among the connections, and fails when nobody takes in what it sends.

use std::{
    future::Future,
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

use crate::limits::Place;

/// A stream that fails when it cannot write anything for a while. It is kept when a connection becomes a WebSocket, and
/// with it the place.
pub(super) struct Stream<S> {
    stream: S,
    patience: Duration,
    /// When to give up, while something waits to be written.
    deadline: Option<Pin<Box<Sleep>>>,
    _place: Place,
}

impl<S: AsyncWrite + Unpin> Stream<S> {
    pub(super) fn new(stream: S, patience: Duration, place: Place) -> Self {
        Self { stream, patience, deadline: None, _place: place }
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
        Pin::new(&mut self.get_mut().stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.get_mut().try_write(cx, |stream, cx| stream.poll_write(cx, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
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
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;
    use crate::{config::Config, limits::Limits};

    fn place() -> Place {
        Limits::new(&Config::default()).connection(None).expect("a place")
    }

    const PATIENCE: Duration = Duration::from_millis(50);

    #[tokio::test]
    async fn who_takes_nothing_in_is_waited_for_so_long() {
        let (server, _client) = duplex(10);
        let mut stream = Stream::new(server, PATIENCE, place());
        let start = tokio::time::Instant::now();
        let error = stream.write_all(&[0; 100]).await.expect_err("nobody reads");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(start.elapsed() >= PATIENCE);
    }

    #[tokio::test]
    async fn who_takes_it_in_slowly_gets_all_of_it() {
        let (server, mut client) = duplex(10);
        let patience = Duration::from_secs(20);
        let mut stream = Stream::new(server, patience, place());
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
}
