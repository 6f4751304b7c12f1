//! What a roll is: its kind, and what the sender says about it.

use std::{fmt, str::FromStr};

use crate::{
    event,
    policy::defaults,
    value::{FactKind, Lang, Malformed, Month, Programme},
};

/// A kind of roll. Written `snake_case`; a bank's result file and the rolls of programmes without a
/// kind of their own name the programme after a colon: `bank_result:living_allowance`,
/// `yearly_payments:house_renovation`, `sessions:child_rehab_aid`, `works:home_adaptation`; other
/// registers the fact: `register:low_income`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RollKind {
    /// 持证人名册: every certificate, closed ones too.
    CertificateRoster,
    /// 困难残疾人生活补贴发放名册 of a month.
    LivingAllowance,
    /// 重度残疾人护理补贴发放名册 of a month.
    NursingCareSubsidy,
    /// 机动轮椅车燃油补贴 of a year.
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
    /// 机构账户: accounts of institutions that lawfully receive for residents.
    InstitutionAccounts,
    /// Amount per programme.
    Rates,
    /// 其他项目按月发放名册: a month of any programme that its policy pays by the month.
    Monthly(Programme),
    /// 其他项目年度或一次性发放名册: a year's grants of any other programme.
    Yearly(Programme),
    /// 回盘文件: what the bank paid and what came back, of a programme's payments of a month, or of
    /// a year where the policy pays by the year.
    BankResult(Programme),
    /// 其他登记名册: the list of an outside register of a kind of fact that has no list of its own.
    Register(FactKind),
    /// 服务记录: sessions of a service, and devices handed over.
    Sessions(Programme),
    /// 安置名册: who came to live at, be cared for or work at a place.
    Placements(Programme),
    /// 离开名册: whose placement ended.
    Departures(Programme),
    /// 走访记录: visits of helpers.
    SupportVisits,
    /// 工程验收名册: works at homes that were inspected and accepted.
    Works(Programme),
    /// 家庭成员名册: who lives with whom, and who is the head.
    Households,
}

impl RollKind {
    /// The kinds that a sheet may be recognised as. A roll of another programme is known by what
    /// its sender says only, for its headers are those of any payment.
    pub const ALL: [Self; 33] = [
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
        Self::BankResult(Programme::LIVING_ALLOWANCE),
        Self::BankResult(Programme::NURSING_CARE_SUBSIDY),
        Self::BankResult(Programme::FUEL_SUBSIDY),
        Self::Sessions(Programme::CHILD_REHAB_AID),
        Self::Sessions(Programme::ASSISTIVE_DEVICE),
        Self::Sessions(Programme::COMMUNITY_REHABILITATION),
        Self::Sessions(Programme::CARE_PLACEMENT),
        Self::Sessions(Programme::DAY_CARE),
        Self::Sessions(Programme::VOCATIONAL_TRAINING),
        Self::Placements(Programme::CARE_PLACEMENT),
        Self::Placements(Programme::DAY_CARE),
        Self::Placements(Programme::EMPLOYMENT),
        Self::Placements(Programme::REMOTE_WORK),
        Self::Departures(Programme::CARE_PLACEMENT),
        Self::Departures(Programme::DAY_CARE),
        Self::Departures(Programme::EMPLOYMENT),
        Self::Departures(Programme::REMOTE_WORK),
        Self::SupportVisits,
        Self::Works(Programme::HOUSE_RENOVATION),
        Self::Works(Programme::HOME_ADAPTATION),
        Self::Households,
    ];

    /// The programme of a kind that is of any.
    #[must_use]
    pub const fn programme(self) -> Option<Programme> {
        match self {
            Self::Monthly(programme)
            | Self::Yearly(programme)
            | Self::BankResult(programme)
            | Self::Sessions(programme)
            | Self::Placements(programme)
            | Self::Departures(programme)
            | Self::Works(programme) => Some(programme),
            _ => None,
        }
    }

