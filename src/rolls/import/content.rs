//! What a row says, as one canonical text: every cleaned cell that holds something, by name, so
//! that neither encoding nor order of columns matters.

use std::fmt::{Display, Write as _};

use zeroize::Zeroizing;

use super::{
    super::{
        column::Column,
        personal::Personal,
        row::{
            AccountRow, BankResultRow, CertificateRow, DeathRow, FuelRow, HouseholdRow, MemberRow,
            PaymentRow, PrisonerRow, Row, ServiceRow, WorksRow,
        },
    },
    gaps,
    keys::{ROW_TEXT_LEN, SEPARATOR},
};
use crate::{
    event::{LegacyStatus, Relation},
    value::{CitizenId, HouseGrade},
};

/// The canonical text of a row: `name=value` of every cell that holds something.
struct Content(Zeroizing<String>);

impl Content {
    fn put(&mut self, name: &str, value: impl Display) {
        let _ = write!(self.0, "{name}={value}{SEPARATOR}");
    }

    fn maybe(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    fn text(&mut self, name: &str, value: Option<&Personal>) {
        self.maybe(name, value.map(Personal::as_str));
    }
}

/// Writes the content of a row. `absent` are the columns that its sheet lacks.
pub(super) fn content(row: &Row, absent: &[Column]) -> Zeroizing<String> {
    let mut content = Content(Zeroizing::new(String::with_capacity(ROW_TEXT_LEN)));
    match row {
        Row::Certificate(row) => certificate(&mut content, row, absent),
        Row::Payment(row) => payment(&mut content, row),
        Row::Fuel(row) => fuel(&mut content, row),
        Row::Member(row) => member(&mut content, row),
        Row::Death(row) => death(&mut content, row),
        Row::Prisoner(row) => prisoner(&mut content, row),
        Row::InstitutionAccount(row) => account(&mut content, row),
        Row::BankResult(row) => bank_result(&mut content, row),
        Row::Service(row) => service(&mut content, row),
        Row::Works(row) => works(&mut content, row),
        Row::Household(row) => household(&mut content, row),
        Row::Rate(_) => {}
    }
    content.0
}

fn certificate(content: &mut Content, row: &CertificateRow, absent: &[Column]) {
    content.text("name", row.name.as_ref());
    content.put("id", row.id.as_str());
    content.text("number", row.certificate.as_ref().map(|number| &number.text));
    content.maybe("category", row.category.map(|category| category.digit()));
    content.maybe("level", row.level.map(|level| level.number()));
    for component in row.components.iter().flatten() {
        let (category, level) = (component.category.digit(), component.level.number());
        content.put("component", format_args!("{category}{level}"));
    }
    content.maybe("issued", row.issued_on);
    content.maybe("valid_to", row.expires_on);
    content.maybe("status", row.status.map(status));
    content.maybe("status_date", row.status_on);
    content.maybe("division", row.division);
    content.text("township", row.township.as_ref());
    content.text("village", row.village.as_ref());
    content.text("phone", row.phone.as_ref());
    content.text("guardian_name", row.guardian_name.as_ref());
    content.text("guardian_id", row.guardian_id.as_ref().map(|id| &id.text));
    content.text("household_no", row.household_number.as_ref());
    content.text("institution", row.institution.as_ref());
    for assessor in &row.assessors {
        content.put("assessor", assessor.as_str());
    }
    content.maybe("assessed_on", row.assessed_on);
    content.text("receiver", row.receiver.as_ref());
    content.text("reviewer", row.reviewer.as_ref());
    content.text("approver", row.approver.as_ref());
    content.maybe("notice_from", row.notice_from);
    content.maybe("notice_to", row.notice_to);
    // A column that comes later with every cell blank changes what the row proves.
    let mut missing: Vec<&str> = absent.iter().map(|column| gaps::name(*column)).collect();
    missing.sort_unstable();
    for column in missing {
        content.put("absent", column);
    }
}

const fn status(status: LegacyStatus) -> &'static str {
    match status {
        LegacyStatus::Normal => "normal",
        LegacyStatus::Frozen => "frozen",
        LegacyStatus::Cancelled => "cancelled",
    }
}

