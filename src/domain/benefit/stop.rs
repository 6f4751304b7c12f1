//! `benefit.stopped`: the first unpaid month, its ground, and that the person was told (I22, I32).
//!
//! A stop takes nothing away that is still owed: where the ledger itself knows the day of the
//! loss, months up to the policy's stop rule stay paid. A stop may reach back, because a death is
//! often learned of late; what was paid after it is for recovery. A stop that rests on a flag
//! needs the flag's confirmed verdict.

use super::{Case, Span, Status, chain, entitlement, terms};
use crate::domain::{Rejection, State, certificate, refusal::refusals};
use crate::event::{BenefitStopped, Recorded, StopGround};
use crate::value::{Day, FactKind, Month, StopRule};

refusals! {
    /// Why a stop is refused.
    pub enum Refused {
        /// Nothing is paid from that month on.
        AlreadyStopped { from: Month } = "I25", "already_stopped",
            "nothing is payable from {from} on", "correct data.from_month",
            "自 {from} 起本来就没有应发",
            "请更正起始月份（data.from_month）";
        /// The loss has not happened.
        LossAhead { from: Month, last: Month } = "I32", "loss_ahead",
            "a stop from {from} rests on a loss that has not happened; {last} is the latest",
            "stop once the loss has happened",
            "自 {from} 起停发所依据的情形还没有发生，最晚为 {last}",
            "情形发生后再停发";
        /// The month is still owed.
        MonthStillPayable { from: Month, first: Month } = "I24", "month_still_payable",
            "by what the ledger knows of the loss, {first} is the first month not paid, not {from}",
            "stop from that month, or have the register correct its fact",
            "按账本所知的情形，第一个不发的月份是 {first}，不是 {from}",
            "请自该月起停发，或请登记机构更正事实";
        /// The ledger shows no loss.
        NoLoss = "I24", "no_loss_on_ledger",
            "the ledger shows that the person still meets the condition named as lost",
            "have the register record the loss first, or name the right ground",
            "账本显示此人仍符合所称丧失的条件",
            "请登记机构先记录该情形，或改选正确的停发理由";
        /// The person was not told.
        NotTold = "I22", "not_told", "the stop has no written notice with proof",
            "set data.told once the notice is delivered; only a death needs none",
            "停发没有书面告知及送达凭证",
            "告知送达后请填写（data.told）；只有死亡无需告知";
        /// Rests on a flag without a verdict.
        VerdictMissing = "I32", "verdict_missing", "the stop rests on a flag and names no verdict",
            "have an inspector review the flag and name the confirmed verdict in data.verdict",
            "停发依据疑点，但没有写明核查结论",
            "请督查员核查该疑点，并写明属实的结论（data.verdict）";
        /// The verdict does not confirm the flag.
        VerdictNotConfirmed = "I32", "verdict_not_confirmed",
            "data.verdict is no standing confirmed verdict on this person",
            "name the confirmed verdict, or leave the benefit running",
            "所填核查结论不是关于此人、仍然有效的属实结论",
            "请写明属实的结论，或继续发放";
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
    chain::decide_determiner(state, event, case)?;
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
        Some(verdict) if !state.oversight.is_confirmed(&verdict, case.person) => {
            Err(Refused::VerdictNotConfirmed)
        }
        None if event.payload.refs.iter().any(|id| state.oversight.is_flag(id)) => {
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

#[cfg(test)]
mod tests {
    use crate::domain::benefit::desk::{Desk, LIVING};
    use crate::domain::testing::{case, hash, outcome};
    use crate::event::{Payload, StopGround, Verdict};
    use crate::value::{FactKind, Subject};

    fn desk() -> Desk {
        let mut desk = Desk::new();
        desk.pensioner(1, LIVING);
        desk.world.on("2026-06-10");
        desk
    }

    #[test]
    fn refusals() {
        let mut fresh = Desk::new();
        fresh.resident(1, 1).reviewed(1, LIVING);
        let early = fresh.stopped(1, StopGround::Voluntary, "2026-04");
        assert_eq!(outcome(&fresh.stop(1, early)), "not_granted");

        let table = [
            (StopGround::Voluntary, "2026-08", "loss_ahead"),
            (StopGround::Voluntary, "2026-07", "ok"),
            (StopGround::FalseMaterial, "2026-03", "ok"),
            (StopGround::LeftDibao, "2026-07", "no_loss_on_ledger"),
            (StopGround::CertificateNotValid, "2026-07", "no_loss_on_ledger"),
            (StopGround::Death, "2026-05", "month_still_payable"),
            (StopGround::Death, "2026-06", "ok"),
            (StopGround::Imprisonment, "2026-04", "month_still_payable"),
            (StopGround::Imprisonment, "2026-05", "ok"),
            (StopGround::MovedAway, "2026-06", "month_still_payable"),
            (StopGround::MovedAway, "2026-07", "ok"),
            (StopGround::ExclusiveBenefit, "2026-06", "month_still_payable"),
            (StopGround::ExclusiveBenefit, "2026-07", "ok"),
        ];
        let mut known = desk();
        known.fact(1, FactKind::Death, "2026-05-31", None);
        known.fact(1, FactKind::Imprisonment, "2026-04-01", None);
        known.fact(1, FactKind::HukouMove, "2026-06-01", None);
        known.fact(1, FactKind::OrphanAllowance, "2026-06-01", None);
        for (ground, from, expected) in table {
            let mut desk = known.clone();
            let data = desk.stopped(1, ground, from);
            assert_eq!(outcome(&desk.stop(1, data)), expected, "{ground:?} {from}");
        }
    }

    #[test]
    fn a_policy_may_stop_in_the_month_of_the_loss() {
        let mut desk = desk();
        desk.change_policy(LIVING, "\"month_after_loss\"", "\"month_of_loss\"");
        desk.fact(1, FactKind::Death, "2026-05-31", None);
        for (from, expected) in
            [("2026-07", "loss_ahead"), ("2026-04", "month_still_payable"), ("2026-05", "ok")]
        {
            let data = desk.stopped(1, StopGround::Death, from);
            assert_eq!(outcome(&desk.stop(1, data)), expected, "{from}");
        }
    }

    #[test]
    fn everybody_alive_is_told() {
        for ground in [StopGround::Voluntary, StopGround::Imprisonment, StopGround::Death] {
            let mut desk = desk();
            let mut data = desk.stopped(1, ground, "2026-07");
            data.told = None;
            let expected = if ground == StopGround::Death { "ok" } else { "not_told" };
            assert_eq!(outcome(&desk.stop(1, data)), expected);
        }
    }

    #[test]
    fn what_rests_on_a_flag_needs_its_confirmed_verdict() {
        for (verdict, expected) in [
            (Verdict::Confirmed, "ok"),
            (Verdict::Dismissed, "verdict_not_confirmed"),
            (Verdict::NeedsField, "verdict_not_confirmed"),
        ] {
            let mut desk = desk();
            let (flag, reviewed) = desk.flag(1, verdict);
            let mut data = desk.stopped(1, StopGround::Voluntary, "2026-07");
            let sign = |desk: &mut Desk, data| {
                let payload =
                    Payload { refs: vec![flag], ..Payload::new(desk.world.today(), data) };
                outcome(&desk.world.send("civil", &Subject::Case(case(1)), payload))
            };
            assert_eq!(sign(&mut desk, data.clone()), "verdict_missing");
            data.verdict = Some(hash("no verdict"));
            assert_eq!(sign(&mut desk, data.clone()), "verdict_not_confirmed");
            data.verdict = Some(reviewed);
            assert_eq!(sign(&mut desk, data), expected, "{verdict:?}");
        }
        // A verdict on somebody else, and one that a later verdict lifted.
        let mut desk = desk();
        desk.pensioner(2, LIVING);
        let (_, other) = desk.flag(2, Verdict::Confirmed);
        let mut data = desk.stopped(1, StopGround::Voluntary, "2026-07");
        data.verdict = Some(other);
        assert_eq!(outcome(&desk.stop(1, data.clone())), "verdict_not_confirmed");
        let (_, confirmed) = desk.flag(1, Verdict::Confirmed);
        desk.flag(1, Verdict::Dismissed);
        data.verdict = Some(confirmed);
        assert_eq!(outcome(&desk.stop(1, data)), "verdict_not_confirmed");
    }

    #[test]
    fn an_earlier_loss_may_be_learned_of_later() {
        let mut desk = desk();
        for (from, expected) in
            [("2026-07", "ok"), ("2026-07", "already_stopped"), ("2026-05", "ok")]
        {
            let data = desk.stopped(1, StopGround::Voluntary, from);
            assert_eq!(outcome(&desk.stop(1, data)), expected);
        }
        assert_eq!(desk.case(1).stopped, Some("2026-05".parse().unwrap()));
        assert!(!desk.case(1).is_entitled("2026-05".parse().unwrap()));
        assert!(desk.case(1).is_entitled("2026-04".parse().unwrap()));
        let data = desk.stopped(1, StopGround::FalseMaterial, "2026-03");
        desk.stop(1, data).unwrap();
        assert!(desk.case(1).spans.is_empty(), "nothing was ever owed");
    }
}
