//! Statements to append and a roll to import: about people who do not exist, whose numbers have
//! the prefix 99 that no division has.

use rayon::prelude::*;

use super::BenchError;
use crate::crypto::TagKind;
use crate::demo::Pens;
use crate::event::{ExternalFactRecorded, Payload, PaymentExecuted};
use crate::ledger::{Ledger, Personal, PersonalError, PersonalStore};
use crate::value::{
    CitizenId, Day, DivisionCode, FactKind, Fen, IdForm, Label, Month, PersonId, Programme,
    Subject, Tag,
};

/// Reports facts of the civil-affairs register.
const CUSTODIAN: &str = "411700-welfare-1";
/// Reports payments, and sends the roll.
pub(super) const BANK: &str = "411700-bank-1";
pub(super) const DIVISION: &str = "411702";
/// The month paid.
pub(super) const MONTH: &str = "2026-06";
const NAME: &str = "张三";

/// Writes statements for one ledger.
pub(super) struct Work<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) pens: &'a Pens,
    /// People whom the statements are about, each in turn.
    pub(super) people: u64,
}

/// The pseudonym of a person of the measure.
pub(super) fn person(number: u64) -> PersonId {
    let hash = blake3::derive_key("mingzheng bench person", &number.to_be_bytes());
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    PersonId(id)
}

/// Their ID number.
fn id_number(number: u64) -> String {
    let (year, month, day) = (1940 + number % 60, 1 + number / 60 % 12, 1 + number / 720 % 28);
    let body = format!("991702{year:04}{month:02}{day:02}{:03}", number / 20_160 % 1000);
    let digits: Option<&[u8; 17]> = body.as_bytes().first_chunk();
    let check = digits.and_then(CitizenId::check_for).unwrap_or('X');
    format!("{body}{check}")
}

fn account(number: u64) -> String {
    format!("9900{number:015}")
}

impl Work<'_> {
    /// Facts of a register, signed: statements of about 500 bytes.
    pub(super) fn facts(&self, numbers: std::ops::Range<u64>) -> Result<Vec<Vec<u8>>, BenchError> {
        let (store, today) = (self.store()?, self.pens.today());
        let pen = self.pens.pen(CUSTODIAN)?;
        let name = store.tag(TagKind::Name, NAME);
        let sign = |number: u64| -> Result<Vec<u8>, BenchError> {
            let who = number % self.people;
            let from = Day::from_index(today.index().saturating_sub(2000)).month();
            let from = from.plus(i32::try_from(number / self.people % 60).unwrap_or_default());
            let fact = ExternalFactRecorded {
                person: Some(person(who)),
                id: store.tag(TagKind::Id, &id_number(who)),
                id_form: IdForm::Valid,
                name: Some(name),
                kind: FactKind::Dibao,
                from: from.first_day(),
                to: Some(from.last_day()),
                household_no: Some(store.tag(TagKind::HouseholdNo, &who.to_string())),
                division: None,
                row: None,
            };
            Ok(pen.write(&Subject::Person(person(who)), &Payload::new(today, fact))?.bytes)
        };
        numbers.into_par_iter().map(sign).collect()
    }

    /// Payments with their personal data sealed, signed: statements of about a kilobyte.
    pub(super) fn payments(
        &self,
        numbers: std::ops::Range<u64>,
    ) -> Result<Vec<Vec<u8>>, BenchError> {
        let (store, today) = (self.store()?, self.pens.today());
        let pen = self.pens.pen(BANK)?;
        let (division, bank): (DivisionCode, Label) = (DIVISION.parse()?, "示例支行".parse()?);
        let first: Month = MONTH.parse()?;
        let id_tags: Vec<Tag> = numbers
            .clone()
            .into_par_iter()
            .map(|number| store.tag(TagKind::Id, &id_number(number % self.people)))
            .collect();
        let keys = store.keys_for(&id_tags)?;
        let name = store.tag(TagKind::Name, NAME);
        let sign = |(number, (id, key))| -> Result<Vec<u8>, BenchError> {
            let who: u64 = number % self.people;
            let subject = Subject::Person(person(who));
            let back = i32::try_from(number / self.people % 60).unwrap_or_default();
            let month = first.plus(-back);
            let mut personal = Personal::default();
            personal.name = Some(NAME.to_owned());
            personal.id_number = Some(id_number(who));
            personal.certificate_number = Some(certificate_number(who));
            personal.account = Some(account(who));
            personal.holder = Some(NAME.to_owned());
            let payment = PaymentExecuted {
                person: person(who),
                id,
                name,
                number: Some(store.tag(TagKind::Certificate, &certificate_number(who))),
                programme: Programme::LIVING_ALLOWANCE,
                month: Some(month),
                year: None,
                amount: Fen(6000),
                months: Vec::new(),
                back_pay_months: 0,
                back_pay_reason: false,
                account: Some(store.tag(TagKind::Account, &account(who))),
                holder: Some(name),
                bank: Some(bank.clone()),
                paid_on: Some(month.last_day()),
                division,
                chassis: None,
                engine: None,
                payroll: None,
                holder_match: None,
                row: None,
            };
            let mut payload = Payload::new(month.last_day().min(today), payment);
            let sealed = store.seal(&key, &subject, payload.body.name(), &personal)?;
            payload.sealed.push(sealed);
            Ok(pen.write(&subject, &payload)?.bytes)
        };
        let numbered: Vec<_> = numbers.zip(id_tags.into_iter().zip(keys)).collect();
        numbered.into_par_iter().map(sign).collect()
    }

    fn store(&self) -> Result<&PersonalStore, BenchError> {
        Ok(self.ledger.personal().ok_or(PersonalError::NoTagKey)?)
    }
}

fn certificate_number(number: u64) -> String {
    format!("{}44", id_number(number))
}

/// A payment roll of a month as an office's file, one row a person.
pub(super) fn roll(people: u64) -> String {
    let mut csv = String::from(
        "姓名,身份证号,残疾人证号,补贴月份,金额(元),开户行,银行账号,户名,发放日期,发放区划代码\n",
    );
    for number in 0..people {
        let row = [
            NAME,
            &id_number(number),
            &certificate_number(number),
            MONTH,
            "60.00",
            "示例支行",
            &account(number),
            NAME,
            "2026-06-24",
            DIVISION,
        ];
        csv.push_str(&row.join(","));
        csv.push('\n');
    }
    csv
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_of_the_measure_are_told_apart_and_have_demo_numbers() {
        let numbers: std::collections::HashSet<String> = (0..100_000).map(id_number).collect();
        assert_eq!(numbers.len(), 100_000);
        for number in [0, 1, 20_159, 20_160, 99_999] {
            let id: CitizenId = id_number(number).parse().unwrap();
            assert_eq!((id.form(), id.is_demo()), (IdForm::Valid, true), "{number}");
        }
        assert_ne!(person(0), person(1));
    }
}
