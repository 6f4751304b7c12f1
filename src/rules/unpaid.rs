//! R47: entitled, as far as the ledger knows, and never paid. To help, not to blame.

use super::certificate::Certificate;
use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::losses::is_in_prison;
use super::view::View;
use crate::event::{FlagKind::Lead, RollKind, Severity::S2};
use crate::policy::ProgrammePolicy;
use crate::value::{Category, Criterion, DivisionCode, FactKind, Fen, Month, Programme};

/// R47: entitled but unpaid.
pub(super) static R47: Rule = Rule {
    id: "R47",
    version: 2,
    title_zh: "符合条件未享受补贴",
    title_en: "entitled to a monthly subsidy, not paid",
    severity: S2,
    kind: Lead,
    test: "in each of the last three months whose roll of the subsidy is in (two at least) the \
           person has a certificate, meets every condition of policy that the ledger speaks about, \
           is alive at its start, is in no excluding or weighed benefit and not in prison; and \
           none of them is paid",
    inputs: "rolls of the subsidy of the person's division for two months or more; for living \
             allowance the Dibao list of the division too",
    guards: &[
        "level 3 or 4, for nursing care, unless policy accepts it",
        "not in the Dibao list, for living allowance, unless policy accepts what the person has",
        "died, in prison, or in a benefit that excludes the subsidy or is weighed against it",
        "issued, expired or closed within those months",
        "a month paid by another division or paid back later",
        "a benefit applied for, granted or refused on the ledger",
    ],
    todo_zh: "上门告知政策,协助申请",
    todo_en: "visit, explain the benefit, help to apply",
};

const MONTHS_MAX: usize = 3;
const MONTHS_MIN: usize = 2;

/// The monthly programmes whose payments come in rolls: a month without its roll is not known to
/// be unpaid.
const MONTHLY: [(RollKind, Programme); 2] = [
    (RollKind::NursingCareSubsidy, Programme::NURSING_CARE_SUBSIDY),
    (RollKind::LivingAllowance, Programme::LIVING_ALLOWANCE),
];

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    if file.certificates.is_empty() {
        return;
    }
    let Some(division) = file.division() else { return };
    for (kind, programme) in MONTHLY {
        if file.cases.iter().any(|(_, of, _)| *of == programme) {
            continue;
        }
        let rolls = view.coverage().months(kind, division, view.on.month());
        let months: Vec<Month> = rolls.take(MONTHS_MAX).collect();
        if months.len() >= MONTHS_MIN {
            unpaid(view, file, division, programme, &months, out);
        }
    }
}

fn unpaid(
    view: &View<'_>,
    file: &PersonFile,
    division: DivisionCode,
    programme: Programme,
    months: &[Month],
    out: &mut Findings<'_>,
) {
    let mut last = None;
    for month in months {
        let Some(policy) = view.terms.policy(programme, division, *month) else { return };
        let asked = Asked { view, file, division, month: *month };
        let Some(card) = asked.entitled(policy) else { return };
        if is_paid(file, programme, *month) {
            return;
        }
        last = last.or(Some(card));
    }
    if let Some(card) = last {
        out.add(never_paid(&R47, view, card, programme, division, months));
    }
}

/// Nursing care only, for levels 1 and 2, as version 1 had it.
pub(super) fn judge_nursing(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    out: &mut Findings<'_>,
) {
    let nursing = Programme::NURSING_CARE_SUBSIDY;
    let Some(division) = file.division() else { return };
    if file.cases.iter().any(|(_, programme, _)| *programme == nursing) {
        return;
    }
    let rolls = view.coverage().months(RollKind::NursingCareSubsidy, division, view.on.month());
    let months: Vec<Month> = rolls.take(MONTHS_MAX).collect();
    let severe = |month: Month| {
        file.certificates.iter().find(|card| card.covers(month) && card.level.is_severe())
    };
    let entitled = |month: Month| {
        let excluding = view.terms.exclusions(nursing, division, month);
        severe(month).is_some()
            && !file.facts.iter().any(|entry| {
                let fact = &entry.fact;
                let lasts =
                    fact.from.month() <= month && fact.to.is_none_or(|to| month <= to.month());
                (fact.kind == FactKind::Death && fact.from < month.first_day())
                    || (excluding.contains(fact.kind) && lasts)
                    || is_in_prison(entry, month)
            })
    };
    let due = |month: &Month| entitled(*month) && !is_paid(file, nursing, *month);
    if months.len() < MONTHS_MIN || !months.iter().all(due) {
        return;
    }
    let Some(card) = severe(months[0]) else { return };
    out.add(never_paid(rule, view, card, nursing, division, &months));
}

