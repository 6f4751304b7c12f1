//! Accounts, batches and payments of a walk.

use std::collections::BTreeMap;

use super::{APPROVER, BANK, Batch, CLERK, Life, Step, WELFARE, fen, named, wrong};
use crate::crypto::{TagKind, random_bytes};
use crate::demo::DemoError;
use crate::demo::county::office::{Draft, Office, evidence, label};
use crate::domain::benefit::propose::batch;
use crate::event::{
    AccountBound, AccountHolder, AccountUnbound, ItemUnit, PaymentExecuted, PayrollItem,
};
use crate::value::{PayrollId, Period, Programme, Subject};

impl Life {
    fn unbind(&self, letter: char, office: &mut Office<'_>) -> Result<(), DemoError> {
        let (case, (person, ..)) = (self.case(letter)?, self.who(letter)?);
        let account = office.tag(TagKind::Account, &self.account(letter)?);
        let data = AccountUnbound { person, account, reason: label("本人更换账户")? };
        let subject = Subject::Case(case.id);
        let unbound = office.sign(BANK, &subject, Draft::of(data))?;
        office.endorse(CLERK, &subject, unbound)
    }

    pub(super) fn bind(
        &mut self,
        step: &Step<'_>,
        office: &mut Office<'_>,
    ) -> Result<(), DemoError> {
        let letter = step.letter();
        if step.has("other") || step.has("again") {
            self.unbind(letter, office)?;
            let other = step.has("other");
            self.cases.entry(letter).and_modify(|case| case.switched |= other);
        }
        let (case, account) = (self.case(letter)?, self.account(letter)?);
        let (person, _, holder) = self.who(letter)?;
        let name = holder.person().name.clone();
        let data = AccountBound {
            person,
            account: office.tag(TagKind::Account, &account),
            holder: AccountHolder::Person,
            holder_name: office.tag(TagKind::Name, &name),
            proof: evidence("账户证明")?,
        };
        let mut personal = named(holder);
        (personal.account, personal.holder) = (Some(account), Some(name));
        let id = office.tag(TagKind::Id, &holder.id());
        let subject = Subject::Case(case.id);
        let bound = office.sign(BANK, &subject, Draft::of(data).sealed(id, personal))?;
        office.endorse(CLERK, &subject, bound)
    }

    /// `prepare p1 PROGRAMME a:60.00 b:60.00`: this month's batch.
    pub(super) fn prepare(
        &mut self,
        step: &Step<'_>,
        office: &mut Office<'_>,
    ) -> Result<(), DemoError> {
        let programme: Programme = step.word(2).parse()?;
        let month = office.today().month();
        let mut items = BTreeMap::new();
        for text in step.words.iter().skip(3).filter(|text| text.contains(':')) {
            let (letter, yuan) = text.split_once(':').ok_or(wrong("item"))?;
            let letter = letter.chars().next().unwrap_or('a');
            let case = self.case(letter)?;
            let (person, ..) = self.who(letter)?;
            let (_, policy) = office.policy(programme, self.division, case.applied)?;
            let year = u16::try_from(case.applied.year()).ok();
            let unit = ItemUnit {
                unit: policy.unit,
                period: policy.period,
                household: case.household,
                vehicle: case.vehicle,
                year: year.filter(|_| policy.period == Period::Year),
            };
            let account = office.tag(TagKind::Account, &self.account(letter)?);
            let (amount, unit) = (fen(yuan)?, Some(unit));
            let case = case.id;
            items.insert(
                letter,
                PayrollItem { case, person, amount, back_pay: Vec::new(), account, unit },
            );
        }
        let listed: Vec<PayrollItem> = items.values().cloned().collect();
        let data = batch(programme, month, self.division, listed);
        let known = self.batches.get(step.word(1)).filter(|_| step.has("again"));
        let id = known.map_or_else(|| random_bytes().map(PayrollId), |batch| Ok(batch.id))?;
        let root = data.root.clone();
        let by = if step.keys.get("by") == Some(&"welfare") { WELFARE } else { APPROVER };
        office.sign(by, &Subject::Payroll(id), Draft::of(data))?;
        self.batches.insert(step.word(1).to_owned(), Batch { id, programme, month, root, items });
        Ok(())
    }

    /// `paid a p1 [cash] [YUAN]` under a batch, `paid a PROGRAMME YUAN` without one.
    pub(super) fn pay(&self, step: &Step<'_>, office: &mut Office<'_>) -> Result<(), DemoError> {
        let letter = step.letter();
        let (person, _, holder) = self.who(letter)?;
        let batch = self.batches.get(step.word(2));
        let said = step.words.iter().skip(3).find_map(|word| fen(word).ok());
        let programme = match batch {
            Some(batch) => batch.programme,
            None => step.word(2).parse()?,
        };
        let case = self.case(letter)?;
        let (_, policy) = office.policy(programme, self.division, case.applied)?;
        let month = batch.map_or(office.today().month(), |batch| batch.month);
        let item = batch.and_then(|batch| batch.items.get(&letter));
        let amount = said.or(item.map(|item| item.amount)).ok_or(wrong("amount"))?;
        let account = match step.has("old") {
            true => holder.person().account.clone(),
            false => self.account(letter)?,
        };
        let cash = step.has("cash");
        let id = office.tag(TagKind::Id, &holder.id());
        let data = PaymentExecuted {
            person,
            id,
            name: office.tag(TagKind::Name, &holder.person().name),
            number: None,
            programme,
            month: Some(month).filter(|_| policy.period == Period::Month),
            year: u16::try_from(case.applied.year()).ok().filter(|_| policy.period == Period::Year),
            amount,
            months: Some(month).filter(|_| policy.period == Period::Month).into_iter().collect(),
            back_pay_months: 0,
            back_pay_reason: false,
            account: (!cash).then(|| office.tag(TagKind::Account, &account)),
            holder: (!cash).then(|| office.tag(TagKind::Name, &holder.person().name)),
            bank: Some(label("示例银行")?),
            paid_on: Some(office.today()),
            division: self.division,
            chassis: None,
            engine: None,
            payroll: batch.map(|batch| batch.id),
            holder_match: Some(true).filter(|_| !cash),
            row: None,
        };
        let mut personal = named(holder);
        if !cash {
            (personal.account, personal.holder) =
                (Some(account), Some(holder.person().name.clone()));
        }
        let draft = Draft::of(data).sealed(id, personal);
        office.sign(BANK, &Subject::Person(person), draft).map(|_| ())
    }
}
