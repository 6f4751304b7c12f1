//! A house is granted for once: R39 a household or a photograph twice, R39b one address under two
//! households.

use std::{collections::BTreeSet, rc::Rc};

use super::batch::Works;
use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::grants::Grant;
use super::key::Key;
use super::once::standing;
use super::record::What;
use super::view::View;
use crate::event::{
    FlagKind::{Conclusive, Lead},
    Severity::S1,
};
use crate::value::{DivisionCode, FactKind, Fen, HouseholdId, Period, Programme};

/// R39: a house twice.
pub(super) static R39: Rule = Rule {
    id: "R39",
    version: 3,
    title_zh: "同户重复改造",
    title_en: "one house twice",
    severity: S1,
    kind: Conclusive,
    test: "a household has two standing grants of one programme that is granted once; or works at \
           its house, under such a grant or where nobody applied on the ledger, were accepted on a \
           paper, before or after, on which other works were accepted too: of another programme or \
           once more at this house, or at another household's",
    inputs: "grants determined on the ledger that name their household; works accepted, those of a \
             roll too for which nobody applied on the ledger; between households, papers hashed as \
             the house's own and not as one person's",
    guards: &[
        "two programmes with works of their own: renovation and adaptation",
        "two households whose works have papers of their own",
        "works that were corrected or retracted",
        "a grant refused, or stopped before its first month",
        "a programme granted each month or year",
    ],
    todo_zh: "现场核对工程，追缴重复部分",
    todo_en: "look at the works; recover what was granted twice",
};

/// R39b: one address under two households. A lead: two houses may share a number.
pub(super) static R39B: Rule = Rule {
    id: "R39b",
    version: 2,
    title_zh: "同一住房两户审定",
    title_en: "one address, two households",
    severity: S1,
    kind: Lead,
    test: "works of one programme that is granted once were accepted at one home, by its address \
           down to the door, for two households of one county, and each one's grant stands, or \
           nobody applied for it on the ledger",
    inputs: "works accepted with the address of the home; grants determined on the ledger that name \
             their household, or a roll of works that names people of a known division",
    guards: &[
        "flats of one building, or an address that names no single door",
        "renovation and adaptation of one house",
        "who was granted it first died, moved its registration or left the household before the \
         other works, and the other is another person",
        "a household that was split: who lives where decides nothing",
        "a grant refused, or stopped before its first month",
    ],
    todo_zh: "现场核实是否同一住房，核对分户时间，重复的追缴",
    todo_en: "look whether it is one house, and when the household was split; recover what is double",
};

/// A home that somebody has built for once: under a standing grant, or by works of a roll that no
/// application on the ledger is behind.
struct Once {
    household: HouseholdId,
    programme: Programme,
    division: Option<DivisionCode>,
    /// The amount of a grant; works alone are as much as they cost.
    rate: Option<Fen>,
    /// The determinations that granted it.
    granted: Vec<u64>,
}

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    let granted: Vec<_> = granted_once(view, file).collect();
    for (grant, household) in &granted {
        twice_granted(&R39, view, (grant, *household), out);
    }
    let mut homes: Vec<Once> = granted.iter().map(|found| Once::granted(view, *found)).collect();
    homes.extend(built(view, file));
    for home in &homes {
        on_one_paper_here(&R39, view, home, out);
        for own in home.works(view) {
            on_one_paper_elsewhere(&R39, view, home, &own, out);
            at_one_address(&R39B, view, (file, home, &own), holders, out);
        }
    }
}

/// R39 by grants of the ledger, as version 2 had it.
pub(super) fn judge_granted(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    out: &mut Findings<'_>,
) {
    judge_one_household(rule, view, file, out);
    for home in granted_once(view, file).map(|found| Once::granted(view, found)) {
        for own in home.works(view) {
            on_one_paper_elsewhere(rule, view, &home, &own, out);
        }
    }
}

/// R39b by grants of the ledger, as version 1 had it.
pub(super) fn judge_granted_addresses(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    out: &mut Findings<'_>,
) {
    for home in granted_once(view, file).map(|found| Once::granted(view, found)) {
        for own in home.works(view) {
            at_one_address(rule, view, (file, &home, &own), granted_holders, out);
        }
    }
}

/// R39 within one household, by grants of the ledger, as version 1 had it.
pub(super) fn judge_one_household(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    out: &mut Findings<'_>,
) {
    for found in granted_once(view, file) {
        twice_granted(rule, view, found, out);
        on_one_paper_here(rule, view, &Once::granted(view, found), out);
    }
}

