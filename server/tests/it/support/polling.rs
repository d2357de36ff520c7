//! A connection by long polling that is polled only when the test says so.

use reqwest::{Response, header};

use super::{TestServer, within};

pub(crate) struct Polling<'a> {
    server: &'a TestServer,
    cookie: String,
    /// Where the session is, its id included.
    pub(crate) address: String,
}

impl<'a> Polling<'a> {
    /// Shakes hands and joins the chat.
    pub(crate) async fn join(server: &'a TestServer, cookie: &str) -> Self {
        Self::open(server, cookie, "40/chat,").await
    }

    /// Shakes hands and joins the namespace that this packet asks for.
    pub(crate) async fn open(server: &'a TestServer, cookie: &str, connect: &str) -> Self {
        let open = format!("{}/socket.io/?EIO=4&transport=polling", server.url);
        let answer = within(server.http.get(&open).header(header::COOKIE, cookie).send()).await.expect("an answer");
        let handshake = within(answer.text()).await.expect("a text");
        let handshake: serde_json::Value = serde_json::from_str(&handshake[1..]).expect("a handshake");
        let sid = handshake["sid"].as_str().expect("an id");
        let polling = Self { server, cookie: cookie.to_owned(), address: format!("{open}&sid={sid}") };
        assert_eq!(polling.send(connect.to_owned()).await.status(), 200);
        assert!(polling.poll().await.contains(&format!("{connect}{{")));
        polling
    }

    /// Posts packets.
    pub(crate) async fn send(&self, body: String) -> Response {
        let request = self.server.http.post(&self.address).header(header::COOKIE, &self.cookie).body(body);
        within(request.send()).await.expect("an answer")
    }

    /// What a poll is answered with.
    pub(crate) async fn status(&self) -> u16 {
        let request = self.server.http.get(&self.address).header(header::COOKIE, &self.cookie);
        within(request.send()).await.expect("an answer").status().as_u16()
    }

    /// All packets that wait, or the next one. Pings are answered.
    pub(crate) async fn poll(&self) -> String {
        self.poll_if_open().await.expect("the session is open")
    }

    /// As [`Self::poll`]; none when the session is over.
    pub(crate) async fn poll_if_open(&self) -> Option<String> {
        loop {
            let request = self.server.http.get(&self.address).header(header::COOKIE, &self.cookie);
            let answer = within(request.send()).await.expect("an answer");
            if answer.status() == 400 {
                return None;
            }
            assert_eq!(answer.status(), 200);
            let packets = within(answer.text()).await.expect("a text");
            if packets.split('\u{1e}').any(|packet| packet == "2") {
                assert_eq!(self.send("3".to_owned()).await.status(), 200);
            }
            if packets != "2" {
                return Some(packets);
            }
        }
    }
}
