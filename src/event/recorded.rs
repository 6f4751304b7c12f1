//! An event as the log holds it: with its place, its time and its resolved signer.

use serde::{Deserialize, Serialize};

use super::{Payload, Role, Sector};
use crate::value::{ActorId, DivisionCode, Hash, Label, Subject};

/// The enrolled actor behind a signature, as enrolled at that entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// The actor.
    pub actor: ActorId,
    /// Its role.
    pub role: Role,
    /// Its organisation.
    pub organisation: Label,
    /// Its division: it acts for this one and those below.
    pub division: DivisionCode,
    /// The register of a data custodian.
    pub sector: Option<Sector>,
}

/// One event of the log. An event that needs two signers takes effect with its last endorsement,
/// not when it is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Index of the entry.
    pub index: u64,
    /// The ledger's recorded time, milliseconds since 1970 UTC.
    pub recorded_at_ms: u64,
    /// Statement id.
    pub id: Hash,
    /// Signing time by the signer's clock, seconds since 1970 UTC.
    pub signed_at: u64,
    /// The subject.
    pub subject: Subject,
    /// Who signed.
    pub signer: Signer,
    /// What was signed.
    pub payload: Payload,
}
