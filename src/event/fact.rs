//! What other registers and rolls report (E26, E27, E53-E58, E61).

use serde::{Deserialize, Serialize};

use super::{Evidence, Relation, RowRef, event_data};
use crate::value::{
    CertificateId, Day, DivisionCode, FactKind, Fen, Hash, HouseholdId, IdForm, Label, Lang, Month,
    PersonId, Programme, Tag,
};

/// The kinds of rolls offices send.
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
pub enum RollKind {
    /// 持证人名册
    CertificateRoster,
    /// 困难残疾人生活补贴发放名册
    LivingAllowance,
    /// 重度残疾人护理补贴发放名册
    NursingCareSubsidy,
    /// 机动轮椅车燃油补贴
    FuelSubsidy,
    /// 低保对象名册
    Dibao,
    /// 特困供养人员名册
    ExtremePoverty,
    /// 孤儿保障名册
    Orphan,
    /// 工伤护理费名册
    WorkInjuryNursing,
    /// 死亡人员名单
    Deaths,
    /// 服刑人员名单
    Prisoners,
    /// 机构账户
    InstitutionAccounts,
    /// rates.csv: becomes a published policy.
    Rates,
    /// 银行代发结果
    BankResult,
    /// 其他项目按月发放名册
    MonthlyPayments,
    /// 其他项目按年或一次性发放名册
    YearlyPayments,
    /// 其他登记名册: a list of an outside register of another kind of fact.
    Register,
    /// 服务记录名册
    Sessions,
    /// 安置名册
    Placements,
    /// 离开安置名册
    Departures,
    /// 走访记录名册
    SupportVisits,
    /// 工程验收名册
    Works,
    /// 家庭成员名册
    Households,
}

impl RollKind {
    /// Every kind.
    pub const ALL: [Self; 22] = [
        Self::CertificateRoster,
        Self::LivingAllowance,
        Self::NursingCareSubsidy,
        Self::FuelSubsidy,
        Self::Dibao,
        Self::ExtremePoverty,
        Self::Orphan,
        Self::WorkInjuryNursing,
        Self::Deaths,
        Self::Prisoners,
        Self::InstitutionAccounts,
        Self::Rates,
        Self::BankResult,
        Self::MonthlyPayments,
        Self::YearlyPayments,
        Self::Register,
        Self::Sessions,
        Self::Placements,
        Self::Departures,
        Self::SupportVisits,
        Self::Works,
        Self::Households,
    ];

