//! What a payroll of a programme and month would hold: everybody who may be paid and is in no
//! other payroll, by the very rules that [`prepare`](super::prepare) decides by.
//!
//! A proposal is a reading of the state, not an event: whoever prepares the payroll looks at it,
//! signs it or leaves it.

use std::collections::BTreeSet;

use super::prepare::{self, root};
use super::{Case, Hand, Status, UnitKey, terms};
use crate::domain::{Rejection, State};
use crate::event::{ItemUnit, PayrollItem, PayrollPrepared};
use crate::value::{CaseId, DivisionCode, Fen, Month, PayrollId, Period, PersonId, Programme};

/// Who would be paid, and who is granted the benefit and left out, with the rule that says so.
#[derive(Debug, Default)]
pub struct Proposal {
    /// One item for each case, in the order of their ids.
    pub items: Vec<PayrollItem>,
    /// Cases whose month is due and cannot be paid, with their persons.
    pub left_out: Vec<(CaseId, PersonId, Rejection)>,
}

/// No payroll has this id: nothing is held by it.
const NOBODYS: PayrollId = PayrollId([0; 16]);

/// Everybody who may be paid by a payroll of that run. What is paid already, waits in another
/// payroll or is not due in the month is left out silently.
#[must_use]
pub fn propose(
    state: &State,
    programme: Programme,
    month: Month,
    division: DivisionCode,
) -> Proposal {
    let run = batch(programme, month, division, Vec::new());
    let (mut proposal, mut taken) = (Proposal::default(), BTreeSet::new());
    for (id, case) in state.benefits.cases_in(programme, division) {
        let found = match item(state, id, case, month) {
            None => continue,
            Some(Ok(item)) => {
                // What one item takes before it is refused is nobody else's loss.
                let mut trial = taken.clone();
                prepare::decide_item(state, (NOBODYS, &run), &item, &mut trial).map(|()| {
                    taken = trial;
                    item
                })
            }
            Some(Err(rejection)) => Err(rejection),
        };
        match found {
            Ok(item) => proposal.items.push(item),
            Err(rejection) => proposal.left_out.push((id, case.person, rejection)),
        }
    }
    proposal
}

/// Says whether anybody would be paid: as soon as one is found nobody else is asked for.
#[must_use]
pub fn is_due(state: &State, programme: Programme, month: Month, division: DivisionCode) -> bool {
    let run = batch(programme, month, division, Vec::new());
    state.benefits.cases_in(programme, division).any(|(id, case)| {
        let Some(Ok(item)) = item(state, id, case, month) else { return false };
        prepare::decide_item(state, (NOBODYS, &run), &item, &mut BTreeSet::new()).is_ok()
    })
}

/// A batch with its root and sums.
#[must_use]
pub fn batch(
    programme: Programme,
    month: Month,
    division: DivisionCode,
    items: Vec<PayrollItem>,
) -> PayrollPrepared {
    PayrollPrepared {
        programme,
        month,
        division,
        root: root(&items).to_string(),
        count: u32::try_from(items.len()).unwrap_or(u32::MAX),
        total: items.iter().map(|item| item.amount).sum(),
        items,
    }
}

/// The item of one case; none where nothing is due.
fn item(
    state: &State,
    id: CaseId,
    case: &Case,
    month: Month,
) -> Option<Result<PayrollItem, Rejection>> {
    if case.status != Status::Granted {
        return None;
    }
    let (own, back_pay) = if case.is_monthly() {
        let months = state.benefits.months(case.person, case.programme);
        let is_free = |owed: Month| months.is_none_or(|months| months.is_free(owed));
        let earlier = case.back_pay.iter().copied().filter(|owed| *owed < month);
        let back_pay: Vec<Month> = earlier.filter(|owed| is_free(*owed)).collect();
        (case.is_regular(month) && is_free(month), back_pay)
    } else {
        let due = case.granted_from().is_some_and(|from| from <= month);
        let is_free = state.benefits.once(&id).is_none_or(|hand| hand == Hand::Returned);
        (due && is_free, Vec::new())
    };
    if !own && back_pay.is_empty() {
        return None;
    }
    Some(filled(state, (id, case), month, own, back_pay))
}

