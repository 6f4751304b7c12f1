//! A benefit of a holder, from the application to the bound account.

use super::application::{clerk, named};
use super::office::{Draft, evidence, label, told};
use super::payroll::Payee;
use super::resident::{Resident, Turn};
use super::{AMOUNT, County, Order, Task, later};
use crate::crypto::{TagKind, random_bytes};
use crate::demo::DemoError;
use crate::event::{
    AccountBound, AccountHolder, BackPayGranted, BackPayGround, BenefitApplied, BenefitDetermined,
    BenefitFirstReviewed, BenefitSecondReviewed, ExclusionChecked, ExternalFactRecorded, Opinion,
    Outcome,
};
use crate::ledger::Personal;
use crate::value::{
    CaseId, CertificateId, Day, FactKind, Hash, IdForm, Month, PersonId, Programme, Subject,
};

/// A benefit under way.
pub(super) struct File {
    pub(super) number: u32,
    person: PersonId,
    pub(super) case: CaseId,
    certificate: CertificateId,
    programme: Programme,
    applied: Day,
    determined: Month,
}

impl File {
    pub(super) fn of(
        matter: later::Matter,
        programme: Programme,
        today: Day,
    ) -> Result<Self, DemoError> {
        let later::Matter { number, person, certificate } = matter;
        let case = CaseId(random_bytes()?);
        let determined = today.month();
        Ok(Self { number, person, case, certificate, programme, applied: today, determined })
    }
}

/// The next step.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Apply,
    FirstReview,
    SecondReview,
    Determine,
    Bind,
}

/// The village notice hangs for seven days after the day of the application.
const NOTICE_DAYS: i32 = 7;

const TOWNSHIP: &str = "411702-township-1";
const DPF_REVIEWER: &str = "411702-dpf-1";
pub(super) const WELFARE: &str = "411702-welfare-1";
pub(super) const FINANCE: &str = "411702-finance-1";
pub(super) const BANK: &str = "411702-bank-1";

