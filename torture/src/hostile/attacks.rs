//! What they do, one connection at a time, until the server puts an end to it.

use std::time::Duration;

use anyhow::{Context, Result};
use madang_common::route;
use tokio::time::sleep;

use super::{
    Hostile,
    line::{BINARY, PING, TEXT, frame, head, request},
};

const WEB_SOCKET: &str = "/socket.io/?EIO=4&transport=websocket";
const POLLING: &str = "/socket.io/?EIO=4&transport=polling";
/// Between two bytes of who is slow.
const TRICKLE: Duration = Duration::from_millis(200);
/// As long as a frame may be.
const LONGEST: usize = 64 * 1024;

impl Hostile {
    /// A name that is not another's.
    pub(super) fn some_name(&self) -> String {
        format!("h-{}-{}", self.number, fastrand::u32(..))
    }

    /// The cookie of a new person.
    pub(super) async fn account(&self) -> Result<String> {
        self.line().await?.join_madang(&self.some_name()).await
    }

    /// The address of a new session by long polling.
    async fn polling(&self) -> Result<String> {
        let mut line = self.line().await?;
        let answer =
            line.ask(&format!("GET {POLLING} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"), "").await?;
        let sid = answer.split_once("\"sid\":\"").and_then(|(_, after)| after.split_once('"'));
        Ok(format!("{POLLING}&sid={}", sid.context("no session")?.0))
    }
}

