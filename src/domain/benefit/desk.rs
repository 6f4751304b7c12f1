//! The benefit desk of a small ledger, for tests: people, their facts, and each step of the
//! chain as it is when nothing is wrong. Person, case, certificate and account `n` belong
//! together.

mod money;

use super::prepare;
use crate::domain::{
    Rejection,
    testing::{
        World, actor, case, certificate, division, enrolment, evidence, hash, label,
        on_the_old_register, person, tag, told,
    },
};
use crate::event::{
    AccountBound, AccountHolder, AccountUnbound, AnomalyRaised, AnomalyReviewed, BackPayGranted,
    BackPayGround, BenefitAmended, BenefitApplied, BenefitDetermined, BenefitFirstReviewed,
    BenefitResumed, BenefitSecondReviewed, BenefitStopped, CertificateLegacyImported,
    ExclusionChecked, ExternalFactRecorded, ExternalFactRetracted, FlagKind, Opinion, Outcome,
    PaymentExecuted, PaymentReturned, PayrollAuthorised, PayrollItem, PayrollPrepared, Remedy,
    Role, RowRef, Severity, StopGround, Verdict, WrittenNotice,
};
use crate::policy::{RateRow, defaults::POLICIES, rates_policy};
use crate::value::{
    CertificateId, FactKind, Fen, Hash, IdForm, Level, Month, PayrollId, Programme, RollId,
    Subject, Tag,
};

pub(super) const LIVING: Programme = Programme::LIVING_ALLOWANCE;
pub(super) const NURSING: Programme = Programme::NURSING_CARE_SUBSIDY;

/// A ledger with amounts published, and what a test does at it.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) world: World,
}

pub(super) type Answer = Result<Hash, Rejection>;

pub(super) fn month(text: &str) -> Month {
    text.parse().unwrap()
}

pub(super) fn payroll(number: u8) -> PayrollId {
    PayrollId([number; 16])
}

pub(super) fn account(number: u8) -> Tag {
    tag(&format!("account {number}"))
}

pub(super) fn id_of(number: u8) -> Tag {
    tag(&format!("id {number}"))
}

pub(super) fn name_of(number: u8) -> Tag {
    tag(&format!("name {number}"))
}

pub(super) fn row(number: u8) -> RowRef {
    RowRef {
        roll: RollId([9; 16]),
        row: u32::from(number),
        key: tag("key"),
        content: tag("content"),
        corrects: None,
    }
}

fn subject(number: u8) -> Subject {
    Subject::Case(case(number))
}

impl Desk {
    /// 60.00 a month living allowance, 80.00 nursing-care subsidy, from 2016 on.
    pub(super) fn new() -> Self {
        let mut desk = Self::without_amounts();
        desk.publish_rates(
            1,
            &[("living_allowance", 6000), ("nursing_care_subsidy", 8000)],
            "2016-01-01",
        );
        desk
    }

    pub(super) fn without_amounts() -> Self {
        let mut world = World::new();
        for (name, role, organisation) in [
            ("township-city", Role::TownshipReviewer, "township-city"),
            ("dpf-reviewer-city", Role::DpfReviewer, "dpf-city"),
            ("civil-city", Role::CivilAffairsOfficer, "civil-affairs-city"),
            ("finance-city", Role::FinanceOfficer, "finance-city"),
        ] {
            world.enrol(name, enrolment(name, role, "411700", organisation, ""));
        }
        Self { world }
    }

    pub(super) fn publish_rates(&mut self, version: u32, rates: &[(&str, i64)], from: &str) {
        let rows: Vec<_> = rates
            .iter()
            .map(|(programme, amount)| RateRow {
                programme,
                unit: "person-month",
                amount: Fen(*amount),
                valid_from: from.parse().unwrap(),
                valid_to: None,
            })
            .collect();
        let text = rates_policy(division("411700"), version, &rows).unwrap();
        self.world.publish(&text);
    }

    /// A person of 411702 with a certificate of that level until 2030-01-09, in a Dibao household
    /// and in need of care.
    pub(super) fn resident(&mut self, n: u8, level: u8) -> &mut Self {
        self.resident_of(n, level, "411702")
    }

    pub(super) fn resident_of(&mut self, n: u8, level: u8, at: &str) -> &mut Self {
        let mut data = imported(n, ("2020-01-10", "2030-01-09"));
        data.level = Level::new(level).unwrap();
        data.division = division(at);
        let clerk = if at == "411721" { "clerk-xiping" } else { "clerk" };
        self.world.sign(clerk, &Subject::Certificate(certificate(n)), data).unwrap();
        self.fact(n, FactKind::Dibao, "2025-01-01", None);
        self.fact(n, FactKind::LongTermCare, "2025-01-01", None);
        self
    }

    /// Another certificate of the person, with number `n` + 100.
    pub(super) fn reissue(&mut self, n: u8, from: &str, to: &str) -> &mut Self {
        let data = imported(n, (from, to));
        let id = CertificateId([n + 100; 16]);
        self.world.sign("clerk", &Subject::Certificate(id), data).unwrap();
        self
    }

