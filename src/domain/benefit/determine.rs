//! `benefit.determined`: granted or refused after its chain's reviews (I22, I23, I24, I41).
//!
//! A grant needs every reviewer's consent, every condition of the policy, exclusions checked
//! against registers that are fresh enough, and the policy's own amount. A refusal needs its
//! reason and proof that the person was told, unless the person died.

use super::{
    Case, Span, Status, chain,
    entitlement::{self, When},
    limits, terms,
};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{BenefitDetermined, Opinion, Outcome, Recorded};
use crate::policy::ProgrammePolicy;
use crate::value::{CaseId, ChainStep, Day, EvidenceKind, FactKind, FirstMonth, Month};

refusals! {
    /// Why a determination is refused.
    pub enum Refused {
        /// Determined already.
        AlreadyDetermined = "I23", "already_determined", "the case is determined",
            "amend, stop or resume it, or open another case",
            "本案已经审定",
            "请调整、停发或恢复，或另立案件";
        /// A review is missing.
        ReviewMissing { step: ChainStep } = "I23", "review_missing",
            "the case has no {step}, which its policy asks for first",
            "have every step before the determination recorded first",
            "本案没有“{step}”，而政策要求先有它",
            "请先记录审定之前的每个环节";
        /// A paper is missing.
        PaperMissing { kind: EvidenceKind } = "I24", "paper_missing",
            "the case has no {kind}, on which a grant rests",
            "have it attached to the application or to a step of the chain",
            "本案没有批准所依据的“{kind}”",
            "请把它附在申请或某个环节上";
        /// A reviewer disagreed.
        ReviewerDisagreed = "I23", "reviewer_disagreed", "a reviewer disagreed",
            "refuse with the reason, or have the person apply again",
            "有审核人不同意",
            "请写明理由不予批准，或由本人重新申请";
        /// A grant without its first month or amount.
        GrantIncomplete = "I23", "grant_incomplete",
            "a grant names its first month, and its amount where the programme pays money",
            "set data.from_month and data.amount",
            "批准必须写明起始月份；发放资金的项目还须写明金额",
            "请填写起始月份和金额（data.from_month、data.amount）";
        /// Pays months before the application.
        BeforeFirstMonth { from: Month, first: Month } = "I30", "before_first_month",
            "the grant begins in {from}; {first} is the first month the policy pays",
            "begin with that month or a later one",
            "批准自 {from} 起，而政策最早自 {first} 起发放",
            "请自该月或更晚的月份起";
        /// Begins in the future.
        FromMonthAhead { from: Month } = "I24", "from_month_ahead",
            "the grant begins in {from}, which has not come",
            "begin with a month whose conditions can be known",
            "批准自 {from} 起，而该月还没有到",
            "请选择条件已经可以查明的月份";
        /// An exclusion was not checked.
        ExclusionNotChecked { kind: FactKind } = "I23", "exclusion_not_checked",
            "{kind} excludes the benefit and was not checked",
            "check every benefit that the policy excludes and list it in data.exclusions",
            "“{kind}”与本待遇不得同时享受，而没有核对",
            "请核对政策规定的每项排除待遇，列入 data.exclusions";
        /// An exclusion was checked against old data, or data of the future.
        ExclusionStale { kind: FactKind, days: u32 } = "I23", "exclusion_stale",
            "{kind} was not checked against a register of the last {days} days",
            "check it again against the register as it is now",
            "“{kind}”没有用最近 {days} 天的登记册核对",
            "请按现在的登记册重新核对";
        /// Another case of the person already grants the month.
        EntitledElsewhere { case: CaseId } = "I27", "entitled_elsewhere",
            "case {case} entitles the person to the same programme from that month on",
            "have the other case stopped first, or begin later",
            "案件 {case} 自该月起已使此人享受同一项目",
            "请先停发另一案件，或推后起始月份";
        /// A refusal without a reason.
        ReasonMissing = "I22", "reason_missing", "the refusal gives no reason", "set data.reason",
            "不予批准没有写明理由",
            "请填写理由（data.reason）";
        /// A refusal the person was not told of.
        NotTold = "I22", "not_told", "the refusal has no written notice with proof",
            "set data.told once the notice is delivered",
            "不予批准没有书面告知及送达凭证",
            "告知送达后请填写（data.told）";
    }
}

