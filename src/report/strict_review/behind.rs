//! The entries behind each figure of the report, at its end: every figure links to its list.

use std::borrow::Cow;

use maud::{Markup, html};

use super::super::page::{heading, term};
use crate::audit::strict_review::{Counted, FlagLine, Ranges, StrictReviewFigures};

/// Index runs shown of one figure: some 40 kB of a page. The JSON form has all.
const RUNS_SHOWN: usize = 5000;

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
    let plain: [(&str, &str, &str, &Ranges); 13] = [
        ("issued", "本账本核发", "issued", &issued.all.indexes),
        ("held", "全程符合 I04–I12", "passed all of I04–I12", &issued.gated.held.indexes),
        (
            "broken",
            "未全程符合 I04–I12 的条目",
            "entries that broke a gate",
            &issued.gated.broken.indexes,
        ),
        ("legacy", "历史导入", "imported", &figures.legacy_imported.indexes),
        ("approved", "批准", "approved", &figures.outcomes.approved.indexes),
        ("refused", "不予发证", "refused", &figures.outcomes.refused.indexes),
        ("not-accepted", "不予受理", "not accepted", &figures.outcomes.not_accepted.indexes),
        ("objections", "公示异议", "objections", &figures.objections.raised.indexes),
        ("upheld", "异议成立", "upheld", &figures.objections.upheld.indexes),
        ("dismissed", "异议不成立", "dismissed", &figures.objections.dismissed.indexes),
        ("ordered", "决定追缴", "ordered back", &figures.recovery_ordered.indexes),
        ("recovered", "追缴入账", "recovered", &figures.recovered.indexes),
        ("helped", "救助", "people helped", &figures.helped.indexes),
    ];
    let mut links: Vec<Behind<'_>> = Vec::new();
    let mut add =
        |id: String, name: String, indexes| links.push((id, name, Cow::Borrowed(indexes)));
    for (id, zh, en, indexes) in plain {
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
        (heading("附：数字的来源条目", "Appendix: the entries behind each figure"))
        p.soft {
            (term("每个数字由下列账本条目计数得出，可用 mingzheng show 序号 查看。",
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
    let zh = format!("其余 {rest} 条未列出，见 mingzheng --json report strict-review 的 indexes。");
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