    pub(super) fn fact(&mut self, n: u8, kind: FactKind, from: &str, to: Option<&str>) -> Hash {
        let register = [
            "police",
            "civil-register",
            "labour-register",
            "court-register",
            "health-register",
            "dpf-register",
        ];
        let data = ExternalFactRecorded {
            person: Some(person(n)),
            id: id_of(n),
            id_form: IdForm::Valid,
            name: None,
            kind,
            from: from.parse().unwrap(),
            to: to.map(|day| day.parse().unwrap()),
            household_no: None,
            division: None,
            row: None,
        };
        let subject = Subject::Person(person(n));
        let mut answers = register.iter().map(|name| self.world.sign(name, &subject, data.clone()));
        answers.find_map(Result::ok).expect("one register reports each kind")
    }

    /// Ends a fact: retracted and recorded with its last day.
    pub(super) fn end_fact(&mut self, n: u8, kind: FactKind, from: &str, to: &str) {
        let standing: Vec<_> = self.world.state.facts.of(&id_of(n)).copied().collect();
        let old = standing.iter().find(|span| span.kind == kind).unwrap().statement;
        let data = ExternalFactRetracted { fact: old, reason: label("ended") };
        self.world.sign("civil-register", &Subject::Person(person(n)), data).unwrap();
        self.fact(n, kind, from, Some(to));
    }

    /// Publishes the shipped policy of a programme with one text changed.
    pub(super) fn change_policy(&mut self, programme: Programme, from: &str, to: &str) {
        let text = POLICIES.iter().find(|(name, _)| *name == programme.name()).unwrap().1;
        assert!(text.contains(from), "{from}");
        let text = text.replace(from, to).replace("version = 1\n", "version = 2\n");
        self.world.publish(&text);
    }

    /// The hash of a programme's policy in force.
    pub(super) fn policy(&self, programme: Programme) -> Hash {
        let today = self.world.today().month();
        let found = self.world.state.policies.programme(programme, division("411702"), today);
        found.unwrap().0.hash
    }

    pub(super) fn case(&self, n: u8) -> &super::Case {
        self.world.state.benefits.case(&case(n)).unwrap()
    }

    pub(super) fn applied(&self, n: u8, programme: Programme) -> BenefitApplied {
        let known = self.world.state.people.find(&person(n));
        let hukou = known.and_then(|person| person.hukou_division);
        BenefitApplied {
            asked: None,
            person: person(n),
            programme,
            household: None,
            vehicle: None,
            certificate: Some(certificate(n)),
            division: hukou.unwrap_or(division("411702")),
            month: self.world.today().month(),
            evidence: vec![evidence("application_form")],
        }
    }

    pub(super) fn apply(&mut self, n: u8, programme: Programme) -> Answer {
        let data = self.applied(n, programme);
        let clerk = if data.division == division("411721") { "clerk-xiping" } else { "clerk" };
        self.world.sign(clerk, &subject(n), data)
    }

    pub(super) fn first(&mut self, n: u8, opinion: Opinion) -> Answer {
        let data = self.first_review(n, opinion);
        self.world.sign("township", &subject(n), data)
    }

    pub(super) fn first_review(&self, n: u8, opinion: Opinion) -> BenefitFirstReviewed {
        let today = self.world.today();
        BenefitFirstReviewed {
            person: person(n),
            opinion,
            home_visit: None,
            notice_from: Some(today.plus_days(-7)),
            notice_to: Some(today.plus_days(-1)),
            reason: (opinion == Opinion::Disagree).then(|| label("income too high")),
        }
    }

    pub(super) fn second(&mut self, n: u8, opinion: Opinion) -> Answer {
        let data = Self::second_review(n, opinion);
        self.world.sign("dpf-reviewer", &subject(n), data)
    }

    pub(super) fn second_review(n: u8, opinion: Opinion) -> BenefitSecondReviewed {
        let agrees = opinion == Opinion::Agree;
        BenefitSecondReviewed {
            person: person(n),
            opinion,
            certificate_ok: agrees,
            level_ok: agrees,
            reason: (!agrees).then(|| label("level does not fit")),
        }
    }

    pub(super) fn granted(&self, n: u8) -> BenefitDetermined {
        let case = self.case(n);
        let amount = if case.programme == LIVING { 6000 } else { 8000 };
        let kinds = [
            FactKind::ExtremePovertySupport,
            FactKind::WorkInjuryNursingFee,
            FactKind::OrphanAllowance,
        ];
        let as_of = self.world.today();
        BenefitDetermined {
            income: None,
            person: person(n),
            outcome: Outcome::Granted,
            from_month: Some(case.month),
            amount: Some(Fen(amount)),
            exclusions: kinds.map(|kind| ExclusionChecked { kind, as_of }).to_vec(),
            reason: None,
            told: None,
        }
    }

    pub(super) fn determine(&mut self, n: u8, data: BenefitDetermined) -> Answer {
        let policy = self.policy(self.case(n).programme);
        self.world.sign_under(policy, "civil", &subject(n), data)
    }

    pub(super) fn grant(&mut self, n: u8) -> Answer {
        let data = self.granted(n);
        self.determine(n, data)
    }

