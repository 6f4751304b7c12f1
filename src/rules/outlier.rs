//! Far more severe, or far faster, than everybody else: R32 an assessor, R32b an institution, R32c
//! an assessor's pace, R31 a village.
//!
//! Each is held against its peers by the median, which a few outliers cannot move; too few peers,
//! and the rule is silent. Imported rows and cases of the ledger are two populations. Only leads:
//! a specialist sees other people than a general doctor.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_with::serde_as;

use super::case::Case;
use super::certificate::Certificate;
use super::file::PersonFile;
use super::flag::{Finding, Flag, FlagSubject, Rule};
use super::key::ActorRef;
use super::looks::Looks;
use super::packed::Packed;
use super::record::LegacyRow;
use super::robust::{Peers, percent, share};
use super::step::StepKind;
use crate::event::{
    FlagKind::Lead,
    Severity::{S2, S3},
};
use crate::value::{DivisionCode, Lang, Tag};

/// R31: a village cluster.
pub(super) static R31: Rule = Rule {
    id: "R31",
    version: 2,
    title_zh: "村（社区）重度持证比例异常",
    title_en: "village with too many severe certificates",
    severity: S3,
    kind: Lead,
    test: "a village has 20 or more open certificates, and the share of levels 1 and 2 among them \
           exceeds the median share of the villages of its county that have as many by more than \
           3 robust standard deviations (the greater of 1.4826 median distances and the binomial \
           standard error), and by more than one in a hundred counties of as many villages would \
           show by chance. Certificates per resident are not judged: no roll says how many live \
           in a village",
    inputs: "certificates with their village; 8 or more such villages in the county",
    guards: &[
        "fewer than 20 certificates",
        "fewer than 8 villages to compare with",
        "a high share that chance explains, the more villages are compared the higher",
        "closed certificates",
    ],
    todo_zh: "抽查该村持证人评定案卷，走访核实",
    todo_en: "draw cases of this village and visit the holders",
};

/// R32: an outlier among assessors.
pub(super) static R32: Rule = Rule {
    id: "R32",
    version: 2,
    title_zh: "评残医师重度比例异常",
    title_en: "assessor with too many severe conclusions",
    severity: S2,
    kind: Lead,
    test: "an assessor stands on 30 or more rows of the register, or of conclusions on the ledger, \
           and the share of levels 1 and 2 among them exceeds the median share of the assessors \
           with as many by more than 4 robust standard deviations (the greater of 1.4826 median \
           distances and the binomial standard error)",
    inputs: "a register with assessor columns, or cases on the ledger; 5 or more such assessors",
    guards: &[
        "fewer than 30 cases",
        "fewer than 5 assessors to compare with",
        "a high share that chance explains",
        "a low share",
    ],
    todo_zh: "抽取该医师评定的案卷复评",
    todo_en: "draw cases of this assessor and assess them again",
};

/// R32b: an outlier among institutions.
pub(super) static R32B: Rule = Rule {
    id: "R32b",
    version: 1,
    title_zh: "评定机构重度比例异常",
    title_en: "institution with too many severe conclusions",
    severity: S2,
    kind: Lead,
    test: "an institution has 30 or more conclusions on the ledger, and the share of levels 1 and 2 \
           among them exceeds the median share of the institutions with as many by more than 4 \
           robust standard deviations (as R32)",
    inputs: "cases on the ledger; 5 or more such institutions",
    guards: &[
        "imported rows: their institution is a name and no designation",
        "fewer than 30 conclusions",
        "fewer than 5 institutions to compare with",
        "a conclusion that a later one of the same case replaced",
    ],
    todo_zh: "抽取该机构评定的案卷由其他机构复评",
    todo_en: "have cases of this institution assessed again by another one",
};

/// R32c: too fast to have looked.
pub(super) static R32C: Rule = Rule {
    id: "R32c",
    version: 1,
    title_zh: "评残医师单日评定过多",
    title_en: "assessor with too many cases a day",
    severity: S2,
    kind: Lead,
    test: "an assessor has 30 or more assessments on the ledger, and the mean number on the days \
           with any exceeds the median of the assessors with as many by more than 4 robust \
           standard deviations (the greater of 1.4826 median distances and what counting so few \
           days explains)",
    inputs: "assessments on the ledger, with the day they were made; 5 or more such assessors",
    guards: &[
        "imported rows: a register's day is often the session's, not the case's",
        "fewer than 30 assessments",
        "fewer than 5 assessors to compare with",
        "one busy day among many",
    ],
    todo_zh: "核对门诊记录和设备记录，抽查复评",
    todo_en: "compare the clinic's and the devices' records; assess some of them again",
};

