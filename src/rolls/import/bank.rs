//! The bank's result file: what it says of payments that the ledger knows, and of others.
//!
//! A paid row of a known payment adds nothing; one that nothing matches is a payment by itself.
//! A returned row names the payment that came back where one can be found.

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
    event::Body,
    value::{DivisionCode, Hash, PersonId, Programme, Subject, Tag},
};

/// What a bank's answer became.
pub(super) struct Answered {
    pub(super) programme: Programme,
    pub(super) division: DivisionCode,
    /// The payment that came back, if it is known.
    pub(super) payment: Option<Hash>,
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
    let mut people = People::default();
    let mut acts = Acts::default();
    for Placed { row, keyed, key, known } in rows {
        let Row::BankResult(answer) = &row.value else { continue };
        let found = find(job, &mut book, answer, keyed);
        if known.as_ref().is_some_and(|known| known.content == keyed.content) {
            acts.unchanged += 1;
            continue;
        }
        let (corrects, payment) = match before(job, known.as_ref())? {
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
                division: found.map_or(job.options().division, |found| found.division),
                payment,
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
