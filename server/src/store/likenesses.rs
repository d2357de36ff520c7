//! What names have in common that are alike, as it is stored beside them: made anew when the rule for it has changed.

use std::collections::HashMap;

use sqlx::{Connection, SqliteConnection};

use crate::names::{self, Likeness};

/// How many people may hold names that are alike after the rule for it has changed. Those who were seen last keep theirs;
/// whoever else comes back is asked for another. It bounds what is looked at whenever someone takes such a name.
pub(super) const MOST_ALIKE: usize = 8;

/// Stores the likeness of every name, unless that has been done by the same rule.
pub(super) async fn bring_up_to_date(conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let rule = names::rule();
    let stored: Option<String> = sqlx::query_scalar("SELECT rule FROM name_rule").fetch_optional(&mut *conn).await?;
    if stored.as_ref() == Some(&rule) {
        return Ok(());
    }
    // In one transaction, so that a server that is stopped midway does it again.
    let mut change = conn.begin().await?;
    let people = people(&mut change).await?;
    let rooms = rooms(&mut change).await?;
    sqlx::query("DELETE FROM name_rule").execute(&mut *change).await?;
    sqlx::query("INSERT INTO name_rule (rule) VALUES ($1)").bind(&rule).execute(&mut *change).await?;
    change.commit().await?;
    tracing::info!(people, rooms, rule, "names are compared by another rule");
    Ok(())
}

async fn people(conn: &mut SqliteConnection) -> Result<usize, sqlx::Error> {
    let found: Vec<(i64, String, bool)> =
        sqlx::query_as("SELECT id, name, holds_name FROM users ORDER BY seen_at DESC, id DESC")
            .fetch_all(&mut *conn)
            .await?;
    let mut holders: HashMap<String, usize> = HashMap::new();
    for (id, name, holds_name) in &found {
        let Likeness { fold, look } = Likeness::of(name);
        let mut may_hold = *holds_name;
        if *holds_name {
            for key in [["fold ", &fold].concat(), ["look ", &look].concat()] {
                let count = holders.entry(key).or_default();
                *count += 1;
                may_hold &= *count <= MOST_ALIKE;
            }
        }
        sqlx::query("UPDATE users SET name_fold = $2, name_look = $3, holds_name = $4 WHERE id = $1")
            .bind(id)
            .bind(fold)
            .bind(look)
            .bind(may_hold)
            .execute(&mut *conn)
            .await?;
    }
    Ok(found.len())
}

async fn rooms(conn: &mut SqliteConnection) -> Result<usize, sqlx::Error> {
    let found: Vec<(i64, String)> = sqlx::query_as("SELECT id, name FROM rooms").fetch_all(&mut *conn).await?;
    for (id, name) in &found {
        let Likeness { fold, look } = Likeness::of(name);
        sqlx::query("UPDATE rooms SET name_fold = $2, name_look = $3 WHERE id = $1")
            .bind(id)
            .bind(fold)
            .bind(look)
            .execute(&mut *conn)
            .await?;
    }
    Ok(found.len())
}

#[cfg(test)]
mod tests {
    use madang_common::{text::UserName, time::UnixMillis};
    use sqlx::Executor as _;

    use super::*;
    use crate::store::{open, users};

    async fn names(conn: &mut SqliteConnection) -> Vec<(String, String, bool)> {
        sqlx::query_as("SELECT name, name_fold, holds_name FROM users ORDER BY id")
            .fetch_all(conn)
            .await
            .expect("people")
    }

    #[tokio::test]
    async fn what_an_earlier_rule_stored_is_made_anew_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let (store, mut writer) = open(folder.path()).await.expect("a database");
        // As the rule before left it: two who look alike hold their names.
        writer
            .conn
            .execute(
                "INSERT INTO users (name, name_fold, holds_name, created_at, seen_at) VALUES \
                   ('admin', 'admin', TRUE, 0, 1), ('ad\u{e0100}min', 'ad\u{e0100}min', TRUE, 0, 2); \
                 UPDATE name_rule SET rule = 'the one before'; UPDATE rooms SET name_fold = ''",
            )
            .await
            .expect("rows");
        store.close().await;
        writer.close().await.expect("closed");

        let (store, mut writer) = open(folder.path()).await.expect("the database again");
        let found = names(&mut writer.conn).await;
        let fold = Likeness::of("admin").fold;
        assert_eq!(found[0], ("admin".to_owned(), fold.clone(), true));
        assert_eq!(found[1], ("ad\u{e0100}min".to_owned(), fold, true), "nobody loses a name");
        let rooms: Vec<String> =
            sqlx::query_scalar("SELECT name_fold FROM rooms").fetch_all(&mut writer.conn).await.expect("rooms");
        assert_eq!(rooms, ["lobby"]);
        // Not done again while the rule is the same.
        writer.conn.execute("UPDATE users SET name_fold = 'kept'").await.expect("changed");
        bring_up_to_date(&mut writer.conn).await.expect("up to date");
        assert!(names(&mut writer.conn).await.iter().all(|(_, fold, _)| fold == "kept"));
        store.close().await;
        writer.close().await.expect("closed");
    }

    #[tokio::test]
    async fn a_guest_whose_likeness_was_stored_whole_is_still_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let (store, mut writer) = open(folder.path()).await.expect("a database");
        let name = UserName::parse(&"\u{fdfa}".repeat(32)).expect("a name");
        let guest = users::insert_guest(&mut writer.conn, &name, UnixMillis(0)).await.expect("a guest");
        writer
            .conn
            .execute(
                "UPDATE users SET name_fold = 'x', name_look = 'x'; UPDATE name_rule SET rule = 'the one before'",
            )
            .await
            .expect("as the rule before left it");
        store.close().await;
        writer.close().await.expect("closed");

        let (store, mut writer) = open(folder.path()).await.expect("the database again");
        let found = users::guest(&mut writer.conn, &Likeness::of(name.as_str())).await.expect("a query");
        assert_eq!(found.map(|found| (found.id, found.name)), Some((guest, name)));
        store.close().await;
        writer.close().await.expect("closed");
    }

    #[tokio::test]
    async fn of_many_who_are_alike_those_who_were_seen_last_keep_the_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let (store, mut writer) = open(folder.path()).await.expect("a database");
        for number in 0..12 {
            sqlx::query(
                "INSERT INTO users (name, name_fold, holds_name, created_at, seen_at) VALUES ($1, $1, TRUE, 0, $2)",
            )
            .bind(format!("admin{}", "\u{200d}".repeat(number)))
            .bind(i64::try_from(number).expect("small"))
            .execute(&mut writer.conn)
            .await
            .expect("a row");
        }
        writer.conn.execute("DELETE FROM name_rule").await.expect("no rule");
        bring_up_to_date(&mut writer.conn).await.expect("up to date");
        let holds: Vec<bool> = names(&mut writer.conn).await.into_iter().map(|(.., holds)| holds).collect();
        assert_eq!(holds.iter().filter(|holds| **holds).count(), MOST_ALIKE);
        assert!(holds[4..].iter().all(|holds| *holds), "{holds:?}");
        store.close().await;
        writer.close().await.expect("closed");
    }
}
