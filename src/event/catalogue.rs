//! The table: for each event type its number, who may sign it, who must endorse it, its gates.
//!
//! This is the one place that says so; `events/README.md` shows the same table to people and a
//! test holds the two together.

use super::Role::{
    self, Applicant, Approver, Assessor, BankAgent, CivilAffairsOfficer, Clerk, DataCustodian,
    DpfReviewer, FinanceOfficer, Inspector, InstitutionSeal, Issuer, KeyCustodian, NoticeOfficer,
    PrefectureDpf, PrivacyOfficer, ProvincialPanel, Reviewer, ServiceProvider, Supervisor, System,
    TownshipReviewer,
};

/// How the ledger treats an event type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Refused when a rule forbids it.
    Decision,
    /// Refused for form, signature, role, division or replay only; else recorded and flagged.
    Fact,
}

/// What a type's subject must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the subject of that name")]
pub enum SubjectKind {
    Person,
    Case,
    Certificate,
    Household,
    Institution,
    Actor,
    Account,
    Payroll,
    Roll,
    Programme,
    Ledger,
    /// A person, or the roll of a person unknown to the ledger.
    PersonOrRoll,
    /// A person, or the ledger for a flag that concerns nobody alone.
    PersonOrLedger,
    /// The same subject as the statement it names.
    OfTarget,
}

/// The second signer of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Second {
    /// Who may endorse.
    pub roles: &'static [Role],
    /// The endorser belongs to another organisation than the proposer.
    pub other_organisation: bool,
    /// Days after which an unendorsed proposal lapses.
    pub lapses_after_days: u32,
}

/// One row of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Number in the catalogue (E01-E64).
    pub number: u8,
    /// Dotted name.
    pub name: &'static str,
    /// Decision or fact.
    pub standing: Standing,
    /// What its subject must be.
    pub subject: SubjectKind,
    /// Who may sign it.
    pub signers: &'static [Role],
    /// Who must endorse it before it takes effect.
    pub second: Option<Second>,
    /// The invariants that gate it.
    pub gates: &'static [&'static str],
}

impl Rule {
    /// How many signatures it takes.
    #[must_use]
    pub const fn signers_required(&self) -> u8 {
        if self.second.is_some() { 2 } else { 1 }
    }
}

/// The rule of a dotted name.
#[must_use]
pub fn rule_named(name: &str) -> Option<&'static Rule> {
    static BY_NAME: std::sync::LazyLock<hashbrown::HashMap<&'static str, &'static Rule>> =
        std::sync::LazyLock::new(|| RULES.iter().map(|rule| (rule.name, rule)).collect());
    BY_NAME.get(name).copied()
}

const fn second(roles: &'static [Role], other_organisation: bool) -> Option<Second> {
    Some(Second { roles, other_organisation, lapses_after_days: 30 })
}

/// What was delivered to a person who has a key.
pub(super) const BY_THE_PERSON: Second =
    Second { roles: &[Applicant], other_organisation: true, lapses_after_days: 30 };

const ANY: &[Role] = &Role::ALL;
const ROLL_SENDERS: &[Role] =
    &[Clerk, DataCustodian, BankAgent, CivilAffairsOfficer, Approver, ServiceProvider, DpfReviewer];
/// Which of them signs a step of a programme its policy says.
const CASE_REVIEWERS: &[Role] = &[TownshipReviewer, DpfReviewer];
const DETERMINERS: &[Role] = &[CivilAffairsOfficer, Approver];
const OFFICERS: &[Role] = &[
    Clerk,
    Assessor,
    NoticeOfficer,
    Reviewer,
    Approver,
    Issuer,
    TownshipReviewer,
    DpfReviewer,
    CivilAffairsOfficer,
    FinanceOfficer,
];

const fn decision(
    number: u8,
    name: &'static str,
    subject: SubjectKind,
    signers: &'static [Role],
    second: Option<Second>,
    gates: &'static [&'static str],
) -> Rule {
    Rule { number, name, standing: Standing::Decision, subject, signers, second, gates }
}

