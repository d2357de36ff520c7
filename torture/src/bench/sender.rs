//! Someone who posts, waits for the acknowledgement, and posts the next.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result};
use madang_client::driver::Session;
use madang_common::{event::message::Post, id::RoomId, text::MessageText};
use tokio::time::{Instant, timeout};

use crate::{link::Link, person::new_client_id};

/// A post that takes longer is not waited for: something is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// A sender, connected, with a room of their own to post into.
pub(super) struct Sender {
    link: Link,
    room: RoomId,
    posts: u64,
}

impl Sender {
    /// Connects as the person whose session this is.
    pub(super) async fn connect(server: SocketAddr, session: &Session, room: RoomId) -> Result<Self> {
        Ok(Self { link: Link::open(server, session).await?, room, posts: 0 })
    }

    /// Posts until it is `end`; how long each post took until it was acknowledged.
    pub(super) async fn post_until(&mut self, end: Instant) -> Result<Vec<Duration>> {
        let mut delays = Vec::new();
        while Instant::now() < end {
            let start = Instant::now();
            timeout(PATIENCE, self.post()).await.context("a post is not acknowledged")??;
            delays.push(start.elapsed());
        }
        Ok(delays)
    }

    async fn post(&mut self) -> Result<()> {
        self.posts += 1;
        // About as long as people's messages are.
        let text = format!("Message {} to nobody but its sender, to see how fast the disk takes it.", self.posts);
        let text = MessageText::parse(&text).context("a text to post")?;
        self.link.request(&Post { room: self.room, client_id: new_client_id(), text }).await?;
        Ok(())
    }
}
