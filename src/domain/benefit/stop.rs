//! `benefit.stopped`: the first unpaid month, its ground, and that the person was told (I22, I32).
//!
//! A stop takes nothing away that is still owed: where the ledger itself knows the day of the
//! loss, months up to the policy's stop rule stay paid. A stop may reach back, because a death is
//! often learned of late; what was paid after it is for recovery. A stop that rests on a flag
//! needs the flag's confirmed verdict.

use super::{Case, Span, Status, entitlement, terms};
use crate::domain::{Rejection, State, certificate, refusal::refusals};
use crate::event::{BenefitStopped, Recorded, StopGround};
use crate::value::{Day, FactKind, Month, StopRule};

refusals! {
    /// Why a stop is refused.
    pub enum Refused {
        /// Nothing is paid from that month on.
        AlreadyStopped { from: Month } = "I25", "already_stopped",
            "nothing is payable from {from} on", "correct data.from_month";
        /// The loss has not happened.
        LossAhead { from: Month, last: Month } = "I32", "loss_ahead",
            "a stop from {from} rests on a loss that has not happened; {last} is the latest",
            "stop once the loss has happened";
        /// The month is still owed.
        MonthStillPayable { from: Month, first: Month } = "I24", "month_still_payable",
            "by what the ledger knows of the loss, {first} is the first month not paid, not {from}",
            "stop from that month, or have the register correct its fact";
        /// The ledger shows no loss.
        NoLoss = "I24", "no_loss_on_ledger",
            "the ledger shows that the person still meets the condition named as lost",
            "have the register record the loss first, or name the right ground";
        /// The person was not told.
        NotTold = "I22", "not_told", "the stop has no written notice with proof",
            "set data.told once the notice is delivered; only a death needs none";
        /// Rests on a flag without a verdict.
        VerdictMissing = "I32", "verdict_missing", "the stop rests on a flag and names no verdict",
            "have an inspector review the flag and name the confirmed verdict in data.verdict";
        /// The verdict does not confirm the flag.
        VerdictNotConfirmed = "I32", "verdict_not_confirmed",
            "data.verdict is no standing confirmed verdict on this person",
            "name the confirmed verdict, or leave the benefit running";
    }
}

pub(super) fn decide(
    state: &State,
    event: &Recorded,
    case: &Case,
    data: &BenefitStopped,
) -> Result<(), Rejection> {
    let (from, today) = (data.from_month, Day::of_millis(event.recorded_at_ms));
    if case.status != Status::Granted {
        return Err(super::Refused::NotGranted.into());
    }
    let reaches = |span: &Span| span.until.is_none_or(|until| from <= until);
    if !case.spans.iter().any(reaches) {
        return Err(Refused::AlreadyStopped { from }.into());
    }
    let rule = terms::in_force(state, case, today.month())?.1.stop;
    let last = first_unpaid(rule, today.month());
    if from > last {
        return Err(Refused::LossAhead { from, last }.into());
    }
    match first_month_lost(state, case, data.ground, rule, today) {
        Loss::Unknown => {}
        Loss::None => return Err(Refused::NoLoss.into()),
        Loss::From(first) if from < first => {
            return Err(Refused::MonthStillPayable { from, first }.into());
        }
        Loss::From(_) => {}
    }
    if data.told.is_none() && data.ground != StopGround::Death {
        return Err(Refused::NotTold.into());
    }
    Ok(decide_verdict(state, event, case, data)?)
}

/// I32: what began as a flag ends in a person's verdict.
fn decide_verdict(
    state: &State,
    event: &Recorded,
    case: &Case,
    data: &BenefitStopped,
) -> Result<(), Refused> {
    match data.verdict {
        Some(verdict) if !state.benefits.is_confirmed(&verdict, case.person) => {
            Err(Refused::VerdictNotConfirmed)
        }
        None if event.payload.refs.iter().any(|id| state.benefits.is_flag(id)) => {
            Err(Refused::VerdictMissing)
        }
        Some(_) | None => Ok(()),
    }
}

/// What the ledger knows of a loss.
enum Loss {
    /// Nothing: the officer's word counts.
    Unknown,
    /// That there is none.
    None,
    /// The first month it takes.
    From(Month),
}

fn first_month_lost(
    state: &State,
    case: &Case,
    ground: StopGround,
    rule: Option<StopRule>,
    today: Day,
) -> Loss {
    let began = |kinds: &[FactKind]| {
        let days = kinds.iter().flat_map(|kind| entitlement::facts(state, case.person, *kind));
        match days.map(|span| span.from).min() {
            Some(day) => Loss::From(first_unpaid(rule, day.month())),
            None => Loss::Unknown,
        }
    };
    match ground {
        StopGround::Death => began(&[FactKind::Death]),
        StopGround::Imprisonment => began(&[FactKind::Imprisonment]),
        StopGround::MovedAway => began(&[FactKind::HukouMove]),
        StopGround::ExclusiveBenefit => {
            let policy = terms::in_force(state, case, today.month());
            policy.map_or(Loss::Unknown, |(_, policy)| {
                began(&[&policy.exclude[..], &policy.choose_higher_with].concat())
            })
        }
        StopGround::CertificateNotValid => {
            let valid = entitlement::certificates(state, case.person)
                .filter(|found| found.status == certificate::Status::Valid);
            ended(rule, valid.map(|found| Some(found.valid_to)), today)
        }
        StopGround::LeftDibao => {
            let spans = entitlement::facts(state, case.person, FactKind::Dibao);
            ended(rule, spans.map(|span| span.to), today)
        }
        StopGround::FalseMaterial | StopGround::LevelChanged | StopGround::Voluntary => {
            Loss::Unknown
        }
    }
}

/// The loss of a condition that held until each of these days, `None` for one without an end.
fn ended(rule: Option<StopRule>, last_days: impl Iterator<Item = Option<Day>>, today: Day) -> Loss {
    let mut latest = None;
    for last in last_days {
        match last {
            None => return Loss::None,
            Some(day) => latest = latest.max(Some(day)),
        }
    }
    match latest {
        None => Loss::Unknown,
        Some(day) if day > today => Loss::None,
        Some(day) => Loss::From(first_unpaid(rule, day.month())),
    }
}

/// The first month not paid after a loss in a month.
fn first_unpaid(rule: Option<StopRule>, loss: Month) -> Month {
    match rule {
        Some(StopRule::MonthOfLoss) => loss,
        Some(StopRule::MonthAfterLoss) | None => loss.next(),
    }
}

pub(super) fn evolve(case: &mut Case, data: &BenefitStopped) {
    let from = data.from_month;
    case.spans.retain(|span| span.from < from);
    for span in &mut case.spans {
        let last = from.plus(-1);
        span.until = Some(span.until.map_or(last, |until| until.min(last)));
    }
    case.stopped = Some(case.stopped.map_or(from, |earlier| earlier.min(from)));
    // Back-pay for months that are no longer owed lapses.
    case.back_pay.retain(|month| *month < from);
}
