//! Clients that no decent person would write, from addresses of their own.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::Result;
use clap::ValueEnum;
use futures_util::future::BoxFuture;
use tokio::{
    runtime::{Builder, Runtime},
    time::{sleep, timeout},
};

mod attacks;
mod line;

use line::Line;

/// How many addresses they have. Each may do what one address may.
const ADDRESSES: u8 = 3;
/// How long one of them goes on with one connection.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long it waits between two connections, so that it is the server that is tried, and not this machine.
const PAUSE: Duration = Duration::from_millis(200);

/// What is done to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Attack {
    /// Frames and bodies that are far too long
    Oversize,
    /// Events whose attachments never come
    Attachments,
    /// Sessions that join no namespace
    HalfOpen,
    /// Thousands of namespaces
    Namespaces,
    /// Thousands of rooms
    Rooms,
    /// Events as fast as can be
    Flood,
    /// As the last one, by clients that read nothing
    Deaf,
    /// Heads, bodies and frames that trickle in, or stop just before their end
    Slow,
    /// What is no UTF-8
    NoText,
    /// Numbers of acknowledgements without end
    AckIds,
    /// Ids of connections and sessions that are made up
    Forged,
    /// Requests of foreign pages
    Origin,
    /// Values that take many times their length in memory
    Swelling,
    /// Joining and leaving, and pages
    Forms,
    /// Handshakes that are reset, each at another step
    Reset,
    /// Connections that are opened and lie about
    Idle,
}

/// What one of them needs.
pub(crate) struct Hostile {
    server: SocketAddr,
    address: IpAddr,
    number: u64,
    tried: Arc<AtomicU64>,
}

impl Attack {
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// How many do it at the same time, from all addresses together.
    fn workers(self) -> u64 {
        match self {
            // A connection that is not closed by itself: as many as there may be.
            Self::HalfOpen | Self::Slow | Self::Attachments | Self::Idle => 3_000,
            Self::Oversize | Self::Swelling | Self::Deaf => 300,
            _ => 60,
        }
    }

    fn once(self, hostile: &Hostile) -> BoxFuture<'_, Result<()>> {
        match self {
            Self::Oversize => Box::pin(attacks::oversize(hostile)),
            Self::Attachments => Box::pin(attacks::attachments(hostile)),
            Self::HalfOpen => Box::pin(attacks::half_open(hostile)),
            Self::Namespaces => Box::pin(attacks::namespaces(hostile)),
            Self::Rooms => Box::pin(attacks::rooms(hostile)),
            Self::Flood => Box::pin(attacks::flood(hostile)),
            Self::Deaf => Box::pin(attacks::deaf(hostile)),
            Self::Slow => Box::pin(attacks::slow(hostile)),
            Self::NoText => Box::pin(attacks::no_text(hostile)),
            Self::AckIds => Box::pin(attacks::ack_ids(hostile)),
            Self::Forged => Box::pin(attacks::forged(hostile)),
            Self::Origin => Box::pin(attacks::origin(hostile)),
            Self::Swelling => Box::pin(attacks::swelling(hostile)),
            Self::Forms => Box::pin(attacks::forms(hostile)),
            Self::Reset => Box::pin(attacks::reset(hostile)),
            Self::Idle => Box::pin(attacks::idle(hostile)),
        }
    }
}

/// Hostile clients at work; dropped, they are gone.
pub(crate) struct Siege {
    tried: Arc<AtomicU64>,
    workers: Option<Runtime>,
}

impl Siege {
    /// Lets them loose.
    pub(crate) fn begin(server: SocketAddr, attack: Attack) -> Result<Self> {
        let tried = Arc::new(AtomicU64::new(0));
        // On a thread of their own: the ordinary people here must not wait for them, only the server's may.
        let workers = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        for number in 0..attack.workers() {
            // Not the address of the ordinary people, which is 127.0.0.1.
            let last = 2 + u8::try_from(number % u64::from(ADDRESSES)).unwrap_or_default();
            let address = Ipv4Addr::new(127, 0, 0, last).into();
            let hostile = Hostile { server, address, number, tried: tried.clone() };
            workers.spawn(async move {
                loop {
                    // Each error is the server's way to put an end to it.
                    let _refused = timeout(PATIENCE, attack.once(&hostile)).await;
                    sleep(PAUSE).await;
                }
            });
        }
        Ok(Self { tried, workers: Some(workers) })
    }

    /// How many connections they have opened.
    pub(crate) fn tried(&self) -> u64 {
        self.tried.load(Ordering::Relaxed)
    }
}

impl Drop for Siege {
    fn drop(&mut self) {
        // Without waiting, which is not allowed here.
        if let Some(workers) = self.workers.take() {
            workers.shutdown_background();
        }
    }
}

impl Hostile {
    async fn line(&self) -> Result<Line> {
        let line = Line::connect(self.address, self.server).await?;
        self.tried.fetch_add(1, Ordering::Relaxed);
        Ok(line)
    }
}