fn payment(content: &mut Content, row: &PaymentRow) {
    content.text("name", row.name.as_ref());
    content.put("id", row.id.as_str());
    content.text("number", row.certificate.as_ref().map(|number| &number.text));
    content.put("month", row.month);
    content.put("amount", row.amount.0);
    content.put("back_pay_months", row.back_pay_months);
    content.text("back_pay_reason", row.back_pay_reason.as_ref());
    content.text("bank", row.bank.as_ref());
    content.text("account", row.account.as_ref());
    content.text("holder", row.account_holder.as_ref());
    content.maybe("paid_on", row.paid_on);
    content.maybe("division", row.division);
}

fn fuel(content: &mut Content, row: &FuelRow) {
    content.text("name", row.name.as_ref());
    content.put("id", row.id.as_str());
    content.text("number", row.certificate.as_ref().map(|number| &number.text));
    content.text("chassis", row.chassis.as_ref());
    content.text("engine", row.engine.as_ref());
    content.put("amount", row.amount.0);
    content.text("bank", row.bank.as_ref());
    content.text("account", row.account.as_ref());
    content.text("holder", row.account_holder.as_ref());
    content.maybe("paid_on", row.paid_on);
    content.maybe("division", row.division);
}

fn member(content: &mut Content, row: &MemberRow) {
    content.text("household_no", row.household_number.as_ref());
    content.text("name", row.name.as_ref());
    content.put("id", row.id.as_str());
    content.maybe("from", row.from);
    content.maybe("to", row.to);
}

fn death(content: &mut Content, row: &DeathRow) {
    content.text("name", row.name.as_ref());
    content.put("id", row.id.as_str());
    content.put("died_on", row.died_on);
}

fn prisoner(content: &mut Content, row: &PrisonerRow) {
    content.text("name", row.name.as_ref());
    content.put("id", row.id.as_str());
    content.put("from", row.judgment_on);
    content.maybe("to", row.released_on);
}

fn account(content: &mut Content, row: &AccountRow) {
    content.put("account", row.account.as_str());
    content.text("institution", row.institution.as_ref());
}

fn bank_result(content: &mut Content, row: &BankResultRow) {
    content.text("name", row.name.as_ref());
    content.maybe("id", row.id.as_ref().map(CitizenId::as_str));
    content.text("account", row.account.as_ref());
    content.text("holder", row.account_holder.as_ref());
    content.maybe("month", row.month);
    content.put("amount", row.amount.0);
    content.put("paid", row.is_paid);
    content.text("reason", row.reason.as_ref());
    content.maybe("on", row.on);
}

fn service(content: &mut Content, row: &ServiceRow) {
    content.text("name", row.name.as_ref());
    content.put("id", row.id.as_str());
    content.put("on", row.on);
    content.text("institution", row.institution.as_ref());
    content.text("code", row.code.as_ref());
    content.text("what", row.what.as_ref());
    content.text("helper", row.helper.as_ref());
    content.text("helper_unit", row.helper_unit.as_ref());
}

fn works(content: &mut Content, row: &WorksRow) {
    content.text("household_no", row.household_number.as_ref());
    content.text("name", row.name.as_ref());
    content.put("id", row.id.as_str());
    content.text("address", row.address.as_ref());
    content.text("contractor", row.contractor.as_ref());
    content.maybe("grade", row.grade.map(HouseGrade::name));
    content.put("before", row.before);
    content.put("after", row.after);
    content.maybe("acceptance", row.acceptance);
    content.put("on", row.accepted_on);
    content.put("cost", row.cost.0);
}

fn household(content: &mut Content, row: &HouseholdRow) {
    content.put("household_no", row.household_number.as_str());
    content.text("name", row.name.as_ref());
    content.put("id", row.id.as_str());
    content.put("relation", row.relation.map_or("head", relation));
    content.maybe("from", row.from);
    content.maybe("to", row.to);
}

const fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Spouse => "spouse",
        Relation::Parent => "parent",
        Relation::Child => "child",
        Relation::Sibling => "sibling",
        Relation::Other => "other",
    }
}
