//! The monthly payrolls: prepared, authorised, paid; a transfer that comes back is paid again.
//!
//! What is kept from month to month is who is paid: a line for each benefit, nothing of the past.

use std::collections::BTreeMap;

use super::application::named;
use super::benefit::{BANK, FINANCE, WELFARE};
use super::office::{Draft, label};
use super::resident::Turn;
use super::{AMOUNT, County, Order, Task};
use crate::crypto::{TagKind, random_bytes};
use crate::demo::DemoError;
use crate::domain::benefit::propose::batch;
use crate::event::{
    BackPayGround, PaymentExecuted, PaymentReturned, PayrollAuthorised, PayrollItem,
};
use crate::ledger::Personal;
use crate::value::{CaseId, Day, Fen, Hash, Month, PayrollId, PersonId, Programme, Subject, Tag};

/// Items of one batch, well under the size of a statement.
pub(super) const BATCH_ITEMS: usize = 150;
/// Payrolls are prepared in the middle of their month.
const PREPARED_ON: u32 = 15;
/// The payroll of the last month is begun only when so many days are left.
const DAYS_LEFT_MIN: i32 = 14;
const PROGRAMMES: [Programme; 2] = [Programme::LIVING_ALLOWANCE, Programme::NURSING_CARE_SUBSIDY];

/// Somebody who is paid a benefit each month.
pub(super) struct Payee {
    pub(super) person: PersonId,
    pub(super) case: CaseId,
    pub(super) account: Tag,
    /// First month that is paid by its own payroll.
    pub(super) regular_from: Month,
    /// Last month, once stopped.
    pub(super) until: Option<Month>,
    /// Earlier months that the next payroll pays.
    pub(super) back_pay: Vec<Month>,
    /// Transfers so far.
    pub(super) transfers: u32,
}

/// Everybody who is paid.
pub(super) struct Payees {
    lines: BTreeMap<(u32, Programme), Payee>,
    /// The month whose payroll is the next to be prepared.
    pub(super) next_payroll: Month,
}

impl Payees {
    pub(super) const fn new(next_payroll: Month) -> Self {
        Self { lines: BTreeMap::new(), next_payroll }
    }

    pub(super) fn add(&mut self, number: u32, programme: Programme, payee: Payee) {
        self.lines.insert((number, programme), payee);
    }

    /// Nothing is paid to the person after a month; the cases this ends.
    pub(super) fn end(&mut self, number: u32, last: Month) -> Vec<CaseId> {
        let lines = PROGRAMMES.map(|programme| (number, programme));
        let mut ended = Vec::new();
        for line in lines {
            if let Some(payee) = self.lines.get_mut(&line) {
                payee.until = Some(last);
                ended.push(payee.case);
            }
        }
        ended
    }

    /// The items of a programme's payroll, each with its resident's number.
    fn items(&mut self, programme: Programme, month: Month) -> Vec<(u32, PayrollItem)> {
        let mut items = Vec::new();
        for ((number, of), payee) in &mut self.lines {
            if *of != programme || month < payee.regular_from {
                continue;
            }
            let back_pay = std::mem::take(&mut payee.back_pay);
            let months = i64::try_from(back_pay.len()).unwrap_or_default() + 1;
            let (case, person, account) = (payee.case, payee.person, payee.account);
            let amount = Fen(AMOUNT.0 * months);
            items.push((
                *number,
                PayrollItem { case, person, amount, back_pay, account, unit: None },
            ));
        }
        items
    }
}

/// One batch on its way to the bank.
pub(super) struct Batch {
    id: PayrollId,
    programme: Programme,
    month: Month,
    root: String,
    items: Vec<(u32, PayrollItem)>,
}

/// A transfer that comes back.
#[derive(Debug, Clone)]
pub(super) struct Transfer {
    number: u32,
    person: PersonId,
    programme: Programme,
    month: Month,
    months: Vec<Month>,
    amount: Fen,
    payment: Hash,
}

/// The next step of a payroll.
pub(super) enum Step {
    Prepare(Month),
    Authorise(Vec<Batch>),
    Pay(Vec<Batch>),
    Return(Transfer),
    PayAgain(Transfer),
}

