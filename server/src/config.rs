//! Configuration: every setting with its meaning, default and range.
//!
//! A setting is an argument of `madang serve` or an environment variable; arguments take precedence.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

use clap::{ArgAction, Args, ValueEnum};
use thiserror::Error;
use tracing_subscriber::EnvFilter;

use crate::{
    clock::Clock,
    disk::{Gauge, Reserve},
    net::origin::{AllowedOrigin, host::PublicUrl},
};

pub mod environment;
mod lifetime;

pub use lifetime::Lifetime;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How often what has had its time is looked for.
const CLEANING: Duration = Duration::from_secs(10 * 60);

/// The settings of a server.
#[derive(Clone, Debug, Args)]
pub struct Config {
    /// Address and port to listen on; port 0 picks a free one
    #[arg(long, env = "MADANG_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,

    /// Data folder, which holds the database; created if missing
    #[arg(long, env = "MADANG_DATA", value_name = "FOLDER", default_value = "./madang-data")]
    pub data: PathBuf,

    /// Public URLs of the server, such as https://chat.example.org; requests for other host names are refused, except
    /// localhost and IP addresses
    #[arg(long, env = "MADANG_PUBLIC_URL", value_name = "URL", value_delimiter = ',')]
    pub public_url: Vec<PublicUrl>,

    /// Other origins whose pages may connect to the server (CORS), such as https://chat.example.org; its own is always
    /// allowed
    #[arg(long, env = "MADANG_ALLOW_ORIGIN", value_name = "ORIGIN", value_delimiter = ',')]
    pub allow_origin: Vec<AllowedOrigin>,

