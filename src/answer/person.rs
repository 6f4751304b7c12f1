//! A person's record on a day: certificates, payments, facts and flags.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AskError, Erased, FlagLine, Moment, Records, Restricted, Revealer, restriction::restrictions,
};
use crate::ledger::Personal;
use crate::rules::{Certificate, Payment, PersonFile};
use crate::value::{
    Category, CertificateId, Component, Day, DivisionCode, Fen, Level, Month, PersonId, Programme,
};

/// A certificate as it is shown.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct CertificateLine {
    pub(crate) certificate: CertificateId,
    pub(crate) person: PersonId,
    pub(crate) entry: u64,
    pub(crate) category: Category,
    pub(crate) level: Level,
    pub(crate) components: Vec<Component>,
    pub(crate) issued: Day,
    pub(crate) valid_to: Day,
    pub(crate) status: Cow<'static, str>,
    pub(crate) division: DivisionCode,
    pub(crate) legacy: bool,
}

/// A payment as it is shown.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct PaymentLine {
    pub(crate) entry: u64,
    pub(crate) person: PersonId,
    pub(crate) programme: Programme,
    pub(crate) month: Option<Month>,
    pub(crate) year: Option<u16>,
    pub(crate) amount: Fen,
    pub(crate) covers: Vec<Month>,
    pub(crate) back_pay_months: u32,
    pub(crate) paid_on: Option<Day>,
    pub(crate) division: DivisionCode,
}

/// A fact of an outside register as it is shown.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct FactLine {
    pub(crate) entry: u64,
    pub(crate) kind: Cow<'static, str>,
    pub(crate) from: Day,
    pub(crate) to: Option<Day>,
}

/// A person's record on a day.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct PersonRecord {
    pub(crate) person: PersonId,
    pub(crate) on: Day,
    pub(crate) current_to: u64,
    pub(crate) birth_date: Option<Day>,
    pub(crate) division: Option<DivisionCode>,
    /// Since when processing is restricted, if it is.
    pub(crate) restricted: Option<Restricted>,
    /// Since when what was sealed about the person is erased, if it is.
    pub(crate) erased: Option<Erased>,
    pub(crate) certificates: Vec<CertificateLine>,
    pub(crate) payments: Vec<PaymentLine>,
    pub(crate) paid_fen: Fen,
    pub(crate) facts: Vec<FactLine>,
    pub(crate) flags: Vec<FlagLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) personal: Option<Personal>,
}

/// How a certificate stands on a day, by its last one; `is_normal` where it was neither frozen nor
/// ended.
pub(crate) fn certificate_status(is_normal: bool, valid_to: Day, on: Day) -> &'static str {
    if !is_normal {
        "closed"
    } else if valid_to < on {
        "expired"
    } else if valid_to.plus_months(-6) < on {
        "expiring_soon"
    } else {
        "valid"
    }
}

impl CertificateLine {
    pub(crate) fn new(person: PersonId, certificate: &Certificate, on: Day) -> Self {
        let status = certificate_status(certificate.is_normal(), certificate.valid_to, on);
        Self {
            certificate: certificate.certificate,
            person,
            entry: certificate.index,
            category: certificate.category,
            level: certificate.level,
            components: certificate.components.clone(),
            issued: certificate.issued,
            valid_to: certificate.valid_to,
            status: status.into(),
            division: certificate.division,
            legacy: certificate.row.is_some(),
        }
    }

    pub(crate) fn text(&self) -> String {
        let Self { category, level, issued, valid_to, status, .. } = self;
        format!("{} {}级 {issued} - {valid_to} {status}", category.zh(), level.number())
    }
}

impl PaymentLine {
    pub(crate) fn new(person: PersonId, payment: &Payment) -> Self {
        let paid = &payment.paid;
        Self {
            entry: payment.index,
            person,
            programme: paid.programme,
            month: paid.month,
            year: paid.year,
            amount: paid.amount,
            covers: payment.months().collect(),
            back_pay_months: payment.back_pay_months(),
            paid_on: paid.paid_on,
            division: paid.division,
        }
    }

    pub(crate) fn period(&self) -> String {
        let month = self.month.map(|month| month.to_string());
        month.or_else(|| self.year.map(|year| year.to_string())).unwrap_or_default()
    }
}

fn record(
    file: &PersonFile,
    (restricted, erased): (Option<Restricted>, Option<Erased>),
    flags: Vec<FlagLine>,
    personal: Option<Personal>,
    on: Day,
    current_to: u64,
) -> PersonRecord {
    let person = file.person;
    let payments: Vec<_> =
        file.payments.iter().map(|payment| PaymentLine::new(person, payment)).collect();
    PersonRecord {
        person,
        on,
        current_to,
        birth_date: file.birth,
        division: file.division(),
        restricted,
        erased,
        certificates: file
            .certificates
            .iter()
            .map(|certificate| CertificateLine::new(person, certificate, on))
            .collect(),
        paid_fen: payments.iter().map(|payment| payment.amount).sum(),
        payments,
        facts: file
            .facts
            .iter()
            .map(|entry| FactLine {
                entry: entry.index,
                kind: entry.fact.kind.name().into(),
                from: entry.fact.from,
                to: entry.fact.to,
            })
            .collect(),
        flags,
        personal,
    }
}

impl PersonRecord {
    /// Says whether it shows nothing but the person's id.
    pub(crate) fn is_empty(&self) -> bool {
        self.birth_date.is_none()
            && self.division.is_none()
            && self.certificates.is_empty()
            && self.payments.is_empty()
            && self.facts.is_empty()
            && self.flags.is_empty()
    }

    /// The record of a person at a moment, with what is sealed when it is to be revealed.
    pub(crate) fn of(
        records: &Records<'_>,
        moment: &Moment,
        person: PersonId,
        reveal: bool,
    ) -> Result<Self, AskError> {
        let (file, raised) = moment.file_and_flags(records, person)?;
        let mut revealer = Revealer::new(*records);
        let mut flags = Vec::new();
        for flag in raised {
            let revealer = reveal.then_some(&mut revealer);
            flags.push(FlagLine::of(records, moment, flag, revealer)?);
        }
        let personal = if reveal { revealer.person(person)?.cloned() } else { None };
        let current_to = moment.current_to(records);
        let restrictions = restrictions(records, moment, person)?;
        Ok(record(&file, restrictions, flags, personal, moment.on, current_to))
    }
}