impl County<'_> {
    /// Puts every month's payroll on the agenda.
    pub(super) fn schedule_payrolls(&mut self) -> Result<(), DemoError> {
        for month in self.begins.month().to(self.ends.month()) {
            let day = Day::new(month.year(), month.month(), PREPARED_ON)?;
            let day = self.agenda.working_day(day);
            if day <= self.begins {
                self.payees.next_payroll = month.next();
            } else if day.plus_days(DAYS_LEFT_MIN) < self.ends {
                self.agenda.put(day, Order::Payroll, Task::Payroll(Step::Prepare(month)));
            }
        }
        Ok(())
    }

    pub(super) fn payroll(&mut self, step: Step) -> Result<(), DemoError> {
        match step {
            Step::Prepare(month) => {
                let batches = self.prepare(month)?;
                self.payees.next_payroll = month.next();
                self.after((1, 1), Task::Payroll(Step::Authorise(batches)));
            }
            Step::Authorise(batches) => {
                for batch in &batches {
                    self.authorise(batch.id, batch.root.clone())?;
                }
                self.after((1, 2), Task::Payroll(Step::Pay(batches)));
            }
            Step::Pay(batches) => {
                for batch in batches {
                    for (number, item) in &batch.items {
                        self.pay(&batch, *number, item)?;
                    }
                }
            }
            Step::Return(transfer) => self.give_back(transfer)?,
            Step::PayAgain(transfer) => self.pay_again(transfer)?,
        }
        Ok(())
    }

    fn prepare(&mut self, month: Month) -> Result<Vec<Batch>, DemoError> {
        self.payees.lines.retain(|_, payee| payee.until.is_none_or(|until| month <= until));
        let mut batches = Vec::new();
        for programme in PROGRAMMES {
            let mut left = self.payees.items(programme, month).into_iter().peekable();
            while left.peek().is_some() {
                let items: Vec<_> = left.by_ref().take(BATCH_ITEMS).collect();
                batches.push(self.prepare_batch(programme, month, items)?);
            }
        }
        Ok(batches)
    }

    /// The finance office releases a batch.
    pub(super) fn authorise(&mut self, id: PayrollId, root: String) -> Result<(), DemoError> {
        let data = PayrollAuthorised { root, fund_source: label("县级财政")? };
        self.office.sign(FINANCE, &Subject::Payroll(id), Draft::of(data)).map(|_| ())
    }

    fn prepare_batch(
        &mut self,
        programme: Programme,
        month: Month,
        items: Vec<(u32, PayrollItem)>,
    ) -> Result<Batch, DemoError> {
        let listed: Vec<PayrollItem> = items.iter().map(|(_, item)| item.clone()).collect();
        let data = batch(programme, month, self.division, listed);
        let (id, root) = (PayrollId(random_bytes()?), data.root.clone());
        self.office.sign(WELFARE, &Subject::Payroll(id), Draft::of(data))?;
        Ok(Batch { id, programme, month, root, items })
    }

    fn pay(&mut self, batch: &Batch, number: u32, item: &PayrollItem) -> Result<(), DemoError> {
        let resident = self.resident(number)?;
        let id = self.id_tag(&resident);
        let mut months = item.back_pay.clone();
        months.push(batch.month);
        let (paid_months, is_back_pay) = (months.len() as u64, months.len() > 1);
        let data = PaymentExecuted {
            person: item.person,
            id,
            name: self.office.tag(TagKind::Name, &resident.name),
            number: None,
            programme: batch.programme,
            month: Some(batch.month),
            year: None,
            amount: item.amount,
            months: months.clone(),
            back_pay_months: 0,
            back_pay_reason: is_back_pay,
            account: Some(item.account),
            holder: Some(self.office.tag(TagKind::Name, resident.holder())),
            bank: Some(label("示例银行")?),
            paid_on: Some(self.office.today()),
            division: self.division,
            chassis: None,
            engine: None,
            payroll: Some(batch.id),
            holder_match: Some(true),
            row: None,
        };
        let mut personal = named(&resident);
        personal.account = Some(resident.account.clone());
        personal.holder = Some(resident.holder().to_owned());
        if is_back_pay {
            personal.reason = Some("经审批补发".to_owned());
        }
        let draft = Draft::of(data).sealed(id, personal);
        let payment = self.office.sign(BANK, &Subject::Person(item.person), draft)?;
        self.report.paid_months += paid_months;
        self.report.paid += item.amount;
        let Some(payee) = self.payees.lines.get_mut(&(number, batch.programme)) else {
            return Ok(());
        };
        payee.transfers += 1;
        let second = payee.transfers == 2;
        if resident.turn == Turn::Returned && second && self.ends_in_time(self.office.today()) {
            let transfer = Transfer {
                number,
                person: item.person,
                programme: batch.programme,
                month: batch.month,
                months,
                amount: item.amount,
                payment,
            };
            self.after((2, 3), Task::Payroll(Step::Return(transfer)));
        }
        Ok(())
    }

    fn give_back(&mut self, transfer: Transfer) -> Result<(), DemoError> {
        let resident = self.resident(transfer.number)?;
        let id = self.id_tag(&resident);
        let data = PaymentReturned {
            person: transfer.person,
            id,
            payment: Some(transfer.payment),
            programme: transfer.programme,
            month: Some(transfer.month),
            year: None,
            amount: transfer.amount,
            months: transfer.months.clone(),
            division: self.division,
            reason: Some(label("账户暂停收款")?),
            returned_on: Some(self.office.today()),
            row: None,
        };
        let personal: Personal = named(&resident);
        let draft = Draft::of(data).sealed(id, personal);
        self.office.sign(BANK, &Subject::Person(transfer.person), draft)?;
        self.report.returned += 1;
        self.report.paid_months -= transfer.months.len() as u64;
        self.report.paid = self.report.paid - transfer.amount;
        self.after((1, 2), Task::Payroll(Step::PayAgain(transfer)));
        Ok(())
    }

    /// What came back goes into the next payroll.
    fn pay_again(&mut self, transfer: Transfer) -> Result<(), DemoError> {
        let line = (transfer.number, transfer.programme);
        let Some(mut payee) = self.payees.lines.remove(&line) else { return Ok(()) };
        let ground = BackPayGround::ReturnedPayment;
        self.pay_back(&mut payee, transfer.months, ground)?;
        self.payees.lines.insert(line, payee);
        Ok(())
    }
}
