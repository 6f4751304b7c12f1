//! Charts: bars as inline SVG, their numbers beside them as a table for those who read it so.

use maud::{Markup, PreEscaped, html};

use super::{parts, view::View};
use crate::report::chart::{Bar, Size, bars};

/// Of a chart beside another, of one with short labels, and of one with long ones.
pub(super) const HALF: Size = Size { width: 480, left: 130, right: 110 };
pub(super) const SHORT: Size = Size { width: 880, left: 90, right: 120 };
pub(super) const LONG: Size = Size { width: 880, left: 250, right: 120 };

/// One bar of a chart.
pub(super) struct Item {
    pub(super) label: String,
    pub(super) value: u64,
    /// As it is written.
    pub(super) shown: String,
}

/// A chart with its title; nothing of nothing.
pub(super) fn chart(
    view: &View,
    title: &str,
    (label, value): (&str, &str),
    size: Size,
    items: &[Item],
) -> Markup {
    let drawn: Vec<Bar> = items
        .iter()
        .map(|item| Bar {
            label: item.label.clone(),
            value: item.value,
            shown: Some(item.shown.clone()),
            mark: None,
        })
        .collect();
    let rows: Vec<Markup> = items
        .iter()
        .map(|item| html! { tr { th scope="row" { (item.label) } td.n { (item.shown) } } })
        .collect();
    html! {
        @if let Some(svg) = bars(&drawn, size) {
            figure.chart {
                figcaption { (title) }
                div.plot role="img" aria-label=(title) tabindex="0" { (PreEscaped(svg)) }
                details {
                    summary { (view.w.overview.as_table) }
                    (parts::table(title, &[(label, false), (value, true)], &rows, ""))
                }
            }
        }
    }
}
