//! `benefit.determined`: granted or refused after two reviews (I22, I23, I24, I41).
//!
//! A grant needs both reviewers' consent, every condition of the policy, exclusions checked
//! against registers that are fresh enough, and the policy's own amount. A refusal needs its
//! reason and proof that the person was told, unless the person died.

use super::{
    Case, Span, Status, apart,
    entitlement::{self, When},
    terms,
};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{BenefitDetermined, Opinion, Outcome, Recorded};
use crate::policy::ProgrammePolicy;
use crate::value::{CaseId, Day, FactKind, Fen, FirstMonth, Month};

refusals! {
    /// Why a determination is refused.
    pub enum Refused {
        /// Determined already.
        AlreadyDetermined = "I23", "already_determined", "the case is determined",
            "amend, stop or resume it, or open another case";
        /// A review is missing.
        ReviewMissing = "I23", "review_missing", "the case has not both reviews",
            "have the first and the second review recorded first";
        /// A reviewer disagreed.
        ReviewerDisagreed = "I23", "reviewer_disagreed", "a reviewer disagreed",
            "refuse with the reason, or have the person apply again";
        /// A grant without its first month or amount.
        GrantIncomplete = "I23", "grant_incomplete",
            "a grant names its first month and its amount", "set data.from_month and data.amount";
        /// Pays months before the application.
        BeforeFirstMonth { from: Month, first: Month } = "I30", "before_first_month",
            "the grant begins in {from}; {first} is the first month the policy pays",
            "begin with that month or a later one";
        /// Begins in the future.
        FromMonthAhead { from: Month } = "I24", "from_month_ahead",
            "the grant begins in {from}, which has not come",
            "begin with a month whose conditions can be known";
        /// An exclusion was not checked.
        ExclusionNotChecked { kind: FactKind } = "I23", "exclusion_not_checked",
            "{kind} excludes the benefit and was not checked",
            "check every benefit that the policy excludes and list it in data.exclusions";
        /// An exclusion was checked against old data, or data of the future.
        ExclusionStale { kind: FactKind, days: u32 } = "I23", "exclusion_stale",
            "{kind} was not checked against a register of the last {days} days",
            "check it again against the register as it is now";
        /// Another case of the person already grants the month.
        EntitledElsewhere { case: CaseId } = "I27", "entitled_elsewhere",
            "case {case} entitles the person to the same programme from that month on",
            "have the other case stopped first, or begin later";
        /// A refusal without a reason.
        ReasonMissing = "I22", "reason_missing", "the refusal gives no reason", "set data.reason";
        /// A refusal the person was not told of.
        NotTold = "I22", "not_told", "the refusal has no written notice with proof",
            "set data.told once the notice is delivered";
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
    let (Some(first), Some(second)) = (&case.first, &case.second) else {
        return Err(Refused::ReviewMissing.into());
    };
    apart(state, &event.signer.actor, [&case.applied_by, &first.actor, &second.actor])?;
    match data.outcome {
        Outcome::Refused => {
            terms::named(state, event, case, today.month())?;
            Ok(refused(state, case, data, today)?)
        }
        Outcome::Granted => {
            if first.opinion != Opinion::Agree || second.opinion != Opinion::Agree {
                return Err(Refused::ReviewerDisagreed.into());
            }
            let (Some(from), Some(amount)) = (data.from_month, data.amount) else {
                return Err(Refused::GrantIncomplete.into());
            };
            let policy = terms::named(state, event, case, from)?;
            granted(state, (id, case), policy, data, When { from, today })?;
            entitlement::check(state, case, policy, When { from, today })?;
            Ok(terms::amount_fits(state, case, from, amount)?)
        }
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
    entitled_once(state, (id, case), from)
}

/// No other case of the person and programme entitles to that month or a later one.
fn entitled_once(state: &State, (id, case): (&CaseId, &Case), from: Month) -> Result<(), Refused> {
    match other_entitlement(state, (id, case), from) {
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
            case.spans.push(Span { from, until: None, decided, step });
            case.amounts.push((from, data.amount.unwrap_or(Fen(0))));
        }
        (Outcome::Granted | Outcome::Refused, _) => case.status = Status::Refused,
    }
}
