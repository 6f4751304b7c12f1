//! An offer of the desk as a form. Where each field goes stands beside it in `data-` attributes, which
//! the script reads; what the signer types never leaves the page before it is shown and signed.

use maud::{Markup, html};
use serde_json::{Value, json};

use super::super::{
    parts,
    view::View,
    words::{self, desk::Desk},
};
use super::referred;
use super::says::{TOLD, about_words, names, roles, settled, title, values};
use crate::answer::desk::{CATEGORIES, Field, Kind, Offer};
use crate::service::{roles::CASE, row::Access};
use crate::value::{CitizenId, Lang, PersonId};

/// Where a form stands.
pub(in crate::console) struct Place<'a> {
    /// Whose papers are hashed, where that is known.
    pub(in crate::console) person: Option<PersonId>,
    /// Where to go on when it is signed.
    pub(in crate::console) next: &'a str,
    /// The level of its heading.
    pub(in crate::console) level: u8,
}

/// One offer. `number` makes the ids of several forms of a page differ.
pub(in crate::console) fn offer(
    view: &View,
    number: usize,
    offer: &Offer,
    place: &Place<'_>,
) -> Markup {
    let w = words::desk::of(view.lang);
    let referred = referred::of_offer(view, offer);
    // Several of a page are told apart by what each is of.
    let title = match &referred.of {
        Some(of) => format!("{}{}{of}", title(view, offer), view.pick("：", ": ")),
        None => title(view, offer),
    };
    let refs: Vec<String> = offer.refs.iter().map(ToString::to_string).collect();
    let about = place.person.map(|person| person.to_string());
    let id = format!("step-{number}");
    // Whoever begins a case and works on it goes on with it.
    let to_case = offer.subject == "case:new" && view.may(Access::Roles(CASE));
    html! {
        section.card.step aria-labelledby=(id) {
            @if place.level == 2 { h2 id=(id) { (title) } } @else { h3 id=(id) { (title) } }
            @if let Some(about) = &offer.about { p.soft { (about_words(view, about)) } }
            @if !offer.second.is_empty() {
                p.soft { (w.second) " " (roles(view, offer.second)) }
            }
            @if let Some(blocked) = &offer.blocked {
                @let (message, hint) = match view.lang {
                    Lang::Zh => (&blocked.message_zh, blocked.hint_zh),
                    Lang::En => (&blocked.message, blocked.hint),
                };
                p.note {
                    (w.blocked) " (" (blocked.rule) ")" (view.pick("。", ". "))
                    (message) (view.pick("；", "; ")) (hint) (view.pick("。", "."))
                }
            } @else {
                (referred.shown)
                (settled(view, &offer.data))
                noscript { p.note { (w.needs_script) } }
                form data-sign data-type=(offer.name) data-subject=(offer.subject)
                    data-refs=(json!(refs)) data-policy=[offer.policy]
                    data-data=(Value::Object(offer.data.clone())) data-person=[about]
                    data-title=(title) data-second=(roles(view, offer.second)) data-sign-word=(w.sign) data-next=(place.next)
                    data-next-case=[to_case.then_some("/console/desk/cases/")]
                    data-words=(names(view.lang, offer.name)) data-values=(values(view, offer)) data-ids=(referred.ids) {
                    @if offer.fields.iter().any(|field| field.kind == Kind::Personal) {
                        p.hint.personal-hint { (w.personal_hint) }
                    }
                    @if let Some(number) = demo_number(view, offer) {
                        p.hint { (w.demo_number) " " code { (number) } }
                    }
                    @for field in &offer.fields { (self::field(view, w, number, field)) }
                    p.actions { button type="submit" { (w.show_first) } }
                }
                div data-shown hidden {}
                div data-says aria-live="polite" {}
            }
        }
    }
}

fn field(view: &View, w: &Desk, number: usize, field: &Field) -> Markup {
    let id = format!("f{number}-{}", field.path.replace('.', "-"));
    let label = view.pick(field.zh, field.en);
    let optional = (!field.required).then_some(view.w.common.optional);
    let grouped = matches!(
        field.kind,
        Kind::Some(..) | Kind::Grade | Kind::Told | Kind::PapersOf(_) | Kind::OldCard
    );
    let least = match &field.kind {
        Kind::Some(_, least) => Some(*least),
        _ => None,
    };
    html! {
        div.field data-field {
            @if grouped {
                fieldset data-path=(field.path) data-kind=(word(&field.kind)) data-label=(label)
                    data-only-if=[field.only_if] data-needed=[field.required.then_some("yes")]
                    data-least=[least] {
                    legend { (label) @if let Some(optional) = optional { " " span.soft { (optional) } } }
                    (group(view, w, &id, field))
                }
            } @else {
                label for=(id) { (label) @if let Some(optional) = optional { " " span.soft { (optional) } } }
                (control(view, w, &id, label, field))
                @if let Some((zh, en)) = &field.hint {
                    p.hint id={ (id) "-hint" } { (view.pick(zh, en)) }
                }
                @match field.kind {
                    Kind::Paper(_) | Kind::Papers(_) | Kind::Digest => p.hint id={ (id) "-hint" } { (w.paper_hint) },
                    _ => {}
                }
            }
        }
    }
}

