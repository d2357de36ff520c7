//! Closing a connection: what the client still sends is read and discarded until it has closed too.
//!
//! A system that closes a connection on which unread bytes wait sends a reset, which can overtake the last words: a close
//! frame, or the answer to a request that was refused before all of it came (RFC 9112, section 9.6).

use std::time::Duration;

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::timeout,
};

use crate::net::limits::Connection;

/// How long a client gets to close.
const PATIENCE: Duration = Duration::from_secs(1);
/// How much is thrown away at most, in bytes. Who sends more than that does not read.
const MOST: u64 = 1 << 20;

/// Ends a connection. It keeps its place until then, and may lose it to another.
pub(super) async fn linger(stream: impl AsyncRead + AsyncWrite + Unpin, connection: Connection) {
    linger_for(PATIENCE, stream, connection).await;
}

async fn linger_for(patience: Duration, mut stream: impl AsyncRead + AsyncWrite + Unpin, connection: Connection) {
    let closed = async {
        // An error is an end, too.
        if stream.shutdown().await.is_ok() {
            let mut rest = (&mut stream).take(MOST);
            let mut buffer = [0; 1024];
            while rest.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
        }
    };
    tokio::select! {
        closed = timeout(patience, closed) => if closed.is_err() {
            tracing::debug!("a client did not close its connection");
        },
        () = connection.link().when_cut() => {}
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::duplex;

    use super::*;
    use crate::{config::Config, net::limits::Limits};

    #[tokio::test]
    async fn it_ends_with_the_client() {
        let limits = Limits::new(&Config::default());
        let (server, mut client) = duplex(10);
        let connection = limits.connection(None).expect("a place");
        // Longer than any test may take.
        let lingering = tokio::spawn(linger_for(Duration::from_secs(3_600), server, connection));
        client.write_all(&[7; 5_000]).await.expect("it is read");
        assert_eq!(client.read(&mut [0; 10]).await.expect("no error"), 0, "nothing more is written");
        assert_eq!(limits.gauge().connections.0, 1);
        drop(client);
        lingering.await.expect("no panic");
        assert_eq!(limits.gauge().connections.0, 0);
    }

    #[tokio::test]
    async fn a_client_that_does_not_close_is_not_waited_for_for_ever() {
        let limits = Limits::new(&Config::default());
        let (server, client) = duplex(10);
        linger_for(Duration::from_millis(20), server, limits.connection(None).expect("a place")).await;
        assert_eq!(limits.gauge().connections.0, 0);
        drop(client);
    }

    #[tokio::test]
    async fn its_place_may_be_another_s() {
        let limits = Limits::new(&Config { connections: 1, ..Config::default() });
        let (server, client) = duplex(10);
        let connection = limits.connection(None).expect("a place");
        let lingering = tokio::spawn(linger_for(Duration::from_secs(3_600), server, connection));
        let newcomer = limits.connection(None).expect("its place");
        lingering.await.expect("no panic");
        drop((client, newcomer));
    }
}