/// Oldest register an exclusion may be checked against, where the policy sets none (I23).
const FACTS_MAX_AGE_DAYS: u32 = 31;

pub(super) fn decide(
    state: &State,
    event: &Recorded,
    (id, case): (&CaseId, &Case),
    data: &BenefitDetermined,
) -> Result<(), Rejection> {
    let today = Day::of_millis(event.recorded_at_ms);
    if case.status != Status::Applied {
        return Err(Refused::AlreadyDetermined.into());
    }
    let chain = chain::policy_of(state, case)?;
    chain::decide_role(chain, event, ChainStep::Determination)?;
    if let Some(step) = chain::missing_before(chain, case, ChainStep::Determination) {
        return Err(Refused::ReviewMissing { step }.into());
    }
    chain::decide_apart(state, event, case)?;
    match data.outcome {
        Outcome::Refused => {
            terms::named(state, event, case, today.month())?;
            Ok(refused(state, case, data, today)?)
        }
        Outcome::Granted => {
            if case.reviews.iter().any(|review| review.opinion != Opinion::Agree) {
                return Err(Refused::ReviewerDisagreed.into());
            }
            let Some(from) = data.from_month else {
                return Err(Refused::GrantIncomplete.into());
            };
            let policy = terms::named(state, event, case, from)?;
            if policy.money != data.amount.is_some() {
                return Err(Refused::GrantIncomplete.into());
            }
            granted(state, (id, case), policy, data, When { from, today })?;
            entitlement::check(state, case, policy, When { from, today })?;
            papers(case, policy)?;
            if !case.is_monthly() {
                limits::decide(state, (id, case), policy, from)?;
            }
            let Some(amount) = data.amount else { return Ok(()) };
            Ok(terms::amount_fits(state, case, from, amount, data.income)?)
        }
    }
}

/// The papers that the policy wants before the decision are on the case.
fn papers(case: &Case, policy: &ProgrammePolicy) -> Result<(), Refused> {
    let wanted = policy.evidence.iter().filter(|kind| !kind.is_of_delivery());
    let there = |kind: EvidenceKind| match kind {
        // A certificate on the ledger is its own paper.
        EvidenceKind::CertificateOrDiagnosis => {
            case.has_certificate || case.papers.contains(&EvidenceKind::Diagnosis)
        }
        kind => case.papers.contains(&kind),
    };
    match wanted.copied().find(|kind| !there(*kind)) {
        Some(kind) => Err(Refused::PaperMissing { kind }),
        None => Ok(()),
    }
}

fn refused(
    state: &State,
    case: &Case,
    data: &BenefitDetermined,
    today: Day,
) -> Result<(), Refused> {
    if data.reason.is_none() {
        return Err(Refused::ReasonMissing);
    }
    let dead =
        || entitlement::facts(state, case.person, FactKind::Death).any(|span| span.covers(today));
    if data.told.is_none() && !dead() {
        return Err(Refused::NotTold);
    }
    Ok(())
}

fn granted(
    state: &State,
    (id, case): (&CaseId, &Case),
    policy: &ProgrammePolicy,
    data: &BenefitDetermined,
    When { from, today }: When,
) -> Result<(), Refused> {
    let first = match policy.first_month {
        Some(FirstMonth::DeterminationMonth) => today.month(),
        Some(FirstMonth::ApplicationMonth) | None => case.month,
    };
    if from < first {
        return Err(Refused::BeforeFirstMonth { from, first });
    }
    if from > today.month() {
        return Err(Refused::FromMonthAhead { from });
    }
    let days = policy.facts_max_age_days.unwrap_or(FACTS_MAX_AGE_DAYS);
    for kind in &policy.exclude {
        let checked = data.exclusions.iter().filter(|checked| checked.kind == *kind);
        let Some(as_of) = checked.map(|checked| checked.as_of).max() else {
            return Err(Refused::ExclusionNotChecked { kind: *kind });
        };
        let age = today.since(as_of);
        if age < 0 || i64::from(age) > i64::from(days) {
            return Err(Refused::ExclusionStale { kind: *kind, days });
        }
    }
    let elsewhere = case.is_monthly().then(|| other_entitlement(state, (id, case), from));
    match elsewhere.flatten() {
        Some(case) => Err(Refused::EntitledElsewhere { case }),
        None => Ok(()),
    }
}

