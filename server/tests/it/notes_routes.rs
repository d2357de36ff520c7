//! The routes of the study notes: the quick chat's small pages, and the address of the Socket.IO client.

use reqwest::Response;

use crate::support::{TestServer, within};

async fn get(server: &TestServer, path: &str) -> Response {
    within(server.http.get(format!("{}{path}", server.url)).send()).await.expect("an answer")
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).unwrap_or_else(|| panic!("{name}")).to_str().expect("ASCII")
}

#[tokio::test]
async fn n0_1_the_root_page_answers() {
    let server = TestServer::start().await;
    // Without a built UI the page is a sentence that says so.
    assert!([200, 503].contains(&get(&server, "/").await.status().as_u16()));
}

#[tokio::test]
async fn n0_2_a_random_number_from_1_to_100() {
    let server = TestServer::start().await;
    let mut seen = Vec::new();
    for _ in 0..64 {
        let answer = get(&server, "/random").await;
        assert_eq!(header(&answer, "content-type"), "text/plain; charset=utf-8");
        assert_eq!(header(&answer, "cache-control"), "no-store");
        let number: u32 = answer.text().await.expect("a text").parse().expect("digits and nothing else");
        assert!((1..=100).contains(&number), "{number}");
        seen.push(number);
    }
    seen.dedup();
    assert!(seen.len() > 1, "not always the same: {seen:?}");
}

#[tokio::test]
async fn n0_3_a_users_id_is_echoed_as_text() {
    let server = TestServer::start().await;
    assert_eq!(get(&server, "/user/7").await.text().await.expect("a text"), "7");
    assert_eq!(get(&server, "/user/%EC%A7%80%EB%82%98").await.text().await.expect("a text"), "지나");
    let answer = get(&server, "/user/%3Cscript%3Ealert(1)%3C%2Fscript%3E").await;
    assert_eq!(header(&answer, "content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.text().await.expect("a text"), "&lt;script&gt;alert(1)&lt;/script&gt;");
    assert_eq!(get(&server, "/user/%FF").await.status(), 400, "no text at all");
}

#[tokio::test]
async fn n0_4_the_quick_chat_greets_by_name() {
    let server = TestServer::start().await;
    let page = get(&server, "/html/%EC%A7%80%EB%82%98").await.text().await.expect("a text");
    assert!(page.contains("<h1>Hello 지나.</h1>"), "{page}");
    let answer = get(&server, "/html/%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E").await;
    assert!(header(&answer, "content-security-policy").contains("default-src 'self'"));
    let page = answer.text().await.expect("a text");
    assert!(page.contains("<h1>Hello &lt;img src=x onerror=alert(1)&gt;.</h1>"), "{page}");
    assert!(!page.contains("<img"), "{page}");
}

#[tokio::test]
async fn n0_5_the_quick_chat_has_the_notes_elements() {
    let server = TestServer::start().await;
    let page = get(&server, "/html/a").await.text().await.expect("a text");
    let places = ["id=\"chat\"", "id=\"textfield_input\"", "id=\"send_button\""].map(|id| page.find(id));
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "log, input, button: {places:?}");
    for file in ["/notes/quick_chat.js", "/notes/quick_chat.css"] {
        assert!(page.contains(file), "{file}");
        assert_eq!(get(&server, file).await.status(), 200, "{file}");
    }
}

#[tokio::test]
async fn n2_8_the_clients_address_is_no_connection() {
    let server = TestServer::start().await;
    for query in ["", "?v=1", "?EIO=4&transport=polling", "?EIO=3&transport=polling"] {
        let answer = get(&server, &format!("/socket.io/socket.io.js{query}")).await;
        // Tests may run before a UI is built; then a sentence says so.
        match answer.status().as_u16() {
            200 => assert_eq!(header(&answer, "content-type"), "text/javascript; charset=utf-8"),
            404 => assert!(answer.text().await.expect("a text").contains("without the Socket.IO client")),
            other => panic!("{query}: {other}"),
        }
    }
    // What is no file still goes to the Socket.IO server.
    assert_eq!(get(&server, "/socket.io/?EIO=4&transport=polling").await.status(), 200);
    assert_eq!(get(&server, "/socket.io/other.js").await.status(), 400);
}

#[tokio::test]
async fn n2_8_the_client_is_no_secret() {
    let server = TestServer::start().await;
    let request = server.http.get(format!("{}/socket.io/socket.io.js", server.url));
    let answer = within(request.header("origin", "http://elsewhere.example").send()).await.expect("an answer");
    assert!([200, 404].contains(&answer.status().as_u16()), "{}", answer.status());
}