    /// Send the session cookie over HTTPS only; set it whenever the server is reached over HTTPS
    #[arg(
        long,
        env = "MADANG_SECURE_COOKIES",
        value_name = "true|false",
        action = ArgAction::Set,
        num_args = 0..=1,
        default_value = "false",
        default_missing_value = "true"
    )]
    pub secure_cookies: bool,

    /// How long an unused session lasts, such as 30d; at least 1d
    #[arg(long, env = "MADANG_SESSION_IDLE", value_name = "TIME", default_value = "30d", value_parser = duration)]
    pub session_idle: Duration,

    /// Maximum lifetime of a session, such as 400d; at least --session-idle
    #[arg(long, env = "MADANG_SESSION_MAX", value_name = "TIME", default_value = "400d", value_parser = duration)]
    pub session_max: Duration,

    /// How long a user's name stays reserved after they go offline, such as 15m or 2h
    #[arg(long, env = "MADANG_NAME_HOLD", value_name = "TIME", default_value = "15m", value_parser = duration)]
    pub name_hold: Duration,

    /// How long a user stays online after disconnecting, such as 1500ms; at most 2s
    #[arg(long, env = "MADANG_PRESENCE_GRACE", value_name = "TIME", default_value = "1500ms", value_parser = duration)]
    pub presence_grace: Duration,

    /// Packets queued for a slow consumer before it has to resync; at least 4
    #[arg(long, env = "MADANG_SOCKET_BUFFER", value_name = "PACKETS", default_value = "1024")]
    pub socket_buffer: usize,

    /// Whether older clients on namespace / and the plain-text WebSocket may read and write in the lobby (on), only
    /// read it (read-only), or not connect (off)
    #[arg(long, env = "MADANG_DIALECTS", value_name = "on|read-only|off", value_enum, default_value = "on")]
    pub dialects: Dialects,

    /// Multiplier for all rate limits: 1 as in docs/PROTOCOL.md, 2 twice as many, off for no limits
    #[arg(long, env = "MADANG_LIMITS", value_name = "FACTOR|off", default_value = "1")]
    pub limits: Generosity,

    /// Maximum number of open connections, about 30 KB of memory each
    #[arg(long, env = "MADANG_CONNECTIONS", value_name = "NUMBER", default_value = "3000")]
    pub connections: usize,

    /// Maximum number of connections from one address; a classroom of 40 with a few tabs each shares one address
    #[arg(long, env = "MADANG_CONNECTIONS_PER_ADDRESS", value_name = "NUMBER", default_value = "500")]
    pub connections_per_address: usize,

    /// Maximum number of rooms, including the lobby; every client is sent the list when it connects
    #[arg(long, env = "MADANG_ROOMS", value_name = "NUMBER", default_value = "1000")]
    pub rooms: u32,

    /// How long a room without members is kept, such as 30d; a room without messages is kept for at most a day
    #[arg(long, env = "MADANG_EMPTY_ROOM_EXPIRY", value_name = "TIME|forever", default_value = "30d")]
    pub empty_room_expiry: Lifetime,

    /// How long messages are kept, such as 365d
    #[arg(long, env = "MADANG_KEEP_MESSAGES", value_name = "TIME|forever", default_value = "forever")]
    pub keep_messages: Lifetime,

    /// Free disk space, such as 500MB or 2GB, below which no new messages, people or rooms are stored; auto is 256MB,
    /// or 5 % of a smaller disk; 0 turns the check off
    #[arg(long, env = "MADANG_DISK_RESERVE", value_name = "SIZE|auto", default_value = "auto")]
    pub disk_reserve: Reserve,

    /// IP addresses of reverse proxies whose X-Forwarded-For header is trusted
    #[arg(long, env = "MADANG_TRUST_PROXY", value_name = "ADDRESS", value_delimiter = ',')]
    pub trust_proxy: Vec<IpAddr>,

    /// Log filter: error, warn, info, debug or trace, or a list such as madang_server=debug,warn
    #[arg(
        long,
        env = "MADANG_LOG",
        value_name = "FILTER",
        default_value = "warn,socketioxide=off,madang_server=info"
    )]
    pub log: String,

    /// Maximum changes per transaction (group commit); 1 commits each change, the baseline of `cargo xtask bench write`
    #[arg(long, hide = true, value_name = "CHANGES", default_value = "256")]
    pub commit_batch: usize,

    /// What time it is; tests set their own.
    #[arg(skip)]
    pub clock: Clock,

    /// How often what has had its time is looked for; tests are less patient.
    #[arg(skip = CLEANING)]
    pub cleaning: Duration,

    /// What tells the free space on a disk; tests have their own.
    #[arg(skip)]
    pub gauge: Gauge,

    /// How long a client may take for things; tests are less patient.
    #[arg(skip)]
    pub deadlines: Deadlines,
}

/// How often people may do things, as a factor of what is documented.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Generosity(Option<f64>);

impl Generosity {
    /// Without an end.
    pub const OFF: Self = Self(None);

    /// The factor; none where there are no limits.
    pub(crate) fn factor(self) -> Option<f64> {
        self.0
    }
}

impl FromStr for Generosity {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "off" {
            return Ok(Self::OFF);
        }
        let factor = text.parse().ok().filter(|factor| (0.01..=1_000.0).contains(factor));
        factor.map(|factor| Self(Some(factor))).ok_or("it is off, or a number from 0.01 to 1000")
    }
}

/// How long a client may take for things.
#[derive(Clone, Copy, Debug)]
pub struct Deadlines {
    /// For the head of a request, and until the next request on a connection that is kept.
    pub head: Duration,
    /// For the body of a request.
    pub body: Duration,
    /// For taking in something of what is sent to it.
    pub write: Duration,
    /// For joining a namespace on a new session, and for the first poll.
    pub connect: Duration,
    /// For taking in a page, besides the time that its bytes take at `page_rate`.
    pub page: Duration,
    /// Bytes a second at which a page is taken in at least.
    pub page_rate: u32,
    /// For saying anything on a WebSocket, or polling. Each protocol has its own pings, which notice sooner.
    pub silence: Duration,
    /// For the turn of a page to be made, while others are.
    pub render: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            // Clients poll and ping at 15 and 25 s: a connection is not to be closed at the very moment of its use.
            head: Duration::from_secs(20),
            body: Duration::from_secs(10),
            write: Duration::from_secs(30),
            connect: Duration::from_secs(10),
            page: Duration::from_secs(30),
            // The slowest phone lines have twice that. It is 80 s for a page of 400 KB.
            page_rate: 8 << 10,
            // A ping is sent every 25 s, and waited for for 20 s.
            silence: Duration::from_secs(60),
            render: Duration::from_secs(5),
        }
    }
}