/// Another case that entitles the person to the programme in that month or a later one.
pub(super) fn other_entitlement(
    state: &State,
    (id, case): (&CaseId, &Case),
    from: Month,
) -> Option<CaseId> {
    let reaches = |span: &Span| span.until.is_none_or(|until| from <= until);
    let mut others = state.benefits.cases_of(case.person, case.programme);
    others
        .find(|(other, found)| *other != id && found.spans.iter().any(reaches))
        .map(|(other, _)| *other)
}

pub(super) fn evolve(case: &mut Case, data: &BenefitDetermined, decided: Month, step: u64) {
    match (data.outcome, data.from_month) {
        (Outcome::Granted, Some(from)) => {
            case.status = Status::Granted;
            // What is paid once is granted for its own month.
            let until = Some(from).filter(|_| !case.is_monthly());
            case.spans.push(Span { from, until, decided, step });
            case.amounts.extend(data.amount.map(|amount| (from, amount)));
        }
        (Outcome::Granted | Outcome::Refused, _) => case.status = Status::Refused,
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::benefit::desk::{Desk, LIVING, NURSING, month};
    use crate::domain::testing::{case, division, hash, outcome, person, tag, told};
    use crate::event::{
        BenefitDetermined, Opinion, Outcome, Payload, PersonRecorded, Role, StopGround,
    };
    use crate::value::{FactKind, Fen, Hash, Subject};

    /// Person 1 of level 1, reviewed twice for the living allowance.
    fn desk() -> Desk {
        let mut desk = Desk::new();
        desk.resident(1, 1).reviewed(1, LIVING);
        desk
    }

    fn sign(desk: &mut Desk, by: &str, policy: Option<Hash>, data: BenefitDetermined) -> String {
        let payload = Payload { policy, ..Payload::new(desk.world.today(), data) };
        outcome(&desk.world.send(by, &Subject::Case(case(1)), payload)).to_owned()
    }

    #[test]
    fn refusals_of_a_grant() {
        let mut desk = desk();
        let today = desk.world.today();
        let good = desk.granted(1);
        let from = |text: &str| BenefitDetermined { from_month: Some(month(text)), ..good.clone() };
        let checked = |days: i32| {
            let mut data = good.clone();
            data.exclusions[0].as_of = today.plus_days(days);
            data
        };
        let table = [
            (BenefitDetermined { from_month: None, ..good.clone() }, "grant_incomplete"),
            (BenefitDetermined { amount: None, ..good.clone() }, "grant_incomplete"),
            (BenefitDetermined { amount: Some(Fen(6001)), ..good.clone() }, "amount_differs"),
            (from("2026-02"), "before_first_month"),
            (from("2026-04"), "from_month_ahead"),
            (BenefitDetermined { exclusions: vec![], ..good.clone() }, "exclusion_not_checked"),
            (checked(-32), "exclusion_stale"),
            (checked(1), "exclusion_stale"),
            (checked(-31), "ok"),
        ];
        for (data, expected) in table {
            assert_eq!(outcome(&desk.clone().determine(1, data)), expected);
        }
        let two = BenefitDetermined { exclusions: good.exclusions[..2].to_vec(), ..good.clone() };
        assert_eq!(outcome(&desk.determine(1, two)), "exclusion_not_checked");
        let policy = Some(desk.policy(LIVING));
        let other = Some(desk.policy(NURSING));
        for (by, policy, expected) in [
            ("civil", None, "policy_missing"),
            ("civil", other, "policy_not_in_force"),
            ("civil", Some(hash("nothing")), "policy_unknown"),
            ("civil", policy, "ok"),
            ("civil", policy, "already_determined"),
        ] {
            assert_eq!(sign(&mut desk, by, policy, good.clone()), expected);
        }
    }

    #[test]
    fn a_grant_needs_both_reviews_by_people_of_their_own() {
        let mut desk = Desk::new();
        desk.resident(1, 1);
        desk.apply(1, LIVING).unwrap();
        assert_eq!(outcome(&desk.grant(1)), "review_missing");
        desk.first(1, Opinion::Agree).unwrap();
        assert_eq!(outcome(&desk.grant(1)), "review_missing");
        let mut against = desk.clone();
        against.second(1, Opinion::Disagree).unwrap();
        assert_eq!(outcome(&against.grant(1)), "reviewer_disagreed");
        desk.second(1, Opinion::Agree).unwrap();
        let policy = Some(desk.policy(LIVING));
        let data = desk.granted(1);
        for of in ["clerk", "township", "dpf-reviewer"] {
            let name = format!("civil-{of}");
            desk.double(&name, Role::CivilAffairsOfficer, "civil-affairs", of);
            assert_eq!(sign(&mut desk, &name, policy, data.clone()), "same_officer");
        }
    }

    #[test]
    fn a_refusal_is_reasoned_and_told_unless_the_person_died() {
        let mut desk = desk();
        assert_eq!(outcome(&desk.refuse(1, None)), "not_told");
        assert_eq!(outcome(&desk.clone().refuse(1, Some(told()))), "ok");
        let mut data = desk.granted(1);
        data.outcome = Outcome::Refused;
        data.told = Some(told());
        assert_eq!(outcome(&desk.determine(1, data)), "reason_missing");
        desk.fact(1, FactKind::Death, "2026-03-01", None);
        assert_eq!(outcome(&desk.refuse(1, None)), "ok");
    }

    #[test]
    fn somebody_who_moved_is_entitled_to_each_month_once() {
        let mut desk = desk();
        desk.grant(1).unwrap();
        let second = Subject::Case(case(2));
        let mut data = desk.applied(1, LIVING);
        data.division = division("411721");
        desk.world.sign("clerk-xiping", &second, data).unwrap();
        let moved = PersonRecorded {
            person: person(1),
            id: tag("id 1"),
            name: tag("name 1"),
            name_sound: None,
            meant_ids: Vec::new(),
            phone: None,
            village: None,
            hukou_division: Some(division("411721")),
        };
        desk.world.sign("clerk-xiping", &Subject::Person(person(1)), moved).unwrap();
        let first = desk.first_review(1, Opinion::Agree);
        desk.world.sign("township-city", &second, first).unwrap();
        let review = Desk::second_review(1, Opinion::Agree);
        desk.world.sign("dpf-reviewer-city", &second, review).unwrap();
        let grant = |desk: &mut Desk, from: &str| {
            let policy = desk.policy(LIVING);
            let data = BenefitDetermined { from_month: Some(month(from)), ..desk.granted(1) };
            outcome(&desk.world.sign_under(policy, "civil-city", &second, data))
        };
        assert_eq!(grant(&mut desk, "2026-03"), "entitled_elsewhere");
        let stop = desk.stopped(1, StopGround::MovedAway, "2026-04");
        desk.stop(1, stop).unwrap();
        assert_eq!(grant(&mut desk, "2026-03"), "entitled_elsewhere");
        desk.world.on("2026-04-01");
        assert_eq!(grant(&mut desk, "2026-04"), "ok");
        assert_eq!(outcome(&desk.resume(1, "2026-04")), "entitled_elsewhere");
    }

    #[test]
    fn a_policy_may_pay_from_the_determination_on() {
        let mut desk = desk();
        desk.change_policy(LIVING, "\"application_month\"", "\"determination_month\"");
        desk.world.on("2026-04-01");
        assert_eq!(outcome(&desk.grant(1)), "before_first_month");
        let data = BenefitDetermined { from_month: Some(month("2026-04")), ..desk.granted(1) };
        assert_eq!(outcome(&desk.determine(1, data)), "ok");
    }

    #[test]
    fn no_policy_no_decision() {
        let mut desk = desk();
        let data = BenefitDetermined { from_month: Some(month("2015-12")), ..desk.granted(1) };
        assert_eq!(outcome(&desk.determine(1, data)), "no_policy");
    }
}
