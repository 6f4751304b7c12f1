//! One row of cells to a typed row, or the first fault that keeps it from being one.
//!
//! A blank cell is `None` where the row can do without it. A cell that holds something
//! unreadable rejects the row: leaving it out would turn a typing error into a finding about a
//! person.

use std::borrow::Cow;

use super::{
    clean,
    column::Column,
    error::{Fault, Reason},
    kind::RollKind,
    layout::Layout,
    parse,
    personal::{Legacy, Personal, wipe},
    row::{
        AccountRow, BankResultRow, CertificateRow, DeathRow, FuelRow, HouseholdRow, MemberRow,
        PaymentRow, PrisonerRow, RateRow, Row, ServiceRow, WorksRow,
    },
    sheet::{Sheet, Value},
};
use crate::value::{CitizenId, Day, DivisionCode, Fen, Month};

/// The largest count of digits a spreadsheet number keeps.
const EXACT_LIMIT: f64 = 1e15;

/// One row under a layout.
pub(super) struct Fields<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) layout: &'a Layout,
    pub(super) row: usize,
}

impl Fields<'_> {
    /// The typed row of a kind; `month` is the roll's own, for files without a month column.
    pub(super) fn read(&self, kind: RollKind, month: Option<Month>) -> Result<Row, Fault> {
        Ok(match kind {
            RollKind::CertificateRoster => Row::Certificate(Box::new(self.certificate()?)),
            RollKind::LivingAllowance | RollKind::NursingCareSubsidy | RollKind::Monthly(_) => {
                Row::Payment(Box::new(self.payment(month)?))
            }
            RollKind::FuelSubsidy | RollKind::Yearly(_) => Row::Fuel(Box::new(self.fuel()?)),
            RollKind::Dibao
            | RollKind::ExtremePoverty
            | RollKind::Orphan
            | RollKind::WorkInjuryNursing
            | RollKind::Register(_) => Row::Member(Box::new(self.member()?)),
            RollKind::Deaths => Row::Death(Box::new(self.death()?)),
            RollKind::Prisoners => Row::Prisoner(Box::new(self.prisoner()?)),
            RollKind::InstitutionAccounts => {
                Row::InstitutionAccount(Box::new(self.institution_account()?))
            }
            RollKind::Rates => Row::Rate(Box::new(self.rate()?)),
            RollKind::BankResult(_) => Row::BankResult(Box::new(self.bank_result()?)),
            RollKind::Sessions(_) => self.service(Column::SessionOn, Column::LeftReason)?,
            RollKind::Placements(_) => self.service(Column::PlacedOn, Column::LeftReason)?,
            RollKind::Departures(_) => self.service(Column::LeftOn, Column::LeftReason)?,
            RollKind::SupportVisits => self.service(Column::VisitedOn, Column::VisitKind)?,
            RollKind::Works(_) => Row::Works(Box::new(self.works()?)),
            RollKind::Households => Row::Household(Box::new(self.household()?)),
        })
    }

    fn certificate(&self) -> Result<CertificateRow, Fault> {
        Ok(CertificateRow {
            name: self.name(Column::Name)?,
            id: self.citizen_id()?,
            certificate: self.legacy(Column::CertificateNumber)?,
            category: self.text(Column::Category, parse::category)?,
            level: self.text(Column::Level, parse::level)?,
            components: self.text(Column::Components, parse::components)?,
            issued_on: self.day(Column::IssuedOn)?,
            expires_on: self.day(Column::ExpiresOn)?,
            status: self.text(Column::Status, parse::status)?,
            status_on: self.day(Column::StatusOn)?,
            division: self.division(Column::Division)?,
            township: self.words(Column::Township)?,
            village: self.words(Column::Village)?,
            phone: self.identifier(Column::Phone)?,
            guardian_name: self.name(Column::GuardianName)?,
            guardian_id: self.legacy(Column::GuardianId)?,
            household_number: self.identifier(Column::HouseholdNumber)?,
            institution: self.words(Column::Institution)?,
            assessors: self.assessors()?,
            assessed_on: self.day(Column::AssessedOn)?,
            receiver: self.name(Column::Receiver)?,
            reviewer: self.name(Column::Reviewer)?,
            approver: self.name(Column::Approver)?,
            notice_from: self.day(Column::NoticeFrom)?,
            notice_to: self.day(Column::NoticeTo)?,
        })
    }

    fn payment(&self, month: Option<Month>) -> Result<PaymentRow, Fault> {
        let month =
            if self.layout.has(Column::PaidMonth) { self.month(Column::PaidMonth)? } else { month };
        Ok(PaymentRow {
            name: self.name(Column::Name)?,
            id: self.citizen_id()?,
            certificate: self.legacy(Column::CertificateNumber)?,
            month: required(Column::PaidMonth, month)?,
            amount: self.amount(Column::Amount)?,
            back_pay_months: self
                .text(Column::BackPayMonths, parse::months_count)?
                .unwrap_or_default(),
            back_pay_reason: self.words(Column::BackPayReason)?,
            bank: self.words(Column::Bank)?,
            account: self.identifier(Column::Account)?,
            account_holder: self.name(Column::AccountHolder)?,
            paid_on: self.day(Column::PaidOn)?,
            division: self.division(Column::PayingDivision)?,
        })
    }

    fn fuel(&self) -> Result<FuelRow, Fault> {
        Ok(FuelRow {
            name: self.name(Column::Name)?,
            id: self.citizen_id()?,
            certificate: self.legacy(Column::CertificateNumber)?,
            chassis: self.identifier(Column::Chassis)?,
            engine: self.identifier(Column::Engine)?,
            amount: self.amount(Column::Amount)?,
            bank: self.words(Column::Bank)?,
            account: self.identifier(Column::Account)?,
            account_holder: self.name(Column::AccountHolder)?,
            paid_on: self.day(Column::PaidOn)?,
            division: self.division(Column::PayingDivision)?,
        })
    }

    fn member(&self) -> Result<MemberRow, Fault> {
        Ok(MemberRow {
            household_number: self.identifier(Column::HouseholdNumber)?,
            name: self.name(Column::Name)?,
            id: self.citizen_id()?,
            from: self.month(Column::FromMonth)?,
            to: self.month(Column::ToMonth)?,
        })
    }

    fn death(&self) -> Result<DeathRow, Fault> {
        Ok(DeathRow {
            name: self.name(Column::Name)?,
            id: self.citizen_id()?,
            died_on: required(Column::DiedOn, self.day(Column::DiedOn)?)?,
        })
    }

    fn prisoner(&self) -> Result<PrisonerRow, Fault> {
        Ok(PrisonerRow {
            name: self.name(Column::Name)?,
            id: self.citizen_id()?,
            judgment_on: required(Column::JudgmentOn, self.day(Column::JudgmentOn)?)?,
            released_on: self.day(Column::ReleasedOn)?,
        })
    }

    fn institution_account(&self) -> Result<AccountRow, Fault> {
        Ok(AccountRow {
            account: required(Column::Account, self.identifier(Column::Account)?)?,
            institution: self.words(Column::InstitutionName)?,
        })
    }

    fn rate(&self) -> Result<RateRow, Fault> {
        let named = |column| self.text(column, parse::programme);
        let plain = |column| self.text(column, |text| Some(clean::words(text).into_owned()));
        let programme = if self.layout.has(Column::Programme) {
            Column::Programme
        } else {
            Column::ProgrammeName
        };
        Ok(RateRow {
            programme: required(programme, named(programme)?)?,
            name: plain(Column::ProgrammeName)?,
            unit: plain(Column::Unit)?,
            amount: self.amount(Column::Rate)?,
            valid_from: required(Column::ValidFrom, self.day(Column::ValidFrom)?)?,
            valid_to: self.day(Column::ValidTo)?,
        })
    }

    /// What was done for a person; a layout without a column leaves its cell out.
    fn service(&self, on: Column, what: Column) -> Result<Row, Fault> {
        Ok(Row::Service(Box::new(ServiceRow {
            name: self.name(Column::Name)?,
            id: self.citizen_id()?,
            on: required(on, self.day(on)?)?,
            institution: self.words(Column::InstitutionName)?,
            code: self.words(Column::InstitutionCode)?,
            what: self.words(what)?,
            helper: self.name(Column::Helper)?,
            helper_unit: self.words(Column::HelperUnit)?,
        })))
    }

    fn works(&self) -> Result<WorksRow, Fault> {
        let hash = |column| self.code(column, |text| text.to_ascii_lowercase().parse().ok());
        Ok(WorksRow {
            household_number: self.identifier(Column::HouseholdNumber)?,
            name: self.name(Column::Name)?,
            id: self.citizen_id()?,
            address: self.words(Column::Address)?,
            contractor: self.words(Column::Contractor)?,
            grade: self.text(Column::HouseGrade, parse::house_grade)?,
            before: required(Column::BeforeHash, hash(Column::BeforeHash)?)?,
            after: required(Column::AfterHash, hash(Column::AfterHash)?)?,
            acceptance: hash(Column::AcceptanceHash)?,
            accepted_on: required(Column::AcceptedOn, self.day(Column::AcceptedOn)?)?,
            cost: self.amount(Column::Amount)?,
        })
    }

    fn household(&self) -> Result<HouseholdRow, Fault> {
        let number = self.identifier(Column::HouseholdNumber)?;
        let relation = self.text(Column::Relation, parse::relation_to_head)?;
        let row = HouseholdRow {
            household_number: required(Column::HouseholdNumber, number)?,
            name: self.name(Column::Name)?,
            id: self.citizen_id()?,
            relation: required(Column::Relation, relation)?,
            from: self.day(Column::MemberFrom)?,
            to: self.day(Column::MemberTo)?,
        };
        let contradicts = |column| Fault { column, reason: Reason::Contradicts };
        let head: Option<CitizenId> = self.code(Column::HeadId, |text| text.parse().ok())?;
        if head.is_some_and(|head| (head == row.id) != row.is_head()) {
            return Err(contradicts(Column::HeadId));
        }
        if row.from.zip(row.to).is_some_and(|(from, to)| to < from) {
            return Err(contradicts(Column::MemberTo));
        }
        Ok(row)
    }

    fn bank_result(&self) -> Result<BankResultRow, Fault> {
        let id = self.code(Column::CitizenId, |text| text.parse().ok())?;
        let account = self.identifier(Column::Account)?;
        if id.is_none() && account.is_none() {
            return Err(Fault { column: Column::Account, reason: Reason::Blank });
        }
        Ok(BankResultRow {
            name: self.name(Column::Name)?,
            id,
            account,
            account_holder: self.name(Column::AccountHolder)?,
            month: self.month(Column::PaidMonth)?,
            amount: self.amount(Column::Amount)?,
            is_paid: required(Column::Outcome, self.text(Column::Outcome, parse::is_paid)?)?,
            reason: self.words(Column::OutcomeReason)?,
            on: self.day(Column::OutcomeOn)?,
        })
    }

    /// The cell under a header; blank marks (`无`, `/`) are empty.
    fn value(&self, column: Column) -> Value<'_> {
        let Some(place) = self.layout.place(column) else { return Value::Empty };
        match self.sheet.value(self.row, place) {
            Value::Text(text) if text.len() <= 6 && parse::is_blank_mark(text) => Value::Empty,
            // Two stray quotes in different rows make one cell of all that stands between them.
            Value::Text(text) if text.contains('\n') && text.contains([',', '\t', ';']) => {
                Value::Wrong
            }
            value => value,
        }
    }

    fn citizen_id(&self) -> Result<CitizenId, Fault> {
        let id = self.code(Column::CitizenId, |text| text.parse().ok())?;
        required(Column::CitizenId, id)
    }

    /// A number that keeps its text when it cannot be read.
    fn legacy<T: std::str::FromStr>(&self, column: Column) -> Result<Option<Legacy<T>>, Fault> {
        self.code(column, |text| {
            let value = text.parse().ok();
            Some(Legacy { value, text: Personal::new(Cow::Borrowed(text)) })
        })
    }

    fn identifier(&self, column: Column) -> Result<Option<Personal>, Fault> {
        self.code(column, |text| Some(Personal::new(Cow::Borrowed(text))))
    }

    fn division(&self, column: Column) -> Result<Option<DivisionCode>, Fault> {
        self.code(column, parse::division)
    }

    /// An identifier: text cleaned, or a number cell that still has all its digits.
    fn code<T>(
        &self,
        column: Column,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Fault> {
        let fault = |reason| Fault { column, reason };
        let text = match self.value(column) {
            Value::Empty => return Ok(None),
            Value::Text(text) => clean::identifier(text),
            Value::Number(number) if number.abs() >= EXACT_LIMIT => {
                return Err(fault(Reason::DigitsLost));
            }
            Value::Number(number) => {
                Cow::Owned(whole(number).ok_or(fault(Reason::Unreadable))?.to_string())
            }
            Value::Day(_) | Value::Wrong => return Err(fault(Reason::Unreadable)),
        };
        if parse::is_scientific(&text) {
            return Err(fault(Reason::DigitsLost));
        }
        let found = read(&text);
        wipe(text);
        found.map(Some).ok_or(fault(Reason::Unreadable))
    }

    fn name(&self, column: Column) -> Result<Option<Personal>, Fault> {
        self.text(column, |text| Some(Personal::new(clean::name(text))))
    }

    fn words(&self, column: Column) -> Result<Option<Personal>, Fault> {
        self.text(column, |text| Some(Personal::new(clean::words(text))))
    }

    /// A text, or a whole number written as its digits.
    fn text<T>(
        &self,
        column: Column,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Fault> {
        let fault = Fault { column, reason: Reason::Unreadable };
        let found = match self.value(column) {
            Value::Empty => return Ok(None),
            Value::Text(text) => read(text),
            Value::Number(number) => whole(number).and_then(|n| read(&n.to_string())),
            Value::Day(_) | Value::Wrong => None,
        };
        found.map(Some).ok_or(fault)
    }

    fn day(&self, column: Column) -> Result<Option<Day>, Fault> {
        let found = match self.value(column) {
            Value::Empty => return Ok(None),
            Value::Text(text) => parse::day(text),
            Value::Number(number) => whole(number).and_then(parse::day_of_number),
            Value::Day(day) => Some(day),
            Value::Wrong => None,
        };
        found.map(Some).ok_or(Fault { column, reason: Reason::Unreadable })
    }

    fn month(&self, column: Column) -> Result<Option<Month>, Fault> {
        let found = match self.value(column) {
            Value::Empty => return Ok(None),
            Value::Text(text) => parse::month(text),
            Value::Number(number) => whole(number).and_then(parse::month_of_number),
            Value::Day(day) => Some(day.month()),
            Value::Wrong => None,
        };
        found.map(Some).ok_or(Fault { column, reason: Reason::Unreadable })
    }

    fn amount(&self, column: Column) -> Result<Fen, Fault> {
        let fault = |reason| Fault { column, reason };
        let place = self.layout.place(column);
        if place.is_some_and(|place| self.sheet.is_tall(self.row, place)) {
            return Err(fault(Reason::Merged));
        }
        let found = match self.value(column) {
            Value::Empty => return Err(fault(Reason::Blank)),
            Value::Text(text) => parse::amount(text, parse::AMOUNT_MAX),
            Value::Number(number) => parse::amount_of_number(number, parse::AMOUNT_MAX),
            Value::Day(_) | Value::Wrong => None,
        };
        found.ok_or(fault(Reason::Unreadable))
    }

    /// Assessors from two columns of one name each, or from one column of several names.
    fn assessors(&self) -> Result<Vec<Personal>, Fault> {
        let mut found = Vec::with_capacity(2);
        found.extend(self.name(Column::AssessorOne)?);
        found.extend(self.name(Column::AssessorTwo)?);
        let several = self.text(Column::Assessors, |text| {
            let folded = zeroize::Zeroizing::new(clean::words(text).into_owned());
            let names = folded.split(['、', ',', ';', '/']).filter(|name| !clean::is_blank(name));
            Some(names.map(|name| Personal::new(clean::name(name))).collect::<Vec<_>>())
        })?;
        found.extend(several.into_iter().flatten());
        Ok(found)
    }
}

fn required<T>(column: Column, value: Option<T>) -> Result<T, Fault> {
    value.ok_or(Fault { column, reason: Reason::Blank })
}

/// The whole number a cell holds, if it has all its digits.
fn whole(number: f64) -> Option<u64> {
    let exact = (0.0..EXACT_LIMIT).contains(&number) && number.fract() == 0.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, not negative and below 2^53"
    )]
    exact.then_some(number as u64)
}