const CASES_MIN: u64 = 30;
const CARDS_MIN: u64 = 20;
const PEERS_MIN: usize = 5;
const VILLAGES_MIN: usize = 8;
/// What makes villages comparable, and how far out one stands.
const VILLAGES: (u64, usize, u64) = (CARDS_MIN, VILLAGES_MIN, 3);

/// Rows and how many of them are of level 1 or 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Rows.
    pub cases: u64,
    /// Rows of level 1 or 2.
    pub severe: u64,
}

impl Tally {
    const fn add(&mut self, severe: bool) {
        self.cases += 1;
        self.severe += severe as u64;
    }

    const fn join(&mut self, other: Self) {
        self.cases += other.cases;
        self.severe += other.severe;
    }

    const fn remove(&mut self, severe: bool) {
        self.cases = self.cases.saturating_sub(1);
        self.severe = self.severe.saturating_sub(severe as u64);
    }

    /// More than four binomial standard errors above `all`, in whole numbers:
    /// `s/n - S/N > 4 sqrt(S/N (1 - S/N) / n)`, both sides times `n N` and squared.
    #[must_use]
    pub const fn stands_out_of(self, all: Self) -> bool {
        let (n, s) = (self.cases as i128, self.severe as i128);
        let (total, severe) = (all.cases as i128, all.severe as i128);
        let above = s * total - severe * n;
        self.cases >= CASES_MIN && above > 0 && above * above > 16 * n * severe * (total - severe)
    }
}

/// What one of a population has: how many, how many severe, from which entries.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Figures {
    tally: Tally,
    indexes: BTreeSet<u64>,
}

impl Figures {
    fn count(&mut self, severe: bool, index: u64, add: bool) {
        if add {
            self.tally.add(severe);
            self.indexes.insert(index);
        } else {
            self.tally.remove(severe);
            self.indexes.remove(&index);
        }
    }

    fn join(&mut self, other: &Self) {
        self.tally.join(other.tally);
        self.indexes.extend(&other.indexes);
    }

    fn share(&self) -> u64 {
        share(self.tally.severe, self.tally.cases)
    }
}

/// What one assessor of the ledger did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Assessor {
    figures: Figures,
    /// Assessments by day.
    days: BTreeMap<u32, u64>,
}

impl Assessor {
    fn join(&mut self, other: &Self) {
        self.figures.join(&other.figures);
        for (day, count) in &other.days {
            *self.days.entry(*day).or_default() += count;
        }
    }

    /// Assessments on a day with any, in thousandths.
    fn mean(&self) -> u64 {
        let count: u64 = self.days.values().sum();
        1000 * count / (self.days.len() as u64).max(1)
    }
}

/// The figures of each assessor, institution, village and reader of personal data, from the files of all persons.
#[serde_as]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tallies {
    all: Tally,
    #[serde_as(as = "BTreeMap<Packed, _>")]
    officers: BTreeMap<Tag, Figures>,
    assessors: BTreeMap<ActorRef, Assessor>,
    institutions: BTreeMap<ActorRef, Figures>,
    #[serde_as(as = "BTreeMap<(Packed, Packed), _>")]
    villages: BTreeMap<(DivisionCode, Tag), Figures>,
    looks: Looks,
}

impl Tallies {
    /// Adds the rows and cases of one person; each counts once for everybody it names.
    pub fn add(&mut self, file: &PersonFile) {
        self.count(file, true);
    }

    /// Takes away what was added for the same file.
    pub fn remove(&mut self, file: &PersonFile) {
        self.count(file, false);
        self.officers.retain(|_, figures| figures.tally.cases > 0);
        self.assessors.retain(|_, assessor| assessor.figures.tally.cases > 0);
        self.institutions.retain(|_, figures| figures.tally.cases > 0);
        self.villages.retain(|_, figures| figures.tally.cases > 0);
    }

    fn count(&mut self, file: &PersonFile, add: bool) {
        for (card, row) in rows(file) {
            let severe = card.level.is_severe();
            if add {
                self.all.add(severe)
            } else {
                self.all.remove(severe)
            }
            for officer in assessors(row) {
                let figures = self.officers.entry(officer).or_default();
                figures.count(severe, card.index, add);
            }
        }
        for card in file.certificates.iter().filter(|card| card.is_normal()) {
            if let Some(village) = card.row.as_ref().map_or(file.village, |row| row.village) {
                let figures = self.villages.entry((card.division, village)).or_default();
                figures.count(card.level.is_severe(), card.index, add);
            }
        }
        for case in &file.chain {
            self.count_case(case, add);
        }
        self.looks.count(file, add);
    }