const fn fact(
    number: u8,
    name: &'static str,
    subject: SubjectKind,
    signers: &'static [Role],
    second: Option<Second>,
) -> Rule {
    Rule { number, name, standing: Standing::Fact, subject, signers, second, gates: &["I02"] }
}

use SubjectKind as S;

/// Every type's rule, in the catalogue's order.
#[rustfmt::skip]
pub static RULES: &[Rule] = &[
    decision(59, "ledger.created", S::Ledger, &[System], None, &["I02"]),
    decision(62, "ledger.succeeds", S::Ledger, &[KeyCustodian], second(&[Supervisor], true), &["I02"]),
    decision(60, "endorsed", S::OfTarget, ANY, None, &["I02", "I31", "I35"]),
    decision(48, "actor.enrolled", S::Actor, &[KeyCustodian], second(&[Supervisor], true), &["I02", "I36"]),
    decision(48, "actor.key_rotated", S::Actor, &[KeyCustodian], second(&[Supervisor], true), &["I02", "I36"]),
    decision(48, "actor.suspended", S::Actor, &[KeyCustodian, Supervisor], None, &["I02"]),
    decision(49, "institution.designated", S::Institution, &[PrefectureDpf], None, &["I02"]),
    decision(49, "institution.suspended", S::Institution, &[PrefectureDpf], None, &["I02"]),
    decision(50, "policy.published", S::Programme, &[Approver], second(&[Supervisor], true), &["I02", "I41"]),
    decision(50, "calendar.published", S::Ledger, &[Approver], second(&[Supervisor], true), &["I02", "I41"]),
    fact(51, "checkpoint.anchored", S::Ledger, &[System], None),
    decision(52, "correction.recorded", S::OfTarget, ANY, second(&[Reviewer], false), &["I02", "I03", "I37"]),
    decision(1, "application.submitted", S::Case, &[Clerk, Applicant], None, &["I12", "I14", "I17", "I18", "I19", "I21", "I35"]),
    decision(2, "identity.verified", S::Case, &[Clerk, DataCustodian], None, &["I04", "I35"]),
    decision(3, "application.accepted", S::Case, &[Clerk], None, &["I04", "I35"]),
    decision(3, "application.not_accepted", S::Case, &[Clerk], None, &["I22", "I35"]),
    decision(63, "regrade.consented", S::Case, &[Approver], None, &["I12", "I18", "I35"]),
    decision(4, "conflict.declared", S::Case, OFFICERS, None, &["I35"]),
    decision(5, "assessment.assigned", S::Case, &[Reviewer, PrefectureDpf, System], None, &["I04", "I05", "I06", "I18", "I21", "I35"]),
    decision(6, "assessment.recorded", S::Case, &[Assessor], None, &["I05", "I06", "I08", "I17", "I35"]),
    decision(7, "assessment.concluded", S::Case, &[InstitutionSeal], None, &["I05", "I07"]),
    decision(8, "notice.posted", S::Case, &[NoticeOfficer], None, &["I04", "I09", "I35"]),
    decision(9, "notice.waived", S::Case, &[Reviewer], second(&[Supervisor], true), &["I04", "I09", "I31", "I35"]),
    decision(10, "objection.raised", S::Case, &[Clerk], None, &["I09"]),
    decision(10, "objection.resolved", S::Case, &[Reviewer], None, &["I09", "I35"]),
    decision(11, "notice.closed", S::Case, &[NoticeOfficer], None, &["I09", "I35"]),
    fact(11, "notice.taken_down", S::Case, &[NoticeOfficer], None),
    decision(12, "review.completed", S::Case, &[Reviewer], None, &["I04", "I10", "I11", "I35"]),
    decision(13, "certificate.approved", S::Case, &[Approver], None, &["I04", "I06", "I08", "I09", "I11", "I12", "I18", "I21", "I35"]),
    decision(13, "certificate.refused", S::Case, &[Approver], None, &["I11", "I12", "I21", "I22", "I35"]),
    decision(14, "certificate.printed", S::Case, &[Issuer], None, &["I04", "I11", "I14", "I21", "I35"]),
    decision(15, "certificate.issued", S::Certificate, &[Issuer], second(&[Approver], false), &["I04", "I05", "I06", "I07", "I08", "I09", "I11", "I12", "I14", "I15", "I17", "I18", "I21", "I31", "I35", "I41"]),
    fact(16, "certificate.delivered", S::Certificate, &[Clerk], None),
    decision(17, "certificate.frozen", S::Certificate, &[Approver], None, &["I12", "I22", "I35"]),
    decision(17, "certificate.unfrozen", S::Certificate, &[Approver], None, &["I12", "I35"]),
    decision(18, "certificate.cancelled", S::Certificate, &[Approver], None, &["I12", "I17", "I19", "I21", "I22", "I35"]),
    decision(19, "certificate.revoked", S::Certificate, &[Approver], second(&[Supervisor], true), &["I12", "I22", "I31", "I35"]),
    fact(20, "certificate.lost", S::Certificate, &[Clerk], None),
    decision(20, "certificate.replaced", S::Certificate, &[Issuer], second(&[Approver], false), &["I11", "I12", "I14", "I15", "I16", "I17", "I31", "I35"]),
    decision(21, "certificate.transferred_out", S::Certificate, &[Approver], None, &["I12", "I35"]),
    decision(21, "certificate.transferred_in", S::Certificate, &[Approver], None, &["I11", "I12", "I35"]),
    fact(22, "reminder.sent", S::Certificate, &[Clerk, System], None),
    decision(23, "appeal.filed", S::Case, &[Clerk, Applicant], None, &["I21", "I35"]),
    decision(23, "appeal.declined", S::Case, &[PrefectureDpf, ProvincialPanel], None, &["I21", "I22", "I35"]),
    decision(23, "appeal.reassessed", S::Case, &[PrefectureDpf], None, &["I21", "I35"]),
    decision(23, "appeal.concluded", S::Case, &[ProvincialPanel], None, &["I21", "I35"]),
    decision(24, "case_file.sealed", S::Case, &[Issuer], None, &["I04"]),
    fact(25, "certificate.legacy_imported", S::Certificate, &[Clerk], None),
    fact(26, "external_fact.recorded", S::PersonOrRoll, &[DataCustodian], None),
    fact(27, "external_fact.retracted", S::PersonOrRoll, &[DataCustodian], None),
    decision(28, "benefit.applied", S::Case, &[Clerk, Applicant], None, &["I35"]),
    decision(29, "benefit.first_reviewed", S::Case, CASE_REVIEWERS, None, &["I23", "I35"]),
    decision(29, "benefit.checked", S::Case, &[Clerk, TownshipReviewer, Assessor, DpfReviewer], None, &["I23", "I35"]),
    decision(30, "benefit.second_reviewed", S::Case, CASE_REVIEWERS, None, &["I23", "I35"]),
    decision(31, "benefit.determined", S::Case, DETERMINERS, None, &["I22", "I23", "I24", "I35", "I41"]),
    decision(32, "benefit.amended", S::Case, DETERMINERS, None, &["I18", "I35", "I41"]),
    decision(32, "benefit.stopped", S::Case, DETERMINERS, None, &["I22", "I32", "I35"]),
    decision(32, "benefit.resumed", S::Case, DETERMINERS, None, &["I24", "I35"]),
    decision(33, "back_pay.granted", S::Case, DETERMINERS, second(&[FinanceOfficer, DpfReviewer], true), &["I30", "I31", "I35"]),
    decision(34, "payroll.prepared", S::Payroll, DETERMINERS, None, &["I25", "I26", "I30", "I33"]),
    decision(35, "payroll.authorised", S::Payroll, &[FinanceOfficer], None, &["I25", "I26", "I33"]),
    fact(36, "payment.executed", S::Person, &[BankAgent], None),
    fact(36, "payment.returned", S::Person, &[BankAgent], None),
    decision(37, "account.bound", S::Case, &[BankAgent], second(&[Clerk], true), &["I25", "I35"]),
    decision(37, "account.unbound", S::Case, &[BankAgent], second(&[Clerk], true), &["I35"]),
    fact(38, "annual_review.completed", S::Case, &[TownshipReviewer], None),
    fact(39, "service.delivered", S::Person, &[ServiceProvider], None),
    fact(40, "works.accepted", S::Household, &[DpfReviewer], None),
    fact(41, "placement.started", S::Person, &[ServiceProvider], None),
    fact(41, "placement.ended", S::Person, &[ServiceProvider], None),
    fact(42, "support_visit.logged", S::Person, &[ServiceProvider, Clerk], None),
    fact(43, "anomaly.raised", S::PersonOrLedger, &[System], None),
    decision(44, "anomaly.assigned", S::PersonOrLedger, &[Inspector, Supervisor], None, &["I32", "I35"]),
    decision(44, "anomaly.reviewed", S::PersonOrLedger, &[Inspector], None, &["I32", "I35"]),
    decision(45, "recovery.ordered", S::Person, &[CivilAffairsOfficer], second(&[Supervisor], true), &["I31", "I32", "I35"]),
    fact(45, "recovery.received", S::Person, &[FinanceOfficer], None),
    decision(45, "recovery.waived", S::Person, &[CivilAffairsOfficer], second(&[Supervisor], true), &["I31", "I35"]),
    decision(45, "help.given", S::Person, &[Clerk, TownshipReviewer, DpfReviewer, CivilAffairsOfficer], None, &["I32", "I35"]),
    decision(46, "disclosure.granted", S::Ledger, &[PrivacyOfficer], None, &["I39"]),
    fact(46, "query.logged", S::Person, &[System], None),
    decision(47, "personal_data.erased", S::Person, &[PrivacyOfficer], second(&[KeyCustodian], true), &["I37"]),
    decision(47, "processing.restricted", S::Person, &[PrivacyOfficer], second(&[KeyCustodian], true), &["I37"]),
    decision(64, "right.requested", S::Person, &[Applicant, Clerk], None, &["I35", "I37"]),
    decision(64, "right.declined", S::Person, &[PrivacyOfficer], None, &["I22", "I37"]),
    fact(53, "person.recorded", S::Person, &[Clerk], None),
    fact(53, "person.corrected", S::Person, &[Clerk], None),
    fact(54, "identity.linked", S::Person, &[Clerk], second(&[Reviewer], false)),
    fact(54, "identity.unlinked", S::Person, &[Clerk], second(&[Reviewer], false)),
    fact(54, "identity.corrected", S::Person, &[Clerk], second(&[Reviewer], false)),
    fact(55, "guardian.recorded", S::Person, &[Clerk], None),
    fact(55, "guardian.ended", S::Person, &[Clerk], None),
    fact(56, "household.member_joined", S::Household, &[Clerk, DataCustodian], None),
    fact(56, "household.member_left", S::Household, &[Clerk, DataCustodian], None),
    fact(57, "institution_account.recorded", S::Account, &[Clerk], second(&[BankAgent], true)),
    fact(58, "roll.received", S::Roll, ROLL_SENDERS, None),
    fact(61, "roll.row_retracted", S::OfTarget, ROLL_SENDERS, None),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Body;

    #[test]
    fn every_type_has_its_rule_and_every_rule_its_type() {
        let names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
        assert_eq!(names.len(), Body::NAMES.len());
        for name in Body::NAMES {
            assert_eq!(names.iter().filter(|other| *other == name).count(), 1, "{name}");
            assert!(Body::schema_of(name).is_some());
        }
    }

    #[test]
    fn a_decision_names_its_gates() {
        for rule in RULES {
            assert!(!rule.gates.is_empty(), "{}", rule.name);
            assert!(!rule.signers.is_empty(), "{}", rule.name);
        }
    }
}
