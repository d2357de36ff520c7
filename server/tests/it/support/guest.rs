//! Someone outside: a connection to namespace `/`, through a Socket.IO client that no one here wrote.

use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use rust_socketio::{
    Event, Payload,
    asynchronous::{Client, ClientBuilder},
};
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use super::{PATIENCE, TestServer, Transport, within};

/// An event and its first argument. This client takes an event without one for a `message` with its name.
pub(crate) type Heard = (String, Value);

pub(crate) struct Guest {
    client: Client,
    incoming: mpsc::UnboundedReceiver<Heard>,
    closed: mpsc::UnboundedReceiver<()>,
}

impl Guest {
    pub(crate) async fn connect(server: &TestServer) -> Self {
        Self::connect_by(server, Transport::WebSocket).await.expect("a connection")
    }

    /// Connects; answers why not.
    pub(crate) async fn connect_by(server: &TestServer, transport: Transport) -> Result<Self, String> {
        let (events, incoming) = mpsc::unbounded_channel();
        let (outcome, mut outcomes) = mpsc::unbounded_channel::<Result<(), String>>();
        let (closing, closed) = mpsc::unbounded_channel();
        let refused = outcome.clone();
        let client = ClientBuilder::new(&server.url)
            .reconnect(false)
            .transport_type(transport.into())
            .on(Event::Connect, move |_, _| {
                drop(outcome.send(Ok(())));
                async {}.boxed()
            })
            .on(Event::Error, move |payload, _| {
                drop(refused.send(Err(format!("{payload:?}"))));
                async {}.boxed()
            })
            .on(Event::Close, move |_, _| {
                // Nobody waits for it any more when the test is over.
                let _unheard = closing.send(());
                async {}.boxed()
            })
            .on_any(move |event, payload, _| {
                if let (Event::Custom(_) | Event::Message, Payload::Text(mut values)) = (&event, payload) {
                    drop(events.send((event.to_string(), values.remove(0))));
                }
                async {}.boxed()
            });
        let client = within(client.connect()).await.expect("a transport");
        within(outcomes.recv()).await.expect("connected or refused")?;
        Ok(Self { client, incoming, closed })
    }

    /// Sends an event without asking for an acknowledgement.
    pub(crate) async fn tell(&self, event: &str, data: Value) {
        within(self.client.emit(event, Payload::Text(vec![data]))).await.expect("sent");
    }

    /// Sends an event and waits for its acknowledgement.
    pub(crate) async fn ask(&self, event: &str, data: Value) -> Value {
        let (sender, answer) = oneshot::channel();
        let sender = Arc::new(Mutex::new(Some(sender)));
        let acked = move |payload: Payload, _: Client| {
            let Payload::Text(mut values) = payload else { panic!("no binary acknowledgements") };
            let sender = sender.lock().expect("no panic").take().expect("one acknowledgement");
            drop(sender.send(values.remove(0)));
            async {}.boxed()
        };
        let data = Payload::Text(vec![data]);
        within(self.client.emit_with_ack(event, data, PATIENCE, acked)).await.expect("sent");
        match within(answer).await.expect("an acknowledgement") {
            Value::Array(mut arguments) => arguments.remove(0),
            other => panic!("an acknowledgement has arguments, not {other}"),
        }
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
        within(self.incoming.recv()).await.expect("the connection stands")
    }

    /// Everything that was sent to this client before now and not taken yet: an acknowledgement comes after what was
    /// sent before it.
    pub(crate) async fn all_until_now(&mut self) -> Vec<Heard> {
        assert_eq!(self.refused("no such event", Value::Null).await, "unknown_event");
        std::iter::from_fn(|| self.incoming.try_recv().ok()).collect()
    }

    /// Waits until the server has closed the namespace.
    pub(crate) async fn until_closed(&mut self) {
        within(self.closed.recv()).await.expect("a notice of the close");
    }
}
