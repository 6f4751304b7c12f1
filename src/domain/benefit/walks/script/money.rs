//! Accounts, payrolls and payments.

use super::Walk;
use super::step::{Step, fen, number};
use crate::domain::benefit::UnitKey;
use crate::domain::benefit::desk::{Answer, account, id_of, month, name_of, payroll};
use crate::domain::benefit::prepare;
use crate::domain::testing::{case, division, evidence, person};
use crate::event::{
    AccountBound, AccountHolder, ItemUnit, PaymentExecuted, PaymentReturned, PayrollItem,
    PayrollPrepared,
};
use crate::value::{Fen, Period, Subject};

impl Walk<'_> {
    pub(super) fn bind(&mut self, step: &Step<'_>) -> Answer {
        let n = step.number(1);
        let of = self.desk.case(n).person;
        let data = AccountBound {
            person: of,
            account: account(n),
            holder: AccountHolder::Person,
            holder_name: name_of(of.0[0]),
            proof: evidence("bank_slip"),
        };
        let id = self.desk.world.sign("bank", &Subject::Case(case(n)), data)?;
        self.desk.world.endorse("clerk", id)
    }

    /// `prepare p1 2026-03 PROGRAMME a:260.00 b:260.00 by=approver`.
    pub(super) fn prepare(&mut self, step: &Step<'_>) -> Answer {
        let items = step.words[4..].iter().map(|text| self.item(text)).collect::<Vec<_>>();
        let data = PayrollPrepared {
            programme: step.programme(3),
            month: month(step.words[2]),
            division: division("411702"),
            root: prepare::root(&items).to_string(),
            count: items.len().try_into().unwrap(),
            total: items.iter().map(|item| item.amount).sum(),
            items,
        };
        let by = step.keys.get("by").map_or("approver", |by| by);
        self.desk.prepare_by(by, step.number(1), data)
    }

    /// `a:260.00`, with the unit and period of the case; `a:260.00:bare` without.
    pub(super) fn item(&self, text: &str) -> PayrollItem {
        let parts: Vec<&str> = text.split(':').collect();
        let n = number(parts[0]);
        let found = self.desk.case(n);
        let (unit, period) = found.per;
        let mut said = ItemUnit { unit, period, household: None, vehicle: None, year: None };
        for key in &found.units {
            match key {
                UnitKey::Household(id) => said.household = Some(*id),
                UnitKey::Vehicle(id) => said.vehicle = Some(*id),
                UnitKey::Person(_) | UnitKey::Number(_) => {}
            }
        }
        if period == Period::Year {
            said.year = found.granted_from().and_then(|from| u16::try_from(from.year()).ok());
        }
        PayrollItem {
            case: case(n),
            person: found.person,
            amount: fen(parts[1]),
            back_pay: vec![],
            account: account(n),
            unit: (parts.get(2) != Some(&"bare")).then_some(said),
        }
    }

    pub(super) fn paid(&mut self, step: &Step<'_>) -> Answer {
        let who = step.number(1);
        let mut data = self.desk.payment(who, step.programme(2), "2026-03");
        data.month = step.keys.get("month").map(|of| month(of));
        data.year = step.keys.get("year").map(|year| year.parse().unwrap());
        if let Some(yuan) = step.keys.get("amount") {
            data.amount = fen(yuan);
        }
        if let Some(word) = step.keys.get("account") {
            data.account = Some(account(number(word)));
        }
        data.payroll = step.keys.get("by").map(|word| payroll(number(word)));
        let data: PaymentExecuted = data;
        self.desk.world.sign("bank", &Subject::Person(person(who)), data)
    }

    pub(super) fn returned(&mut self, step: &Step<'_>) -> Answer {
        let who = step.number(1);
        let data = PaymentReturned {
            person: person(who),
            id: id_of(who),
            payment: None,
            programme: step.programme(2),
            month: None,
            months: Vec::new(),
            year: step.keys.get("year").map(|year| year.parse().unwrap()),
            amount: Fen(1),
            division: division("411702"),
            reason: None,
            returned_on: None,
            row: None,
        };
        self.desk.world.sign("bank", &Subject::Person(person(who)), data)
    }
}
