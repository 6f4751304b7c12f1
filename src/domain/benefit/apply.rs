//! `benefit.applied`: opens a case of one of the two subsidies.

use super::{Benefits, Case, Status, is_subsidy};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{BenefitApplied, Recorded};
use crate::value::{CaseId, Month};

refusals! {
    /// Why an application is refused.
    pub enum Refused {
        /// The case id is in use.
        CaseExists = "I23", "case_exists", "the case is already open",
            "open the application under a new case id";
        /// The ledger does not know the person.
        UnknownPerson = "I23", "unknown_person", "the ledger has no record of the person",
            "record the person or import the certificate first";
        /// Rests on no certificate of the person.
        NoCertificate = "I23", "no_certificate",
            "the application rests on no certificate of the person",
            "name a certificate that the person holds in data.certificate";
        /// The month is not that of the application.
        MonthDiffers { month: Month, applied: Month } = "I30", "application_month_differs",
            "the month of application is given as {month}, and the application was made in {applied}",
            "correct data.month or `at`";
        /// The person has this benefit, or has applied for it.
        CaseOpen { case: CaseId } = "I27", "case_open",
            "case {case} of the same person and programme is open or running",
            "go on with that case, or have it stopped first";
    }
}

pub(super) fn decide(
    state: &State,
    event: &Recorded,
    id: CaseId,
    data: &BenefitApplied,
) -> Result<(), Rejection> {
    let programme = data.programme;
    if !is_subsidy(programme) {
        return Err(super::Refused::ProgrammeNotInThisVersion { programme }.into());
    }
    Ok(decide_opened(state, event, id, data)?)
}

fn decide_opened(
    state: &State,
    event: &Recorded,
    id: CaseId,
    data: &BenefitApplied,
) -> Result<(), Refused> {
    if state.person_of_case(&id).is_some() {
        return Err(Refused::CaseExists);
    }
    let person = state.people.find(&data.person).ok_or(Refused::UnknownPerson)?;
    if !data.certificate.is_some_and(|id| person.certificates.contains(&id)) {
        return Err(Refused::NoCertificate);
    }
    let applied = event.payload.at.month();
    if data.month != applied {
        return Err(Refused::MonthDiffers { month: data.month, applied });
    }
    // A person who moved applies at the new place while the old one still pays; the determination
    // sees to it that no month is granted twice.
    let mut cases = state.benefits.cases_of(data.person, data.programme);
    let open = cases.find(|(_, case)| {
        case.status == Status::Applied || case.is_running() && case.division == data.division
    });
    match open {
        Some((case, _)) => Err(Refused::CaseOpen { case: *case }),
        None => Ok(()),
    }
}

pub(super) fn evolve(benefits: &mut Benefits, event: &Recorded, id: CaseId, data: &BenefitApplied) {
    let case = Case {
        person: data.person,
        division: data.division,
        programme: data.programme,
        month: data.month,
        applied_by: event.signer.actor.clone(),
        first: None,
        second: None,
        status: Status::Applied,
        spans: Vec::new(),
        amounts: Vec::new(),
        stopped: None,
        back_pay: Vec::new(),
        account: None,
    };
    benefits.open(id, case);
}
