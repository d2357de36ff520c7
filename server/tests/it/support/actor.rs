//! A person with a connection to namespace `/chat`.

use std::collections::VecDeque;

use madang_common::{
    event::{Answer, ClientEvent, Done, NAMESPACE, ServerEvent, message, room, session, typing},
    fault::Fault,
    id::{ClientId, MessageId, Rev, RoomId, Seq},
    message::{Body, MessageView},
    room::{Membership, RoomSnapshot},
    text::{MessageText, RoomName, RoomTopic},
    user::UserView,
};
use rust_socketio::asynchronous::ClientBuilder;
use serde_json::Value;

use super::connection::{Connection, Heard, Transport};

pub(crate) struct Actor {
    pub(crate) me: UserView,
    pub(crate) lobby: RoomId,
    pub(crate) cookie: String,
    connection: Connection,
    /// What has come but nobody has asked for yet.
    waiting: VecDeque<Heard>,
}

impl Actor {
    /// Connects to the chat and says hello.
    pub(crate) async fn connect(url: &str, cookie: &str, transport: Transport) -> Result<Self, Fault> {
        let builder = ClientBuilder::new(url).namespace(NAMESPACE).opening_header("Cookie", cookie);
        let connection = Connection::open(builder, transport).await.map_err(|error| fault_of(&error))?;
        let nobody =
            UserView { id: Default::default(), name: "?".to_owned().try_into().expect("a name"), outside: false };
        let cookie = cookie.to_owned();
        let waiting = VecDeque::new();
        let mut actor = Self { me: nobody, lobby: RoomId(0), cookie, connection, waiting };
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
        self.connection.ask(name, arguments).await
    }

    /// Sends an event without asking for an acknowledgement.
    pub(crate) async fn tell<E: ClientEvent>(&self, event: &E) {
        self.connection.tell(E::NAME, serde_json::to_value(event).expect("JSON")).await;
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
            self.waiting.push_back(self.connection.next().await);
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
        self.waiting.extend(self.connection.come());
        let (meant, others) = self.waiting.drain(..).partition(|(name, _)| name == E::NAME);
        self.waiting = others;
        let meant: VecDeque<Heard> = meant;
        meant.into_iter().map(|(_, value)| serde_json::from_value(value).expect("an event of this kind")).collect()
    }

    /// Waits until the server has closed the namespace.
    pub(crate) async fn until_closed(&mut self) {
        self.connection.until_closed().await;
    }

    /// Closes the connection as a closed tab does.
    pub(crate) async fn go(self) {
        self.connection.go().await;
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

/// The fault that a refused connection carries as its message.
fn fault_of(error: &str) -> Fault {
    let error: Value = serde_json::from_str(error).expect("JSON");
    let text = error.as_str().expect("the client's sentence");
    let frame = &text[text.find('{').expect("the frame of the refusal")..];
    let frame: Value = serde_json::from_str(frame).expect("JSON");
    serde_json::from_str(frame["message"].as_str().expect("a message")).expect("a fault")
}
