//! What the servers of this process log. Tests share it, so each looks for words of its own.

use std::{
    io,
    sync::{LazyLock, Mutex},
};

use tokio::sync::watch;

use super::within;

static LOG: LazyLock<Log> = LazyLock::new(|| {
    let log = Log { lines: Mutex::default(), length: watch::channel(0).0 };
    tracing_subscriber::fmt()
        .with_ansi(false)
        .with_env_filter("madang_server=info,madang_server::compat=debug,madang_server::publish=debug")
        .with_writer(|| Writer)
        .init();
    log
});

struct Log {
    lines: Mutex<String>,
    length: watch::Sender<usize>,
}

/// Starts to keep the log. To be called before what is to be logged.
pub(crate) fn keep() {
    LazyLock::force(&LOG);
}

/// Waits until a line with all of these words has been logged.
pub(crate) async fn until_logged(words: &[&str]) {
    let mut length = LOG.length.subscribe();
    let has_all = |line: &str| words.iter().all(|word| line.contains(word));
    let logged = length.wait_for(|_| LOG.lines.lock().expect("no panic").lines().any(has_all));
    within(logged).await.expect("the log goes on");
}

struct Writer;

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut lines = LOG.lines.lock().expect("no panic");
        lines.push_str(&String::from_utf8_lossy(bytes));
        LOG.length.send_replace(lines.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
