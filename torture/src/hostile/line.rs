//! A bare connection, and what may be written on it: whole requests, and frames that no library would make.

use std::net::{IpAddr, SocketAddr};

use anyhow::{Context, Result, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

/// How much is read of an answer that is looked at.
const ANSWER: usize = 64 * 1024;

/// A connection from an address of its own.
pub(super) struct Line(TcpStream);

/// What a WebSocket's frame is (RFC 6455, section 5.2).
pub(super) const TEXT: u8 = 0x1;
pub(super) const BINARY: u8 = 0x2;
pub(super) const PING: u8 = 0x9;

impl Line {
    pub(super) async fn connect(from: IpAddr, to: SocketAddr) -> Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::new(from, 0))?;
        let stream = socket.connect(to).await?;
        stream.set_nodelay(true)?;
        Ok(Self(stream))
    }

    pub(super) async fn write(&mut self, bytes: impl AsRef<[u8]>) -> Result<()> {
        Ok(self.0.write_all(bytes.as_ref()).await?)
    }

    /// Reads something; an error when there is nothing more.
    pub(super) async fn read(&mut self) -> Result<String> {
        let mut bytes = vec![0; ANSWER];
        match self.0.read(&mut bytes).await? {
            0 => bail!("the server closed the connection"),
            count => Ok(String::from_utf8_lossy(&bytes[..count]).into_owned()),
        }
    }

    /// Reads until there is nothing more, or for ever.
    pub(super) async fn read_all(&mut self) -> Result<()> {
        loop {
            self.read().await?;
        }
    }

    /// Writes again and again, while what comes is read and thrown away.
    pub(super) async fn flood(&mut self, mut next: impl FnMut(u64) -> Vec<u8>) -> Result<()> {
        let (mut reading, mut writing) = self.0.split();
        let write = async {
            for number in 0.. {
                writing.write_all(&next(number)).await?;
            }
            Ok(())
        };
        let read = async {
            let mut bytes = vec![0; ANSWER];
            while reading.read(&mut bytes).await? > 0 {}
            Ok(())
        };
        tokio::select! {
            written = write => written,
            ended = read => ended,
        }
    }

    /// Sends a request and reads the beginning of its answer.
    pub(super) async fn ask(&mut self, head: &str, body: &str) -> Result<String> {
        self.write(request(head, body)).await?;
        self.read().await
    }

    /// Becomes a WebSocket.
    pub(super) async fn upgrade(&mut self, path: &str, headers: &str) -> Result<()> {
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}"
        );
        let answer = self.ask(&head, "").await?;
        if !answer.starts_with("HTTP/1.1 101 ") {
            bail!("refused: {}", answer.lines().next().unwrap_or_default());
        }
        Ok(())
    }

    pub(super) async fn send(&mut self, text: &str) -> Result<()> {
        self.write(frame(TEXT, text.as_bytes())).await
    }

    /// A WebSocket that has joined the chat for a new person.
    pub(super) async fn join_chat(&mut self, cookie: &str) -> Result<()> {
        self.upgrade("/socket.io/?EIO=4&transport=websocket", &format!("cookie: {cookie}\r\n")).await?;
        self.send("40/chat,").await
    }

    /// The cookie of a new person.
    pub(super) async fn join_madang(&mut self, name: &str) -> Result<String> {
        let head = "POST /join HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n";
        let answer = self.ask(head, &format!("name={name}")).await?;
        let cookie = answer.split_once("set-cookie: ").context("no session")?.1;
        Ok(cookie.split(';').next().unwrap_or_default().to_owned())
    }
}

/// A request, its head without the last empty line.
pub(super) fn request(head: &str, body: &str) -> String {
    let length = if body.is_empty() { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    format!("{head}{length}\r\n{body}")
}

/// A WebSocket's frame from a client, masked with zeros.
pub(super) fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = head(kind, payload.len());
    frame.extend_from_slice(payload);
    frame
}

/// The head of a frame whose payload is said to be this long.
pub(super) fn head(kind: u8, length: usize) -> Vec<u8> {
    const LAST: u8 = 0x80;
    const MASKED: u8 = 0x80;
    let mut head = vec![LAST | kind];
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ 0..=125), _) => head.push(MASKED | short),
        (_, Ok(medium)) => {
            head.push(MASKED | 126);
            head.extend(medium.to_be_bytes());
        }
        _ => {
            head.push(MASKED | 127);
            head.extend((length as u64).to_be_bytes());
        }
    }
    head.extend([0; 4]);
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_in_as_many_bytes_as_they_need() {
        assert_eq!(frame(TEXT, b"hi"), [0x81, 0x82, 0, 0, 0, 0, b'h', b'i']);
        assert_eq!(head(BINARY, 126), [0x82, 0xfe, 0, 126, 0, 0, 0, 0]);
        assert_eq!(head(BINARY, 65_536), [0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn a_body_has_its_length() {
        assert_eq!(request("GET / HTTP/1.1\r\n", ""), "GET / HTTP/1.1\r\n\r\n");
        assert_eq!(request("POST / HTTP/1.1\r\n", "ab"), "POST / HTTP/1.1\r\ncontent-length: 2\r\n\r\nab");
    }
}
