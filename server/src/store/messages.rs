//! Messages, notices and tombstones.

use futures_util::TryStreamExt;
use madang_common::{
    digest::Rolled,
    id::{ClientId, MessageId, Rev, RoomId, Seq, UserId},
    message::{Body, MessageView},
    text::{MessageText, Stored, UserName},
    time::UnixMillis,
    user::UserView,
};
use sqlx::{FromRow, SqliteConnection};

use super::{StoreError, row_count};

/// Most bytes of text in one page. A page of the longest messages would be slow to send and to show.
const PAGE_BYTES: usize = 256 * 1024;

/// A query for whole messages, from its conditions on.
macro_rules! select {
    ($conditions:literal) => {
        concat!(
            "SELECT m.id, m.room_id, m.seq, m.rev, m.author_id, m.author_name, u.outside, m.client_id, ",
            "m.kind, m.text, m.edited_at, m.sent_at FROM messages m JOIN users u ON u.id = m.author_id ",
            $conditions
        )
    };
}

/// Part of an ordered list of messages.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) messages: Vec<MessageView>,
    /// Whether the list goes on after the page.
    pub(crate) more: bool,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    room_id: i64,
    seq: i64,
    rev: i64,
    author_id: i64,
    /// What the author was called when it was said. They may have another name by now.
    author_name: String,
    outside: bool,
    client_id: Vec<u8>,
    kind: String,
    text: Option<String>,
    edited_at: Option<i64>,
    sent_at: i64,
}

impl TryFrom<Row> for MessageView {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let client_id = row.client_id.try_into().map_err(|_| StoreError::Corrupt("client id"))?;
        let name = UserName::stored(row.author_name);
        Ok(Self {
            id: MessageId(row.id),
            room: RoomId(row.room_id),
            seq: Seq(row.seq),
            rev: Rev(row.rev),
            author: UserView { id: UserId(row.author_id), name, outside: row.outside },
            client_id: ClientId::from_bytes(client_id),
            sent_at: UnixMillis(row.sent_at),
            body: body(&row.kind, row.text, row.edited_at)?,
        })
    }
}

fn body(kind: &str, text: Option<String>, edited_at: Option<i64>) -> Result<Body, StoreError> {
    match (kind, text) {
        ("text", Some(text)) => {
            let text = MessageText::stored(text);
            Ok(Body::Text { text, edited_at: edited_at.map(UnixMillis) })
        }
        ("deleted", None) => Ok(Body::Deleted),
        ("joined", None) => Ok(Body::Joined),
        ("left", None) => Ok(Body::Left),
        _ => Err(StoreError::Corrupt("message")),
    }
}

/// The columns `kind`, `text` and `edited_at` of a body.
fn columns(body: &Body) -> (&'static str, Option<&str>, Option<i64>) {
    match body {
        Body::Text { text, edited_at } => ("text", Some(text.as_str()), edited_at.map(|at| at.0)),
        Body::Deleted => ("deleted", None, None),
        Body::Joined => ("joined", None, None),
        Body::Left => ("left", None, None),
    }
}

/// Stores a message; its `id` is not looked at. Answers the id that it got.
pub(crate) async fn insert(conn: &mut SqliteConnection, message: &MessageView) -> Result<MessageId, StoreError> {
    let (kind, text, edited_at) = columns(&message.body);
    let id = sqlx::query_scalar(
        "INSERT INTO messages (room_id, seq, rev, author_id, author_name, client_id, kind, text, edited_at, sent_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
    )
    .bind(message.room.0)
    .bind(message.seq.0)
    .bind(message.rev.0)
    .bind(message.author.id.0)
    .bind(message.author.name.as_str())
    .bind(&message.client_id.as_bytes()[..])
    .bind(kind)
    .bind(text)
    .bind(edited_at)
    .bind(message.sent_at.0)
    .fetch_one(conn)
    .await?;
    Ok(MessageId(id))
}

/// Gives a stored message another body, at another revision.
pub(crate) async fn update(
    conn: &mut SqliteConnection,
    message: MessageId,
    rev: Rev,
    body: &Body,
) -> Result<(), StoreError> {
    let (kind, text, edited_at) = columns(body);
    sqlx::query("UPDATE messages SET rev = $2, kind = $3, text = $4, edited_at = $5 WHERE id = $1")
        .bind(message.0)
        .bind(rev.0)
        .bind(kind)
        .bind(text)
        .bind(edited_at)
        .execute(conn)
        .await?;
    Ok(())
}