/// Standing grants for a household of programmes that are granted once.
fn granted_once<'f>(
    view: &View<'_>,
    file: &'f PersonFile,
) -> impl Iterator<Item = (&'f Grant, HouseholdId)> {
    let grants = file.grants.list.iter().filter(|grant| grant.stands());
    grants.filter_map(|grant| {
        let policy = view.terms.policy(grant.programme, grant.division, grant.month)?;
        Some((grant, grant.household?)).filter(|_| policy.period == Period::Once)
    })
}

/// Homes whose works name the person, and for which nobody applied on the ledger.
fn built(view: &View<'_>, file: &PersonFile) -> Vec<Once> {
    let works = file.grants.built.iter().filter(|(household, programme)| {
        let mut near = view.persons(&Key::House(*household)).into_iter();
        !near.any(|who| applied(&view.file(who), *household, *programme).next().is_some())
    });
    let once = |(household, programme): &(HouseholdId, Programme)| Once {
        household: *household,
        programme: *programme,
        division: file.division(),
        rate: None,
        granted: Vec::new(),
    };
    works.map(once).collect()
}

/// A person's applications for a household, whatever became of them.
fn applied(
    file: &PersonFile,
    household: HouseholdId,
    programme: Programme,
) -> impl Iterator<Item = &Grant> {
    file.grants.of(programme).filter(move |grant| grant.household == Some(household))
}

