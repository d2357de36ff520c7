//! The program itself, as a process with a data folder and a log of its own.

use std::{fs::File, process::Stdio};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use super::within;

/// The program with arguments, and with no environment but what is set later.
pub(crate) fn madang(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_madang"));
    command.args(arguments).env_clear().kill_on_drop(true).stdin(Stdio::null());
    command
}

/// A server that runs as a process.
pub(crate) struct Process {
    /// Without a slash at the end.
    pub(crate) url: String,
    /// `127.0.0.1:<port>`.
    pub(crate) host: String,
    folder: TempDir,
    running: Child,
}

impl Process {
    /// Starts the program on a free port, and waits until it says where it is.
    pub(crate) async fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let log = File::create(folder.path().join("log")).expect("a file");
        let mut command = madang(&["--listen", "127.0.0.1:0"]);
        command.args(arguments).envs(variables.iter().copied()).current_dir(folder.path());
        let mut running = command.stdout(Stdio::piped()).stderr(log).spawn().expect("the program runs");
        let mut lines = BufReader::new(running.stdout.take().expect("piped")).lines();
        let line = within(lines.next_line()).await.expect("UTF-8");
        let logged = || std::fs::read_to_string(folder.path().join("log")).expect("a log");
        let line = line.unwrap_or_else(|| panic!("it does not start: {}", logged()));
        let url = line.strip_prefix("Madang is at ").expect("where it is").to_owned();
        let host = url.strip_prefix("http://").expect("an address").to_owned();
        // From then on it also hears that it is to stop.
        let health = within(reqwest::get(format!("{url}/health"))).await.expect("an answer");
        assert_eq!(health.status(), 200);
        Self { url, host, folder, running }
    }

    /// Asks it to stop and waits until it has. All that it logged.
    pub(crate) async fn stop(mut self) -> String {
        let pid = self.running.id().expect("it runs").to_string();
        let asked = within(Command::new("kill").args(["-TERM", &pid]).status()).await.expect("kill runs");
        assert!(asked.success());
        let ended = within(self.running.wait()).await.expect("it ends");
        let log = std::fs::read_to_string(self.folder.path().join("log")).expect("a log in UTF-8");
        assert!(ended.success(), "{ended}: {log}");
        log
    }
}
