//! A programme's policy: who is entitled, for which months, to how much, and who decides.
//!
//! The keys are the same for every programme; one that a programme does not need is left out. The
//! amount is in `rates`, or in a table published by itself; where neither sets it, it is unset.

use serde::{Deserialize, Serialize};

use super::{
    AgeRange, Contradiction, LIST_MAX, MonthDay, RateSpan,
    error::{distinct, within},
    rates, satisfiable,
};
use crate::value::{
    Category, ChainRole, ChainStep, Criterion, Diagnosis, EvidenceKind, FactKind, Fen, FirstMonth,
    Formula, HouseGrade, Label, Lang, Month, Period, Programme, StopRule, Unit,
};

/// What a programme grants, to whom, and how it is decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgrammePolicy {
    /// What offices call it.
    pub title_zh: Option<String>,
    /// Its name in plain English.
    pub title_en: Option<String>,
    /// What one grant is for.
    pub unit: Unit,
    /// How often one unit is granted for.
    pub period: Period,
    /// Says whether it pays money at all.
    #[serde(default = "yes")]
    pub money: bool,
    /// Amounts in fen per unit and period; a month without one is unset.
    #[serde(default)]
    pub rates: Vec<RateSpan>,
    /// What may be granted, each item with its own amount, where it is not one amount for all.
    #[serde(default)]
    pub catalogue: Vec<CatalogueItem>,
    /// How a household's amount is worked out, where it is not one amount for all.
    pub formula: Option<Formula>,
    /// A severely disabled adult counts as a household of their own.
    #[serde(default)]
    pub severe_adult_as_single_household: bool,
    /// Income per person and year under which a household is registered.
    pub threshold_fen: Option<Fen>,

    /// Conditions that must all be met.
    #[serde(default)]
    pub eligible: Vec<Criterion>,
    /// Conditions that may stand in for one of them.
    #[serde(default)]
    pub extensions: Vec<Extension>,
    /// Facts that end the entitlement while they last.
    #[serde(default)]
    pub exclude: Vec<FactKind>,
    /// Allowances of the same kind: the person takes the higher one.
    #[serde(default)]
    pub choose_higher_with: Vec<FactKind>,
    /// Programmes that this one rules out for the same month.
    #[serde(default)]
    pub blocks: Vec<Programme>,
    /// Categories covered; empty means all.
    #[serde(default)]
    pub categories: Vec<Category>,
    /// Diagnoses that count beside the categories.
    #[serde(default)]
    pub diagnoses: Vec<Diagnosis>,
    /// Categories not covered.
    #[serde(default)]
    pub not_eligible_categories: Vec<Category>,
    /// Ages covered.
    pub age: Option<AgeRange>,
    /// House grades covered; empty means none is asked.
    #[serde(default)]
    pub grades: Vec<HouseGrade>,

    /// The first month paid.
    pub first_month: Option<FirstMonth>,
    /// The first month not paid after a loss.
    pub stop: Option<StopRule>,
    /// While a regraded certificate is reissued the old amount is paid on.
    #[serde(default)]
    pub keep_old_rate_during_regrade: bool,
    /// Most months paid back after a certificate was reissued.
    pub back_pay_cap_months: Option<u32>,
    /// Every recipient is reviewed each year.
    #[serde(default)]
    pub annual_review: bool,
    /// Oldest age of the external facts a determination may rest on, in days.
    pub facts_max_age_days: Option<u32>,

    /// The steps to a determination, in order.
    #[serde(default)]
    pub chain: Vec<Step>,
    /// Days an application is published in the village.
    pub notice_days: Option<u32>,
    /// Last day of the year for applications.
    pub apply_by: Option<MonthDay>,
    /// Most units of one person in one period.
    pub units_per_person_max: Option<u32>,
    /// Most grants for one unit in one period.
    pub grants_per_unit_max: Option<u32>,
    /// Evidence a grant rests on.
    #[serde(default)]
    pub evidence: Vec<EvidenceKind>,
    /// A provider takes no more than its capacity.
    #[serde(default)]
    pub capacity_check: bool,
    /// What is granted costs at most its catalogue price.
    #[serde(default)]
    pub cap_to_catalogue: bool,
    /// Share of an employer's staff that must hold a certificate, in thousandths.
    pub quota_permille: Option<u32>,
}

