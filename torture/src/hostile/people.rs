//! What people do who have joined, or speak as guests: things that cost the server more than they cost them.

use std::time::Duration;

use anyhow::Result;
use tokio::time::{sleep, timeout};

use super::{
    Hostile,
    line::{TEXT, frame},
};
use crate::person::now_ms;

/// How long somebody is there before they let another have their name.
const THERE: Duration = Duration::from_millis(500);
/// How long a name is to stay with who is gone, on the server that this is tried on, and a little more.
const LAPSED: Duration = Duration::from_millis(3_500);
/// All who vanish do it when a period of so many milliseconds ends.
const VANISHING_MS: u64 = 3_000;
/// How many take names, or speak, in [`namesakes`].
pub(super) const NAMESAKES: u64 = 60;
/// How often a ping is answered.
const PONG: Duration = Duration::from_secs(10);
/// As long as a message may be, in characters.
const LONGEST_MESSAGE: usize = 4_000;

/// Many who hold a name and its numbered forms, while guests speak under it.
pub(super) async fn namesakes(hostile: &Hostile) -> Result<()> {
    let mut line = hostile.line().await?;
    if hostile.number.is_multiple_of(2) {
        // Each of them takes every so many-th form of the name, the first one the name itself.
        let form = hostile.number / 2 + 1 + hostile.turn() * NAMESAKES / 2;
        let name = if form == 1 { "x".to_owned() } else { format!("x+({form})") };
        line.join_madang(&name).await?;
        return Ok(());
    }
    line.upgrade("/socket.io/?EIO=4&transport=websocket", "").await?;
    line.send("40").await?;
    line.flood(|_| frame(TEXT, br#"42["my event",{"user_name":"x","message":"which one am I?"}]"#)).await
}

/// Some write as much as they may, the others never read it, and ask again and again how much it is.
pub(super) async fn unread(hostile: &Hostile) -> Result<()> {
    let cookie = hostile.account().await?;
    let mut line = hostile.line().await?;
    line.join_chat(&cookie).await?;
    let writes = hostile.number.is_multiple_of(2);
    line.flood(|number| {
        let event = match number % 4 {
            _ if writes => post("more"),
            0 => "[\"room.head\",{}]".to_owned(),
            1 => "[\"session.hello\",{}]".to_owned(),
            2 => "[\"room.read\",{\"room\":1,\"read\":1}]".to_owned(),
            _ => "[\"room.digest\",{\"room\":1,\"from\":1}]".to_owned(),
        };
        frame(TEXT, format!("42/chat,{number}{event}").as_bytes())
    })
    .await
}

/// Names that change hands: somebody speaks and goes, another takes the name, and the first comes back under a new one.
pub(super) async fn renamed(hostile: &Hostile) -> Result<()> {
    let name = hostile.some_name();
    let mut first = hostile.line().await?;
    let cookie = first.join_madang(&name).await?;
    first.join_chat(&cookie).await?;
    first.send(&format!("42/chat,1{}", post("I was here first"))).await?;
    let stays = first.read_all();
    // They are there for a moment only.
    let _gone = timeout(THERE, stays).await;
    drop(first);
    sleep(LAPSED).await;
    let other = hostile.line().await?.join_madang(&name).await?;
    let mut second = hostile.line().await?;
    second.join_chat(&other).await?;
    second.send(&format!("42/chat,1{}", post("now I am here"))).await?;
    let mut back = hostile.line().await?;
    let renamed = format!("name={name}-again");
    let head = format!(
        "POST /join HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\n\
         content-type: application/x-www-form-urlencoded\r\n"
    );
    back.ask(&head, &renamed).await?;
    back.reset()
}

/// As much as one may store: people, rooms and the longest messages, in letters of three bytes.
pub(super) async fn hoard(hostile: &Hostile) -> Result<()> {
    let cookie = hostile.account().await?;
    let mut line = hostile.line().await?;
    line.join_chat(&cookie).await?;
    let name = hostile.some_name();
    let text = "글".repeat(LONGEST_MESSAGE);
    line.flood(|number| {
        let event = match number % 20 {
            0 => format!("[\"room.create\",{{\"name\":\"{name} {number}\",\"topic\":\"\"}}]"),
            _ => post(&text),
        };
        frame(TEXT, format!("42/chat,{number}{event}").as_bytes())
    })
    .await
}

/// People who are all cut off at the same moment, and come back to do it again.
pub(super) async fn vanish(hostile: &Hostile) -> Result<()> {
    let cookie = hostile.kept_account().await?;
    let mut line = hostile.line().await?;
    line.join_chat(&cookie).await?;
    let left = VANISHING_MS - now_ms() % VANISHING_MS;
    let _cut = timeout(Duration::from_millis(left), line.read_all()).await;
    line.reset()
}

/// A few people who hold all the sessions that there are, and answer pings.
pub(super) async fn crowd(hostile: &Hostile) -> Result<()> {
    let cookie = hostile.kept_account().await?;
    let mut line = hostile.line().await?;
    line.join_chat(&cookie).await?;
    loop {
        match timeout(PONG, line.read_all()).await {
            Ok(ended) => return ended,
            // One that comes before its ping counts for the next.
            Err(_) => line.send("3").await?,
        }
    }
}

fn post(text: &str) -> String {
    let client_id = format!("0192f0c1-2345-7abc-8def-{:012x}", fastrand::u64(..1 << 48));
    format!("[\"message.post\",{{\"room\":1,\"client_id\":\"{client_id}\",\"text\":\"{text}\"}}]")
}
