//! Why a question has no answer.

use crate::crypto::RandomError;
use crate::domain::Rejection;
use crate::ledger::{PersonalError, ReadError};
use crate::projection::ProjectionError;
use crate::value::Malformed;

/// Why a question has no answer. Its texts never hold personal data.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AskError {
    /// It is not one that can be asked.
    #[error("{message}")]
    Question { message: String, hint: Option<String> },
    /// The ledger says no.
    #[error("{message}")]
    Refused { message: String, hint: Option<String> },
    /// Nobody and nothing has that name.
    #[error("the ledger knows nobody and nothing of that name")]
    Nobody,
    /// It takes the vault, and the vault is closed.
    #[error("this needs the vault key")]
    NoVault,
    /// A rule says no.
    #[error("{0}")]
    Rejected(Rejection),
    /// The log.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The index.
    #[error(transparent)]
    Index(#[from] ProjectionError),
    /// The vault.
    #[error(transparent)]
    Personal(#[from] PersonalError),
    /// No random bytes.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// A text is not what it should be.
    #[error(transparent)]
    Value(#[from] Malformed),
}

impl AskError {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Question { message: message.into(), hint: None }
    }

    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::Refused { message: message.into(), hint: None }
    }

    /// The same with what to do next.
    pub(crate) fn hinted(mut self, text: impl Into<String>) -> Self {
        if let Self::Question { hint, .. } | Self::Refused { hint, .. } = &mut self {
            *hint = Some(text.into());
        }
        self
    }

    /// What to do next.
    pub(crate) fn hint(&self) -> Option<&str> {
        match self {
            Self::Question { hint, .. } | Self::Refused { hint, .. } => hint.as_deref(),
            Self::Nobody => {
                Some("check the number; `mingzheng list certificates` shows who is there")
            }
            Self::NoVault => Some("name its file with --vault-key or MINGZHENG_VAULT_KEY"),
            Self::Rejected(rejection) => Some(rejection.hint),
            Self::Read(_)
            | Self::Index(_)
            | Self::Personal(_)
            | Self::Random(_)
            | Self::Value(_) => None,
        }
    }
}

impl From<Rejection> for AskError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}
