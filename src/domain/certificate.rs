//! Certificates: the review chain from application to archive, one file per use case.

mod register;

pub use register::{Case, Certificate, Certificates, Status};

use super::{Rejection, State};
use crate::event::{Body, Recorded};
use crate::value::Subject;

/// Asks the gates of the certificate chain; yes for events that are not part of it.
pub(super) fn decide(
    _state: &State,
    _event: &Recorded,
    _endorsement: Option<&Recorded>,
) -> Result<(), Rejection> {
    Ok(())
}

/// Follows the certificate chain.
pub(super) fn evolve(state: &mut State, event: &Recorded) {
    if let (Body::CertificateLegacyImported(data), Subject::Certificate(id)) =
        (&event.payload.body, &event.subject)
    {
        register::import(state, *id, data);
    }
}
