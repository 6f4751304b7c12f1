//! The closed lists of names that policies and events share; programmes are an open one, beside.
//!
//! Each list is one table: the name on the wire, what offices call it, and plain English. A name
//! that is not in its table is refused where it is read, so a spelling mistake in a policy can
//! never become a rule that silently matches nothing.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Malformed, Programme, text_value};

/// A language of the people who read policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lang {
    /// Chinese
    Zh,
    /// English
    En,
}

/// Declares one closed list: variant, wire name, Chinese, English.
macro_rules! names {
    ($(#[$meta:meta])* $type:ident {
        $($variant:ident, $name:literal, $zh:literal, $en:literal;)+
    }) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            JsonSchema,
        )]
        pub enum $type {
            $(#[doc = concat!($en, " (", $zh, ")")] #[serde(rename = $name)] $variant,)+
        }

        impl $type {
            /// Every name of the list, in its order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The name in words of a language.
            #[must_use]
            pub const fn words(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Self::$variant, Lang::Zh) => $zh, (Self::$variant, Lang::En) => $en,)+
                }
            }

            /// The item of a wire name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|item| item.name() == name)
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

names! {
    /// A kind of fact that a data custodian outside the federation reports about a person.
    FactKind {
        Death, "death", "死亡", "death";
        Imprisonment, "imprisonment", "服刑", "imprisonment";
        HukouMove, "hukou_move", "户口迁移", "move of household registration";
        Dibao, "dibao", "低保", "Dibao";
        DibaoEdge, "dibao_edge", "低保边缘", "Dibao-edge household";
        LowIncome, "low_income", "低收入", "low income";
        PovertyRegister, "poverty_register", "建档立卡", "poverty register";
        ExtremePovertySupport, "extreme_poverty_support", "特困人员救助供养",
            "extreme-poverty support";
        OrphanAllowance, "orphan_allowance", "孤儿基本生活保障", "orphan allowance";
        WorkInjuryNursingFee, "work_injury_nursing_fee", "工伤保险生活护理费",
            "work-injury nursing fee";
        ElderlyLiving, "elderly_living", "老年人生活补贴", "living allowance for the elderly";
        ElderlyNursing, "elderly_nursing", "老年人护理补贴", "nursing allowance for the elderly";
        DutyDisabilityLiving, "duty_disability_living", "因公致残生活补贴",
            "living allowance for disability in the line of duty";
        DutyDisabilityNursing, "duty_disability_nursing", "因公致残护理补贴",
            "nursing allowance for disability in the line of duty";
        RetiredCadreLiving, "retired_cadre_living", "离休生活补贴",
            "living allowance of retired cadres";
        RetiredCadreNursing, "retired_cadre_nursing", "离休护理补贴",
            "nursing allowance of retired cadres";
        LongTermCare, "long_term_care", "需长期照护", "need of long-term care of six months or more";
        Vehicle, "vehicle", "车辆登记", "vehicle registration";
        Employment, "employment", "就业登记", "employment registration";
    }
}

impl FactKind {
    /// Says whether the kind is money or care that a person receives from elsewhere: only such a
    /// kind can exclude a programme or be weighed against it.
    #[must_use]
    pub const fn is_allowance(self) -> bool {
        matches!(
            self,
            Self::Dibao
                | Self::ExtremePovertySupport
                | Self::OrphanAllowance
                | Self::WorkInjuryNursingFee
                | Self::ElderlyLiving
                | Self::ElderlyNursing
                | Self::DutyDisabilityLiving
                | Self::DutyDisabilityNursing
                | Self::RetiredCadreLiving
                | Self::RetiredCadreNursing
        )
    }
}