const fn yes() -> bool {
    true
}

/// One thing that may be granted: a device, a course of training, a kind of works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueItem {
    /// Its name in applications.
    pub item: Label,
    /// The amount in fen; absent while it is not set.
    pub amount_fen: Option<Fen>,
    /// Years until the same item may be granted to the person again.
    pub cycle_years: Option<u32>,
}

/// Conditions accepted in place of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// The condition of `eligible` they stand in for.
    pub instead_of: Criterion,
    /// Any one of these is enough.
    pub accept: Vec<Criterion>,
}

/// One step of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The step.
    pub step: ChainStep,
    /// The role that signs it.
    pub role: ChainRole,
    /// Working days it may take; absent where no limit is set.
    pub working_days: Option<u32>,
}

impl ProgrammePolicy {
    /// What people call the programme.
    #[must_use]
    pub fn title(&self, lang: Lang) -> Option<&str> {
        match lang {
            Lang::Zh => self.title_zh.as_deref(),
            Lang::En => self.title_en.as_deref(),
        }
    }

    /// The amount this policy itself sets for a month.
    #[must_use]
    pub fn amount(&self, month: Month) -> Option<Fen> {
        rates::amount(&self.rates, month)
    }

    /// The conditions, each with those accepted in its place.
    pub fn conditions(&self) -> impl Iterator<Item = (Criterion, &[Criterion])> {
        self.eligible.iter().map(|condition| {
            let extension = self.extensions.iter().find(|found| found.instead_of == *condition);
            (*condition, extension.map_or(&[][..], |found| &found.accept))
        })
    }

    /// The step of that kind in the chain.
    #[must_use]
    pub fn step(&self, step: ChainStep) -> Option<&Step> {
        self.chain.iter().find(|found| found.step == step)
    }

    /// The item of that name in the catalogue.
    #[must_use]
    pub fn item(&self, name: &Label) -> Option<&CatalogueItem> {
        self.catalogue.iter().find(|found| found.item == *name)
    }

    /// Says whether a certificate with these categories (one, or the components of a multiple
    /// disability) is covered: one covered component is enough, whatever the others are.
    #[must_use]
    pub fn covers_categories(&self, categories: &[Category]) -> bool {
        categories.iter().any(|found| {
            (self.categories.is_empty() || self.categories.contains(found))
                && !self.not_eligible_categories.contains(found)
        })
    }

    pub(super) fn check(&self, name: Programme) -> Result<(), Contradiction> {
        self.check_titles()?;
        self.check_lists()?;
        self.check_conditions()?;
        self.check_numbers()?;
        if self.blocks.contains(&name) {
            return Err(Contradiction::BlocksItself);
        }
        self.check_chain()?;
        self.check_limits()?;
        rates::check(&self.rates, self.period)?;
        self.check_money()
    }

    /// Somebody can qualify, somebody can grant it, and there is what it caps amounts to.
    pub(super) fn check_use(&self) -> Result<(), Contradiction> {
        if self.money && self.chain.is_empty() {
            return Err(Contradiction::PayingWithoutChain);
        }
        let other_amounts = !self.rates.is_empty() || self.formula.is_some();
        if self.cap_to_catalogue && self.catalogue.is_empty() && other_amounts {
            return Err(Contradiction::CapWithoutCatalogue);
        }
        satisfiable::check(self)
    }

    /// A programme is named in both languages, or goes by its name on the wire in both.
    fn check_titles(&self) -> Result<(), Contradiction> {
        for (key, title) in [("title_zh", &self.title_zh), ("title_en", &self.title_en)] {
            let Some(title) = title else {
                if self.title_zh.is_some() || self.title_en.is_some() {
                    return Err(Contradiction::Empty { key });
                }
                continue;
            };
            if title.trim().is_empty() || title.trim() != title {
                return Err(Contradiction::Empty { key });
            }
            if title.chars().count() > LIST_MAX {
                return Err(Contradiction::TooMany { key, max: LIST_MAX });
            }
        }
        Ok(())
    }

