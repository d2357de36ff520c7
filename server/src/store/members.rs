//! Who is in which room, and how far they have read.

use madang_common::{
    id::{Rev, RoomId, Seq, UserId},
    room::Membership,
    time::UnixMillis,
    user::UserView,
};
use sqlx::{FromRow, SqliteConnection};

use super::{StoreError, row_count, users::UserRow};

/// A member as a rule needs to know them.
#[derive(Clone, Debug)]
pub(crate) struct MemberRecord {
    pub(crate) user: UserView,
    pub(crate) read: Seq,
}

#[derive(FromRow)]
struct MemberRow {
    #[sqlx(flatten)]
    user: UserRow,
    read_seq: i64,
}

#[derive(FromRow)]
struct MembershipRow {
    room_id: i64,
    rev: i64,
    read_seq: i64,
    unread: i64,
}

impl MembershipRow {
    fn membership(&self) -> Result<Membership, StoreError> {
        let unread = u32::try_from(self.unread).map_err(|_| StoreError::Corrupt("unread count"))?;
        Ok(Membership { read: Seq(self.read_seq), unread, rev: Rev(self.rev) })
    }
}

/// Adds a member who has read all up to `read`.
pub(crate) async fn insert(
    conn: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
    read: Seq,
    now: UnixMillis,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO members (room_id, user_id, read_seq, joined_at) VALUES ($1, $2, $3, $4)")
        .bind(room.0)
        .bind(user.0)
        .bind(read.0)
        .bind(now.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// Removes a member.
pub(crate) async fn delete(conn: &mut SqliteConnection, room: RoomId, user: UserId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM members WHERE room_id = $1 AND user_id = $2")
        .bind(room.0)
        .bind(user.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// The member, if `user` is one.
pub(crate) async fn get(
    conn: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
) -> Result<Option<MemberRecord>, StoreError> {
    let row: Option<MemberRow> = sqlx::query_as(
        "SELECT u.id, u.name, u.outside, m.read_seq FROM members m JOIN users u ON u.id = m.user_id \
         WHERE m.room_id = $1 AND m.user_id = $2",
    )
    .bind(room.0)
    .bind(user.0)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| MemberRecord { user: row.user.into(), read: Seq(row.read_seq) }))
}

/// How far `user` has come in a room, if they are a member.
pub(crate) async fn membership(
    conn: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
) -> Result<Option<Membership>, StoreError> {
    let row: Option<MembershipRow> = sqlx::query_as(
        "SELECT m.room_id, r.rev, m.read_seq, \
           (SELECT COUNT(*) FROM messages x WHERE x.room_id = m.room_id AND x.seq > m.read_seq \
             AND x.kind = 'text' AND x.author_id <> m.user_id) AS unread \
         FROM members m JOIN rooms r ON r.id = m.room_id WHERE m.room_id = $1 AND m.user_id = $2",
    )
    .bind(room.0)
    .bind(user.0)
    .fetch_optional(conn)
    .await?;
    row.map(|row| row.membership()).transpose()
}

/// How far `user` has come in each of their rooms.
pub(crate) async fn memberships(
    conn: &mut SqliteConnection,
    user: UserId,
) -> Result<Vec<(RoomId, Membership)>, StoreError> {
    let rows: Vec<MembershipRow> = sqlx::query_as(
        "SELECT m.room_id, r.rev, m.read_seq, \
           (SELECT COUNT(*) FROM messages x WHERE x.room_id = m.room_id AND x.seq > m.read_seq \
             AND x.kind = 'text' AND x.author_id <> m.user_id) AS unread \
         FROM members m JOIN rooms r ON r.id = m.room_id WHERE m.user_id = $1 ORDER BY m.room_id",
    )
    .bind(user.0)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| Ok((RoomId(row.room_id), row.membership()?))).collect()
}

/// The rooms that `user` is a member of.
pub(crate) async fn rooms_of(conn: &mut SqliteConnection, user: UserId) -> Result<Vec<RoomId>, StoreError> {
    let ids: Vec<i64> = sqlx::query_scalar("SELECT room_id FROM members WHERE user_id = $1 ORDER BY room_id")
        .bind(user.0)
        .fetch_all(conn)
        .await?;
    Ok(ids.into_iter().map(RoomId).collect())
}

/// The rooms that `user` is a member of: those with at most `most` members, and those with more.
pub(crate) async fn rooms_by_size(
    conn: &mut SqliteConnection,
    user: UserId,
    most: usize,
) -> Result<(Vec<RoomId>, Vec<RoomId>), StoreError> {
    let found: Vec<(i64, bool)> = sqlx::query_as(
        "SELECT m.room_id, EXISTS (SELECT 1 FROM members x WHERE x.room_id = m.room_id LIMIT 1 OFFSET $2) \
         FROM members m WHERE m.user_id = $1 ORDER BY m.room_id",
    )
    .bind(user.0)
    .bind(row_count(most))
    .fetch_all(conn)
    .await?;
    let (big, small): (Vec<_>, Vec<_>) = found.into_iter().partition(|(_, is_big)| *is_big);
    let ids = |rooms: Vec<(i64, bool)>| rooms.into_iter().map(|(id, _)| RoomId(id)).collect();
    Ok((ids(small), ids(big)))
}

/// The members of a room in the order of their names, and whether there are more. Where there are more than `most`, at most so
/// many of those in `present`, which is only asked for then, and of those who were last seen.
pub(crate) async fn list(
    conn: &mut SqliteConnection,
    room: RoomId,
    present: impl FnOnce() -> Vec<UserId>,
    most: usize,
) -> Result<(Vec<UserView>, bool), StoreError> {
    if !has_more_than(conn, room, most).await? {
        return Ok((list_all(conn, room).await?, false));
    }
    let present = serde_json::to_string(&present()).map_err(|_| StoreError::Corrupt("user id"))?;
    let found: Vec<UserRow> = sqlx::query_as(
        // Those who were last seen are found by walking the index of that, whatever the room's size: a cross join keeps
        // its order.
        "WITH present AS ( \
           SELECT m.user_id AS id FROM json_each($2) p JOIN members m ON m.room_id = $1 AND m.user_id = p.value LIMIT $3 \
         ), seen AS ( \
           SELECT u.id FROM users u CROSS JOIN members m ON m.room_id = $1 AND m.user_id = u.id \
           ORDER BY u.seen_at DESC LIMIT $3 \
         ) \
         SELECT id, name, outside FROM users WHERE id IN (SELECT id FROM present UNION SELECT id FROM seen) \
         ORDER BY LOWER(name), id",
    )
    .bind(room.0)
    .bind(present)
    .bind(row_count(most))
    .fetch_all(&mut *conn)
    .await?;
    let members: Vec<_> = found.into_iter().map(UserView::from).collect();
    let more = has_more_than(conn, room, members.len()).await?;
    Ok((members, more))
}

async fn has_more_than(conn: &mut SqliteConnection, room: RoomId, than: usize) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM members WHERE room_id = $1 LIMIT 1 OFFSET $2)";
    Ok(sqlx::query_scalar(sql).bind(room.0).bind(row_count(than)).fetch_one(conn).await?)
}

/// All members of a room in the order of their names.
async fn list_all(conn: &mut SqliteConnection, room: RoomId) -> Result<Vec<UserView>, StoreError> {
    let rows: Vec<UserRow> = sqlx::query_as(
        "SELECT u.id, u.name, u.outside FROM members m JOIN users u ON u.id = m.user_id WHERE m.room_id = $1 \
         ORDER BY LOWER(u.name), u.id",
    )
    .bind(room.0)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(UserView::from).collect())
}

/// Moves what `user` has read on to `read`, no further than the room's last message.
pub(crate) async fn read_up_to(
    conn: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
    read: Seq,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE members SET read_seq = (SELECT CASE WHEN seq < $3 THEN seq ELSE $3 END FROM rooms WHERE id = $1) \
         WHERE room_id = $1 AND user_id = $2",
    )
    .bind(room.0)
    .bind(user.0)
    .bind(read.0)
    .execute(conn)
    .await?;
    Ok(())
}