names! {
    /// A condition of entitlement.
    Criterion {
        HukouInDivision, "hukou_in_division", "本地户籍", "household registered in the division";
        CertificateValid, "certificate_valid", "持有有效残疾人证", "a valid certificate";
        DibaoHousehold, "dibao_household", "低保家庭", "member of a Dibao household";
        PovertyRegister, "poverty_register", "建档立卡", "on the poverty register";
        LowIncome, "low_income", "低收入家庭", "low-income household";
        DibaoEdge, "dibao_edge", "低保边缘家庭", "Dibao-edge household";
        Level1Or2, "level_1_or_2", "残疾等级为一级或二级", "level 1 or 2";
        IntellectualLevel3Or4, "intellectual_level_3_4", "三、四级智力残疾",
            "intellectual disability of level 3 or 4";
        PsychiatricLevel3Or4, "psychiatric_level_3_4", "三、四级精神残疾",
            "psychiatric disability of level 3 or 4";
        LongTermCare6Months, "long_term_care_6_months", "需要长期照护六个月以上",
            "needs long-term care for six months or more";
        LowerLimb, "lower_limb", "下肢残疾", "disability of a lower limb";
        Owner, "owner", "本人为车主", "owner of the vehicle";
        VehicleGb12995Of2006, "vehicle_gb12995_2006", "车辆符合GB 12995-2006",
            "vehicle meets GB 12995-2006";
        PurchaseProof, "purchase_proof", "有购车凭证", "proof of purchase";
        Rural, "rural", "农村户籍", "rural household";
        OnlyHouse, "only_house", "唯一住房", "the household's only house";
        TargetGroup, "target_group", "属于帮扶对象", "one of the groups helped";
        Hardship, "hardship", "家庭困难", "hardship";
        Severe, "severe", "重度残疾", "severe disability";
        SevereOrIntellectualOrPsychiatric, "severe_or_intellectual_or_psychiatric",
            "重度、智力或精神残疾", "severe, intellectual or psychiatric disability";
        StudentOrParentWithCertificate, "student_with_certificate_or_parent_with_certificate",
            "学生本人或父母持证", "the student or a parent holds a certificate";
        NationalExamination, "national_examination", "通过全国统一考试录取",
            "admitted by national examination";
    }
}

impl Criterion {
    /// The document that shows this condition, where the ledger's records and facts do not speak
    /// of it.
    #[must_use]
    pub const fn document(self) -> Option<EvidenceKind> {
        Some(match self {
            Self::LowerLimb => EvidenceKind::LowerLimbAssessment,
            Self::Owner => EvidenceKind::OwnershipProof,
            Self::VehicleGb12995Of2006 => EvidenceKind::VehicleCertificate,
            Self::PurchaseProof => EvidenceKind::PurchaseProof,
            Self::Rural => EvidenceKind::HouseholdRegister,
            Self::OnlyHouse => EvidenceKind::OnlyHouseStatement,
            Self::NationalExamination => EvidenceKind::AdmissionLetter,
            Self::HukouInDivision
            | Self::CertificateValid
            | Self::DibaoHousehold
            | Self::PovertyRegister
            | Self::LowIncome
            | Self::DibaoEdge
            | Self::Level1Or2
            | Self::IntellectualLevel3Or4
            | Self::PsychiatricLevel3Or4
            | Self::LongTermCare6Months
            | Self::TargetGroup
            | Self::Hardship
            | Self::Severe
            | Self::SevereOrIntellectualOrPsychiatric
            | Self::StudentOrParentWithCertificate => return None,
        })
    }

    /// The external fact that answers this condition, where one does.
    #[must_use]
    pub const fn external(self) -> Option<FactKind> {
        match self {
            Self::DibaoHousehold => Some(FactKind::Dibao),
            Self::PovertyRegister => Some(FactKind::PovertyRegister),
            Self::LowIncome => Some(FactKind::LowIncome),
            Self::DibaoEdge => Some(FactKind::DibaoEdge),
            Self::HukouInDivision
            | Self::CertificateValid
            | Self::Level1Or2
            | Self::IntellectualLevel3Or4
            | Self::PsychiatricLevel3Or4
            | Self::LongTermCare6Months
            | Self::LowerLimb
            | Self::Owner
            | Self::VehicleGb12995Of2006
            | Self::PurchaseProof
            | Self::Rural
            | Self::OnlyHouse
            | Self::TargetGroup
            | Self::Hardship
            | Self::Severe
            | Self::SevereOrIntellectualOrPsychiatric
            | Self::StudentOrParentWithCertificate
            | Self::NationalExamination => None,
        }
    }
}

