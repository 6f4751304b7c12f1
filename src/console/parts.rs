//! What pages are made of: money, ids, badges, tables, pagers.

use maud::{Markup, html};

use super::view::View;
use crate::event::Role;
use crate::value::{DivisionCode, Fen, Lang, PersonId};

/// A role in words.
pub(super) fn role(view: &View, role: Role) -> String {
    match view.lang {
        Lang::Zh => role.zh().to_owned(),
        Lang::En => spaced(role.name()),
    }
}

/// A name of the wire as words: `township_reviewer`, `certificate.issued`.
pub(super) fn spaced(name: &str) -> String {
    name.replace(['_', '.'], " ")
}

/// A division: its level in words, and its code.
pub(super) fn division(view: &View, code: DivisionCode) -> String {
    let w = &view.w.common;
    let level = if code.is_county() {
        w.county
    } else if code.is_prefecture() {
        w.prefecture
    } else {
        w.province
    };
    format!("{level} {code}")
}

/// Yuan with groups of three digits.
pub(super) fn yuan(fen: Fen) -> String {
    let text = fen.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, "00"));
    format!("{}.{part}", grouped(whole))
}

/// A number with groups of three digits.
pub(super) fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let mut text = String::from(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The way to a person's page, by the pseudonym.
pub(super) fn person(person: PersonId) -> Markup {
    let id = person.to_string();
    html! { a.id href={ "/console/people/" (id) } title=(id) { (short(&id)) } }
}

/// The way to an entry.
pub(super) fn entry(index: u64) -> Markup {
    html! { a.n href={ "/console/entries/" (index) } { (index) } }
}

/// The beginning of a long id.
pub(super) fn short(id: &str) -> String {
    let begin: String = id.chars().take(10).collect();
    if begin.len() < id.len() { format!("{begin}…") } else { begin }
}

/// The way to the next page, and back.
pub(super) fn pager(view: &View, next: Option<&str>) -> Markup {
    let w = &view.w.common;
    let behind = view.said("after").is_some();
    html! {
        @if behind || next.is_some() {
            nav.pager aria-label=(w.next_page) {
                @if behind { a href=(first(view)) { (w.first_page) } }
                @if let Some(next) = next {
                    a.button rel="next" href=(view.with("after", next)) { (w.next_page) }
                }
            }
        }
    }
}

fn first(view: &View) -> String {
    let others = view.query.iter().filter(|(name, _)| name != "after");
    let query = serde_urlencoded::to_string(others.collect::<Vec<_>>()).unwrap_or_default();
    if query.is_empty() { view.path.clone() } else { format!("{}?{query}", view.path) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_grouped_and_keeps_its_fen() {
        for (fen, text) in
            [(0, "0.00"), (99, "0.99"), (123_456, "1,234.56"), (-100_000_000, "-1,000,000.00")]
        {
            assert_eq!(yuan(Fen(fen)), text);
        }
    }
}
