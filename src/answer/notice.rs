//! What a public notice of a case shows, and whether a posted one is of just that.
//!
//! The name stands sealed in the application, so this takes the vault; the hash that a
//! `notice.posted` names is salted with the applicant's own salt, as that of a paper is.

use super::{AskError, open, personal};
use crate::domain::certificate::{MaskedView, masked};
use crate::event::{Body, NoticePosted};
use crate::ledger::Ledger;
use crate::value::{CaseId, Day, DivisionCode, Hash, Label, Tag};

/// Whom a notice is about, as it may be shown.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    /// Surname and mask.
    pub(crate) name: String,
    /// The county that decides.
    pub(crate) division: DivisionCode,
    /// The tag of the ID number in the application, whose salt is used.
    id: Tag,
}

/// Whom the notice of a case that is under way is about; none where the name was erased.
pub(crate) fn shown(ledger: &Ledger, case: CaseId) -> Result<Option<Shown>, AskError> {
    let found = ledger.with_state(|state| {
        let case = state.certificates.case(&case)?;
        Some((case.division, case.progress.as_ref()?.application))
    })?;
    let Some((division, application)) = found else { return Ok(None) };
    let Some(index) = ledger.find(&application)? else { return Ok(None) };
    let event = ledger.event(index)?;
    let Body::ApplicationSubmitted(data) = &event.payload.body else { return Ok(None) };
    let name = open(ledger, &event)?.and_then(|fields| masked(fields.name.as_deref()?));
    Ok(name.map(|name| Shown { name, division, id: data.id }))
}

impl Shown {
    /// The view of a notice that hangs there on these days.
    fn view(&self, place: &Label, opens_on: Day, closes_on: Day) -> MaskedView {
        let (name, division, place) = (self.name.clone(), self.division, place.clone());
        MaskedView { name, division, place, opens_on, closes_on }
    }

    /// The hash that a statement posting it names.
    pub(crate) fn hash(
        &self,
        ledger: &Ledger,
        (place, opens_on, closes_on): (&Label, Day, Day),
    ) -> Result<Hash, AskError> {
        let document = self.view(place, opens_on, closes_on).to_string();
        Ok(personal(ledger)?.evidence(Some(&self.id), document.as_bytes())?)
    }

    /// Whether a posted notice names the hash of just this view.
    pub(crate) fn is_posted_by(
        &self,
        ledger: &Ledger,
        posted: &NoticePosted,
    ) -> Result<bool, AskError> {
        let document = self.view(&posted.place, posted.opens_on, posted.closes_on).to_string();
        let hashes = personal(ledger)?.evidence_by(&[self.id], document.as_bytes())?;
        Ok(hashes.iter().any(|(_, hash)| *hash == posted.view))
    }
}
