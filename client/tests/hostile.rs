//! Servers that are none of Madang's, or mean no good: a clear error for who connects, and another attempt for who was
//! connected; nothing that they send is held.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::{SinkExt as _, StreamExt as _};
use madang_client::driver::{Client, Credentials, Error, Observer, Options, Pace, Session};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::{sleep, timeout},
};
use tokio_tungstenite::{
    WebSocketStream, accept_async,
    tungstenite::{Bytes, Message},
};

const OPEN: &str = r#"0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000}"#;

/// A server that treats each connection like this; its address.
async fn server<F: Future<Output = ()> + Send + 'static>(treat: impl Fn(TcpStream) -> F + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(treat(stream));
        }
    });
    format!("http://{address}")
}

async fn connect(server: &str) -> Error {
    let session: Session = "madang=x".parse().expect("a cookie");
    let connected = Client::connect(server, Credentials::Session(session), Options::default()).await;
    connected.err().expect("this is no server to be connected to")
}

async fn join(server: &str) -> Error {
    let joined = Client::connect(server, Credentials::Name("bot".to_owned()), Options::default()).await;
    joined.err().expect("this is no server to join")
}

/// Answers whatever is asked with these bytes.
async fn answer_with(bytes: &'static [u8]) -> String {
    server(move |mut stream| async move {
        let mut asked = [0; 4096];
        if stream.read(&mut asked).await.is_ok() && stream.write_all(bytes).await.is_ok() {
            // Until the client has gone.
            while stream.read(&mut asked).await.is_ok_and(|length| length > 0) {}
        }
    })
    .await
}

#[tokio::test]
async fn what_speaks_no_http_is_no_server() {
    let server = answer_with(b"220 mail.example.org ESMTP\r\n\r\n").await;
    assert!(matches!(join(&server).await, Error::Unreachable(_)));
    assert!(matches!(connect(&server).await, Error::NotMadang(_) | Error::Unreachable(_)));
}

#[tokio::test]
async fn a_status_is_told() {
    let server = answer_with(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n").await;
    assert_eq!(join(&server).await, Error::Status(503));
    assert_eq!(connect(&server).await, Error::Status(503));
}

#[tokio::test]
async fn a_name_that_is_refused_is_told_with_its_reason() {
    let server =
        answer_with(b"HTTP/1.1 303 See Other\r\nLocation: /?refused=name_taken\r\nContent-Length: 0\r\n\r\n").await;
    assert_eq!(join(&server).await, Error::NameRefused("name_taken".to_owned()));
}

#[tokio::test]
async fn nobody_at_all_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    assert!(matches!(join(&address).await, Error::Unreachable(_)));
    assert!(matches!(connect(&address).await, Error::Unreachable(_)));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_nothing_is_not_waited_for() {
    let server = server(|stream| async move {
        sleep(Duration::from_secs(3_600)).await;
        drop(stream);
    })
    .await;
    assert_eq!(join(&server).await, Error::Silent(Duration::from_secs(10)));
    assert_eq!(connect(&server).await, Error::Silent(Duration::from_secs(10)));
}

#[tokio::test(start_paused = true)]
async fn a_handshake_without_end_has_one() {
    let server = server(|stream| async move {
        let Ok(mut socket) = accept_async(stream).await else { return };
        let mut next = OPEN;
        while socket.send(Message::text(next)).await.is_ok() {
            next = r#"42/chat,["something",{}]"#;
            sleep(Duration::from_millis(100)).await;
        }
    })
    .await;
    assert_eq!(connect(&server).await, Error::Silent(Duration::from_secs(10)));
}

/// Notes why connections ended.
struct Witness(Mutex<mpsc::UnboundedSender<Error>>);

impl Observer for Witness {
    fn disconnected(&self, why: &Error) {
        let told = self.0.lock().map(|told| told.send(why.clone()));
        assert!(told.is_ok_and(|told| told.is_ok()), "the test has ended");
    }
}

type Socket = WebSocketStream<TcpStream>;

/// Lets a client into the namespace.
async fn let_in(stream: TcpStream) -> Option<Socket> {
    let mut socket = accept_async(stream).await.ok()?;
    socket.send(Message::text(OPEN)).await.ok()?;
    // As the server does, before it lets anybody in.
    socket.send(Message::text("2")).await.ok()?;
    socket.next().await?.ok()?;
    socket.next().await?.ok()?;
    socket.send(Message::text(r#"40/chat,{"sid":"a"}"#)).await.ok()?;
    Some(socket)
}

#[tokio::test]
async fn whatever_a_server_sends_the_client_comes_back_and_says_why_it_went() {
    let long = || Message::text("x".repeat(9 << 20));
    let evil: [Message; 6] = [
        Message::text("42/chat,{{{"),
        Message::text(r#"43/chat,99999999999999999999[{}]"#),
        Message::text(r#"42/chat,"#.to_owned() + &"[".repeat(100_000)),
        Message::Binary(Bytes::from_static(&[0; 100])),
        Message::text("41/chat,"),
        long(),
    ];
    let count = evil.len();
    let left = Arc::new(Mutex::new(VecDeque::from(evil)));
    let server = server(move |stream| {
        let next = left.lock().ok().and_then(|mut left| left.pop_front());
        async move {
            let (Some(mut socket), Some(next)) = (let_in(stream).await, next) else { return };
            // Answers that nobody waits for, and events that there are none of, are passed over.
            for harmless in [r#"43/chat,9[{"ok":1}]"#, r#"42/chat,["room.changes",7]"#, r#"42/chat,["no.such",{}]"#] {
                assert!(socket.send(Message::text(harmless)).await.is_ok(), "the client went away for {harmless}");
            }
            // The client may be gone before it has all of it, and takes in no more.
            drop(socket.send(next).await);
            while socket.next().await.is_some_and(|read| read.is_ok()) {}
        }
    })
    .await;
    let (told, mut why) = mpsc::unbounded_channel();
    let pace =
        Pace { first_retry: Duration::from_millis(1), longest_retry: Duration::from_millis(1), ..Pace::default() };
    let options = Options { pace, observer: Arc::new(Witness(Mutex::new(told))), ..Options::default() };
    let session: Session = "madang=x".parse().expect("a cookie");
    let client = Client::start(server.parse().expect("an address"), session, options).await.expect("a client");
    let mut reasons = Vec::new();
    for _ in 0..count {
        let reason = timeout(Duration::from_secs(60), why.recv()).await.expect("the client stays away");
        reasons.push(reason.expect("the client is there"));
    }
    let is_strange = |error: &Error| matches!(error, Error::NotMadang(_));
    assert!(reasons[..4].iter().all(is_strange) && is_strange(&reasons[5]), "{reasons:?}");
    assert!(matches!(reasons[4], Error::Unreachable(_)), "{reasons:?}");
    drop(client);
}