    fn check_lists(&self) -> Result<(), Contradiction> {
        distinct("eligible", &self.eligible, ToString::to_string)?;
        distinct("exclude", &self.exclude, ToString::to_string)?;
        distinct("choose_higher_with", &self.choose_higher_with, ToString::to_string)?;
        distinct("blocks", &self.blocks, ToString::to_string)?;
        distinct("categories", &self.categories, |category| format!("{category:?}"))?;
        distinct("diagnoses", &self.diagnoses, ToString::to_string)?;
        distinct("not_eligible_categories", &self.not_eligible_categories, |category| {
            format!("{category:?}")
        })?;
        distinct("grades", &self.grades, ToString::to_string)?;
        distinct("evidence", &self.evidence, ToString::to_string)?;
        let steps: Vec<_> = self.chain.iter().map(|step| step.step).collect();
        distinct("chain", &steps, ToString::to_string)?;
        let extended: Vec<_> = self.extensions.iter().map(|found| found.instead_of).collect();
        distinct("extensions", &extended, ToString::to_string)
    }

    fn check_conditions(&self) -> Result<(), Contradiction> {
        for (key, kinds) in
            [("exclude", &self.exclude), ("choose_higher_with", &self.choose_higher_with)]
        {
            if let Some(kind) = kinds.iter().find(|kind| !kind.is_allowance()) {
                return Err(Contradiction::NotAnAllowance { key, item: kind.to_string() });
            }
        }
        if let Some(kind) = self.exclude.iter().find(|kind| self.choose_higher_with.contains(kind))
        {
            return Err(Contradiction::ExcludedAndCompared { item: kind.to_string() });
        }
        let astray =
            |item: Criterion, why| Contradiction::ExtensionAstray { item: item.to_string(), why };
        for Extension { instead_of, accept } in &self.extensions {
            distinct("accept", accept, ToString::to_string)?;
            if accept.is_empty() {
                return Err(astray(*instead_of, "it accepts nothing"));
            }
            if !self.eligible.contains(instead_of) {
                return Err(astray(*instead_of, "it is no condition of the programme"));
            }
            if accept.iter().any(|other| self.eligible.contains(other)) {
                return Err(astray(*instead_of, "it accepts what is a condition already"));
            }
        }
        let accepted = self.extensions.iter().flat_map(|extension| &extension.accept);
        for criterion in self.eligible.iter().chain(accepted) {
            if criterion.external().is_some_and(|kind| self.exclude.contains(&kind)) {
                return Err(Contradiction::EligibleAndExcluded { item: criterion.to_string() });
            }
        }
        match self.categories.iter().find(|found| self.not_eligible_categories.contains(found)) {
            Some(found) => Err(Contradiction::CategoryBothWays { item: format!("{found:?}") }),
            None => Ok(()),
        }
    }

    fn check_numbers(&self) -> Result<(), Contradiction> {
        let given = |key, value: Option<u32>, range| {
            value.map_or(Ok(()), |value| within(key, value, range))
        };
        given("back_pay_cap_months", self.back_pay_cap_months, 0..=120)?;
        given("facts_max_age_days", self.facts_max_age_days, 1..=366)?;
        given("notice_days", self.notice_days, 1..=60)?;
        given("units_per_person_max", self.units_per_person_max, 1..=100)?;
        given("grants_per_unit_max", self.grants_per_unit_max, 1..=100)?;
        given("quota_permille", self.quota_permille, 1..=1000)?;
        for step in &self.chain {
            given("working_days", step.working_days, 1..=250)?;
        }
        if let Some(AgeRange { min, max, .. }) = self.age {
            given("age.min", min, 0..=150)?;
            given("age.max", max, 0..=150)?;
            if min.is_none() && max.is_none() {
                return Err(Contradiction::Empty { key: "age" });
            }
            if min.zip(max).is_some_and(|(min, max)| max < min) {
                return Err(Contradiction::SpanReversed { key: "age" });
            }
        }
        match self.threshold_fen {
            Some(amount) if amount <= Fen(0) => Err(Contradiction::AmountNotPositive),
            Some(_) | None => Ok(()),
        }
    }

    /// Steps in order, each by a role that can take it, and one of them decides.
    fn check_chain(&self) -> Result<(), Contradiction> {
        for pair in self.chain.windows(2) {
            if pair[1].step < pair[0].step {
                return Err(Contradiction::ChainOutOfOrder { step: pair[0].step.name() });
            }
        }
        for Step { step, role, .. } in &self.chain {
            if !may_take(*step, *role) {
                let (step, role) = (step.name(), role.name());
                return Err(Contradiction::RoleNotOfStep { step, role });
            }
        }
        if !self.chain.is_empty() && self.step(ChainStep::Determination).is_none() {
            return Err(Contradiction::ChainWithoutDetermination);
        }
        Ok(())
    }

