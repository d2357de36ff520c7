//! Rooms and their counters.

use madang_common::{
    id::{Rev, RoomId, Seq, UserId},
    limits::UNREAD_COUNTED,
    room::{Membership, RoomSummary, RoomView},
    text::{RoomName, RoomSlug, RoomTopic, Stored},
    time::UnixMillis,
};
use sqlx::{FromRow, SqliteConnection};

use super::{StoreError, unread::unread};
use crate::names::Likeness;

// The first migration makes it.
pub(crate) use madang_common::room::LOBBY;

/// The place of a new message or of a change.
#[derive(Clone, Copy, Debug, FromRow)]
pub(crate) struct Counters {
    seq: i64,
    rev: i64,
}

impl Counters {
    pub(crate) fn seq(self) -> Seq {
        Seq(self.seq)
    }

    pub(crate) fn rev(self) -> Rev {
        Rev(self.rev)
    }
}

#[derive(FromRow)]
struct RoomRow {
    id: i64,
    slug: String,
    name: String,
    topic: String,
}

impl From<RoomRow> for RoomView {
    fn from(row: RoomRow) -> Self {
        Self {
            id: RoomId(row.id),
            slug: RoomSlug::stored(row.slug),
            name: RoomName::stored(row.name),
            topic: RoomTopic::stored(row.topic),
        }
    }
}

#[derive(FromRow)]
struct SummaryRow {
    #[sqlx(flatten)]
    room: RoomRow,
    rev: i64,
    read_seq: Option<i64>,
    unread: i64,
}

impl TryFrom<SummaryRow> for RoomSummary {
    type Error = StoreError;

    fn try_from(row: SummaryRow) -> Result<Self, StoreError> {
        let unread = u32::try_from(row.unread).map_err(|_| StoreError::Corrupt("unread count"))?;
        let membership = row.read_seq.map(|read| Membership { read: Seq(read), unread, rev: Rev(row.rev) });
        Ok(Self { room: row.room.into(), membership })
    }
}

/// Makes a room; its counters stand at 0.
pub(crate) async fn insert(
    conn: &mut SqliteConnection,
    room: (&RoomSlug, &RoomName, &RoomTopic),
    by: UserId,
    now: UnixMillis,
) -> Result<RoomId, StoreError> {
    let (slug, name, topic) = room;
    let Likeness { fold, look } = Likeness::of(name.as_str());
    let id = sqlx::query_scalar(
        "INSERT INTO rooms (slug, name, topic, rev, seq, created_at, created_by, name_fold, name_look) \
         VALUES ($1, $2, $3, 0, 0, $4, $5, $6, $7) RETURNING id",
    )
    .bind(slug.as_str())
    .bind(name.as_str())
    .bind(topic.as_str())
    .bind(now.0)
    .bind(by.0)
    .bind(fold)
    .bind(look)
    .fetch_one(conn)
    .await?;
    Ok(RoomId(id))
}

/// How many there are.
pub(crate) async fn count(conn: &mut SqliteConnection) -> Result<u32, StoreError> {
    Ok(sqlx::query_scalar("SELECT rooms FROM totals").fetch_one(conn).await?)
}

/// How many a person has made that are still there; it is not counted beyond `most`.
pub(crate) async fn count_made_by(conn: &mut SqliteConnection, user: UserId, most: u32) -> Result<u32, StoreError> {
    let sql = "SELECT COUNT(*) FROM (SELECT 1 FROM rooms WHERE created_by = $1 LIMIT $2)";
    Ok(sqlx::query_scalar(sql).bind(user.0).bind(most).fetch_one(conn).await?)
}

/// A room by its id.
pub(crate) async fn get(conn: &mut SqliteConnection, room: RoomId) -> Result<Option<RoomView>, StoreError> {
    let row = sqlx::query_as::<_, RoomRow>("SELECT id, slug, name, topic FROM rooms WHERE id = $1")
        .bind(room.0)
        .fetch_optional(conn)
        .await?;
    Ok(row.map(RoomView::from))
}

/// A room by its slug.
pub(crate) async fn by_slug(conn: &mut SqliteConnection, slug: &str) -> Result<Option<RoomView>, StoreError> {
    let row = sqlx::query_as::<_, RoomRow>("SELECT id, slug, name, topic FROM rooms WHERE slug = $1")
        .bind(slug)
        .fetch_optional(conn)
        .await?;
    Ok(row.map(RoomView::from))
}

/// Whether a room's name is like this one.
pub(crate) async fn is_alike(conn: &mut SqliteConnection, likeness: &Likeness) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM rooms WHERE name_fold = $1) OR EXISTS (SELECT 1 FROM rooms WHERE name_look = $2)";
    Ok(sqlx::query_scalar(sql).bind(&likeness.fold).bind(&likeness.look).fetch_one(conn).await?)
}

/// The lobby's id.
pub(crate) async fn lobby(conn: &mut SqliteConnection) -> Result<RoomId, sqlx::Error> {
    let id = sqlx::query_scalar("SELECT id FROM rooms WHERE slug = $1").bind(LOBBY).fetch_one(conn).await?;
    Ok(RoomId(id))
}

/// All rooms in the order of their names, the lobby first, each with `user`'s membership if there is one.
pub(crate) async fn summaries(conn: &mut SqliteConnection, user: UserId) -> Result<Vec<RoomSummary>, StoreError> {
    let rows: Vec<SummaryRow> = sqlx::query_as(concat!(
        "SELECT r.id, r.slug, r.name, r.topic, r.rev, m.read_seq, ",
        unread!("r.id", "m.read_seq", "m.user_id", "$3"),
        " FROM rooms r LEFT JOIN members m ON m.room_id = r.id AND m.user_id = $1 ",
        "ORDER BY (CASE r.slug WHEN $2 THEN 0 ELSE 1 END), LOWER(r.name), r.id",
    ))
    .bind(user.0)
    .bind(LOBBY)
    .bind(UNREAD_COUNTED)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(RoomSummary::try_from).collect()
}

/// The room's latest revision.
pub(crate) async fn rev(conn: &mut SqliteConnection, room: RoomId) -> Result<Rev, StoreError> {
    let rev = sqlx::query_scalar("SELECT rev FROM rooms WHERE id = $1").bind(room.0).fetch_one(conn).await?;
    Ok(Rev(rev))
}

/// Takes the next seq and rev, for a new message.
pub(crate) async fn next_message(conn: &mut SqliteConnection, room: RoomId) -> Result<Counters, StoreError> {
    Ok(sqlx::query_as("UPDATE rooms SET seq = seq + 1, rev = rev + 1 WHERE id = $1 RETURNING seq, rev")
        .bind(room.0)
        .fetch_one(conn)
        .await?)
}

/// Takes the next rev, for a change of a message.
pub(crate) async fn next_rev(conn: &mut SqliteConnection, room: RoomId) -> Result<Rev, StoreError> {
    let rev = sqlx::query_scalar("UPDATE rooms SET rev = rev + 1 WHERE id = $1 RETURNING rev")
        .bind(room.0)
        .fetch_one(conn)
        .await?;
    Ok(Rev(rev))
}
