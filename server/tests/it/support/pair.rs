//! Two ordinary people, who talk on whatever others do.

use madang_common::id::ClientId;

use super::{Actor, TestServer, said};

pub(crate) struct Pair {
    speaker: Actor,
    listener: Actor,
    said: u64,
}

impl Pair {
    pub(crate) async fn join(server: &TestServer) -> Self {
        Self { speaker: server.join("민수").await, listener: server.join("지나").await, said: 0 }
    }

    /// One says something; it is acknowledged, and the other hears it.
    pub(crate) async fn talk(&mut self) {
        self.said += 1;
        let (lobby, text) = (self.speaker.lobby, format!("all is well, {}", self.said));
        let message = self.speaker.post_as(lobby, ClientId::new(self.said, [0; 10]), &text).await.expect("posted");
        while self.listener.next_change(lobby).await != message {}
        assert_eq!(said(&message), text);
    }

    /// How many messages there have been in the lobby.
    pub(crate) async fn messages(&self) -> i64 {
        let page = self.listener.open(self.listener.lobby).await.expect("a member");
        page.messages.last().expect("people have joined").seq.0
    }
}
