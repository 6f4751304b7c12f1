//! The first page: what was issued and paid, what was found, and how long a verdict takes; each
//! as far as the reader's role may ask for it.

use std::collections::BTreeMap;

use axum::response::Response;
use maud::{Markup, html};

use super::{
    chart::{HALF, Item, LONG, SHORT, chart},
    flags::SEVERITIES,
    frame::Place,
    page, parts,
    view::{Sheet, View},
    words,
};
use crate::answer::{QueueLine, SumLine, desk};
use crate::service::{
    answer::Current,
    flags, lists,
    problem::Problem,
    roles,
    row::{Access, Row},
};
use crate::value::{Fen, Month, Programme};

/// Months of a chart by month.
const MONTHS: usize = 12;

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![page("/console", Access::Enrolled, show).doc("console", "The overview")]
}

async fn show(view: View) -> Result<Response, Problem> {
    let caller = view.caller()?;
    let w = &view.w.overview;
    let current = Current::of(&view.app, view.app.ledger.len())?;
    let role = caller.signer.role;
    // Whoever works on certificates sees how many were issued; the money is for those who read the log.
    let sums = if roles::LOG.contains(&role) || roles::CASE.contains(&role) {
        lists::every_sum(&view.app, &caller).await?
    } else {
        Vec::new()
    };
    let money = roles::LOG.contains(&role);
    let queue = if roles::FLAGS.contains(&role) {
        Some(flags::every(&view.app, &caller).await?)
    } else {
        None
    };
    let waits = if view.may(Access::Actors) {
        let signer = caller.signer.clone();
        Some(view.app.read(move |records| Ok(desk::count(records.ledger, &signer)?)).await?)
    } else {
        None
    };
    let d = words::desk::of(view.lang);
    let body = html! {
        p.lead {
            strong { (parts::role(&view, role)) } " · " (caller.signer.organisation) " · "
            (parts::division(&view, caller.signer.division))
        }
        p { (words::does(view.lang, role)) " " (w.welcome) }
        @if let Some((count, more)) = waits {
            p.actions {
                a.button href="/console/desk" {
                    (d.for_me) (count) @if more { "+" } " " (d.for_me_items)
                }
            }
        }
        @if roles::CASE.contains(&role) { (super::people::search_form(&view)) }
        (figures(&view, &sums, money, queue.as_deref()))
        @if let Some(queue) = &queue { (flag_charts(&view, queue)) }
        (issued_chart(&view, &sums))
        @if money { (money_charts(&view, &sums)) }
    };
    let title = w.title.to_owned();
    Ok(view.sheet(&Sheet { title, place: Some(Place::Overview), current: Some(&current), body }))
}

fn figures(view: &View, sums: &[SumLine], money: bool, queue: Option<&[QueueLine]>) -> Markup {
    let w = &view.w.overview;
    let count = |what: &str, name: &str| -> i64 {
        let of = |sum: &&SumLine| sum.what == what && sum.name == name;
        sums.iter().filter(of).map(|sum| sum.sum.count).sum()
    };
    let paid = |what: &str| -> Fen {
        sums.iter().filter(|sum| sum.what == what).map(|sum| sum.sum.fen).sum()
    };
    let entries = money.then_some("/console/entries?type=certificate.issued");
    let number = |number: i64| parts::grouped(&number.to_string());
    html! {
        dl.figures {
            @let issued = count("issued", "certificate");
            @if issued > 0 { (figure(w.issued, &number(issued), entries)) }
            // Counts of events are of the whole ledger, for those who read the whole.
            @let legacy = count("events", "certificate.legacy_imported");
            @if legacy > 0 { (figure(w.legacy, &number(legacy), None)) }
            @if money {
                (figure(w.paid, &parts::yuan(paid("paid")), None))
                (figure(w.returned, &parts::yuan(paid("returned")), None))
            }
            @if let Some(queue) = queue {
                @let waits = queue.iter().filter(|line| awaits(line)).count();
                @let risk: Fen = queue.iter().filter(|line| awaits(line)).map(|line| line.money_at_risk).sum();
                @let back: Fen = queue.iter().flat_map(|line| &line.orders).map(|order| order.received).sum();
                (figure(w.waiting, &parts::grouped(&waits.to_string()), Some("/console/flags")))
                (figure(w.at_risk, &parts::yuan(risk), None))
                (figure(w.recovered, &parts::yuan(back), Some("/console/flags?which=recover")))
            }
        }
    }
}

