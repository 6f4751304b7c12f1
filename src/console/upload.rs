//! Uploading a roll: which kinds the reader may bring in, the columns of each, an empty roll to fill
//! in, and the form from which the file goes to the routes for programs; nothing is kept here.

use axum::{extract::State, response::Response};
use maud::{Markup, html};

use super::{page, parts, view::View, words};
use crate::answer::kinds::KindLine;
use crate::service::{
    extract::Query,
    kinds::{self, Asked},
    problem::Problem,
    roles,
    row::{Access, Row, raw},
};
use crate::value::{Lang, Month};

const BLANK: &str = "/console/payroll/blank";

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page(BLANK, Access::Actors, blank)
            .doc("console", "An empty roll of a kind, to be filled in")
            .gives(raw("application/octet-stream")),
    ]
}

async fn blank(view: View) -> Result<Response, Problem> {
    kinds::empty(Query(view.asked::<Asked>()?)).await
}

/// What the form begins with.
#[derive(Default)]
pub(super) struct Begins<'a> {
    /// The kind that is chosen.
    pub(super) kind: Option<&'a str>,
    /// The month that is typed.
    pub(super) month: Option<Month>,
}

/// The form, with what is found and what is signed below it.
pub(super) async fn upload(view: &View, begins: Begins<'_>) -> Result<Markup, Problem> {
    let caller = view.caller()?;
    let signs = roles::senders().contains(&caller.signer.role);
    let kinds = kinds::list(State(view.app.clone()), caller).await?.items;
    let w = words::desk::of(view.lang);
    let f = &view.w.flags;
    let titles = parts::event_titles(view.lang);
    Ok(html! {
        noscript { p.note { (w.needs_script) } }
        section.card aria-labelledby="upload" {
            h2 #upload { (w.upload) }
            form data-payroll data-titles=(titles) data-sign-word=(w.sign) data-row-word=(w.row) data-rule-word=(f.rule) data-severity-word=(f.severity)
                data-why-word=(f.why) data-money-word=(f.money) data-findings-word=(w.findings)
                data-conclusive-word=(f.conclusive) data-lead-word=(f.lead) data-unread-word=(w.unread) data-check-word=(w.check_roll) data-lay-word=(w.sign_roll)
                data-left-word=(view.pick("未核查的行", "Rows that were not checked"))
                data-all-word=(view.pick("行已核查", "rows checked")) {
                (parts::field("kind", w.kind, None, &html! {
                    select #kind required {
                        option value="" { (w.kind_choose) }
                        @for kind in &kinds {
                            option value=(kind.kind) selected[begins.kind == Some(kind.kind.as_str())]
                                data-checks=[(!kind.checks).then_some("no")]
                                data-signs=[(!kind.signs).then_some("no")] {
                                (title(view, kind)) @if !kind.signs { (w.kind_check_only) }
                            }
                        }
                    }
                }))
                (parts::field("roll", w.roll, None, &html! {
                    input #roll type="file" accept=".csv,.xlsx,.xls" required;
                }))
                (parts::field("month", w.month, None, &html! {
                    input #month type="text" inputmode="numeric" pattern="[0-9]{4}-[0-9]{2}" maxlength="7"
                        placeholder="2026-10" autocomplete="off" value=[begins.month];
                }))
                @for kind in &kinds {
                    div.kind data-kind=(kind.kind) hidden[begins.kind != Some(kind.kind.as_str())] {
                        p { strong { (w.kind_columns) } " " (columns(view, kind)) }
                        p { (w.kind_blank) " " (blanks(view, kind)) }
                    }
                }
                p.actions { button type="submit" { (w.check_roll) } }
            }
            details {
                summary { (w.kind_all) }
                (all(view, &kinds))
            }
            div data-says aria-live="polite" {}
        }
        section data-found hidden aria-labelledby="findings" {
            h2 #findings tabindex="-1" { (w.findings) }
            div data-table {}
            p.actions {
                button.quiet type="button" data-annotated { (w.annotated) }
                @if signs { button type="button" data-sign-roll { (w.sign_roll) } }
            }
            @if signs { p.soft { (w.sign_roll_what) } }
            div data-signed aria-live="polite" {}
        }
    })
}

fn title<'a>(view: &View, kind: &'a KindLine) -> &'a str {
    view.pick(&kind.title_zh, &kind.title_en)
}

/// The columns of a kind in words: what must be there, and what may be.
fn columns(view: &View, kind: &KindLine) -> Markup {
    let w = words::desk::of(view.lang);
    let comma = view.pick("、", ", ");
    let named = |headers: &[&str], between: &str| {
        let each: Vec<_> = headers.iter().map(|header| glossed(view, kind, header)).collect();
        each.join(between)
    };
    let needed: Vec<_> = kind.needed.iter().map(|group| named(group, w.kind_or)).collect();
    html! {
        (w.kind_needed) (view.pick("：", ": ")) (parts::quoting(view, &needed.join(comma))) (view.pick("；", "; "))
        (w.kind_usual) (view.pick("：", ": ")) (parts::quoting(view, &named(&kind.columns, comma)))
        @if !kind.besides.is_empty() {
            (view.pick("；", "; ")) (w.kind_besides) (view.pick("：", ": "))
            (parts::quoting(view, &named(&kind.besides, comma)))
        }
    }
}

/// A header as offices write it; to whoever reads English, with what the column holds.
fn glossed(view: &View, kind: &KindLine, header: &str) -> String {
    match (view.lang, kind.headers_en.iter().find(|line| line.header == header)) {
        (Lang::En, Some(line)) => format!("{header} ({})", line.en),
        _ => header.to_owned(),
    }
}

/// The empty roll of a kind, in both forms.
fn blanks(view: &View, kind: &KindLine) -> Markup {
    html! {
        @for form in ["xlsx", "csv"] {
            a href={ (BLANK) "?kind=" (kind.kind) "&form=" (form) } {
                "." (form) span.unseen { " " (title(view, kind)) }
            }
            " "
        }
    }
}

/// Every kind with its columns, for whoever reads without scripts, too.
fn all(view: &View, kinds: &[KindLine]) -> Markup {
    let w = words::desk::of(view.lang);
    let row = |kind: &KindLine| {
        html! {
            tr {
                th scope="row" { (title(view, kind)) @if !kind.signs { (w.kind_check_only) } }
                td { (columns(view, kind)) }
                td { (blanks(view, kind)) }
            }
        }
    };
    let rows: Vec<Markup> = kinds.iter().map(row).collect();
    let heads = [(w.kind, false), (w.kind_columns, false), (w.kind_blank, false)];
    parts::table(w.kind_all, &heads, &rows, "")
}