/// Several inputs under one legend.
fn group(view: &View, w: &Desk, id: &str, field: &Field) -> Markup {
    html! {
        @match &field.kind {
            Kind::Some(choices, least) => {
                p.hint { (w.choose_some) " " (least) }
                div.options {
                    @for (at, choice) in choices.iter().enumerate() {
                        label.flag for={ (id) "-" (at) } {
                            input id={ (id) "-" (at) } type="checkbox" value=(choice.value)
                                data-word=(view.pick(&choice.zh, &choice.en));
                            " " (view.pick(&choice.zh, &choice.en))
                        }
                    }
                }
            }
            Kind::Grade => {
                p.hint id={ (id) "-hint" } { (w.grade_hint) }
                div.levels {
                    @for (value, zh, en) in CATEGORIES {
                        div {
                            label for={ (id) "-" (value) } { (view.pick(zh, en)) }
                            select id={ (id) "-" (value) } data-category=(value)
                                aria-describedby={ (id) "-hint" } {
                                option value="" { (w.grade_none) }
                                @for level in 1..=4 { option value=(level) { (level) " " (w.grade_level) } }
                            }
                        }
                    }
                }
            }
            Kind::PapersOf(kinds) => {
                div.pair {
                    @for (at, kind) in kinds.iter().enumerate() {
                        div {
                            label for={ (id) "-" (at) } {
                                (view.pick(&kind.zh, &kind.en))
                                @if at > 0 || !field.required {
                                    " " span.soft { (view.w.common.optional) }
                                }
                            }
                            input id={ (id) "-" (at) } type="file" data-paper=(kind.value)
                                required[field.required && at == 0] aria-describedby={ (id) "-hint" };
                        }
                    }
                }
                p.hint id={ (id) "-hint" } { (w.paper_hint) }
            }
            Kind::OldCard => {
                div.pair {
                    div {
                        label for={ (id) "-what" } { (w.old_card) }
                        select id={ (id) "-what" } required[field.required] {
                            option value="" { (w.choose) }
                            option value="returned" { (w.old_card_returned) }
                            option value="not_returned" { (w.old_card_kept) }
                        }
                    }
                    div {
                        label for={ (id) "-why" } { (w.old_card_why) }
                        input id={ (id) "-why" } type="text" autocomplete="off" maxlength="66";
                    }
                }
            }
            Kind::Told => {
                div.pair {
                    @for (part, label, paper) in
                        [("notice", w.told_notice, TOLD[0]), ("proof", w.told_proof, TOLD[1])]
                    {
                        div {
                            label for={ (id) "-" (part) } { (label) }
                            input id={ (id) "-" (part) } type="file" data-paper=(paper)
                                required[field.required] aria-describedby={ (id) "-hint" };
                        }
                    }
                }
                p.hint id={ (id) "-hint" } { (w.paper_hint) }
            }
            _ => {}
        }
    }
}