/// A message, to a member of its room only: to everyone else there is none.
pub(crate) async fn get_as_member(
    conn: &mut SqliteConnection,
    message: MessageId,
    member: UserId,
) -> Result<Option<MessageView>, StoreError> {
    sqlx::query_as::<_, Row>(select!("JOIN members me ON me.room_id = m.room_id AND me.user_id = $2 WHERE m.id = $1"))
        .bind(message.0)
        .bind(member.0)
        .fetch_optional(conn)
        .await?
        .map(MessageView::try_from)
        .transpose()
}

/// The message that `author` sent under `client_id`.
pub(crate) async fn by_client_id(
    conn: &mut SqliteConnection,
    author: UserId,
    client_id: ClientId,
) -> Result<Option<MessageView>, StoreError> {
    sqlx::query_as::<_, Row>(select!("WHERE m.author_id = $1 AND m.client_id = $2"))
        .bind(author.0)
        .bind(&client_id.as_bytes()[..])
        .fetch_optional(conn)
        .await?
        .map(MessageView::try_from)
        .transpose()
}

/// The messages before `before`, or the latest ones, in the order of `seq`; `more` says whether older ones exist.
pub(crate) async fn before(
    conn: &mut SqliteConnection,
    room: RoomId,
    before: Option<Seq>,
    limit: usize,
) -> Result<Page, StoreError> {
    let sql = select!("WHERE m.room_id = $1 AND m.seq < $2 ORDER BY m.seq DESC LIMIT $3");
    let mut page = page(conn, sql, room, before.map_or(i64::MAX, |seq| seq.0), limit).await?;
    page.messages.reverse();
    Ok(page)
}

/// The messages that changed after `since`, in the order of `rev`.
pub(crate) async fn since(
    conn: &mut SqliteConnection,
    room: RoomId,
    since: Rev,
    limit: usize,
) -> Result<Page, StoreError> {
    let sql = select!("WHERE m.room_id = $1 AND m.rev > $2 ORDER BY m.rev LIMIT $3");
    page(conn, sql, room, since.0, limit).await
}

/// What the messages from `from` on come to, the latest `limit` of them at most.
pub(crate) async fn digest(
    conn: &mut SqliteConnection,
    room: RoomId,
    from: Seq,
    limit: usize,
) -> Result<Rolled, StoreError> {
    let sql = "SELECT id, seq, rev, text FROM messages WHERE room_id = $1 AND seq >= $2 ORDER BY seq DESC LIMIT $3";
    let rows = sqlx::query_as::<_, (i64, i64, i64, Option<String>)>(sql)
        .bind(room.0)
        .bind(from.0)
        .bind(row_count(limit))
        .fetch(conn);
    let add = async |sum: Rolled, (id, seq, rev, text): (i64, i64, i64, Option<String>)| {
        Ok(sum.with(MessageId(id), Seq(seq), Rev(rev), text.as_deref()))
    };
    Ok(rows.try_fold(Rolled::default(), add).await?)
}

/// The last change of each of a person's rooms in which anything ever happened.
pub(crate) async fn last_changes(
    conn: &mut SqliteConnection,
    member: UserId,
) -> Result<Vec<MessageView>, StoreError> {
    let sql = select!(
        "JOIN rooms r ON r.id = m.room_id AND r.rev = m.rev \
         WHERE m.room_id IN (SELECT room_id FROM members WHERE user_id = $1) ORDER BY m.room_id"
    );
    let rows: Vec<Row> = sqlx::query_as(sql).bind(member.0).fetch_all(conn).await?;
    rows.into_iter().map(MessageView::try_from).collect()
}

async fn page(
    conn: &mut SqliteConnection,
    sql: &'static str,
    room: RoomId,
    from: i64,
    limit: usize,
) -> Result<Page, StoreError> {
    // One row more than asked for tells whether the list goes on.
    let ask = row_count(limit + 1);
    let mut rows = sqlx::query_as::<_, Row>(sql).bind(room.0).bind(from).bind(ask).fetch(conn);
    let mut page = Page { messages: Vec::new(), more: false };
    let mut bytes = 0;
    while let Some(row) = rows.try_next().await? {
        bytes += row.text.as_ref().map_or(0, String::len);
        if page.messages.len() == limit || (bytes > PAGE_BYTES && !page.messages.is_empty()) {
            page.more = true;
            break;
        }
        page.messages.push(row.try_into()?);
    }
    Ok(page)
}
