//! Rules as earlier versions had them. A later version is another test; an old one can be run
//! again, on what is known now or was known then, and finds what it found.

use super::file::PersonFile;
use super::flag::{Findings, Flag, Rule};
use super::likeness::{self, R08};
use super::outlier::{R32, Tallies};
use super::review::{self, R22, R25, R27};
use super::view::View;

/// R08 by four attributes, all the same.
static R08_1: Rule = Rule {
    version: 1,
    test: "two persons with different ID numbers have the same name, birth date, telephone number \
           and village",
    inputs: "all four of both persons",
    ..R08
};

/// R22 on rows of the register only.
static R22_1: Rule = Rule {
    version: 1,
    test: "the row names fewer different assessors than policy asks for (two)",
    inputs: "a register with both assessor columns",
    guards: &[review::ABSENT, "assessed by sight while that was lawful"],
    ..R22
};

/// R25 on rows of the register only.
static R25_1: Rule = Rule {
    version: 1,
    test: "the holder was of age when the certificate was issued, and the notice is missing or \
           shorter than five working days; the day after its first is day 1, its last counts",
    inputs: "a register with both notice columns, and a birth date",
    guards: &[review::ABSENT, "a minor: no public notice", "public holidays and make-up workdays"],
    ..R25
};

/// R27 on rows of the register only.
static R27_1: Rule = Rule {
    version: 1,
    title_zh: "受理与批准为同一人",
    title_en: "one officer accepted and approved",
    test: "the receiver and the approver of the row are one officer",
    inputs: "a register with both columns",
    guards: &[review::ABSENT, "blank columns name nobody"],
    ..R27
};

/// R32 against all rows together.
static R32_1: Rule = Rule {
    version: 1,
    test: "an assessor stands on 30 or more rows of the register, and the share of levels 1 and 2 \
           among them exceeds the share over all rows by more than 4 binomial standard errors",
    inputs: "a register with assessor columns",
    guards: &["fewer than 30 rows", "a high share that chance explains", "a low share"],
    ..R32
};

/// Every earlier version, in the order of the rules.
pub(super) static OLD: [&Rule; 5] = [&R08_1, &R22_1, &R25_1, &R27_1, &R32_1];

/// Judges a person by an old version.
pub(super) fn judge(rule: &'static Rule, view: &View<'_>, file: &PersonFile) -> Vec<Flag> {
    let mut out = Findings::of(file);
    if (rule.id, rule.version) == ("R08", 1) {
        likeness::judge_by_all_four(rule, view, file, &mut out);
    }
    let rows = file.certificates.iter().filter_map(|card| Some((card, card.row.as_deref()?)));
    for (card, row) in rows {
        match (rule.id, rule.version) {
            ("R22", 1) => review::assessors(view, card, row, rule, &mut out),
            ("R25", 1) => review::notice(view, card, row, rule, &mut out),
            ("R27", 1) => review::duties(card, row, rule, &mut out),
            _ => {}
        }
    }
    out.flags
}

/// Judges everybody together by an old version.
pub(super) fn judge_tallies(rule: &'static Rule, tallies: &Tallies) -> Vec<Flag> {
    match (rule.id, rule.version) {
        ("R32", 1) => tallies.judge_by_all_rows(rule),
        _ => Vec::new(),
    }
}
