//! Idle connections, and what each costs: memory for as long as it lasts, and CPU time to open it. They are of the page's
//! own kind: a person who is signed in and follows the lobby, over a WebSocket.

use std::{path::PathBuf, time::Duration};

use anyhow::Result;
use clap::Args;
use futures_util::{StreamExt, TryStreamExt, stream};
use madang_client::driver::Session;
use madang_common::event::session::Hello;
use tokio::task::JoinSet;

use super::stage::{self, AT_ONCE, come_to_rest};
use crate::{forms::Account, link::Link, server::Server};

/// How long it must be quiet for those who came, or went, to have been told of.
const QUIET: Duration = Duration::from_millis(1_000);

/// How many connections there are.
#[derive(Args)]
pub(super) struct Setting {
    /// The server to measure: a release build
    #[arg(long, value_name = "FILE")]
    server: PathBuf,
    /// Where to put the data folder
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    /// How many people are connected at the same time, all of them members of the lobby
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', default_values_t = [250, 1_000, 2_000])]
    connections: Vec<usize>,
}

/// Measures, and prints a table.
pub(super) async fn run(setting: &Setting) -> Result<()> {
    println!(
        "Memory is resident memory beyond that of the same server with the same people, none of them connected.\n"
    );
    println!("{:>11}{:>15}{:>18}{:>22}", "connections", "KiB each", "CPU µs each", "MB once all are gone");
    for count in &setting.connections {
        measure(setting, *count).await?;
    }
    Ok(())
}

async fn measure(setting: &Setting, count: usize) -> Result<()> {
    let words = ["--connections", "10000", "--connections-per-address", "10000"];
    let server = stage::start(&setting.server, &setting.data, &words).await?;
    let sessions: Vec<Session> =
        stream::iter(0..count).map(|number| join(&server, number)).buffer_unordered(AT_ONCE).try_collect().await?;
    come_to_rest(&server, QUIET).await?;
    let (empty, cpu) = (server.memory()?, server.cpu()?);
    let links: Vec<Link> = stream::iter(&sessions)
        .map(|session| connect(&server, session))
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    let mut hearing = JoinSet::new();
    links.into_iter().for_each(|link| drop(hearing.spawn(link.hear())));
    come_to_rest(&server, QUIET).await?;
    let (full, spent) = (server.memory()?, server.cpu()? - cpu);
    hearing.shutdown().await;
    come_to_rest(&server, QUIET).await?;
    let gone = server.memory()?;
    let each = |sum: f64| sum / count as f64;
    println!(
        "{count:>11}{:>15.1}{:>18.0}{:>22.1}",
        each(full.saturating_sub(empty) as f64) / 1_024.0,
        each(spent.as_secs_f64() * 1e6),
        gone.saturating_sub(empty) as f64 / 1e6,
    );
    Ok(())
}

async fn join(server: &Server, number: usize) -> Result<Session> {
    Ok(Account::new(server.address, &format!("idle-{number}")).await?.session)
}

async fn connect(server: &Server, session: &Session) -> Result<Link> {
    let mut link = Link::open(server.address, session).await?;
    link.request(&Hello {}).await?;
    Ok(link)
}
