//! The strict-review report as a page: every figure leads to the entries it was counted from.

use std::{borrow::Cow, fmt};

use maud::{Markup, PreEscaped, html};
use serde::{Deserialize, Serialize};

use super::{
    chart::{self, Bar},
    page::{heading, page, term},
};
use crate::audit::strict_review::{
    Counted, FlagLine, Money, Ranges, Spread, StepLine, StrictReviewFigures,
};
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

/// Index runs shown of one figure: some 40 kB of a page. The JSON form has all.
const RUNS_SHOWN: usize = 5000;

/// A figure with its place in the appendix.
struct Link<'a> {
    id: &'static str,
    zh: &'static str,
    en: &'static str,
    indexes: &'a Ranges,
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
            (figure("legacy", figures.legacy_imported.count, "历史导入(另计)",
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
                (row("不予发证(书面告知)", "refused in writing", "refused", &outcomes.refused))
                (row("不予受理", "not accepted", "not-accepted", &outcomes.not_accepted))
                (row("异议成立", "objections upheld", "upheld", &objections.upheld))
                (row("异议不成立", "objections dismissed", "dismissed", &objections.dismissed))
                @for (count, of) in &figures.issued.assessors {
                    tr {
                        td { (term("每案评定医师", "assessors of a case")) " " (count) }
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
        (heading("各环节用时(工作日)", "Working days of each step"))
        p.soft {
            (term("条为中位数,红线为政策规定的期限(公示期为下限)。",
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
            dt { (term("决定追缴(元)", "ordered back, yuan")) }
            dd { (money("ordered", &figures.recovery_ordered)) }
            dt { (term("追缴入账(元)", "recovered, yuan")) }
            dd { (money("recovered", &figures.recovered)) }
            dt { (term("救助(人次)", "people helped")) }
            dd { (linked("helped", figures.helped.count)) }
        }
    }
}

/// An amount and how often it was, both linked.
fn money(id: &str, money: &Money) -> Markup {
    html! { (linked_as(id, money.count, &money.fen)) " (" (linked(id, money.count)) ")" }
}

/// What people made of the flags of a severity: an id, Chinese and English, and the count.
fn made_of(line: &FlagLine) -> [(&'static str, &'static str, &'static str, &Counted); 4] {
    [
        ("flags", "提出", "raised", &line.raised),
        ("confirmed", "属实", "confirmed", &line.confirmed),
        ("dismissed", "不属实", "dismissed", &line.dismissed),
        ("waiting", "待核查", "waiting", &line.waiting),
    ]
}

fn flags_id(of: &str, line: &FlagLine) -> String {
    format!("{of}-{:?}", line.severity)
}

type Behind<'a> = (String, String, Cow<'a, Ranges>);

fn links(figures: &StrictReviewFigures) -> Vec<Behind<'_>> {
    let issued = &figures.issued;
    let plain = [
        Link { id: "issued", zh: "本账本核发", en: "issued", indexes: &issued.all.indexes },
        Link {
            id: "held",
            zh: "全程符合 I04–I12",
            en: "passed all of I04–I12",
            indexes: &issued.gated.held.indexes,
        },
        Link {
            id: "broken",
            zh: "未全程符合 I04–I12 的条目",
            en: "entries that broke a gate",
            indexes: &issued.gated.broken.indexes,
        },
        Link {
            id: "legacy",
            zh: "历史导入",
            en: "imported",
            indexes: &figures.legacy_imported.indexes,
        },
        Link {
            id: "approved",
            zh: "批准",
            en: "approved",
            indexes: &figures.outcomes.approved.indexes,
        },
        Link {
            id: "refused",
            zh: "不予发证",
            en: "refused",
            indexes: &figures.outcomes.refused.indexes,
        },
        Link {
            id: "not-accepted",
            zh: "不予受理",
            en: "not accepted",
            indexes: &figures.outcomes.not_accepted.indexes,
        },
        Link {
            id: "objections",
            zh: "公示异议",
            en: "objections",
            indexes: &figures.objections.raised.indexes,
        },
        Link {
            id: "upheld",
            zh: "异议成立",
            en: "upheld",
            indexes: &figures.objections.upheld.indexes,
        },
        Link {
            id: "dismissed",
            zh: "异议不成立",
            en: "dismissed",
            indexes: &figures.objections.dismissed.indexes,
        },
        Link {
            id: "ordered",
            zh: "决定追缴",
            en: "ordered back",
            indexes: &figures.recovery_ordered.indexes,
        },
        Link {
            id: "recovered",
            zh: "追缴入账",
            en: "recovered",
            indexes: &figures.recovered.indexes,
        },
        Link { id: "helped", zh: "救助", en: "people helped", indexes: &figures.helped.indexes },
    ];
    let mut links: Vec<Behind<'_>> = Vec::new();
    let mut add =
        |id: String, name: String, indexes| links.push((id, name, Cow::Borrowed(indexes)));
    for Link { id, zh, en, indexes } in plain {
        add(id.to_owned(), format!("{zh} {en}"), indexes);
    }
    for (count, of) in &issued.assessors {
        let name = format!("每案评定医师 assessors of a case: {count}");
        add(format!("assessors-{count}"), name, &of.indexes);
    }
    for line in &issued.months {
        let name = format!("核发 issued in {}", line.month);
        add(format!("month-{}", line.month), name, &line.issued.indexes);
    }
    for line in &figures.steps {
        let name = format!("{} {}", line.zh, line.en);
        add(format!("step-{}", line.step), name.clone(), &line.days.of.indexes);
        let beyond = format!("{name}: 不符规定 beyond");
        add(format!("beyond-{}", line.step), beyond, &line.beyond.indexes);
    }
    for line in &figures.flags {
        let severity = line.severity;
        for (of, zh, en, counted) in made_of(line) {
            let name = format!("疑点 flags {severity:?}: {zh} {en}");
            add(flags_id(of, line), name, &counted.indexes);
        }
        let name = format!("疑点 flags {severity:?}: 已有结论 with a verdict");
        add(flags_id("judged", line), name, &line.days_to_verdict.of.indexes);
    }
    let ended = Cow::Owned(figures.outcomes.ended().indexes);
    links.push(("ended".to_owned(), "已办结案件 cases that ended".to_owned(), ended));
    links.retain(|(_, _, indexes)| !indexes.is_empty());
    links
}

fn appendix(figures: &StrictReviewFigures) -> Markup {
    html! {
        (heading("附:数字的来源条目", "Appendix: the entries behind each figure"))
        p.soft {
            (term("每个数字由下列账本条目计数得出,可用 mingzheng show 序号 查看。",
                "Each figure was counted from these entries; `mingzheng show INDEX` shows one."))
        }
        @for (id, name, indexes) in links(figures) {
            section id=(id) {
                p { b { (name) } " " span.soft { "(" (indexes.len()) ")" } }
                p.indexes { (shown(&indexes)) }
            }
        }
    }
}

/// The runs of a set; a very long one is cut here, says so, and is whole in the JSON form.
fn shown(indexes: &Ranges) -> Markup {
    let runs = indexes.runs();
    if runs.len() <= RUNS_SHOWN {
        return html! { (indexes) };
    }
    let first: Ranges =
        indexes.iter().take_while(|index| *index <= runs[RUNS_SHOWN - 1].1).collect();
    let rest = indexes.len() - first.len();
    let zh = format!("其余 {rest} 条未列出,见 mingzheng --json report strict-review 的 indexes。");
    let en = format!(
        "{rest} more are not listed here: `mingzheng --json report strict-review` has all, as \
         `indexes`."
    );
    html! { (first) " … " (term(&zh, &en)) }
}

fn note(report: &StrictReviewReport) -> Markup {
    html! {
        (heading("检查点原文", "The signed checkpoint"))
        pre.indexes tabindex="0" role="region" aria-label="检查点原文 The signed checkpoint" {
            (report.checkpoint)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_says_how_to_get_the_rest() {
        let every_other = |count: usize| (0..count as u64).map(|n| 2 * n).collect::<Ranges>();
        let whole = shown(&every_other(RUNS_SHOWN)).into_string();
        assert!(whole.ends_with(&format!(", {}", 2 * (RUNS_SHOWN - 1))), "all of them");
        let cut = shown(&every_other(RUNS_SHOWN + 7)).into_string();
        assert!(cut.starts_with(&whole));
        assert!(cut.contains("其余 7 条") && cut.contains("7 more") && cut.contains("--json"));
        // Unbroken runs are short, however many entries they are.
        let run = shown(&(0..1_000_000).collect()).into_string();
        assert_eq!(run, "0-999999");
    }
}
