//! R47: entitled, as far as the ledger knows, and never paid. To help, not to blame.

use std::rc::Rc;

use super::certificate::Certificate;
use super::delivery;
use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::losses::is_in_prison;
use super::view::View;
use crate::event::{FlagKind::Lead, RollKind, Severity::S2};
use crate::policy::ProgrammePolicy;
use crate::value::{
    Category, Criterion, DivisionCode, FactKind, Fen, Month, Period, Programme, Unit,
};

/// R47: entitled but unpaid.
pub(super) static R47: Rule = Rule {
    id: "R47",
    version: 4,
    title_zh: "符合条件未享受待遇",
    title_en: "entitled to a benefit, not paid",
    severity: S2,
    kind: Lead,
    test: "in each of the last three months whose roll of a monthly programme is in, or whose \
           payroll of it the ledger prepared (two at least), or all through the last year whose roll of a yearly one is in, the person has a \
           certificate, is of the ages of policy, meets every condition that the ledger speaks \
           about and one at least beside certificate and registration, is alive, in no excluding \
           or weighed benefit and not in prison; and nothing is paid",
    inputs: "rolls of the programme, or payrolls prepared on the ledger, of the person's division; \
             the list that a condition rests on, such as Dibao, or a fact of the person's own; for \
             a vehicle programme the vehicle's registration, for a service its \
             sessions or placement; programmes of a household, or granted once, are not judged",
    guards: &[
        "level 3 or 4, for nursing care, unless policy accepts it",
        "not in the Dibao list, for living allowance, unless policy accepts what the person has",
        "died, in prison, or in a benefit that excludes this one or is weighed against it",
        "issued, expired or closed within that time",
        "paid by another division or paid back later",
        "a benefit applied for, granted or refused on the ledger",
        "no vehicle, or no service, on the ledger",
    ],
    todo_zh: "上门告知政策，协助申请",
    todo_en: "visit, explain the benefit, help to apply",
};

const MONTHS_MAX: usize = 3;
const MONTHS_MIN: usize = 2;

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    let ends = |division, last| view.latest_periods(division, last, MONTHS_MAX);
    judge_by(&R47, view, file, ends, Asked::owed, out);
}

/// By rolls and lists only, as version 3 had it.
pub(super) fn judge_rolls(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    out: &mut Findings<'_>,
) {
    let coverage = view.coverage();
    let ends = |division, last| {
        let of = |programme| coverage.periods(programme, division, last).take(MONTHS_MAX).collect();
        Rc::new(coverage.programmes().map(|programme| (programme, of(programme))).collect())
    };
    judge_by(rule, view, file, ends, Asked::listed, out);
}

/// By the months of each programme that are known for a division, latest first.
fn judge_by<'a>(
    rule: &'static Rule,
    view: &'a View<'a>,
    file: &'a PersonFile,
    ends: impl Fn(DivisionCode, Month) -> Rc<Vec<(Programme, Vec<Month>)>>,
    test: Test<'a>,
    out: &mut Findings<'_>,
) {
    if file.certificates.is_empty() {
        return;
    }
    let Some(division) = file.division() else { return };
    for (programme, ends) in &*ends(division, view.on.month()) {
        let programme = *programme;
        if has_case(file, programme) {
            continue;
        }
        let Some(last) = ends.first() else { continue };
        let period = view.terms.policy(programme, division, *last).map(|policy| policy.period);
        let (periods, is_enough) = match period {
            Some(Period::Month) => {
                let months: Vec<Span> = ends.iter().map(|month| (*month, *month)).collect();
                let is_enough = months.len() >= MONTHS_MIN;
                (months, is_enough)
            }
            Some(Period::Year) => (vec![(last.plus(-11), *last)], last.month() == 12),
            _ => continue,
        };
        if is_enough {
            unpaid(rule, view, file, (division, programme), &periods, test, out);
        }
    }
}

/// The first and the last month of a period.
type Span = (Month, Month);

fn has_case(file: &PersonFile, programme: Programme) -> bool {
    file.cases.iter().any(|(_, of, _)| *of == programme)
}

/// The certificate of a person who is owed the benefit for a period.
type Test<'a> = fn(&Asked<'a>, &ProgrammePolicy) -> Option<&'a Certificate>;