/// What clients may do that speak a dialect, and therefore have no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Dialects {
    /// Hear the lobby and speak in it.
    On,
    /// Hear the lobby.
    ReadOnly,
    /// Nothing: they cannot connect.
    Off,
}

/// Why the settings cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// A setting has a value that makes no sense.
    #[error("The setting {setting} can't be {value}: {reason}.")]
    Invalid { setting: &'static str, value: String, reason: String },
}

/// All settings at their defaults, whatever the environment says.
impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 3000)),
            data: PathBuf::from("./madang-data"),
            public_url: Vec::new(),
            allow_origin: Vec::new(),
            secure_cookies: false,
            session_idle: 30 * DAY,
            session_max: 400 * DAY,
            name_hold: Duration::from_secs(15 * 60),
            presence_grace: Duration::from_millis(1500),
            socket_buffer: 1024,
            dialects: Dialects::On,
            limits: Generosity(Some(1.0)),
            connections: 3_000,
            connections_per_address: 500,
            rooms: 1_000,
            empty_room_expiry: Lifetime::of(DAY.saturating_mul(30)),
            keep_messages: Lifetime::FOREVER,
            disk_reserve: Reserve::Auto,
            trust_proxy: Vec::new(),
            log: "warn,socketioxide=off,madang_server=info".to_owned(),
            commit_batch: 256,
            clock: Clock::system(),
            cleaning: CLEANING,
            gauge: Gauge::system(),
            deadlines: Deadlines::default(),
        }
    }
}

impl Config {
    /// Checks what a single value does not tell.
    ///
    /// # Errors
    /// [`ConfigError`], a sentence for the operator.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let invalid = |setting, value: String, reason: &str| {
            Err(ConfigError::Invalid { setting, value, reason: reason.to_owned() })
        };
        if self.data.as_os_str().is_empty() {
            return invalid("--data", "empty".to_owned(), "it names the folder of the database");
        }
        if self.session_idle < DAY {
            // It is noted by the hour that a session was used.
            return invalid("--session-idle", format!("{:?}", self.session_idle), "it is at least 1d");
        }
        if self.session_max < self.session_idle {
            return invalid("--session-max", format!("{:?}", self.session_max), "it is no less than --session-idle");
        }
        if self.presence_grace > Duration::from_secs(2) {
            return invalid("--presence-grace", format!("{:?}", self.presence_grace), "it is at most 2s");
        }
        // A connection needs room for its handshake and the answers to what it asks first.
        if self.socket_buffer < 4 {
            return invalid("--socket-buffer", self.socket_buffer.to_string(), "it is at least 4");
        }
        for (setting, number) in
            [("--connections", self.connections), ("--connections-per-address", self.connections_per_address)]
        {
            if number == 0 {
                return invalid(setting, number.to_string(), "nobody could connect");
            }
        }
        if self.commit_batch == 0 {
            return invalid("--commit-batch", "0".to_owned(), "it is at least 1");
        }
        if let Err(error) = EnvFilter::try_new(&self.log) {
            return invalid("--log", self.log.clone(), &error.to_string());
        }
        Ok(())
    }
}

