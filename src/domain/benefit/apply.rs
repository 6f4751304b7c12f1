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
            "data.month is {month}, and the application was made in {applied}",
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

#[cfg(test)]
mod tests {
    use crate::domain::benefit::desk::{Desk, LIVING, NURSING, month};
    use crate::domain::testing::{case, certificate, division, outcome, person};
    use crate::event::{BenefitApplied, Opinion, StopGround};
    use crate::value::{CertificateId, PersonId, Programme, Subject};

    fn sign(desk: &mut Desk, data: BenefitApplied) -> &'static str {
        outcome(&desk.world.sign("clerk", &Subject::Case(case(1)), data))
    }

    #[test]
    fn refusals() {
        let mut desk = Desk::new();
        desk.resident(1, 1).resident(2, 1);
        let good = desk.applied(1, LIVING);
        let with = |change: fn(&mut BenefitApplied)| {
            let mut data = good.clone();
            change(&mut data);
            data
        };
        let table = [
            (with(|data| data.person = PersonId([77; 16])), "unknown_person"),
            (with(|data| data.certificate = None), "no_certificate"),
            (with(|data| data.certificate = Some(certificate(2))), "no_certificate"),
            (with(|data| data.certificate = Some(CertificateId([77; 16]))), "no_certificate"),
            (with(|data| data.month = month("2026-02")), "application_month_differs"),
            (with(|data| data.month = month("2026-04")), "application_month_differs"),
            (
                with(|data| data.programme = Programme::FUEL_SUBSIDY),
                "programme_not_in_this_version",
            ),
            (with(|data| data.division = division("411721")), "wrong_division"),
        ];
        for (data, expected) in table {
            assert_eq!(sign(&mut desk, data), expected);
        }
        assert_eq!(sign(&mut desk, good.clone()), "ok");
        assert_eq!(sign(&mut desk, good), "case_exists");
    }

    #[test]
    fn a_person_has_one_case_of_a_programme_at_a_time() {
        let mut desk = Desk::new();
        desk.resident(1, 1);
        desk.apply(1, LIVING).unwrap();
        let again = |desk: &mut Desk, id: u8, programme| {
            let data = BenefitApplied { person: person(1), ..desk.applied(1, programme) };
            outcome(&desk.world.sign("clerk", &Subject::Case(case(id)), data))
        };
        assert_eq!(again(&mut desk, 2, LIVING), "case_open");
        assert_eq!(again(&mut desk, 3, NURSING), "ok");
        desk.world.later(10);
        desk.first(1, Opinion::Agree).unwrap();
        desk.second(1, Opinion::Agree).unwrap();
        desk.grant(1).unwrap();
        assert_eq!(again(&mut desk, 2, LIVING), "case_open");
        let stop = desk.stopped(1, StopGround::Voluntary, "2026-04");
        desk.stop(1, stop).unwrap();
        assert_eq!(again(&mut desk, 2, LIVING), "ok");
    }
}