    /// Limits belong to programmes that have what they limit.
    fn check_limits(&self) -> Result<(), Contradiction> {
        let of_months = [
            ("first_month", self.first_month.is_some()),
            ("stop", self.stop.is_some()),
            ("keep_old_rate_during_regrade", self.keep_old_rate_during_regrade),
            ("back_pay_cap_months", self.back_pay_cap_months.is_some()),
        ];
        let cycles = self.catalogue.iter().any(|item| item.cycle_years.is_some());
        let owned = matches!(self.unit, Unit::Household | Unit::Vehicle);
        let astray = of_months
            .into_iter()
            .find(|(_, present)| *present && self.period != Period::Month)
            .map(|(key, _)| (key, "a programme paid by the month"))
            .or_else(|| {
                let rows = [
                    (
                        "apply_by",
                        self.apply_by.is_some(),
                        self.period == Period::Year,
                        "a yearly programme",
                    ),
                    (
                        "units_per_person_max",
                        self.units_per_person_max.is_some(),
                        owned,
                        "a programme of vehicles or households",
                    ),
                    (
                        "grades",
                        !self.grades.is_empty(),
                        self.unit == Unit::Household,
                        "a programme of households",
                    ),
                    (
                        "capacity_check",
                        self.capacity_check,
                        self.unit == Unit::Resident,
                        "a programme of residents",
                    ),
                    (
                        "cycle_years",
                        cycles,
                        self.period == Period::DeviceCycle,
                        "a programme of device cycles",
                    ),
                ];
                let found = rows.into_iter().find(|(_, present, fits, _)| *present && !fits);
                found.map(|(key, _, _, of)| (key, of))
            });
        match astray {
            Some((key, of)) => Err(Contradiction::LimitAstray { key, of }),
            None => Ok(()),
        }
    }

    /// One way to an amount, and none where no money is paid.
    fn check_money(&self) -> Result<(), Contradiction> {
        let names: Vec<_> = self.catalogue.iter().map(|found| &found.item).collect();
        distinct("catalogue", &names, ToString::to_string)?;
        for item in &self.catalogue {
            if item.amount_fen.is_some_and(|amount| amount <= Fen(0)) {
                return Err(Contradiction::AmountNotPositive);
            }
            item.cycle_years.map_or(Ok(()), |years| within("cycle_years", years, 1..=50))?;
        }
        let ways = [!self.rates.is_empty() || self.formula.is_some(), !self.catalogue.is_empty()];
        if ways == [true, true] {
            return Err(Contradiction::TwoWaysToAnAmount);
        }
        let keys = [
            ("rates", !self.rates.is_empty()),
            ("catalogue", !self.catalogue.is_empty()),
            ("formula", self.formula.is_some()),
            ("back_pay_cap_months", self.back_pay_cap_months.is_some()),
            ("choose_higher_with", !self.choose_higher_with.is_empty()),
        ];
        match keys.into_iter().find(|(_, present)| *present && !self.money) {
            Some((key, _)) => Err(Contradiction::MoneyWithoutMoney { key }),
            None => Ok(()),
        }
    }
}

/// Says whether actors of a role can take a step: decisions are signed by those who answer for
/// them, services by those who deliver them.
const fn may_take(step: ChainStep, role: ChainRole) -> bool {
    use ChainRole as R;
    match step {
        ChainStep::VillageCheck => matches!(role, R::Clerk | R::TownshipReviewer),
        ChainStep::FirstReview | ChainStep::SecondReview => {
            matches!(role, R::TownshipReviewer | R::DpfReviewer)
        }
        ChainStep::Assessment => matches!(role, R::Assessor | R::DpfReviewer),
        ChainStep::Determination => matches!(role, R::Approver | R::CivilAffairsOfficer),
        ChainStep::Delivery => matches!(role, R::ServiceProvider),
        ChainStep::FollowUp => matches!(role, R::Clerk | R::ServiceProvider),
    }
}
