//! Who is entitled: the policy's conditions against what the ledger knows (I23, I24).
//!
//! A condition that nothing on the ledger speaks about counts as not met. Conditions that rest on
//! an outside register must hold on the day of the decision and in the first month it pays; a
//! fact that a custodian retracted does not count. Shared by determinations and resumptions.

use crate::domain::{State, certificate::Certificate, external, refusal::refusals};
use crate::policy::ProgrammePolicy;
use crate::value::{Category, Criterion, Day, FactKind, Month, PersonId};

use super::Case;

refusals! {
    /// Why the person is not entitled.
    pub enum Refused {
        /// A condition of the policy is not met.
        CriterionNotMet { criterion: Criterion, month: Month } = "I24", "criterion_not_met",
            "the ledger does not show {criterion} today and for {month}",
            "have the register record the fact, begin with a month in which it held, or refuse",
            "账本没有显示“{criterion}”在今天和 {month} 成立",
            "请登记机构报送该事实，或改自成立的月份起，或不予批准";
        /// No certificate is in force on the day.
        CertificateNotValid { on: Day } = "I23", "certificate_not_valid",
            "the person holds no certificate in force on {on}",
            "have the certificate issued or renewed first",
            "此人在 {on} 没有有效的残疾人证",
            "请先办证或换证";
        /// The certificate's category or the person's age is outside the programme.
        NotCovered { what: &'static str } = "I24", "not_covered",
            "the programme does not cover the person's {what}", "refuse the application",
            "此人的{what}不在该项目范围内",
            "请不予批准";
        /// Dead or in prison.
        Lost { kind: FactKind } = "I24", "entitlement_lost",
            "a register reports {kind} of the person today",
            "refuse, or have the custodian retract a fact reported in error",
            "登记册报告此人今天的情形：{kind}",
            "请不予批准；如属误报，请数据提供部门撤回该事实";
        /// An exclusive benefit runs.
        ExclusiveBenefit { kind: FactKind, month: Month } = "I23", "exclusive_benefit",
            "a register reports {kind}, which excludes the benefit, for {month}",
            "refuse, or begin after it ended",
            "登记册报告此人在 {month} 有“{kind}”，与本待遇不得同时享受",
            "请不予批准，或自其结束之后起";
        /// An allowance of the same kind runs.
        HigherNotChosen { kind: FactKind, month: Month } = "I23", "higher_not_chosen",
            "a register reports {kind} for {month}: only the higher of the two is paid",
            "have the other one ended first, or refuse",
            "登记册报告此人在 {month} 有“{kind}”：两者只发放较高的一项",
            "请先结束另一项，或不予批准";
    }
}

/// The months and the day a decision looks at.
#[derive(Clone, Copy)]
pub(super) struct When {
    /// The first month it pays.
    pub(super) from: Month,
    /// The day it is made.
    pub(super) today: Day,
}

/// Every condition of the policy is met, and nothing excludes the benefit.
pub(super) fn check(
    state: &State,
    case: &Case,
    policy: &ProgrammePolicy,
    when: When,
) -> Result<(), Refused> {
    for kind in [FactKind::Death, FactKind::Imprisonment] {
        if facts(state, case.person, kind).any(|span| span.covers(when.today)) {
            return Err(Refused::Lost { kind });
        }
    }
    for (condition, accepted) in policy.conditions() {
        let met = |criterion| is_met(state, case, criterion, when);
        if met(condition) || accepted.iter().copied().any(met) {
            continue;
        }
        if condition == Criterion::CertificateValid && valid(state, case, when.today).is_none() {
            return Err(Refused::CertificateNotValid { on: when.today });
        }
        return Err(Refused::CriterionNotMet { criterion: condition, month: when.from });
    }
    covered(state, case, policy, when.today)?;
    for month in [when.from, when.today.month()] {
        if let Some(kind) = standing(state, case.person, &policy.exclude, month) {
            return Err(Refused::ExclusiveBenefit { kind, month });
        }
        if let Some(kind) = standing(state, case.person, &policy.choose_higher_with, month) {
            return Err(Refused::HigherNotChosen { kind, month });
        }
    }
    Ok(())
}

/// Facts of a kind that stand for any of the person's ID numbers.
pub(super) fn facts(
    state: &State,
    person: PersonId,
    kind: FactKind,
) -> impl Iterator<Item = &external::Span> {
    let ids = state.people.find(&person).map_or(&[][..], |person| &person.ids);
    ids.iter().flat_map(|id| state.facts.of(id)).filter(move |span| span.kind == kind)
}

/// Every certificate of the person.
pub(super) fn certificates(state: &State, person: PersonId) -> impl Iterator<Item = &Certificate> {
    let held = state.people.find(&person).map_or(&[][..], |person| &person.certificates);
    held.iter().filter_map(|id| state.certificates.find(id))
}

/// The certificate in force on a day.
fn valid<'a>(state: &'a State, case: &Case, day: Day) -> Option<&'a Certificate> {
    certificates(state, case.person).find(|certificate| certificate.is_valid_on(day))
}

