//! Why a policy or calendar text is refused.

use crate::value::{Criterion, Day, DivisionCode, Month};

/// A text that is not a policy, or not one that can be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Longer than a statement can carry.
    #[error("the text has {bytes} bytes; at most {max} may be published", max = super::TEXT_MAX)]
    TooLong {
        /// Its length in bytes.
        bytes: usize,
    },
    /// Two spellings of one text would have two hashes.
    #[error("the text is not canonical: UTF-8 without BOM, LF line ends, one at the end")]
    NotCanonical,
    /// Broken TOML, an unknown or missing key, or a value of the wrong kind.
    #[error("line {line}: {why}")]
    Form {
        /// The line as a person counts it; 0 where the place is the whole text.
        line: usize,
        /// What the reader found.
        why: String,
    },
    /// A condition that no list knows.
    #[error("line {line}: no condition is called {name}; the conditions are {}", conditions())]
    CriterionUnknown {
        /// The line as a person counts it.
        line: usize,
        /// The name that stands there.
        name: String,
    },
    /// Well formed, but no one could follow it.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
}

impl PolicyError {
    /// The stable name of what it is refused for.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "text_too_long",
            Self::NotCanonical => "text_not_canonical",
            Self::Form { .. } => "form",
            Self::CriterionUnknown { .. } => "criterion_unknown",
            Self::Contradiction(found) => found.rule(),
        }
    }

    /// The reader of a text says which name it does not know and which it does; a condition among
    /// them is a rule of its own.
    pub(super) fn naming_criteria(self) -> Self {
        let Self::Form { line, why } = &self else { return self };
        let unknown = why.strip_prefix("unknown variant `").and_then(|rest| rest.split_once('`'));
        match unknown {
            Some((name, known)) if known.contains(Criterion::ALL[0].name()) => {
                Self::CriterionUnknown { line: *line, name: name.to_owned() }
            }
            _ => self,
        }
    }
}

fn conditions() -> String {
    Criterion::ALL.iter().map(|criterion| criterion.name()).collect::<Vec<_>>().join(", ")
}

/// A policy that says two things at once, or nothing that can be followed. Each variant is one
/// rule; [`rule`](Self::rule) is its stable name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// The end of a span lies before its start.
    #[error("{key}: the last day or month lies before the first")]
    SpanReversed {
        /// Where it stands.
        key: &'static str,
    },
    /// The name and the table that is present do not belong together.
    #[error("the name {name} needs exactly the table [{table}]")]
    BodyNotOfName {
        /// The name the text has.
        name: String,
        /// The table that name needs.
        table: &'static str,
    },
    /// A number that cannot be followed.
    #[error("{key}: {value} is outside {min} to {max}")]
    OutOfRange {
        /// The key.
        key: &'static str,
        /// Its value.
        value: i64,
        /// The least that makes sense.
        min: i64,
        /// The most that makes sense.
        max: i64,
    },
    /// The same item twice in one list.
    #[error("{key}: {item} is listed twice")]
    ListedTwice {
        /// The list.
        key: &'static str,
        /// The item.
        item: String,
    },
    /// A list or text with more items than it may have.
    #[error("{key}: more than {max}")]
    TooMany {
        /// The list or text.
        key: &'static str,
        /// How many it may have.
        max: usize,
    },
    /// A text that may not be empty.
    #[error("{key} is empty")]
    Empty {
        /// The key.
        key: &'static str,
    },
    /// A person would have to receive what excludes them.
    #[error("{item} is both a condition and an exclusion")]
    EligibleAndExcluded {
        /// The condition or kind.
        item: String,
    },
    /// A kind cannot both end the entitlement and be weighed against it.
    #[error("{item} both excludes and is to be compared")]
    ExcludedAndCompared {
        /// The kind.
        item: String,
    },
    /// Only money or care received elsewhere can exclude or be compared.
    #[error("{key}: {item} is no allowance")]
    NotAnAllowance {
        /// The list.
        key: &'static str,
        /// The kind.
        item: String,
    },
    /// A category is both wanted and ruled out.
    #[error("category {item} is both covered and not covered")]
    CategoryBothWays {
        /// The category.
        item: String,
    },
    /// An extension of a condition that is not there, or by a condition that is there already.
    #[error("extension of {item}: {why}")]
    ExtensionAstray {
        /// The condition that would be extended.
        item: String,
        /// What is wrong.
        why: &'static str,
    },
    /// Two amounts for one month.
    #[error("two amounts cover {month}")]
    RatesOverlap {
        /// The first month both cover.
        month: Month,
    },
    /// An amount of nothing, or less.
    #[error("an amount is not positive; leave it out where it is not set")]
    AmountNotPositive,
    /// A yearly amount that starts or ends inside a year.
    #[error("a yearly amount must span whole years")]
    NotWholeYears,
    /// A policy of months that starts or ends inside one.
    #[error("{key}: {day} is not at the edge of a month, so one month would have two rules")]
    NotWholeMonths {
        /// Which edge.
        key: &'static str,
        /// The day it has.
        day: Day,
    },
    /// Amounts, back-pay or a formula in a programme that pays nothing.
    #[error("{key} in a programme that pays no money")]
    MoneyWithoutMoney {
        /// The key.
        key: &'static str,
    },
    /// A programme that would block itself.
    #[error("the programme blocks itself")]
    BlocksItself,
    /// Steps that are not in the order in which they are taken.
    #[error("step {step} comes before the step that must precede it")]
    ChainOutOfOrder {
        /// The step.
        step: &'static str,
    },
    /// A step that nobody of the role can take.
    #[error("step {step} cannot be signed by a {role}")]
    RoleNotOfStep {
        /// The step.
        step: &'static str,
        /// The role.
        role: &'static str,
    },
    /// A chain in which nobody decides.
    #[error("the chain has no determination: nobody decides")]
    ChainWithoutDetermination,
    /// Money that nobody can grant.
    #[error(
        "the programme pays and has no chain: nobody can grant it; where only rolls pay it, publish \
         its amounts as rates"
    )]
    PayingWithoutChain,
    /// Conditions that exclude each other, or what the programme covers.
    #[error("nobody can meet {items} under what the programme covers and excludes")]
    NobodyQualifies {
        /// The conditions that cannot be met together.
        items: String,
    },
    /// A price list as the limit, where amounts are of another kind.
    #[error("cap_to_catalogue with rates and no catalogue: there is no price to cap to")]
    CapWithoutCatalogue,
    /// A code that no division can have.
    #[error(
        "no division has the code {division}: a province, a prefecture in it, a county in that"
    )]
    DivisionUnknown {
        /// The code.
        division: DivisionCode,
    },
    /// A limit of something the programme does not have.
    #[error("{key} belongs to {of}")]
    LimitAstray {
        /// The key.
        key: &'static str,
        /// The programmes that can have it.
        of: &'static str,
    },
    /// An amount for all, and amounts by item.
    #[error("an amount for all and a catalogue exclude each other")]
    TwoWaysToAnAmount,
    /// Days with no approving level, or with two.
    #[error("approval_authority: on {day} {why}")]
    AuthorityUnclear {
        /// The first such day.
        day: Day,
        /// None, or two.
        why: &'static str,
    },
    /// A calendar year named twice, or years out of order.
    #[error("year {year} is out of order or given twice")]
    YearsOutOfOrder {
        /// The year.
        year: i32,
    },
    /// A day in the notice of a year it does not belong to.
    #[error("{day} does not belong to the notice of {year}")]
    DayOfOtherYear {
        /// The day.
        day: Day,
        /// The year of the notice.
        year: i32,
    },
    /// A make-up workday that is an ordinary workday.
    #[error("{day} is listed as a make-up workday and is no weekend day")]
    MakeUpOnWeekday {
        /// The day.
        day: Day,
    },
    /// A day that is both off and worked, or is listed twice.
    #[error("{day} is listed twice, or is both off and worked")]
    DayBothWays {
        /// The day.
        day: Day,
    },
}

