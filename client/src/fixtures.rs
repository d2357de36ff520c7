//! Messages and rooms for tests.

use madang_common::{
    id::{ClientId, MessageId, Rev, RoomId, Seq, UserId},
    message::{Body, MessageView},
    room::{Membership, RoomSnapshot, RoomSummary, RoomView},
    text::{MessageText, RoomName, RoomSlug, RoomTopic, Stored as _, UserName},
    time::UnixMillis,
    user::UserView,
};

/// A person of this id and name.
pub fn person(id: i64, name: &str) -> UserView {
    UserView { id: UserId(id), name: UserName::parse(name).expect("valid"), outside: false }
}

/// The same client id for the same number.
pub fn client_id(n: i64) -> ClientId {
    ClientId::new(u64::try_from(n).expect("valid"), [7; 10])
}

/// A text of person 1 at a place and a revision; its time is a minute per place.
pub fn message(seq: i64, rev: i64, text: &str) -> MessageView {
    MessageView {
        id: MessageId(seq),
        room: RoomId(1),
        seq: Seq(seq),
        rev: Rev(rev),
        author: person(1, "민수"),
        client_id: client_id(seq),
        sent_at: UnixMillis(seq * 60_000),
        body: Body::Text { text: MessageText::parse(text).expect("valid"), edited_at: None },
    }
}

/// What is left of a deleted text.
pub fn tombstone(seq: i64, rev: i64) -> MessageView {
    MessageView { body: Body::Deleted, ..message(seq, rev, "-") }
}

/// What a message says; nothing for a tombstone or a notice.
pub fn said(message: &MessageView) -> &str {
    match &message.body {
        Body::Text { text, .. } => text.as_str(),
        Body::Deleted | Body::Joined | Body::Left => "",
    }
}

/// A room of this id and name, whose slug is its name.
pub fn room(id: i64, name: &str) -> RoomView {
    let name = RoomName::parse(name).expect("valid");
    RoomView {
        id: RoomId(id),
        slug: RoomSlug::stored(name.to_string()),
        name,
        topic: RoomTopic::parse("").expect("valid"),
    }
}

/// A row of the list of rooms.
pub fn summary(id: i64, name: &str, membership: Option<Membership>) -> RoomSummary {
    RoomSummary { room: room(id, name), membership }
}

/// A room that holds these messages and stands at the last one's revision.
pub fn snapshot(messages: Vec<MessageView>) -> RoomSnapshot {
    let rev = messages.iter().map(|message| message.rev).max().unwrap_or_default();
    RoomSnapshot {
        room: room(1, "lobby"),
        membership: Membership { read: Seq(0), unread: 0, rev },
        members: vec![],
        more_members: false,
        messages,
        earlier: false,
    }
}