pub(super) async fn oversize(hostile: &Hostile) -> Result<()> {
    let mut line = hostile.line().await?;
    match hostile.number % 3 {
        0 => {
            line.upgrade(WEB_SOCKET, "").await?;
            line.write(head(TEXT, 1 << 40)).await?;
            line.flood(|_| vec![b'x'; LONGEST]).await
        }
        1 => {
            line.upgrade(route::WEB_SOCKET, "").await?;
            // Piece by piece, none of them the last.
            line.flood(|number| {
                let mut piece = frame(if number == 0 { TEXT } else { 0 }, &[b'x'; 1_000]);
                piece[0] &= 0x7f;
                piece
            })
            .await
        }
        _ => {
            let path = hostile.polling().await?;
            line.write(format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n"))
                .await?;
            line.flood(|_| b"1\r\nx\r\n".repeat(1_000)).await
        }
    }
}

pub(super) async fn attachments(hostile: &Hostile) -> Result<()> {
    let mut line = hostile.line().await?;
    line.upgrade(WEB_SOCKET, "").await?;
    line.send("40").await?;
    let announced = ["1", "8", "10000", "18446744073709551615"][fastrand::usize(..4)];
    let long = "x".repeat(LONGEST - 200);
    line.send(&format!("45{announced}-[\"some event\",{{\"_placeholder\":true,\"num\":0}},\"{long}\"]")).await?;
    line.write(frame(BINARY, &[0; 1_000])).await?;
    line.read_all().await
}

pub(super) async fn half_open(hostile: &Hostile) -> Result<()> {
    let mut line = hostile.line().await?;
    match hostile.number % 4 {
        // Not even a request.
        0 => line.read_all().await,
        1 => {
            line.upgrade(WEB_SOCKET, "").await?;
            line.read_all().await
        }
        // A client of 2.x is in a namespace by its handshake.
        2 => {
            line.upgrade("/socket.io/?EIO=3&transport=websocket", "").await?;
            line.flood(|_| frame(TEXT, b"2")).await
        }
        _ => loop {
            let head = format!("GET {POLLING} HTTP/1.1\r\nhost: localhost\r\n");
            line.ask(&head, "").await?;
        },
    }
}

pub(super) async fn namespaces(hostile: &Hostile) -> Result<()> {
    let mut line = hostile.line().await?;
    line.upgrade(WEB_SOCKET, "").await?;
    line.send("40").await?;
    let asked = |number: u64| match number % 3 {
        0 => frame(TEXT, format!("40/nowhere-{number},").as_bytes()),
        1 => frame(TEXT, b"40/chat,"),
        _ => [frame(TEXT, b"41"), frame(TEXT, b"40")].concat(),
    };
    if hostile.number.is_multiple_of(2) {
        return line.flood(asked).await;
    }
    for number in 0.. {
        line.write(asked(number)).await?;
    }
    Ok(())
}

pub(super) async fn rooms(hostile: &Hostile) -> Result<()> {
    let cookie = hostile.account().await?;
    let mut line = hostile.line().await?;
    line.join_chat(&cookie).await?;
    let name = hostile.some_name();
    line.flood(|number| {
        let create = format!("42/chat,{number}[\"room.create\",{{\"name\":\"{name} {number}\",\"topic\":\"\"}}]");
        frame(TEXT, create.as_bytes())
    })
    .await
}

/// An event that is well-formed or is not.
fn some_event(number: u64) -> Vec<u8> {
    let event = match number % 6 {
        0 => "[\"session.hello\",{}]".to_owned(),
        1 => format!(
            "[\"message.post\",{{\"room\":1,\"client_id\":\"0192f0c1-2345-7abc-8def-{:012x}\",\"text\":\"{}\"}}]",
            fastrand::u64(..1 << 48),
            "flood ".repeat(fastrand::usize(1..600))
        ),
        2 => "[\"room.open\",{\"room\":1}]".to_owned(),
        3 => "[\"typing.start\",{\"room\":1}]".to_owned(),
        4 => "[\"no such event\",7]".to_owned(),
        _ => "[\"room.sync\",{\"room\":1,\"since\":0}]".to_owned(),
    };
    frame(TEXT, format!("42/chat,{number}{event}").as_bytes())
}

pub(super) async fn flood(hostile: &Hostile) -> Result<()> {
    let mut line = hostile.line().await?;
    match hostile.number % 4 {
        0 => {
            line.upgrade(WEB_SOCKET, "").await?;
            line.send("40").await?;
            line.flood(|_| frame(TEXT, b"42[\"chat message\",\"flood\"]")).await
        }
        1 => {
            line.upgrade(route::WEB_SOCKET, "").await?;
            line.flood(|_| [frame(TEXT, b"flood"), frame(PING, b"")].concat()).await
        }
        _ => {
            let cookie = hostile.account().await?;
            line.join_chat(&cookie).await?;
            line.flood(some_event).await
        }
    }
}

pub(super) async fn deaf(hostile: &Hostile) -> Result<()> {
    let cookie = hostile.account().await?;
    let mut line = hostile.line().await?;
    if hostile.number.is_multiple_of(2) {
        line.join_chat(&cookie).await?;
        for number in 0.. {
            line.write(some_event(number)).await?;
        }
    }
    let page = request(&format!("GET /r/lobby HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\n"), "");
    loop {
        line.write(&page).await?;
    }
}

pub(super) async fn slow(hostile: &Hostile) -> Result<()> {
    let mut line = hostile.line().await?;
    match hostile.number % 4 {
        0 => line.write("GET / HTTP/1.1\r\nhost: localhost\r\nx-slow: ").await?,
        1 => {
            let head =
                "POST /join HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n";
            line.write(format!("{head}content-length: {LONGEST}\r\n\r\n{}", "x".repeat(LONGEST - 1_000))).await?;
        }
        2 => {
            line.upgrade(WEB_SOCKET, "").await?;
            line.send("40").await?;
            line.write(head(TEXT, LONGEST)).await?;
            line.write("x".repeat(LONGEST - 1_000)).await?;
        }
        _ => {
            line.upgrade(route::WEB_SOCKET, "").await?;
            let mut piece = frame(TEXT, "x".repeat(LONGEST - 1_000).as_bytes());
            piece[0] &= 0x7f;
            line.write(piece).await?;
            loop {
                // It is there, it only never comes to an end.
                sleep(TRICKLE * 10).await;
                line.write(frame(PING, b"")).await?;
            }
        }
    }
    loop {
        sleep(TRICKLE).await;
        line.write("x").await?;
    }
}

pub(super) async fn no_text(hostile: &Hostile) -> Result<()> {
    let mut line = hostile.line().await?;
    match hostile.number % 3 {
        0 => {
            line.upgrade(WEB_SOCKET, "").await?;
            line.flood(|_| frame(TEXT, b"42[\"chat message\",\"\xff\xfe\"]")).await
        }
        1 => {
            line.upgrade(route::WEB_SOCKET, "").await?;
            line.flood(|_| frame(TEXT, b"\xed\xa0\x80")).await
        }
        _ => {
            let path = hostile.polling().await?;
            let head = format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\n\r\n");
            line.flood(|_| [head.as_bytes(), b"4\xc3\x28"].concat()).await
        }
    }
}

pub(super) async fn ack_ids(hostile: &Hostile) -> Result<()> {
    let cookie = hostile.account().await?;
    let mut line = hostile.line().await?;
    line.join_chat(&cookie).await?;
    line.flood(|number| {
        let digits = "9".repeat(if number % 2 == 0 { 18 } else { 60_000 });
        let kind = if number % 4 < 2 { '2' } else { '3' };
        frame(TEXT, format!("4{kind}/chat,{digits}[\"room.head\",{{}}]").as_bytes())
    })
    .await
}

pub(super) async fn forged(hostile: &Hostile) -> Result<()> {
    let mut line = hostile.line().await?;
    let made_up: String = std::iter::repeat_with(fastrand::alphanumeric).take(20).collect();
    loop {
        match fastrand::u8(..3) {
            0 => line.ask(&format!("GET {POLLING}&sid={made_up} HTTP/1.1\r\nhost: localhost\r\n"), "").await?,
            1 => {
                let head = format!("POST {POLLING}&sid={made_up} HTTP/1.1\r\nhost: localhost\r\n");
                line.ask(&head, "42/chat,1[\"session.hello\",{}]").await?
            }
            _ => {
                let cookie = format!("madang_session={made_up}");
                line.ask(&format!("GET /r/lobby HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\n"), "").await?
            }
        };
    }
}

pub(super) async fn origin(hostile: &Hostile) -> Result<()> {
    let mut line = hostile.line().await?;
    let foreign = "host: localhost\r\norigin: http://evil.example\r\n";
    loop {
        match fastrand::u8(..3) {
            0 => line.ask(&format!("GET {POLLING} HTTP/1.1\r\n{foreign}"), "").await?,
            1 => line.ask(&format!("POST /join HTTP/1.1\r\n{foreign}"), "name=evil").await?,
            _ => line.ask(&format!("GET /ws HTTP/1.1\r\n{foreign}upgrade: websocket\r\n"), "").await?,
        };
    }
}

pub(super) async fn swelling(hostile: &Hostile) -> Result<()> {
    let mut line = hostile.line().await?;
    let zeros = format!("[{}0]", "0,".repeat(LONGEST / 2 - 100));
    if hostile.number.is_multiple_of(2) {
        line.upgrade(WEB_SOCKET, "").await?;
        line.send("40").await?;
        return line.flood(|_| frame(TEXT, format!("42[\"some event\",{zeros}]").as_bytes())).await;
    }
    let cookie = hostile.account().await?;
    line.upgrade(route::WEB_SOCKET, &format!("cookie: {cookie}\r\nsec-websocket-protocol: madang.v1.json\r\n"))
        .await?;
    line.flood(|number| {
        frame(TEXT, format!("{{\"event\":\"room.head\",\"data\":{zeros},\"id\":{number}}}").as_bytes())
    })
    .await
}

pub(super) async fn forms(hostile: &Hostile) -> Result<()> {
    let mut line = hostile.line().await?;
    loop {
        if fastrand::bool() {
            line.ask("GET / HTTP/1.1\r\nhost: localhost\r\n", "").await?;
        } else {
            let head =
                "POST /join HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n";
            line.ask(head, &format!("name={}", hostile.some_name())).await?;
        }
    }
}
