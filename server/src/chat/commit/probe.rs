//! A probe of the committer: whether it works, without changing anything that anyone sees.

use super::{Change, Command, Committer};
use crate::{
    error::Refusal,
    store::{StoreError, probe},
};

impl Committer {
    /// Whether changes are stored: the committer answers, and if its last transaction failed, the disk takes a write by
    /// now. Otherwise nothing is written.
    ///
    /// # Errors
    /// [`Refusal::NotCommitted`].
    pub(crate) async fn probe(&self) -> Result<(), Refusal> {
        let write = self.failing.get();
        self.commit(Probe { write }).await?;
        if write {
            self.failing.set(false);
        }
        Ok(())
    }
}

/// A change of nothing that anyone sees.
pub(in crate::chat) struct Probe {
    /// Whether something is written as well.
    pub(in crate::chat) write: bool,
}

impl Command for Probe {
    type Reply = ();

    async fn run(&self, change: &mut Change<'_>) -> Result<(), Refusal> {
        if self.write {
            probe::write(change.conn, change.now).await.map_err(StoreError::from)?;
        }
        Ok(())
    }
}
