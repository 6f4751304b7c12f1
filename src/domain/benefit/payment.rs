//! What the bank or an old roll says was paid or came back: facts, never refused here.

use super::{Benefits, months::Hand};
use crate::event::{PaymentExecuted, PaymentReturned, RollKind, RollReceived, RollRowRetracted};
use crate::policy::PolicyBook;
use crate::value::{CaseId, DivisionCode, Month, Period, PersonId, Programme, RollId};

pub(super) fn executed(benefits: &mut Benefits, policies: &PolicyBook, data: &PaymentExecuted) {
    let month = data.month;
    if let Some(month) =
        month.filter(|month| is_monthly(policies, data.programme, data.division, *month))
    {
        // Of the payroll that the bank names, else of the one of that month.
        benefits.report_of(data.person, data.programme, |id, payroll| match data.payroll {
            Some(named) => named == *id,
            None => payroll.month == month,
        });
        let months = benefits.months_mut(data.person, data.programme);
        if data.row.as_ref().is_some_and(|row| row.corrects.is_some()) {
            months.stay_paid(month);
        } else {
            months.pay(month, &data.months, data.back_pay_months);
        }
        return;
    }
    let sent = |benefits: &Benefits, id: &CaseId| {
        benefits.once.get(id).is_some_and(|(payroll, hand)| {
            data.payroll.is_none_or(|named| named == *payroll)
                && matches!(hand, Hand::Prepared { .. } | Hand::Authorised)
        })
    };
    match once_of(benefits, data.person, data.programme, sent) {
        Some(id) => {
            set(benefits, &id, Hand::Paid(1));
            benefits.report(id, |_, _| true);
        }
        None => {
            let corrects = data.row.as_ref().is_some_and(|row| row.corrects.is_some());
            if let Some(year) = data.year.filter(|_| !corrects) {
                let paid = benefits.years.entry((data.person, data.programme, year)).or_default();
                *paid = paid.saturating_add(1);
            }
        }
    }
}

pub(super) fn returned(benefits: &mut Benefits, policies: &PolicyBook, data: &PaymentReturned) {
    let month = data.month;
    if let Some(month) =
        month.filter(|month| is_monthly(policies, data.programme, data.division, *month))
    {
        benefits.report_of(data.person, data.programme, |_, payroll| payroll.month == month);
        return benefits.months_mut(data.person, data.programme).come_back(month, &data.months);
    }
    let out = |benefits: &Benefits, id: &CaseId| {
        matches!(benefits.once(id), Some(Hand::Authorised | Hand::Paid(_)))
    };
    match once_of(benefits, data.person, data.programme, out) {
        Some(id) => {
            set(benefits, &id, Hand::Returned);
            benefits.report(id, |_, _| true);
        }
        None => {
            let year = data.year.map(|year| (data.person, data.programme, year));
            if let Some(paid) = year.and_then(|year| benefits.years.get_mut(&year)) {
                *paid = paid.saturating_sub(1);
            }
        }
    }
}

/// Paid by the month, as far as a policy says.
fn is_monthly(
    policies: &PolicyBook,
    programme: Programme,
    division: DivisionCode,
    month: Month,
) -> bool {
    let policy = policies.programme(programme, division, month);
    policy.is_none_or(|(_, policy)| policy.period == Period::Month)
}

/// The person's oldest grant of the programme that is paid once and where `stands` holds.
fn once_of(
    benefits: &Benefits,
    person: PersonId,
    programme: Programme,
    stands: impl Fn(&Benefits, &CaseId) -> bool,
) -> Option<CaseId> {
    let cases = benefits.cases_of(person, programme).filter(|(_, case)| !case.is_monthly());
    cases.map(|(id, _)| *id).find(|id| stands(benefits, id))
}

fn set(benefits: &mut Benefits, id: &CaseId, to: Hand) {
    if let Some((_, hand)) = benefits.once.get_mut(id) {
        *hand = to;
    }
}

pub(super) fn roll(benefits: &mut Benefits, id: RollId, data: &RollReceived) {
    let programme = match data.kind {
        RollKind::LivingAllowance => Some(Programme::LIVING_ALLOWANCE),
        RollKind::NursingCareSubsidy => Some(Programme::NURSING_CARE_SUBSIDY),
        RollKind::MonthlyPayments => data.programme,
        _ => None,
    };
    if let (Some(programme), Some(month)) = (programme, data.month) {
        benefits.rolls.insert(id, (programme, month));
    }
}

/// A full list no longer has a payment: it never was.
pub(super) fn retracted(benefits: &mut Benefits, person: PersonId, data: &RollRowRetracted) {
    let Some((programme, month)) = benefits.rolls.get(&data.row.roll).copied() else { return };
    benefits.months_mut(person, programme).forget(month);
}

#[cfg(test)]
mod tests {
    use crate::domain::benefit::desk::{Desk, LIVING, NURSING, month, payroll, row};
    use crate::domain::benefit::months::Hand;
    use crate::domain::testing::{actor, division, hash, outcome, person, tag};
    use crate::event::{
        BackPayGround, PaymentExecuted, RollKind, RollReceived, RollRowRetracted, RowRef,
    };
    use crate::value::{Programme, Subject};

    /// A ledger whose March roll of the living allowance is in.
    fn desk() -> Desk {
        let mut desk = Desk::new();
        desk.resident(1, 1).reviewed(1, LIVING);
        desk.grant(1).unwrap();
        desk.world.on("2026-04-01");
        let roll = RollReceived {
            kind: RollKind::LivingAllowance,
            programme: None,
            division: division("411702"),
            month: Some(month("2026-03")),
            year: None,
            file: tag("file"),
            rows: 1,
            accepted: 1,
            rejected: 0,
            total: None,
            complete: true,
            absent: vec![],
        };
        desk.world.sign("bank", &Subject::Roll(row(1).roll), roll).unwrap();
        desk
    }

