//! R32: an assessor whose conclusions are far more severe than everybody's.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_with::serde_as;

use super::certificate::Certificate;
use super::file::PersonFile;
use super::flag::{Finding, Flag, FlagSubject, Rule};
use super::packed::Packed;
use super::record::LegacyRow;
use crate::event::{FlagKind::Lead, Severity::S2};
use crate::value::Tag;

/// R32: an outlier among assessors.
pub(super) static R32: Rule = Rule {
    id: "R32",
    version: 1,
    title_zh: "评定医师重度比例异常",
    title_en: "assessor with too many severe conclusions",
    severity: S2,
    kind: Lead,
    test: "an assessor stands on 30 or more rows of the register, and the share of levels 1 and 2 \
           among them exceeds the share over all rows by more than 4 binomial standard errors",
    inputs: "a register with assessor columns",
    guards: &["fewer than 30 rows", "a high share that chance explains", "a low share"],
    todo_zh: "抽取该医师评定的案卷复评",
    todo_en: "draw cases of this assessor and assess them again",
};

const CASES_MIN: u64 = 30;

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

/// The conclusions of all rows and of each assessor.
#[serde_as]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tallies {
    all: Tally,
    #[serde_as(as = "BTreeMap<Packed, _>")]
    officers: BTreeMap<Tag, (Tally, BTreeSet<u64>)>,
}

impl Tallies {
    /// Adds the register's rows of one person; a row counts once for each assessor it names.
    pub fn add(&mut self, file: &PersonFile) {
        for (card, row) in rows(file) {
            let severe = card.level.is_severe();
            self.all.add(severe);
            for officer in assessors(row) {
                let (tally, indexes) = self.officers.entry(officer).or_default();
                tally.add(severe);
                indexes.insert(card.index);
            }
        }
    }

    /// Takes away what was added for the same file.
    pub fn remove(&mut self, file: &PersonFile) {
        for (card, row) in rows(file) {
            let severe = card.level.is_severe();
            self.all.remove(severe);
            for officer in assessors(row) {
                if let Some((tally, indexes)) = self.officers.get_mut(&officer) {
                    tally.remove(severe);
                    indexes.remove(&card.index);
                }
            }
        }
        self.officers.retain(|_, (tally, _)| tally.cases > 0);
    }

    /// Adds what others counted, of other persons.
    pub fn join(&mut self, other: &Self) {
        self.all.join(other.all);
        for (officer, (more, rows)) in &other.officers {
            let (tally, indexes) = self.officers.entry(*officer).or_default();
            tally.join(*more);
            indexes.extend(rows);
        }
    }

    /// The assessors who stand out.
    #[must_use]
    pub fn judge(&self) -> Vec<Flag> {
        let out = self.officers.iter().filter(|(_, (tally, _))| tally.stands_out_of(self.all));
        out.map(|(officer, (Tally { cases, severe }, rows))| {
            let zh = format!("例数 {cases},一二级 {severe}");
            let en = format!("{cases} cases, {severe} of level 1 or 2");
            let finding = Finding::new(&R32, zh, en).all_seen(rows.iter().copied());
            finding.flag(FlagSubject::Officer(*officer), None)
        })
        .collect()
    }
}

fn rows(file: &PersonFile) -> impl Iterator<Item = (&Certificate, &LegacyRow)> {
    file.certificates.iter().filter_map(|card| Some((card, card.row.as_deref()?)))
}

fn assessors(row: &LegacyRow) -> impl Iterator<Item = Tag> + use<> {
    let [one, two] = row.assessors;
    [one, two.filter(|two| one != Some(*two))].into_iter().flatten()
}
