//! Events for tests: a log in memory, and one event of each kind in its lawful form.

use super::Register;
use crate::domain::testing::enrolment;
use crate::event::{
    Body, CertificateLegacyImported, ExternalFactRecorded, InstitutionAccountRecorded,
    LedgerCreated, LegacyStatus, Payload, PaymentExecuted, Recorded, Role, RollKind, RollReceived,
    Root, RowRef, Signer,
};
use crate::value::FactKind;
use crate::value::{
    Category, CertificateId, Day, Fen, Hash, IdForm, Level, PersonId, RollId, Sex, Subject, Tag,
};

pub(super) const PREFECTURE: &str = "411700";

pub(super) fn bytes<const N: usize>(kind: &str, code: u32) -> [u8; N] {
    let hash = Hash::blake3(format!("{kind} {code}").as_bytes());
    std::array::from_fn(|at| hash.as_bytes()[at])
}

pub(super) fn tag(kind: &str, code: u32) -> Tag {
    Tag { version: 1, bytes: bytes(kind, code) }
}

pub(super) fn person(code: u32) -> PersonId {
    PersonId(bytes("person", code))
}

pub(super) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub(super) fn row_ref(kind: &str, roll: u32, row: u32) -> RowRef {
    let key = tag(kind, roll * 100_000 + row);
    RowRef { roll: RollId(bytes("roll", roll)), row, key, content: key, corrects: None }
}

pub(super) fn card_id(code: u32) -> CertificateId {
    CertificateId(bytes("certificate", code))
}

/// Events in the order in which they take effect.
#[derive(Default)]
pub(super) struct Log {
    pub(super) events: Vec<Recorded>,
}

impl Log {
    /// Adds an event of the one actor of a role, and gives its statement.
    pub(super) fn add(
        &mut self,
        role: Role,
        subject: Subject,
        at: Day,
        body: impl Into<Body>,
    ) -> Hash {
        let by = format!("411700-{}-1", role.name().replace('_', "-"));
        self.signed(&by, role, subject, (at, at), body)
    }

    /// Adds an event of a named actor, that happened on one day and was recorded on another.
    pub(super) fn signed(
        &mut self,
        by: &str,
        role: Role,
        subject: Subject,
        (at, recorded): (Day, Day),
        body: impl Into<Body>,
    ) -> Hash {
        let index = self.events.len() as u64;
        let signer = Signer {
            actor: by.parse().unwrap(),
            role,
            organisation: "office".parse().unwrap(),
            division: PREFECTURE.parse().unwrap(),
            sector: None,
        };
        let id = Hash::blake3(&index.to_be_bytes());
        self.events.push(Recorded {
            index,
            recorded_at_ms: recorded.start_millis(),
            id,
            signed_at: 0,
            subject,
            signer,
            payload: Payload::new(at, body),
        });
        id
    }

    pub(super) fn register(&self) -> Register {
        let mut register = Register::default();
        self.events.iter().for_each(|event| register.take(event));
        register
    }

    /// The ledger of the prefecture is founded.
    pub(super) fn founded(&mut self) {
        let root = |actor: &str, role| Root {
            actor: actor.parse().unwrap(),
            role,
            organisation: "office".parse().unwrap(),
            public_key: enrolment(actor, role, PREFECTURE, "office", "").public_key,
        };
        let data = LedgerCreated {
            origin: "example.test/rules".to_owned(),
            version: 1,
            division: PREFECTURE.parse().unwrap(),
            demo: false,
            system: root("system", Role::System),
            roots: Vec::new(),
        };
        self.add(Role::System, Subject::Ledger, day("2018-01-01"), data);
    }

    /// A roll is in for the prefecture.
    pub(super) fn roll(&mut self, kind: RollKind, month: Option<&str>) {
        let number = u32::try_from(self.events.len()).unwrap();
        let subject = Subject::Roll(RollId(bytes("received", number)));
        self.add(
            Role::Clerk,
            subject,
            day("2026-10-08"),
            RollReceived {
                kind,
                programme: None,
                division: PREFECTURE.parse().unwrap(),
                month: month.map(|month| month.parse().unwrap()),
                year: None,
                file: tag("file", number),
                rows: 1,
                accepted: 1,
                rejected: 0,
                total: None,
                complete: false,
                absent: Vec::new(),
            },
        );
    }