fn unpaid<'a>(
    rule: &'static Rule,
    view: &'a View<'a>,
    file: &'a PersonFile,
    (division, programme): (DivisionCode, Programme),
    periods: &[Span],
    test: Test<'a>,
    out: &mut Findings<'_>,
) {
    let mut last = None;
    for (first, end) in periods {
        let Some(policy) = view.terms.policy(programme, division, *end) else { return };
        let asked = Asked { view, file, division, programme, first: *first, last: *end };
        let Some(card) = test(&asked, policy) else { return };
        if is_paid(file, programme, (*first, *end)) {
            return;
        }
        last = last.or(Some(card));
    }
    if let Some(card) = last {
        out.add(never_paid(rule, view, card, programme, division, periods));
    }
}

/// The two monthly subsidies, as version 2 had it.
pub(super) fn judge_subsidies(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    out: &mut Findings<'_>,
) {
    if file.certificates.is_empty() {
        return;
    }
    let Some(division) = file.division() else { return };
    let subsidies = [
        (RollKind::NursingCareSubsidy, Programme::NURSING_CARE_SUBSIDY),
        (RollKind::LivingAllowance, Programme::LIVING_ALLOWANCE),
    ];
    for (kind, programme) in subsidies {
        let rolls = view.coverage().months(kind, division, view.on.month());
        let months: Vec<Span> = rolls.take(MONTHS_MAX).map(|month| (month, month)).collect();
        if !has_case(file, programme) && months.len() >= MONTHS_MIN {
            unpaid(rule, view, file, (division, programme), &months, Asked::entitled, out);
        }
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
    let due = |month: &Month| entitled(*month) && !is_paid(file, nursing, (*month, *month));
    if months.len() < MONTHS_MIN || !months.iter().all(due) {
        return;
    }
    let Some(card) = severe(months[0]) else { return };
    let months: Vec<Span> = months.iter().map(|month| (*month, *month)).collect();
    out.add(never_paid(rule, view, card, nursing, division, &months));
}

fn is_paid(file: &PersonFile, programme: Programme, (first, last): Span) -> bool {
    let mut own = file.payments.iter().filter(|payment| payment.paid.programme == programme);
    own.any(|payment| {
        let of_year = payment.paid.month.is_none()
            && payment.paid.period_end().is_some_and(|end| (first..=last).contains(&end));
        of_year || payment.months().any(|covered| (first..=last).contains(&covered))
    })
}

fn never_paid(
    rule: &'static Rule,
    view: &View<'_>,
    card: &Certificate,
    programme: Programme,
    division: DivisionCode,
    periods: &[Span],
) -> Finding {
    let (level, count) = (card.level.number(), periods.len());
    let (zh, en) = match periods {
        [(first, last)] if first != last => {
            let year = last.year();
            (format!("等级 {level}，{year} 年未发放"), format!("level {level}, {year} not paid"))
        }
        _ => (
            format!("等级 {level}，{count} 个月均未发放"),
            format!("level {level}, none of {count} months paid"),
        ),
    };
    let rates = periods.iter().map(|(_, last)| view.terms.rate(programme, division, *last));
    let money = rates.sum::<Option<Fen>>().unwrap_or_default();
    Finding::new(rule, zh, en).card(card).programme(Some(programme)).money(money)
}

/// A person's entitlement for one period.
struct Asked<'a> {
    view: &'a View<'a>,
    file: &'a PersonFile,
    division: DivisionCode,
    programme: Programme,
    first: Month,
    last: Month,
}

