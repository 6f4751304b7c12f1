//! The certificate from approval on, and certificates imported from the old register (E13-E21, E25).

use serde::{Deserialize, Serialize};

use super::{Evidence, Grade, GuardianTags, RowRef, WrittenNotice, event_data};
use crate::value::{
    CaseId, Category, CertificateId, Component, Day, DivisionCode, Hash, IdForm, Label, Level,
    PersonId, Sex, Tag,
};

/// Generation of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Generation {
    /// 第二代
    Second,
    /// 第三代智能化
    Third,
}

/// Why a certificate is frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FreezeGround {
    /// Expired and not renewed.
    Expiry,
    /// Moved away more than six months ago without transfer.
    OverdueTransfer,
    /// Under investigation.
    Investigation,
}

/// Why a certificate ends lawfully.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CancelGround {
    /// 死亡
    Death,
    /// 不再符合标准: no new application for a year.
    NotMeeting,
    /// 自愿
    Voluntary,
    /// 失踪
    Missing,
    /// 到期未换
    OverdueRenewal,
    /// 迁出未转
    OverdueTransfer,
}

/// Why an unlawful issue is annulled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RevokeGround {
    /// 弄虚作假
    Fraud,
    /// 程序违法
    ProcedureBreach,
}

/// The status column of an old register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LegacyStatus {
    /// 正常
    Normal,
    /// 冻结
    Frozen,
    /// 注销
    Cancelled,
}

/// What became of the card that a new one replaces (I17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OldCard {
    /// Handed back.
    Returned,
    /// Not handed back, and why.
    NotReturned(Label),
}

