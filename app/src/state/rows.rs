//! The rows of the timeline: messages, settled and pending, and the separators between them.

use madang_client::outbox::Pending;
use madang_common::{
    fault::Fault,
    id::{ClientId, MessageId, Seq},
    message::{Body, MessageView},
    time::UnixMillis,
    user::UserView,
};

/// Messages of one author are grouped unless this much time lies between two of them, in milliseconds.
const GROUP_PAUSE_MS: i64 = 5 * 60_000;

/// A row, known by its key from one state to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Stays the same while a message goes from pending to settled, edited and deleted.
    pub key: String,
    pub kind: RowKind,
}

/// What a row shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// The start of a day, told by any time in it.
    Day(UnixMillis),
    /// The first unread message follows.
    New,
    /// A message or a notice.
    Message(MessageRow),
}

/// A message, wherever it is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    pub client_id: ClientId,
    pub author: UserView,
    pub sent_at: UnixMillis,
    pub body: Body,
    pub state: Delivery,
    /// Whether it opens a group: shows the author and the time.
    pub head: bool,
    pub mine: bool,
}

/// How far a message has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Stored by the server.
    Settled { id: MessageId, seq: Seq },
    /// On its way.
    Pending,
    /// Refused.
    Failed(Fault),
}

/// The rows of a stretch of messages in the order of `seq`, followed by what is pending.
///
/// `read` is the last message that had been read when the room was opened: a divider stands before the first text of
/// somebody else after it, if that is in the stretch and something before it is too. `day_of` tells the number of the
/// day, in the reader's time zone, that a time falls on.
pub fn rows<'a>(
    messages: impl Iterator<Item = &'a MessageView>,
    pending: impl Iterator<Item = &'a Pending>,
    me: &UserView,
    read: Seq,
    day_of: impl Fn(UnixMillis) -> i64,
) -> Vec<Row> {
    let settled = messages.map(|message| settled(message, me));
    let unsent = pending.map(|pending| MessageRow {
        client_id: pending.client_id,
        author: me.clone(),
        sent_at: pending.composed_at,
        body: Body::Text { text: pending.text.clone(), edited_at: None },
        state: pending.refused.clone().map_or(Delivery::Pending, Delivery::Failed),
        head: true,
        mine: true,
    });
    arrange(settled.chain(unsent), read, day_of)
}

/// The row of a message without its neighbours: the head of its own group, under no day.
pub fn row_alone(message: &MessageView, me: &UserView) -> Row {
    let row = settled(message, me);
    Row { key: key(&row), kind: RowKind::Message(row) }
}

fn settled(message: &MessageView, me: &UserView) -> MessageRow {
    MessageRow {
        client_id: message.client_id,
        author: message.author.clone(),
        sent_at: message.sent_at,
        body: message.body.clone(),
        state: Delivery::Settled { id: message.id, seq: message.seq },
        head: true,
        mine: message.author.id == me.id,
    }
}

fn arrange(messages: impl Iterator<Item = MessageRow>, read: Seq, day_of: impl Fn(UnixMillis) -> i64) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut before: Option<MessageRow> = None;
    let (mut seen_read, mut divided) = (false, false);
    for mut message in messages {
        let day = day_of(message.sent_at);
        let new_day = before.as_ref().is_none_or(|before| day_of(before.sent_at) != day);
        if new_day {
            rows.push(Row { key: format!("day {day}"), kind: RowKind::Day(message.sent_at) });
        }
        let divide = seen_read && !divided && is_unread(&message, read);
        if divide {
            rows.push(Row { key: "new".to_owned(), kind: RowKind::New });
        }
        message.head = new_day || divide || before.as_ref().is_none_or(|before| !continues(before, &message));
        rows.push(Row { key: key(&message), kind: RowKind::Message(message.clone()) });
        seen_read |= is_read(&message, read);
        divided |= divide;
        before = Some(message);
    }
    rows
}

/// An author may use a client id again only for the same message, so the two together name a row.
fn key(message: &MessageRow) -> String {
    format!("{} {}", message.author.id, message.client_id)
}

fn is_unread(message: &MessageRow, read: Seq) -> bool {
    let after = matches!(message.state, Delivery::Settled { seq, .. } if seq > read);
    after && !message.mine && matches!(message.body, Body::Text { .. })
}

fn is_read(message: &MessageRow, read: Seq) -> bool {
    matches!(message.state, Delivery::Settled { seq, .. } if seq <= read)
}

/// Whether a message goes on where the one before it left off. Notices stand alone.
fn continues(before: &MessageRow, message: &MessageRow) -> bool {
    let said = |row: &MessageRow| matches!(row.body, Body::Text { .. } | Body::Deleted);
    said(before)
        && said(message)
        // Not by the id alone: a person who took another name goes on under it.
        && before.author == message.author
        && message.sent_at.0 - before.sent_at.0 < GROUP_PAUSE_MS
}

#[cfg(test)]
mod tests {
    use super::*;
    use madang_client::fixtures::{client_id, message, person, tombstone};
    use madang_common::{fault::FaultCode, id::RoomId, text::MessageText};

