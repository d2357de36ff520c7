//! The two kinds of error: the user's, which is shown, and ours, which is logged.

use std::fmt;

use madang_common::{
    fault::{Fault, FaultCode},
    text::TextError,
};
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
    /// Ours: what would answer cannot be written as JSON.
    #[error("{0}")]
    Unwritten(serde_json::Error),
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
            Self::Unwritten(error) => tracing::error!(%error, doing, "an answer cannot be written"),
        }
        Fault::new(FaultCode::Unavailable, "The server cannot do this now. Please try again.")
    }
}

/// A text that the server does not take.
impl From<TextError> for Refusal {
    fn from(error: TextError) -> Self {
        let code = match error {
            TextError::ForbiddenCharacter => FaultCode::ForbiddenCharacter,
            TextError::Blank | TextError::TooLong(_) | TextError::NoLetter => FaultCode::Malformed,
        };
        Self::Fault(Fault::new(code, error.to_string()))
    }
}

/// A refused connection to a namespace. socketioxide sends an error's text as the `message` of the `connect_error` and
/// knows no other data, so the text is the fault as JSON.
pub(crate) struct RefusedConnection(pub(crate) Fault);

impl fmt::Display for RefusedConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(&self.0).map_err(|_| fmt::Error)?)
    }
}
