//! Rules as earlier versions had them. A later version is another test; an old one can be run
//! again, on what is known now or was known then, and finds what it found.

use super::amount::{self, R16};
use super::file::PersonFile;
use super::flag::{Findings, Flag, Rule};
use super::likeness::{self, R08};
use super::outlier::{R32, Tallies};
use super::review::{self, R22, R25, R27};
use super::unpaid::{self, R47};
use super::view::View;

/// R08 by four attributes, all the same.
static R08_1: Rule = Rule {
    version: 1,
    test: "two persons with different ID numbers have the same name, birth date, telephone number \
           and village",
    inputs: "all four of both persons",
    ..R08
};

/// R16 by the limit only, whatever the ledger holds of the benefit.
static R16_1: Rule = Rule {
    version: 1,
    title_zh: "补发超过上限",
    title_en: "too many months of back-pay",
    test: "more months are paid back than policy allows (three)",
    inputs: "a policy with that limit",
    guards: &["up to the limit", "every month granted by two signers on the ledger"],
    ..R16
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

/// R47 for nursing care only.
static R47_1: Rule = Rule {
    version: 1,
    title_zh: "符合条件未享受护理补贴",
    title_en: "entitled to nursing care, not paid",
    test: "in each of the last three months whose nursing-care roll is in (two at least) the \
           person has a certificate of level 1 or 2, is alive at its start, is in no excluding \
           benefit and not in prison; and none of them is paid",
    inputs: "nursing-care rolls of the person's division for two months or more",
    guards: &[
        "level 3 or 4",
        "died, in prison, in extreme-poverty support or with the work-injury nursing fee",
        "issued, expired or closed within those months",
        "a month paid by another division or paid back later",
        "a benefit applied for, granted or refused on the ledger",
    ],
    ..R47
};

/// Every earlier version, in the order of the rules.
pub(super) static OLD: [&Rule; 7] = [&R08_1, &R16_1, &R22_1, &R25_1, &R27_1, &R32_1, &R47_1];

/// Judges a person by an old version.
pub(super) fn judge(rule: &'static Rule, view: &View<'_>, file: &PersonFile) -> Vec<Flag> {
    let mut out = Findings::of(file);
    match (rule.id, rule.version) {
        ("R08", 1) => likeness::judge_by_all_four(rule, view, file, &mut out),
        ("R16", 1) => {
            for payment in &file.payments {
                amount::beyond_limit(view, file, payment, rule, &mut out);
            }
        }
        ("R47", 1) => unpaid::judge_nursing(rule, view, file, &mut out),
        _ => {}
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
