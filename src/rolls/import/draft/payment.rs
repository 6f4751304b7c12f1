//! Rows about money: monthly payments, fuel grants, and the bank's answers.

use super::{
    super::{
        super::{
            column::Column,
            row::{BankResultRow, FuelRow, PaymentRow},
        },
        Terms,
        plan::RowAct,
    },
    Draft,
    certificate::number_tag,
    clear, tag, text,
};
use crate::{
    crypto::TagKind,
    event::{PaymentExecuted, PaymentReturned},
    ledger::Personal,
};

/// Drafts the `payment.executed` of a monthly roll.
pub(super) fn monthly(terms: &Terms<'_>, act: &RowAct<'_>, row: &PaymentRow) -> Option<Draft> {
    let name = row.name.as_ref()?;
    let mut personal = Personal::default();
    personal.name = Some(name.as_str().to_owned());
    personal.id_number = Some(row.id.as_str().to_owned());
    personal.certificate_number = text(row.certificate.as_ref().map(|number| &number.text));
    personal.account = text(row.account.as_ref());
    personal.holder = text(row.account_holder.as_ref());
    personal.reason = text(row.back_pay_reason.as_ref());
    let bank = clear(row.bank.as_ref(), Column::Bank, &mut personal);
    let body = PaymentExecuted {
        person: act.person?,
        id: act.id?,
        name: terms.tagger.tag(TagKind::Name, name.as_str()),
        number: number_tag(terms, row.certificate.as_ref()),
        programme: terms.programme()?,
        month: Some(row.month),
        year: None,
        amount: row.amount,
        months: Vec::new(),
        back_pay_months: row.back_pay_months,
        back_pay_reason: row.back_pay_reason.is_some(),
        account: tag(terms, TagKind::Account, row.account.as_ref()),
        holder: tag(terms, TagKind::Name, row.account_holder.as_ref()),
        bank,
        paid_on: row.paid_on,
        division: row.division.unwrap_or(terms.options.division),
        chassis: None,
        engine: None,
        payroll: None,
        holder_match: None,
        row: Some(act.row_ref(terms.id)),
    };
    Some(Draft { body: body.into(), at: terms.no_later(row.paid_on), personal: Some(personal) })
}

/// Drafts the `payment.executed` of a fuel grant, or of another grant of a year.
pub(super) fn fuel(terms: &Terms<'_>, act: &RowAct<'_>, row: &FuelRow) -> Option<Draft> {
    let name = row.name.as_ref()?;
    let mut personal = Personal::default();
    personal.name = Some(name.as_str().to_owned());
    personal.id_number = Some(row.id.as_str().to_owned());
    personal.certificate_number = text(row.certificate.as_ref().map(|number| &number.text));
    personal.account = text(row.account.as_ref());
    personal.holder = text(row.account_holder.as_ref());
    personal.chassis = text(row.chassis.as_ref());
    personal.engine = text(row.engine.as_ref());
    let bank = clear(row.bank.as_ref(), Column::Bank, &mut personal);
    let body = PaymentExecuted {
        person: act.person?,
        id: act.id?,
        name: terms.tagger.tag(TagKind::Name, name.as_str()),
        number: number_tag(terms, row.certificate.as_ref()),
        programme: terms.programme()?,
        month: None,
        year: terms.year(),
        amount: row.amount,
        months: Vec::new(),
        back_pay_months: 0,
        back_pay_reason: false,
        account: tag(terms, TagKind::Account, row.account.as_ref()),
        holder: tag(terms, TagKind::Name, row.account_holder.as_ref()),
        bank,
        paid_on: row.paid_on,
        division: row.division.unwrap_or(terms.options.division),
        chassis: tag(terms, TagKind::Chassis, row.chassis.as_ref()),
        engine: tag(terms, TagKind::Engine, row.engine.as_ref()),
        payroll: None,
        holder_match: None,
        row: Some(act.row_ref(terms.id)),
    };
    Some(Draft { body: body.into(), at: terms.no_later(row.paid_on), personal: Some(personal) })
}

/// Drafts what the bank reports: a payment nobody else reported, or one that came back.
pub(super) fn answered(terms: &Terms<'_>, act: &RowAct<'_>, row: &BankResultRow) -> Option<Draft> {
    let answered = act.answered.as_ref()?;
    let at = terms.no_later(row.on);
    let mut personal = Personal::default();
    personal.name = text(row.name.as_ref());
    personal.id_number = match &row.id {
        Some(id) => Some(id.as_str().to_owned()),
        None => answered.id_number.as_deref().cloned(),
    };
    personal.account = text(row.account.as_ref());
    personal.holder = text(row.account_holder.as_ref());
    let line = answered.line.as_ref();
    let monthly = line.map_or(terms.year().is_none(), |line| !line.months.is_empty());
    let month = row.month.or(terms.roll.month).filter(|_| monthly);
    let year = line.and_then(|line| line.year).or_else(|| terms.year());
    let (person, id) = (act.person?, act.id?);
    let body = if row.is_paid {
        PaymentExecuted {
            person,
            id,
            name: terms.tagger.tag(TagKind::Name, row.name.as_ref()?.as_str()),
            number: None,
            programme: answered.programme,
            month,
            year,
            amount: row.amount,
            months: line.map(|line| line.months.clone()).unwrap_or_default(),
            back_pay_months: 0,
            back_pay_reason: false,
            account: tag(terms, TagKind::Account, row.account.as_ref()),
            holder: tag(terms, TagKind::Name, row.account_holder.as_ref()),
            bank: None,
            paid_on: row.on,
            division: answered.division,
            chassis: None,
            engine: None,
            payroll: line.map(|line| line.payroll),
            holder_match: None,
            row: Some(act.row_ref(terms.id)),
        }
        .into()
    } else {
        PaymentReturned {
            person,
            id,
            payment: answered.payment,
            programme: answered.programme,
            month,
            year,
            amount: row.amount,
            months: Vec::new(),
            division: answered.division,
            reason: clear(row.reason.as_ref(), Column::OutcomeReason, &mut personal),
            returned_on: row.on,
            row: Some(act.row_ref(terms.id)),
        }
        .into()
    };
    Some(Draft { body, at, personal: Some(personal) })
}
