//! The server as a process that can be killed and started again on the same data, at the same address.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use tempfile::{NamedTempFile, TempDir};
use tokio::{
    process::{Child, Command},
    time::{Instant, sleep, timeout},
};

use crate::disk::{Disk, Mounted};

/// How long a server may take until it answers.
const START: Duration = Duration::from_secs(20);
/// How long it may take until it has stopped, before that is given up.
const STOP: Duration = Duration::from_secs(30);
/// How often it is asked meanwhile.
const POLL: Duration = Duration::from_millis(10);

/// Clients may do things as often as they like, and each have a room: those here are all at one address, and quicker and
/// more than people.
pub(crate) const UNLIMITED: &[&str] = &["--limits", "off", "--rooms", "10000"];

/// A server with a data folder of its own.
pub(crate) struct Server {
    binary: PathBuf,
    data: TempDir,
    disk: Disk,
    /// Further words for it.
    words: Vec<&'static str>,
    /// Where its log goes, if that is looked at.
    log: Option<NamedTempFile>,
    /// Where it listens, also after a restart.
    pub(crate) address: SocketAddr,
    child: Option<Child>,
}

impl Server {
    /// Starts a server without limits on an empty data folder and waits until it answers.
    pub(crate) async fn start(binary: &Path) -> Result<Self> {
        Self::start_on(binary, Disk::Usual).await
    }

