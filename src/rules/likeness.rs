//! R08: probably one person under two ID numbers, by the weight of what agrees and what does not.
//!
//! Each comparison adds a fixed weight, the logarithm to base 2 of how much likelier it is for one
//! person than for two: agreement in something rare weighs much, agreement in something families
//! share weighs less. The weights are part of the rule's version and never learned from the data,
//! so that nobody's score changes because others came. Missing on either side weighs nothing.
//!
//! Who is compared: those of one birth date whose names are or sound the same, and those of whom
//! one has a mistyped or old ID number that may stand for the other's. Nobody else can reach the
//! limit, because the rest together stays below it.

use std::collections::BTreeSet;

use super::file::{Likeness, PersonFile};
use super::flag::{Finding, Findings, Rule};
use super::key::Key;
use super::view::View;
use crate::event::{FlagKind::Lead, Severity::S2};
use crate::value::{PersonId, Tag};

/// R08: probably one person under two ID numbers.
pub(super) static R08: Rule = Rule {
    id: "R08",
    version: 2,
    title_zh: "疑似一人两号",
    title_en: "probably one person under two ID numbers",
    severity: S2,
    kind: Lead,
    test: "the weights of two persons with different ID numbers sum to 30 or more: the name is the \
           same +10, only sounds the same +6, is another -8; birth date the same +13, another -6; \
           telephone the same +8, another -1; village the same +7, another -3; one ID number is \
           mistyped (one character, or two neighbours swapped) or of the old form and may stand \
           for the other +14",
    inputs: "name and birth date of both; telephone and village where they are known",
    guards: &[
        "twins: other names",
        "the same name and birth date in another village",
        "a family that shares a telephone",
        "ID numbers that the ledger links already",
    ],
    todo_zh: "入户核实是否同一人",
    todo_en: "visit: are they one person?",
};

const NAME: i32 = 10;
const NAME_SOUNDS: i32 = 6;
const NAME_DIFFERS: i32 = -8;
const BIRTH: i32 = 13;
const BIRTH_DIFFERS: i32 = -6;
const PHONE: i32 = 8;
const PHONE_DIFFERS: i32 = -1;
const VILLAGE: i32 = 7;
const VILLAGE_DIFFERS: i32 = -3;
const ID_MEANT: i32 = 14;
/// The least sum that is worth a visit: two to the thirtieth makes up for the odds that two
/// persons out of a city of some ten thousand are one, thousand to one on top.
const LIMIT: i32 = 30;

/// What was compared, and the sum.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Score {
    sum: i32,
    zh: Vec<String>,
    en: Vec<String>,
}

impl Score {
    fn of(one: &Likeness, other: &Likeness, meant: bool) -> Self {
        let mut score = Self { sum: 0, zh: Vec::new(), en: Vec::new() };
        let sounds = one.sound.is_some() && one.sound == other.sound;
        match (one.name == other.name, sounds) {
            (true, _) => score.add(NAME, "姓名", "name"),
            (false, true) => score.add(NAME_SOUNDS, "姓名同音", "name sounds alike"),
            (false, false) => score.add(NAME_DIFFERS, "姓名不同", "another name"),
        }
        if one.birth == other.birth {
            score.add(BIRTH, "出生日期", "birth date");
        } else {
            score.add(BIRTH_DIFFERS, "出生日期不同", "another birth date");
        }
        match agree(one.phone, other.phone) {
            Some(true) => score.add(PHONE, "电话", "telephone"),
            Some(false) => score.add(PHONE_DIFFERS, "电话不同", "another telephone"),
            None => {}
        }
        match agree(one.village, other.village) {
            Some(true) => score.add(VILLAGE, "村（社区）", "village"),
            Some(false) => score.add(VILLAGE_DIFFERS, "村（社区）不同", "another village"),
            None => {}
        }
        if meant {
            score.add(ID_MEANT, "号码疑为误录或旧号", "one ID number may stand for the other");
        }
        score
    }

    fn add(&mut self, weight: i32, zh: &str, en: &str) {
        self.sum += weight;
        self.zh.push(format!("{zh} {weight:+}"));
        self.en.push(format!("{en} {weight:+}"));
    }
}

fn agree(one: Option<Tag>, other: Option<Tag>) -> Option<bool> {
    Some(one? == other?)
}

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    let mut found = Vec::new();
    for person in candidates(view, file) {
        let other = view.file(person);
        if other.ids.iter().any(|id| file.ids.contains(id)) {
            continue;
        }
        let meant = other.ids.iter().any(|id| file.meant.contains(id))
            || file.ids.iter().any(|id| other.meant.contains(id));
        let pairs = file
            .likenesses
            .iter()
            .flat_map(|one| other.likenesses.iter().map(move |theirs| (one, theirs)));
        let scored = pairs.map(|(one, theirs)| (Score::of(one, theirs, meant), one, theirs.index));
        // Of several records of one person the first that agrees best.
        let best = scored.reduce(|best, next| if next.0.sum > best.0.sum { next } else { best });
        if let Some((score, one, theirs)) = best.filter(|(score, ..)| score.sum >= LIMIT) {
            found.push((score, one.index, theirs));
        }
    }
    found.sort_by_key(|(score, _, theirs)| (std::cmp::Reverse(score.sum), *theirs));
    for (Score { sum, zh, en }, index, theirs) in found {
        let zh = format!("身份号码不同，权重 {sum}：{}", zh.join("、"));
        let en = format!("another ID number, weight {sum}: {}", en.join(", "));
        out.add(about(file, Finding::new(&R08, zh, en), index).seen(theirs));
    }
}

/// Those who could reach the limit.
fn candidates(view: &View<'_>, file: &PersonFile) -> BTreeSet<PersonId> {
    let namesakes = file.likenesses.iter().map(Likeness::namesake);
    let meant = file.ids.iter().copied().map(Key::Meant);
    let means = file.meant.iter().copied().map(Key::Id);
    let mut keys: Vec<Key> = namesakes.chain(meant).chain(means).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut found: BTreeSet<PersonId> = keys.iter().flat_map(|key| view.persons(key)).collect();
    found.remove(&file.person);
    found
}

/// Names the entry, and the row where it is a certificate's.
fn about(file: &PersonFile, finding: Finding, index: u64) -> Finding {
    match file.certificates.iter().find(|card| card.index == index) {
        Some(card) => finding.card(card),
        None => finding.seen(index),
    }
}

/// R08 as version 1 had it: name, birth date, telephone and village, all four the same.
pub(super) fn judge_by_all_four(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    out: &mut Findings<'_>,
) {
    let four = |like: &Likeness| Some((like.name, like.birth, like.phone?, like.village?));
    for like in file.likenesses.iter().filter(|like| four(like).is_some()) {
        for person in view.persons(&like.namesake()) {
            let other = view.file(person);
            if person == file.person || other.ids.iter().any(|id| file.ids.contains(id)) {
                continue;
            }
            for theirs in other.likenesses.iter().filter(|theirs| four(theirs) == four(like)) {
                let zh = "姓名、出生日期、电话和村（社区）相同，身份号码不同";
                let en = "same name, birth date, telephone and village, another ID number";
                let finding = about(file, Finding::new(rule, zh, en), like.index);
                out.add(finding.seen(theirs.index));
            }
        }
    }
}
