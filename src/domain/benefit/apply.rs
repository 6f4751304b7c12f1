//! `benefit.applied`: opens a case of a programme that has a policy in force.

use smallvec::SmallVec;

use super::{Benefits, Case, Reviews, Status, UnitKey, terms};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{BenefitApplied, Recorded};
use crate::policy::{MonthDay, PolicyBook, ProgrammePolicy};
use crate::value::{CaseId, Criterion, Month, Period, Programme, Unit};

refusals! {
    /// Why an application is refused.
    pub enum Refused {
        /// The case id is in use.
        CaseExists = "I23", "case_exists", "the case is already open",
            "open the application under a new case id",
            "该案件已经存在",
            "请用新的案件编号提出申请";
        /// The ledger does not know the person.
        UnknownPerson = "I23", "unknown_person", "the ledger has no record of the person",
            "record the person or import the certificate first",
            "账本中没有此人的记录",
            "请先登记此人，或先导入其残疾人证";
        /// Rests on no certificate of the person.
        NoCertificate = "I23", "no_certificate",
            "the application rests on no certificate of the person",
            "name a certificate that the person holds in data.certificate",
            "该申请没有依据此人的残疾人证",
            "请写明此人持有的残疾人证（data.certificate）";
        /// The month is not that of the application.
        MonthDiffers { month: Month, applied: Month } = "I30", "application_month_differs",
            "data.month is {month}, and the application was made in {applied}",
            "correct data.month or `at`",
            "所填月份为 {month}，而申请日在 {applied}",
            "请更正月份（data.month）或日期";
        /// A programme without applications.
        NoApplications { programme: Programme } = "I23", "no_applications",
            "nobody applies for {programme}: its policy has no chain",
            "record what was done as the programme's own facts",
            "{programme}不接受申请：其政策没有办理流程",
            "请按该项目自己的事实记录所做的事";
        /// The unit is not named.
        UnitMissing { unit: Unit } = "I24", "unit_missing",
            "the programme grants by the {unit}, and the application names none",
            "name it in data.household or data.vehicle",
            "该项目以{unit}为单位批准，而申请没有写明",
            "请写明家庭（data.household）或车辆（data.vehicle）";
        /// Not of that household.
        NotOfHousehold = "I24", "not_of_household",
            "the person is no member of the household on the ledger",
            "have household.member_joined recorded first, or correct data.household",
            "账本上此人不是该家庭的成员",
            "请先记录家庭成员加入，或更正家庭（data.household）";
        /// Not in the catalogue.
        ItemUnknown = "I24", "item_not_in_catalogue",
            "the application names no item of the programme's catalogue",
            "name one in data.asked.item",
            "申请没有写明该项目目录中的项目",
            "请从目录中选择（data.asked.item）";
        /// Of no grade the programme covers.
        GradeNotCovered = "I24", "grade_not_covered",
            "the application names no house grade that the programme covers",
            "name the appraised grade in data.asked.grade, or refuse",
            "申请没有写明该项目覆盖的房屋等级",
            "请写明鉴定等级（data.asked.grade），或不予批准";
        /// Past the last day of the year.
        TooLate { last: MonthDay } = "I24", "applied_too_late",
            "applications of a year close on {last}", "apply in the next year",
            "每年的申请于 {last} 截止",
            "请在下一年申请";
        /// The person has this benefit, or has applied for it.
        CaseOpen { case: CaseId } = "I27", "case_open",
            "case {case} of the same person and programme is open or running",
            "go on with that case, or have it stopped first",
            "同一人同一项目的案件 {case} 正在办理或发放中",
            "请继续办理该案件，或先停发";
    }
}

pub(super) fn decide(
    state: &State,
    event: &Recorded,
    id: CaseId,
    data: &BenefitApplied,
) -> Result<(), Rejection> {
    if state.person_of_case(&id).is_some() {
        return Err(Refused::CaseExists.into());
    }
    let person = state.people.find(&data.person).ok_or(Refused::UnknownPerson)?;
    let applied = event.payload.at.month();
    if data.month != applied {
        return Err(Refused::MonthDiffers { month: data.month, applied }.into());
    }
    let BenefitApplied { programme, division, month, .. } = *data;
    let found = state.policies.programme(programme, division, month);
    let (_, policy) = found.ok_or(terms::Refused::NoPolicy { programme, division, month })?;
    if policy.chain.is_empty() {
        return Err(Refused::NoApplications { programme }.into());
    }
    let held = |id| person.certificates.contains(&id);
    let needed = policy.eligible.contains(&Criterion::CertificateValid);
    if !data.certificate.map_or(!needed, held) {
        return Err(Refused::NoCertificate.into());
    }
    decide_unit(state, policy, data)?;
    if let Some(last) = policy.apply_by
        && event.payload.at > last.of_year(event.payload.at.year())
    {
        return Err(Refused::TooLate { last }.into());
    }
    Ok(decide_alone(state, policy, data)?)
}

