use axum::{
    body::Body,
    http::{Request, header},
    response::Response,
};
use tower::ServiceExt;

use crate::{Server, chat::CurrentSession, config::Config, secret::TokenHash};

async fn join(server: &Server, form: &str) -> Response {
    let request = Request::post("/join")
        .header(header::HOST, "localhost")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .expect("a request");
    server.router().oneshot(request).await.expect("an answer")
}

/// Who the session cookie of an answer speaks for.
async fn person(server: &Server, answer: &Response) -> Option<String> {
    let cookie = answer.headers().get(header::SET_COOKIE)?.to_str().expect("ASCII");
    let token = cookie.split(['=', ';']).nth(1).expect("a value");
    let session = server.state.chat.session(&TokenHash::of(token)).await.expect("the database");
    match session {
        CurrentSession::SignedIn(user) => Some(format!("{} {}", user.id, user.name)),
        other => panic!("{other:?}"),
    }
}

fn location(answer: &Response) -> &str {
    answer.headers()[header::LOCATION].to_str().expect("ASCII")
}

#[tokio::test]
async fn a_double_click_joins_once_and_either_answer_is_good() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::open(Config { data: data.path().to_owned(), ..Config::default() }).await.expect("a server");
    let form = format!("name=minsu&key={}", server.state.join_keys.issue());
    let (first, second) = tokio::join!(join(&server, &form), join(&server, &form));
    assert_eq!((location(&first), location(&second)), ("/r/lobby", "/r/lobby"));
    let in_first = person(&server, &first).await.expect("a session");
    assert!(in_first.ends_with(" minsu"), "{in_first}");
    assert_eq!(person(&server, &second).await, Some(in_first));

    // Somebody else's page has another key, and a key that was not issued is none.
    for other in [server.state.join_keys.issue(), "1".to_owned(), "0".repeat(96)] {
        let refused = join(&server, &format!("name=minsu&key={other}")).await;
        assert_eq!((location(&refused), person(&server, &refused).await), ("/?refused=name_taken&name=minsu", None));
    }
    let one = format!("name=jina&key={}", "0".repeat(96));
    assert_eq!(location(&join(&server, &one).await), "/r/lobby", "it can be joined with, but once");
    assert_eq!(location(&join(&server, &one).await), "/?refused=name_taken&name=jina");
}