fn awaits(line: &QueueLine) -> bool {
    matches!(line.state.as_ref(), "open" | "assigned" | "needs_field")
}

fn figure(what: &str, value: &str, href: Option<&str>) -> Markup {
    html! {
        div.figure {
            dt { (what) }
            dd.n { @if let Some(href) = href { a href=(href) { (value) } } @else { (value) } }
        }
    }
}

fn flag_charts(view: &View, queue: &[QueueLine]) -> Markup {
    let (w, words) = (&view.w.overview, &view.w.flags);
    let names = SEVERITIES.iter().zip([words.s1, words.s2, words.s3, words.s4]);
    let by_severity: Vec<Item> = names
        .clone()
        .map(|(severity, word)| {
            let count =
                queue.iter().filter(|line| line.severity == *severity && awaits(line)).count();
            let label = format!("{} {word}", parts::severity_code(*severity));
            Item { label, value: count as u64, shown: parts::grouped(&count.to_string()) }
        })
        .collect();
    let days: Vec<Item> = names
        .filter_map(|(severity, word)| {
            let mut days: Vec<u64> = queue
                .iter()
                .filter(|line| line.severity == *severity)
                .filter_map(|line| u64::try_from(line.verdict_on?.since(line.raised_on)).ok())
                .collect();
            days.sort_unstable();
            let median = *days.get(days.len() / 2)?;
            let label = format!("{} {word}", parts::severity_code(*severity));
            let shown = format!("{median} ({} {})", days.len(), w.verdicts);
            Some(Item { label, value: median, shown })
        })
        .collect();
    html! {
        div.halves {
            (chart(view, w.by_severity, (words.severity, w.flags), HALF, &by_severity))
            @if days.is_empty() {
                figure.chart { figcaption { (w.to_verdict) } p.soft { (w.no_verdicts) } }
            } @else {
                (chart(view, w.to_verdict, (words.severity, w.days), HALF, &days))
            }
        }
    }
}

/// Certificates issued in the reader's divisions, month by month.
fn issued_chart(view: &View, sums: &[SumLine]) -> Markup {
    let mut months: BTreeMap<Month, i64> = BTreeMap::new();
    for sum in sums.iter().filter(|sum| sum.what == "issued") {
        if let Some(month) = sum.month {
            *months.entry(month).or_default() += sum.sum.count;
        }
    }
    let last = months.len().saturating_sub(MONTHS);
    let items: Vec<Item> = months
        .into_iter()
        .skip(last)
        .map(|(month, count)| Item {
            label: month.to_string(),
            value: u64::try_from(count).unwrap_or(0),
            shown: parts::grouped(&count.to_string()),
        })
        .collect();
    let heads = (view.w.common.month, view.w.nav.certificates);
    chart(view, view.w.overview.issued_by_month, heads, SHORT, &items)
}

fn money_charts(view: &View, sums: &[SumLine]) -> Markup {
    let (w, common) = (&view.w.overview, &view.w.common);
    let paid = || sums.iter().filter(|sum| sum.what == "paid");
    let mut months: BTreeMap<Month, Fen> = BTreeMap::new();
    let mut programmes: BTreeMap<&str, Fen> = BTreeMap::new();
    for sum in paid() {
        if let Some(month) = sum.month {
            *months.entry(month).or_default() += sum.sum.fen;
        }
        *programmes.entry(sum.name.as_str()).or_default() += sum.sum.fen;
    }
    let item = |label: String, fen: Fen| {
        let value = u64::try_from(fen.0).unwrap_or(0);
        Item { label, value, shown: parts::yuan(fen) }
    };
    let last = months.len().saturating_sub(MONTHS);
    let by_month: Vec<Item> =
        months.into_iter().skip(last).map(|(month, fen)| item(month.to_string(), fen)).collect();
    let mut by_programme: Vec<Item> = programmes
        .into_iter()
        .map(|(name, fen)| {
            let title = Programme::from_name(name)
                .map_or_else(|| name.to_owned(), |found| parts::programme(view, found));
            item(title, fen)
        })
        .collect();
    by_programme.sort_by_key(|item| std::cmp::Reverse(item.value));
    html! {
        (chart(view, w.paid_by_month, (common.month, common.amount), SHORT, &by_month))
        (chart(view, w.paid_by_programme, (common.programme, common.amount), LONG, &by_programme))
    }
}
