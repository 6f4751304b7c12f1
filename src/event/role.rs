//! Roles of actors, and what each sector's data custodian may report.

use serde::{Deserialize, Serialize};

use crate::value::FactKind;

/// What an actor is enrolled to do. One actor has one role; one key is never two roles (I36).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 受理人: receives applications at the township or county window.
    Clerk,
    /// 评残医师: assesses and signs for the medical truth.
    Assessor,
    /// 评定机构: the institution's seal on a conclusion.
    InstitutionSeal,
    /// 公示人: posts and closes public notices.
    NoticeOfficer,
    /// 审核人: reviews the case file.
    Reviewer,
    /// 批准人: approves or refuses.
    Approver,
    /// 制证人: prints and issues.
    Issuer,
    /// 乡镇初审: first review of a benefit.
    TownshipReviewer,
    /// 残联复审: second review of a benefit.
    DpfReviewer,
    /// 民政审定: determines a benefit.
    CivilAffairsOfficer,
    /// 财政: authorises payment.
    FinanceOfficer,
    /// 银行代发: executes payment.
    BankAgent,
    /// 服务机构: delivers a service.
    ServiceProvider,
    /// 市残联: designates institutions, re-assesses on appeal.
    PrefectureDpf,
    /// 省专家委员会: final conclusion of an appeal.
    ProvincialPanel,
    /// 数据提供部门: reports facts of its own register.
    DataCustodian,
    /// 督查: gives the verdict on a flag.
    Inspector,
    /// 监督: endorses authority and policy, revokes together with an approver.
    Supervisor,
    /// 个人信息保护负责人: restriction, erasure, disclosure.
    PrivacyOfficer,
    /// 密钥保管人: enrols actors, erases data keys.
    KeyCustodian,
    /// The ledger's own automatic signer.
    System,
    /// 申请人: a person, or a guardian, with a key of their own, who signs for what they received.
    Applicant,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 22] = [
        Self::Clerk,
        Self::Assessor,
        Self::InstitutionSeal,
        Self::NoticeOfficer,
        Self::Reviewer,
        Self::Approver,
        Self::Issuer,
        Self::TownshipReviewer,
        Self::DpfReviewer,
        Self::CivilAffairsOfficer,
        Self::FinanceOfficer,
        Self::BankAgent,
        Self::ServiceProvider,
        Self::PrefectureDpf,
        Self::ProvincialPanel,
        Self::DataCustodian,
        Self::Inspector,
        Self::Supervisor,
        Self::PrivacyOfficer,
        Self::KeyCustodian,
        Self::System,
        Self::Applicant,
    ];

    /// The role's name as it stands in events, such as `township_reviewer`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Assessor => "assessor",
            Self::InstitutionSeal => "institution_seal",
            Self::NoticeOfficer => "notice_officer",
            Self::Reviewer => "reviewer",
            Self::Approver => "approver",
            Self::Issuer => "issuer",
            Self::TownshipReviewer => "township_reviewer",
            Self::DpfReviewer => "dpf_reviewer",
            Self::CivilAffairsOfficer => "civil_affairs_officer",
            Self::FinanceOfficer => "finance_officer",
            Self::BankAgent => "bank_agent",
            Self::ServiceProvider => "service_provider",
            Self::PrefectureDpf => "prefecture_dpf",
            Self::ProvincialPanel => "provincial_panel",
            Self::DataCustodian => "data_custodian",
            Self::Inspector => "inspector",
            Self::Supervisor => "supervisor",
            Self::PrivacyOfficer => "privacy_officer",
            Self::KeyCustodian => "key_custodian",
            Self::System => "system",
            Self::Applicant => "applicant",
        }
    }

    /// The name offices use.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Clerk => "受理人",
            Self::Assessor => "评残医师",
            Self::InstitutionSeal => "评定机构",
            Self::NoticeOfficer => "公示人",
            Self::Reviewer => "审核人",
            Self::Approver => "批准人",
            Self::Issuer => "制证人",
            Self::TownshipReviewer => "乡镇初审人",
            Self::DpfReviewer => "残联复审人",
            Self::CivilAffairsOfficer => "民政审定人",
            Self::FinanceOfficer => "财政审批人",
            Self::BankAgent => "银行代发人",
            Self::ServiceProvider => "服务机构",
            Self::PrefectureDpf => "市残联",
            Self::ProvincialPanel => "省专家委员会",
            Self::DataCustodian => "数据提供部门",
            Self::Inspector => "督查员",
            Self::Supervisor => "监督员",
            Self::PrivacyOfficer => "个人信息保护负责人",
            Self::KeyCustodian => "密钥保管人",
            Self::System => "系统",
            Self::Applicant => "申请人",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = crate::value::Malformed;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|role| role.name() == text);
        found.ok_or(crate::value::Malformed::new("role", "one of the catalogue's roles"))
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// The register a data custodian answers for.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Sector {
    /// 公安: household registration, deaths.
    PublicSecurity,
    /// 民政: dibao, extreme poverty, orphans, cremation.
    CivilAffairs,
    /// 人社: work-injury insurance, employment.
    HumanResources,
    /// 司法: judgments and releases.
    Justice,
    /// 卫健: deaths in hospital.
    Health,
    /// 财政.
    Finance,
    /// 残联: its own registers of other aid.
    Dpf,
}

impl Sector {
    /// Says whether this register is a source for that kind of fact.
    #[must_use]
    pub const fn reports(self, kind: FactKind) -> bool {
        match kind {
            FactKind::Death => {
                matches!(self, Self::PublicSecurity | Self::CivilAffairs | Self::Health)
            }
            FactKind::Imprisonment => matches!(self, Self::Justice),
            FactKind::HukouMove => matches!(self, Self::PublicSecurity),
            FactKind::Dibao
            | FactKind::DibaoEdge
            | FactKind::LowIncome
            | FactKind::ExtremePovertySupport
            | FactKind::OrphanAllowance
            | FactKind::ElderlyLiving
            | FactKind::ElderlyNursing => matches!(self, Self::CivilAffairs),
            FactKind::PovertyRegister => matches!(self, Self::CivilAffairs | Self::Dpf),
            FactKind::WorkInjuryNursingFee
            | FactKind::DutyDisabilityLiving
            | FactKind::DutyDisabilityNursing
            | FactKind::RetiredCadreLiving
            | FactKind::RetiredCadreNursing
            | FactKind::Employment => matches!(self, Self::HumanResources),
            FactKind::LongTermCare => matches!(self, Self::Health | Self::Dpf),
            FactKind::Vehicle => matches!(self, Self::PublicSecurity | Self::Dpf),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Role;
    use crate::value::{ChainRole, Lang};

    #[test]
    fn the_roles_of_a_policys_chain_are_called_what_the_officers_are() {
        for role in ChainRole::ALL {
            let officer: Role = role.name().parse().unwrap();
            assert_eq!(role.words(Lang::Zh), officer.zh(), "{}", role.name());
        }
    }
}
