//! A server to test, and the people who use it.

use std::{future::Future, path::Path, time::Duration};

use madang_common::{fault::FaultCode, id::ClientId, time::UnixMillis};
use madang_server::{
    clock::ManualClock,
    config::{Config, Generosity},
};
use reqwest::{Client, Response, StatusCode, header, redirect::Policy};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

pub(crate) use self::{
    actor::{Actor, said, words},
    connection::{Heard, Transport},
    guest::Guest,
    pair::Pair,
};

mod actor;
mod connection;
mod guest;
pub(crate) mod log;
mod pair;
pub(crate) mod plain;
pub(crate) mod polling;
pub(crate) mod process;
pub(crate) mod raw;
pub(crate) mod wire;

/// How long anything may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// 2026-11-21T00:00:00Z.
const START: UnixMillis = UnixMillis(1_795_219_200_000);

/// Waits for something that must happen.
pub(crate) async fn within<F: Future>(what: F) -> F::Output {
    tokio::time::timeout(PATIENCE, what).await.expect("it should have happened by now")
}

/// A running server.
pub(crate) struct TestServer {
    /// Without a slash at the end.
    pub(crate) url: String,
    /// `127.0.0.1:<port>`.
    pub(crate) host: String,
    pub(crate) clock: ManualClock,
    pub(crate) http: Client,
    config: Config,
    data: TempDir,
    stop: oneshot::Sender<()>,
    running: JoinHandle<Result<(), madang_server::Error>>,
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// A server with other settings.
    pub(crate) async fn start_with(set: impl FnOnce(&mut Config)) -> Self {
        let data = tempfile::tempdir().expect("a data folder");
        let clock = ManualClock::new(START);
        // What is tested is quicker than people are; the tests of the limits have them.
        let limits = Generosity::OFF;
        let mut config = Config { data: data.path().to_owned(), clock: clock.clock(), limits, ..Config::default() };
        set(&mut config);
        Self::run(config, clock, data).await
    }

    /// A server with limits, this many times as generous as the documented ones, and other settings.
    pub(crate) async fn limited(factor: &str, set: impl FnOnce(&mut Config)) -> Self {
        let limits = factor.parse().expect("a factor");
        Self::start_with(|config| {
            config.limits = limits;
            set(config);
        })
        .await
    }

    /// Stops the server and starts it again on the same data folder, at another port.
    pub(crate) async fn restart(self) -> Self {
        let Self { config, clock, data, stop, running, .. } = self;
        stop.send(()).expect("the server still runs");
        within(running).await.expect("no panic").expect("it stops without an error");
        Self::run(config, clock, data).await
    }

    /// Stops the server and starts it again on the same data folder, at the same port.
    pub(crate) async fn restart_here(self) -> Self {
        let Self { config, clock, data, stop, running, host, .. } = self;
        stop.send(()).expect("the server still runs");
        within(running).await.expect("no panic").expect("it stops without an error");
        Self::run_at(&host, config, clock, data).await
    }

    /// Stops the server.
    pub(crate) async fn stop(self) {
        self.stop.send(()).expect("the server still runs");
        within(self.running).await.expect("no panic").expect("it stops without an error");
    }

    /// Where the database is.
    pub(crate) fn data_folder(&self) -> &Path {
        self.data.path()
    }

    async fn run(config: Config, clock: ManualClock, data: TempDir) -> Self {
        Self::run_at("127.0.0.1:0", config, clock, data).await
    }

    async fn run_at(address: &str, config: Config, clock: ManualClock, data: TempDir) -> Self {
        let listener = TcpListener::bind(address).await.expect("a free port");
        let host = listener.local_addr().expect("an address").to_string();
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(madang_server::run(listener, config.clone(), async {
            // A dropped sender stops the server, too.
            drop(stopped.await);
        }));
        let http = Client::builder().redirect(Policy::none()).build().expect("an HTTP client");
        let url = format!("http://{host}");
        Self { url, host, clock, http, config, data, stop, running }
    }

    /// How many connections and sessions the server says that it holds.
    pub(crate) async fn held(&self) -> (usize, usize) {
        let ask = async || within(self.http.get(format!("{}/health", self.url)).send()).await.expect("an answer");
        let mut answer = ask().await;
        while answer.status() == StatusCode::TOO_MANY_REQUESTS {
            self.clock.advance(Duration::from_secs(1));
            answer = ask().await;
        }
        let text = within(answer.text()).await.expect("a text");
        let figure = |name: &str| {
            let rest = text.lines().find_map(|line| line.strip_prefix(name)).expect("a line for it");
            rest.split(' ').next().expect("a figure").parse().expect("a number")
        };
        (figure("connections: "), figure("sessions: "))
    }

    /// Posts a form.
    pub(crate) async fn post(&self, path: &str, cookie: &str, form: &[(&str, &str)]) -> Response {
        let request = self.http.post(format!("{}{path}", self.url)).header(header::COOKIE, cookie).form(form);
        within(request.send()).await.expect("an answer")
    }

    /// Joins Madang by its form. Answers the cookie.
    pub(crate) async fn sign_in(&self, name: &str) -> String {
        let answer = self.post("/join", "", &[("name", name)]).await;
        assert_eq!(location(&answer), "/r/lobby", "{name} joins");
        cookie(&answer).expect("a session")
    }

    /// Joins Madang and opens a WebSocket.
    pub(crate) async fn join(&self, name: &str) -> Actor {
        self.join_by(name, Transport::WebSocket).await
    }

    /// Joins Madang and connects.
    pub(crate) async fn join_by(&self, name: &str, transport: Transport) -> Actor {
        let cookie = self.sign_in(name).await;
        self.connect(&cookie, transport).await
    }

    /// Connects for a session that exists.
    pub(crate) async fn connect(&self, cookie: &str, transport: Transport) -> Actor {
        Actor::connect(&self.url, cookie, transport).await.expect("the session stands")
    }

    /// Tries to connect for a session; answers why not.
    pub(crate) async fn connect_refused(&self, cookie: &str) -> FaultCode {
        match Actor::connect(&self.url, cookie, Transport::WebSocket).await {
            Ok(_) => panic!("the connection should have been refused"),
            Err(fault) => fault.code,
        }
    }
}

/// Where an answer leads.
pub(crate) fn location(answer: &Response) -> &str {
    assert_eq!(answer.status(), 303);
    answer.headers()[header::LOCATION].to_str().expect("ASCII")
}

/// The session cookie that an answer sets, as it is sent back.
pub(crate) fn cookie(answer: &Response) -> Option<String> {
    let set = answer.headers().get_all(header::SET_COOKIE).iter();
    let mut pairs = set.filter_map(|set| set.to_str().ok()?.split(';').next().map(str::to_owned));
    pairs.find(|pair| pair.starts_with("madang_session") || pair.starts_with("__Host-madang_session"))
}

/// The client id of this number.
pub(crate) fn client_id(number: u8) -> ClientId {
    ClientId::new(1_700_000_000_000, [number; 10])
}
