//! From an event to its traces.
//!
//! The caller gives events in the order in which they take effect: one that needs two signers
//! comes with its last endorsement, one that lapsed never comes.

mod chain;

use std::sync::Arc;

use super::grant_step;
use super::key::{Home, Key, StatementRef};
use super::record::{Columns, Fact, Issued, Known, LegacyRow, Paid, Record, Returned, Trace, What};
use crate::event::{
    ApplicationSubmitted, Body, CancelGround, CertificateLegacyImported, ExternalFactRecorded,
    HouseholdMemberJoined, Outcome, PaymentExecuted, PersonCorrected, PersonRecorded, Recorded,
    Role, RollReceived, RowRef,
};
use crate::value::{CaseId, CertificateId, Day, PersonId, Subject, Tag};

/// What rules need of an effective event, each record with the key it is stored under; nothing
/// for events that no rule reads.
#[must_use]
pub fn traces(event: &Recorded) -> Vec<Trace> {
    let mut to = Traces { event, list: Vec::new() };
    to.take();
    to.take_chain();
    for (key, what) in grant_step::records(event) {
        to.put(key, what);
    }
    to.list
}

struct Traces<'a> {
    event: &'a Recorded,
    list: Vec<Trace>,
}

impl Traces<'_> {
    fn put(&mut self, key: Key, what: What) {
        let record = Record { at: self.event.payload.at, statement: (&self.event.id).into(), what };
        self.list.push(Trace { key, record });
    }

    /// Points from an index to the person's file.
    fn seen(&mut self, person: PersonId, keys: impl IntoIterator<Item = Option<Key>>) {
        for key in keys.into_iter().flatten() {
            self.put(key, What::Seen(person));
        }
    }

    fn corrects(&mut self, row: Option<&RowRef>) {
        if let Some(earlier) = row.and_then(|row| row.corrects.as_ref()) {
            self.put(Key::Statement(earlier.into()), What::Void);
        }
    }

    /// A record of the person about the certificate that is the event's subject.
    fn of_certificate(&mut self, person: PersonId, what: impl FnOnce(CertificateId) -> What) {
        if let Subject::Certificate(certificate) = self.event.subject {
            self.put(Key::Person(person), what(certificate));
        }
    }

    /// A record of the person about the case that is the event's subject.
    fn of_case(&mut self, person: PersonId, what: impl FnOnce(CaseId) -> What) {
        if let Subject::Case(case) = self.event.subject {
            self.put(Key::Person(person), what(case));
        }
    }

    fn take(&mut self) {
        // Types that no rule of this version reads leave no trace; a new rule adds its own here.
        match &self.event.payload.body {
            Body::CertificateLegacyImported(row) => self.legacy(row),
            Body::CertificateIssued(data) => {
                let Subject::Certificate(certificate) = self.event.subject else { return };
                let issued = Issued {
                    certificate,
                    id: data.id,
                    number: data.number,
                    category: data.grade.category,
                    level: data.grade.level,
                    components: data.grade.components.clone(),
                    valid_from: data.valid_from,
                    valid_to: data.valid_to,
                    division: data.approving_division,
                    supersedes: data.supersedes,
                };
                self.put(Key::Person(data.person), What::Issued(Box::new(issued)));
                self.seen(data.person, [Some(Key::Id(data.id))]);
            }
            Body::CertificateReplaced(data) => {
                let Subject::Certificate(certificate) = self.event.subject else { return };
                let (lost, id, number, blank) = (data.lost, data.id, data.number, data.blank);
                let what = What::Replaced { certificate, lost, id, number, blank };
                self.put(Key::Person(data.person), what);
                self.seen(data.person, [Some(Key::Id(id)), Some(Key::Blank(blank))]);
            }
            Body::CertificateFrozen(data) => {
                self.of_certificate(data.person, |certificate| What::Frozen { certificate });
            }
            Body::CertificateUnfrozen(data) => {
                self.of_certificate(data.person, |certificate| What::Unfrozen { certificate });
            }
            Body::CertificateCancelled(data) => {
                let not_meeting = data.ground == CancelGround::NotMeeting;
                self.of_certificate(data.person, |certificate| What::Ended {
                    certificate,
                    not_meeting,
                });
            }
            Body::CertificateRevoked(data) => {
                self.of_certificate(data.person, |certificate| What::Ended {
                    certificate,
                    not_meeting: false,
                });
            }
            Body::ApplicationSubmitted(data) => self.application(data),
            Body::PersonRecorded(data) => self.person(data),
            Body::PersonCorrected(data) => self.person_corrected(data),
            Body::IdentityLinked(data) => {
                self.put(Key::Person(data.person), What::Linked(data.id));
                self.seen(data.person, [Some(Key::Id(data.id))]);
            }
            Body::IdentityUnlinked(data) => {
                self.put(Key::Person(data.person), What::Unlinked(data.id));
            }
            Body::IdentityCorrected(data) => {
                let what = What::Retyped { from: data.from, to: data.to };
                self.put(Key::Person(data.person), what);
                self.seen(data.person, [Some(Key::Id(data.to))]);
            }
            Body::GuardianRecorded(data) => {
                let what = What::Guardian { id: data.guardian, name: data.guardian_name };
                self.put(Key::Person(data.person), what);
            }
            Body::GuardianEnded(data) => {
                self.put(Key::Person(data.person), What::GuardianEnded { id: data.guardian });
            }
            Body::HouseholdMemberJoined(data) => {
                self.joined(data);
            }
            Body::HouseholdMemberLeft(data) => {
                self.put(Key::Person(data.person), What::Left(data.household));
            }
            Body::ExternalFactRecorded(fact) => self.fact(fact),
            Body::ExternalFactRetracted(data) => {
                self.put(Key::Statement((&data.fact).into()), What::Void);
            }
            Body::RollRowRetracted(data) => {
                self.put(Key::Statement((&data.target).into()), What::Void);
            }
            Body::PaymentExecuted(data) => self.paid(data),
            Body::PaymentReturned(data) => {
                self.corrects(data.row.as_ref());
                let returned = Returned {
                    payment: data.payment.as_ref().map(StatementRef::from),
                    programme: data.programme,
                    month: data.month,
                    year: data.year,
                    amount: data.amount,
                    division: data.division,
                };
                self.put(Key::Person(data.person), What::Returned(Box::new(returned)));
            }
            Body::BenefitApplied(data) => {
                let programme = data.programme;
                self.of_case(data.person, |case| What::Applied { case, programme });
            }
            Body::BenefitDetermined(data) => {
                let granted = data.outcome == Outcome::Granted;
                self.of_case(data.person, |case| What::Decided { case, granted });
            }
            Body::BenefitStopped(data) => {
                self.of_case(data.person, |case| What::Decided { case, granted: false });
            }
            Body::BenefitResumed(data) => {
                self.of_case(data.person, |case| What::Decided { case, granted: true });
            }
            Body::BackPayGranted(data) => {
                let months = data.months.clone();
                self.of_case(data.person, |case| What::BackPay { case, months });
            }
            Body::InstitutionAccountRecorded(data) => {
                self.corrects(data.row.as_ref());
                self.put(Key::Account(data.account), What::Institution);
            }
            Body::RollReceived(data) => self.roll(data),
            Body::QueryLogged(data) => {
                if let (Some(by), Some(role)) = (&data.by, data.role) {
                    let by = by.into();
                    self.put(Key::Person(data.person), What::Looked { by, role });
                }
            }
            Body::ServiceDelivered(_)
            | Body::PlacementStarted(_)
            | Body::PlacementEnded(_)
            | Body::SupportVisitLogged(_)
            | Body::WorksAccepted(_) => self.corrects(self.event.payload.body.row()),
            _ => {}
        }
    }

    fn legacy(&mut self, data: &CertificateLegacyImported) {
        let Subject::Certificate(certificate) = self.event.subject else { return };
        self.corrects(Some(&data.row));
        let (guardian_id, guardian_name) =
            data.guardian.as_ref().map_or((None, None), |guardian| (guardian.id, guardian.name));
        let row = LegacyRow {
            certificate,
            id: data.id,
            id_form: data.id_form,
            number: data.number,
            name: data.name,
            sound: data.name_sound,
            meant: data.meant_ids.clone(),
            birth: data.birth_date,
            category: data.category,
            level: data.level,
            components: data.components.clone(),
            issued: data.issued,
            valid_to: data.valid_to,
            status: data.status,
            status_date: data.status_date,
            division: data.division,
            village: data.village,
            phone: data.phone,
            guardian_id,
            guardian_name,
            household_no: data.household_no,
            assessors: [data.assessor_1, data.assessor_2],
            receiver: data.receiver,
            approver: data.approver,
            notice_from: data.notice_from,
            notice_to: data.notice_to,
            assessed_by_sight: data.assessed_by_sight,
            absent: Columns::of_gaps(data.gaps.iter().map(|gap| gap.as_str())),
            roll: data.row.roll,
            row: data.row.row,
        };
        self.put(Key::Person(data.person), What::Legacy(Box::new(row)));
        let home = data.household_no.map(|number| Key::Home(Home::Number(number)));
        self.member(home, Some(data.name));
        let second = data.assessor_2.filter(|second| data.assessor_1 != Some(*second));
        let officers = [data.assessor_1, second].map(|tag| tag.map(Key::Officer));
        let [first, second] = officers;
        self.seen(data.person, [Some(Key::Id(data.id)), home, first, second]);
        self.alike(data.person, Some(data.name), data.name_sound, data.birth_date);
        self.seen(data.person, data.meant_ids.iter().map(|id| Some(Key::Meant(*id))));
    }

    fn member(&mut self, home: Option<Key>, name: Option<Tag>) {
        if let Some(home) = home {
            self.put(home, What::Member { name });
        }
    }

    fn application(&mut self, data: &ApplicationSubmitted) {
        let guardian = data.guardian.as_ref();
        let known = Known {
            id: Some(data.id),
            id_form: Some(data.id_form),
            name: Some(data.name),
            sound: data.name_sound,
            meant: data.meant_ids.clone(),
            renamed: false,
            birth: Some(data.birth_date),
            village: data.village,
            phone: data.phone,
            guardian_id: guardian.and_then(|tags| tags.id),
            guardian_name: guardian.and_then(|tags| tags.name),
            division: Some(data.hukou_division),
        };
        self.known(data.person, known);
    }

    fn joined(&mut self, data: &HouseholdMemberJoined) {
        self.corrects(data.row.as_ref());
        let person = Key::Person(data.person);
        if data.id.is_some() || data.name.is_some() {
            self.known(data.person, Known { id: data.id, name: data.name, ..Known::default() });
        }
        self.put(person, What::Joined(data.household));
        if let Some(to) = data.to {
            let statement = (&self.event.id).into();
            let record =
                Record { at: to.plus_days(1), statement, what: What::Left(data.household) };
            self.list.push(Trace { key: person, record });
        }
        self.seen(data.person, [Some(Key::Home(Home::Ledger(data.household)))]);
        self.member(data.household_no.map(|number| Key::Home(Home::Number(number))), data.name);
    }

    fn person(&mut self, data: &PersonRecorded) {
        let known = Known {
            id: Some(data.id),
            name: Some(data.name),
            sound: data.name_sound,
            meant: data.meant_ids.clone(),
            village: data.village,
            phone: data.phone,
            division: data.hukou_division,
            ..Known::default()
        };
        self.known(data.person, known);
    }

    fn person_corrected(&mut self, data: &PersonCorrected) {
        let known = Known {
            name: data.name,
            sound: data.name_sound,
            renamed: data.name.is_some(),
            village: data.village,
            phone: data.phone,
            division: data.hukou_division,
            ..Known::default()
        };
        self.known(data.person, known);
    }

    fn known(&mut self, person: PersonId, known: Known) {
        let id = known.id.map(Key::Id);
        let meant: Vec<_> = known.meant.iter().map(|id| Some(Key::Meant(*id))).collect();
        self.alike(person, known.name, known.sound, known.birth);
        self.put(Key::Person(person), What::Known(Box::new(known)));
        self.seen(person, [id]);
        self.seen(person, meant);
    }

    /// Where somebody of the same name, or one that sounds like it, and birth date is found.
    fn alike(
        &mut self,
        person: PersonId,
        name: Option<Tag>,
        sound: Option<Tag>,
        birth: Option<Day>,
    ) {
        let namesake = sound.or(name).zip(birth);
        self.seen(person, [namesake.map(|(name, birth)| Key::Namesake(name, birth))]);
    }

    fn fact(&mut self, data: &ExternalFactRecorded) {
        self.corrects(data.row.as_ref());
        let fact = Fact {
            kind: data.kind,
            name: data.name,
            from: data.from,
            to: data.to,
            household_no: data.household_no,
            division: data.division,
            by_custodian: self.event.signer.role == Role::DataCustodian,
        };
        self.put(Key::Id(data.id), What::Fact(Box::new(fact)));
        let home = data.household_no.map(|number| Key::Home(Home::Number(number)));
        self.member(home, data.name);
    }

    fn paid(&mut self, data: &PaymentExecuted) {
        self.corrects(data.row.as_ref());
        let paid = Paid {
            programme: data.programme,
            month: data.month,
            year: data.year,
            amount: data.amount,
            months: data.months.clone(),
            back_pay_months: data.back_pay_months,
            back_pay_reason: data.back_pay_reason,
            id: data.id,
            name: data.name,
            number: data.number,
            account: data.account,
            holder: data.holder,
            paid_on: data.paid_on,
            division: data.division,
            chassis: data.chassis,
            engine: data.engine,
            holder_match: data.holder_match,
            batch: data.payroll.map(|payroll| (payroll, self.signer())),
            roll: data.row.as_ref().map(|row| row.roll),
            row: data.row.as_ref().map(|row| row.row),
        };
        self.put(Key::Person(data.person), What::Paid(Arc::new(paid)));
        // A person of whom only payments are known has the number by them: a death reported of it
        // is theirs.
        let keys = [
            Some(Key::Id(data.id)),
            data.account.map(Key::Account),
            data.chassis.map(Key::Chassis),
            data.engine.map(Key::Engine),
            data.payroll.map(Key::Payees),
        ];
        self.seen(data.person, keys);
    }

    fn roll(&mut self, data: &RollReceived) {
        // A roll of which nothing could be read says nothing about anybody.
        if data.rows > 0 && data.accepted == 0 {
            return;
        }
        let RollReceived { kind, division, month, year, programme, .. } = *data;
        self.put(Key::Rolls, What::RollIn { kind, division, month, year, programme });
    }
}
