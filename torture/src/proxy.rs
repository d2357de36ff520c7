//! What stands between clients and the server, and breaks: a TCP proxy.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::Result;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinHandle,
};

/// Bytes that are passed on in one piece.
const PIECE: usize = 4 * 1024;

/// A proxy; dropped, it takes its connections with it.
pub(crate) struct Proxy {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    lines: Arc<Mutex<Vec<Line>>>,
    open: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

/// A connection through the proxy.
struct Line {
    weather: watch::Sender<Weather>,
    tasks: [JoinHandle<()>; 2],
}

/// What a connection is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Everything is passed on.
    #[default]
    Fair,
    /// Each piece is passed on so much later.
    Slow(Duration),
    /// Nothing from the client reaches the server, and nobody is told.
    Deaf,
    /// Nothing from the server reaches the client, and nobody is told.
    Mute,
    /// The client reads nothing any more: what the server sends piles up.
    Stalled,
}

/// Which way a piece goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    ToServer,
    ToClient,
}

impl Proxy {
    /// A proxy in front of `server`.
    pub(crate) async fn start(server: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let lines = Arc::new(Mutex::new(Vec::new()));
        let (open, is_open) = watch::channel(true);
        let accepting = tokio::spawn(accept(listener, server, lines.clone(), is_open));
        Ok(Self { address, lines, open, accepting })
    }

    /// How many connections stand.
    pub(crate) fn count(&self) -> usize {
        let mut lines = lock(&self.lines);
        lines.retain(|line| !line.tasks.iter().all(JoinHandle::is_finished));
        lines.len()
    }

    /// Changes the weather of one connection, picked by `pick` among as many as stand. Whether there was one.
    pub(crate) fn trouble(&self, pick: impl FnOnce(usize) -> usize, weather: Weather) -> bool {
        let count = self.count();
        let lines = lock(&self.lines);
        let Some(line) = (count > 0).then(|| pick(count)).and_then(|index| lines.get(index)) else { return false };
        line.weather.send_replace(weather);
        true
    }

    /// Cuts one connection in the midst of whatever it is doing, picked as in [`Proxy::trouble`].
    pub(crate) fn cut(&self, pick: impl FnOnce(usize) -> usize) -> bool {
        let count = self.count();
        let mut lines = lock(&self.lines);
        if count == 0 {
            return false;
        }
        let index = pick(count).min(count - 1);
        lines.swap_remove(index);
        true
    }

    /// Cuts all connections and refuses new ones, until [`Proxy::reopen`].
    pub(crate) fn close(&self) {
        self.open.send_replace(false);
        lock(&self.lines).clear();
    }

    /// Takes connections again.
    pub(crate) fn reopen(&self) {
        self.open.send_replace(true);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        // Both halves of both sockets go with their tasks: either end sees the connection end.
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

fn lock(lines: &Mutex<Vec<Line>>) -> MutexGuard<'_, Vec<Line>> {
    lines.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(
    listener: TcpListener,
    server: SocketAddr,
    lines: Arc<Mutex<Vec<Line>>>,
    is_open: watch::Receiver<bool>,
) {
    loop {
        // An error here is one client's trouble, who tries again.
        let Ok((client, _)) = listener.accept().await else { continue };
        if !*is_open.borrow() {
            continue;
        }
        let Ok(upstream) = TcpStream::connect(server).await else { continue };
        let (weather, forecast) = watch::channel(Weather::Fair);
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = upstream.into_split();
        let tasks = [
            tokio::spawn(pass(Way::ToServer, from_client, to_server, forecast.clone())),
            tokio::spawn(pass(Way::ToClient, from_server, to_client, forecast)),
        ];
        lock(&lines).push(Line { weather, tasks });
    }
}

/// Passes pieces on until either end is gone.
async fn pass(way: Way, mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut weather: watch::Receiver<Weather>) {
    let mut piece = [0; PIECE];
    loop {
        if way == Way::ToClient {
            // It ends with its sender when the connection is cut, and this task with it.
            let Ok(_) = weather.wait_for(|now| *now != Weather::Stalled).await else { return };
        }
        let Ok(length @ 1..) = from.read(&mut piece).await else { return };
        let now = *weather.borrow();
        match (now, way) {
            (Weather::Slow(by), _) => tokio::time::sleep(by).await,
            (Weather::Deaf, Way::ToServer) | (Weather::Mute, Way::ToClient) => continue,
            _ => {}
        }
        if to.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
}