fn filled(
    state: &State,
    (id, case): (CaseId, &Case),
    month: Month,
    own: bool,
    back_pay: Vec<Month>,
) -> Result<PayrollItem, Rejection> {
    let account = case.account.ok_or(prepare::Refused::AccountMissing { case: id })?.tag;
    let mut amount = Fen(0);
    if case.is_monthly() {
        for owed in back_pay.iter().copied().chain(own.then_some(month)) {
            amount += terms::due(state, case, owed)?;
        }
    } else {
        let from = case.granted_from().unwrap_or(case.month);
        let due = terms::due(state, case, from)?;
        amount = super::delivery::at_most_cost(state, &id, due);
    }
    let unit = (!case.is_monthly()).then(|| unit(case));
    Ok(PayrollItem { case: id, person: case.person, amount, back_pay, account, unit })
}

/// What a grant that is paid once pays for.
fn unit(case: &Case) -> ItemUnit {
    let (unit, period) = case.per;
    let household = case.units.iter().find_map(|key| match key {
        UnitKey::Household(household) => Some(*household),
        UnitKey::Person(_) | UnitKey::Vehicle(_) | UnitKey::Number(_) => None,
    });
    let vehicle = case.units.iter().find_map(|key| match key {
        UnitKey::Vehicle(vehicle) => Some(*vehicle),
        UnitKey::Person(_) | UnitKey::Household(_) | UnitKey::Number(_) => None,
    });
    let of_year = case.granted_from().filter(|_| period == Period::Year);
    let year = of_year.and_then(|from| u16::try_from(from.year()).ok());
    ItemUnit { unit, period, household, vehicle, year }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::benefit::desk::{Desk, LIVING, NURSING, account, month};
    use crate::domain::testing::{division, outcome};
    use crate::event::BackPayGround;

    fn of(desk: &Desk, at: &str) -> Proposal {
        propose(&desk.world.state, LIVING, month(at), division("411702"))
    }

    #[test]
    fn whoever_may_be_paid_is_proposed_and_the_proposal_is_accepted() {
        let mut desk = Desk::new();
        desk.pensioner(1, LIVING).pensioner(2, LIVING).pensioner(3, NURSING);
        let proposal = of(&desk, "2026-03");
        assert_eq!(proposal.items.len(), 2, "{proposal:?}");
        let due =
            |desk: &Desk| is_due(&desk.world.state, LIVING, month("2026-03"), division("411702"));
        assert!(due(&desk));
        assert!(proposal.left_out.is_empty());
        let data = batch(LIVING, month("2026-03"), division("411702"), proposal.items);
        assert_eq!(data.total, Fen(12_000));
        assert_eq!(outcome(&desk.prepare(1, data)), "ok");
        assert!(of(&desk, "2026-03").items.is_empty(), "all are in a payroll");
        assert!(!due(&desk));
        assert_eq!(outcome(&desk.authorise(1)), "ok", "nobody was forgotten");
    }

    #[test]
    fn back_pay_is_added_and_whoever_has_no_account_is_named() {
        let mut desk = Desk::new();
        desk.pensioner(1, LIVING).pensioner(2, LIVING);
        desk.unbind(2, account(2)).unwrap();
        desk.world.on("2026-05-06");
        desk.back_pay(1, BackPayGround::MissedMonth, &["2026-04"]).unwrap();
        let proposal = of(&desk, "2026-05");
        let [item] = proposal.items.as_slice() else { panic!("{proposal:?}") };
        assert_eq!((item.amount, item.back_pay.as_slice()), (Fen(12_000), &[month("2026-04")][..]));
        let [(_, _, rejection)] = proposal.left_out.as_slice() else { panic!("{proposal:?}") };
        assert_eq!(rejection.code, "account_missing");
        let data = batch(LIVING, month("2026-05"), division("411702"), proposal.items);
        assert_eq!(outcome(&desk.prepare(1, data)), "ok");
        assert!(of(&desk, "2026-06").items.iter().all(|item| item.back_pay.is_empty()));
    }

    #[test]
    fn a_division_is_proposed_its_own_and_those_below() {
        let mut desk = Desk::new();
        desk.pensioner(1, LIVING);
        let run = |at: &str| {
            propose(&desk.world.state, LIVING, month("2026-03"), division(at)).items.len()
        };
        assert_eq!((run("411702"), run("411700"), run("411721")), (1, 1, 0));
    }
}
