//! `show`: one person's record as it stands on a day, or one entry.

use clap::Args;
use serde::Serialize;

use super::{
    error::CliError,
    flags, history,
    moment::{Moment, When},
    reading::{Found, Reading, Revealer},
    session::Session,
};
use crate::ledger::Personal;
use crate::projection::Who;
use crate::rules::{Certificate, Payment, PersonFile};
use crate::value::{
    Category, CertificateId, Component, Day, DivisionCode, Fen, Level, Month, PersonId, Programme,
};

/// Show a person's certificates, payments, facts and flags on a day (查询)
///
/// For any other subject, and for an index, the events themselves are shown.
#[derive(Args)]
pub(super) struct Show {
    /// A citizen ID, a certificate number, a subject or an index
    #[arg(value_name = "WHO")]
    who: String,
    #[command(flatten)]
    when: When,
    /// Show personal data
    #[arg(long)]
    reveal: bool,
}

/// A certificate as it is printed.
#[derive(Serialize)]
pub(super) struct CertificateLine {
    pub(super) certificate: CertificateId,
    pub(super) person: PersonId,
    pub(super) entry: u64,
    pub(super) category: Category,
    pub(super) level: Level,
    pub(super) components: Vec<Component>,
    pub(super) issued: Day,
    pub(super) valid_to: Day,
    pub(super) status: &'static str,
    pub(super) division: DivisionCode,
    pub(super) legacy: bool,
}

/// A payment as it is printed.
#[derive(Serialize)]
pub(super) struct PaymentLine {
    pub(super) entry: u64,
    pub(super) person: PersonId,
    pub(super) programme: Programme,
    pub(super) month: Option<Month>,
    pub(super) year: Option<u16>,
    pub(super) amount: Fen,
    pub(super) covers: Vec<Month>,
    pub(super) back_pay_months: u32,
    pub(super) paid_on: Option<Day>,
    pub(super) division: DivisionCode,
}

#[derive(Serialize)]
struct FactLine {
    entry: u64,
    kind: &'static str,
    from: Day,
    to: Option<Day>,
}

#[derive(Serialize)]
struct Record {
    person: PersonId,
    on: Day,
    current_to: u64,
    birth_date: Option<Day>,
    division: Option<DivisionCode>,
    certificates: Vec<CertificateLine>,
    payments: Vec<PaymentLine>,
    paid_fen: Fen,
    facts: Vec<FactLine>,
    flags: Vec<flags::Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    personal: Option<Personal>,
}

impl CertificateLine {
    pub(super) fn new(person: PersonId, certificate: &Certificate, on: Day) -> Self {
        let status = if !certificate.is_normal() {
            "closed"
        } else if certificate.valid_to < on {
            "expired"
        } else if certificate.valid_to.plus_months(-6) < on {
            "expiring_soon"
        } else {
            "valid"
        };
        Self {
            certificate: certificate.certificate,
            person,
            entry: certificate.index,
            category: certificate.category,
            level: certificate.level,
            components: certificate.components.clone(),
            issued: certificate.issued,
            valid_to: certificate.valid_to,
            status,
            division: certificate.division,
            legacy: certificate.row.is_some(),
        }
    }

    pub(super) fn text(&self) -> String {
        let Self { category, level, issued, valid_to, status, .. } = self;
        format!("{} {}级 {issued} - {valid_to} {status}", category.zh(), level.number())
    }
}

impl PaymentLine {
    pub(super) fn new(person: PersonId, payment: &Payment) -> Self {
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

    pub(super) fn period(&self) -> String {
        let month = self.month.map(|month| month.to_string());
        month.or_else(|| self.year.map(|year| year.to_string())).unwrap_or_default()
    }
}

impl Show {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let reading = Reading::open(session, self.reveal)?;
        let moment = self.when.moment(&reading)?;
        match reading.find(&self.who)? {
            Found::Who(Who::Person(person, _)) => self.person(session, &reading, &moment, person),
            Found::Who(who) => {
                let lines = self.events(&reading, &moment, &reading.index.history(&who)?)?;
                history::print(session, &lines);
                Ok(())
            }
            Found::Entry(index) => {
                let lines = self.events(&reading, &moment, &[index])?;
                history::print(session, &lines);
                Ok(())
            }
        }
    }

    fn events(
        &self,
        reading: &Reading,
        moment: &Moment,
        of: &[u64],
    ) -> Result<Vec<history::Line>, CliError> {
        let mut lines = Vec::new();
        for index in of.iter().filter(|index| moment.knows(**index)) {
            let event = reading.ledger.event(*index)?;
            if event.payload.at <= moment.on {
                lines.push(history::line(reading, event, self.reveal)?);
            }
        }
        Ok(lines)
    }

    fn person(
        &self,
        session: &mut Session,
        reading: &Reading,
        moment: &Moment,
        person: PersonId,
    ) -> Result<(), CliError> {
        let files = moment.files(reading, &[person])?;
        let Some(file) = files.first() else { return Ok(()) };
        let mut revealer = Revealer::new(reading);
        let mut flags = Vec::new();
        for flag in moment.flags_of(reading, person)? {
            let revealer = self.reveal.then_some(&mut revealer);
            flags.push(flags::line(reading, moment, flag, revealer)?);
        }
        let personal = if self.reveal { revealer.person(person)?.cloned() } else { None };
        let current_to = moment.current_to(reading);
        let record = record(file, flags, personal, moment.on, current_to);
        session.out.document(&record, &fields(&record));
        Ok(())
    }
}

fn record(
    file: &PersonFile,
    flags: Vec<flags::Line>,
    personal: Option<Personal>,
    on: Day,
    current_to: u64,
) -> Record {
    let person = file.person;
    let payments: Vec<_> =
        file.payments.iter().map(|payment| PaymentLine::new(person, payment)).collect();
    Record {
        person,
        on,
        current_to,
        birth_date: file.birth,
        division: file.division(),
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
                kind: entry.fact.kind.name(),
                from: entry.fact.from,
                to: entry.fact.to,
            })
            .collect(),
        flags,
        personal,
    }
}

fn fields(record: &Record) -> Vec<(&'static str, String)> {
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut fields = vec![("person", format!("person:{}", record.person))];
    if let Some(personal) = &record.personal {
        fields.push(("name 姓名", personal.name.clone().unwrap_or_default()));
        fields.push(("id 身份号码", personal.id_number.clone().unwrap_or_default()));
    }
    fields.push(("born 出生", day(record.birth_date)));
    fields.push(("division 区划", record.division.map(|d| d.to_string()).unwrap_or_default()));
    for certificate in &record.certificates {
        fields.push(("certificate 残疾人证", certificate.text()));
    }
    for payment in &record.payments {
        let text = format!("{} {} {}", payment.programme, payment.period(), payment.amount);
        fields.push(("payment 发放", text));
    }
    fields.push(("paid in all 合计", format!("{} yuan", record.paid_fen)));
    for fact in &record.facts {
        let to = day(fact.to);
        fields.push(("fact 外部信息", format!("{} {} - {to}", fact.kind, fact.from)));
    }
    for flag in &record.flags {
        fields.push(("flag 疑点", flag.text()));
    }
    fields.push(("as of", format!("{}, entry {}", record.on, record.current_to)));
    fields
}
