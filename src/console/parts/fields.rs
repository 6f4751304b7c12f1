//! Fields of forms, and the filters that lists have in common.

use maud::{Markup, html};

use super::{super::view::View, certificate_status_word};
use crate::answer::narrow::CertificateStatus;

/// A field of a form with its label and, beside it, what it takes.
pub(in crate::console) fn field(
    id: &str,
    label: &str,
    hint: Option<&str>,
    control: &Markup,
) -> Markup {
    html! {
        div {
            label for=(id) { (label) }
            (control)
            @if let Some(hint) = hint { p.hint id={ (id) "-hint" } { (hint) } }
        }
    }
}

/// A choice of a form that filters: an empty value means any.
pub(in crate::console) fn choice(
    view: &View,
    name: &str,
    label: &str,
    options: &[(String, String)],
) -> Markup {
    let chosen = view.said(name);
    field(
        name,
        label,
        None,
        &html! {
            select id=(name) name=(name) {
                option value="" { (view.w.common.any) }
                @for (value, word) in options {
                    option value=(value) selected[chosen == Some(value.as_str())] { (word) }
                }
            }
        },
    )
}

/// A day of a form that filters.
pub(in crate::console) fn day(view: &View, name: &str, label: &str) -> Markup {
    let value = view.said(name).unwrap_or_default();
    field(name, label, None, &html! { input id=(name) name=(name) type="date" value=(value); })
}

/// A month of a form that filters.
pub(in crate::console) fn month(view: &View, label: &str) -> Markup {
    let value = view.said("month").unwrap_or_default();
    // Written as everywhere else; half of the browsers know no `month`.
    field(
        "month",
        label,
        None,
        &html! {
            input #month name="month" type="text" inputmode="numeric" pattern="[0-9]{4}-[0-9]{2}"
                maxlength="7" placeholder="2026-10" autocomplete="off" value=(value);
        },
    )
}

/// A division of a form that filters, with all below it; the page has its list of those known.
pub(in crate::console) fn of_division(view: &View) -> Markup {
    let value = view.said("division").unwrap_or_default();
    field(
        "division",
        view.w.common.division,
        None,
        &html! {
            input #division name="division" type="text" inputmode="numeric" pattern="[1-9][0-9]{5}"
                maxlength="6" list="divisions" value=(value);
        },
    )
}

/// How certificates may stand, as a choice of a form that filters.
pub(in crate::console) fn certificate_statuses(view: &View) -> Markup {
    let option = |status: CertificateStatus| {
        let word = certificate_status_word(view, status.name()).1;
        (status.name().to_owned(), word.to_owned())
    };
    let options = CertificateStatus::ALL.map(option);
    choice(view, "status", view.w.common.status, &options)
}

/// The buttons of a form that filters.
pub(in crate::console) fn filter_buttons(view: &View) -> Markup {
    html! {
        div.actions {
            button type="submit" { (view.w.common.filter) }
            @if !view.query.is_empty() {
                a.button.quiet href=(view.path) { (view.w.common.clear) }
            }
        }
    }
}
