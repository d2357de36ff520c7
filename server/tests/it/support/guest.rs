//! Someone outside: a connection to namespace `/`.

use rust_socketio::asynchronous::ClientBuilder;
use serde_json::Value;

use super::{
    TestServer,
    connection::{Connection, Heard, Transport},
};

pub(crate) struct Guest(Connection);

impl Guest {
    pub(crate) async fn connect(server: &TestServer) -> Self {
        Self::connect_by(server, Transport::WebSocket).await.expect("a connection")
    }

    /// Connects; answers why not.
    pub(crate) async fn connect_by(server: &TestServer, transport: Transport) -> Result<Self, String> {
        Connection::open(ClientBuilder::new(&server.url), transport).await.map(Self)
    }

    /// Sends an event without asking for an acknowledgement.
    pub(crate) async fn tell(&self, event: &str, data: Value) {
        self.0.tell(event, data).await;
    }

    /// Sends an event and waits for its acknowledgement.
    pub(crate) async fn ask(&self, event: &str, data: Value) -> Value {
        self.0.ask(event, vec![data]).await
    }

    /// Sends an event that is granted.
    pub(crate) async fn say(&self, event: &str, data: Value) {
        let answer = self.ask(event, data).await;
        assert!(answer.get("ok").is_some(), "{event}: {answer}");
    }

    /// Sends an event that is refused; answers with which code.
    pub(crate) async fn refused(&self, event: &str, data: Value) -> String {
        let answer = self.ask(event, data).await;
        answer["fault"]["code"].as_str().unwrap_or_else(|| panic!("{event} is refused, not {answer}")).to_owned()
    }

    /// The next event.
    pub(crate) async fn next(&mut self) -> Heard {
        self.0.next().await
    }

    /// Everything that was sent to this client before now and not taken yet: an acknowledgement comes after what was
    /// sent before it.
    pub(crate) async fn all_until_now(&mut self) -> Vec<Heard> {
        assert_eq!(self.refused("no such event", Value::Null).await, "unknown_event");
        self.0.come().collect()
    }
}