/// One input.
fn control(view: &View, w: &Desk, id: &str, label: &str, field: &Field) -> Markup {
    let kind = word(&field.kind);
    let value = field.value.as_deref();
    let hint = format!("{id}-hint");
    html! {
        @match &field.kind {
            // Nothing is said until the signer says it: yes and no are chosen alike.
            Kind::Flag => {
                select id=(id) data-path=(field.path) data-kind=(kind) data-label=(label)
                    data-only-if=[field.only_if] required[field.required] {
                    option value="" { (w.choose) }
                    option value="true" { (view.pick("是", "yes")) }
                    option value="false" { (view.pick("否", "no")) }
                }
            }
            Kind::One(choices) | Kind::OneSubject(choices) => {
                select id=(id) data-path=(field.path) data-kind=(kind) data-label=(label)
                    data-only-if=[field.only_if] required[field.required] {
                    option value="" { (w.choose) }
                    @for choice in choices {
                        option value=(choice.value) {
                            (view.pick(&choice.zh, &choice.en))
                        }
                    }
                }
            }
            Kind::Division => {
                input id=(id) type="text" inputmode="numeric" autocomplete="off" maxlength="6"
                    pattern="[1-9][0-9]{5}" list={ (id) "-names" } data-path=(field.path)
                    data-kind=(kind) data-label=(label) data-only-if=[field.only_if]
                    required[field.required] value=[value];
                (parts::division_list(view, &format!("{id}-names")))
            }
            Kind::Texts => {
                textarea id=(id) rows="3" data-path=(field.path) data-kind=(kind) data-label=(label)
                    data-only-if=[field.only_if] required[field.required] {}
            }
            Kind::Paper(name) => {
                input id=(id) type="file" data-path=(field.path) data-kind=(kind) data-label=(label)
                    data-paper=(name) data-only-if=[field.only_if] required[field.required]
                    aria-describedby=(hint);
            }
            Kind::Papers(name) => {
                input id=(id) type="file" multiple data-path=(field.path) data-kind=(kind)
                    data-label=(label) data-paper=(name) data-only-if=[field.only_if]
                    required[field.required] aria-describedby=(hint);
            }
            Kind::Digest => {
                input id=(id) type="file" data-path=(field.path) data-kind=(kind) data-label=(label)
                    data-only-if=[field.only_if] required[field.required] aria-describedby=(hint);
            }
            Kind::Yuan => {
                input id=(id) type="text" inputmode="decimal" autocomplete="off"
                    pattern="[0-9,]+(\\.[0-9]{1,2})?" data-path=(field.path) data-kind=(kind)
                    data-label=(label) data-only-if=[field.only_if] required[field.required]
                    value=[value.and_then(yuan)];
            }
            Kind::NewSubject => {
                input id=(id) type="text" autocomplete="off" spellcheck="false" maxlength="48"
                    pattern="[a-z0-9][a-z0-9\\-]*" data-path=(field.path) data-kind=(kind)
                    data-label=(label) required;
            }
            Kind::Month => {
                input id=(id) type="text" inputmode="numeric" autocomplete="off" maxlength="7"
                    pattern="[0-9]{4}-[0-9]{2}" data-path=(field.path) data-kind=(kind)
                    data-label=(label) data-only-if=[field.only_if] required[field.required]
                    value=[value];
            }
            Kind::Personal => {
                input id=(id) type="text" maxlength="100" autocomplete="off" data-path=(field.path)
                    data-kind=(kind) data-label=(label) data-only-if=[field.only_if]
                    required[field.required] data-refused-by=[field.refused_by]
                    aria-describedby=[field.hint.as_ref().map(|_| &hint)];
            }
            other => {
                input id=(id) type=(input_type(other)) autocomplete="off" maxlength=[length(other)]
                    data-path=(field.path) data-kind=(kind) data-label=(label)
                    data-only-if=[field.only_if] required[field.required] value=[value]
                    aria-describedby=[field.hint.as_ref().map(|_| &hint)];
            }
        }
    }
}

/// Fen as a person types yuan.
fn yuan(fen: &str) -> Option<String> {
    Some(crate::value::Fen(fen.parse().ok()?).to_string())
}

/// In a demo, an ID number that nobody has: one without a right check character is refused. It has the
/// demo's own first digits, and changes with the ledger.
fn demo_number(view: &View, offer: &Offer) -> Option<String> {
    let asks = offer.name == "application.submitted"
        && offer.fields.iter().any(|field| field.path == "id_number");
    let body = format!("99010119880808{:03}", view.app.ledger.len() % 1000);
    let digits: &[u8; 17] = body.as_bytes().try_into().ok()?;
    let check = CitizenId::check_for(digits).filter(|_| asks && view.app.demo)?;
    Some(format!("{body}{check}"))
}

const fn input_type(kind: &Kind) -> &'static str {
    match kind {
        Kind::Day => "date",
        Kind::Count => "number",
        _ => "text",
    }
}

/// What a label of the ledger holds at most, in characters of Chinese.
fn length(kind: &Kind) -> Option<&'static str> {
    matches!(kind, Kind::Text).then_some("66")
}

/// The kind as the script knows it.
const fn word(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Texts => "texts",
        Kind::One(_) => "one",
        Kind::Some(..) => "some",
        Kind::Flag => "flag",
        Kind::Division => "division",
        Kind::Day => "day",
        Kind::Month => "month",
        Kind::NewSubject | Kind::OneSubject(_) => "subject",
        Kind::Count => "count",
        Kind::Yuan => "yuan",
        Kind::Paper(_) => "paper",
        Kind::Papers(_) => "papers",
        Kind::PapersOf(_) => "papers_of",
        Kind::Digest => "digest",
        Kind::Told => "told",
        Kind::Grade => "grade",
        Kind::OldCard => "old_card",
        Kind::Personal => "personal",
    }
}
