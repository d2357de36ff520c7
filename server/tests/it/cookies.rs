//! The session's cookie: what it is called, that it is kept, and what becomes of browsers that keep none.

use std::time::Duration;

use reqwest::{Response, header};

use crate::support::{Actor, TestServer, Transport, cookie, location};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// All that an answer sets, without what comes after the values.
fn set(answer: &Response) -> Vec<String> {
    let set = answer.headers().get_all(header::SET_COOKIE).iter();
    set.map(|set| set.to_str().expect("ASCII").split(';').next().expect("a pair").to_owned()).collect()
}

fn token(cookie: &str) -> &str {
    cookie.split_once('=').expect("a value").1
}

async fn get(server: &TestServer, path: &str, cookie: &str) -> Response {
    let request = server.http.get(format!("{}{path}", server.url)).header(header::COOKIE, cookie);
    request.send().await.expect("an answer")
}

/// Joins by the form of the page, as a browser does that sends these cookies.
async fn join_from_the_page(server: &TestServer, cookies: &str, origin: &str) -> Response {
    let form = [("name", "민수"), ("probe", "1")];
    let request = server.http.post(format!("{}/join", server.url)).form(&form);
    let request = request.header(header::COOKIE, cookies).header(header::ORIGIN, origin);
    request.send().await.expect("an answer")
}

#[tokio::test]
async fn servers_on_one_host_do_not_overwrite_each_others_sessions() {
    let (one, other) = (TestServer::start().await, TestServer::start().await);
    let (in_one, in_other) = (one.sign_in("민수").await, other.sign_in("민수").await);
    // A browser keeps both, and sends both to both.
    let both = format!("{in_one}; {in_other}");
    assert_ne!(in_one.split('=').next(), in_other.split('=').next());
    for server in [&one, &other] {
        Actor::connect(&server.url, &both, Transport::WebSocket).await.expect("signed in");
    }
    // The name goes with the data folder, for the port may change.
    let one = one.restart().await;
    assert_eq!(token(&one.sign_in("지나").await).len(), 64);
    assert_eq!(one.sign_in("하나").await.split('=').next(), in_one.split('=').next());
}

#[tokio::test]
async fn whoever_has_a_cookie_by_its_earlier_name_is_still_signed_in() {
    let server = TestServer::start().await;
    let cookie = server.sign_in("민수").await;
    let earlier = format!("madang_session={}", token(&cookie));
    for transport in [Transport::WebSocket, Transport::Polling] {
        Actor::connect(&server.url, &earlier, transport).await.expect("signed in");
    }
    let left = server.post("/leave", &earlier, &[]).await;
    assert_eq!(set(&left), ["madang_session="], "it is taken away again");
    assert!(Actor::connect(&server.url, &cookie, Transport::WebSocket).await.is_err());
}

#[tokio::test]
async fn a_browser_that_keeps_no_cookies_is_told_so_and_takes_no_name() {
    let server = TestServer::start().await;
    let witness = server.join("지나").await;
    let probe = set(&get(&server, "/", "").await).pop().expect("the page sets one");
    assert!(probe.starts_with("madang_probe_"), "{probe}");

    let refused = join_from_the_page(&server, "", &server.url).await;
    assert_eq!(location(&refused), "/?refused=cookies&name=%EB%AF%BC%EC%88%98");
    assert_eq!(set(&refused), [""; 0]);
    let others = "madang_probe_00000000=1; madang_session_00000000=1; madang_lang=ko";
    assert_eq!(location(&join_from_the_page(&server, others, &server.url).await), location(&refused));
    assert_eq!(witness.open(witness.lobby).await.expect("a member").members.len(), 1, "nobody came");

    // The same name, from a browser that keeps them.
    let joined = join_from_the_page(&server, &probe, &server.url).await;
    assert_eq!(location(&joined), "/r/lobby");
    assert!(cookie(&joined).is_some());
    assert!(
        set(&joined).iter().any(|set| set.starts_with("madang_probe_") && set.ends_with('=')),
        "it has done its work"
    );
    // And a program, which has not asked for the page.
    assert_eq!(location(&server.post("/join", "", &[("name", "하나")]).await), "/r/lobby");
}

#[tokio::test]
async fn where_cookies_go_over_https_only_a_page_over_http_says_so() {
    let server = TestServer::start_with(|config| {
        config.secure_cookies = true;
        config.public_url = vec!["https://chat.example.org".parse().expect("a URL")];
    })
    .await;
    let page = get(&server, "/", "").await;
    let probe = page.headers()[header::SET_COOKIE].to_str().expect("ASCII");
    assert!(probe.starts_with("__Host-madang_probe_") && probe.contains("Secure"), "{probe}");
    // A browser drops such a cookie of a page over http.
    let refused = join_from_the_page(&server, "", &server.url).await;
    assert!(location(&refused).starts_with("/?refused=cookies_https&"), "{refused:?}");
    let refused = join_from_the_page(&server, "", "https://chat.example.org").await;
    assert!(location(&refused).starts_with("/?refused=cookies&"), "{refused:?}");
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used() {
    let server = TestServer::start().await;
    let cookie = server.sign_in("민수").await;
    server.clock.advance(29 * DAY);
    Actor::connect(&server.url, &cookie, Transport::Polling).await.expect("it stands, and was used");
    server.clock.advance(29 * DAY);
    assert_eq!(server.post("/rooms", &cookie, &[("name", "정원")]).await.status(), 303);
    server.clock.advance(31 * DAY);
    assert!(Actor::connect(&server.url, &cookie, Transport::WebSocket).await.is_err());
    assert_eq!(location(&server.post("/rooms", &cookie, &[("name", "뜰")]).await), "/");
}
