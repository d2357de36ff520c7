//! The server that is measured: how it is started, and when it has come to rest.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use tokio::time::{Instant, sleep};

use crate::{
    disk::Disk,
    server::{Server, UNLIMITED},
};

/// Requests under way while people join.
pub(super) const AT_ONCE: usize = 16;
/// How long a server may take until it has told everyone who came, or went.
const PATIENCE: Duration = Duration::from_secs(60);

/// Starts a server without limits, with a data folder of its own in `data` and further words for it.
pub(super) async fn start(binary: &Path, data: &Path, words: &[&'static str]) -> Result<Server> {
    let folder = tempfile::tempdir_in(data).with_context(|| format!("{} takes no data folder", data.display()))?;
    Server::start_with(binary, (folder, Disk::Usual), [UNLIMITED, words].concat()).await
}

/// Waits until the server has nothing left to do: for as long as `quiet`, it takes at most a twentieth of that.
pub(super) async fn come_to_rest(server: &Server, quiet: Duration) -> Result<()> {
    let start = Instant::now();
    loop {
        let before = server.cpu()?;
        sleep(quiet).await;
        if server.cpu()?.saturating_sub(before) <= quiet / 20 {
            return Ok(());
        }
        ensure!(start.elapsed() < PATIENCE, "the server does not come to rest");
    }
}