impl<'a> Asked<'a> {
    /// The certificate of a person who is entitled, and for whom the ledger shows more than that
    /// nothing speaks against it.
    fn owed(&self, policy: &ProgrammePolicy) -> Option<&'a Certificate> {
        self.shown(policy).filter(|_| self.is_decided(policy)).and_then(|()| self.fitting(policy))
    }

    /// The same, where every list that a condition rests on is in.
    fn listed(&self, policy: &ProgrammePolicy) -> Option<&'a Certificate> {
        self.shown(policy).and_then(|()| self.entitled(policy))
    }

    fn shown(&self, policy: &ProgrammePolicy) -> Option<()> {
        let is_shown = |(condition, accepted): (Criterion, &[Criterion])| {
            let of_the_person =
                !matches!(condition, Criterion::CertificateValid | Criterion::HukouInDivision);
            let mut all = std::iter::once(&condition).chain(accepted);
            of_the_person && all.any(|criterion| self.meets(*criterion) == Some(true))
        };
        let shown = policy.conditions().any(is_shown) || !policy.categories.is_empty();
        let fits = policy.money && shown && self.has_unit(policy) && self.is_of_age(policy);
        fits.then_some(())
    }

    /// Says whether what a grant is for is on the ledger: the vehicle, or the service that is paid.
    fn has_unit(&self, policy: &ProgrammePolicy) -> bool {
        let is_service = policy.capacity_check || policy.evidence.iter().any(|it| it.is_service());
        if is_service && !self.is_served() {
            return false;
        }
        match policy.unit {
            Unit::Vehicle => self.lasts(FactKind::Vehicle),
            // Paid to its head: the other members are no less served.
            Unit::Household | Unit::Contact => false,
            Unit::Person | Unit::Resident | Unit::Child | Unit::Student => true,
        }
    }

    fn is_served(&self) -> bool {
        let (from, to) = (self.first.first_day(), self.last.last_day());
        delivery::is_served(self.file, self.programme, from, to)
    }

    /// Says whether the person is inside the ages of policy from the first to the last day; an age
    /// that is not known is inside none.
    fn is_of_age(&self, policy: &ProgrammePolicy) -> bool {
        let Some(ages) = &policy.age else { return true };
        let days = [self.first.first_day(), self.last.last_day()];
        self.file.birth.is_some_and(|birth| days.into_iter().all(|day| ages.covers(birth, day)))
    }

    /// The certificate of a person who, as far as the ledger knows, is entitled.
    fn entitled(&self, policy: &ProgrammePolicy) -> Option<&'a Certificate> {
        if self.lacks_list(policy) { None } else { self.fitting(policy) }
    }

    /// The same, whatever list is in.
    fn fitting(&self, policy: &ProgrammePolicy) -> Option<&'a Certificate> {
        let is_known = |(condition, accepted): (Criterion, &[Criterion])| {
            let accepts = || accepted.iter().any(|other| self.meets(*other) == Some(true));
            // What nothing speaks about counts as met.
            self.meets(condition).unwrap_or(true) || accepts()
        };
        if self.lost(policy) || !policy.conditions().all(is_known) {
            return None;
        }
        self.cards().find(|card| policy.covers_categories(&categories(card)))
    }

    fn cards(&self) -> impl Iterator<Item = &'a Certificate> + use<'a> {
        let (first, last) = (self.first, self.last);
        let covers = move |card: &&Certificate| card.covers(first) && card.covers(last);
        self.file.certificates.iter().filter(covers)
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

    /// Says whether a fact of the kind lasts through the period.
    fn lasts(&self, kind: FactKind) -> bool {
        self.file.facts_of(|of| of == kind).any(|entry| {
            let fact = &entry.fact;
            fact.from.month() <= self.first && fact.to.is_none_or(|to| self.last <= to.month())
        })
    }

    /// Says whether a fact of the kind holds at any time of the period.
    fn touches(&self, kind: FactKind) -> bool {
        self.file.facts_of(|of| of == kind).any(|entry| {
            let fact = &entry.fact;
            fact.from.month() <= self.last && fact.to.is_none_or(|to| self.first <= to.month())
        })
    }

    fn lost(&self, policy: &ProgrammePolicy) -> bool {
        let mut excluding = policy.exclude.iter().chain(&policy.choose_higher_with);
        excluding.any(|kind| self.touches(*kind))
            || self.file.facts.iter().any(|entry| {
                let died =
                    entry.fact.kind == FactKind::Death && entry.fact.from < self.last.first_day();
                died || self.first.to(self.last).any(|month| is_in_prison(entry, month))
            })
    }

    /// Says whether each condition that rests on a list has it, or a fact of the person's own: who is
    /// not in a list that nobody sent may well be entitled, and may well not.
    fn is_decided(&self, policy: &ProgrammePolicy) -> bool {
        policy.conditions().all(|(condition, accepted)| {
            let list = condition.external().and_then(list_of);
            let in_hand = |kind| self.view.coverage().has(kind, self.division, None);
            let own = || {
                let mut all = std::iter::once(&condition).chain(accepted);
                all.any(|criterion| self.meets(*criterion) == Some(true))
            };
            list.is_none_or(in_hand) || own()
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
