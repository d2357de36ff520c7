//! A name belongs to one person among those who are there.

use std::time::Duration;

use madang_common::{
    event::{
        presence::{MemberJoined, PresenceChanged},
        room::Changes,
    },
    fault::FaultCode,
    id::Rev,
    time::UnixMillis,
};
use serde_json::json;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::support::{Guest, TestServer, Transport, cookie, location, said};

/// Longer than a name is held.
const LONG: Duration = Duration::from_secs(16 * 60);

async fn refusal(server: &TestServer, name: &str) -> String {
    let answer = server.post("/join", "", &[("name", name)]).await;
    assert_eq!(cookie(&answer), None, "no session for {name:?}");
    location(&answer).to_owned()
}

#[tokio::test]
async fn a_name_of_someone_present_is_taken_however_it_is_written() {
    let server = TestServer::start().await;
    let _minsu = server.join("Kim Minsu").await;
    for same in ["Kim Minsu", "kim minsu", " KimMinsu ", "ＫＩＭ ｍｉｎｓｕ"] {
        let refused = refusal(&server, same).await;
        assert!(refused.starts_with("/?refused=name_taken&name="), "{refused}");
    }
    server.join("Kim Minseo").await;
}

#[tokio::test]
async fn a_malformed_name_is_refused_with_the_reason_and_the_name() {
    let server = TestServer::start().await;
    assert_eq!(refusal(&server, "").await, "/?refused=blank");
    assert_eq!(refusal(&server, "  ").await, "/?refused=blank&name=%20%20");
    assert_eq!(
        refusal(&server, &"가".repeat(33)).await,
        format!("/?refused=too_long&name={}", "%EA%B0%80".repeat(33))
    );
    assert_eq!(refusal(&server, "a\u{202e}b").await, "/?refused=forbidden_character&name=a%E2%80%AEb");
}

#[tokio::test]
async fn a_name_with_a_character_that_cannot_be_seen_is_refused() {
    let server = TestServer::start().await;
    for name in ["ad\u{e0100}min", "admin\u{115f}", "ad\u{fff0}min", "a\u{200d}dmin", "admin\u{fe0f}", "\u{e000}x"] {
        let refused = refusal(&server, name).await;
        assert!(refused.starts_with("/?refused=forbidden_character&name="), "{name:?}: {refused}");
    }
    for blank in ["\u{e0100}", "\u{3164}", "\u{2800}", "\u{115f}\u{1160}"] {
        let refused = refusal(&server, blank).await;
        assert!(refused.starts_with("/?refused=blank&name="), "{blank:?}: {refused}");
    }
    for name in ["می\u{200c}خواهم", "👨\u{200d}👩\u{200d}👧\u{200d}👦", "🇰🇷", "❤\u{fe0f}"] {
        assert_eq!(server.join(name).await.me.name.as_str(), name);
    }
}

#[tokio::test]
async fn a_name_that_looks_like_that_of_someone_present_is_taken() {
    let server = TestServer::start().await;
    let _admin = server.join("admin").await;
    let _holly = server.join("Holly").await;
    for alike in ["аdmin", "admın", "ADMIN", "ａdmin", "Αdmin", "H0lly", "HoIly", "Ho1ly"] {
        let refused = refusal(&server, alike).await;
        assert!(refused.starts_with("/?refused=name_taken&name="), "{alike}: {refused}");
    }
    server.join("Adm").await;
    server.join("Hally").await;
}

#[tokio::test]
async fn a_name_that_is_typed_in_parts_is_the_same_name() {
    let server = TestServer::start().await;
    // As macOS writes the names of files: 33 code points, 11 characters.
    let minsu = server.join(&"\u{1100}\u{1161}\u{11a8}".repeat(11)).await;
    assert_eq!(minsu.me.name.as_str(), "각".repeat(11));
    assert!(refusal(&server, &"각".repeat(11)).await.starts_with("/?refused=name_taken"));
}

