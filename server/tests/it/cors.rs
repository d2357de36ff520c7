//! Pages of other hosts that the operator lets in: they may read what the Socket.IO server answers, others may not.

use reqwest::{Method, Response, header};

use crate::support::{TestServer, within};

const FRIEND: &str = "https://friend.example";
const STRANGER: &str = "https://stranger.example";

async fn server() -> TestServer {
    TestServer::start_with(|config| config.allow_origin = vec![FRIEND.parse().expect("an origin")]).await
}

async fn ask(server: &TestServer, method: Method, path: &str, origin: &str) -> Response {
    let request = server.http.request(method.clone(), format!("{}{path}", server.url)).header(header::ORIGIN, origin);
    let request = match method {
        Method::OPTIONS => request
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "content-type"),
        _ => request,
    };
    within(request.send()).await.expect("an answer")
}

fn allowed_origin(answer: &Response) -> Option<&str> {
    answer.headers().get(header::ACCESS_CONTROL_ALLOW_ORIGIN).map(|origin| origin.to_str().expect("ASCII"))
}

#[tokio::test]
async fn n1_8_a_friends_page_may_poll() {
    let server = server().await;
    let preflight = ask(&server, Method::OPTIONS, "/socket.io/?EIO=3&transport=polling&sid=x", FRIEND).await;
    assert_eq!(preflight.status(), 204);
    assert_eq!(allowed_origin(&preflight), Some(FRIEND));
    assert_eq!(preflight.headers()[header::ACCESS_CONTROL_ALLOW_HEADERS], "content-type");
    assert_eq!(preflight.headers()[header::ACCESS_CONTROL_ALLOW_CREDENTIALS], "true");
    assert_eq!(preflight.headers()[header::ACCESS_CONTROL_MAX_AGE], "600");
    let methods = preflight.headers()[header::ACCESS_CONTROL_ALLOW_METHODS].to_str().expect("ASCII");
    assert_eq!(methods.split(',').map(str::trim).collect::<Vec<_>>(), ["GET", "POST"]);
    for version in [3, 4] {
        let path = format!("/socket.io/?EIO={version}&transport=polling");
        let answer = ask(&server, Method::GET, &path, FRIEND).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(allowed_origin(&answer), Some(FRIEND));
        // Clients of 1.x and 2.x insist on it.
        assert_eq!(answer.headers()[header::ACCESS_CONTROL_ALLOW_CREDENTIALS], "true");
        assert!(answer.headers().get_all(header::VARY).iter().any(|vary| vary == "origin"));
    }
}

#[tokio::test]
async fn a_strangers_page_may_not() {
    let server = server().await;
    for method in [Method::OPTIONS, Method::GET] {
        let answer = ask(&server, method, "/socket.io/?EIO=4&transport=polling", STRANGER).await;
        assert_eq!(answer.status(), 403);
        assert_eq!(allowed_origin(&answer), None);
    }
}

#[tokio::test]
async fn only_the_socket_io_server_is_open_to_friends() {
    let server = server().await;
    let answer = ask(&server, Method::GET, "/health", FRIEND).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(allowed_origin(&answer), None);
    let preflight = ask(&server, Method::OPTIONS, "/join", FRIEND).await;
    assert_eq!(preflight.status(), 405);
    assert_eq!(preflight.headers()[header::ALLOW], "POST");
    assert_eq!(allowed_origin(&preflight), None);
}

#[tokio::test]
async fn an_answer_to_no_page_says_nothing_of_origins() {
    let server = server().await;
    let path = "/socket.io/?EIO=4&transport=polling";
    let answer = within(server.http.get(format!("{}{path}", server.url)).send()).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers().get(header::ACCESS_CONTROL_ALLOW_CREDENTIALS), None);
    assert_eq!(allowed_origin(&answer), None);
}