names! {
    /// What one grant of a programme is for.
    Unit {
        Person, "person", "人", "person";
        Household, "household", "户", "household";
        Vehicle, "vehicle", "辆", "vehicle";
        Resident, "resident", "托养对象", "resident";
        Child, "child", "儿童", "child";
        Student, "student", "学生", "student";
        Contact, "contact", "人次", "contact";
    }
}

names! {
    /// How often one unit may be granted for.
    Period {
        Month, "month", "每月", "month";
        Year, "year", "每年", "year";
        Once, "once", "一次性", "once";
        Event, "event", "每次", "event";
        Status, "status", "状态", "status";
        DeviceCycle, "device_cycle", "每更换周期", "device cycle";
    }
}

names! {
    /// A step of a programme's chain, in the order in which steps are taken.
    ChainStep {
        VillageCheck, "village_check", "村（社区）核实", "village check";
        FirstReview, "first_review", "初审", "first review";
        SecondReview, "second_review", "复审", "second review";
        Assessment, "assessment", "评估", "assessment";
        Determination, "determination", "审定", "determination";
        Delivery, "delivery", "交付", "delivery";
        FollowUp, "follow_up", "回访", "follow-up";
    }
}

names! {
    /// The role that signs a step of a programme's chain.
    ChainRole {
        Clerk, "clerk", "受理人", "clerk";
        TownshipReviewer, "township_reviewer", "乡镇初审人", "township reviewer";
        DpfReviewer, "dpf_reviewer", "残联复审人", "federation reviewer";
        Assessor, "assessor", "评残医师", "assessor";
        Approver, "approver", "批准人", "federation approver";
        CivilAffairsOfficer, "civil_affairs_officer", "民政审定人", "civil affairs officer";
        ServiceProvider, "service_provider", "服务机构", "service provider";
    }
}

names! {
    /// Evidence that a grant rests on.
    EvidenceKind {
        Appraisal, "appraisal", "房屋鉴定", "appraisal of the house";
        VillageReview, "village_review", "村民评议", "village review";
        Contract, "contract", "协议", "contract";
        BeforePhoto, "before_photo", "改造前照片", "photo before";
        AfterPhoto, "after_photo", "改造后照片", "photo after";
        Acceptance, "acceptance", "竣工验收", "acceptance of the works";
        NeedsSurvey, "needs_survey", "需求调查", "survey of needs";
        EntryAssessment, "entry_assessment", "入住评估", "assessment at entry";
        Attendance, "attendance", "考勤记录", "attendance record";
        CertificateOrDiagnosis, "certificate_or_diagnosis", "残疾人证或诊断证明",
            "certificate or diagnosis";
        Guardian, "guardian", "监护人证明", "guardian's proof";
        DesignatedInstitution, "designated_institution", "定点机构", "designated institution";
        SessionLog, "session_log", "训练记录", "log of sessions";
        Diagnosis, "diagnosis", "诊断证明", "diagnosis";
        LowerLimbAssessment, "lower_limb_assessment", "下肢残疾评定表", "assessment of the lower limb";
        OwnershipProof, "ownership_proof", "车辆归属证明", "proof of ownership";
        VehicleCertificate, "vehicle_certificate", "车辆合格证", "certificate of the vehicle";
        PurchaseProof, "purchase_proof", "购车凭证", "proof of purchase";
        HouseholdRegister, "household_register", "户口簿", "household register";
        OnlyHouseStatement, "only_house_statement", "唯一住房证明", "statement of the only house";
        AdmissionLetter, "admission_letter", "录取通知书", "letter of admission";
    }
}

impl EvidenceKind {
    /// Says whether the evidence is of a service, as each session is held.
    #[must_use]
    pub const fn is_service(self) -> bool {
        matches!(self, Self::Attendance | Self::SessionLog)
    }

