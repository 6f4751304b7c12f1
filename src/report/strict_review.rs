//! The strict-review report as a page: every figure leads to the entries it was counted from.

mod behind;

use std::fmt;

use maud::{Markup, PreEscaped, html};
use serde::{Deserialize, Serialize};

use self::behind::{appendix, flags_id, made_of};
use super::{
    chart::{self, Bar},
    page::{heading, page, term},
};
use crate::audit::strict_review::{Counted, Money, Spread, StepLine, StrictReviewFigures};
use crate::tlog::TreeHash;
use crate::value::{Day, Lang};

/// What the report rests on, and its figures.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StrictReviewReport {
    /// The ledger.
    pub origin: String,
    /// The day it was made.
    pub made_on: Day,
    /// The size of the checkpoint: all of them are counted, unless `known` says less.
    pub entries: u64,
    /// The root that the ledger signed for them.
    pub root: TreeHash,
    /// The signed checkpoint, as a note.
    pub checkpoint: String,
    /// What was counted, where it goes by what the ledger knew at an earlier entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Prefix>,
    /// What verifying the trail found when the report was made.
    pub verified: Verified,
    /// The figures.
    pub figures: StrictReviewFigures,
}

/// The first entries of the ledger, by number and root; its checkpoint covers them.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Prefix {
    /// How many.
    pub entries: u64,
    /// The RFC 6962 root over them.
    pub root: TreeHash,
}

/// The result of verifying the whole trail.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Verified {
    /// No violation.
    pub ok: bool,
    /// How many violations.
    pub violations: u64,
}

/// The page.
#[must_use]
pub fn strict_review_page(report: &StrictReviewReport) -> String {
    page("严格审核情况报告", "Strict-review report", &strict_review_body(report))
}

/// What the page says, for another frame.
pub(crate) fn strict_review_body(report: &StrictReviewReport) -> Markup {
    let figures = &report.figures;
    html! {
        (basis(report))
        (heads(figures))
        (issued(figures))
        (steps(figures))
        (flags(figures))
        (appendix(figures))
        (note(report))
    }
}

fn basis(report: &StrictReviewReport) -> Markup {
    let figures = &report.figures;
    html! {
        dl.facts {
            dt { (term("范围", "scope")) }
            dd { (term(&figures.division.named(Lang::Zh), &figures.division.named(Lang::En))) ", " (figures.from) " – " (figures.to) }
            dt { (term("账本", "ledger")) }
            dd { (report.origin) }
            dt { (term("检查点", "checkpoint")) }
            dd.mono { (report.entries) " · " (report.root) }
            @if let Some(known) = &report.known {
                dt { (term("按当时所知", "as known then")) }
                dd.mono { (known.entries) " · " (known.root) }
            }
            dt { (term("核验", "verified")) }
            dd {
                @if report.verified.ok {
                    span.good { "✓ " (term("全部账本核验通过", "the whole trail holds")) }
                } @else {
                    span.bad {
                        "✗ " (term("账本核验不通过", "the trail does not hold")) ": "
                        (report.verified.violations)
                    }
                }
            }
            dt { (term("生成日期", "made on")) }
            dd { (report.made_on) }
        }
    }
}

fn figure(id: &str, count: u64, zh: &str, en: &str) -> Markup {
    html! {
        div.figure { b { (linked(id, count)) } (term(zh, en)) }
    }
}

fn linked(id: &str, count: u64) -> Markup {
    linked_as(id, count, &count)
}

/// What was made of the entries of a figure, linked to them where there are any.
fn linked_as(id: &str, count: u64, shown: &dyn fmt::Display) -> Markup {
    let shown = shown.to_string();
    html! {
        @if count > 0 { a href={ "#" (id) } { (shown) } } @else { (shown) }
    }
}

fn permille(share: Option<u64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{}.{}%", share / 10, share % 10))
}

fn heads(figures: &StrictReviewFigures) -> Markup {
    let (outcomes, gated) = (&figures.outcomes, &figures.issued.gated);
    let ended = outcomes.ended();
    html! {
        div.figures {
            (figure("issued", figures.issued.all.count, "本账本核发", "issued on this ledger"))
            div.figure {
                b {
                    @if gated.broken.count > 0 {
                        a.bad href="#broken" { (permille(gated.permille())) }
                    } @else {
                        (linked_as("held", gated.held.count, &permille(gated.permille())))
                    }
                }
                (term("全程符合 I04–I12", "passed all of I04–I12"))
            }
            (figure("legacy", figures.legacy_imported.count, "历史导入（另计）",
                "imported, counted apart"))
            div.figure {
                b { (linked_as("ended", ended.count, &permille(outcomes.refused_permille()))) }
                (term("不予发证或不予受理", "refused or not accepted"))
            }
            (figure("objections", figures.objections.raised.count, "公示异议", "objections"))
        }
    }
}

