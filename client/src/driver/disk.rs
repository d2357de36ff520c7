//! The disk: does what the engine that sends wants kept, one thing after another. What waits meanwhile is written at once.
//!
//! What can't be written is tried again until it can be, and the engine goes on meanwhile: what it wants kept is in memory,
//! and a message that is sent twice is stored once.

use std::time::Duration;

use tokio::{task::spawn_blocking, time::timeout};

use super::{
    clock::now,
    core::{Job, Shared},
    outbox_file::{OutboxFile, Write},
};

/// How long after a write that failed the next is tried.
const RETRY: Duration = Duration::from_secs(1);

pub(super) async fn run(shared: &Shared, mut file: OutboxFile) {
    loop {
        let jobs = {
            let mut core = shared.lock();
            core.is_writing = !core.jobs.is_empty();
            std::mem::take(&mut core.jobs)
        };
        if jobs.is_empty() {
            shared.changed.send_replace(());
            if !file.is_unwritten() {
                shared.disk.notified().await;
            } else if timeout(RETRY, shared.disk.notified()).await.is_err() {
                shared.lock().jobs.push(Job::Retry);
            }
            continue;
        }
        let mut writes = Vec::new();
        for job in jobs {
            match job {
                Job::Write(write) => writes.push((write, true)),
                Job::Keep(pending) => writes.push(((pending.client_id, Some(pending)), false)),
                Job::Retry => {}
                Job::Open(me) => {
                    file = write(shared, file, std::mem::take(&mut writes)).await;
                    let claimed = file.claim(me);
                    if claimed.is_err() {
                        // Before anybody is told, for then the program may end: the file is left as it was.
                        file = write(shared, file, Vec::new()).await;
                    }
                    shared.tell(|core| match claimed {
                        Ok(()) => core.first().engine.at(now()).disk_opened(true),
                        Err(error) => core.end(&error),
                    });
                }
                Job::Read => {
                    file = write(shared, file, std::mem::take(&mut writes)).await;
                    shared.tell(|core| core.first().engine.at(now()).outbox_read(Some(file.read())));
                }
            }
        }
        file = write(shared, file, writes).await;
    }
}

/// Writes this, and what could not be written before. Whether the engine waits for it is said with each.
async fn write(shared: &Shared, mut file: OutboxFile, writes: Vec<(Write, bool)>) -> OutboxFile {
    if writes.is_empty() && !file.is_unwritten() {
        return file;
    }
    let awaited: Vec<_> = writes.iter().filter(|(_, is_awaited)| *is_awaited).map(|((id, _), _)| *id).collect();
    let job = spawn_blocking(move || {
        let written = file.write(writes.into_iter().map(|(write, _)| write).collect());
        (file, written)
    });
    let (file, written) = match job.await {
        Ok(done) => done,
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    };
    let had_failed = shared.tell(|core| {
        let had_failed = core.unwritten.is_some();
        core.unwritten = written.as_ref().err().cloned();
        let engine = core.first().engine.at(now());
        // Written or not, it is in what is read again, and will be in the file.
        awaited.into_iter().for_each(|id| engine.outbox_written(id, true));
        had_failed
    });
    // It is tried every second, and told once.
    if let (Err(error), false) = (&written, had_failed) {
        shared.options.observer.complained("what is unsent is in memory alone for now", &error.to_string());
    }
    file
}
