//! `payroll.prepared`: one batch of a payroll, item by item against determinations, accounts,
//! back-pay and amounts (I25, I26, I30).
//!
//! A case entitled to the payroll's month by its own payroll is paid that month and any granted
//! back-pay the item lists; a case that no longer is may still be paid granted back-pay alone.

use std::collections::BTreeSet;

use super::{Benefits, Case, Item, Payroll, Status, UnitKey, chain, delivery, terms};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{ItemUnit, PayrollItem, PayrollPrepared, Recorded};
use crate::tlog::{Frontier, TreeHash, leaf_hash};
use crate::value::{CaseId, ChainStep, Day, Fen, Month, PayrollId, Period, PersonId};

refusals! {
    /// Why a payroll is not prepared.
    pub enum Refused {
        /// Authorised already.
        PayrollAuthorised = "I26", "payroll_authorised", "the payroll is authorised",
            "prepare further items under a new payroll id",
            "该清册已经批准拨付",
            "请用新的清册编号编制其余项目";
        /// Of another programme, month or division than before.
        RunDiffers = "I26", "payroll_run_differs",
            "the payroll was prepared for another programme, month or division",
            "prepare it under a new payroll id",
            "该清册编号已用于其他项目、月份或区划",
            "请用新的清册编号编制";
        /// Nobody to pay.
        Empty = "I26", "payroll_empty", "the payroll has no items", "list the items",
            "该清册没有任何项目",
            "请列出发放项目";
        /// A month of the future.
        MonthAhead { month: Month } = "I25", "month_ahead", "{month} has not come",
            "prepare the payroll in its month",
            "{month} 还没有到",
            "请在当月编制";
        /// Wrong number of items.
        CountDiffers { count: u32, items: usize } = "I26", "count_differs",
            "the payroll says {count} items and has {items}", "correct data.count",
            "清册写明 {count} 笔，实有 {items} 笔",
            "请更正笔数（data.count）";
        /// Wrong sum.
        TotalDiffers { total: Fen, sum: Fen } = "I26", "total_differs",
            "the payroll says {total} and its items sum to {sum}", "correct data.total",
            "清册写明合计 {total} 元，各笔相加为 {sum} 元",
            "请更正合计（data.total）";
        /// Wrong root.
        RootDiffers { root: TreeHash } = "I26", "root_differs",
            "the root over the items is {root}", "compute the root over the very items",
            "各笔的根哈希应为 {root}",
            "请按所列各笔计算根哈希";
        /// One case in two items.
        CaseTwice { case: CaseId } = "I27", "case_twice", "case {case} is in two items",
            "list each case once",
            "案件 {case} 出现在两笔中",
            "每个案件只列一次";
        /// No such case, or not of this person and programme.
        ItemUnknown { case: CaseId } = "I25", "item_without_case",
            "case {case} is no benefit of this person and programme", "correct the item",
            "案件 {case} 不是此人此项目的待遇",
            "请更正该笔";
        /// Of a division the payroll does not cover.
        OtherDivision { case: CaseId } = "I25", "case_of_other_division",
            "case {case} is of a division that this payroll does not pay for",
            "leave it to its own division",
            "案件 {case} 属于本清册不发放的区划",
            "请由其所属区划发放";
        /// Not determined.
        NotDetermined { case: CaseId } = "I25", "not_determined",
            "case {case} is not granted", "leave it out until it is determined",
            "案件 {case} 尚未批准",
            "审定之前请去掉它";
        /// Not entitled to the month.
        NotEntitled { case: CaseId, month: Month } = "I25", "month_not_entitled",
            "case {case} is not entitled to {month} by its own payroll",
            "leave it out; earlier months are paid as back-pay once two have signed it",
            "案件 {case} 的 {month} 不能由该月清册发放",
            "请去掉它；以前的月份经两人签署补发后发放";
        /// In another payroll, or paid.
        MonthInHand { case: CaseId, month: Month } = "I27", "month_in_hand",
            "{month} of case {case} is in another payroll or paid", "leave the month out",
            "案件 {case} 的 {month} 已列入其他清册或已发放",
            "请去掉该月";
        /// Back-pay not before the month, not ascending, or nobody granted it.
        BackPayNotGranted { case: CaseId, month: Month } = "I30", "back_pay_not_granted",
            "back-pay of case {case} for {month} is not granted for this payroll",
            "have back_pay.granted signed by two, and list its months once, oldest first",
            "案件 {case} {month} 的补发没有为本清册批准",
            "请先由两人签署补发决定，并从最早的月份起每月列一次";
        /// No account.
        AccountMissing { case: CaseId } = "I25", "account_missing",
            "case {case} has no bound account", "have bank and clerk bind one",
            "案件 {case} 没有绑定账户",
            "请由银行代发人和受理人绑定账户";
        /// A foreign account.
        AccountDiffers { case: CaseId } = "I25", "account_differs",
            "the item of case {case} goes to an account that is not bound to it",
            "use the bound account, or have the new one bound",
            "案件 {case} 的这笔发到没有绑定的账户",
            "请用已绑定的账户，或先绑定新账户";
        /// A grant that is paid once is paid, or in a payroll.
        PaidOnce { case: CaseId } = "I27", "paid_once",
            "case {case} is in another payroll or paid", "leave it out",
            "案件 {case} 已列入其他清册或已发放",
            "请去掉它";
        /// Another unit or period than the case's.
        UnitDiffers { case: CaseId } = "I25", "unit_differs",
            "the item of case {case} does not say what it pays for, or says it wrong",
            "set data.items.unit to the unit and period of the case",
            "案件 {case} 的这笔没有写明或写错发放对象",
            "请按案件的单位和期间填写 data.items.unit";
        /// Not the policy's amount.
        AmountDiffers { case: CaseId, amount: Fen, due: Fen } = "I26", "amount_differs",
            "the item of case {case} is {amount}; {due} is due", "correct the amount",
            "案件 {case} 的金额为 {amount} 元，应发 {due} 元",
            "请更正金额";
    }
}

