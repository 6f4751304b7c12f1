//! `payroll.authorised`: money is released by another organisation than the one that prepared it,
//! once the whole run is prepared (I25, I26).
//!
//! What held at preparation must still hold: somebody may have died, an account been unbound, an
//! amount been published in between.

use super::{Authorised, Benefits, Hand, Item, Payroll, apart, delivery, prepare, terms};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{PayrollAuthorised, Recorded};
use crate::value::{CaseId, Day, Fen, Month, PayrollId};

refusals! {
    /// Why a payroll is not authorised.
    pub enum Refused {
        /// No such payroll.
        UnknownPayroll = "I25", "unknown_payroll", "no payroll of that id is prepared",
            "have it prepared first, or correct the subject",
            "没有编制过这个编号的发放清册",
            "请先编制，或更正对象";
        /// Authorised already.
        AlreadyAuthorised = "I26", "payroll_authorised", "the payroll is authorised",
            "nothing is left to do",
            "该清册已经批准拨付",
            "无需再办";
        /// Prepared again with nobody in it.
        Withdrawn = "I26", "payroll_withdrawn", "the payroll was withdrawn",
            "authorise the payrolls that replaced it",
            "该清册已经撤回",
            "请对替代它的清册批准拨付";
        /// Not the root that was prepared.
        RootDiffers = "I26", "root_differs", "the root is not the one that was prepared",
            "look at the payroll again and authorise what it says now",
            "所填根哈希与编制时不同",
            "请重新查看该清册，按现在的内容批准拨付";
        /// The same organisation prepares and authorises.
        SameOrganisation = "I25", "same_organisation",
            "the authoriser belongs to the organisation that prepared the payroll",
            "have an actor of another organisation authorise it",
            "批准拨付人与编制人属于同一机构",
            "请由其他机构的人员批准拨付";
        /// Cases in no batch.
        ActiveCasesMissing { count: usize, first: CaseId, month: Month } = "I26",
            "active_cases_missing",
            "{count} payable cases are in no payroll of {month}; the first is {first}",
            "prepare a further batch with them, or prepare this one again",
            "有 {count} 个应发案件没有列入 {month} 的任何清册，第一个是 {first}",
            "请为它们补编清册，或重新编制本清册";
        /// An item whose back-pay lapsed.
        BackPayLapsed { case: CaseId, month: Month } = "I30", "back_pay_lapsed",
            "back-pay of case {case} for {month} is no longer granted",
            "prepare the payroll again without it",
            "案件 {case} {month} 的补发已不再批准",
            "请去掉它后重新编制";
        /// A month that went on without this payroll.
        MonthInHand { case: CaseId, month: Month } = "I27", "month_in_hand",
            "{month} of case {case} was paid, returned or put into another payroll since this one \
             was prepared",
            "prepare the payroll again without it",
            "案件 {case} 的 {month} 在本清册编制之后已发放、被退回或列入其他清册",
            "请去掉它后重新编制";
        /// The amount changed since.
        AmountDiffers { case: CaseId, amount: Fen, due: Fen } = "I26", "amount_differs",
            "the item of case {case} is {amount}; {due} is due now",
            "prepare the payroll again",
            "案件 {case} 的金额为 {amount} 元，而现在应发 {due} 元",
            "请重新编制";
    }
}

pub(super) fn decide(
    state: &State,
    event: &Recorded,
    id: &PayrollId,
    data: &PayrollAuthorised,
) -> Result<(), Rejection> {
    let payroll = state.benefits.payroll(id).ok_or(Refused::UnknownPayroll)?;
    if payroll.authorised.is_some() {
        return Err(Refused::AlreadyAuthorised.into());
    }
    if payroll.items.is_empty() {
        return Err(Refused::Withdrawn.into());
    }
    if data.root != payroll.root {
        return Err(Refused::RootDiffers.into());
    }
    if event.signer.organisation == payroll.organisation {
        return Err(Refused::SameOrganisation.into());
    }
    apart(state, &event.signer.actor, [&payroll.preparer])?;
    for item in &payroll.items {
        decide_item(state, (id, payroll), item)?;
    }
    Ok(decide_complete(&state.benefits, payroll)?)
}

fn decide_item(
    state: &State,
    (payroll_id, payroll): (&PayrollId, &Payroll),
    item: &Item,
) -> Result<(), Rejection> {
    // What another payroll holds by now is that one's to pay.
    let is_held = |hand: Option<Hand>| hand.is_some_and(|hand| hand.is_held_by(*payroll_id));
    let (id, month) = (item.case, payroll.month);
    let case = state.benefits.case(&id).ok_or(super::Refused::UnknownCase)?;
    if !case.is_monthly() {
        let entitled = case.granted_from().is_some();
        prepare::decide_standing(case, id, item.account, month, entitled)?;
        if !is_held(state.benefits.once(&id)) {
            return Err(Refused::MonthInHand { case: id, month }.into());
        }
        return prepare::decide_due(state, (id, case), item.amount);
    }
    let entitled = !item.own || case.is_regular(month);
    prepare::decide_standing(case, id, item.account, month, entitled)?;
    if let Some(month) = item.back_pay.iter().find(|month| !case.back_pay.contains(month)) {
        return Err(Refused::BackPayLapsed { case: id, month: *month }.into());
    }
    let mut due = Fen(0);
    for owed in item.months(month) {
        let months = state.benefits.months(case.person, case.programme);
        let hand = months.and_then(|months| months.hand(owed));
        if !is_held(hand) {
            return Err(Refused::MonthInHand { case: id, month: owed }.into());
        }
        delivery::decide(state, (id, case), terms::in_force(state, case, owed)?.1, owed)?;
        due += terms::due(state, case, owed)?;
    }
    if item.amount != due {
        return Err(Refused::AmountDiffers { case: id, amount: item.amount, due }.into());
    }
    Ok(())
}