/// A time as it is written in settings: one word of whole numbers with their units, such as `15m` or `1h30m`.
fn duration(text: &str) -> Result<Duration, String> {
    let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let time = humantime::parse_duration(text).ok().filter(|_| is_word);
    let time = time.ok_or_else(|| "a time is a number with ms, s, m, h or d, such as 15m".to_owned())?;
    // In the database and on the wire, times are milliseconds: less than one is nothing.
    u64::try_from(time.as_millis()).map(Duration::from_millis).map_err(|_| "this is too long".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        config: Config,
    }

    #[test]
    fn the_defaults_of_the_arguments_are_the_defaults() {
        // The environment of a test run may set settings, so only those are compared that it does not set.
        let parsed = Cli::try_parse_from(["madang"]).expect("defaults parse").config;
        let default = Config::default();
        let same = |name: &str, equal: bool| assert!(equal || std::env::var_os(name).is_some(), "{name}");
        same("MADANG_LISTEN", parsed.listen == default.listen);
        same("MADANG_DATA", parsed.data == default.data);
        same("MADANG_SECURE_COOKIES", parsed.secure_cookies == default.secure_cookies);
        same("MADANG_SESSION_IDLE", parsed.session_idle == default.session_idle);
        same("MADANG_SESSION_MAX", parsed.session_max == default.session_max);
        same("MADANG_NAME_HOLD", parsed.name_hold == default.name_hold);
        same("MADANG_PRESENCE_GRACE", parsed.presence_grace == default.presence_grace);
        same("MADANG_SOCKET_BUFFER", parsed.socket_buffer == default.socket_buffer);
        same("MADANG_DIALECTS", parsed.dialects == default.dialects);
        same("MADANG_LIMITS", parsed.limits == default.limits);
        same("MADANG_CONNECTIONS", parsed.connections == default.connections);
        same("MADANG_CONNECTIONS_PER_ADDRESS", parsed.connections_per_address == default.connections_per_address);
        same("MADANG_ROOMS", parsed.rooms == default.rooms);
        same("MADANG_EMPTY_ROOM_EXPIRY", parsed.empty_room_expiry == default.empty_room_expiry);
        same("MADANG_KEEP_MESSAGES", parsed.keep_messages == default.keep_messages);
        same("MADANG_DISK_RESERVE", parsed.disk_reserve == default.disk_reserve);
        same("MADANG_LOG", parsed.log == default.log);
        assert_eq!(parsed.commit_batch, default.commit_batch);
        default.validate().expect("the defaults are valid");
    }

    #[test]
    fn limits_are_a_factor_or_off() {
        assert_eq!("off".parse(), Ok(Generosity::OFF));
        assert_eq!("1.5".parse::<Generosity>().map(Generosity::factor), Ok(Some(1.5)));
        for wrong in ["", "on", "0", "-1", "NaN", "inf", "1001", "1 "] {
            assert!(wrong.parse::<Generosity>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_commit_holds_something() {
        let error = Config { commit_batch: 0, ..Config::default() }.validate().expect_err("nothing would be stored");
        assert_eq!(error.to_string(), "The setting --commit-batch can't be 0: it is at least 1.");
    }

    #[test]
    fn a_session_stands_for_a_while() {
        let error = |idle, whole| {
            let config = Config { session_idle: idle, session_max: whole, ..Config::default() };
            config.validate().expect_err("no such session").to_string()
        };
        assert!(error(DAY / 2, DAY).contains("--session-idle"));
        assert!(error(2 * DAY, DAY).contains("--session-max"));
    }

    #[test]
    fn times_have_a_unit() {
        assert_eq!(duration("1500ms"), Ok(Duration::from_millis(1500)));
        assert_eq!(duration("15m"), Ok(Duration::from_secs(900)));
        assert_eq!(duration("2h"), Ok(Duration::from_secs(7_200)));
        assert_eq!(duration("030d"), Ok(30 * DAY));
        assert_eq!(duration("0s"), Ok(Duration::ZERO));
        assert_eq!(duration("1h30m"), Ok(Duration::from_secs(5_400)));
        assert_eq!(duration("999999us"), Ok(Duration::from_millis(999)), "whole milliseconds");
        for wrong in ["", "15", "m", "-1s", "1.5s", "15 m", "99999999999999999999d", "9999999999999999d"] {
            assert!(duration(wrong).is_err(), "{wrong:?}");
        }
        // More milliseconds than a number holds, though fewer seconds.
        assert_eq!(duration("999999999999d"), Err("this is too long".to_owned()));
    }
}