/// The application names the unit, and the item or grade where the policy has them.
fn decide_unit(
    state: &State,
    policy: &ProgrammePolicy,
    data: &BenefitApplied,
) -> Result<(), Refused> {
    let unit = policy.unit;
    match (unit, data.household, data.vehicle) {
        (Unit::Household, Some(household), _)
            if !state.households.has(&household, &data.person) =>
        {
            return Err(Refused::NotOfHousehold);
        }
        (Unit::Household, Some(_), _) => {}
        (Unit::Household, None, _) if policy.severe_adult_as_single_household => {}
        (Unit::Household, None, _) | (Unit::Vehicle, _, None) => {
            return Err(Refused::UnitMissing { unit });
        }
        _ => {}
    }
    let item = data.asked.as_ref().and_then(|asked| asked.item.as_ref());
    if !policy.catalogue.is_empty() && item.and_then(|item| policy.item(item)).is_none() {
        return Err(Refused::ItemUnknown);
    }
    let grade = data.asked.as_ref().and_then(|asked| asked.grade);
    if !policy.grades.is_empty() && !grade.is_some_and(|grade| policy.grades.contains(&grade)) {
        return Err(Refused::GradeNotCovered);
    }
    Ok(())
}

/// No other case of the same is open or running.
fn decide_alone(
    state: &State,
    policy: &ProgrammePolicy,
    data: &BenefitApplied,
) -> Result<(), Refused> {
    let item = data.asked.as_ref().and_then(|asked| asked.item.as_ref());
    let units = units(policy.unit, data);
    // A person who moved applies at the new place while the old one still pays; the determination
    // sees to it that no month is granted twice.
    let runs = |case: &Case| {
        policy.period == Period::Month && case.is_running() && case.division == data.division
    };
    let open = |case: &Case| {
        let of_same = case.units.iter().any(|unit| units.contains(unit));
        case.status == Status::Applied && case.item.as_ref() == item && of_same
    };
    let own = state.benefits.cases_of(data.person, data.programme);
    let others = units.iter().flat_map(|unit| state.benefits.cases_for(data.programme, *unit));
    let mut same = own.chain(others).filter(|(_, case)| open(case) || runs(case));
    match same.next() {
        Some((case, _)) => Err(Refused::CaseOpen { case: *case }),
        None => Ok(()),
    }
}

/// Every name that what is applied for has.
fn units(unit: Unit, data: &BenefitApplied) -> Vec<UnitKey> {
    let person = || vec![UnitKey::Person(data.person)];
    match unit {
        Unit::Household => {
            data.household.map_or_else(person, |household| vec![UnitKey::Household(household)])
        }
        Unit::Vehicle => {
            let asked = data.asked.as_ref();
            let numbers = asked.map_or([None, None], |asked| [asked.chassis, asked.engine]);
            let vehicle = data.vehicle.map(UnitKey::Vehicle);
            vehicle.into_iter().chain(numbers.into_iter().flatten().map(UnitKey::Number)).collect()
        }
        Unit::Person | Unit::Resident | Unit::Child | Unit::Student | Unit::Contact => person(),
    }
}

pub(super) fn evolve(
    benefits: &mut Benefits,
    policies: &PolicyBook,
    event: &Recorded,
    id: CaseId,
    data: &BenefitApplied,
) {
    let BenefitApplied { programme, division, month, .. } = *data;
    let Some((_, policy)) = policies.programme(programme, division, month) else { return };
    let mut case = Case {
        person: data.person,
        division,
        programme,
        per: (policy.unit, policy.period),
        units: units(policy.unit, data).into(),
        has_certificate: data.certificate.is_some(),
        item: data.asked.as_ref().and_then(|asked| asked.item.clone()),
        grade: data.asked.as_ref().and_then(|asked| asked.grade),
        month,
        applied_on: event.payload.at,
        applied_by: event.signer.actor.clone(),
        reviews: Reviews::default(),
        papers: std::collections::BTreeSet::new(),
        status: Status::Applied,
        spans: SmallVec::new(),
        amounts: SmallVec::new(),
        stopped: None,
        back_pay: Vec::new(),
        account: None,
    };
    case.add_papers(&data.evidence);
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
            (with(|data| data.programme = Programme::FUEL_SUBSIDY), "unit_missing"),
            (with(|data| data.programme = "winter_coal".parse().unwrap()), "no_policy"),
            (with(|data| data.programme = "paired_support".parse().unwrap()), "no_applications"),
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