    /// What offices call a roll of this kind, with its programme or fact.
    #[must_use]
    pub fn title(self, lang: Lang) -> String {
        let kind = event::RollKind::from(self).words(lang);
        let of = match self {
            Self::Register(fact) => fact.words(lang).to_owned(),
            _ => match self.programme() {
                Some(programme) => defaults::title(programme, lang),
                None => return kind.to_owned(),
            },
        };
        match lang {
            Lang::Zh => format!("{of}{kind}"),
            Lang::En => format!("{kind}: {of}"),
        }
    }

    /// Says whether every rule can be asked on it before it is signed: it pays somebody, or says
    /// what is paid for.
    #[must_use]
    pub const fn is_checked(self) -> bool {
        matches!(
            self,
            Self::LivingAllowance
                | Self::NursingCareSubsidy
                | Self::FuelSubsidy
                | Self::Monthly(_)
                | Self::Yearly(_)
                | Self::Works(_)
                | Self::Households
        )
    }

    /// The span of time one roll of this kind is for.
    #[must_use]
    pub const fn period(self) -> Period {
        match self {
            Self::FuelSubsidy | Self::Yearly(_) | Self::BankResult(Programme::FUEL_SUBSIDY) => {
                Period::Year
            }
            Self::LivingAllowance
            | Self::NursingCareSubsidy
            | Self::Monthly(_)
            | Self::BankResult(_) => Period::Month,
            Self::CertificateRoster
            | Self::Dibao
            | Self::ExtremePoverty
            | Self::Orphan
            | Self::WorkInjuryNursing
            | Self::Deaths
            | Self::Prisoners
            | Self::InstitutionAccounts
            | Self::Rates
            | Self::Register(_)
            | Self::Sessions(_)
            | Self::Placements(_)
            | Self::Departures(_)
            | Self::SupportVisits
            | Self::Works(_)
            | Self::Households => Period::State,
        }
    }
}

/// The span of time a roll is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// One benefit month, which must be known.
    Month,
    /// One year, which must be known.
    Year,
    /// The state of a list on some day.
    State,
}

impl fmt::Display for RollKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CertificateRoster => "certificate_roster",
            Self::LivingAllowance => "living_allowance",
            Self::NursingCareSubsidy => "nursing_care_subsidy",
            Self::FuelSubsidy => "fuel_subsidy",
            Self::Dibao => "dibao",
            Self::ExtremePoverty => "extreme_poverty",
            Self::Orphan => "orphan",
            Self::WorkInjuryNursing => "work_injury_nursing",
            Self::Deaths => "deaths",
            Self::Prisoners => "prisoners",
            Self::InstitutionAccounts => "institution_accounts",
            Self::Rates => "rates",
            Self::Monthly(programme) => return write!(f, "{MONTHLY}{programme}"),
            Self::Yearly(programme) => return write!(f, "{YEARLY}{programme}"),
            Self::BankResult(programme) => return write!(f, "{BANK_RESULT}{programme}"),
            Self::Register(kind) => return write!(f, "{REGISTER}{kind}"),
            Self::Sessions(programme) => return write!(f, "{SESSIONS}{programme}"),
            Self::Placements(programme) => return write!(f, "{PLACEMENTS}{programme}"),
            Self::Departures(programme) => return write!(f, "{DEPARTURES}{programme}"),
            Self::SupportVisits => "support_visits",
            Self::Works(programme) => return write!(f, "{WORKS}{programme}"),
            Self::Households => "households",
        })
    }
}