    /// The last conclusion of a case, for its institution and its assessors.
    fn count_case(&mut self, case: &Case, add: bool) {
        let Some((conclusion, grade, statements)) = case.conclusion(u64::MAX) else { return };
        let severe = grade.is_some_and(|grade| grade.level.is_severe());
        let institution =
            case.last(conclusion.index, |kind| matches!(kind, StepKind::Assigned { .. }));
        if let Some(StepKind::Assigned { institution }) = institution.map(|entry| &entry.step.kind)
        {
            let figures = self.institutions.entry(*institution).or_default();
            figures.count(severe, conclusion.index, add);
        }
        let records = case.steps.iter().filter(|entry| {
            matches!(entry.step.kind, StepKind::Assessed { .. })
                && statements.contains(&entry.statement)
        });
        for entry in records {
            let assessor = self.assessors.entry(entry.step.by).or_default();
            assessor.figures.count(severe, entry.index, add);
            let of_day = assessor.days.entry(entry.at.index()).or_default();
            *of_day = if add { *of_day + 1 } else { of_day.saturating_sub(1) };
            if *of_day == 0 {
                assessor.days.remove(&entry.at.index());
            }
        }
    }

    /// Adds what others counted, of other persons.
    pub fn join(&mut self, other: &Self) {
        self.all.join(other.all);
        for (officer, more) in &other.officers {
            self.officers.entry(*officer).or_default().join(more);
        }
        for (assessor, more) in &other.assessors {
            self.assessors.entry(*assessor).or_default().join(more);
        }
        for (institution, more) in &other.institutions {
            self.institutions.entry(*institution).or_default().join(more);
        }
        for (village, more) in &other.villages {
            self.villages.entry(*village).or_default().join(more);
        }
        self.looks.join(&other.looks);
    }

    /// Those who stand out.
    #[must_use]
    pub fn judge(&self) -> Vec<Flag> {
        let officers = self.officers.iter();
        let rows = officers.map(|(tag, figures)| (FlagSubject::Officer(*tag), figures));
        let assessors = self.assessors.iter();
        let cases = assessors.map(|(id, of)| (FlagSubject::Actor(*id), &of.figures));
        let institutions = self.institutions.iter();
        let houses = institutions.map(|(id, figures)| (FlagSubject::Institution(*id), figures));
        let least = (CASES_MIN, PEERS_MIN, 4);
        let mut out = severe(&R32, Population::Register, &rows.collect::<Vec<_>>(), least);
        out.extend(severe(&R32, Population::Assessors, &cases.collect::<Vec<_>>(), least));
        out.extend(severe(&R32B, Population::Institutions, &houses.collect::<Vec<_>>(), least));
        out.extend(self.fast());
        for (county, villages) in self.counties() {
            out.extend(beyond_chance(&R31, county, &villages));
        }
        out.extend(self.looks.judge());
        out
    }

    /// R31 as version 1 had it: every village by itself, however many are compared.
    pub(super) fn judge_each_village(&self, rule: &'static Rule) -> Vec<Flag> {
        let counties = self.counties().into_iter();
        let of = Population::Villages;
        counties.flat_map(|(county, all)| severe(rule, of(county), &all, VILLAGES)).collect()
    }

    fn counties(&self) -> BTreeMap<DivisionCode, Vec<(FlagSubject, &Figures)>> {
        let mut counties: BTreeMap<DivisionCode, Vec<_>> = BTreeMap::new();
        for ((division, village), figures) in &self.villages {
            let subject = FlagSubject::Village(*village);
            counties.entry(*division).or_default().push((subject, figures));
        }
        counties
    }

    /// R32 as version 1 had it: rows of the register against all of them together.
    pub(super) fn judge_by_all_rows(&self, rule: &'static Rule) -> Vec<Flag> {
        let officers = self.officers.iter();
        let out = officers.filter(|(_, figures)| figures.tally.stands_out_of(self.all));
        out.map(|(officer, Figures { tally, indexes })| {
            let Tally { cases, severe } = tally;
            let zh = format!("例数 {cases}，一二级 {severe}");
            let en = format!("{cases} cases, {severe} of level 1 or 2");
            let finding = Finding::new(rule, zh, en).all_seen(indexes.iter().copied());
            finding.flag(FlagSubject::Officer(*officer), None)
        })
        .collect()
    }

