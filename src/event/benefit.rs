//! Benefits from application to determination, and what changes them (E28-E33).

use serde::{Deserialize, Serialize};

use super::{Evidence, WrittenNotice, event_data};
use crate::value::{
    CertificateId, ChainStep, Day, DivisionCode, FactKind, Fen, Hash, HouseGrade, HouseholdId,
    Label, Month, PersonId, Programme, Tag, VehicleId,
};

/// Why a benefit stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StopGround {
    /// 死亡
    Death,
    /// 户口迁出
    MovedAway,
    /// 残疾人证过期、冻结、注销
    CertificateNotValid,
    /// 服刑
    Imprisonment,
    /// 弄虚作假
    FalseMaterial,
    /// 退出低保
    LeftDibao,
    /// 特困、孤儿、工伤护理费
    ExclusiveBenefit,
    /// 等级变化
    LevelChanged,
    /// 自愿
    Voluntary,
}

/// Why back-pay is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BackPayGround {
    /// A new card after expiry: at most three months.
    Reissue,
    /// From the month of application, approved later.
    ApplicationMonth,
    /// A transfer that came back.
    ReturnedPayment,
    /// A month that was missed.
    MissedMonth,
}

/// A reviewer's opinion on a benefit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Opinion {
    /// 同意
    Agree,
    /// 不同意
    Disagree,
}

/// The outcome of a determination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 符合
    Granted,
    /// 不符合
    Refused,
}

event_data! {
    /// E28 `benefit.applied`: opens a case.
    pub struct BenefitApplied {
        /// The person.
        pub person: PersonId,
        /// The programme, such as `living_allowance`.
        pub programme: Programme,
        /// The household, for household programmes.
        pub household: Option<HouseholdId>,
        /// The vehicle, for vehicle programmes.
        pub vehicle: Option<VehicleId>,
        /// The certificate it rests on.
        pub certificate: Option<CertificateId>,
        /// The division that decides: where the person is registered.
        pub division: DivisionCode,
        /// The month of application: the first payable month once approved.
        pub month: Month,
        /// The papers.
        pub evidence: Vec<Evidence>,
        /// What is applied for, where the programme asks for more than the person.
        pub asked: Option<Asked>,
    }

    /// What is applied for: an item of the catalogue, a house of a grade, a vehicle's numbers.
    pub struct Asked {
        /// The item of the programme's catalogue.
        pub item: Option<Label>,
        /// The appraised grade of the house.
        pub grade: Option<HouseGrade>,
        /// Tag of the vehicle's frame number.
        pub chassis: Option<Tag>,
        /// Tag of the vehicle's engine number.
        pub engine: Option<Tag>,
    }

    /// E29 `benefit.checked`: a step of the programme's chain that is neither of the two reviews:
    /// the village's check, or the assessor's proposal.
    pub struct BenefitChecked {
        /// The person.
        pub person: PersonId,
        /// The step, `village_check` or `assessment`.
        pub step: ChainStep,
        /// The opinion.
        pub opinion: Opinion,
        /// The papers of the step.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub evidence: Vec<Evidence>,
        /// Why not.
        pub reason: Option<Label>,
    }

    /// E29 `benefit.first_reviewed`: the township's first review, with home visit and village
    /// notice.
    pub struct BenefitFirstReviewed {
        /// The person.
        pub person: PersonId,
        /// The opinion.
        pub opinion: Opinion,
        /// The home visit.
        pub home_visit: Option<Evidence>,
        /// The village notice: first and last day.
        pub notice_from: Option<Day>,
        /// Last day of the village notice.
        pub notice_to: Option<Day>,
        /// Why not.
        pub reason: Option<Label>,
    }

    /// E30 `benefit.second_reviewed`: the federation's second review: is the certificate valid,
    /// does the level fit.
    pub struct BenefitSecondReviewed {
        /// The person.
        pub person: PersonId,
        /// The opinion.
        pub opinion: Opinion,
        /// The certificate is valid.
        pub certificate_ok: bool,
        /// The level fits.
        pub level_ok: bool,
        /// Why not.
        pub reason: Option<Label>,
    }

    /// One exclusion that was checked, and the day of the register it was checked against (I23).
    pub struct ExclusionChecked {
        /// The excluding benefit.
        pub kind: FactKind,
        /// The day the register was as checked.
        pub as_of: Day,
    }

    /// E31 `benefit.determined`: civil affairs, or whom the programme's policy names, determines the
    /// benefit: granted from a month at an
    /// amount, or refused in writing.
    pub struct BenefitDetermined {
        /// The person.
        pub person: PersonId,
        /// The outcome.
        pub outcome: Outcome,
        /// First payable month.
        pub from_month: Option<Month>,
        /// Amount a month, or the sum of a one-off grant.
        pub amount: Option<Fen>,
        /// Income of a person of the household and month, where the amount is worked out from it.
        pub income: Option<Fen>,
        /// The exclusions that were checked.
        pub exclusions: Vec<ExclusionChecked>,
        /// Why refused.
        pub reason: Option<Label>,
        /// The written notice and its proof, when refused (I22).
        pub told: Option<WrittenNotice>,
    }

    /// E32 `benefit.amended`: changes a benefit's amount from a month on.
    pub struct BenefitAmended {
        /// The person.
        pub person: PersonId,
        /// First month at the new amount.
        pub from_month: Month,
        /// The new amount a month.
        pub amount: Fen,
        /// Income of a person of the household and month, where the amount is worked out from it.
        pub income: Option<Fen>,
        /// Why.
        pub reason: Label,
        /// The written notice and its proof.
        pub told: Option<WrittenNotice>,
    }

    /// E32 `benefit.stopped`: stops a benefit from a month on, on a ground, and tells the person
    /// in writing unless they have died.
    pub struct BenefitStopped {
        /// The person.
        pub person: PersonId,
        /// Why.
        pub ground: StopGround,
        /// First unpaid month.
        pub from_month: Month,
        /// The confirmed verdict it rests on, when it follows a flag (I32).
        pub verdict: Option<Hash>,
        /// The written notice and its proof; none after a death.
        pub told: Option<WrittenNotice>,
    }

    /// E32 `benefit.resumed`: resumes a stopped benefit from a month on.
    pub struct BenefitResumed {
        /// The person.
        pub person: PersonId,
        /// First paid month.
        pub from_month: Month,
        /// Why.
        pub reason: Label,
        /// The written notice and its proof.
        pub told: Option<WrittenNotice>,
    }

    /// E33 `back_pay.granted`: two signers from two organisations (I31).
    pub struct BackPayGranted {
        /// The person.
        pub person: PersonId,
        /// The months, each once, ascending.
        pub months: Vec<Month>,
        /// Why.
        pub ground: BackPayGround,
        /// The certificate that was reissued, for `reissue`.
        pub certificate: Option<CertificateId>,
    }
}
