//! `benefit.amended`: another amount from the next month on (I18, I41).

use super::{Case, terms};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{BenefitAmended, Recorded};
use crate::value::{Day, Month};

refusals! {
    /// Why an amendment is refused.
    pub enum Refused {
        /// Reaches back.
        NotNextMonth { from: Month, next: Month } = "I18", "amends_too_early",
            "the amendment begins in {from}; {next} is the first month it may change",
            "amend from the next month on",
            "调整自 {from} 起，而最早可以调整的月份是 {next}",
            "请自下个月起调整";
        /// The benefit does not run then.
        NotRunning { from: Month } = "I25", "not_running",
            "the person is not entitled to {from}", "resume the benefit first",
            "该人员 {from} 不享受此项待遇",
            "请先恢复待遇";
        /// Changes nothing.
        Unchanged = "I18", "amount_unchanged", "the benefit is at this amount already",
            "leave it as it is",
            "待遇已经是这个金额",
            "无需调整";
    }
}

pub(super) fn decide(
    state: &State,
    event: &Recorded,
    case: &Case,
    data: &BenefitAmended,
) -> Result<(), Rejection> {
    super::decide_monthly(state, event, case)?;
    let from = data.from_month;
    let next = Day::of_millis(event.recorded_at_ms).month().next();
    if from < next {
        return Err(Refused::NotNextMonth { from, next }.into());
    }
    if !case.is_entitled(from) {
        return Err(Refused::NotRunning { from }.into());
    }
    if case.amount(from) == Some(data.amount) {
        return Err(Refused::Unchanged.into());
    }
    terms::named(state, event, case, from)?;
    Ok(terms::amount_fits(state, case, from, data.amount, data.income)?)
}

pub(super) fn evolve(case: &mut Case, data: &BenefitAmended) {
    case.amounts.retain(|(from, _)| *from < data.from_month);
    case.amounts.push((data.from_month, data.amount));
}

#[cfg(test)]
mod tests {
    use crate::domain::benefit::desk::{Desk, LIVING};
    use crate::domain::testing::{case, label, outcome, person};
    use crate::event::{BenefitAmended, StopGround};
    use crate::value::{Fen, Subject};

    #[test]
    fn refusals() {
        let mut desk = Desk::new();
        desk.pensioner(1, LIVING);
        desk.publish_rates(2, &[("living_allowance", 7500)], "2026-04-01");
        assert_eq!(outcome(&desk.amend(1, "2026-03", 7500)), "amends_too_early");
        assert_eq!(outcome(&desk.amend(1, "2026-04", 7000)), "amount_differs");
        assert_eq!(outcome(&desk.amend(1, "2026-04", 6000)), "amount_unchanged");
        let data = BenefitAmended {
            person: person(1),
            from_month: "2026-04".parse().unwrap(),
            amount: Fen(7500),
            income: None,
            reason: label("new amount"),
            told: None,
        };
        let unnamed = desk.world.sign("civil", &Subject::Case(case(1)), data);
        assert_eq!(outcome(&unnamed), "policy_missing");
        assert_eq!(outcome(&desk.clone().amend(1, "2026-04", 7500)), "ok");
        let stop = desk.stopped(1, StopGround::Voluntary, "2026-04");
        desk.stop(1, stop).unwrap();
        assert_eq!(outcome(&desk.amend(1, "2026-04", 7500)), "not_running");
    }
}
