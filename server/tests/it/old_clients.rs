//! Long polling as clients of Socket.IO 1.x and 2.x do it, byte for byte; the clients themselves are in `end2end`.

use reqwest::{Response, header};

use crate::support::{TestServer, wire::Wire, within};

const TEXT: &str = "안녕 é 😀";
/// As Node's client of 1.7.3 posts [`TEXT`].
const TWICE: &[u8] = b"35:42[\"chat message\",\"\
    \xC3\xAC\xC2\x95\xC2\x88\xC3\xAB\xC2\x85\xC2\x95 \xC3\x83\xC2\xA9 \xC3\xB0\xC2\x9F\xC2\x98\xC2\x80\"]";
/// As Node's client of 2.5.0 posts it.
const ONCE: &str = "28:42[\"chat message\",\"안녕 é 😀\"]";

struct OldPolling<'a> {
    server: &'a TestServer,
    address: String,
}

impl<'a> OldPolling<'a> {
    /// Shakes hands. Clients before 3.x are in namespace `/` by that.
    async fn open(server: &'a TestServer, query: &str) -> Self {
        let address = format!("{}/socket.io/?{query}&transport=polling", server.url);
        let answer = within(server.http.get(&address).send()).await.expect("an answer");
        let handshake = String::from_utf8_lossy(&body(answer).await).into_owned();
        let sid = handshake.split_once("\"sid\":\"").and_then(|(_, after)| after.split_once('"')).expect("an id").0;
        Self { server, address: format!("{address}&sid={sid}") }
    }

    async fn post(&self, content_type: &str, body: impl Into<reqwest::Body>) {
        let request = self.server.http.post(&self.address).header(header::CONTENT_TYPE, content_type).body(body);
        assert_eq!(within(request.send()).await.expect("an answer").status(), 200);
    }

    /// Polls until there is something that has this in it; answers its type and all that it has.
    async fn poll_for(&self, part: &[u8]) -> (String, Vec<u8>) {
        loop {
            let answer = within(self.server.http.get(&self.address).send()).await.expect("an answer");
            assert_eq!(answer.status(), 200);
            let content_type = answer.headers()[header::CONTENT_TYPE].to_str().expect("ASCII").to_owned();
            let body = body(answer).await;
            if body.windows(part.len()).any(|window| window == part) {
                return (content_type, body);
            }
        }
    }
}

async fn body(answer: Response) -> Vec<u8> {
    within(answer.bytes()).await.expect("a body").to_vec()
}

/// A WebSocket's worth of truth about what was said: someone who reads by the newest protocol.
async fn reader(server: &TestServer) -> OldPolling<'_> {
    let reader = OldPolling::open(server, "EIO=4").await;
    reader.post("text/plain;charset=UTF-8", "40").await;
    reader.poll_for(b"40{").await;
    reader
}

#[tokio::test]
async fn n3_1_a_body_that_is_encoded_twice_arrives_intact() {
    let server = TestServer::start().await;
    let reader = reader(&server).await;
    let old = OldPolling::open(&server, "EIO=3&b64=1").await;
    old.post("text/plain;charset=UTF-8", TWICE).await;
    reader.poll_for(TEXT.as_bytes()).await;
}

#[tokio::test]
async fn n3_1_a_body_that_is_encoded_once_arrives_intact() {
    let server = TestServer::start().await;
    let reader = reader(&server).await;
    let old = OldPolling::open(&server, "EIO=3&b64=1").await;
    old.post("text/plain;charset=UTF-8", ONCE).await;
    reader.poll_for(TEXT.as_bytes()).await;
}

#[tokio::test]
async fn n3_1_a_binary_body_arrives_intact() {
    let server = TestServer::start().await;
    let reader = reader(&server).await;
    let old = OldPolling::open(&server, "EIO=3").await;
    // As browsers' clients of 1.x post it.
    let packet = format!("42[\"chat message\",\"{TEXT}\"]");
    let body = [&[0, 3, 5, 0xFF], packet.as_bytes()].concat();
    assert_eq!(packet.len(), 35);
    old.post("application/octet-stream", body).await;
    reader.poll_for(TEXT.as_bytes()).await;
}

#[tokio::test]
async fn n3_1_who_takes_binary_answers_gets_them() {
    let server = TestServer::start().await;
    let old = OldPolling::open(&server, "EIO=3").await;
    let other = OldPolling::open(&server, "EIO=3&b64=1").await;
    other.post("text/plain;charset=UTF-8", ONCE).await;
    let (content_type, body) = old.poll_for(TEXT.as_bytes()).await;
    assert_eq!(content_type, "application/octet-stream");
    assert_eq!(body[0], 0, "a text packet");
}

