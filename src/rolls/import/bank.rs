//! The bank's result file: what it says of payments that the ledger knows, and of others.
//!
//! A paid row of a known payment adds nothing; one that an authorised payroll sent is the payment of
//! that line, with the line's months; one that nothing matches is a payment by itself. A returned
//! row names the payment that came back where one can be found.

use std::collections::HashMap;

use zeroize::Zeroizing;

use super::{
    super::{
        column::Column,
        error::{Fault, Reason},
        kind::RollKind,
        row::{BankResultRow, Row},
    },
    Job, KnownRow,
    book::{Book, KnownPayment},
    keys::Keyed,
    place::Placed,
    plan::{Act, Acts, People, RowAct},
    rejected::Why,
    report::ImportError,
};
use crate::{
    crypto::TagKind,
    domain::benefit::Payroll,
    event::Body,
    ledger::ReadError,
    value::{DivisionCode, Fen, Hash, Month, PayrollId, Period, PersonId, Programme, Subject, Tag},
};

/// What a bank's answer became.
pub(super) struct Answered {
    pub(super) programme: Programme,
    pub(super) division: DivisionCode,
    /// The payment that came back, if it is known.
    pub(super) payment: Option<Hash>,
    /// The line of a payroll that was paid.
    pub(super) line: Option<PaidLine>,
    /// The payee's ID number, where the row itself has none.
    pub(super) id_number: Option<Zeroizing<String>>,
}

/// The payment a row speaks of.
struct Found {
    statement: Hash,
    person: PersonId,
    id: Tag,
    division: DivisionCode,
    index: u64,
}

impl From<&KnownPayment> for Found {
    fn from(payment: &KnownPayment) -> Self {
        Self {
            statement: payment.statement,
            person: payment.person,
            id: payment.id,
            division: payment.division,
            index: payment.index,
        }
    }
}

/// What a line of a payroll paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PaidLine {
    pub(super) payroll: PayrollId,
    /// Every month it pays; none of a grant that is paid once.
    pub(super) months: Vec<Month>,
    /// The year of a yearly grant.
    pub(super) year: Option<u16>,
}

/// A line of an authorised payroll that the bank has not reported.
struct Line {
    paid: PaidLine,
    division: DivisionCode,
    amount: Fen,
}

/// The lines of a programme and period that are with the bank. Each answers one row.
struct Lines(HashMap<PersonId, Vec<Line>>);

impl Lines {
    fn read(job: &Job<'_>, programme: Programme) -> Result<Self, ReadError> {
        let (roll, year) = (job.roll, job.terms().year());
        let own = job.options().division;
        job.importer.ledger.with_state(|state| {
            let benefits = &state.benefits;
            let of_period = |payroll: &Payroll| match year {
                Some(year) => payroll.month.year() == i32::from(year),
                None => roll.month.is_none_or(|month| payroll.month == month),
            };
            let mut lines: HashMap<PersonId, Vec<Line>> = HashMap::new();
            for (id, payroll, _) in benefits.payrolls_to_pay(None) {
                if payroll.programme != programme
                    || !own.covers(payroll.division)
                    || !of_period(payroll)
                {
                    continue;
                }
                for item in &payroll.items {
                    let Some(case) = benefits.case(&item.case) else { continue };
                    let mut months: Vec<Month> =
                        item.months(payroll.month).filter(|_| case.is_monthly()).collect();
                    months.sort_unstable();
                    let from = case.granted_from().filter(|_| case.per.1 == Period::Year);
                    let year = from.and_then(|from| u16::try_from(from.year()).ok());
                    lines.entry(case.person).or_default().push(Line {
                        paid: PaidLine { payroll: *id, months, year },
                        division: payroll.division,
                        amount: item.amount,
                    });
                }
            }
            Self(lines)
        })
    }

    /// Takes the line of a person and month; of several the one of the row's amount first.
    fn take(&mut self, person: PersonId, month: Option<Month>, amount: Fen) -> Option<Line> {
        let lines = self.0.get_mut(&person)?;
        let of_month = |line: &Line| {
            let months = &line.paid.months;
            months.is_empty() || month.is_none_or(|month| months.contains(&month))
        };
        let same = lines.iter().position(|line| of_month(line) && line.amount == amount);
        let at = same.or_else(|| lines.iter().position(of_month))?;
        Some(lines.remove(at))
    }
}