fn is_met(state: &State, case: &Case, criterion: Criterion, when: When) -> bool {
    if let Some(kind) = criterion.external() {
        return is_reported(state, case, kind, when);
    }
    let certificate = valid(state, case, when.today);
    let severe = || certificate.is_some_and(|found| found.grade.level.is_severe());
    let is = |category: Category| certificate.is_some_and(|found| found.grade.includes(category));
    match criterion {
        Criterion::HukouInDivision => {
            let hukou = state.people.find(&case.person).and_then(|person| person.hukou_division);
            hukou.is_some_and(|hukou| case.division.covers(hukou))
        }
        Criterion::CertificateValid => {
            let (first, last) = (when.from.first_day(), when.from.last_day());
            certificate.is_some()
                && certificates(state, case.person)
                    .any(|found| found.valid_from <= last && first <= found.valid_to)
        }
        Criterion::LongTermCare6Months => is_reported(state, case, FactKind::LongTermCare, when),
        Criterion::Level1Or2 | Criterion::Severe => severe(),
        Criterion::IntellectualLevel3Or4 => is(Category::Intellectual) && !severe(),
        Criterion::PsychiatricLevel3Or4 => is(Category::Psychiatric) && !severe(),
        Criterion::SevereOrIntellectualOrPsychiatric => {
            severe() || is(Category::Intellectual) || is(Category::Psychiatric)
        }
        Criterion::Hardship | Criterion::TargetGroup => {
            HARDSHIP.iter().any(|kind| is_reported(state, case, *kind, when))
        }
        Criterion::StudentOrParentWithCertificate => {
            let holds = |person| certificates(state, person).any(|it| it.is_valid_on(when.today));
            holds(case.person) || state.households.housemates(case.person).any(holds)
        }
        // A register answers them, or a paper on the case shows them; nothing else speaks of them.
        Criterion::DibaoHousehold
        | Criterion::PovertyRegister
        | Criterion::LowIncome
        | Criterion::DibaoEdge
        | Criterion::LowerLimb
        | Criterion::Owner
        | Criterion::VehicleGb12995Of2006
        | Criterion::PurchaseProof
        | Criterion::Rural
        | Criterion::OnlyHouse
        | Criterion::NationalExamination => {
            criterion.document().is_some_and(|kind| case.papers.contains(&kind))
        }
    }
}

/// Registers that show hardship, and whose members the programmes for the poor are for.
const HARDSHIP: [FactKind; 5] = [
    FactKind::Dibao,
    FactKind::DibaoEdge,
    FactKind::LowIncome,
    FactKind::PovertyRegister,
    FactKind::ExtremePovertySupport,
];

fn is_reported(state: &State, case: &Case, kind: FactKind, when: When) -> bool {
    let now = facts(state, case.person, kind).any(|span| span.covers(when.today));
    now && facts(state, case.person, kind).any(|span| touches(span, when.from))
}

fn covered(
    state: &State,
    case: &Case,
    policy: &ProgrammePolicy,
    today: Day,
) -> Result<(), Refused> {
    let categories =
        valid(state, case, today).map(|found| match found.grade.components.as_slice() {
            [] => vec![found.grade.category],
            parts => parts.iter().map(|part| part.category).collect(),
        });
    if categories.is_some_and(|found| !policy.covers_categories(&found)) {
        return Err(Refused::NotCovered { what: "category" });
    }
    let birth = state.people.find(&case.person).and_then(|person| person.birth_date);
    let of_age = policy
        .age
        .as_ref()
        .is_none_or(|age| birth.is_some_and(|birth| age.covers(birth, case.applied_on)));
    if of_age { Ok(()) } else { Err(Refused::NotCovered { what: "age" }) }
}

fn standing(state: &State, person: PersonId, kinds: &[FactKind], month: Month) -> Option<FactKind> {
    kinds.iter().copied().find(|kind| facts(state, person, *kind).any(|span| touches(span, month)))
}

/// Says whether any day of the month lies in the span.
fn touches(span: &external::Span, month: Month) -> bool {
    span.from <= month.last_day() && span.to.is_none_or(|to| month.first_day() <= to)
}

#[cfg(test)]
mod tests {
    use crate::domain::benefit::desk::{Desk, LIVING, NURSING, month};
    use crate::domain::testing::{outcome, person};
    use crate::value::{FactKind, Fen, Programme};