    /// One word a row: the day, the divider, or what is said with `+` in front where a group opens.
    fn sketch(rows: &[Row]) -> Vec<String> {
        let one = |row: &Row| match &row.kind {
            RowKind::Day(at) => format!("day {}", at.0 / 86_400_000),
            RowKind::New => "new".to_owned(),
            RowKind::Message(message) => {
                let said = match &message.body {
                    Body::Text { text, .. } => text.to_string(),
                    Body::Deleted => "deleted".to_owned(),
                    Body::Joined => "joined".to_owned(),
                    Body::Left => "left".to_owned(),
                };
                if message.head { format!("+{said}") } else { said }
            }
        };
        rows.iter().map(one).collect()
    }

    fn draw(messages: &[MessageView], pending: &[Pending], me: i64, read: i64) -> Vec<String> {
        let day_of = |at: UnixMillis| at.0.div_euclid(86_400_000);
        sketch(&rows(messages.iter(), pending.iter(), &person(me, "민수"), Seq(read), day_of))
    }

    fn by(author: i64, message: MessageView) -> MessageView {
        MessageView { author: person(author, "영희"), ..message }
    }

    fn unsent(n: i64, refused: Option<Fault>) -> Pending {
        Pending {
            client_id: client_id(n),
            room: RoomId(1),
            text: MessageText::parse("unsent").unwrap(),
            composed_at: UnixMillis(n * 60_000),
            refused,
        }
    }

    #[test]
    fn consecutive_messages_of_one_author_are_a_group_until_a_pause() {
        let messages = [message(1, 1, "a"), message(2, 2, "b"), by(2, message(3, 3, "c")), by(2, message(9, 9, "d"))];
        assert_eq!(draw(&messages, &[], 1, 9), ["day 0", "+a", "b", "+c", "+d"]);
    }

    #[test]
    fn a_person_who_takes_another_name_begins_a_group_under_it() {
        let renamed = MessageView { author: person(1, "민수2"), ..message(3, 3, "c") };
        assert_eq!(draw(&[message(1, 1, "a"), message(2, 2, "b"), renamed], &[], 1, 9), ["day 0", "+a", "b", "+c"]);
    }

    #[test]
    fn a_deleted_message_stays_in_its_group_and_a_notice_stands_alone() {
        let joined = MessageView { body: Body::Joined, ..message(3, 3, "-") };
        let messages = [message(1, 1, "a"), tombstone(2, 4), joined, message(4, 4, "b")];
        assert_eq!(draw(&messages, &[], 1, 9), ["day 0", "+a", "deleted", "+joined", "+b"]);
    }

    #[test]
    fn each_day_is_announced_once() {
        let late = MessageView { sent_at: UnixMillis(86_399_000), ..message(1, 1, "a") };
        let early = MessageView { sent_at: UnixMillis(86_401_000), ..message(2, 2, "b") };
        assert_eq!(draw(&[late, early], &[], 1, 9), ["day 0", "+a", "day 1", "+b"]);
    }

    #[test]
    fn the_divider_stands_before_the_first_unread_text_of_somebody_else() {
        let joined = by(2, MessageView { body: Body::Joined, ..message(2, 2, "-") });
        let messages = [by(2, message(1, 1, "a")), joined, message(3, 3, "mine"), by(2, message(4, 4, "b"))];
        assert_eq!(draw(&messages, &[], 1, 1), ["day 0", "+a", "+joined", "+mine", "new", "+b"]);
        assert_eq!(draw(&messages, &[], 1, 4), ["day 0", "+a", "+joined", "+mine", "+b"]);
    }

    #[test]
    fn nothing_is_new_to_someone_who_has_read_nothing_yet() {
        assert_eq!(draw(&[by(2, message(1, 1, "a"))], &[], 1, 0), ["day 0", "+a"]);
    }

    #[test]
    fn a_message_keeps_its_key_from_pending_to_settled_and_deleted() {
        let key_of = |messages: &[MessageView], pending: &[Pending]| {
            let rows = rows(messages.iter(), pending.iter(), &person(1, "민수"), Seq(0), |_| 0);
            rows.last().unwrap().key.clone()
        };
        let pending = key_of(&[], &[unsent(5, None)]);
        assert_eq!(pending, key_of(&[message(5, 5, "unsent")], &[]));
        assert_eq!(pending, key_of(&[tombstone(5, 6)], &[]));
    }

    #[test]
    fn a_message_alone_is_the_same_row_as_among_others_and_opens_a_group() {
        let messages = [message(1, 1, "a"), message(2, 2, "b")];
        let among = rows(messages.iter(), [].iter(), &person(1, "민수"), Seq(2), |_| 0);
        let alone = row_alone(&messages[1], &person(1, "민수"));
        assert_eq!(alone.key, among[2].key);
        assert_eq!(
            (sketch(&among), sketch(&[alone])),
            (vec!["day 0".into(), "+a".into(), "b".into()], vec!["+b".into()])
        );
    }

    #[test]
    fn what_is_unsent_comes_last_and_says_why_it_was_refused() {
        let fault = Fault::new(FaultCode::NotAMember, "no");
        let unsent = [unsent(2, Some(fault.clone())), unsent(3, None)];
        let rows = rows([message(1, 1, "a")].iter(), unsent.iter(), &person(1, "민수"), Seq(0), |_| 0);
        let states: Vec<_> = rows
            .iter()
            .filter_map(|row| match &row.kind {
                RowKind::Message(message) => Some(message.state.clone()),
                _ => None,
            })
            .collect();
        assert_eq!(states[1..], [Delivery::Failed(fault), Delivery::Pending]);
        assert_eq!(sketch(&rows), ["day 0", "+a", "unsent", "unsent"]);
    }
}
