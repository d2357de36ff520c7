//! The size of the kernel's send buffer.

use std::io;

use socket2::SockRef;
use tokio::net::TcpStream;

/// Bytes that the system may keep of what a client has not taken in; Linux doubles it for its own bookkeeping. By itself
/// it goes up to 4 MB (`net.ipv4.tcp_wmem`) for as long as a client likes to read nothing: 300 unread downloads held
/// 822 MB. It is enough for some 1 MB a second to a client that is 100 ms away.
const BYTES: usize = 64 * 1024;

/// Bounds what is kept of a connection's answers outside the server's own memory, where they are counted.
///
/// # Errors
/// When the system refuses; the connection works all the same.
pub(super) fn bound(stream: &TcpStream) -> io::Result<()> {
    SockRef::from(stream).set_send_buffer_size(BYTES)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::{net::TcpListener, time::timeout};

    use super::*;

    /// How much is written to a client that reads nothing before there is no room for more.
    async fn unread(bound_it: bool) -> usize {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (client, accepted) = tokio::join!(TcpStream::connect(address), listener.accept());
        let (_client, (server, _)) = (client.expect("a connection"), accepted.expect("a connection"));
        if bound_it {
            bound(&server).expect("it is a socket");
        }
        let mut written = 0;
        // There may be room again once the client's system has taken something in.
        while timeout(Duration::from_millis(200), server.writable()).await.is_ok() {
            match server.try_write(&[0; 16 * 1024]) {
                Ok(count) => written += count,
                Err(error) => assert_eq!(error.kind(), io::ErrorKind::WouldBlock),
            }
        }
        written
    }

    #[tokio::test]
    async fn little_is_kept_for_who_reads_nothing() {
        let (kept, otherwise) = tokio::join!(unread(true), unread(false));
        assert!(kept < 1 << 20, "{kept} bytes");
        assert!(kept < otherwise / 2, "{kept} bytes, and {otherwise} without the bound");
    }
}
