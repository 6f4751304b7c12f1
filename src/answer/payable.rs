//! Payrolls that finance released and the bank has not reported: what is to be paid, and the roll by
//! which the bank pays and reports.
//!
//! The roll is the bank's own result file with the result left blank, so that what is sent back
//! filled in reads as it is.

use schemars::JsonSchema;
use serde::Serialize;

use super::{AskError, Records, Revealer, open};
use crate::domain::State;
use crate::domain::benefit::{Authorised, Item, Payroll};
use crate::event::Body;
use crate::ledger::{Ledger, Personal};
use crate::projection::Who;
use crate::rolls::{Column, Form, RollKind, blank};
use crate::value::{
    ActorId, CaseId, Day, DivisionCode, Fen, Label, Month, PayrollId, PersonId, Programme, Subject,
    Tag,
};

/// A payroll that the bank has to pay, as it is shown.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct PayableLine {
    pub(crate) payroll: PayrollId,
    pub(crate) programme: Programme,
    pub(crate) month: Month,
    pub(crate) division: DivisionCode,
    /// Items when it was authorised, and their sum.
    pub(crate) count: u32,
    pub(crate) total: Fen,
    /// Items that the bank has not reported, and their sum.
    pub(crate) open: usize,
    pub(crate) rest: Fen,
    /// The organisation that prepared it.
    pub(crate) organisation: Label,
    pub(crate) authorised_by: ActorId,
    pub(crate) authorised_on: Day,
    /// The kind of roll by which it is reported.
    pub(crate) reports_as: String,
}

/// An item that the bank has not reported.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct PayableItem {
    pub(crate) case: CaseId,
    pub(crate) person: PersonId,
    pub(crate) amount: Fen,
    /// Every month it pays; of a grant that is paid once none.
    pub(crate) months: Vec<Month>,
    /// Tag of the account it goes to.
    pub(crate) account: Tag,
}

/// A payroll with what the bank has not reported of it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Payable {
    #[serde(flatten)]
    pub(crate) line: PayableLine,
    pub(crate) items: Vec<PayableItem>,
}

/// The kind of roll by which a programme's payments are reported.
pub(crate) const fn reported_as(programme: Programme) -> RollKind {
    RollKind::BankResult(programme)
}

/// The payrolls of a division and those below it that the bank has to pay, in the order of their
/// ids and behind that id; at most so many, and whether there are more.
pub(crate) fn payable(
    ledger: &Ledger,
    division: DivisionCode,
    after: Option<PayrollId>,
    most: usize,
) -> Result<(Vec<PayableLine>, bool), AskError> {
    Ok(ledger.with_state(|state| {
        let open = state.benefits.payrolls_to_pay(after);
        let mut own = open.filter(|(_, payroll, _)| division.covers(payroll.division));
        let lines = own.by_ref().take(most).map(line).collect();
        (lines, own.next().is_some())
    })?)
}

/// One of them; none when nothing of it is to be paid.
pub(crate) fn payable_named(ledger: &Ledger, id: PayrollId) -> Result<Option<Payable>, AskError> {
    Ok(ledger.with_state(|state| {
        let payroll = state.benefits.payroll(&id).filter(|payroll| !payroll.items.is_empty())?;
        let line = line((&id, payroll, payroll.authorised.as_ref()?));
        let item = |item| payable_item(state, payroll, item);
        Some(Payable { line, items: payroll.items.iter().filter_map(item).collect() })
    })?)
}

fn line((id, payroll, released): (&PayrollId, &Payroll, &Authorised)) -> PayableLine {
    PayableLine {
        payroll: *id,
        programme: payroll.programme,
        month: payroll.month,
        division: payroll.division,
        count: payroll.count,
        total: payroll.total,
        open: payroll.items.len(),
        rest: payroll.rest(),
        organisation: payroll.organisation.clone(),
        authorised_by: released.by.clone(),
        authorised_on: released.on,
        reports_as: reported_as(payroll.programme).to_string(),
    }
}

fn payable_item(state: &State, payroll: &Payroll, item: &Item) -> Option<PayableItem> {
    let case = state.benefits.case(&item.case)?;
    let mut months: Vec<Month> = item.months(payroll.month).filter(|_| case.is_monthly()).collect();
    months.sort_unstable();
    let (person, amount, account) = (case.person, item.amount, item.account);
    Some(PayableItem { case: item.case, person, amount, months, account })
}

/// The roll of a payroll, to be paid by and sent back with the results; the persons whose data are
/// restricted stand without them, and whose were erased.
pub(crate) fn roll_to_pay(
    records: &Records<'_>,
    payable: &Payable,
    restricted: &[PersonId],
    form: Form,
) -> Result<Vec<u8>, AskError> {
    let columns = reported_as(payable.line.programme).columns().of_blank();
    let mut revealer = Revealer::new(*records);
    let mut rows = Vec::with_capacity(payable.items.len());
    for item in &payable.items {
        let payee = if restricted.contains(&item.person) {
            None
        } else {
            payee(records, &mut revealer, item)?
        };
        let cell = |column: &Column| cell(*column, &payable.line, item, payee.as_ref());
        rows.push(columns.iter().map(cell).collect());
    }
    blank(&columns, &rows, form).map_err(|error| AskError::usage(error.to_string()))
}

fn cell(
    column: Column,
    line: &PayableLine,
    item: &PayableItem,
    payee: Option<&Personal>,
) -> String {
    let said = |of: fn(&Personal) -> &Option<String>| payee.and_then(|it| of(it).clone());
    let text = match column {
        Column::Name => said(|it| &it.name),
        Column::CitizenId => said(|it| &it.id_number),
        Column::Account => said(|it| &it.account),
        Column::AccountHolder => said(|it| &it.holder),
        Column::PaidMonth => Some(line.month.to_string()),
        Column::Amount => Some(item.amount.to_string()),
        // Why the cells before it are blank.
        Column::OutcomeReason if payee.is_none() => Some(WITHHELD.to_owned()),
        _ => None,
    };
    text.unwrap_or_default()
}

/// What stands beside a row without personal data.
const WITHHELD: &str = "个人信息受限或已删除，未列出";

/// Name, number, account and holder of who is paid: as the bank itself bound the account, and the
/// rest by what was sealed about the person last. None where it cannot be opened any more.
fn payee(
    records: &Records<'_>,
    revealer: &mut Revealer<'_>,
    item: &PayableItem,
) -> Result<Option<Personal>, AskError> {
    let history = records.index.history(&Who::Subject(Subject::Case(item.case)))?;
    let mut bound = None;
    for index in history.into_iter().rev() {
        let event = records.ledger.event(index)?;
        if matches!(&event.payload.body, Body::AccountBound(data) if data.account == item.account) {
            bound = open(records.ledger, &event)?;
            break;
        }
    }
    let Some(mut payee) = bound else { return Ok(None) };
    if let Some(known) = revealer.person(item.person)? {
        payee.name = known.name.clone().or_else(|| payee.name.take());
        payee.id_number = known.id_number.clone().or_else(|| payee.id_number.take());
    }
    Ok(Some(payee))
}