fn is_paid(file: &PersonFile, programme: Programme, month: Month) -> bool {
    let own = file.payments.iter().filter(|payment| payment.paid.programme == programme);
    own.flat_map(super::file::Payment::months).any(|covered| covered == month)
}

fn never_paid(
    rule: &'static Rule,
    view: &View<'_>,
    card: &Certificate,
    programme: Programme,
    division: DivisionCode,
    months: &[Month],
) -> Finding {
    let (level, count) = (card.level.number(), months.len());
    let zh = format!("等级 {level},{count} 个月均未发放");
    let en = format!("level {level}, none of {count} months paid");
    let rates = months.iter().map(|month| view.terms.rate(programme, division, *month));
    let money = rates.sum::<Option<Fen>>().unwrap_or_default();
    Finding::new(rule, zh, en).card(card).programme(Some(programme)).money(money)
}

/// A person's entitlement for one month.
struct Asked<'a> {
    view: &'a View<'a>,
    file: &'a PersonFile,
    division: DivisionCode,
    month: Month,
}

impl<'a> Asked<'a> {
    /// The certificate of a person who, as far as the ledger knows, is entitled.
    fn entitled(&self, policy: &ProgrammePolicy) -> Option<&'a Certificate> {
        let is_known = |(condition, accepted): (Criterion, &[Criterion])| {
            let accepts = || accepted.iter().any(|other| self.meets(*other) == Some(true));
            // What nothing speaks about counts as met.
            self.meets(condition).unwrap_or(true) || accepts()
        };
        if self.lost(policy) || self.lacks_list(policy) || !policy.conditions().all(is_known) {
            return None;
        }
        self.cards().find(|card| policy.covers_categories(&categories(card)))
    }

    fn cards(&self) -> impl Iterator<Item = &'a Certificate> + use<'a> {
        let month = self.month;
        self.file.certificates.iter().filter(move |card| card.covers(month))
    }

    /// Says whether a condition is met; `None` where nothing on the ledger speaks about it.
    fn meets(&self, criterion: Criterion) -> Option<bool> {
        if let Some(kind) = criterion.external() {
            let has = self.lasts(kind);
            return if has || list_of(kind).is_some() { Some(has) } else { None };
        }
        let any = |fits: fn(&Certificate) -> bool| Some(self.cards().any(fits));
        match criterion {
            Criterion::CertificateValid => any(|_| true),
            Criterion::Level1Or2 | Criterion::Severe => any(|card| card.level.is_severe()),
            Criterion::IntellectualLevel3Or4 => {
                any(|card| card.includes(Category::Intellectual) && !card.level.is_severe())
            }
            Criterion::PsychiatricLevel3Or4 => {
                any(|card| card.includes(Category::Psychiatric) && !card.level.is_severe())
            }
            Criterion::SevereOrIntellectualOrPsychiatric => any(|card| {
                card.level.is_severe()
                    || card.includes(Category::Intellectual)
                    || card.includes(Category::Psychiatric)
            }),
            _ => None,
        }
    }

    /// Says whether a fact of the kind lasts in the month.
    fn lasts(&self, kind: FactKind) -> bool {
        self.file.facts_of(|of| of == kind).any(|entry| {
            let fact = &entry.fact;
            fact.from.month() <= self.month && fact.to.is_none_or(|to| self.month <= to.month())
        })
    }

    fn lost(&self, policy: &ProgrammePolicy) -> bool {
        let mut excluding = policy.exclude.iter().chain(&policy.choose_higher_with);
        excluding.any(|kind| self.lasts(*kind))
            || self.file.facts.iter().any(|entry| {
                let died =
                    entry.fact.kind == FactKind::Death && entry.fact.from < self.month.first_day();
                died || is_in_prison(entry, self.month)
            })
    }

    /// Says whether a condition rests on a list that is not in for the division.
    fn lacks_list(&self, policy: &ProgrammePolicy) -> bool {
        let lists = policy.eligible.iter().filter_map(|condition| list_of(condition.external()?));
        lists.into_iter().any(|kind| !self.view.coverage().has(kind, self.division, None))
    }
}

/// The list that says of everybody whether a fact holds.
const fn list_of(kind: FactKind) -> Option<RollKind> {
    match kind {
        FactKind::Dibao => Some(RollKind::Dibao),
        _ => None,
    }
}

fn categories(card: &Certificate) -> Vec<Category> {
    let parts: Vec<_> = card.components.iter().map(|part| part.category).collect();
    if parts.is_empty() { vec![card.category] } else { parts }
}