    /// Says whether the evidence comes into being after the grant is determined, so that only a
    /// payment rests on it: works, sessions, attendance.
    #[must_use]
    pub const fn is_of_delivery(self) -> bool {
        matches!(
            self,
            Self::Contract
                | Self::BeforePhoto
                | Self::AfterPhoto
                | Self::Acceptance
                | Self::Attendance
                | Self::DesignatedInstitution
                | Self::SessionLog
        )
    }
}

names! {
    /// The first month that is paid once a grant is approved.
    FirstMonth {
        ApplicationMonth, "application_month", "自申请当月", "the month of the application";
        DeterminationMonth, "determination_month", "自审定当月", "the month of the determination";
    }
}

names! {
    /// The first month that is not paid after entitlement is lost.
    StopRule {
        MonthAfterLoss, "month_after_loss", "自丧失资格的次月", "the month after the loss";
        MonthOfLoss, "month_of_loss", "自丧失资格的当月", "the month of the loss";
    }
}

names! {
    /// The last day on which a certificate is valid.
    LastDay {
        DayBeforeAnniversary, "day_before_anniversary", "满期日的前一日",
            "the day before the anniversary";
        Anniversary, "anniversary", "满期日当日", "the anniversary itself";
    }
}

names! {
    /// The level of the federation that approves certificates.
    ApprovalLevel {
        County, "county", "县级残联", "county federation";
        Prefecture, "prefecture", "市级残联", "prefecture federation";
    }
}

names! {
    /// The grade of a dilapidated house.
    HouseGrade {
        C, "C", "C级", "grade C";
        D, "D", "D级", "grade D";
    }
}

names! {
    /// A diagnosis that counts beside the seven categories.
    Diagnosis {
        Autism, "autism", "孤独症", "autism";
    }
}

names! {
    /// How a household's amount is worked out from a standard.
    Formula {
        GapTimesMembers, "gap_times_members", "（标准－人均收入）×人数",
            "(standard - income per person) x members";
    }
}

/// What a policy is about: the certificate, a table of amounts, or one programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyName {
    /// `certificate`: issuing and keeping certificates.
    Certificate,
    /// `rates`: amounts only, for one or more programmes.
    Rates,
    /// A programme by its own name.
    Programme(Programme),
}

impl fmt::Display for PolicyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificate => f.write_str("certificate"),
            Self::Rates => f.write_str("rates"),
            Self::Programme(programme) => programme.fmt(f),
        }
    }
}

impl FromStr for PolicyName {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let unknown = Malformed::new("policy name", "certificate, rates or a programme's name");
        match text {
            "certificate" => Ok(Self::Certificate),
            "rates" => Ok(Self::Rates),
            name => Programme::from_name(name).map(Self::Programme).ok_or(unknown),
        }
    }
}

text_value!(PolicyName, "policy name", Programme::PATTERN);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_names_are_the_serde_names_and_are_found_again() {
        for kind in FactKind::ALL {
            let json = serde_json::to_string(kind).unwrap();
            assert_eq!(json, format!("\"{}\"", kind.name()));
            assert_eq!(FactKind::from_name(kind.name()), Some(*kind));
        }
        assert_eq!(FactKind::from_name("dying"), None);
    }

    #[test]
    fn a_policy_is_of_the_certificate_of_amounts_or_of_a_programme() {
        for name in ["certificate", "rates", "living_allowance", "winter_coal"] {
            assert_eq!(name.parse::<PolicyName>().unwrap().to_string(), name);
        }
        assert_eq!("rates".parse(), Ok(PolicyName::Rates));
        for wrong in ["Certificate", "", "x"] {
            assert!(wrong.parse::<PolicyName>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_condition_and_the_fact_that_answers_it_have_one_name() {
        for criterion in Criterion::ALL {
            if let Some(kind) = criterion.external() {
                let name = criterion.name().trim_end_matches("_household");
                assert_eq!(kind.name(), name);
            }
        }
    }
}
