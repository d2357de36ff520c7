//! A session: its cookie, and its end.

use madang_common::{
    event::{
        message::Post,
        presence::MemberLeft,
        session::{Ended, Hello},
    },
    fault::FaultCode,
    message::Body,
};

use crate::support::{TestServer, Transport, client_id, location, words};

fn set_cookie(answer: &reqwest::Response) -> &str {
    answer.headers()["set-cookie"].to_str().expect("ASCII")
}

#[tokio::test]
async fn the_cookie_is_kept_from_scripts_and_other_sites() {
    let server = TestServer::start().await;
    let answer = server.post("/join", "", &[("name", "민수")]).await;
    let cookie = set_cookie(&answer);
    for flag in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(cookie.contains(flag), "{flag} in {cookie}");
    }
    assert!(!cookie.contains("Secure"));
}

#[tokio::test]
async fn the_cookie_is_for_https_only_if_set_so() {
    let server = TestServer::start_with(|config| config.secure_cookies = true).await;
    let answer = server.post("/join", "", &[("name", "민수")]).await;
    assert!(set_cookie(&answer).contains("Secure"));
    assert!(set_cookie(&answer).starts_with("__Host-madang_session_"));
}

#[tokio::test]
async fn without_a_session_there_is_no_connection() {
    let server = TestServer::start().await;
    assert_eq!(server.connect_refused("").await, FaultCode::NotSignedIn);
    assert_eq!(server.connect_refused("madang_session=0000").await, FaultCode::NotSignedIn);
    assert_eq!(server.connect_refused("other=cookie").await, FaultCode::NotSignedIn);
}

#[tokio::test]
async fn leaving_ends_the_session_in_every_tab() {
    let server = TestServer::start().await;
    let mut tab = server.join("민수").await;
    let mut other_tab = server.connect(&tab.cookie, Transport::Polling).await;
    let mut jina = server.join("지나").await;
    let garden = tab.create_room("garden").await.room.id;
    jina.join_room(garden).await.expect("joined");

    let answer = server.post("/leave", &tab.cookie, &[]).await;
    assert_eq!(location(&answer), "/");
    let name = tab.cookie.split('=').next().expect("a name");
    assert!(set_cookie(&answer).starts_with(&format!("{name}=;")), "{answer:?}");
    for tab in [&mut tab, &mut other_tab] {
        tab.next::<Ended>().await;
        tab.until_closed().await;
    }
    assert_eq!(server.connect_refused(&tab.cookie).await, FaultCode::NotSignedIn);
    let answer = server.post("/rooms", &tab.cookie, &[("name", "x")]).await;
    assert_eq!(location(&answer), "/");

    for room in [jina.lobby, garden] {
        assert_eq!(jina.next_where(|event: &MemberLeft| event.room == room).await.user, tab.me.id);
        let page = jina.open(room).await.expect("a member");
        assert_eq!(page.members.len(), 1);
        let last = page.messages.last().expect("messages");
        assert_eq!((&last.body, last.author.id), (&Body::Left, tab.me.id));
    }
}

#[tokio::test]
async fn what_an_ended_session_still_sends_is_refused() {
    use crate::support::wire::Wire;

    let server = TestServer::start().await;
    let mut jina = server.join("지나").await;
    let cookie = server.sign_in("민수").await;
    let mut wire = Wire::join(&server, &cookie).await;
    let post = Post { room: jina.lobby, client_id: client_id(1), text: words("from beyond") };
    let post = serde_json::to_string(&post).expect("JSON");
    // The leaving and what is sent after it are on their way at the same time: either the message came first, or it
    // was refused, or the namespace was closed already and there is no answer.
    let leaving = server.post("/leave", &cookie, &[]);
    let frame = format!("42/chat,1[\"message.post\",{post}]");
    let (answer, ()) = tokio::join!(leaving, wire.send(&frame));
    assert_eq!(location(&answer), "/");
    wire.next_like("41/chat,").await;
    let after = Post { room: jina.lobby, client_id: client_id(2), text: words("after the end") };
    let after = serde_json::to_string(&after).expect("JSON");
    wire.send(&format!("42/chat,2[\"message.post\",{after}]")).await;
    jina.next_where(|_: &MemberLeft| true).await;
    jina.ask(&Hello {}).await.expect("granted");
    let page = jina.open(jina.lobby).await.expect("a member");
    assert!(page.messages.iter().all(|message| message.client_id != client_id(2)));
}