/// I26: the run's batches together hold every case that was payable when it was last prepared.
fn decide_complete(benefits: &Benefits, payroll: &Payroll) -> Result<(), Refused> {
    let Payroll { programme, month, division, .. } = *payroll;
    let mut missing = benefits.left_out(programme, month, division);
    match missing.next() {
        None => Ok(()),
        Some(first) => {
            let count = 1 + missing.count();
            Err(Refused::ActiveCasesMissing { count, first, month })
        }
    }
}

pub(super) fn evolve(benefits: &mut Benefits, event: &Recorded, id: &PayrollId) {
    let Some(payroll) = benefits.payrolls.get_mut(id) else { return };
    let (by, on) = (event.signer.actor.clone(), Day::of_millis(event.recorded_at_ms));
    payroll.authorised = Some(Authorised { by, on });
    let (programme, month) = (payroll.programme, payroll.month);
    // Taken out while the months and cases change; what goes to the bank waits for its answer.
    let items = std::mem::take(&mut payroll.items);
    for item in &items {
        let Some(case) = benefits.case(&item.case) else { continue };
        if case.is_monthly() {
            let months = benefits.months_mut(case.person, programme);
            item.months(month).for_each(|owed| months.authorise(owed));
        } else if let Some((_, hand)) = benefits.once.get_mut(&item.case) {
            *hand = Hand::Authorised;
        }
        benefits.send(item.case, *id);
    }
    if let Some(payroll) = benefits.payrolls.get_mut(id) {
        payroll.items = items;
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::benefit::desk::{Desk, LIVING, account, payroll};
    use crate::domain::testing::{case, label, outcome, tag};
    use crate::event::{BackPayGround, PayrollAuthorised, Role, StopGround};
    use crate::value::Subject;

    fn desk() -> Desk {
        let mut desk = Desk::new();
        desk.pensioner(1, LIVING);
        let data = desk.batch("2026-03", vec![desk.item(1, 6000, &[])]);
        desk.prepare(1, data).unwrap();
        desk
    }

    #[test]
    fn refusals() {
        let mut desk = desk();
        assert_eq!(outcome(&desk.authorise(2)), "unknown_payroll");
        let wrong = PayrollAuthorised { root: "AAAA".to_owned(), fund_source: label("budget") };
        let signed = desk.world.sign("finance", &Subject::Payroll(payroll(1)), wrong);
        assert_eq!(outcome(&signed), "root_differs");
        desk.double("finance-civil", Role::FinanceOfficer, "civil-affairs", "finance");
        assert_eq!(outcome(&desk.authorise_by("finance-civil", 1)), "same_organisation");
        desk.double("civil-again", Role::FinanceOfficer, "finance", "civil");
        assert_eq!(outcome(&desk.authorise_by("civil-again", 1)), "same_officer");
        assert_eq!(outcome(&desk.authorise(1)), "ok");
        assert_eq!(outcome(&desk.authorise(1)), "payroll_authorised");
    }

    #[test]
    fn what_changed_since_the_preparation() {
        let mut unbound = desk();
        unbound.unbind(1, account(1)).unwrap();
        assert_eq!(outcome(&unbound.authorise(1)), "account_missing");
        let mut other = unbound.bound(1);
        other.account = tag("another account");
        unbound.bind(1, other).unwrap();
        assert_eq!(outcome(&unbound.authorise(1)), "account_differs");

        let mut stopped = desk();
        let stop = stopped.stopped(1, StopGround::FalseMaterial, "2026-03");
        stopped.stop(1, stop).unwrap();
        assert_eq!(outcome(&stopped.authorise(1)), "month_not_entitled");

        let mut paid = desk();
        paid.pay(1, LIVING, "2026-03").unwrap();
        assert_eq!(outcome(&paid.authorise(1)), "month_in_hand");

        let mut raised = desk();
        raised.publish_rates(2, &[("living_allowance", 7500)], "2026-03-01");
        assert_eq!(outcome(&raised.authorise(1)), "amount_differs");
    }

    #[test]
    fn back_pay_that_lapsed() {
        let mut desk = desk();
        desk.authorise(1).unwrap();
        desk.world.on("2026-05-06");
        desk.back_pay(1, BackPayGround::MissedMonth, &["2026-04"]).unwrap();
        let data = desk.batch("2026-05", vec![desk.item(1, 12_000, &["2026-04"])]);
        desk.prepare(2, data).unwrap();
        let mut late = desk.clone();
        late.world.state.benefits.cases.get_mut(&case(1)).unwrap().back_pay.clear();
        assert_eq!(outcome(&late.authorise(2)), "back_pay_lapsed");
        assert_eq!(outcome(&desk.authorise(2)), "ok");
    }

    #[test]
    fn nobody_payable_is_left_out() {
        let mut desk = Desk::new();
        desk.pensioner(1, LIVING).pensioner(2, LIVING).pensioner(3, LIVING);
        let data = desk.batch("2026-03", vec![desk.item(1, 6000, &[])]);
        desk.prepare(1, data).unwrap();
        let refused = desk.authorise(1).unwrap_err();
        assert_eq!(refused.code, "active_cases_missing");
        assert!(refused.message.starts_with("2 payable cases"), "{}", refused.message);
    }
}