#[tokio::test]
async fn what_an_earlier_rule_let_in_stays_readable() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let garden = minsu.create_room("garden").await.room;
    minsu.post(garden.id, 1, "said").await.expect("posted");
    let file = server.data_folder().join("madang.sqlite3");
    let options = SqliteConnectOptions::new().filename(file);
    let mut database = SqliteConnection::connect_with(&options).await.expect("the database");
    for (table, column, value) in [
        ("users", "name", "민\u{e0100}수\u{378}"),
        ("rooms", "name", "gar\u{200b}den\u{1100}\u{1161}"),
        ("rooms", "topic", "a\u{202e}b"),
        ("messages", "text", "\u{3164}"),
    ] {
        let change = format!("UPDATE {table} SET {column} = $1 WHERE {column} <> 'lobby' AND $1 <> ''");
        sqlx::query(sqlx::AssertSqlSafe(change)).bind(value).execute(&mut database).await.expect("changed");
    }
    sqlx::query("UPDATE rooms SET slug = $1 WHERE slug = 'garden'")
        .bind("\u{1112}\u{116c}\u{110b}\u{1174}")
        .execute(&mut database)
        .await
        .expect("changed");
    database.close().await.expect("closed");

    let cookie = minsu.cookie.clone();
    drop(minsu);
    let server = server.restart().await;
    let minsu = server.connect(&cookie, Transport::WebSocket).await;
    assert_eq!(minsu.me.name.as_str(), "민\u{e0100}수\u{378}");
    let page = minsu.open(garden.id).await.expect("still a member");
    assert_eq!((page.room.name.as_str(), page.room.topic.as_str()), ("gar\u{200b}den\u{1100}\u{1161}", "a\u{202e}b"));
    assert_eq!(page.messages.last().map(said), Some("\u{3164}"));
    let answer = server.post(&format!("/r/{}/leave", page.room.slug), &cookie, &[]).await;
    assert!(location(&answer).starts_with("/r/"), "the address of before leads there");
}

#[tokio::test]
async fn a_guest_is_stored_without_what_cannot_be_seen() {
    let server = TestServer::start().await;
    let mut minsu = server.join("민수").await;
    let guest = Guest::connect(&server).await;
    guest.say("my event", json!({"user_name": "지\u{e0100}나", "message": "안녕"})).await;
    let heard = minsu.next_change(minsu.lobby).await;
    assert_eq!((said(&heard), heard.author.name.as_str()), ("안녕", "지나"));
    // Somebody inside who looks like the guest keeps the name for themselves.
    guest.say("my event", json!({"user_name": "민\u{200b}수", "message": "나야"})).await;
    let heard = minsu.next_change(minsu.lobby).await;
    assert_eq!((said(&heard), heard.author.name.as_str()), ("나야", "민수 (2)"));
}

#[tokio::test]
async fn leaving_frees_the_name_at_once() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let left = server.post("/leave", &minsu.cookie, &[]).await;
    assert_eq!(location(&left), "/");
    let other = server.join("민수").await;
    assert_ne!(other.me.id, minsu.me.id);
}

#[tokio::test]
async fn an_absent_persons_name_is_held_for_a_while_and_then_given_away() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let said_before = minsu.post(minsu.lobby, 1, "나야").await.expect("posted");
    let (me, cookie_of_minsu) = (minsu.me.clone(), minsu.cookie.clone());
    let mut witness = server.join("지나").await;
    minsu.go().await;
    witness.next_where(|event: &PresenceChanged| !event.online).await;

    assert!(refusal(&server, "민수").await.starts_with("/?refused=name_taken"), "held at first");
    server.clock.advance(LONG);
    let newcomer = server.join("민수").await;
    assert_ne!(newcomer.me.id, me.id);

    // The one who was away finds their name gone, and takes another. They are still the same person.
    assert_eq!(server.connect_refused(&cookie_of_minsu).await, FaultCode::NotSignedIn);
    let answer = server.post("/r/lobby/messages", &cookie_of_minsu, &[("text", "x"), ("client_id", &id())]).await;
    assert_eq!(location(&answer), "/?next=%2Fr%2Flobby");
    let answer = server.post("/join", &cookie_of_minsu, &[("name", "민수")]).await;
    assert!(location(&answer).starts_with("/?refused=name_taken"));
    let answer = server.post("/join", &cookie_of_minsu, &[("name", "민수2")]).await;
    assert_eq!((location(&answer), cookie(&answer)), ("/r/lobby", None), "the session stays");
    let back = server.connect(&cookie_of_minsu, Transport::WebSocket).await;
    assert_eq!((back.me.id, back.me.name.as_str()), (me.id, "민수2"));
    let page = back.open(back.lobby).await.expect("still a member");
    let message = page.messages.iter().find(|message| message.id == said_before.id).expect("the message");
    assert_eq!((said(message), &message.author), ("나야", &me), "said under the name of then");
}