    /// Card `card` of person `who`: physical, level 2, from 2020-03-02, nothing wrong with it.
    pub(super) fn card(
        &mut self,
        who: u32,
        card: u32,
        change: impl FnOnce(&mut CertificateLegacyImported),
    ) -> Hash {
        let mut data = CertificateLegacyImported {
            person: person(who),
            id: tag("id", who),
            id_form: IdForm::Valid,
            number: Some(tag("number", card)),
            name: tag("name", who),
            name_sound: None,
            meant_ids: Vec::new(),
            birth_date: Some(day("1970-05-05")),
            sex: Sex::Female,
            category: Category::Physical,
            level: Level::new(2).unwrap(),
            components: Vec::new(),
            issued: day("2020-03-02"),
            valid_to: day("2030-03-01"),
            status: LegacyStatus::Normal,
            status_date: None,
            division: "411702".parse().unwrap(),
            township: None,
            village: Some(tag("village", 1)),
            phone: Some(tag("phone", who)),
            guardian: None,
            household_no: Some(tag("home", who)),
            institution: None,
            assessor_1: Some(tag("officer", 1)),
            assessor_2: Some(tag("officer", 2)),
            assessed_on: Some(day("2020-02-03")),
            receiver: Some(tag("officer", 3)),
            reviewer: Some(tag("officer", 4)),
            approver: Some(tag("officer", 5)),
            notice_from: Some(day("2020-02-10")),
            notice_to: Some(day("2020-02-17")),
            assessed_by_sight: false,
            gaps: Vec::new(),
            row: row_ref("certificate", 0, card),
        };
        change(&mut data);
        let at = data.issued;
        self.add(Role::Clerk, Subject::Certificate(card_id(card)), at, data)
    }

    /// 60 yuan of living allowance to person `who` for a month, paid on its 25th into the
    /// person's own account by 411702, naming card `who`.
    pub(super) fn paid(
        &mut self,
        who: u32,
        month: &str,
        change: impl FnOnce(&mut PaymentExecuted),
    ) -> Hash {
        let mut data = PaymentExecuted {
            person: person(who),
            id: tag("id", who),
            name: tag("name", who),
            number: Some(tag("number", who)),
            programme: crate::value::Programme::LIVING_ALLOWANCE,
            month: Some(month.parse().unwrap()),
            year: None,
            amount: Fen(6000),
            months: Vec::new(),
            back_pay_months: 0,
            back_pay_reason: false,
            account: Some(tag("account", who)),
            holder: Some(tag("name", who)),
            bank: None,
            paid_on: Some(day(&format!("{month}-25"))),
            division: "411702".parse().unwrap(),
            chassis: None,
            engine: None,
            payroll: None,
            holder_match: None,
            row: Some(row_ref("payment", 1, 1)),
        };
        change(&mut data);
        let at = data.paid_on.unwrap();
        self.add(Role::BankAgent, Subject::Person(data.person), at, data)
    }

    /// A fact of ID number `who`, under that person's name, signed by its custodian.
    pub(super) fn fact(
        &mut self,
        who: u32,
        kind: FactKind,
        from: &str,
        to: Option<&str>,
        change: impl FnOnce(&mut ExternalFactRecorded),
    ) -> Hash {
        let mut data = ExternalFactRecorded {
            person: None,
            id: tag("id", who),
            id_form: IdForm::Valid,
            name: Some(tag("name", who)),
            kind,
            from: day(from),
            to: to.map(day),
            household_no: None,
            division: None,
            row: None,
        };
        change(&mut data);
        let at = data.from;
        self.add(Role::DataCustodian, Subject::Roll(RollId(bytes("roll", 9))), at, data)
    }

    /// An institution's account.
    pub(super) fn institution(&mut self, account: Tag) -> Hash {
        let institution = "care home".parse().unwrap();
        let data = InstitutionAccountRecorded { account, institution, row: None };
        self.add(Role::Clerk, Subject::Account(account), day("2026-01-01"), data)
    }
}
