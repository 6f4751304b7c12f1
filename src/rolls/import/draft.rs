//! A row to the data of its event and what is sealed with it.
//!
//! Every field of a row goes to one place: clear data, a tag with its sealed text, or, where a
//! text may not stand in clear and has no field of its own, a named line of the sealed `reason`.

mod certificate;
mod home;
mod payment;
mod service;

use super::{
    super::{
        column::Column,
        error::{Fault, Reason},
        personal::Personal as Cell,
        row::Row,
    },
    Terms,
    book::Book,
    fact_kind,
    keys::Keyed,
    plan::RowAct,
    rejected::Why,
};
use crate::{
    crypto::TagKind,
    event::{Body, ExternalFactRecorded, InstitutionAccountRecorded},
    ledger::Personal,
    value::{CitizenId, Day, Fen, Label, Month, Tag},
};

/// An event before it is sealed and signed.
pub(super) struct Draft {
    pub(super) body: Body,
    /// The day it happened in the world, as far as the row says.
    pub(super) at: Day,
    /// What is sealed; outside people leave tags and dates only.
    pub(super) personal: Option<Personal>,
}

/// Says whether a row has what its event cannot do without.
pub(super) fn check(terms: &Terms<'_>, row: &Row, absent: &[Column]) -> Result<(), Why> {
    match row {
        Row::Certificate(row) => certificate::Required::of(row, absent).map(|_| ()),
        Row::Payment(row) => required(Column::Name, row.name.as_ref()).map(|_| ()),
        Row::Fuel(row) => required(Column::Name, row.name.as_ref()).map(|_| ()),
        Row::Member(row) => required(Column::FromMonth, row.from).map(|_| ()),
        Row::InstitutionAccount(row) => institution(row.institution.as_ref()).map(|_| ()),
        Row::Rate(row) => required(Column::Unit, row.unit.as_ref()).map(|_| ()),
        Row::BankResult(row) => {
            let month = row.month.or(terms.roll.month);
            let needs_month = terms.year().is_none();
            required(Column::PaidMonth, month.map(|_| ()).or((!needs_month).then_some(())))
        }
        Row::Service(row) => service::check(terms.roll.kind, row),
        Row::Works(row) => home::check_works(terms, row),
        Row::Death(_) | Row::Prisoner(_) | Row::Household(_) => Ok(()),
    }
}

/// The draft of a row's event; none for rows that have no event of their own.
pub(super) fn draft(terms: &Terms<'_>, act: &RowAct<'_>) -> Option<Draft> {
    match &act.row.value {
        Row::Certificate(row) => certificate::draft(terms, act, row),
        Row::Payment(row) => payment::monthly(terms, act, row),
        Row::Fuel(row) => payment::fuel(terms, act, row),
        Row::BankResult(row) => payment::answered(terms, act, row),
        Row::InstitutionAccount(row) => {
            let body = InstitutionAccountRecorded {
                account: terms.tagger.tag(TagKind::Account, row.account.as_str()),
                institution: institution(row.institution.as_ref()).ok()?,
                row: Some(act.row_ref(terms.id)),
            };
            Some(Draft { body: body.into(), at: terms.options.at, personal: None })
        }
        Row::Member(row) => {
            let (from, to) = (row.from?.first_day(), row.to.map(Month::last_day));
            fact(terms, act, &row.id, row.name.as_ref(), (from, to), row.household_number.as_ref())
        }
        Row::Death(row) => fact(terms, act, &row.id, row.name.as_ref(), (row.died_on, None), None),
        Row::Prisoner(row) => {
            let span = (row.judgment_on, row.released_on);
            fact(terms, act, &row.id, row.name.as_ref(), span, None)
        }
        Row::Service(row) => service::draft(terms, act, row),
        Row::Works(row) => home::works(terms, act, row),
        Row::Household(row) => home::member(terms, act, row),
        Row::Rate(_) => None,
    }
}

fn fact(
    terms: &Terms<'_>,
    act: &RowAct<'_>,
    id: &CitizenId,
    name: Option<&Cell>,
    (from, to): (Day, Option<Day>),
    household: Option<&Cell>,
) -> Option<Draft> {
    let body = ExternalFactRecorded {
        person: act.person,
        id: act.id?,
        id_form: id.form(),
        name: tag(terms, TagKind::Name, name),
        kind: fact_kind(terms.roll.kind)?,
        from,
        to,
        household_no: tag(terms, TagKind::HouseholdNo, household),
        division: None,
        row: Some(act.row_ref(terms.id)),
    };
    Some(Draft { body: body.into(), at: terms.no_later(Some(from)), personal: None })
}

/// The statement by which the bank reported the payment of this very row before its roll came.
pub(super) fn answered_before(
    row: &Row,
    keyed: &Keyed,
    answers: &mut Book,
) -> Option<(crate::value::Hash, u64)> {
    let (month, amount): (Option<Month>, Fen) = match row {
        Row::Payment(row) => (Some(row.month), row.amount),
        Row::Fuel(row) => (None, row.amount),
        _ => return None,
    };
    let payment = answers.take(&keyed.id?, month, amount, None)?;
    Some((payment.statement, payment.index))
}

fn required<T>(column: Column, value: Option<T>) -> Result<T, Why> {
    value.ok_or(Why::Cell(Fault { column, reason: Reason::Blank }))
}

fn institution(text: Option<&Cell>) -> Result<Label, Why> {
    let text = required(Column::InstitutionName, text)?;
    text.as_str().parse().map_err(|_| Why::NotClear(Column::InstitutionName))
}

fn tag(terms: &Terms<'_>, kind: TagKind, cell: Option<&Cell>) -> Option<Tag> {
    cell.map(|cell| terms.tagger.tag(kind, cell.as_str()))
}

fn text(cell: Option<&Cell>) -> Option<String> {
    cell.map(|cell| cell.as_str().to_owned())
}

/// The text as a label, if it may stand in clear; else it becomes a line of `reason`.
fn clear(cell: Option<&Cell>, column: Column, personal: &mut Personal) -> Option<Label> {
    let cell = cell?;
    let label = cell.as_str().parse().ok();
    if label.is_none() {
        line(column, cell, personal);
    }
    label
}

/// Adds a named line to the sealed `reason`.
fn line(column: Column, cell: &Cell, personal: &mut Personal) {
    let reason = personal.reason.get_or_insert_default();
    if !reason.is_empty() {
        reason.push('\n');
    }
    reason.push_str(column.zh());
    reason.push_str(": ");
    reason.push_str(cell.as_str());
}