/// Root over a payroll's items: the RFC 6962 tree (SHA-256) whose entries are the items' JSON as
/// the event has it, fields in their order, without spaces or absent fields.
#[must_use]
pub fn root(items: &[PayrollItem]) -> TreeHash {
    let mut tree = Frontier::new();
    for item in items {
        let json = serde_json::to_vec(item).expect("an item is a plain struct with text keys");
        tree.push(leaf_hash(&json));
    }
    tree.root()
}

pub(super) fn decide(
    state: &State,
    event: &Recorded,
    id: PayrollId,
    data: &PayrollPrepared,
) -> Result<(), Rejection> {
    let PayrollPrepared { programme, month, division, .. } = *data;
    let before = state.benefits.payroll(&id);
    decide_batch(before, data, Day::of_millis(event.recorded_at_ms))?;
    let found = state.policies.programme(programme, division, month);
    let (_, policy) = found.ok_or(terms::Refused::NoPolicy { programme, division, month })?;
    chain::decide_role(policy, event, ChainStep::Determination)?;
    let (mut seen, mut taken) = (BTreeSet::new(), BTreeSet::new());
    for item in &data.items {
        if !seen.insert(item.case) {
            return Err(Refused::CaseTwice { case: item.case }.into());
        }
        decide_item(state, (id, data), item, &mut taken)?;
    }
    Ok(())
}

fn decide_batch(
    before: Option<&Payroll>,
    data: &PayrollPrepared,
    today: Day,
) -> Result<(), Refused> {
    if let Some(before) = before {
        if before.authorised.is_some() {
            return Err(Refused::PayrollAuthorised);
        }
        let run = (before.programme, before.month, before.division);
        if run != (data.programme, data.month, data.division) {
            return Err(Refused::RunDiffers);
        }
    }
    if data.month > today.month() {
        return Err(Refused::MonthAhead { month: data.month });
    }
    // Preparing a payroll again with nobody in it withdraws it.
    if data.items.is_empty() && before.is_none() {
        return Err(Refused::Empty);
    }
    if usize::try_from(data.count) != Ok(data.items.len()) {
        return Err(Refused::CountDiffers { count: data.count, items: data.items.len() });
    }
    let sum = data.items.iter().map(|item| item.amount).sum();
    if data.total != sum {
        return Err(Refused::TotalDiffers { total: data.total, sum });
    }
    let root = root(&data.items);
    if data.root != root.to_string() {
        return Err(Refused::RootDiffers { root });
    }
    Ok(())
}

