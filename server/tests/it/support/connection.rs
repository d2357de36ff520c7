//! A connection to a namespace, through a Socket.IO client that no one here wrote.

use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use rust_socketio::{
    Event, Payload, TransportType,
    asynchronous::{Client, ClientBuilder},
};
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use super::{PATIENCE, within};

#[derive(Clone, Copy, Debug)]
pub(crate) enum Transport {
    WebSocket,
    Polling,
    /// Polling first, then a WebSocket.
    Upgrade,
}

impl From<Transport> for TransportType {
    fn from(transport: Transport) -> Self {
        match transport {
            Transport::WebSocket => Self::Websocket,
            Transport::Polling => Self::Polling,
            Transport::Upgrade => Self::WebsocketUpgrade,
        }
    }
}

/// An event and its first argument. This client takes an event without one for a `message` with its name.
pub(crate) type Heard = (String, Value);

pub(super) struct Connection {
    client: Client,
    incoming: mpsc::UnboundedReceiver<Heard>,
    closed: mpsc::UnboundedReceiver<()>,
}

impl Connection {
    /// Connects as the builder says; answers what the server says against it.
    pub(super) async fn open(builder: ClientBuilder, transport: Transport) -> Result<Self, String> {
        let (events, incoming) = mpsc::unbounded_channel();
        let (outcome, mut outcomes) = mpsc::unbounded_channel::<Result<(), String>>();
        let (closing, closed) = mpsc::unbounded_channel();
        let refused = outcome.clone();
        let builder = builder
            .reconnect(false)
            .transport_type(transport.into())
            .on(Event::Connect, move |_, _| {
                drop(outcome.send(Ok(())));
                async {}.boxed()
            })
            .on(Event::Error, move |payload, _| {
                drop(refused.send(Err(text_of(payload))));
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
        let client = within(builder.connect()).await.expect("a transport");
        within(outcomes.recv()).await.expect("connected or refused")?;
        Ok(Self { client, incoming, closed })
    }

    /// Sends an event without asking for an acknowledgement.
    pub(super) async fn tell(&self, event: &str, data: Value) {
        within(self.client.emit(event, Payload::Text(vec![data]))).await.expect("sent");
    }

    /// Sends whatever it is and waits for an acknowledgement.
    pub(super) async fn ask(&self, event: &str, arguments: Vec<Value>) -> Value {
        let (sender, answer) = oneshot::channel();
        let sender = Arc::new(Mutex::new(Some(sender)));
        let acked = move |payload: Payload, _: Client| {
            let Payload::Text(mut values) = payload else { panic!("no binary acknowledgements") };
            let sender = sender.lock().expect("no panic").take().expect("one acknowledgement");
            drop(sender.send(values.remove(0)));
            async {}.boxed()
        };
        within(self.client.emit_with_ack(event, Payload::Text(arguments), PATIENCE, acked)).await.expect("sent");
        match within(answer).await.expect("an acknowledgement") {
            Value::Array(mut arguments) => arguments.remove(0),
            other => panic!("an acknowledgement has arguments, not {other}"),
        }
    }

    /// The next event.
    pub(super) async fn next(&mut self) -> Heard {
        within(self.incoming.recv()).await.expect("the connection stands")
    }

    /// What has come and was not taken yet.
    pub(super) fn come(&mut self) -> impl Iterator<Item = Heard> {
        std::iter::from_fn(|| self.incoming.try_recv().ok())
    }

    /// Waits until the server has closed the namespace.
    pub(super) async fn until_closed(&mut self) {
        within(self.closed.recv()).await.expect("a notice of the close");
    }

    /// Closes the connection as a closed tab does.
    pub(super) async fn go(self) {
        within(self.client.disconnect()).await.expect("a connection to close");
    }
}

fn text_of(payload: Payload) -> String {
    match payload {
        Payload::Text(values) => values.into_iter().map(|value| value.to_string()).collect(),
        other => panic!("a text, not {other:?}"),
    }
}
