//! From application to review: the steps of one case before the decision (E01-E12, E22-E24), and
//! the consent to a regrade (E63).

use serde::{Deserialize, Serialize};

use super::{
    Counterparty, Evidence, Grade, GuardianTags, OfficerRef, Relation, WrittenNotice, event_data,
};
use crate::value::{
    ActorId, CaseId, Category, CertificateId, Day, DivisionCode, Hash, IdForm, Label, PersonId,
    Sex, Tag,
};

/// What is applied for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationKind {
    /// 首次办证
    New,
    /// 期满换领
    Renew,
    /// 遗失补办
    Replace,
    /// 残损换新
    ExchangeDamaged,
    /// 类别/等级变更
    Regrade,
    /// 迁移
    Transfer,
    /// 注销
    Cancel,
}

/// How the application came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 窗口
    Window,
    /// 上门
    HomeVisit,
    /// 网上
    Online,
    /// 跨省通办
    CrossProvince,
}

/// How an assessment was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssessmentMethod {
    /// In the institution.
    InPerson,
    /// At home (art. 11).
    HomeVisit,
    /// 目测, lawful until 2017-12-31 only.
    BySight,
}

/// How a notice ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeResult {
    /// No objection stands.
    Clear,
    /// An objection was upheld.
    Objection,
}

/// What became of an objection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ObjectionOutcome {
    /// 成立
    Upheld,
    /// 不成立
    Dismissed,
}

/// The reviewer's opinion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewOpinion {
    /// 同意
    Agree,
    /// 退回补正
    ReturnForCorrection,
    /// 不同意
    Disagree,
}

/// What a reminder is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReminderKind {
    /// Six months before expiry.
    ExpirySixMonths,
    /// One month before expiry.
    ExpiryOneMonth,
    /// After expiry.
    Overdue,
}

