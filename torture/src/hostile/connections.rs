//! What is done with connections themselves: they are reset, held, and left unread.

use std::time::Duration;

use anyhow::{Context, Result};
use madang_common::route;
use tokio::time::sleep;

use super::{
    Hostile,
    line::{TEXT, frame, head, request, upgrade},
};

/// Of an answer, what the client's own side of the connection takes in unread, in bytes.
const SMALL_WINDOW: u32 = 4 * 1024;
/// Requests that are sent without reading an answer.
const UNREAD: usize = 100;
/// Bytes of a text that nobody wants to find in a log.
const LONG_TEXT: usize = 60_000;
/// As long as a body may be, in bytes.
const LONG_BODY: usize = 64 * 1024;
/// How often something is read of a page.
const SIP: Duration = Duration::from_secs(2);
/// How often a connection that is held says that it is alive, where it has to.
const ALIVE: Duration = Duration::from_secs(10);

/// A handshake that is reset at each of its steps.
pub(super) async fn reset(hostile: &Hostile) -> Result<()> {
    let line = 3 + hostile.turn() / 6 % 2;
    let path = format!("/socket.io/?EIO={line}&transport=websocket");
    let asked = request(&upgrade(&path, ""), "");
    let mut line = hostile.line().await?;
    match hostile.turn() % 6 {
        0 => line.write(&asked[..asked.len() / 2]).await?,
        1 => line.write(&asked).await?,
        // The session exists, and its first packet finds nobody.
        2 => {
            line.write(&asked).await?;
            line.read_byte().await?;
        }
        3 => line.upgrade(&path, "").await?,
        4 => {
            line.upgrade(&path, "").await?;
            line.write(head(TEXT, 1_000)).await?;
            line.write("x".repeat(500)).await?;
        }
        _ => {
            line.write(request(
                &format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n").replace("websocket", "polling"),
                "",
            ))
            .await?;
            line.read_byte().await?;
        }
    }
    line.reset()
}

/// Connections that are held and do nothing, or no more than they have to.
pub(super) async fn idle(hostile: &Hostile) -> Result<()> {
    let mut line = hostile.line().await?;
    match hostile.number % 3 {
        0 => line.read_all().await,
        1 => {
            line.ask("GET /health HTTP/1.1\r\nhost: localhost\r\n", "").await?;
            line.read_all().await
        }
        _ => {
            line.upgrade("/socket.io/?EIO=3&transport=websocket", "").await?;
            loop {
                sleep(ALIVE).await;
                line.send("2").await?;
            }
        }
    }
}

/// Long texts on plain WebSockets, which a server could want to log.
pub(super) async fn long_texts(hostile: &Hostile) -> Result<()> {
    let mut line = hostile.line().await?;
    line.upgrade(route::WEB_SOCKET, "").await?;
    let text = "long ".repeat(LONG_TEXT / 5);
    line.flood(|_| frame(TEXT, text.as_bytes())).await
}

/// Addresses that lead nowhere, large pages and large files, none of which is read.
pub(super) async fn downloads(hostile: &Hostile) -> Result<()> {
    let cookie = match hostile.number % 4 {
        0 => hostile.account().await?,
        _ => String::new(),
    };
    let path = match hostile.number % 4 {
        0 => "/r/lobby".to_owned(),
        1 => "/pkg/nope".to_owned(),
        2 => "/healthx".to_owned(),
        _ => hostile.largest_file().await?,
    };
    let mut line = hostile.line_with(Some(SMALL_WINDOW)).await?;
    let asked = request(&format!("GET {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\n"), "");
    if hostile.number.is_multiple_of(8) || hostile.number % 4 == 1 {
        // As fast as they are answered.
        return line.flood(|_| asked.clone().into_bytes()).await;
    }
    for _ in 0..UNREAD {
        line.write(&asked).await?;
    }
    std::future::pending().await
}

/// A body as long as one may be, of which the last byte comes as late as it can.
pub(super) async fn bodies(hostile: &Hostile) -> Result<()> {
    let mut line = hostile.line().await?;
    let head = format!("POST /join HTTP/1.1\r\nhost: localhost\r\ncontent-length: {LONG_BODY}\r\n\r\n");
    line.write(head).await?;
    line.write("x".repeat(LONG_BODY - 1)).await?;
    line.read_all().await
}

/// Pages that are read drop by drop.
pub(super) async fn sips(hostile: &Hostile) -> Result<()> {
    let cookie = hostile.kept_account().await?;
    let mut line = hostile.line_with(Some(SMALL_WINDOW)).await?;
    let asked = request(&format!("GET /r/lobby HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\n"), "");
    for _ in 0..UNREAD {
        line.write(&asked).await?;
    }
    loop {
        sleep(SIP).await;
        // As much as the small window holds.
        line.read().await?;
    }
}

impl Hostile {
    /// The address of the page's Wasm, as the page names it.
    async fn largest_file(&self) -> Result<String> {
        let mut line = self.line().await?;
        line.write(request("GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n", "")).await?;
        let mut page = String::new();
        while let Ok(more) = line.read().await {
            page.push_str(&more);
        }
        let end = page.find(".wasm").context("the page names no Wasm")?;
        let start = page[..end].rfind("/pkg/").context("the page names no Wasm")?;
        Ok(format!("{}.wasm", &page[start..end]))
    }
}
