//! The entries behind each figure of the report, at its end: every figure links to its list.

use std::borrow::Cow;

use maud::{Markup, html};

use super::super::page::{heading, term};
use crate::audit::strict_review::{Counted, FlagLine, Ranges, StrictReviewFigures};

/// Index runs shown of one figure: some 40 kB of a page. The JSON form has all.
const RUNS_SHOWN: usize = 5000;

/// A figure with its place in the appendix.
struct Link<'a> {
    id: &'static str,
    zh: &'static str,
    en: &'static str,
    indexes: &'a Ranges,
}

/// What people made of the flags of a severity: an id, Chinese and English, and the count.
pub(super) fn made_of(
    line: &FlagLine,
) -> [(&'static str, &'static str, &'static str, &Counted); 4] {
    [
        ("flags", "提出", "raised", &line.raised),
        ("confirmed", "属实", "confirmed", &line.confirmed),
        ("dismissed", "不属实", "dismissed", &line.dismissed),
        ("waiting", "待核查", "waiting", &line.waiting),
    ]
}

pub(super) fn flags_id(of: &str, line: &FlagLine) -> String {
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
        let name = format!("每案评残医师 assessors of a case: {count}");
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

pub(super) fn appendix(figures: &StrictReviewFigures) -> Markup {
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
