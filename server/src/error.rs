//! The two kinds of error: the user's, which is shown, and ours, which is logged.

use madang_common::fault::{Fault, FaultCode};
use thiserror::Error;

use crate::store::StoreError;

/// Why a rule did not do what was asked.
#[derive(Debug, Error)]
pub enum Refusal {
    /// The user's: to be shown as it is.
    #[error("{0}")]
    Fault(#[from] Fault),
    /// Ours: to be logged once, at the boundary, with what was being done.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The change was not committed; the committer has logged why.
    #[error("the change was not committed")]
    NotCommitted,
}

impl Refusal {
    /// A fault of the user's.
    pub(crate) fn fault(code: FaultCode, sentence: &str) -> Self {
        Self::Fault(Fault::new(code, sentence))
    }

    /// What the user is told. An error of ours is logged here, as met while `doing`.
    pub fn into_fault(self, doing: &str) -> Fault {
        match self {
            Self::Fault(fault) => return fault,
            Self::Store(error) => tracing::error!(%error, doing, "the store failed"),
            Self::NotCommitted => {}
        }
        Fault::new(FaultCode::Unavailable, "The server cannot do this now. Please try again.")
    }
}