event_data! {
    /// E13 `certificate.approved`: subject the case.
    pub struct CertificateApproved {
        /// The applicant.
        pub person: PersonId,
        /// What is approved: exactly the conclusion (I08).
        pub grade: Grade,
        /// The review it rests on.
        pub review: Hash,
    }

    /// E13 `certificate.refused`: subject the case.
    pub struct CertificateRefused {
        /// The applicant.
        pub person: PersonId,
        /// Why.
        pub reason: Label,
        /// The written notice and its proof (I22).
        pub told: WrittenNotice,
    }

    /// E14 `certificate.printed`: subject the case.
    pub struct CertificatePrinted {
        /// The applicant.
        pub person: PersonId,
        /// Tag of the blank's serial number.
        pub blank: Tag,
        /// The printer.
        pub printer: Label,
        /// The seal.
        pub seal: Label,
    }

    /// E15 `certificate.issued`: subject the certificate.
    pub struct CertificateIssued {
        /// The holder.
        pub person: PersonId,
        /// The case it ends.
        pub case: CaseId,
        /// Tag of the ID number in the certificate number.
        pub id: Tag,
        /// Tag of the printed number.
        pub number: Tag,
        /// Category, level and components as printed.
        pub grade: Grade,
        /// Replacement suffix Bn, 0 for none.
        pub replaced: u8,
        /// Generation.
        pub generation: Generation,
        /// First day of validity: the day of issue.
        pub valid_from: Day,
        /// Last day of validity.
        pub valid_to: Day,
        /// The approving federation's division.
        pub approving_division: DivisionCode,
        /// The certificate this one replaces.
        pub supersedes: Option<CertificateId>,
        /// What became of the old card.
        pub old_card: Option<OldCard>,
    }

    /// E16 `certificate.delivered`: the card was handed to the holder or to an agent, with the
    /// receiver's proof.
    pub struct CertificateDelivered {
        /// The holder.
        pub person: PersonId,
        /// To the holder, or to an agent.
        pub to_agent: bool,
        /// How: at the window, by post, at home.
        pub mode: Option<Label>,
        /// The receiver's proof.
        pub receipt: Evidence,
    }

    /// E17 `certificate.frozen`: puts a certificate out of use for a time, on a ground, and the
    /// person is told in writing.
    pub struct CertificateFrozen {
        /// The holder.
        pub person: PersonId,
        /// Why.
        pub ground: FreezeGround,
        /// What it rests on.
        pub evidence: Vec<Evidence>,
        /// The written notice and its proof.
        pub told: WrittenNotice,
    }

    /// E17 `certificate.unfrozen`: puts a frozen certificate back into use.
    pub struct CertificateUnfrozen {
        /// The holder.
        pub person: PersonId,
        /// Why.
        pub reason: Label,
        /// What it rests on.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub evidence: Vec<Evidence>,
    }

    /// E18 `certificate.cancelled`: ends a certificate lawfully: death, no longer meeting the
    /// standard, the holder's wish, missing, or overdue.
    pub struct CertificateCancelled {
        /// The holder.
        pub person: PersonId,
        /// Why.
        pub ground: CancelGround,
        /// What it rests on (I19).
        pub evidence: Vec<Evidence>,
        /// The written notice and its proof; none after a death.
        pub told: Option<WrittenNotice>,
    }

    /// E19 `certificate.revoked`: annuls a certificate that was issued unlawfully, on a finding.
    pub struct CertificateRevoked {
        /// The holder.
        pub person: PersonId,
        /// Why.
        pub ground: RevokeGround,
        /// The finding.
        pub finding: Evidence,
        /// Payments to recover.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub recover: Vec<Hash>,
        /// The written notice and its proof.
        pub told: WrittenNotice,
    }

    /// E20 `certificate.lost`: the holder declares the card lost.
    pub struct CertificateLost {
        /// The holder.
        pub person: PersonId,
        /// The declaration.
        pub declaration: Evidence,
    }

    /// E20 `certificate.replaced`: subject the new certificate. With `old_card` it is the exchange
    /// of a damaged card, which keeps number and suffix.
    pub struct CertificateReplaced {
        /// The holder.
        pub person: PersonId,
        /// The certificate whose card was lost, or is damaged.
        pub lost: CertificateId,
        /// Tag of the ID number.
        pub id: Tag,
        /// Tag of the new printed number.
        pub number: Tag,
        /// The suffix: one more than the lost card's (I16); a damaged card's own.
        pub replaced: u8,
        /// Tag of the blank's serial number.
        pub blank: Tag,
        /// The damaged card, handed back; absent for a lost one.
        pub old_card: Option<OldCard>,
    }

    /// E21 `certificate.transferred_out`: the old county hands the certificate and its file over
    /// after a move of household registration.
    pub struct CertificateTransferredOut {
        /// The holder.
        pub person: PersonId,
        /// From.
        pub from: DivisionCode,
        /// To.
        pub to: DivisionCode,
        /// The file handed over.
        pub file: Evidence,
    }

    /// E21 `certificate.transferred_in`: the new county takes the certificate over, and may ask
    /// for a new assessment.
    pub struct CertificateTransferredIn {
        /// The holder.
        pub person: PersonId,
        /// From.
        pub from: DivisionCode,
        /// To.
        pub to: DivisionCode,
        /// The receiving federation asks for a new assessment.
        pub reassess: bool,
    }

    /// E25 `certificate.legacy_imported`: one row of the old register, a fact.
    pub struct CertificateLegacyImported {
        /// The holder's pseudonym.
        pub person: PersonId,
        /// Tag of the ID number.
        pub id: Tag,
        /// What the ID number's own form says.
        pub id_form: IdForm,
        /// Tag of the certificate number.
        pub number: Option<Tag>,
        /// Tag of the name.
        pub name: Tag,
        /// Tag of how the name sounds, however it is written.
        pub name_sound: Option<Tag>,
        /// Tags of the valid ID numbers that a mistyped or old one may stand for.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub meant_ids: Vec<Tag>,
        /// Birth date in the ID number, when it is a day.
        pub birth_date: Option<Day>,
        /// Sex in the ID number.
        pub sex: Sex,
        /// Category.
        pub category: Category,
        /// Level.
        pub level: Level,
        /// Components of a multiple disability, as the register has them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub components: Vec<Component>,
        /// 发证日期
        pub issued: Day,
        /// 有效期至
        pub valid_to: Day,
        /// 证件状态
        pub status: LegacyStatus,
        /// 状态日期
        pub status_date: Option<Day>,
        /// 户籍区划代码
        pub division: DivisionCode,
        /// 乡镇(街道)
        pub township: Option<Label>,
        /// Tag of 村(社区)
        pub village: Option<Tag>,
        /// Tag of 联系电话
        pub phone: Option<Tag>,
        /// 监护人
        pub guardian: Option<GuardianTags>,
        /// Tag of 户号
        pub household_no: Option<Tag>,
        /// 评定机构
        pub institution: Option<Label>,
        /// Tag of 评定医师1
        pub assessor_1: Option<Tag>,
        /// Tag of 评定医师2
        pub assessor_2: Option<Tag>,
        /// 评定日期
        pub assessed_on: Option<Day>,
        /// Tag of 受理人
        pub receiver: Option<Tag>,
        /// Tag of 审核人
        pub reviewer: Option<Tag>,
        /// Tag of 批准人
        pub approver: Option<Tag>,
        /// 公示起
        pub notice_from: Option<Day>,
        /// 公示止
        pub notice_to: Option<Day>,
        /// Assessed by sight, lawful until 2017-12-31.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub assessed_by_sight: bool,
        /// The evidence this row lacks (I42): columns that the roll does not have, and steps that
        /// no old register proves.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub gaps: Vec<Label>,
        /// Where the row came from.
        pub row: RowRef,
    }
}