pub(super) fn decide_item(
    state: &State,
    (payroll, data): (PayrollId, &PayrollPrepared),
    item: &PayrollItem,
    taken: &mut BTreeSet<(PersonId, Month)>,
) -> Result<(), Rejection> {
    let (id, month) = (item.case, data.month);
    let case = state
        .benefits
        .case(&id)
        .filter(|case| case.person == item.person && case.programme == data.programme);
    let case = case.ok_or(Refused::ItemUnknown { case: id })?;
    if !data.division.covers(case.division) {
        return Err(Refused::OtherDivision { case: id }.into());
    }
    if !case.is_monthly() {
        return decide_once(state, (payroll, data), (id, case), item);
    }
    decide_unit(case, id, item)?;
    let own = case.is_regular(month);
    decide_standing(case, id, item.account, month, own || !item.back_pay.is_empty())?;
    let ascending = item.back_pay.is_sorted_by(|earlier, later| earlier < later);
    for owed in &item.back_pay {
        if !ascending || *owed >= month || !case.back_pay.contains(owed) {
            return Err(Refused::BackPayNotGranted { case: id, month: *owed }.into());
        }
    }
    let mut due = Fen(0);
    for owed in item.back_pay.iter().copied().chain(own.then_some(month)) {
        let months = state.benefits.months(case.person, case.programme);
        let free = months.is_none_or(|months| months.is_free_for(owed, payroll));
        // A person may have an ended case and a new one; a month is owed once.
        if !free || !taken.insert((case.person, owed)) {
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

/// An item of a grant that is paid once: granted by then, not paid, what it pays for delivered.
fn decide_once(
    state: &State,
    (payroll, data): (PayrollId, &PayrollPrepared),
    (id, case): (CaseId, &Case),
    item: &PayrollItem,
) -> Result<(), Rejection> {
    decide_unit(case, id, item)?;
    let from = case.granted_from();
    let entitled = from.is_some_and(|from| from <= data.month);
    decide_standing(case, id, item.account, data.month, entitled)?;
    if let Some(month) = item.back_pay.first() {
        return Err(Refused::BackPayNotGranted { case: id, month: *month }.into());
    }
    if state.benefits.once(&id).is_some_and(|hand| !hand.is_free_for(payroll)) {
        return Err(Refused::PaidOnce { case: id }.into());
    }
    decide_due(state, (id, case), item.amount)
}

/// What a grant that is paid once rests on beside its decision, and its amount.
pub(super) fn decide_due(
    state: &State,
    (id, case): (CaseId, &Case),
    amount: Fen,
) -> Result<(), Rejection> {
    let from = case.granted_from().unwrap_or(case.month);
    delivery::decide(state, (id, case), terms::in_force(state, case, from)?.1, from)?;
    let due = delivery::at_most_cost(state, &id, terms::due(state, case, from)?);
    if amount != due {
        return Err(Refused::AmountDiffers { case: id, amount, due }.into());
    }
    Ok(())
}

/// The item says what it pays for, where that is no month, and says it right.
fn decide_unit(case: &Case, id: CaseId, item: &PayrollItem) -> Result<(), Refused> {
    let Some(said) = &item.unit else {
        let needed = !case.is_monthly();
        return if needed { Err(Refused::UnitDiffers { case: id }) } else { Ok(()) };
    };
    let ItemUnit { unit, period, household, vehicle, year } = said;
    let named = household
        .map(UnitKey::Household)
        .into_iter()
        .chain(vehicle.map(UnitKey::Vehicle))
        .all(|key| case.units.contains(&key));
    let all = case.units.iter().all(|key| match key {
        UnitKey::Household(own) => *household == Some(*own),
        UnitKey::Vehicle(own) => *vehicle == Some(*own),
        UnitKey::Person(_) | UnitKey::Number(_) => true,
    });
    let of_year = case.granted_from().filter(|_| *period == Period::Year);
    let year_fits = year.map(i32::from) == of_year.map(Month::year);
    if (*unit, *period) == case.per && named && all && year_fits {
        Ok(())
    } else {
        Err(Refused::UnitDiffers { case: id })
    }
}

/// What must hold when a batch is prepared and still when it is authorised.
pub(super) fn decide_standing(
    case: &Case,
    id: CaseId,
    account: crate::value::Tag,
    month: Month,
    entitled: bool,
) -> Result<(), Refused> {
    if case.status != Status::Granted {
        return Err(Refused::NotDetermined { case: id });
    }
    if !entitled {
        return Err(Refused::NotEntitled { case: id, month });
    }
    let Some(bound) = case.account else {
        return Err(Refused::AccountMissing { case: id });
    };
    if bound.tag == account { Ok(()) } else { Err(Refused::AccountDiffers { case: id }) }
}

pub(super) fn evolve(
    benefits: &mut Benefits,
    event: &Recorded,
    id: PayrollId,
    data: &PayrollPrepared,
) {
    let PayrollPrepared { programme, month, division, .. } = *data;
    if let Some(before) = benefits.payrolls.remove(&id) {
        for item in &before.items {
            let Some(case) = benefits.case(&item.case) else { continue };
            if case.is_monthly() {
                let months = benefits.months_mut(case.person, programme);
                item.months(month).for_each(|owed| months.release(owed, id));
            } else {
                benefits.release_once(&item.case, id);
            }
        }
    }
    let item = |item: &PayrollItem| Item {
        case: item.case,
        amount: item.amount,
        account: item.account,
        own: benefits.case(&item.case).is_some_and(|case| case.is_regular(month)),
        back_pay: item.back_pay.clone(),
    };
    let items: Vec<Item> = data.items.iter().map(item).collect();
    for (item, of) in items.iter().zip(&data.items) {
        if benefits.case(&item.case).is_some_and(|case| !case.is_monthly()) {
            benefits.prepare_once(item.case, id);
            continue;
        }
        let months = benefits.months_mut(of.person, programme);
        item.months(month).for_each(|owed| months.prepare(owed, month, id));
    }
    let payroll = Payroll {
        division,
        programme,
        month,
        preparer: event.signer.actor.clone(),
        organisation: event.signer.organisation.clone(),
        root: data.root.clone(),
        total: data.total,
        count: data.count,
        authorised: None,
        items,
    };
    benefits.payrolls.insert(id, payroll);
    let step = benefits.take_step();
    benefits.prepared_at.insert((programme, month, division), step);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::benefit::desk::{Desk, LIVING, NURSING, account, month, payroll};
    use crate::domain::testing::{division, outcome, person};
    use crate::value::Programme;

    fn desk() -> Desk {
        let mut desk = Desk::new();
        desk.pensioner(1, LIVING).pensioner(2, LIVING).pensioner(3, NURSING);
        desk
    }

    #[test]
    fn refusals_of_a_batch() {
        let mut desk = desk();
        let good = desk.batch("2026-03", vec![desk.item(1, 6000, &[]), desk.item(2, 6000, &[])]);
        let with = |change: fn(&mut PayrollPrepared)| {
            let mut data = good.clone();
            change(&mut data);
            data
        };
        let empty = desk.batch("2026-03", vec![]);
        let ahead = PayrollPrepared { month: month("2026-04"), ..good.clone() };
        let twice = desk.batch("2026-03", vec![desk.item(1, 6000, &[]); 2]);
        let table = [
            (with(|data| data.count = 3), "count_differs"),
            (with(|data| data.total = Fen(11_999)), "total_differs"),
            (with(|data| data.items.swap(0, 1)), "root_differs"),
            (with(|data| data.root = "AAAA".to_owned()), "root_differs"),
            (with(|data| data.programme = "winter_coal".parse().unwrap()), "no_policy"),
            (with(|data| data.programme = Programme::FUEL_SUBSIDY), "role_not_of_step"),
            (empty, "payroll_empty"),
            (ahead, "month_ahead"),
            (twice, "case_twice"),
        ];
        for (data, expected) in table {
            assert_eq!(outcome(&desk.prepare(1, data)), expected);
        }
        assert_eq!(outcome(&desk.prepare(1, good.clone())), "ok");
        let moved = PayrollPrepared { programme: NURSING, ..good.clone() };
        assert_eq!(outcome(&desk.prepare(1, moved)), "payroll_run_differs");
        assert_eq!(outcome(&desk.prepare(1, good.clone())), "ok", "until authorised");
        desk.authorise(1).unwrap();
        assert_eq!(outcome(&desk.prepare(1, good)), "payroll_authorised");
    }

    #[test]
    fn refusals_of_an_item() {
        let mut desk = desk();
        desk.resident(4, 1).reviewed(4, LIVING);
        desk.resident(5, 1).reviewed(5, LIVING);
        desk.grant(5).unwrap();
        let good = desk.item(1, 6000, &[]);
        let of = |change: fn(&mut PayrollItem)| {
            let mut item = good.clone();
            change(&mut item);
            item
        };
        let table = [
            (of(|item| item.account = account(2)), "account_differs"),
            (of(|item| item.amount = Fen(6001)), "amount_differs"),
            (of(|item| item.person = person(2)), "item_without_case"),
            (of(|item| item.case = CaseId([77; 16])), "item_without_case"),
            (of(|item| item.back_pay = vec![month("2026-02")]), "back_pay_not_granted"),
            (desk.item(3, 8000, &[]), "item_without_case"),
            (desk.item(4, 6000, &[]), "not_determined"),
            (desk.item(5, 6000, &[]), "account_missing"),
            (good.clone(), "ok"),
        ];
        for (item, expected) in table {
            let data = desk.batch("2026-03", vec![item]);
            assert_eq!(outcome(&desk.prepare(1, data)), expected);
        }
        let data = desk.batch("2026-03", vec![good.clone()]);
        assert_eq!(outcome(&desk.prepare(2, data.clone())), "month_in_hand");
        let before = PayrollPrepared { month: month("2026-02"), ..data.clone() };
        assert_eq!(outcome(&desk.prepare(2, before)), "month_not_entitled");
        let xiping = PayrollPrepared { division: division("411721"), ..data };
        let signed = desk.prepare_by("civil-xiping", 2, xiping);
        assert_eq!(outcome(&signed), "case_of_other_division");
    }

    #[test]
    fn preparing_again_replaces() {
        let mut desk = desk();
        let both = desk.batch("2026-03", vec![desk.item(1, 6000, &[]), desk.item(2, 6000, &[])]);
        desk.prepare(1, both).unwrap();
        let one = desk.batch("2026-03", vec![desk.item(1, 6000, &[])]);
        desk.prepare(1, one).unwrap();
        let benefits = &desk.world.state.benefits;
        assert_eq!(benefits.payroll(&payroll(1)).unwrap().count, 1);
        assert!(
            benefits.months(person(2), LIVING).unwrap().is_free_for(month("2026-03"), payroll(9))
        );
        let left: Vec<_> =
            benefits.left_out(LIVING, month("2026-03"), division("411702")).collect();
        assert_eq!(left, [CaseId([2; 16])]);
        let nobody = desk.batch("2026-03", vec![]);
        desk.prepare(1, nobody).unwrap();
        let months = desk.world.state.benefits.months(person(1), LIVING).unwrap();
        assert!(months.is_free_for(month("2026-03"), payroll(9)), "withdrawn");
        assert_eq!(outcome(&desk.authorise(1)), "payroll_withdrawn");
    }

    #[test]
    fn the_root_is_over_the_items_as_written() {
        let desk = desk();
        let items = [desk.item(1, 6000, &["2026-01"]), desk.item(2, 6000, &[])];
        let lines = items.each_ref().map(|item| serde_json::to_string(item).unwrap());
        assert!(lines[0].starts_with("{\"case\":\"") && lines[0].contains("\"back_pay\":[\""));
        assert!(!lines[1].contains("back_pay"));
        let leaves = lines.map(|line| leaf_hash(line.as_bytes()));
        assert_eq!(root(&items), crate::tlog::node_hash(&leaves[0], &leaves[1]));
    }

    #[test]
    fn three_hundred_and_fifty_items_fit_an_entry() {
        let desk = desk();
        let items: Vec<_> = (0..350).map(|_| desk.item(1, 600_000, &["2026-01"])).collect();
        let data = desk.batch("2026-03", items);
        let payload = crate::event::Payload::new(desk.world.today(), data);
        assert!(payload.to_json().len() < 65_000, "{}", payload.to_json().len());
    }
}