/// Whatever way it is read, and on every screen.
#[tokio::test]
async fn what_was_said_keeps_the_name_that_it_was_said_under() {
    let server = TestServer::start().await;
    let mut witness = server.join("지나").await;
    let minsu = server.join("민수").await;
    let (me, cookie, lobby) = (minsu.me.clone(), minsu.cookie.clone(), witness.lobby);
    let joined = witness.next_where(|event: &Changes| event.changes[0].author == me).await.changes[0].clone();
    let said_before = minsu.post(lobby, 1, "전에").await.expect("posted");
    let live = witness.next_change(lobby).await;
    assert_eq!(live, said_before);
    minsu.go().await;
    witness.next_where(|event: &PresenceChanged| !event.online).await;
    server.clock.advance(LONG);
    let _newcomer = server.join("민수").await;

    let answer = server.post("/join", &cookie, &[("name", "민수2")]).await;
    assert_eq!(location(&answer), "/r/lobby");
    let told = witness.next_where(|event: &MemberJoined| event.member.user.id == me.id && event.room == lobby).await;
    assert_eq!(told.member.user.name.as_str(), "민수", "the first time they came");
    let told = witness.next_where(|event: &MemberJoined| event.member.user.id == me.id && event.room == lobby).await;
    assert_eq!(told.member.user.name.as_str(), "민수2", "the others' lists have the new name");

    let back = server.connect(&cookie, Transport::WebSocket).await;
    let said_after = back.post(lobby, 2, "뒤에").await.expect("posted");
    assert_eq!(said_after.author.name.as_str(), "민수2");
    let edited = back.edit(said_before.id, "전에 (고침)").await.expect("still theirs");
    assert_eq!(edited.author, me, "an edit keeps the name");
    let heard = witness.next_where(|event: &Changes| event.changes[0].id == said_before.id).await;
    assert_eq!(heard.changes, std::slice::from_ref(&edited));

    let page = back.open(lobby).await.expect("a member").messages;
    let history = witness.history(lobby, said_after.seq).await.expect("a member").messages;
    let synced = witness.sync(lobby, Rev(0)).await.expect("a member").changes;
    assert_eq!(witness.open(lobby).await.expect("a member").messages, page);
    for (way, messages) in [("a page", page), ("history", history), ("catching up", synced)] {
        for expected in [&joined, &edited] {
            let found = messages.iter().find(|message| message.id == expected.id);
            assert_eq!(found, Some(expected), "{way}");
        }
    }
}

fn id() -> String {
    crate::support::client_id(7).to_string()
}

#[tokio::test]
async fn someone_who_is_there_keeps_the_name_however_long() {
    let server = TestServer::start().await;
    let _minsu = server.join("민수").await;
    server.clock.advance(LONG);
    assert!(refusal(&server, "민수").await.starts_with("/?refused=name_taken"));
}

#[tokio::test]
async fn after_a_restart_names_are_held_until_people_had_time_to_come_back() {
    let server = TestServer::start().await;
    let _minsu = server.join("민수").await;
    server.clock.advance(LONG);
    let server = server.restart().await;
    assert!(refusal(&server, "민수").await.starts_with("/?refused=name_taken"));
    server.clock.advance(LONG);
    server.join("민수").await;
}

#[tokio::test]
async fn someone_who_only_reads_pages_is_seen_too() {
    let server = TestServer::start().await;
    let cookie = server.sign_in("민수").await;
    server.clock.advance(Duration::from_secs(14 * 60));
    let answer = server.post("/join", &cookie, &[("name", "민수")]).await;
    assert_eq!(location(&answer), "/r/lobby", "joining again changes nothing");
    server.clock.advance(Duration::from_secs(14 * 60));
    // The form above is no page of its own: what counts is that one was there.
    let page = server.http.get(&server.url).header("cookie", &cookie).send().await.expect("a page");
    assert!(page.status().is_success() || page.status().is_redirection());
    server.clock.advance(Duration::from_secs(14 * 60));
    assert!(refusal(&server, "민수").await.starts_with("/?refused=name_taken"));
}

#[tokio::test]
async fn one_who_has_a_name_keeps_it_when_joining_again() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let answer = server.post("/join", &minsu.cookie, &[("name", "다른 이름")]).await;
    assert_eq!((location(&answer), cookie(&answer)), ("/r/lobby", None));
    let again = server.connect(&minsu.cookie, Transport::WebSocket).await;
    assert_eq!(again.me, minsu.me);
}

#[tokio::test]
async fn a_clock_that_was_years_ahead_keeps_no_name_for_years_also_after_a_restart() {
    let server = TestServer::start().await;
    let start = server.clock.now();
    let cookie = server.sign_in("민수").await;
    server.clock.set(UnixMillis(start.0 + 10 * 365 * 86_400_000));
    let page = server.http.get(&server.url).header("cookie", &cookie).send().await.expect("a page");
    assert!(page.status().is_success() || page.status().is_redirection(), "they were seen in ten years");
    let server = server.restart().await;
    server.clock.set(start);
    let server = server.restart().await;
    server.sign_in("지나").await;
    assert!(refusal(&server, "민수").await.starts_with("/?refused=name_taken"), "held at first");
    server.clock.advance(LONG);
    server.join("민수").await;
}