    /// A server as anyone starts it, with its limits and its log, and with further arguments.
    pub(crate) async fn start_as_anyone(binary: &Path, arguments: &[&'static str]) -> Result<Self> {
        let mut server = Self::new(binary, (empty_folder()?, Disk::Usual), arguments.to_vec())?;
        server.log = Some(NamedTempFile::new().context("no file for the log could be made")?);
        server.up().await?;
        Ok(server)
    }

    /// As [`Server::start`], with the data folder on a disk that may be troubled.
    pub(crate) async fn start_on(binary: &Path, disk: Disk) -> Result<Self> {
        // It is the disk that is to be full, not the server that keeps some of it free.
        let words = [UNLIMITED, &["--disk-reserve", "0"]].concat();
        Self::start_with(binary, (empty_folder()?, disk), words).await
    }

    /// A server on an empty data folder that is there already, with further words for it.
    pub(crate) async fn start_with(binary: &Path, on: (TempDir, Disk), words: Vec<&'static str>) -> Result<Self> {
        let mut server = Self::new(binary, on, words)?;
        server.up().await?;
        Ok(server)
    }

    fn new(binary: &Path, (data, disk): (TempDir, Disk), words: Vec<&'static str>) -> Result<Self> {
        let binary =
            fs::canonicalize(binary).with_context(|| format!("there is no server at {}", binary.display()))?;
        // Given back at once: nothing else on this machine takes a port that was just free.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|free| free.local_addr())?;
        Ok(Self { binary, data, disk, words, log: None, address, child: None })
    }

    /// Starts the server where it is not running; gives the time until it answers.
    pub(crate) async fn up(&mut self) -> Result<Duration> {
        let start = Instant::now();
        let mut command = Command::from(self.disk.command(&self.binary, self.data.path()));
        match &self.log {
            Some(log) => command.env_remove("MADANG_LOG").stderr(log.reopen().context("the log")?),
            // Each refusal is logged as an error, which is what is brought about.
            None if self.disk != Disk::Usual => command.stderr(Stdio::null()),
            None => command.env("MADANG_LOG", "error,socketioxide=off"),
        };
        let child = command
            .arg("serve")
            .args(["--listen", &self.address.to_string()])
            .arg("--data")
            .arg(self.data.path())
            .args(&self.words)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} could not be started", self.binary.display()))?;
        let child = self.child.insert(child);
        let health = format!("http://{}/health", self.address);
        loop {
            if let Some(status) = child.try_wait()? {
                bail!("the server ended by itself ({status})");
            }
            if reqwest::get(&health).await.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(start.elapsed());
            }
            if start.elapsed() > START {
                bail!("the server does not answer after {START:?}");
            }
            sleep(POLL).await;
        }
    }

    /// Ends the server as a power cut does: no signal handler runs.
    pub(crate) async fn kill(&mut self) -> Result<()> {
        let mut child = self.child.take().context("the server is not running")?;
        // SIGKILL, where there are signals.
        child.kill().await.context("the server could not be killed")
    }

    /// Asks the server to stop, as whoever updates it does; gives the time until it has.
    pub(crate) async fn stop(&mut self) -> Result<Duration> {
        let mut child = self.child.take().context("the server is not running")?;
        let pid = child.id().context("the server is not running")?.to_string();
        let start = Instant::now();
        let asked = Command::new("kill").args(["-TERM", &pid]).status().await.context("kill does not run")?;
        let status = timeout(STOP, child.wait()).await.context("the server does not stop")??;
        if !asked.success() || !status.success() {
            bail!("the server did not stop as it should ({status})");
        }
        Ok(start.elapsed())
    }

    /// The disk that the server runs on, to be troubled.
    pub(crate) fn disk(&self) -> Result<Mounted> {
        Ok(Mounted::of(self.pid()?, self.data.path()))
    }

    /// User and system time that the server's process has taken so far (proc(5), fields 14 and 15 of `stat`).
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid()?))?;
        cpu_of(&stat).context("/proc holds no CPU time")
    }

    /// The most memory that the server's process has ever held, in bytes (proc(5), `VmHWM`).
    pub(crate) fn most_memory(&self) -> Result<u64> {
        self.memory_of("VmHWM:")
    }

    /// The memory that the server's process holds now, in bytes (proc(5), `VmRSS`).
    pub(crate) fn memory(&self) -> Result<u64> {
        self.memory_of("VmRSS:")
    }

    fn memory_of(&self, field: &str) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid()?))?;
        let line = status.lines().find_map(|line| line.strip_prefix(field));
        let kib: u64 =
            line.with_context(|| format!("/proc holds no {field}"))?.trim().trim_end_matches(" kB").parse()?;
        Ok(kib * 1024)
    }

    /// How much it has logged, in bytes.
    pub(crate) fn logged(&self) -> Result<u64> {
        let log = self.log.as_ref().context("the log is not looked at")?;
        Ok(log.as_file().metadata()?.len())
    }

    /// How much it has stored, in bytes.
    pub(crate) fn stored(&self) -> Result<u64> {
        let mut bytes = 0;
        for file in fs::read_dir(self.data.path())? {
            bytes += file?.metadata()?.len();
        }
        Ok(bytes)
    }

    /// What it says of itself: whether it is ready.
    pub(crate) async fn is_ready(&self) -> Result<bool> {
        let answer = reqwest::get(format!("http://{}/health", self.address)).await?;
        Ok(answer.status().is_success())
    }

    fn pid(&self) -> Result<u32> {
        self.child.as_ref().and_then(Child::id).context("the server is not running")
    }
}

fn empty_folder() -> Result<TempDir> {
    tempfile::tempdir().context("no data folder could be made")
}

/// The clock tick in which `/proc` counts, in milliseconds: USER_HZ is 100 on every Linux that Rust runs on.
const TICK_MS: u64 = 10;

fn cpu_of(stat: &str) -> Option<Duration> {
    // The second field, the program's name, may hold spaces; it ends with the last parenthesis.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * TICK_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_is_read_behind_the_program_s_name() {
        let stat = "42 (a) b) S 1 42 42 0 -1 4194304 100 0 0 0 150 25 0 0 20 0 3 0 100 0 0";
        assert_eq!(cpu_of(stat), Some(Duration::from_millis(1_750)));
        assert_eq!(cpu_of("42 (madang) S 1"), None);
    }
}