/// Who has a home of a household for the programme of another home.
type Holders = fn(&View<'_>, HouseholdId, &Once) -> Vec<(Rc<PersonFile>, Once)>;

/// By a standing grant, or by works where nobody applied.
fn holders(view: &View<'_>, household: HouseholdId, of: &Once) -> Vec<(Rc<PersonFile>, Once)> {
    let programme = of.programme;
    let near = view.persons(&Key::House(household)).into_iter();
    let files: Vec<_> = near.map(|who| view.file(who)).collect();
    let mut holders = Vec::new();
    for file in &files {
        let standing = applied(file, household, programme).filter(|grant| grant.stands());
        let once = |grant| (Rc::clone(file), Once::granted(view, (grant, household)));
        holders.extend(standing.map(once));
        let own = built(view, file).into_iter();
        let own = own.filter(|it| (it.household, it.programme) == (household, programme));
        holders.extend(own.map(|it| (Rc::clone(file), it)));
    }
    holders
}

/// By the first standing grant of the same county, of each who has one.
fn granted_holders(
    view: &View<'_>,
    household: HouseholdId,
    of: &Once,
) -> Vec<(Rc<PersonFile>, Once)> {
    let near = view.persons(&Key::House(household)).into_iter();
    let holder = |file: Rc<PersonFile>| {
        let here = |grant: &&Grant| {
            let own = of.division.map(|division| (grant.division, division));
            grant.stands() && own.is_some_and(same_county)
        };
        let once =
            Once::granted(view, (applied(&file, household, of.programme).find(here)?, household));
        Some((file, once))
    };
    near.map(|who| view.file(who)).filter_map(holder).collect()
}

impl Once {
    fn granted(view: &View<'_>, (grant, household): (&Grant, HouseholdId)) -> Self {
        Self {
            household,
            programme: grant.programme,
            division: Some(grant.division),
            rate: Some(rate(view, grant)),
            granted: grant.granted.iter().map(|moment| moment.index).collect(),
        }
    }

    fn works(&self, view: &View<'_>) -> Vec<Works> {
        let mut works = view.works(self.household);
        works.retain(|works| works.programme == self.programme);
        works
    }

    fn finding(&self, rule: &'static Rule, own: &Works, words: (&str, &str)) -> Finding {
        let finding = Finding::new(rule, words.0, words.1).programme(Some(self.programme));
        finding.money(self.rate.unwrap_or(own.cost)).seen(own.index)
    }
}

fn rate(view: &View<'_>, grant: &Grant) -> Fen {
    view.terms.rate(grant.programme, grant.division, grant.month).unwrap_or(Fen(0))
}

fn twice_granted(
    rule: &'static Rule,
    view: &View<'_>,
    (grant, household): (&Grant, HouseholdId),
    out: &mut Findings<'_>,
) {
    let key = Key::House(household);
    let same = standing(view, key, grant, |other| other.household == Some(household));
    if same.len() > 1 {
        let found = Finding::new(rule, "同一户两次审定", "one household was granted it twice");
        out.add(found.programme(Some(grant.programme)).money(rate(view, grant)).all_seen(same));
    }
}

/// Other works at the house that were accepted on a paper of these.
fn on_one_paper_here(rule: &'static Rule, view: &View<'_>, home: &Once, out: &mut Findings<'_>) {
    let all = view.works(home.household);
    for own in all.iter().filter(|own| own.programme == home.programme) {
        let shares = |paper| own.papers.contains(paper);
        let other =
            all.iter().find(|other| other.index != own.index && other.papers.iter().any(shares));
        if let Some(other) = other {
            let words = ("同一工程两次验收", "the same works were accepted twice");
            out.add(home.finding(rule, own, words).seen(other.index));
        }
    }
}

/// The keys through which a house reaches into other files; nothing is read for persons who have
/// neither a grant for one nor works that name them.
pub(super) fn keys(view: &View<'_>, file: &PersonFile) -> BTreeSet<Key> {
    let granted = file.grants.list.iter().filter_map(|grant| grant.household);
    let built = file.grants.built.iter().map(|(household, _)| *household);
    let mut keys = BTreeSet::new();
    for household in granted.chain(built) {
        if !keys.insert(Key::House(household)) {
            continue;
        }
        for works in view.works(household) {
            keys.extend(works.papers.map(Key::Paper));
            keys.extend(works.dwelling.map(Key::Dwelling));
        }
    }
    keys
}

/// Works of another household that were accepted on the same photograph.
fn on_one_paper_elsewhere(
    rule: &'static Rule,
    view: &View<'_>,
    home: &Once,
    own: &Works,
    out: &mut Findings<'_>,
) {
    let other = own.papers.iter().find_map(|paper| {
        let elsewhere = view.houses(&Key::Paper(*paper)).into_iter();
        let mut elsewhere = elsewhere.filter(|other| *other != home.household);
        elsewhere.find_map(|other| {
            view.works(other).into_iter().find(|works| works.papers.contains(paper))
        })
    });
    if let Some(other) = other {
        let words = ("与另一户使用同一影像", "another household's works show the same picture");
        out.add(home.finding(rule, own, words).seen(other.index));
    }
}

/// The same programme built at the same home for another household.
fn at_one_address(
    rule: &'static Rule,
    view: &View<'_>,
    (file, home, own): (&PersonFile, &Once, &Works),
    holders: Holders,
    out: &mut Findings<'_>,
) {
    let Some(dwelling) = own.dwelling else { return };
    let elsewhere = view.houses(&Key::Dwelling(dwelling)).into_iter();
    for there in elsewhere.filter(|there| *there != home.household) {
        for (neighbour, theirs) in holders(view, there, home) {
            let in_county = theirs.division.zip(home.division).is_some_and(same_county);
            let here = theirs.works(view).into_iter().filter(|it| it.dwelling == own.dwelling);
            for other in here.filter(|_| in_county) {
                let mine = (file, home.household, own);
                let (first, last) = if own.at <= other.at {
                    (mine, (&*neighbour, there, &other))
                } else {
                    ((&*neighbour, there, &other), mine)
                };
                if made_room(view, first, last) {
                    continue;
                }
                let words = ("同一地址另一户也已改造", "another household has it at this address");
                let found = home.finding(rule, own, words).seen(other.index);
                out.add(found.all_seen(theirs.granted.iter().copied()));
            }
        }
    }
}

/// Says whether the first one no longer lived there when the works of the other were accepted.
fn made_room(
    view: &View<'_>,
    (first, home, works): (&PersonFile, HouseholdId, &Works),
    (last, _, later): (&PersonFile, HouseholdId, &Works),
) -> bool {
    if first.person == last.person {
        return false;
    }
    let between = |day| works.at < day && day <= later.at;
    let gone = |kind| matches!(kind, FactKind::Death | FactKind::HukouMove);
    let mut left = first.facts_of(gone).any(|entry| between(entry.fact.from));
    view.each(&Key::Person(first.person), &mut |_, record| {
        left |= record.what == What::Left(home) && between(record.at) && !view.is_void(record);
    });
    left
}

/// A township's code is of its county.
fn same_county((one, other): (DivisionCode, DivisionCode)) -> bool {
    one.covers(other) || other.covers(one)
}
