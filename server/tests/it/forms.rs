//! Without scripts: everything by plain forms.

use madang_common::{
    event::room::Changes,
    message::{Body, MessageView},
};

use crate::support::{Actor, TestServer, client_id, location, said};

async fn lobby_of(witness: &Actor) -> Vec<MessageView> {
    witness.open(witness.lobby).await.expect("a member").messages
}

#[tokio::test]
async fn one_posts_edits_and_deletes_by_forms() {
    let server = TestServer::start().await;
    let mut witness = server.join("지나").await;
    let cookie = server.sign_in("민수").await;
    let id = client_id(1).to_string();
    for _ in 0..2 {
        let form = [("text", "양식으로"), ("client_id", id.as_str())];
        let answer = server.post("/r/lobby/messages", &cookie, &form).await;
        assert_eq!(location(&answer), "/r/lobby");
    }
    let live = witness.next_where(|e: &Changes| matches!(e.changes[0].body, Body::Text { .. })).await;
    let message = lobby_of(&witness).await.pop().expect("a message");
    assert_eq!((said(&message), &live.changes), ("양식으로", &vec![message.clone()]), "once, and live");
    assert_eq!(lobby_of(&witness).await.len(), 3, "two notices and one message");

    let answer = server.post(&format!("/messages/{}/edit", message.id), &cookie, &[("text", "고침")]).await;
    assert_eq!(location(&answer), "/r/lobby");
    assert_eq!(said(&lobby_of(&witness).await[2]), "고침");
    let answer = server.post(&format!("/messages/{}/delete", message.id), &witness.cookie, &[]).await;
    assert_eq!(answer.status(), 403, "not hers");
    let answer = server.post(&format!("/messages/{}/delete", message.id), &cookie, &[]).await;
    assert_eq!(location(&answer), "/r/lobby");
    assert_eq!(lobby_of(&witness).await[2].body, Body::Deleted);
}

#[tokio::test]
async fn a_blank_message_says_nothing_and_a_long_one_is_refused() {
    let server = TestServer::start().await;
    let witness = server.join("지나").await;
    let id = client_id(1).to_string();
    let answer = server.post("/r/lobby/messages", &witness.cookie, &[("text", " \n"), ("client_id", &id)]).await;
    assert_eq!(location(&answer), "/r/lobby");
    let long = "가".repeat(4_001);
    let answer = server.post("/r/lobby/messages", &witness.cookie, &[("text", &long), ("client_id", &id)]).await;
    assert_eq!(location(&answer), "/r/lobby?refused=too_long");
    assert_eq!(lobby_of(&witness).await.len(), 1, "the notice alone");
    let answer = server.post("/r/lobby/messages", &witness.cookie, &[("text", &long[3..]), ("client_id", &id)]).await;
    assert_eq!(location(&answer), "/r/lobby");
    assert_eq!(lobby_of(&witness).await.len(), 2, "4,000 characters are fine");
}

#[tokio::test]
async fn one_makes_joins_and_leaves_rooms_by_forms() {
    let server = TestServer::start().await;
    let cookie = server.sign_in("민수").await;
    let witness = server.join("지나").await;
    let answer = server.post("/rooms", &cookie, &[("name", "공지 사항"), ("topic", "알림")]).await;
    let path = location(&answer).to_owned();
    assert_eq!(path, "/r/%EA%B3%B5%EC%A7%80-%EC%82%AC%ED%95%AD");
    for (form, refusal) in [
        (("공지사항", ""), "room_exists"),
        (("", ""), "blank"),
        (("***", ""), "no_letter"),
        (("x", "a\u{202e}b"), "topic"),
    ] {
        let answer = server.post("/rooms", &cookie, &[("name", form.0), ("topic", form.1)]).await;
        let expected = format!("/rooms/new?refused={refusal}");
        assert!(location(&answer).starts_with(&expected), "{}", location(&answer));
    }
    let id = client_id(1).to_string();
    let form = [("text", "hello"), ("client_id", id.as_str())];
    let answer = server.post(&format!("{path}/messages"), &witness.cookie, &form).await;
    assert_eq!(location(&answer), format!("{path}?refused=not_a_member"));
    let answer = server.post(&format!("{path}/join"), &witness.cookie, &[]).await;
    assert_eq!(location(&answer), path);
    let answer = server.post(&format!("{path}/messages"), &witness.cookie, &form).await;
    assert_eq!(location(&answer), path);
    let answer = server.post(&format!("{path}/leave"), &witness.cookie, &[]).await;
    assert_eq!(location(&answer), path);
    assert_eq!(server.post("/r/lobby/leave", &cookie, &[]).await.status(), 403);
    for nowhere in ["/r/nowhere/join", "/r/No%20Where/join", "/r/nowhere/messages"] {
        assert_eq!(server.post(nowhere, &cookie, &form).await.status(), 404, "{nowhere}");
    }
}

#[tokio::test]
async fn without_a_session_forms_lead_to_joining_and_back() {
    let server = TestServer::start().await;
    let answer = server.post("/r/%EA%B3%B5%EC%A7%80/join", "", &[]).await;
    assert_eq!(location(&answer), "/?next=%2Fr%2F%25EA%25B3%25B5%25EC%25A7%2580");
    let form = [("name", "민수"), ("next", "/r/%EA%B3%B5%EC%A7%80")];
    assert_eq!(location(&server.post("/join", "", &form).await), "/r/%EA%B3%B5%EC%A7%80");
    let form = [("name", "지나"), ("next", "//evil.example/")];
    assert_eq!(location(&server.post("/join", "", &form).await), "/r/lobby");
}

#[tokio::test]
async fn language_and_theme_are_kept_in_cookies() {
    let server = TestServer::start().await;
    let form = [("lang", "en"), ("theme", "dark"), ("back", "/r/lobby")];
    let answer = server.post("/settings", "", &form).await;
    assert_eq!(location(&answer), "/r/lobby");
    let cookies: Vec<&str> =
        answer.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()).collect();
    assert!(cookies.iter().any(|cookie| cookie.starts_with("madang_lang=en;")), "{cookies:?}");
    assert!(cookies.iter().any(|cookie| cookie.starts_with("madang_theme=dark;")), "{cookies:?}");
    let answer = server.post("/settings", "", &[("lang", "xx")]).await;
    assert_eq!(answer.status(), 422);
    let answer = server.post("/settings", "", &[("back", "https://evil.example")]).await;
    assert_eq!(location(&answer), "/");
}

#[tokio::test]
async fn the_server_says_that_it_is_well() {
    let server = TestServer::start().await;
    let answer = server.http.get(format!("{}/health", server.url)).send().await.expect("an answer");
    assert_eq!((answer.status().as_u16(), answer.text().await.expect("a text").as_str()), (200, "ok\n"));
}