/// Compares a bank's result file with the payments of its programme and period.
pub(super) fn plan<'a>(
    job: &Job<'a>,
    rows: Vec<Placed<'a, '_>>,
    programme: Programme,
) -> Result<Acts<'a>, ImportError> {
    let kind = match programme {
        Programme::LIVING_ALLOWANCE => RollKind::LivingAllowance,
        Programme::NURSING_CARE_SUBSIDY => RollKind::NursingCareSubsidy,
        Programme::FUEL_SUBSIDY => RollKind::FuelSubsidy,
        other => RollKind::Monthly(other),
    };
    let mut book = Book::read(job, kind.into(), programme)?;
    let mut lines = Lines::read(job, programme)?;
    let mut people = People::default();
    let mut acts = Acts::default();
    for Placed { row, keyed, key, known } in rows {
        let Row::BankResult(answer) = &row.value else { continue };
        let found = find(job, &mut book, answer, keyed);
        if known.as_ref().is_some_and(|known| known.content == keyed.content) {
            acts.unchanged += 1;
            continue;
        }
        let line = line(job, &mut lines, answer, keyed)?;
        let (corrects, payment) = match before(job, known.as_ref())? {
            // What a payroll sent is another transfer than the one answered before.
            _ if line.is_some() => (None, None),
            // What came back was paid after all, or what was paid came back.
            Some((earlier, false)) if answer.is_paid => {
                acts.acts.push(Act::Retract { key, row: earlier.clone() });
                (None, None)
            }
            Some((earlier, true)) if !answer.is_paid => (None, Some(earlier.statement)),
            Some((earlier, _)) => (Some((earlier.statement, earlier.index)), None),
            None => (None, None),
        };
        if answer.is_paid && found.is_some() {
            acts.unchanged += 1;
            continue;
        }
        let who = match payee(job, &mut people, keyed, found.as_ref())? {
            Ok(who) => who,
            Err(why) => {
                acts.rejected.push(job.rejected(row, why));
                continue;
            }
        };
        if answer.is_paid && answer.name.is_none() {
            let fault = Fault { column: Column::Name, reason: Reason::Blank };
            acts.rejected.push(job.rejected(row, fault.into()));
            continue;
        }
        let (person, id, id_number) = who;
        let payment = payment.or_else(|| found.as_ref().map(|found| found.statement));
        acts.acts.push(Act::Row(Box::new(RowAct {
            row,
            key,
            content: keyed.content,
            corrects,
            subject: Subject::Person(person),
            person: Some(person),
            id: Some(id),
            answered: Some(Answered {
                programme,
                division: line
                    .as_ref()
                    .map(|line| line.division)
                    .or_else(|| found.map(|found| found.division))
                    .unwrap_or(job.options().division),
                payment,
                line: line.map(|line| line.paid),
                id_number,
            }),
            placement: None,
            helper: None,
        })));
    }
    Ok(acts)
}

/// The earlier answer under the same key, and whether it was a payment.
fn before<'r>(
    job: &Job<'_>,
    known: Option<&'r KnownRow>,
) -> Result<Option<(&'r KnownRow, bool)>, ImportError> {
    let Some(known) = known else { return Ok(None) };
    let event = job.importer.ledger.event(known.index)?;
    Ok(Some((known, matches!(event.payload.body, Body::PaymentExecuted(_)))))
}

/// The line of a payroll that a row answers.
fn line(
    job: &Job<'_>,
    lines: &mut Lines,
    answer: &BankResultRow,
    keyed: &Keyed,
) -> Result<Option<Line>, ReadError> {
    let Some(id) = keyed.id else { return Ok(None) };
    let person = job.importer.ledger.with_state(|state| state.people.by_tag(&id))?;
    let month = answer.month.or(job.roll.month);
    Ok(person.and_then(|person| lines.take(person, month, answer.amount)))
}

fn find(job: &Job<'_>, book: &mut Book, answer: &BankResultRow, keyed: &Keyed) -> Option<Found> {
    let month = answer.month.or(job.roll.month);
    let account = answer.account.as_ref();
    let account = account.map(|account| job.store.tag(TagKind::Account, account.as_str()));
    let payment = match (&keyed.id, &account) {
        (Some(id), account) => book.take(id, month, answer.amount, *account),
        (None, Some(account)) => book.take_only(account, month, answer.amount),
        (None, None) => None,
    };
    payment.map(Found::from)
}

type Payee = (PersonId, Tag, Option<Zeroizing<String>>);

/// Whose payment it is: of the row's ID number, else of the one payment found.
fn payee(
    job: &Job<'_>,
    people: &mut People,
    keyed: &Keyed,
    found: Option<&Found>,
) -> Result<Result<Payee, Why>, ImportError> {
    let ledger = job.importer.ledger;
    match (keyed.id, found) {
        (Some(id), found) => {
            let known = ledger.with_state(|state| people.find(state, &id))?;
            let person = match found.map(|found| found.person).or(known) {
                Some(person) => person,
                None => people.mint(id)?,
            };
            Ok(Ok((person, id, None)))
        }
        (None, Some(found)) => {
            let event = ledger.event(found.index)?;
            let sealed = event.payload.sealed.first();
            let opened = sealed.and_then(|sealed| {
                let name = event.payload.body.name();
                job.store.open_sealed(sealed, &event.subject, name).ok()
            });
            let number = opened.and_then(|personal| personal.id_number.clone());
            Ok(number
                .map(|number| (found.person, found.id, Some(Zeroizing::new(number))))
                .ok_or(Why::Erased))
        }
        (None, None) => Ok(Err(Why::NobodyNamed)),
    }
}