    fn sign(desk: &mut Desk, data: PaymentExecuted) {
        desk.world.sign("bank", &Subject::Person(person(1)), data).unwrap();
    }

    fn hand(desk: &Desk, programme: Programme, of: &str) -> Option<Hand> {
        let months = desk.world.state.benefits.months(person(1), programme);
        months.and_then(|months| months.hand(month(of)))
    }

    #[test]
    fn what_an_old_roll_paid_is_not_owed() {
        let mut desk = desk();
        let data = PaymentExecuted { row: Some(row(1)), ..desk.payment(1, LIVING, "2026-03") };
        sign(&mut desk, data.clone());
        let missed = BackPayGround::MissedMonth;
        assert_eq!(outcome(&desk.back_pay(1, missed, &["2026-03"])), "month_in_hand");
        // The row is corrected: still paid once. Then the full list has it no more.
        let corrects = Some(hash("the row as it was"));
        let again = PaymentExecuted { row: Some(RowRef { corrects, ..row(1) }), ..data };
        sign(&mut desk, again);
        assert_eq!(hand(&desk, LIVING, "2026-03"), Some(Hand::Paid(1)));
        let gone = RollRowRetracted { target: hash("row"), row: row(1), certificate: None };
        desk.world.sign("bank", &Subject::Person(person(1)), gone).unwrap();
        assert_eq!(hand(&desk, LIVING, "2026-03"), None);
        assert_eq!(outcome(&desk.back_pay(1, missed, &["2026-03"])), "ok");
    }

    #[test]
    fn payments_that_pay_no_month_hold_no_month() {
        let mut desk = desk();
        let before = desk.world.state.benefits.clone();
        let fuel = desk.payment(1, Programme::FUEL_SUBSIDY, "2026-03");
        sign(&mut desk, fuel);
        let yearly = PaymentExecuted { month: None, ..desk.payment(1, LIVING, "2026-03") };
        sign(&mut desk, yearly);
        assert_eq!(desk.world.state.benefits, before);
        desk.pay(1, NURSING, "2026-03").unwrap();
        assert_eq!(hand(&desk, LIVING, "2026-03"), None);
        assert_eq!(hand(&desk, NURSING, "2026-03"), Some(Hand::Paid(1)));
    }

    /// A payroll of March for two, released; then what the bank says of each.
    #[test]
    fn what_the_bank_has_not_reported_stays_with_it() {
        let mut desk = Desk::new();
        desk.pensioner(1, LIVING).pensioner(2, LIVING).pensioner(3, NURSING);
        let items = vec![desk.item(1, 6000, &[]), desk.item(2, 6000, &[])];
        let data = desk.batch("2026-03", items);
        desk.prepare(1, data).unwrap();
        let open = |desk: &Desk| -> Vec<(usize, i64)> {
            let benefits = &desk.world.state.benefits;
            benefits.payrolls_to_pay(None).map(|(_, it, _)| (it.items.len(), it.rest().0)).collect()
        };
        assert_eq!(open(&desk), [], "not released yet");
        desk.authorise(1).unwrap();
        assert_eq!(open(&desk), [(2, 12_000)]);
        let benefits = &desk.world.state.benefits;
        let (id, found, released) = benefits.payrolls_to_pay(None).next().unwrap();
        assert_eq!((*id, found.count, released.on), (payroll(1), 2, desk.world.today()));
        assert_eq!(released.by, actor("finance"));
        assert!(benefits.payrolls_to_pay(Some(*id)).next().is_none());
        assert_eq!(benefits.sent_to(person(1), LIVING).count(), 1);
        // Another month, another programme, and another payroll's payment say nothing of it.
        desk.pay(1, LIVING, "2026-02").unwrap();
        desk.pay(3, NURSING, "2026-03").unwrap();
        let other =
            PaymentExecuted { payroll: Some(payroll(9)), ..desk.payment(1, LIVING, "2026-03") };
        sign(&mut desk, other);
        assert_eq!(open(&desk), [(2, 12_000)]);
        let own =
            PaymentExecuted { payroll: Some(payroll(1)), ..desk.payment(1, LIVING, "2026-03") };
        sign(&mut desk, own);
        assert_eq!(open(&desk), [(1, 6000)]);
        assert!(desk.world.state.benefits.sent_to(person(1), LIVING).next().is_none());
        desk.come_back(2, LIVING, "2026-03").unwrap();
        assert_eq!(open(&desk), []);
        // What came back is authorised by another payroll, and waits there.
        let data = desk.batch("2026-03", vec![desk.item(2, 6000, &[])]);
        desk.prepare(2, data).unwrap();
        desk.authorise(2).unwrap();
        assert_eq!(open(&desk), [(1, 6000)]);
        desk.pay(2, LIVING, "2026-03").unwrap();
        assert_eq!(open(&desk), []);
    }

    #[test]
    fn a_return_of_what_nobody_recorded_is_recorded() {
        let mut desk = desk();
        desk.come_back(1, LIVING, "2026-03").unwrap();
        assert_eq!(hand(&desk, LIVING, "2026-03"), Some(Hand::Returned));
        let returned = BackPayGround::ReturnedPayment;
        assert_eq!(outcome(&desk.back_pay(1, returned, &["2026-03"])), "ok");
    }
}
