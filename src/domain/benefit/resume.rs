//! `benefit.resumed`: a stopped benefit runs again, under the conditions of a new one (I24).
//!
//! Months between the stop and the decision are back-pay.

use super::{
    Case, Span,
    determine::other_entitlement,
    entitlement::{self, When},
    terms,
};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{BenefitResumed, Recorded};
use crate::value::{CaseId, Day, Month};

refusals! {
    /// Why a resumption is refused.
    pub enum Refused {
        /// It runs.
        NotStopped = "I25", "not_stopped", "the benefit is not stopped", "leave it as it is",
            "该待遇没有停发",
            "无需恢复";
        /// Before the stop.
        BeforeStop { from: Month, stopped: Month } = "I25", "before_stop",
            "the benefit was stopped from {stopped}; it cannot resume in {from}",
            "resume from the first unpaid month or later",
            "该待遇自 {stopped} 起停发，不能自 {from} 起恢复",
            "请自第一个未发月份或更晚起恢复";
        /// In the future.
        FromMonthAhead { from: Month } = "I24", "from_month_ahead",
            "the benefit resumes in {from}, which has not come",
            "resume it once its conditions can be known",
            "恢复自 {from} 起，而该月还没有到",
            "条件可以查明后再恢复";
        /// Another case took over.
        EntitledElsewhere { case: CaseId } = "I27", "entitled_elsewhere",
            "case {case} entitles the person to the same programme from that month on",
            "go on with that case",
            "案件 {case} 自该月起已使此人享受同一项目",
            "请继续该案件";
    }
}

pub(super) fn decide(
    state: &State,
    event: &Recorded,
    (id, case): (&CaseId, &Case),
    data: &BenefitResumed,
) -> Result<(), Rejection> {
    super::decide_monthly(state, event, case)?;
    let today = Day::of_millis(event.recorded_at_ms);
    let from = data.from_month;
    let Some(stopped) = case.stopped else {
        return Err(Refused::NotStopped.into());
    };
    if from < stopped {
        return Err(Refused::BeforeStop { from, stopped }.into());
    }
    if from > today.month() {
        return Err(Refused::FromMonthAhead { from }.into());
    }
    if let Some(case) = other_entitlement(state, (id, case), from) {
        return Err(Refused::EntitledElsewhere { case }.into());
    }
    let (_, policy) = terms::in_force(state, case, from)?;
    entitlement::check(state, case, policy, When { from, today })?;
    terms::due(state, case, from)?;
    Ok(())
}

pub(super) fn evolve(case: &mut Case, data: &BenefitResumed, decided: Month, step: u64) {
    case.stopped = None;
    case.spans.push(Span { from: data.from_month, until: None, decided, step });
}

#[cfg(test)]
mod tests {
    use crate::domain::benefit::desk::{Desk, LIVING};
    use crate::domain::testing::{case, outcome};
    use crate::event::{Opinion, StopGround};
    use crate::value::FactKind;

    #[test]
    fn refusals() {
        let mut desk = Desk::new();
        desk.pensioner(1, LIVING);
        assert_eq!(outcome(&desk.resume(1, "2026-03")), "not_stopped");
        let stop = desk.stopped(1, StopGround::Voluntary, "2026-04");
        desk.stop(1, stop).unwrap();
        desk.world.on("2026-06-10");
        assert_eq!(outcome(&desk.resume(1, "2026-03")), "before_stop");
        assert_eq!(outcome(&desk.resume(1, "2026-07")), "from_month_ahead");
        let mut excluded = desk.clone();
        excluded.fact(1, FactKind::OrphanAllowance, "2026-06-01", None);
        assert_eq!(outcome(&excluded.resume(1, "2026-05")), "exclusive_benefit");
        assert_eq!(outcome(&desk.resume(1, "2026-05")), "ok");
    }

    #[test]
    fn it_needs_an_amount() {
        let mut desk = Desk::without_amounts();
        desk.resident(1, 1);
        desk.apply(1, LIVING).unwrap();
        desk.first(1, Opinion::Agree).unwrap();
        desk.second(1, Opinion::Agree).unwrap();
        let found = desk.world.state.benefits.cases.get_mut(&case(1)).unwrap();
        found.status = super::super::Status::Granted;
        found.stopped = Some("2026-03".parse().unwrap());
        assert_eq!(outcome(&desk.resume(1, "2026-03")), "amount_unset");
    }
}
