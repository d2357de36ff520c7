//! A person with a connection, through a Socket.IO client that no one here wrote.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use futures_util::FutureExt;
use madang_common::{
    event::{Answer, ClientEvent, Done, NAMESPACE, ServerEvent, message, room, session, typing},
    fault::Fault,
    id::{ClientId, MessageId, Rev, RoomId, Seq},
    message::{Body, MessageView},
    room::{Membership, RoomSnapshot},
    text::{MessageText, RoomName, RoomTopic},
    user::UserView,
};
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

pub(crate) struct Actor {
    pub(crate) me: UserView,
    pub(crate) lobby: RoomId,
    pub(crate) cookie: String,
    pub(crate) client: Client,
    incoming: mpsc::UnboundedReceiver<(String, Value)>,
    /// What has come but nobody has asked for yet.
    waiting: VecDeque<(String, Value)>,
    closed: mpsc::UnboundedReceiver<()>,
}

impl Actor {
    /// Connects to the chat and says hello.
    pub(crate) async fn connect(url: &str, cookie: &str, transport: Transport) -> Result<Self, Fault> {
        let (events, incoming) = mpsc::unbounded_channel();
        let (outcome, mut outcomes) = mpsc::unbounded_channel::<Result<(), String>>();
        let (closing, closed) = mpsc::unbounded_channel();
        let refused = outcome.clone();
        let client = ClientBuilder::new(url)
            .namespace(NAMESPACE)
            .opening_header("Cookie", cookie)
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
                if let (Event::Custom(name), Payload::Text(mut values)) = (event, payload) {
                    drop(events.send((name, values.remove(0))));
                }
                async {}.boxed()
            });
        let client = within(client.connect()).await.expect("a connection");
        within(outcomes.recv()).await.expect("connected or refused").map_err(|error| fault_of(&error))?;
        let nobody =
            UserView { id: Default::default(), name: "?".to_owned().try_into().expect("a name"), outside: false };
        let cookie = cookie.to_owned();
        let waiting = VecDeque::new();
        let mut actor = Self { me: nobody, lobby: RoomId(0), cookie, client, incoming, waiting, closed };
        let hello = actor.ask(&session::Hello {}).await?;
        actor.me = hello.me;
        actor.lobby = hello.rooms[0].room.id;
        Ok(actor)
    }

    /// Sends an event and waits for its acknowledgement.
    pub(crate) async fn ask<E: ClientEvent>(&self, event: &E) -> Result<E::Reply, Fault> {
        let answer = self.ask_raw(E::NAME, vec![serde_json::to_value(event).expect("JSON")]).await;
        let answer: Answer<E::Reply> = serde_json::from_value(answer).expect("an answer of this event");
        answer.into()
    }

    /// Sends whatever it is and waits for an acknowledgement.
    pub(crate) async fn ask_raw(&self, name: &str, arguments: Vec<Value>) -> Value {
        let (sender, answer) = oneshot::channel();
        let sender = Arc::new(Mutex::new(Some(sender)));
        let acked = move |payload: Payload, _: Client| {
            let Payload::Text(mut values) = payload else { panic!("no binary acknowledgements") };
            let sender = sender.lock().expect("no panic").take().expect("one acknowledgement");
            drop(sender.send(values.remove(0)));
            async {}.boxed()
        };
        within(self.client.emit_with_ack(name, Payload::Text(arguments), PATIENCE, acked)).await.expect("sent");
        match within(answer).await.expect("an acknowledgement") {
            Value::Array(mut arguments) => arguments.remove(0),
            other => panic!("an acknowledgement has arguments, not {other}"),
        }
    }

    /// Sends an event without asking for an acknowledgement.
    pub(crate) async fn tell<E: ClientEvent>(&self, event: &E) {
        let payload = Payload::Text(vec![serde_json::to_value(event).expect("JSON")]);
        within(self.client.emit(E::NAME, payload)).await.expect("sent");
    }

    /// The next event of this kind; others wait.
    pub(crate) async fn next<E: ServerEvent>(&mut self) -> E {
        self.next_where(|_: &E| true).await
    }

    /// The next event of this kind that is the one meant; others wait.
    pub(crate) async fn next_where<E: ServerEvent>(&mut self, is_meant: impl Fn(&E) -> bool) -> E {
        let mut seen = 0;
        loop {
            while let Some((name, value)) = self.waiting.get(seen) {
                if name == E::NAME {
                    let event = serde_json::from_value(value.clone()).expect("an event of this kind");
                    if is_meant(&event) {
                        self.waiting.remove(seen);
                        return event;
                    }
                }
                seen += 1;
            }
            let event = within(self.incoming.recv()).await.expect("the connection stands");
            self.waiting.push_back(event);
        }
    }

    /// The next message that came to be, or came to be different, in a room.
    pub(crate) async fn next_change(&mut self, room: RoomId) -> MessageView {
        let is_meant = |event: &room::Changes| event.room == room;
        let mut event = self.next_where(is_meant).await;
        let first = event.changes.remove(0);
        if !event.changes.is_empty() {
            let rest = serde_json::to_value(event).expect("JSON");
            self.waiting.push_front((room::Changes::NAME.to_owned(), rest));
        }
        first
    }

    /// Everything of this kind that has come until now, and that has been sent before now: an acknowledgement comes
    /// after what was sent before it.
    pub(crate) async fn all_until_now<E: ServerEvent>(&mut self) -> Vec<E> {
        self.ask(&room::Head {}).await.expect("the session stands");
        while let Ok(event) = self.incoming.try_recv() {
            self.waiting.push_back(event);
        }
        let (meant, others) = self.waiting.drain(..).partition(|(name, _)| name == E::NAME);
        self.waiting = others;
        let meant: VecDeque<(String, Value)> = meant;
        meant.into_iter().map(|(_, value)| serde_json::from_value(value).expect("an event of this kind")).collect()
    }

    /// Waits until the server has closed the namespace.
    pub(crate) async fn until_closed(&mut self) {
        within(self.closed.recv()).await.expect("a notice of the close");
    }

    /// Closes the connection as a closed tab does.
    pub(crate) async fn go(self) {
        within(self.client.disconnect()).await.expect("a connection to close");
    }

    pub(crate) async fn post(&self, room: RoomId, number: u8, text: &str) -> Result<MessageView, Fault> {
        self.post_as(room, super::client_id(number), text).await
    }

    pub(crate) async fn post_as(&self, room: RoomId, id: ClientId, text: &str) -> Result<MessageView, Fault> {
        self.ask(&message::Post { room, client_id: id, text: words(text) }).await
    }

    pub(crate) async fn edit(&self, message: MessageId, text: &str) -> Result<MessageView, Fault> {
        self.ask(&message::Edit { message, text: words(text) }).await
    }

    pub(crate) async fn delete(&self, message: MessageId) -> Result<MessageView, Fault> {
        self.ask(&message::Delete { message }).await
    }

    pub(crate) async fn create_room(&self, name: &str) -> RoomSnapshot {
        let name = RoomName::parse(name).expect("a room name");
        let topic = RoomTopic::parse("").expect("no topic");
        self.ask(&room::Create { name, topic }).await.expect("a room")
    }

    pub(crate) async fn join_room(&self, room: RoomId) -> Result<RoomSnapshot, Fault> {
        self.ask(&room::Join { room }).await
    }

    pub(crate) async fn leave_room(&self, room: RoomId) -> Result<Done, Fault> {
        self.ask(&room::Leave { room }).await
    }

    pub(crate) async fn open(&self, room: RoomId) -> Result<RoomSnapshot, Fault> {
        self.ask(&room::Open { room }).await
    }

    pub(crate) async fn sync(&self, room: RoomId, since: Rev) -> Result<room::SyncReply, Fault> {
        self.ask(&room::Sync { room, since }).await
    }

    pub(crate) async fn history(&self, room: RoomId, before: Seq) -> Result<room::HistoryReply, Fault> {
        self.ask(&room::History { room, before }).await
    }

    pub(crate) async fn read(&self, room: RoomId, read: Seq) -> Result<Membership, Fault> {
        self.ask(&room::Read { room, read }).await
    }

    pub(crate) async fn start_typing(&self, room: RoomId) -> Result<Done, Fault> {
        self.ask(&typing::Start { room }).await
    }

    pub(crate) async fn stop_typing(&self, room: RoomId) -> Result<Done, Fault> {
        self.ask(&typing::Stop { room }).await
    }
}

/// A message's text, as it is sent.
pub(crate) fn words(text: &str) -> MessageText {
    MessageText::parse(text).expect("a text")
}

/// What a message says.
pub(crate) fn said(message: &MessageView) -> &str {
    match &message.body {
        Body::Text { text, .. } => text.as_str(),
        other => panic!("a text, not {other:?}"),
    }
}

fn text_of(payload: Payload) -> String {
    match payload {
        Payload::Text(values) => values.into_iter().map(|value| value.to_string()).collect(),
        other => panic!("a text, not {other:?}"),
    }
}

/// The fault that a refused connection carries as its message.
fn fault_of(error: &str) -> Fault {
    let error: Value = serde_json::from_str(error).expect("JSON");
    let text = error.as_str().expect("the client's sentence");
    let frame = &text[text.find('{').expect("the frame of the refusal")..];
    let frame: Value = serde_json::from_str(frame).expect("JSON");
    serde_json::from_str(frame["message"].as_str().expect("a message")).expect("a fault")
}
