//! Memberships and read markers.

use std::collections::BTreeSet;

use madang_common::{
    id::{Rev, RoomId, Seq, UserId},
    limits::UNREAD_COUNTED,
    room::Membership,
    time::UnixMillis,
    user::UserView,
};
use sqlx::{FromRow, SqliteConnection};

use super::{StoreError, json, row_count, unread::unread, users::UserRow};

/// How many of those who are there, and of those who were last seen, are looked through for members of a big room.
const LOOKED_THROUGH: usize = 3_000;

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

/// The member, if `user` is one, has a session that stands, and still has their name.
pub(crate) async fn get(
    conn: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
) -> Result<Option<MemberRecord>, StoreError> {
    let row: Option<MemberRow> = sqlx::query_as(
        "SELECT u.id, u.name, u.outside, m.read_seq FROM members m JOIN users u ON u.id = m.user_id \
         WHERE m.room_id = $1 AND m.user_id = $2 AND u.holds_name \
           AND EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = u.id)",
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
    let row: Option<MembershipRow> = sqlx::query_as(concat!(
        "SELECT m.room_id, r.rev, m.read_seq, ",
        unread!("m.room_id", "m.read_seq", "m.user_id", "$3"),
        " FROM members m JOIN rooms r ON r.id = m.room_id WHERE m.room_id = $1 AND m.user_id = $2",
    ))
    .bind(room.0)
    .bind(user.0)
    .bind(UNREAD_COUNTED)
    .fetch_optional(conn)
    .await?;
    row.map(|row| row.membership()).transpose()
}

/// How far `user` has come in each of their rooms.
pub(crate) async fn memberships(
    conn: &mut SqliteConnection,
    user: UserId,
) -> Result<Vec<(RoomId, Membership)>, StoreError> {
    let rows: Vec<MembershipRow> = sqlx::query_as(concat!(
        "SELECT m.room_id, r.rev, m.read_seq, ",
        unread!("m.room_id", "m.read_seq", "m.user_id", "$2"),
        " FROM members m JOIN rooms r ON r.id = m.room_id WHERE m.user_id = $1 ORDER BY m.room_id",
    ))
    .bind(user.0)
    .bind(UNREAD_COUNTED)
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

/// At most so many of the rooms that `user` is a member of, the latest first: the lobby, which was there before all others,
/// is the last of all.
pub(crate) async fn latest_rooms_of(
    conn: &mut SqliteConnection,
    user: UserId,
    most: usize,
) -> Result<Vec<RoomId>, StoreError> {
    let sql = "SELECT room_id FROM members WHERE user_id = $1 ORDER BY room_id DESC LIMIT $2";
    let ids: Vec<i64> = sqlx::query_scalar(sql).bind(user.0).bind(row_count(most)).fetch_all(conn).await?;
    Ok(ids.into_iter().map(RoomId).collect())
}

/// Whether `user` is a member of at least so many rooms.
pub(crate) async fn is_in_many(conn: &mut SqliteConnection, user: UserId, many: usize) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM members WHERE user_id = $1 LIMIT 1 OFFSET $2)";
    Ok(sqlx::query_scalar(sql).bind(user.0).bind(row_count(many.saturating_sub(1))).fetch_one(conn).await?)
}

/// The rooms of several people, those of each together.
pub(crate) async fn rooms_of_all(
    conn: &mut SqliteConnection,
    users: &[UserId],
) -> Result<Vec<(UserId, RoomId)>, StoreError> {
    let sql = "SELECT user_id, room_id FROM members WHERE user_id IN (SELECT value FROM json_each($1)) \
               ORDER BY user_id, room_id";
    let found: Vec<(i64, i64)> = sqlx::query_as(sql).bind(json(users)?).fetch_all(conn).await?;
    Ok(found.into_iter().map(|(user, room)| (UserId(user), RoomId(room))).collect())
}

/// Those of the rooms that have more than `most` members.
pub(crate) async fn bigger_than(
    conn: &mut SqliteConnection,
    rooms: &BTreeSet<RoomId>,
    most: usize,
) -> Result<BTreeSet<RoomId>, StoreError> {
    let sql = "SELECT value FROM json_each($1) \
               WHERE EXISTS (SELECT 1 FROM members m WHERE m.room_id = value LIMIT 1 OFFSET $2)";
    let ids: Vec<i64> = sqlx::query_scalar(sql).bind(json(rooms)?).bind(row_count(most)).fetch_all(conn).await?;
    Ok(ids.into_iter().map(RoomId).collect())
}

/// The members of a room in the order of their names, and whether there are more. Where there are more than `most`, at most so
/// many of those who are `present`, who are only asked for then, and of those who were last seen.
pub(crate) async fn list(
    conn: &mut SqliteConnection,
    room: RoomId,
    present: impl FnOnce(usize) -> Vec<UserId>,
    most: usize,
) -> Result<(Vec<UserView>, bool), StoreError> {
    if !has_more_than(conn, room, most).await? {
        return Ok((list_all(conn, room).await?, false));
    }
    let present = present(LOOKED_THROUGH);
    let found: Vec<UserRow> = sqlx::query_as(
        // Cross joins keep their order: the few are looked up among the many. Those who were last seen are found by walking
        // the index of that; where it does not bring enough, because it was long ago, any others will do.
        "WITH present AS ( \
           SELECT m.user_id AS id FROM json_each($2) p CROSS JOIN members m ON m.room_id = $1 AND m.user_id = p.value \
           LIMIT $3 \
         ), latest AS ( \
           SELECT id FROM users ORDER BY seen_at DESC LIMIT $4 \
         ), seen AS ( \
           SELECT id FROM ( \
             SELECT u.id AS id FROM latest u CROSS JOIN members m ON m.room_id = $1 AND m.user_id = u.id LIMIT $3 \
           ) UNION ALL SELECT id FROM ( \
             SELECT user_id AS id FROM members WHERE room_id = $1 LIMIT $3 \
           ) LIMIT $3 \
         ) \
         SELECT u.id, u.name, u.outside FROM (SELECT id FROM present UNION SELECT id FROM seen) one \
         CROSS JOIN users u ON u.id = one.id ORDER BY LOWER(u.name), u.id",
    )
    .bind(room.0)
    .bind(json(&present)?)
    .bind(row_count(most))
    .bind(row_count(LOOKED_THROUGH))
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

/// How far a member has read, and how far the room has come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    pub(crate) read: Seq,
    /// The room's last message.
    pub(crate) last: Seq,
    pub(crate) rev: Rev,
}

/// How far a member of a room has read.
pub(crate) async fn progress(
    conn: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
) -> Result<Option<Progress>, StoreError> {
    let row: Option<(i64, i64, i64)> = sqlx::query_as(
        "SELECT m.read_seq, r.seq, r.rev FROM members m JOIN rooms r ON r.id = m.room_id \
         WHERE m.room_id = $1 AND m.user_id = $2",
    )
    .bind(room.0)
    .bind(user.0)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(read, last, rev)| Progress { read: Seq(read), last: Seq(last), rev: Rev(rev) }))
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