event_data! {
    /// E01 `application.submitted`: opens a case.
    pub struct ApplicationSubmitted {
        /// The applicant's pseudonym.
        pub person: PersonId,
        /// What is applied for.
        pub kind: ApplicationKind,
        /// Tag of the ID number.
        pub id: Tag,
        /// What the ID number's own form says.
        pub id_form: IdForm,
        /// Tag of the name.
        pub name: Tag,
        /// Tag of how the name sounds, however it is written.
        pub name_sound: Option<Tag>,
        /// Tags of the valid ID numbers that a mistyped or old one may stand for.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub meant_ids: Vec<Tag>,
        /// Birth date.
        pub birth_date: Day,
        /// Sex.
        pub sex: Sex,
        /// Household-registration division: it decides.
        pub hukou_division: DivisionCode,
        /// Where the person lives.
        pub residence_division: DivisionCode,
        /// Township.
        pub township: Option<Label>,
        /// Tag of the village.
        pub village: Option<Tag>,
        /// Tag of the telephone number.
        pub phone: Option<Tag>,
        /// How it came in.
        pub channel: Channel,
        /// The guardian, where one acts.
        pub guardian: Option<GuardianTags>,
        /// What the applicant claims.
        pub claimed: Vec<Category>,
        /// The present certificate, for every kind but `new`.
        pub certificate: Option<CertificateId>,
        /// The residence permit, where the channel is `cross_province`.
        pub residence_permit: Option<Evidence>,
        /// The applicant's own signature or other evidence, and the papers handed in.
        pub evidence: Vec<Evidence>,
    }

    /// E02 `identity.verified`: says how the applicant's identity was verified, and against which
    /// source.
    pub struct IdentityVerified {
        /// The applicant.
        pub person: PersonId,
        /// How: a register, a card reader, a visit.
        pub method: Label,
        /// The photo matches.
        pub photo_match: bool,
        /// The household register matches.
        pub hukou_match: bool,
        /// Birth date as the source says.
        pub birth_date: Day,
        /// The division in which the ID number was first given: its first six digits, which say
        /// nothing about where the person is registered now.
        pub division_at_birth: Option<DivisionCode>,
        /// The source knows the ID number, and under this name.
        pub id_confirmed: Option<bool>,
        /// The source.
        pub source: Evidence,
    }

    /// E03 `application.accepted`: the window accepts the application and may send the applicant
    /// to a designated institution.
    pub struct ApplicationAccepted {
        /// The applicant.
        pub person: PersonId,
        /// The designated institution the applicant is sent to.
        pub institution: Option<ActorId>,
    }

    /// E03 `application.not_accepted`: the window does not accept the application, says why and
    /// what is missing, and tells the person in writing.
    pub struct ApplicationNotAccepted {
        /// The applicant.
        pub person: PersonId,
        /// Why.
        pub reason: Label,
        /// What is missing.
        pub missing: Vec<Label>,
        /// The written notice and its proof.
        pub told: WrittenNotice,
    }

    /// E63 `regrade.consented`: the approving federation agrees that the category or level of a
    /// certificate is assessed anew (I18).
    pub struct RegradeConsented {
        /// The holder.
        pub person: PersonId,
        /// The certificate to be assessed anew.
        pub certificate: CertificateId,
    }

    /// E04 `conflict.declared`: from here on the officer takes no step of the case.
    pub struct ConflictDeclared {
        /// The person of the case.
        pub person: PersonId,
        /// The relation.
        pub relation: Relation,
        /// To whom, when not to the person of the case.
        pub counterparty: Option<Counterparty>,
    }

    /// E05 `assessment.assigned`: sends the case to a designated institution and names the
    /// assessors.
    pub struct AssessmentAssigned {
        /// The applicant.
        pub person: PersonId,
        /// The institution.
        pub institution: ActorId,
        /// The assessors.
        pub assessors: Vec<ActorId>,
        /// The session.
        pub session: Option<Label>,
        /// Seed of the random draw that chose institution and assessors; absent when a person did.
        pub draw_seed: Option<Hash>,
    }

    /// E06 `assessment.recorded`: one per assessor.
    pub struct AssessmentRecorded {
        /// The applicant.
        pub person: PersonId,
        /// Meets the standard.
        pub meets: bool,
        /// The conclusion, when it meets the standard.
        pub grade: Option<Grade>,
        /// Clause of the standard.
        pub criterion: Label,
        /// Version of the standard.
        pub standard: Label,
        /// How it was made.
        pub method: AssessmentMethod,
        /// Assessed without prosthesis, orthosis or other device (5.5.1).
        pub devices_removed: bool,
        /// The record of the visit, where the method is `home_visit`.
        pub visit: Option<Evidence>,
        /// The examination papers.
        pub evidence: Vec<Evidence>,
    }

    /// E07 `assessment.concluded`: the institution's seal.
    pub struct AssessmentConcluded {
        /// The applicant.
        pub person: PersonId,
        /// Meets the standard.
        pub meets: bool,
        /// The conclusion, when it meets the standard.
        pub grade: Option<Grade>,
        /// The assessors' statements it rests on.
        pub assessments: Vec<Hash>,
        /// A second round, which some policies ask of severe levels.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub second_round: bool,
        /// Signed reconciliation, when an assessor recorded otherwise (I07).
        pub reconciliation: Option<Evidence>,
    }

    /// E08 `notice.posted`: a masked notice of the conclusion hangs in the applicant's village or
    /// community.
    pub struct NoticePosted {
        /// The applicant.
        pub person: PersonId,
        /// Where it hangs.
        pub place: Label,
        /// Hash of the masked public view.
        pub view: Hash,
        /// The day it was posted; the next working day is day 1.
        pub opens_on: Day,
        /// Its last day.
        pub closes_on: Day,
        /// Photo of the posted notice.
        pub photo: Option<Evidence>,
    }

    /// E09 `notice.waived`: only for a minor.
    pub struct NoticeWaived {
        /// The applicant.
        pub person: PersonId,
        /// The legal basis.
        pub basis: Label,
    }

    /// E10 `objection.raised`: someone objects to a notice.
    pub struct ObjectionRaised {
        /// The applicant.
        pub person: PersonId,
        /// Pseudonym of who objects, when they gave their name.
        pub by: Option<PersonId>,
        /// What is objected.
        pub ground: Label,
        /// The objection as handed in.
        pub evidence: Vec<Evidence>,
    }

    /// E10 `objection.resolved`: says what became of an objection, and why.
    pub struct ObjectionResolved {
        /// The applicant.
        pub person: PersonId,
        /// The objection's statement.
        pub objection: Hash,
        /// What became of it.
        pub outcome: ObjectionOutcome,
        /// Why.
        pub reason: Label,
        /// What was found.
        pub evidence: Vec<Evidence>,
    }

    /// E11 `notice.closed`: the notice is over: clear, or with an objection upheld.
    pub struct NoticeClosed {
        /// The applicant.
        pub person: PersonId,
        /// How it ended.
        pub result: NoticeResult,
    }

    /// E11 `notice.taken_down`: the public view of the notice was removed.
    pub struct NoticeTakenDown {
        /// The applicant.
        pub person: PersonId,
        /// The day the public view was removed.
        pub removed_on: Day,
    }

    /// E12 `review.completed`: the reviewer has checked application, acceptance, assessment and
    /// notice, and gives an opinion.
    pub struct ReviewCompleted {
        /// The applicant.
        pub person: PersonId,
        /// All four items with their evidence (I10).
        pub checklist: ReviewChecklist,
        /// The opinion.
        pub opinion: ReviewOpinion,
        /// Why it is returned or not agreed.
        pub reason: Option<Label>,
        /// Cause of a delay beyond the review limit (I13).
        pub delay_cause: Option<Label>,
    }

    /// The four items a reviewer checks (I10).
    pub struct ReviewChecklist {
        /// Application material.
        pub application: Hash,
        /// Acceptance procedure.
        pub acceptance: Hash,
        /// Assessment conclusion.
        pub assessment: Hash,
        /// Notice result, or the waiver.
        pub notice: Hash,
    }

    /// E22 `reminder.sent`: the holder was reminded of the expiry.
    pub struct ReminderSent {
        /// The holder.
        pub person: PersonId,
        /// What about.
        pub kind: ReminderKind,
        /// How.
        pub channel: Label,
    }

    /// E23 `appeal.filed`: the person appeals against an assessment's conclusion, first to the
    /// prefecture's federation, then to the provincial panel.
    pub struct AppealFiled {
        /// The applicant.
        pub person: PersonId,
        /// The day by which it is to be answered.
        pub due_by: Day,
        /// The appeal as handed in.
        pub evidence: Vec<Evidence>,
    }

    /// E23 `appeal.declined`: the appeal is not taken on: the conclusion stands, and the person is
    /// told why, and of the panel, in writing.
    pub struct AppealDeclined {
        /// The applicant.
        pub person: PersonId,
        /// Why it is not taken on.
        pub reason: Label,
        /// The written notice and its proof.
        pub told: WrittenNotice,
    }

    /// E23 `appeal.reassessed`: the prefecture's federation gives the result of the reassessment.
    pub struct AppealReassessed {
        /// The applicant.
        pub person: PersonId,
        /// The reassessing institution's sealed conclusion, which the result repeats.
        pub conclusion: Option<Hash>,
        /// Meets the standard.
        pub meets: bool,
        /// The conclusion.
        pub grade: Option<Grade>,
        /// The papers.
        pub evidence: Vec<Evidence>,
    }

    /// E23 `appeal.concluded`: the provincial panel's conclusion is final.
    pub struct AppealConcluded {
        /// The applicant.
        pub person: PersonId,
        /// Meets the standard.
        pub meets: bool,
        /// The conclusion.
        pub grade: Option<Grade>,
        /// The papers.
        pub evidence: Vec<Evidence>,
    }

    /// E24 `case_file.sealed`: the case file is complete: a root over its items, their number, and
    /// what is missing.
    pub struct CaseFileSealed {
        /// The person of the case.
        pub person: PersonId,
        /// The case, when the subject is the certificate.
        pub case: CaseId,
        /// Root over the file's items.
        pub manifest: Hash,
        /// How many items.
        pub items: u32,
        /// What is missing.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub gaps: Vec<Label>,
        /// Who filed it, when not the signer.
        pub archivist: Option<OfficerRef>,
    }
}
