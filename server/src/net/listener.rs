//! The listener: connections on their way to the router.
//!
//! As `axum::serve` does it, which gives no way to say how long a client may take, how much it may send before the
//! server has read a request, or how many connections there may be.

use std::{convert::Infallible, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::Request, http::StatusCode};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    task::yield_now,
    time::sleep,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

use crate::{
    config::Config,
    net::{
        engineio::{Guard, Switch},
        limits::{Address, Limits, Link, Peer},
    },
};

mod linger;
mod send_buffer;
mod stream;

use stream::Stream;

/// The longest head of a request, in bytes; also what a connection holds at most of what it sends and gets.
const HEAD_BYTES: usize = 16 * 1024;
/// How long to wait when the system has no connection to give, as when it has no file descriptors left.
const PAUSE: Duration = Duration::from_millis(500);
/// What those hear for whom there is no place.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 10\r\nconnection: close\r\n\
                      content-type: text/plain; charset=utf-8\r\nx-content-type-options: nosniff\r\ncontent-length: 49\r\n\r\n\
                      Too many connections are open. Please try again.\n";

/// When to stop, in two steps.
#[derive(Clone, Default)]
pub(crate) struct Stop {
    /// No more connections are accepted.
    pub(crate) accepting: CancellationToken,
    /// Connections end after the request that they are at.
    pub(crate) serving: CancellationToken,
}

/// Serves connections until `stop` says so, and until the requests that are open then are answered.
pub(crate) async fn serve(listener: TcpListener, router: Router, limits: Limits, config: Arc<Config>, stop: Stop) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(config.deadlines.head).max_buf_size(HEAD_BYTES);
    let open = TaskTracker::new();
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    failed(&error).await;
                    continue;
                }
            },
            () = stop.accepting.cancelled() => break,
        };
        let address = Address::of_connection(peer.ip(), &config.trust_proxy);
        let Some(connection) = limits.connection(address) else {
            turn_away(&stream, peer);
            continue;
        };
        // Without it a small frame waits for the acknowledgement of the one before, up to 40 ms.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "setting TCP_NODELAY");
        }
        if let Err(error) = send_buffer::bound(&stream) {
            tracing::debug!(%error, "setting SO_SNDBUF");
        }
        let link = connection.link().clone();
        let switch = Switch::default();
        let guard = Guard::new(switch.clone());
        let stream = Stream::new(stream, config.deadlines.write, (limits.clone(), address), connection, guard);
        open.spawn(serve_one(http.clone(), stream, (peer, link, switch), router.clone(), stop.serving.clone()));
    }
    drop(listener);
    open.close();
    open.wait().await;
}

async fn serve_one(
    http: http1::Builder,
    stream: Stream<TcpStream>,
    (peer, link, switch): (SocketAddr, Link, Switch),
    router: Router,
    stop: CancellationToken,
) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer.ip()));
        request.extensions_mut().insert(link.clone());
        request.extensions_mut().insert(switch.clone());
        let (router, link) = (router.clone(), link.clone());
        async move {
            let answering = link.answer();
            // hyper answers several that came at once in one go, and the others would wait for all of them.
            yield_now().await;
            let response = router.oneshot(request).await.unwrap_or_else(|never| match never {});
            if response.status() == StatusCode::SWITCHING_PROTOCOLS {
                // Before it is written: from then on its failure is told to whoever reads.
                link.upgrade();
            }
            drop(answering);
            Ok::<_, Infallible>(response)
        }
    });
    let mut serving = pin!(http.serve_connection(TokioIo::new(stream), service).with_upgrades());
    let served = tokio::select! {
        served = &mut serving => served,
        () = stop.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, %peer, "a connection failed");
    }
}

/// A connection could not be accepted: it has gone already, or the system has none to give.
async fn failed(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "accepting a connection");
        sleep(PAUSE).await;
    }
}

/// Tells that there is no place, as far as that goes without waiting for anything.
fn turn_away(stream: &TcpStream, peer: SocketAddr) {
    let told = stream.try_write(FULL);
    tracing::debug!(%peer, told = told.is_ok(), "no place for a connection");
}