    fn fast(&self) -> Vec<Flag> {
        let known = || self.assessors.iter().filter(|(_, of)| of.figures.tally.cases >= CASES_MIN);
        let Some(peers) = Peers::of(known().map(|(_, of)| of.mean()), PEERS_MIN) else {
            return Vec::new();
        };
        let fast =
            known().filter(|(_, of)| peers.mean_stands_out(of.mean(), of.days.len() as u64, 4));
        fast.map(|(id, of)| {
            let tenths = |mean: u64| format!("{}.{}", mean / 1000, mean % 1000 / 100);
            let (mean, usual) = (tenths(of.mean()), tenths(peers.median));
            let (days, count) = (of.days.len(), peers.count);
            let least =
                (format!("{CASES_MIN} 次以上评定"), format!("{CASES_MIN} or more assessments"));
            let (of_zh, of_en) = Population::Assessors.named(count, &least.0, &least.1);
            let zh = format!("{days} 天日均评定 {mean} 例，{of_zh}的中位数 {usual} 例");
            let en = format!("{mean} cases a day on {days} days; median of {of_en}: {usual}");
            let seen = of.figures.indexes.iter().copied();
            Finding::new(&R32C, zh, en).all_seen(seen).flag(FlagSubject::Actor(*id), None)
        })
        .collect()
    }
}

/// Who is compared with each other.
#[derive(Debug, Clone, Copy)]
enum Population {
    /// Assessors whom rows of the old register name.
    Register,
    /// Assessors of the ledger.
    Assessors,
    /// Institutions of the ledger.
    Institutions,
    /// Villages of a county.
    Villages(DivisionCode),
}

impl Population {
    /// So many of them, and what those who are compared have, in Chinese and English.
    fn named(self, count: usize, zh: &str, en: &str) -> (String, String) {
        match self {
            Self::Register => (
                format!("登记册上有 {zh}的 {count} 名评残医师"),
                format!("{count} assessors of the register with {en}"),
            ),
            Self::Assessors => (
                format!("账本上有 {zh}的 {count} 名评残医师"),
                format!("{count} assessors on the ledger with {en}"),
            ),
            Self::Institutions => (
                format!("账本上有 {zh}的 {count} 个评定机构"),
                format!("{count} institutions on the ledger with {en}"),
            ),
            Self::Villages(county) => (
                format!("{} 有 {zh}的 {count} 个村（社区）", county.named(Lang::Zh)),
                format!("{count} villages of {} with {en}", county.named(Lang::En)),
            ),
        }
    }
}

/// Whose share of severe levels stands out among those with enough cases.
fn severe(
    rule: &'static Rule,
    of: Population,
    population: &[(FlagSubject, &Figures)],
    (cases_min, peers_min, times): (u64, usize, u64),
) -> Vec<Flag> {
    among(rule, of, population, (cases_min, peers_min), |peers, figures| {
        peers.share_stands_out(figures.share(), figures.tally.cases, times)
    })
}

/// The same of villages, and beyond what chance shows among so many.
fn beyond_chance(
    rule: &'static Rule,
    county: DivisionCode,
    villages: &[(FlagSubject, &Figures)],
) -> Vec<Flag> {
    let (cases_min, peers_min, times) = VILLAGES;
    among(rule, Population::Villages(county), villages, (cases_min, peers_min), |peers, figures| {
        let Tally { cases, severe } = figures.tally;
        peers.share_stands_out(figures.share(), cases, times)
            && peers.is_beyond_chance(severe, cases)
    })
}

/// A flag about each of a population, among those with enough cases, that `stands_out`.
fn among(
    rule: &'static Rule,
    of: Population,
    population: &[(FlagSubject, &Figures)],
    (cases_min, peers_min): (u64, usize),
    stands_out: impl Fn(&Peers, &Figures) -> bool,
) -> Vec<Flag> {
    let known = || population.iter().filter(|(_, figures)| figures.tally.cases >= cases_min);
    let Some(peers) = Peers::of(known().map(|(_, figures)| figures.share()), peers_min) else {
        return Vec::new();
    };
    let out = known().filter(|(_, figures)| stands_out(&peers, figures));
    out.map(|(subject, figures)| {
        let Tally { cases, severe } = figures.tally;
        let (own, usual, count) = (percent(figures.share()), percent(peers.median), peers.count);
        let (least_zh, least_en) =
            (format!("{cases_min} 例以上"), format!("{cases_min} or more cases"));
        let (of_zh, of_en) = of.named(count, &least_zh, &least_en);
        let zh = format!("例数 {cases}，一二级 {severe}（{own}），{of_zh}的中位数 {usual}");
        let en =
            format!("{cases} cases, {severe} of level 1 or 2 ({own}); median of {of_en}: {usual}");
        let finding = Finding::new(rule, zh, en).all_seen(figures.indexes.iter().copied());
        finding.flag(*subject, None)
    })
    .collect()
}

fn rows(file: &PersonFile) -> impl Iterator<Item = (&Certificate, &LegacyRow)> {
    file.certificates.iter().filter_map(|card| Some((card, card.row.as_deref()?)))
}

fn assessors(row: &LegacyRow) -> impl Iterator<Item = Tag> + use<> {
    let [one, two] = row.assessors;
    [one, two.filter(|two| one != Some(*two))].into_iter().flatten()
}
