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
    sync::OnceCell,
    time::{sleep, timeout},
};

mod attacks;
mod connections;
mod line;
mod people;

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
    /// Handshakes that are reset at each of their steps
    Reset,
    /// Many who hold a name and its numbered forms, while guests speak under it
    Namesakes,
    /// Thousands of unread messages, counted again and again
    Unread,
    /// Names that change hands
    Renamed,
    /// As much as one may store
    Hoard,
    /// Long texts on plain WebSockets, for the log
    LongTexts,
    /// Pages and files that nobody reads, and addresses that lead nowhere
    Downloads,
    /// Thousands of connections that do nothing
    Idle,
    /// People who are all cut off at the same moment
    Vanish,
    /// A few people who hold all the sessions that there are
    Crowd,
    /// Bodies that hold all the bytes that may be on their way
    Bodies,
    /// Pages that are read drop by drop
    Sips,
}

/// What one of them needs.
pub(crate) struct Hostile {
    server: SocketAddr,
    address: IpAddr,
    number: u64,
    /// How often it has begun anew.
    turn: AtomicU64,
    /// The cookie of a person that it keeps, in a crowd with others.
    cookie: Arc<OnceCell<String>>,
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
            Self::Crowd => 1_800,
            Self::Oversize
            | Self::Bodies
            | Self::Sips
            | Self::Swelling
            | Self::Deaf
            | Self::Downloads
            | Self::Vanish => 300,
            Self::Namesakes => people::NAMESAKES,
            _ => 60,
        }
    }

    /// For how many people they speak, where they keep one.
    fn people(self) -> u64 {
        // Each of whom may have 64 sockets.
        if self == Self::Crowd { self.workers() / 50 } else { self.workers() }
    }

    /// How many addresses they have.
    fn addresses(self) -> u8 {
        match self {
            Self::Idle => 2,
            // As many as it takes for what all may have together.
            Self::Crowd => 6,
            Self::Sips => 5,
            Self::Bodies => 8,
            _ => ADDRESSES,
        }
    }

    /// Arguments that the server needs for it, besides those that anyone starts it with.
    pub(crate) fn arguments(self) -> &'static [&'static str] {
        // By default a name is kept for longer than any run takes.
        if self == Self::Renamed { &["--name-hold", "1s"] } else { &[] }
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
            Self::Reset => Box::pin(connections::reset(hostile)),
            Self::Namesakes => Box::pin(people::namesakes(hostile)),
            Self::Unread => Box::pin(people::unread(hostile)),
            Self::Renamed => Box::pin(people::renamed(hostile)),
            Self::Hoard => Box::pin(people::hoard(hostile)),
            Self::LongTexts => Box::pin(connections::long_texts(hostile)),
            Self::Downloads => Box::pin(connections::downloads(hostile)),
            Self::Idle => Box::pin(connections::idle(hostile)),
            Self::Vanish => Box::pin(people::vanish(hostile)),
            Self::Crowd => Box::pin(people::crowd(hostile)),
            Self::Bodies => Box::pin(connections::bodies(hostile)),
            Self::Sips => Box::pin(connections::sips(hostile)),
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
        // On a thread of their own, which gives way to all others: neither the ordinary people here nor the server are to
        // wait for this machine's processor because of them, but only because of what they make the server do.
        let give_way = || {
            if let Err(error) = rustix::process::nice(19) {
                eprintln!("the hostile clients do not give way to others: {error}");
            }
        };
        let workers = Builder::new_multi_thread().worker_threads(1).enable_all().on_thread_start(give_way).build()?;
        let cookies: Vec<_> = (0..attack.people()).map(|_| Arc::new(OnceCell::new())).collect();
        for (number, cookie) in (0..attack.workers()).zip(cookies.iter().cycle()) {
            // Not the address of the ordinary people, which is 127.0.0.1.
            let last = 2 + u8::try_from(number % u64::from(attack.addresses())).unwrap_or_default();
            let address = Ipv4Addr::new(127, 0, 0, last).into();
            let (turn, cookie, tried) = (AtomicU64::new(0), cookie.clone(), tried.clone());
            let hostile = Hostile { server, address, number, turn, cookie, tried };
            workers.spawn(async move {
                loop {
                    // Each error is the server's way to put an end to it.
                    let _refused = timeout(PATIENCE, attack.once(&hostile)).await;
                    hostile.turn.fetch_add(1, Ordering::Relaxed);
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
        self.line_with(None).await
    }

    /// A connection that takes in at most so many bytes before they are read.
    async fn line_with(&self, window: Option<u32>) -> Result<Line> {
        let line = Line::connect(self.address, self.server, window).await?;
        self.tried.fetch_add(1, Ordering::Relaxed);
        Ok(line)
    }

    /// How often this one has begun anew.
    fn turn(&self) -> u64 {
        self.turn.load(Ordering::Relaxed)
    }

    /// The cookie of a person that stays the same.
    async fn kept_account(&self) -> Result<String> {
        Ok(self.cookie.get_or_try_init(|| self.account()).await?.clone())
    }
}
