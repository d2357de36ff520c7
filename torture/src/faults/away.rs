//! A client that is away for thousands of messages, edits and deletions.

use std::{path::Path, time::Duration};

use anyhow::{Result, bail};

use super::{Outcome, SETTLE, judge, people};
use crate::{
    person::{Person, wait_for},
    proxy::Proxy,
    server::Server,
};

/// Who talk meanwhile.
const TALKERS: usize = 10;
/// Of so many messages one is edited, and one deleted.
const PER_EDIT: usize = 20;
/// How long the talking may take.
const TALK: Duration = Duration::from_secs(300);
/// Most CPU time that the server may take for catching up.
const CPU: Duration = Duration::from_secs(5);

pub(super) fn messages(short: bool) -> usize {
    if short { 1_000 } else { 10_000 }
}

pub(super) async fn run(binary: &Path, messages: usize) -> Result<Outcome> {
    let server = Server::start(binary).await?;
    let proxy = Proxy::start(server.address).await?;
    let talkers = people(server.address, server.address, TALKERS).await?;
    let traveller = Person::join(server.address, proxy.address, "traveller").await?;
    let mut everyone = talkers;
    everyone.push(traveller);
    if !wait_for(&everyone, SETTLE, Person::is_settled).await.is_empty() {
        bail!("not everyone came in");
    }
    // Half of what is edited and deleted is on the traveller's screen.
    let talkers = &everyone[..TALKERS];
    let half = messages / 2;
    talk(talkers, messages - half).await?;
    proxy.close();
    let old: Vec<_> = talkers.iter().map(|person| (person, person.acked())).collect();
    talk(talkers, half).await?;
    for (person, before) in &old {
        change(person, before)?;
        let after = person.acked().split_off(before.len());
        change(person, &after)?;
    }
    if !wait_for(talkers, TALK, Person::all_sent).await.is_empty() {
        bail!("the talking took longer than {TALK:?}");
    }
    let missed = talkers.iter().map(|person| person.acked().len()).sum::<usize>();
    let before = server.cpu()?;
    proxy.reopen();
    let mut verdict = judge(server.address, &everyone).await?;
    let cpu = server.cpu()?.saturating_sub(before);
    if cpu > CPU {
        verdict.complain(format!("catching up took {cpu:?} of the server's CPU time"));
    }
    let figures = format!("{missed} messages in all, catching up and the audit took {} ms of CPU", cpu.as_millis());
    Ok(Outcome { verdict, figures })
}

/// All say their share and are acknowledged.
async fn talk(talkers: &[Person], messages: usize) -> Result<()> {
    for number in 1..=messages {
        talkers[number % talkers.len()].say(&format!("message {number} of {messages}"))?;
    }
    if !wait_for(talkers, TALK, Person::all_sent).await.is_empty() {
        bail!("the talking took longer than {TALK:?}");
    }
    Ok(())
}

/// One in so many is edited, and another deleted.
fn change(person: &Person, said: &[madang_common::message::MessageView]) -> Result<()> {
    for some in said.chunks(PER_EDIT) {
        if let [first, .., last] = some {
            person.edit(first.id, "edited meanwhile")?;
            person.delete(last.id)?;
        }
    }
    Ok(())
}
