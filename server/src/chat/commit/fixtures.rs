//! A committer that a test turns by hand: it decides which commands share a transaction.

use sqlx::SqliteConnection;
use tokio::sync::mpsc;

use super::{Committer, Job, QUEUE, Worker};
use crate::{chat::Presence, clock::Clock, disk::Disk, publish::Publisher, store::Writer};

pub(in crate::chat) struct ByHand {
    worker: Worker,
    publisher: Publisher,
    waiting: mpsc::Receiver<Box<dyn Job>>,
}

impl ByHand {
    pub(in crate::chat) fn new(
        writer: Writer,
        publisher: Publisher,
        presence: Presence,
        clock: Clock,
    ) -> (Committer, Self) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let worker = Worker::new(writer, presence, clock);
        (
            Committer { queue, disk: Disk::default(), failing: worker.failing.clone() },
            Self { worker, publisher, waiting },
        )
    }

    /// Waits until so many commands wait and commits them together. Answers their names.
    pub(in crate::chat) async fn commit(&mut self, commands: usize) -> Vec<&'static str> {
        let mut jobs = Vec::new();
        while jobs.len() < commands {
            jobs.push(self.waiting.recv().await.expect("the chat lives"));
        }
        let names = jobs.iter().map(|job| job.name()).collect();
        for committed in self.worker.commit(jobs).await {
            committed.publish(&self.publisher).await;
        }
        names
    }

    pub(in crate::chat) fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.worker.writer.conn
    }
}