    pub(super) fn refuse(&mut self, n: u8, told: Option<WrittenNotice>) -> Answer {
        let data = BenefitDetermined {
            outcome: Outcome::Refused,
            from_month: None,
            amount: None,
            exclusions: vec![],
            reason: Some(label("conditions not met")),
            told,
            ..self.granted(n)
        };
        self.determine(n, data)
    }

    pub(super) fn bound(&self, n: u8) -> AccountBound {
        AccountBound {
            person: person(n),
            account: account(n),
            holder: AccountHolder::Person,
            holder_name: name_of(n),
            proof: evidence("bank_slip"),
        }
    }

    pub(super) fn bind(&mut self, n: u8, data: AccountBound) -> Answer {
        let id = self.world.sign("bank", &subject(n), data)?;
        self.world.endorse("clerk", id)
    }

    pub(super) fn unbind(&mut self, n: u8, account: Tag) -> Answer {
        let data = AccountUnbound { person: person(n), account, reason: label("closed") };
        let id = self.world.sign("bank", &subject(n), data)?;
        self.world.endorse("clerk", id)
    }

    /// Applied, reviewed twice and granted today, with the account bound.
    pub(super) fn pensioner(&mut self, n: u8, programme: Programme) -> &mut Self {
        self.resident(n, 1);
        self.reviewed(n, programme);
        self.grant(n).unwrap();
        let data = self.bound(n);
        self.bind(n, data).unwrap();
        self
    }

    /// Applied and reviewed twice today.
    pub(super) fn reviewed(&mut self, n: u8, programme: Programme) -> &mut Self {
        self.apply(n, programme).unwrap();
        self.first(n, Opinion::Agree).unwrap();
        self.second(n, Opinion::Agree).unwrap();
        self
    }

    pub(super) fn amend(&mut self, n: u8, from: &str, amount: i64) -> Answer {
        let data = BenefitAmended {
            person: person(n),
            from_month: month(from),
            amount: Fen(amount),
            income: None,
            reason: label("new amount"),
            told: None,
        };
        let policy = self.policy(self.case(n).programme);
        self.world.sign_under(policy, "civil", &subject(n), data)
    }

    pub(super) fn stopped(&self, n: u8, ground: StopGround, from: &str) -> BenefitStopped {
        BenefitStopped {
            person: person(n),
            ground,
            from_month: month(from),
            verdict: None,
            told: Some(told()),
        }
    }

    pub(super) fn stop(&mut self, n: u8, data: BenefitStopped) -> Answer {
        self.world.sign("civil", &subject(n), data)
    }

    pub(super) fn resume(&mut self, n: u8, from: &str) -> Answer {
        let data = BenefitResumed {
            person: person(n),
            from_month: month(from),
            reason: label("conditions met again"),
            told: None,
        };
        self.world.sign("civil", &subject(n), data)
    }

    pub(super) fn back_pay(&mut self, n: u8, ground: BackPayGround, months: &[&str]) -> Answer {
        let reissued = ground == BackPayGround::Reissue;
        let data = BackPayGranted {
            person: person(n),
            months: months.iter().map(|text| month(text)).collect(),
            ground,
            certificate: reissued.then_some(CertificateId([n + 100; 16])),
        };
        let id = self.world.sign("civil", &subject(n), data)?;
        self.world.endorse("finance", id)
    }

    /// Raises a flag on the person and reviews it; the ids of flag and verdict.
    pub(super) fn flag(&mut self, n: u8, verdict: Verdict) -> (Hash, Hash) {
        let flag = hash(&format!("flag {n}"));
        let raised = AnomalyRaised {
            flag,
            rule: label("R01"),
            version: 1,
            severity: Severity::S1,
            kind: FlagKind::Conclusive,
            remedy: Remedy::Recover,
            money_at_risk: Fen(6000),
            person: Some(person(n)),
            officer: None,
            actor: None,
            institution: None,
            village: None,
            programme: Some(LIVING),
            month: None,
            judged_on: self.world.today(),
            inputs: vec![],
            all_inputs: None,
        };
        let subject = Subject::Person(person(n));
        let raised = self.world.sign("system", &subject, raised).unwrap();
        let reviewed = AnomalyReviewed { flag, verdict, reason: label("seen"), evidence: vec![] };
        (raised, self.world.sign("inspector", &subject, reviewed).unwrap())
    }

    /// Another actor of a role, who is the same person as `of`.
    pub(super) fn double(&mut self, name: &str, role: Role, organisation: &str, of: &str) {
        let mut data = enrolment(name, role, "411702", organisation, "");
        data.person = self.world.state.actors.find(&actor(of)).unwrap().person;
        self.world.enrol(name, data);
    }
}

pub(super) fn imported(n: u8, (issued, valid_to): (&str, &str)) -> CertificateLegacyImported {
    CertificateLegacyImported {
        birth_date: Some("1980-05-01".parse().unwrap()),
        level: Level::new(1).unwrap(),
        issued: issued.parse().unwrap(),
        valid_to: valid_to.parse().unwrap(),
        ..on_the_old_register((person(n), id_of(n), name_of(n)), row(n))
    }
}
