//! The kinds of roll that an actor may bring in, in words, with their columns.

use schemars::JsonSchema;
use serde::Serialize;

use super::AskError;
use crate::domain::State;
use crate::event::{Role, Signer};
use crate::ledger::Ledger;
use crate::policy::PolicyBody;
use crate::rolls::{Column, Period, RollKind, may_bring};
use crate::value::{FactKind, Lang, PolicyName, Programme};

/// A kind of roll.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct KindLine {
    /// As `kind` of a request names it.
    pub(crate) kind: String,
    /// What offices call it.
    pub(crate) title_zh: String,
    pub(crate) title_en: String,
    /// One roll is for this span of time.
    pub(crate) period: KindPeriod,
    /// The actor may sign it; else only have it checked.
    pub(crate) signs: bool,
    /// Every rule can be asked on it before it is signed.
    pub(crate) checks: bool,
    /// A roll must have one column of each group, by the headers as offices write them.
    pub(crate) needed: Vec<Vec<&'static str>>,
    /// The columns of an empty roll.
    pub(crate) columns: Vec<&'static str>,
    /// Columns that it may have besides.
    pub(crate) besides: Vec<&'static str>,
    /// What each of these columns holds, in English.
    pub(crate) headers_en: Vec<HeaderLine>,
}

/// A header with what stands below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct HeaderLine {
    pub(crate) header: &'static str,
    pub(crate) en: &'static str,
}

/// For which span of time one roll is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KindPeriod {
    Month,
    Year,
    State,
}

/// The kinds that an actor may bring in, and to those who check the payrolls too; of the programmes
/// that a policy was published for.
pub(crate) fn kinds(
    ledger: &Ledger,
    signer: &Signer,
    checkers: &[Role],
) -> Result<Vec<KindLine>, AskError> {
    let all = ledger.with_state(all_kinds)?;
    let may_check = checkers.contains(&signer.role);
    let lines = all.into_iter().filter_map(|kind| {
        let signs = may_bring(kind, signer.role, signer.sector);
        (signs || may_check && kind.is_checked()).then(|| line(kind, signs))
    });
    Ok(lines.collect())
}

fn line(kind: RollKind, signs: bool) -> KindLine {
    let columns = kind.columns();
    let words = |columns: &[Column]| columns.iter().map(|column| column.zh()).collect();
    let of_blank = columns.of_blank();
    let needed = columns.needed.iter().flat_map(|group| group.iter());
    let mut headers_en = Vec::new();
    for column in of_blank.iter().chain(needed).chain(columns.besides) {
        let line = HeaderLine { header: column.zh(), en: column.en() };
        if !headers_en.contains(&line) {
            headers_en.push(line);
        }
    }
    KindLine {
        kind: kind.to_string(),
        title_zh: kind.title(Lang::Zh),
        title_en: kind.title(Lang::En),
        period: match kind.period() {
            Period::Month => KindPeriod::Month,
            Period::Year => KindPeriod::Year,
            Period::State => KindPeriod::State,
        },
        signs,
        checks: kind.is_checked(),
        needed: columns.needed.iter().map(|group| words(group)).collect(),
        columns: words(&of_blank),
        besides: words(columns.besides),
        headers_en,
    }
}

/// Every kind there is on this ledger: those that are known by their headers, and those of the
/// programmes and registers that have none of their own.
fn all_kinds(state: &State) -> Vec<RollKind> {
    let mut all = RollKind::ALL.to_vec();
    let mut add = |kind: RollKind| {
        if !all.contains(&kind) {
            all.push(kind);
        }
    };
    let policies = &state.policies;
    for published in policies.policies() {
        let (PolicyName::Programme(programme), PolicyBody::Programme(policy)) =
            (published.policy.name, &published.policy.body)
        else {
            continue;
        };
        if !policy.money {
            continue;
        }
        let own =
            [Programme::LIVING_ALLOWANCE, Programme::NURSING_CARE_SUBSIDY, Programme::FUEL_SUBSIDY];
        if !own.contains(&programme) {
            add(match policy.period {
                crate::value::Period::Month => RollKind::Monthly(programme),
                _ => RollKind::Yearly(programme),
            });
        }
        add(RollKind::BankResult(programme));
    }
    for fact in FactKind::ALL {
        if let Ok(kind) = format!("register:{fact}").parse() {
            add(kind);
        }
    }
    all
}