impl Contradiction {
    /// The rule's stable name.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::SpanReversed { .. } => "span_reversed",
            Self::BodyNotOfName { .. } => "body_not_of_name",
            Self::OutOfRange { .. } => "out_of_range",
            Self::ListedTwice { .. } => "listed_twice",
            Self::TooMany { .. } => "too_many",
            Self::Empty { .. } => "empty",
            Self::EligibleAndExcluded { .. } => "eligible_and_excluded",
            Self::ExcludedAndCompared { .. } => "excluded_and_compared",
            Self::NotAnAllowance { .. } => "not_an_allowance",
            Self::CategoryBothWays { .. } => "category_both_ways",
            Self::ExtensionAstray { .. } => "extension_astray",
            Self::RatesOverlap { .. } => "rates_overlap",
            Self::AmountNotPositive => "amount_not_positive",
            Self::NotWholeYears => "not_whole_years",
            Self::NotWholeMonths { .. } => "not_whole_months",
            Self::MoneyWithoutMoney { .. } => "money_without_money",
            Self::BlocksItself => "blocks_itself",
            Self::ChainOutOfOrder { .. } => "chain_out_of_order",
            Self::RoleNotOfStep { .. } => "role_not_of_step",
            Self::ChainWithoutDetermination => "chain_without_determination",
            Self::PayingWithoutChain => "paying_without_chain",
            Self::NobodyQualifies { .. } => "nobody_qualifies",
            Self::CapWithoutCatalogue => "cap_without_catalogue",
            Self::DivisionUnknown { .. } => "division_unknown",
            Self::LimitAstray { .. } => "limit_astray",
            Self::TwoWaysToAnAmount => "two_ways_to_an_amount",
            Self::AuthorityUnclear { .. } => "authority_unclear",
            Self::YearsOutOfOrder { .. } => "years_out_of_order",
            Self::DayOfOtherYear { .. } => "day_of_other_year",
            Self::MakeUpOnWeekday { .. } => "make_up_on_weekday",
            Self::DayBothWays { .. } => "day_both_ways",
        }
    }
}

/// Refuses a number outside what can be followed.
pub(super) fn within(
    key: &'static str,
    value: u32,
    range: std::ops::RangeInclusive<u32>,
) -> Result<(), Contradiction> {
    if range.contains(&value) {
        return Ok(());
    }
    let (min, max) = (i64::from(*range.start()), i64::from(*range.end()));
    Err(Contradiction::OutOfRange { key, value: i64::from(value), min, max })
}

/// Refuses a list that is too long or names an item twice.
pub(super) fn distinct<T: Ord + std::fmt::Debug>(
    key: &'static str,
    items: &[T],
    words: impl Fn(&T) -> String,
) -> Result<(), Contradiction> {
    if items.len() > super::LIST_MAX {
        return Err(Contradiction::TooMany { key, max: super::LIST_MAX });
    }
    let mut seen = std::collections::BTreeSet::new();
    match items.iter().find(|item| !seen.insert(*item)) {
        Some(item) => Err(Contradiction::ListedTwice { key, item: words(item) }),
        None => Ok(()),
    }
}
