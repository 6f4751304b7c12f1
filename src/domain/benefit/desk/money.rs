//! What the desk pays: batches, their authorisation, payments and what comes back.

use super::*;

impl Desk {
    pub(in super::super) fn item(&self, n: u8, amount: i64, back_pay: &[&str]) -> PayrollItem {
        PayrollItem {
            unit: None,
            case: case(n),
            person: person(n),
            amount: Fen(amount),
            back_pay: back_pay.iter().map(|text| month(text)).collect(),
            account: account(n),
        }
    }

    pub(in super::super) fn batch(&self, of: &str, items: Vec<PayrollItem>) -> PayrollPrepared {
        PayrollPrepared {
            programme: LIVING,
            month: month(of),
            division: division("411702"),
            root: prepare::root(&items).to_string(),
            count: items.len().try_into().unwrap(),
            total: items.iter().map(|item| item.amount).sum(),
            items,
        }
    }

    pub(in super::super) fn prepare(&mut self, p: u8, data: PayrollPrepared) -> Answer {
        self.prepare_by("civil", p, data)
    }

    pub(in super::super) fn prepare_by(
        &mut self,
        name: &str,
        p: u8,
        data: PayrollPrepared,
    ) -> Answer {
        self.world.sign(name, &Subject::Payroll(payroll(p)), data)
    }

    pub(in super::super) fn authorise_by(&mut self, name: &str, p: u8) -> Answer {
        let root = self.world.state.benefits.payroll(&payroll(p)).map(|found| found.root.clone());
        let data = PayrollAuthorised {
            root: root.unwrap_or_default(),
            fund_source: label("county budget"),
        };
        self.world.sign(name, &Subject::Payroll(payroll(p)), data)
    }

    pub(in super::super) fn authorise(&mut self, p: u8) -> Answer {
        self.authorise_by("finance", p)
    }

    pub(in super::super) fn pay(&mut self, n: u8, programme: Programme, of: &str) -> Answer {
        let data = self.payment(n, programme, of);
        self.world.sign("bank", &Subject::Person(person(n)), data)
    }

    pub(in super::super) fn payment(
        &self,
        n: u8,
        programme: Programme,
        of: &str,
    ) -> PaymentExecuted {
        PaymentExecuted {
            person: person(n),
            id: id_of(n),
            name: name_of(n),
            number: None,
            programme,
            month: Some(month(of)),
            year: None,
            amount: Fen(6000),
            months: Vec::new(),
            back_pay_months: 0,
            back_pay_reason: false,
            account: Some(account(n)),
            holder: None,
            bank: None,
            paid_on: Some(self.world.today()),
            division: division("411702"),
            chassis: None,
            engine: None,
            payroll: None,
            holder_match: None,
            row: None,
        }
    }

    pub(in super::super) fn come_back(&mut self, n: u8, programme: Programme, of: &str) -> Answer {
        let data = PaymentReturned {
            person: person(n),
            id: id_of(n),
            payment: None,
            programme,
            month: Some(month(of)),
            year: None,
            amount: Fen(6000),
            months: Vec::new(),
            division: division("411702"),
            reason: Some(label("account closed")),
            returned_on: Some(self.world.today()),
            row: None,
        };
        self.world.sign("bank", &Subject::Person(person(n)), data)
    }
}