    /// What offices call a roll of the kind.
    #[must_use]
    pub const fn words(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Self::CertificateRoster => ("持证人名册", "register of certificates"),
            Self::LivingAllowance => {
                ("困难残疾人生活补贴发放名册", "payroll of the living allowance")
            }
            Self::NursingCareSubsidy => {
                ("重度残疾人护理补贴发放名册", "payroll of the nursing-care subsidy")
            }
            Self::FuelSubsidy => ("机动轮椅车燃油补贴发放名册", "payroll of the fuel subsidy"),
            Self::Dibao => ("低保对象名册", "list of Dibao recipients"),
            Self::ExtremePoverty => ("特困供养人员名册", "list of extreme-poverty support"),
            Self::Orphan => ("孤儿保障名册", "list of orphan allowances"),
            Self::WorkInjuryNursing => ("工伤护理费名册", "list of work-injury nursing fees"),
            Self::Deaths => ("死亡人员名单", "list of deaths"),
            Self::Prisoners => ("服刑人员名单", "list of prisoners"),
            Self::InstitutionAccounts => ("机构账户名册", "list of institutions' accounts"),
            Self::Rates => ("补贴标准", "rates"),
            Self::BankResult => ("银行代发结果", "result of the bank's payments"),
            Self::MonthlyPayments => ("按月发放名册", "monthly payroll"),
            Self::YearlyPayments => ("按年或一次性发放名册", "yearly or single payroll"),
            Self::Register => ("登记名册", "list of a register"),
            Self::Sessions => ("服务记录名册", "list of services"),
            Self::Placements => ("安置名册", "list of placements"),
            Self::Departures => ("离开安置名册", "list of ended placements"),
            Self::SupportVisits => ("走访记录名册", "list of visits"),
            Self::Works => ("工程验收名册", "list of accepted works"),
            Self::Households => ("住户名册", "list of households"),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// What a guardianship rests on (civil code, art. 27-33).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GuardianKind {
    /// 法定监护
    Statutory,
    /// 指定监护
    Appointed,
    /// 协议监护
    Agreed,
    /// 组织监护
    Organisation,
}

event_data! {
    /// E26 `external_fact.recorded`. Months are given as their first and last day.
    pub struct ExternalFactRecorded {
        /// The person, when known to the ledger.
        pub person: Option<PersonId>,
        /// Tag of the ID number: what joins the fact to a person, whenever the person comes.
        pub id: Tag,
        /// What the ID number's own form says.
        pub id_form: IdForm,
        /// Tag of the name.
        pub name: Option<Tag>,
        /// What is reported.
        pub kind: FactKind,
        /// First day.
        pub from: Day,
        /// Last day, when it ended or will end.
        pub to: Option<Day>,
        /// Tag of the household number.
        pub household_no: Option<Tag>,
        /// Where the person moved to, for `hukou_move`.
        pub division: Option<DivisionCode>,
        /// Where the row came from, for imports.
        pub row: Option<RowRef>,
    }

    /// E27 `external_fact.retracted`: the office that reported a fact takes it back.
    pub struct ExternalFactRetracted {
        /// The fact's statement.
        pub fact: Hash,
        /// Why.
        pub reason: Label,
    }

    /// E53 `person.recorded`: contact data, sealed; tags where equality matters.
    pub struct PersonRecorded {
        /// The person.
        pub person: PersonId,
        /// Tag of the ID number.
        pub id: Tag,
        /// Tag of the name.
        pub name: Tag,
        /// Tag of how the name sounds, however it is written.
        pub name_sound: Option<Tag>,
        /// Tags of the valid ID numbers that a mistyped or old one may stand for.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub meant_ids: Vec<Tag>,
        /// Tag of the telephone number.
        pub phone: Option<Tag>,
        /// Tag of the village.
        pub village: Option<Tag>,
        /// Household-registration division.
        pub hukou_division: Option<DivisionCode>,
    }

    /// E53 `person.corrected`: corrects a person's name, telephone number, village or division.
    pub struct PersonCorrected {
        /// The person.
        pub person: PersonId,
        /// Tag of the corrected name.
        pub name: Option<Tag>,
        /// Tag of how the name sounds, however it is written.
        pub name_sound: Option<Tag>,
        /// Tag of the corrected telephone number.
        pub phone: Option<Tag>,
        /// Tag of the corrected village.
        pub village: Option<Tag>,
        /// Corrected division.
        pub hukou_division: Option<DivisionCode>,
        /// Why.
        pub reason: Label,
    }

    /// E54 `identity.linked`: another ID number is also this person's.
    pub struct IdentityLinked {
        /// The person.
        pub person: PersonId,
        /// Tag of the other ID number.
        pub id: Tag,
        /// Why: an upgrade from 15 digits, a duplicate number.
        pub reason: Label,
        /// Proof.
        pub evidence: Vec<Evidence>,
    }

    /// E54 `identity.unlinked`: an ID number that was linked is not this person's.
    pub struct IdentityUnlinked {
        /// The person.
        pub person: PersonId,
        /// Tag of the ID number that is not this person's.
        pub id: Tag,
        /// Why.
        pub reason: Label,
    }

    /// E54 `identity.corrected`: the number was mistyped; history follows.
    pub struct IdentityCorrected {
        /// The person.
        pub person: PersonId,
        /// Tag of the wrong number.
        pub from: Tag,
        /// Tag of the right number.
        pub to: Tag,
        /// Why.
        pub reason: Label,
    }

    /// E55 `guardian.recorded`: a guardian of a person, from a day on, with proof.
    pub struct GuardianRecorded {
        /// The ward.
        pub person: PersonId,
        /// Tag of the guardian's ID number.
        pub guardian: Tag,
        /// Tag of the guardian's name.
        pub guardian_name: Tag,
        /// What the guardianship rests on.
        pub kind: Option<GuardianKind>,
        /// First day.
        pub from: Day,
        /// Proof.
        pub evidence: Vec<Evidence>,
    }

    /// E55 `guardian.ended`: a guardianship ended.
    pub struct GuardianEnded {
        /// The ward.
        pub person: PersonId,
        /// Tag of the guardian's ID number.
        pub guardian: Tag,
        /// Last day.
        pub to: Day,
    }

    /// E56 `household.member_joined`: a person became a member of a household, or its head.
    pub struct HouseholdMemberJoined {
        /// The household.
        pub household: HouseholdId,
        /// The person.
        pub person: PersonId,
        /// Head of the household.
        pub is_head: bool,
        /// What the person is to the head.
        pub relation: Option<Relation>,
        /// First day.
        pub from: Day,
        /// Last day, where it is known already.
        pub to: Option<Day>,
        /// Tag of the household's number.
        pub household_no: Option<Tag>,
        /// Tag of the person's ID number, which need not be known to the ledger otherwise.
        pub id: Option<Tag>,
        /// Tag of the person's name.
        pub name: Option<Tag>,
        /// Where the row came from, for imports.
        pub row: Option<RowRef>,
    }

    /// E56 `household.member_left`: a person left a household.
    pub struct HouseholdMemberLeft {
        /// The household.
        pub household: HouseholdId,
        /// The person.
        pub person: PersonId,
        /// Last day.
        pub to: Day,
    }

    /// E57 `institution_account.recorded`: an account that lawfully receives for residents.
    pub struct InstitutionAccountRecorded {
        /// Tag of the account.
        pub account: Tag,
        /// The institution.
        pub institution: Label,
        /// Where the row came from, for imports.
        pub row: Option<RowRef>,
    }

    /// E58 `roll.received`: what came in, before its rows.
    pub struct RollReceived {
        /// Its kind.
        pub kind: RollKind,
        /// The programme, where the kind does not say it.
        pub programme: Option<Programme>,
        /// The division it was sent for.
        pub division: DivisionCode,
        /// Its benefit month, for monthly rolls.
        pub month: Option<Month>,
        /// Its year, for yearly rolls.
        pub year: Option<u16>,
        /// Keyed hash of the file.
        pub file: Tag,
        /// Data rows in the file.
        pub rows: u32,
        /// Rows read.
        pub accepted: u32,
        /// Rows that could not be read; they are named in `rejected/`.
        pub rejected: u32,
        /// Sum of the amounts of the rows read, for payment rolls.
        pub total: Option<Fen>,
        /// A full list: rows missing from it were retracted.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub complete: bool,
        /// Columns that the roll does not have (I42).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub absent: Vec<Label>,
    }

    /// E61 `roll.row_retracted`: a full list no longer has this row.
    pub struct RollRowRetracted {
        /// The row's statement.
        pub target: Hash,
        /// The row, with the roll that no longer has it.
        pub row: RowRef,
        /// The certificate, for a roster row.
        pub certificate: Option<CertificateId>,
    }
}

impl HouseholdMemberJoined {
    /// A membership as somebody at the counter states it, without what only a list says.
    #[must_use]
    pub const fn stated(
        household: HouseholdId,
        person: PersonId,
        is_head: bool,
        from: Day,
    ) -> Self {
        Self {
            household,
            person,
            is_head,
            relation: None,
            from,
            to: None,
            household_no: None,
            id: None,
            name: None,
            row: None,
        }
    }
}
