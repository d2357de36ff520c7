//! The disk: does what the engine that sends wants kept, one thing after another. What waits meanwhile is written at once.

use tokio::task::spawn_blocking;

use super::{
    core::{Job, Shared, now},
    outbox_file::{OutboxFile, Write},
};

pub(super) async fn run(shared: &Shared, mut file: OutboxFile) {
    loop {
        let jobs = {
            let mut core = shared.lock();
            core.is_writing = !core.jobs.is_empty();
            std::mem::take(&mut core.jobs)
        };
        if jobs.is_empty() {
            shared.changed.send_replace(());
            shared.disk.notified().await;
            continue;
        }
        let mut writes = Vec::new();
        for job in jobs {
            if let Job::Write(write) = job {
                writes.push(write);
                continue;
            }
            file = write(shared, file, std::mem::take(&mut writes)).await;
            shared.tell(|core| match job {
                Job::Open(me) => match file.claim(me) {
                    Ok(()) => core.first().engine.at(now()).disk_opened(true),
                    Err(error) => core.end(&error),
                },
                Job::Read => core.first().engine.at(now()).outbox_read(Some(file.read())),
                Job::Write(_) => {}
            });
        }
        file = write(shared, file, writes).await;
    }
}

async fn write(shared: &Shared, mut file: OutboxFile, writes: Vec<Write>) -> OutboxFile {
    if writes.is_empty() {
        return file;
    }
    let ids: Vec<_> = writes.iter().map(|(id, _)| *id).collect();
    let job = spawn_blocking(move || {
        let written = file.write(writes);
        (file, written)
    });
    let (file, written) = match job.await {
        Ok(done) => done,
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    };
    if let Err(error) = &written {
        shared.options.observer.complained("what is unsent is kept in memory alone", &error.to_string());
    }
    shared.tell(|core| {
        let engine = core.first().engine.at(now());
        ids.into_iter().for_each(|id| engine.outbox_written(id, written.is_ok()));
    });
    file
}