fn issued(figures: &StrictReviewFigures) -> Markup {
    let months: Vec<Bar> = figures
        .issued
        .months
        .iter()
        .map(|line| Bar {
            label: line.month.to_string(),
            value: line.issued.count,
            shown: None,
            mark: None,
        })
        .collect();
    let outcomes = &figures.outcomes;
    let objections = &figures.objections;
    html! {
        (heading("核发与结果", "Issued, and how cases ended"))
        (drawn(&months))
        table {
            thead { tr { th { (term("项目", "what")) } th.n { (term("数量", "count")) } } }
            tbody {
                (row("批准", "approved", "approved", &outcomes.approved))
                (row("不予发证（书面告知）", "refused in writing", "refused", &outcomes.refused))
                (row("不予受理", "not accepted", "not-accepted", &outcomes.not_accepted))
                (row("异议成立", "objections upheld", "upheld", &objections.upheld))
                (row("异议不成立", "objections dismissed", "dismissed", &objections.dismissed))
                @for (count, of) in &figures.issued.assessors {
                    tr {
                        td { (term("每案评残医师", "assessors of a case")) " " (count) }
                        td.n { (linked(&format!("assessors-{count}"), of.count)) }
                    }
                }
                @for line in &figures.issued.months {
                    tr {
                        td { (term("核发", "issued in")) " " (line.month) }
                        td.n { (linked(&format!("month-{}", line.month), line.issued.count)) }
                    }
                }
            }
        }
    }
}

fn row(zh: &str, en: &str, id: &str, of: &Counted) -> Markup {
    html! { tr { td { (term(zh, en)) } td.n { (linked(id, of.count)) } } }
}

fn drawn(bars: &[Bar]) -> Markup {
    html! {
        @match chart::bars(bars, chart::PAGE) {
            // Drawn by the chart crate, which escapes its texts.
            Some(svg) => div.chart aria-hidden="true" { (PreEscaped(svg)) },
            None => p.soft { (term("本期无数据", "nothing in this span")) },
        }
    }
}

fn steps(figures: &StrictReviewFigures) -> Markup {
    let bars: Vec<Bar> = figures
        .steps
        .iter()
        .filter_map(|line| {
            Some(Bar {
                label: format!("{} {}", line.zh, line.en),
                value: line.days.median?.into(),
                shown: None,
                mark: line.limit.map(u64::from),
            })
        })
        .collect();
    html! {
        (heading("各环节用时（工作日）", "Working days of each step"))
        p.soft {
            (term("条为中位数，红线为政策规定的期限（公示期为下限）。",
                "Bars are medians; the red mark is the policy's limit (for the notice its least)."))
        }
        (drawn(&bars))
        table {
            thead {
                tr {
                    th { (term("环节", "step")) }
                    th.n { (term("件数", "cases")) }
                    th.n { (term("中位数", "median")) }
                    th.n { "P90" }
                    th.n { (term("最长", "longest")) }
                    th.n { (term("规定", "limit")) }
                    th.n { (term("不符", "beyond")) }
                }
            }
            tbody { @for line in &figures.steps { (step(line)) } }
        }
    }
}

fn step(line: &StepLine) -> Markup {
    let shown = |value: Option<u32>| value.map_or_else(|| "–".to_owned(), |days| days.to_string());
    let Spread { median, p90, max, of } = &line.days;
    let id = format!("step-{}", line.step);
    html! {
        tr {
            td { (term(&line.zh, &line.en)) }
            td.n { (linked(&id, of.count)) }
            @for days in [median, p90, max] {
                td.n { (linked_as(&id, of.count, &shown(*days))) }
            }
            td.n { (shown(line.limit)) }
            td.n {
                @if line.beyond.count > 0 {
                    span.bad { (linked(&format!("beyond-{}", line.step), line.beyond.count)) }
                } @else if line.limit.is_some() { "0" } @else { "–" }
            }
        }
    }
}

fn flags(figures: &StrictReviewFigures) -> Markup {
    let shown = |value: Option<u32>| value.map_or_else(|| "–".to_owned(), |days| days.to_string());
    html! {
        (heading("疑点与处置", "Flags and what came of them"))
        @if figures.flags.is_empty() {
            p.soft {
                (term("本期没有登记在账本上的疑点。", "No flag of this span is on the log."))
            }
        } @else {
            table {
                thead {
                    tr {
                        th { (term("级别", "severity")) }
                        th.n { (term("提出", "raised")) }
                        th.n { (term("属实", "confirmed")) }
                        th.n { (term("不属实", "dismissed")) }
                        th.n { (term("待核查", "waiting")) }
                        th.n { (term("核查天数中位数", "median days to verdict")) }
                    }
                }
                tbody {
                    @for line in &figures.flags {
                        tr {
                            td { (format!("{:?}", line.severity)) }
                            @for (of, _, _, counted) in made_of(line) {
                                td.n { (linked(&flags_id(of, line), counted.count)) }
                            }
                            td.n {
                                (linked_as(&flags_id("judged", line), line.days_to_verdict.of.count,
                                    &shown(line.days_to_verdict.median)))
                            }
                        }
                    }
                }
            }
        }
        dl.facts {
            dt { (term("决定追缴（元）", "ordered back, yuan")) }
            dd { (money("ordered", &figures.recovery_ordered)) }
            dt { (term("追缴入账（元）", "recovered, yuan")) }
            dd { (money("recovered", &figures.recovered)) }
            dt { (term("救助（人次）", "people helped")) }
            dd { (linked("helped", figures.helped.count)) }
        }
    }
}

/// An amount and how often it was, both linked.
fn money(id: &str, money: &Money) -> Markup {
    html! { (linked_as(id, money.count, &money.fen)) " (" (linked(id, money.count)) ")" }
}

fn note(report: &StrictReviewReport) -> Markup {
    html! {
        (heading("检查点原文", "The signed checkpoint"))
        pre.indexes tabindex="0" role="region" aria-label="检查点原文 The signed checkpoint" {
            (report.checkpoint)
        }
    }
}
