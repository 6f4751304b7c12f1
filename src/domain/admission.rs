//! What every event passes before its own use case is asked: role, subject, division, days,
//! and that no officer acts on a case of their own (I02, I35).
//!
//! Facts pass this and nothing else: they are refused for form and authority only.

use super::{State, certificate, refusal::refusals};
use crate::event::{Body, Recorded, Role, Rule, Standing, SubjectKind};
use crate::value::{ActorId, Day, DivisionCode, PersonId, Subject};

refusals! {
    /// Why an event is refused before its use case is asked.
    pub enum Refused {
        /// The role may not sign this type.
        RoleMayNotSign { role: Role, name: &'static str } = "I02", "role_may_not_sign",
            "a {role} may not sign {name}", "events/README.md says who may sign which event",
            "{role}不能签署“{name}”",
            "各事项由谁签署，见 events/README.md";
        /// The custodian's register is no source for this kind of fact.
        WrongRegister = "I02", "wrong_register",
            "the custodian's register is not a source for this kind of fact",
            "have the custodian of the right register report it",
            "该数据提供部门的登记册不是这类事实的来源",
            "请由对应登记册的管理员报送";
        /// The subject is of the wrong kind.
        WrongSubject { name: &'static str } = "I02", "wrong_subject",
            "{name} cannot have this kind of subject", "events/README.md names the subject",
            "“{name}”不能用于这类对象",
            "各事项的对象，见 events/README.md";
        /// The division is not the signer's.
        WrongDivision { own: DivisionCode, other: DivisionCode } = "I02", "wrong_division",
            "a signer of {own} may not act for {other}",
            "an actor of that division, or of one above it, has to sign",
            "{own} 的签署人不能代 {other} 办理",
            "请由该区划或其上级区划的人员签署";
        /// The day lies in the future.
        FutureDay { at: Day, today: Day } = "I02", "future_day",
            "the event says it happened on {at}, and today is {today}", "correct `at`",
            "事项写明发生在 {at}，而今天是 {today}",
            "请更正日期";
        /// The officer is the person, or a declared relative.
        OwnCase = "I35", "own_case", "no officer acts on their own or a declared relation's case",
            "another officer of the role has to act",
            "任何经办人员不得办理本人或已申报亲属的案件",
            "请由同岗位的其他人员办理";
        /// The officer declared a conflict in this case.
        ConflictDeclared = "I35", "conflict_declared",
            "the officer declared a conflict of interest in this case",
            "another officer of the role has to act",
            "该经办人员已对本案申报回避",
            "请由同岗位的其他人员办理";
        /// A person signs about somebody else.
        NotTheirs = "I35", "not_theirs",
            "whoever signs as a person signs about themselves, or as guardian",
            "have the person, the guardian or the window sign it",
            "以本人身份签署的，只能办理本人或所监护人员的事项",
            "请由本人、监护人或窗口签署";
        /// The event names another person than its case or certificate.
        DataPersonDiffers = "I02", "person_differs", "data.person is not the person of the subject",
            "correct data.person",
            "填写的人员（data.person）不是该对象所指的人",
            "请更正人员";
    }
}

pub(super) fn check(state: &State, event: &Recorded, rule: &Rule) -> Result<(), Refused> {
    let signer = &event.signer;
    if !rule.signers.contains(&signer.role) {
        return Err(Refused::RoleMayNotSign { role: signer.role, name: rule.name });
    }
    if !subject_fits(rule.subject, &event.subject) {
        return Err(Refused::WrongSubject { name: rule.name });
    }
    if let Body::ExternalFactRecorded(fact) = &event.payload.body
        && !signer.sector.is_some_and(|sector| sector.reports(fact.kind))
    {
        return Err(Refused::WrongRegister);
    }
    let today = Day::of_millis(event.recorded_at_ms);
    if event.payload.at > today {
        return Err(Refused::FutureDay { at: event.payload.at, today });
    }
    if let Some(other) = division(state, event)
        && !signer.division.covers(other)
    {
        return Err(Refused::WrongDivision { own: signer.division, other });
    }
    if let Some(person) = event.payload.body.person() {
        person_agrees(state, event, person)?;
    }
    if signer.role == Role::Applicant {
        by_the_person(state, event)?;
    } else if rule.standing == Standing::Decision && rule.gates.contains(&"I35") {
        no_own_case(state, event, &event.signer.actor)?;
    }
    Ok(())
}

/// Says whether an actor who is a person is that person, or a guardian of theirs.
#[must_use]
pub fn is_theirs(state: &State, actor: &ActorId, person: PersonId) -> bool {
    let own = state.actors.find(actor).and_then(|actor| actor.person);
    let person = state.people.find(&person);
    person
        .zip(own)
        .is_some_and(|(person, own)| person.ids.contains(&own) || person.guardians.contains(&own))
}

/// Whoever signs as a person signs about themselves, or about whom they are guardian of. Corrections
/// are anybody's to ask for, and endorsements have their own gate.
fn by_the_person(state: &State, event: &Recorded) -> Result<(), Refused> {
    let body = &event.payload.body;
    if matches!(body, Body::CorrectionRecorded(_) | Body::Endorsed(_)) {
        return Ok(());
    }
    let own = state.actors.find(&event.signer.actor).and_then(|actor| actor.person);
    let Some(own) = own else { return Err(Refused::NotTheirs) };
    let known = body.person().filter(|person| state.people.find(person).is_some());
    let fits = match (known, body) {
        (Some(person), _) => is_theirs(state, &event.signer.actor, person),
        // An application names the person before the ledger knows them.
        (None, Body::ApplicationSubmitted(data)) => {
            data.id == own
                || data.guardian.as_ref().is_some_and(|guardian| guardian.id == Some(own))
        }
        (None, _) => false,
    };
    if fits { Ok(()) } else { Err(Refused::NotTheirs) }
}

/// I35, also asked of endorsers.
pub(super) fn no_own_case(
    state: &State,
    event: &Recorded,
    actor: &crate::value::ActorId,
) -> Result<(), Refused> {
    let Some(person) = event.payload.body.person() else {
        return Ok(());
    };
    let related = |id: &crate::value::Tag| state.actors.is_related(actor, id);
    let known = state.people.find(&person).is_some_and(|person| person.ids.iter().any(related));
    // An application names the person before the ledger knows them.
    let named = match &event.payload.body {
        Body::ApplicationSubmitted(data) => related(&data.id),
        _ => false,
    };
    if known || named {
        return Err(Refused::OwnCase);
    }
    if let Subject::Case(case) = &event.subject
        && state.conflicts.contains(&(*case, actor.clone()))
    {
        return Err(Refused::ConflictDeclared);
    }
    Ok(())
}

fn person_agrees(state: &State, event: &Recorded, person: PersonId) -> Result<(), Refused> {
    let agrees = match &event.subject {
        Subject::Person(subject) => *subject == person,
        Subject::Case(case) => state.person_of_case(case).is_none_or(|of| of == person),
        Subject::Certificate(id) => {
            corrects_row(&event.payload.body)
                || state.certificates.find(id).is_none_or(|found| found.person == person)
        }
        _ => true,
    };
    if agrees { Ok(()) } else { Err(Refused::DataPersonDiffers) }
}

/// A corrected row of the old register may name the right person at last.
fn corrects_row(body: &Body) -> bool {
    matches!(body, Body::CertificateLegacyImported(data) if data.row.corrects.is_some())
}

/// The division an event acts for, where it has one.
fn division(state: &State, event: &Recorded) -> Option<DivisionCode> {
    match &event.payload.body {
        Body::ApplicationSubmitted(data) => {
            let places = (data.hukou_division, data.residence_division);
            Some(certificate::acting_division(event.signer.division, places))
        }
        Body::CertificateLegacyImported(data) => Some(data.division),
        Body::PaymentExecuted(data) => Some(data.division),
        Body::PaymentReturned(data) => Some(data.division),
        Body::RollReceived(data) => Some(data.division),
        Body::PayrollPrepared(data) => Some(data.division),
        Body::BenefitApplied(data) => Some(data.division),
        Body::InstitutionDesignated(data) => Some(data.division),
        Body::ActorEnrolled(data) => Some(data.division),
        // Signed by the county that takes over what is still another's.
        Body::CertificateTransferredIn(data) => Some(data.to),
        _ => match &event.subject {
            Subject::Case(case) => certificate::division_of_step(state, event, case)
                .or_else(|| state.division_of_case(case)),
            Subject::Certificate(id) => state.certificates.find(id).map(|found| found.division),
            Subject::Payroll(id) => state.benefits.payroll(id).map(|payroll| payroll.division),
            _ => None,
        },
    }
}

const fn subject_fits(kind: SubjectKind, subject: &Subject) -> bool {
    match kind {
        SubjectKind::Person => matches!(subject, Subject::Person(_)),
        SubjectKind::Case => matches!(subject, Subject::Case(_)),
        SubjectKind::Certificate => matches!(subject, Subject::Certificate(_)),
        SubjectKind::Household => matches!(subject, Subject::Household(_)),
        SubjectKind::Institution => matches!(subject, Subject::Institution(_)),
        SubjectKind::Actor => matches!(subject, Subject::Actor(_)),
        SubjectKind::Account => matches!(subject, Subject::Account(_)),
        SubjectKind::Payroll => matches!(subject, Subject::Payroll(_)),
        SubjectKind::Roll => matches!(subject, Subject::Roll(_)),
        SubjectKind::Programme => matches!(subject, Subject::Programme(_)),
        SubjectKind::Ledger => matches!(subject, Subject::Ledger),
        SubjectKind::PersonOrRoll => matches!(subject, Subject::Person(_) | Subject::Roll(_)),
        SubjectKind::PersonOrLedger => matches!(subject, Subject::Person(_) | Subject::Ledger),
        SubjectKind::OfTarget => true,
    }
}