#[tokio::test]
async fn n3_1_who_takes_text_only_gets_ascii() {
    let server = TestServer::start().await;
    let old = OldPolling::open(&server, "EIO=3&b64=1").await;
    let other = OldPolling::open(&server, "EIO=3&b64=1").await;
    other.post("text/plain;charset=UTF-8", ONCE).await;
    let (content_type, body) = old.poll_for(br"\uc548\ub155 \u00e9 \ud83d\ude00").await;
    assert!(content_type.starts_with("text/plain"), "{content_type}");
    assert!(body.is_ascii());
}

/// As clients of 2.x and of 1.x join a namespace with `{query: {token: "a"}}`.
const WITH_QUERY: [&str; 2] = ["40/chat?token=a,", "40/chat?token=a"];

#[tokio::test]
async fn a_query_is_no_part_of_a_namespaces_name_on_a_web_socket() {
    let server = TestServer::start().await;
    let cookie = server.sign_in("민수").await;
    for packet in WITH_QUERY {
        let mut old = Wire::open_by(&server, 3, &[("cookie", &cookie)]).await.expect("a WebSocket");
        old.send(packet).await;
        old.next_like("40/chat,").await;
        old.send("42/chat,1[\"session.hello\",{}]").await;
        assert!(old.next_like("43/chat,1").await.contains("민수"));
        // Who may not come in is told so under the name that the client knows.
        let mut stranger = Wire::open_by(&server, 3, &[]).await.expect("a WebSocket");
        stranger.send(packet).await;
        assert!(stranger.next_like("44/chat").await.starts_with("44/chat,"));
    }
    // Later versions of the protocol have no such queries: there it is a name like any other.
    let mut new = Wire::open(&server, &[("cookie", &cookie)]).await.expect("a WebSocket");
    new.send(WITH_QUERY[0]).await;
    assert!(new.next_like("44/chat").await.starts_with("44/chat?token=a,"));
}

#[tokio::test]
async fn a_query_is_no_part_of_a_namespaces_name_in_a_polling_body() {
    let server = TestServer::start().await;
    for packet in WITH_QUERY {
        let text = format!("{}:{packet}", packet.len());
        let binary = [&[0, 1, u8::try_from(packet.len() - 10).expect("a digit"), 0xFF], packet.as_bytes()].concat();
        for (query, content_type, body) in [
            ("EIO=3&b64=1", "text/plain;charset=UTF-8", text.into_bytes()),
            ("EIO=3", "application/octet-stream", binary),
        ] {
            let old = OldPolling::open(&server, query).await;
            old.post(content_type, body).await;
            // Nobody is signed in here.
            old.poll_for(b"44/chat,{").await;
        }
    }
}

#[tokio::test]
async fn the_newest_protocol_is_left_alone() {
    let server = TestServer::start().await;
    let address = format!("{}/socket.io/?EIO=4&transport=polling&b64=1", server.url);
    let answer = within(server.http.get(&address).send()).await.expect("an answer");
    assert!(answer.headers()[header::CONTENT_TYPE].to_str().expect("ASCII").starts_with("text/plain"));
    assert!(body(answer).await.starts_with(b"0{"), "no length in front");
    let (one, other) = (reader(&server).await, reader(&server).await);
    // Looks as if it were encoded twice, and means what it says.
    one.post("text/plain;charset=UTF-8", "42[\"chat message\",\"Ã© 안녕\"]\u{1e}42[\"chat message\",\"Ã©\"]").await;
    let (_, body) = other.poll_for("Ã©\"]".as_bytes()).await;
    assert!(String::from_utf8(body).expect("UTF-8").contains("Ã©"));
}

#[tokio::test]
async fn an_old_clients_nonsense_harms_nobody() {
    let server = TestServer::start().await;
    for nonsense in ["é", "3:é", "99:4é", "-1:é", "2:42[\"é", "18446744073709551616:é"] {
        let old = OldPolling::open(&server, "EIO=3&b64=1").await;
        let request = server.http.post(&old.address).header(header::CONTENT_TYPE, "text/plain;charset=UTF-8");
        let answer = within(request.body(nonsense).send()).await.expect("an answer");
        assert!(answer.status().is_client_error() || answer.status() == 200, "{nonsense}: {}", answer.status());
    }
    let reader = reader(&server).await;
    reader.post("text/plain;charset=UTF-8", "42[\"chat message\",\"all is well\"]").await;
    reader.poll_for(b"all is well").await;
}