    fn reviewed(programme: Programme, level: u8) -> Desk {
        let mut desk = Desk::new();
        desk.resident(1, level).reviewed(1, programme);
        desk
    }

    #[test]
    fn facts_of_outside_registers() {
        let table: &[(Programme, FactKind, &str, Option<&str>, &str)] = &[
            (LIVING, FactKind::Death, "2026-03-01", None, "entitlement_lost"),
            (LIVING, FactKind::Imprisonment, "2026-02-01", None, "entitlement_lost"),
            (LIVING, FactKind::Imprisonment, "2026-01-01", Some("2026-02-28"), "ok"),
            (LIVING, FactKind::OrphanAllowance, "2026-01-01", None, "exclusive_benefit"),
            (NURSING, FactKind::OrphanAllowance, "2026-01-01", None, "ok"),
            (LIVING, FactKind::WorkInjuryNursingFee, "2026-03-31", None, "exclusive_benefit"),
            (NURSING, FactKind::ExtremePovertySupport, "2025-01-01", None, "exclusive_benefit"),
            (LIVING, FactKind::ExtremePovertySupport, "2025-01-01", Some("2026-02-28"), "ok"),
            (LIVING, FactKind::ElderlyLiving, "2025-01-01", None, "higher_not_chosen"),
            (LIVING, FactKind::ElderlyNursing, "2025-01-01", None, "ok"),
            (NURSING, FactKind::ElderlyNursing, "2025-01-01", None, "higher_not_chosen"),
        ];
        for (programme, kind, from, to, expected) in table {
            let mut desk = reviewed(*programme, 1);
            desk.fact(1, *kind, from, *to);
            assert_eq!(outcome(&desk.grant(1)), *expected, "{programme} {kind} {from}");
        }
    }

    #[test]
    fn conditions_that_must_hold_today_and_in_the_first_month() {
        let mut desk = reviewed(LIVING, 3);
        desk.end_fact(1, FactKind::Dibao, "2025-01-01", "2026-02-28");
        assert_eq!(outcome(&desk.grant(1)), "criterion_not_met", "Dibao ended");
        desk.world.on("2026-05-06");
        desk.fact(1, FactKind::Dibao, "2026-05-01", None);
        assert_eq!(outcome(&desk.grant(1)), "criterion_not_met", "no Dibao in March");
        let mut data = desk.granted(1);
        data.from_month = Some(month("2026-05"));
        assert_eq!(outcome(&desk.determine(1, data)), "ok");

        let mut desk = reviewed(NURSING, 2);
        desk.world.state.people.find_mut(&person(1)).unwrap().hukou_division = None;
        assert_eq!(outcome(&desk.grant(1)), "criterion_not_met", "nothing says where");

        let mut desk = reviewed(LIVING, 3);
        desk.world.on("2030-01-10");
        assert_eq!(outcome(&desk.grant(1)), "certificate_not_valid");
    }

    #[test]
    fn a_policy_may_accept_more_or_cover_less() {
        let edge =
            "# extensions = [{ instead_of = \"dibao_household\", accept = [\"dibao_edge\"] }]";
        let mut desk = reviewed(LIVING, 3);
        desk.end_fact(1, FactKind::Dibao, "2025-01-01", "2026-02-28");
        desk.fact(1, FactKind::DibaoEdge, "2026-03-01", None);
        assert_eq!(outcome(&desk.grant(1)), "criterion_not_met");
        desk.change_policy(LIVING, edge, &edge[2..]);
        assert_eq!(outcome(&desk.grant(1)), "ok");

        let line = "unit = \"person\"\n";
        for (more, expected) in [
            ("not_eligible_categories = [\"physical\"]\n", "not_covered"),
            ("categories = [\"visual\"]\n", "not_covered"),
            ("categories = [\"physical\"]\n", "ok"),
            ("age = { max = 40, on = \"application_day\" }\n", "not_covered"),
            ("age = { min = 40, on = \"application_day\" }\n", "ok"),
        ] {
            let mut desk = reviewed(NURSING, 2);
            desk.change_policy(NURSING, line, &format!("{line}{more}"));
            assert_eq!(outcome(&desk.grant(1)), expected, "{more}");
        }
    }

    #[test]
    fn the_next_case_in_the_row_is_not_touched() {
        let mut desk = reviewed(LIVING, 3);
        desk.resident(2, 3).reviewed(2, LIVING);
        desk.fact(2, FactKind::OrphanAllowance, "2026-01-01", None);
        assert_eq!(outcome(&desk.grant(1)), "ok");
        assert_eq!(desk.case(1).amount(month("2026-03")), Some(Fen(6000)));
    }
}