impl County<'_> {
    /// Takes one step and puts the next one on the agenda.
    pub(super) fn benefit(&mut self, mut file: Box<File>, step: Step) -> Result<(), DemoError> {
        let resident = self.resident(file.number)?;
        if self.benefit_rests(&resident, &file, step)? {
            return Ok(());
        }
        match step {
            Step::Apply => {
                self.apply_for(&resident, &mut file)?;
                let day = file.applied.plus_days(NOTICE_DAYS + 1);
                self.agenda.put(day, Order::Desk, Task::Benefit(file, Step::FirstReview));
                return Ok(());
            }
            Step::FirstReview => self.first_review(&resident, &file)?,
            Step::SecondReview => self.second_review(&resident, &file)?,
            Step::Determine if resident.turn == Turn::NoDibao => return self.refuse_benefit(&file),
            Step::Determine => self.grant(&mut file)?,
            Step::Bind => return self.bind(&resident, &file),
        }
        let (days, next) = match step {
            Step::FirstReview => ((1, 3), Step::SecondReview),
            Step::SecondReview => ((1, 3), Step::Determine),
            _ => ((0, 2), Step::Bind),
        };
        self.after(days, Task::Benefit(file, next));
        Ok(())
    }

    /// A custodian reports something of its register about a resident.
    pub(super) fn report_fact(
        &mut self,
        resident: &Resident,
        person: PersonId,
        kind: FactKind,
        from: Day,
    ) -> Result<(), DemoError> {
        let custodian = match kind {
            FactKind::Dibao => "411700-welfare-1",
            FactKind::LongTermCare => "411700-health-1",
            _ => "411700-police-1",
        };
        let data = ExternalFactRecorded {
            person: Some(person),
            id: self.id_tag(resident),
            id_form: IdForm::Valid,
            name: Some(self.office.tag(TagKind::Name, &resident.name)),
            kind,
            from,
            to: None,
            household_no: None,
            division: None,
            row: None,
        };
        self.office.sign(custodian, &Subject::Person(person), Draft::of(data))?;
        Ok(())
    }

    fn apply_for(&mut self, resident: &Resident, file: &mut File) -> Result<(), DemoError> {
        let today = self.office.today();
        file.applied = today;
        let earlier = |months: i32| today.plus_months(-months).month().first_day();
        match file.programme {
            Programme::LIVING_ALLOWANCE if resident.turn != Turn::NoDibao => {
                self.report_fact(resident, file.person, FactKind::Dibao, earlier(24))?;
            }
            Programme::NURSING_CARE_SUBSIDY => {
                self.report_fact(resident, file.person, FactKind::LongTermCare, earlier(8))?;
            }
            _ => {}
        }
        let data = BenefitApplied {
            asked: None,
            person: file.person,
            programme: file.programme,
            household: None,
            vehicle: None,
            certificate: Some(file.certificate),
            division: self.division,
            month: today.month(),
            evidence: vec![evidence("补贴申请表")?],
        };
        self.office.sign(clerk(resident), &Subject::Case(file.case), Draft::of(data))?;
        Ok(())
    }

    fn first_review(&mut self, resident: &Resident, file: &File) -> Result<(), DemoError> {
        let agrees = resident.turn != Turn::NoDibao;
        let data = BenefitFirstReviewed {
            person: file.person,
            opinion: if agrees { Opinion::Agree } else { Opinion::Disagree },
            home_visit: Some(evidence("入户走访表")?),
            notice_from: agrees.then(|| file.applied.plus_days(1)),
            notice_to: agrees.then(|| file.applied.plus_days(NOTICE_DAYS)),
            reason: if agrees { None } else { Some(label("不属于低保家庭")?) },
        };
        self.office.sign(TOWNSHIP, &Subject::Case(file.case), Draft::of(data))?;
        Ok(())
    }

    fn second_review(&mut self, resident: &Resident, file: &File) -> Result<(), DemoError> {
        let agrees = resident.turn != Turn::NoDibao;
        let data = BenefitSecondReviewed {
            person: file.person,
            opinion: if agrees { Opinion::Agree } else { Opinion::Disagree },
            certificate_ok: true,
            level_ok: true,
            reason: if agrees { None } else { Some(label("同意初审意见")?) },
        };
        self.office.sign(DPF_REVIEWER, &Subject::Case(file.case), Draft::of(data))?;
        Ok(())
    }

    fn refuse_benefit(&mut self, file: &File) -> Result<(), DemoError> {
        let data = BenefitDetermined {
            income: None,
            person: file.person,
            outcome: Outcome::Refused,
            from_month: None,
            amount: None,
            exclusions: Vec::new(),
            reason: Some(label("不符合低保家庭条件")?),
            told: Some(told()?),
        };
        let draft = Draft::of(data).under(self.terms.policy(file.programme));
        self.office.sign(WELFARE, &Subject::Case(file.case), draft)?;
        self.report.benefits_refused += 1;
        Ok(())
    }

    fn grant(&mut self, file: &mut File) -> Result<(), DemoError> {
        let as_of = self.office.today();
        let checked = |kind: &FactKind| ExclusionChecked { kind: *kind, as_of };
        let data = BenefitDetermined {
            income: None,
            person: file.person,
            outcome: Outcome::Granted,
            from_month: Some(file.applied.month()),
            amount: Some(AMOUNT),
            exclusions: self.terms.excludes(file.programme).iter().map(checked).collect(),
            reason: None,
            told: None,
        };
        let draft = Draft::of(data).under(self.terms.policy(file.programme));
        self.office.sign(WELFARE, &Subject::Case(file.case), draft)?;
        file.determined = as_of.month();
        self.report.benefits_granted += 1;
        Ok(())
    }

    /// The bank and the clerk bind the account; months that no payroll can pay any more on its own
    /// are granted as back-pay by two.
    fn bind(&mut self, resident: &Resident, file: &File) -> Result<(), DemoError> {
        let bound = self.propose_account(resident, file)?;
        self.office.endorse(clerk(resident), &Subject::Case(file.case), bound)?;
        if self.waits.of(file.number).is_some() {
            return Ok(());
        }
        let account = self.office.tag(TagKind::Account, &resident.account);
        let next = self.payees.next_payroll;
        let mut payee = Payee {
            person: file.person,
            case: file.case,
            account,
            regular_from: file.determined,
            until: None,
            back_pay: Vec::new(),
            transfers: 0,
        };
        if file.applied.month() < next {
            let months = file.applied.month().to(next.plus(-1)).collect();
            self.pay_back(&mut payee, months, BackPayGround::ApplicationMonth)?;
        }
        self.payees.add(file.number, file.programme, payee);
        if resident.turn == Turn::Dies {
            let matter = later::Matter {
                number: file.number,
                person: file.person,
                certificate: file.certificate,
            };
            self.after((30, 40), Task::Later(matter, later::Step::Die));
        }
        Ok(())
    }

    /// The bank proposes the account, which the clerk has to endorse.
    pub(super) fn propose_account(
        &mut self,
        resident: &Resident,
        file: &File,
    ) -> Result<Hash, DemoError> {
        let account = self.office.tag(TagKind::Account, &resident.account);
        let data = AccountBound {
            person: file.person,
            account,
            holder: match resident.guardian {
                Some(_) => AccountHolder::Guardian,
                None => AccountHolder::Person,
            },
            holder_name: self.office.tag(TagKind::Name, resident.holder()),
            proof: evidence("账户证明")?,
        };
        let mut personal: Personal = named(resident);
        personal.account = Some(resident.account.clone());
        personal.holder = Some(resident.holder().to_owned());
        let draft = Draft::of(data).sealed(self.id_tag(resident), personal);
        self.office.sign(BANK, &Subject::Case(file.case), draft)
    }

    /// Civil affairs grants months to be paid back, the finance office endorses.
    pub(super) fn pay_back(
        &mut self,
        payee: &mut Payee,
        months: Vec<Month>,
        ground: BackPayGround,
    ) -> Result<(), DemoError> {
        let subject = Subject::Case(payee.case);
        payee.back_pay.extend(&months);
        let data = BackPayGranted { person: payee.person, months, ground, certificate: None };
        let granted = self.office.sign(WELFARE, &subject, Draft::of(data))?;
        self.office.endorse(FINANCE, &subject, granted)
    }
}
