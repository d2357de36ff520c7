//! Who is in which room, and how far they have read.

use madang_common::{
    id::{Rev, RoomId, Seq, UserId},
    room::Membership,
    time::UnixMillis,
    user::UserView,
};
use sqlx::{FromRow, SqliteConnection};

use super::{StoreError, users::UserRow};

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
    row.map(|row| Ok(MemberRecord { user: row.user.try_into()?, read: Seq(row.read_seq) })).transpose()
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

/// The members of a room in the order of their names.
pub(crate) async fn list(conn: &mut SqliteConnection, room: RoomId) -> Result<Vec<UserView>, StoreError> {
    let rows: Vec<UserRow> = sqlx::query_as(
        "SELECT u.id, u.name, u.outside FROM members m JOIN users u ON u.id = m.user_id WHERE m.room_id = $1 \
         ORDER BY u.name_fold, u.id",
    )
    .bind(room.0)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(UserView::try_from).collect()
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