impl From<RollKind> for event::RollKind {
    /// The kind as the log names it, which has the programme of a bank's file beside it.
    fn from(kind: RollKind) -> Self {
        match kind {
            RollKind::CertificateRoster => Self::CertificateRoster,
            RollKind::LivingAllowance => Self::LivingAllowance,
            RollKind::NursingCareSubsidy => Self::NursingCareSubsidy,
            RollKind::FuelSubsidy => Self::FuelSubsidy,
            RollKind::Dibao => Self::Dibao,
            RollKind::ExtremePoverty => Self::ExtremePoverty,
            RollKind::Orphan => Self::Orphan,
            RollKind::WorkInjuryNursing => Self::WorkInjuryNursing,
            RollKind::Deaths => Self::Deaths,
            RollKind::Prisoners => Self::Prisoners,
            RollKind::InstitutionAccounts => Self::InstitutionAccounts,
            RollKind::Rates => Self::Rates,
            RollKind::Monthly(_) => Self::MonthlyPayments,
            RollKind::Yearly(_) => Self::YearlyPayments,
            RollKind::BankResult(_) => Self::BankResult,
            RollKind::Register(_) => Self::Register,
            RollKind::Sessions(_) => Self::Sessions,
            RollKind::Placements(_) => Self::Placements,
            RollKind::Departures(_) => Self::Departures,
            RollKind::SupportVisits => Self::SupportVisits,
            RollKind::Works(_) => Self::Works,
            RollKind::Households => Self::Households,
        }
    }
}

/// What stands before a programme's name, and the kind it makes.
type OfProgramme = (&'static str, fn(Programme) -> RollKind);

impl FromStr for RollKind {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let of_programme: [OfProgramme; 7] = [
            (MONTHLY, Self::Monthly),
            (YEARLY, Self::Yearly),
            (BANK_RESULT, Self::BankResult),
            (SESSIONS, Self::Sessions),
            (PLACEMENTS, Self::Placements),
            (DEPARTURES, Self::Departures),
            (WORKS, Self::Works),
        ];
        for (prefix, kind) in of_programme {
            if let Some(programme) = text.strip_prefix(prefix) {
                return programme.parse().map(kind);
            }
        }
        let register = text.strip_prefix(REGISTER).and_then(FactKind::from_name);
        if let Some(kind) = register.filter(|kind| has_no_list(*kind)) {
            return Ok(Self::Register(kind));
        }
        let known = Self::ALL.into_iter().find(|kind| kind.to_string() == text);
        known.ok_or(Malformed::new("roll kind", "one of the kinds the help lists"))
    }
}

const MONTHLY: &str = "monthly_payments:";
const YEARLY: &str = "yearly_payments:";
const BANK_RESULT: &str = "bank_result:";
const REGISTER: &str = "register:";
const SESSIONS: &str = "sessions:";
const PLACEMENTS: &str = "placements:";
const DEPARTURES: &str = "departures:";
const WORKS: &str = "works:";

/// Says whether a kind of fact comes in by `register:`: the others have a kind of their own, and a
/// move says where to, which such a list does not.
const fn has_no_list(kind: FactKind) -> bool {
    !matches!(
        kind,
        FactKind::Dibao
            | FactKind::ExtremePovertySupport
            | FactKind::OrphanAllowance
            | FactKind::WorkInjuryNursingFee
            | FactKind::Death
            | FactKind::Imprisonment
            | FactKind::HukouMove
    )
}

/// What the sender says about a file, where title row and file name disagree or do not decide. The
/// kind wins over them, never over the headers; a month is refused where they agree on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hint {
    /// `--kind`
    pub kind: Option<RollKind>,
    /// `--month`; for a roll of a year any month of it.
    pub month: Option<Month>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_written_and_read() {
        for kind in RollKind::ALL {
            assert_eq!(kind.to_string().parse(), Ok(kind));
            assert!(!kind.title(Lang::Zh).is_ascii() && kind.title(Lang::En).is_ascii());
        }
        let result = RollKind::BankResult(Programme::LIVING_ALLOWANCE);
        assert_eq!(result.title(Lang::Zh), "困难残疾人生活补贴银行代发结果");
        assert!("bank_result".parse::<RollKind>().is_err());
    }
}
