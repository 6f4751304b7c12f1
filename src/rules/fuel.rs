//! The fuel subsidy: R37 not for this person, R38 a vehicle twice.

use std::collections::BTreeSet;

use super::file::{Payment, PersonFile};
use super::flag::{Finding, Findings, Rule};
use super::key::Key;
use super::view::View;
use crate::event::{
    FlagKind::Conclusive,
    Severity::{S1, S2},
};
use crate::value::{Category, Programme};

/// R37: not for this person.
pub(super) static R37: Rule = Rule {
    id: "R37",
    version: 1,
    title_zh: "燃油补贴对象不符",
    title_en: "fuel subsidy for the wrong category or age",
    severity: S2,
    kind: Conclusive,
    test: "the fuel subsidy is paid to a person without a physical disability (of its own, or as a \
           component), or whose age on 31 March of the year is not 18 to 70",
    inputs: "a certificate of the payee, for the category; a birth date and the ages of policy, \
             for the age",
    guards: &[
        "a multiple disability with a physical component",
        "18 or 70 years old on that day",
        "a physical disability on any certificate of the person",
    ],
    todo_zh: "核对类别和年龄，追缴",
    todo_en: "check category and age, and recover",
};

/// R38: a vehicle twice.
pub(super) static R38: Rule = Rule {
    id: "R38",
    version: 1,
    title_zh: "车辆重复补贴",
    title_en: "vehicle granted twice",
    severity: S1,
    kind: Conclusive,
    test: "in one year a frame number or an engine number stands in the grants of two persons, or \
           one person has grants for two vehicles",
    inputs: "fuel payments with the numbers",
    guards: &["another year: a vehicle that was sold", "a payment that came back"],
    todo_zh: "现场核对车架号、发动机号，追缴重复部分",
    todo_en: "look at the vehicle's numbers, and recover",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    let of_fuel = |payment: &&Payment| payment.paid.programme == Programme::FUEL_SUBSIDY;
    for payment in file.payments.iter().filter(of_fuel) {
        person(view, file, payment, out);
        vehicle(view, file, payment, out);
    }
}

fn person(view: &View<'_>, file: &PersonFile, payment: &Payment, out: &mut Findings<'_>) {
    let cards = &file.certificates;
    if !cards.is_empty() && !cards.iter().any(|card| card.includes(Category::Physical)) {
        let names: BTreeSet<_> = cards.iter().map(|card| card.category.zh()).collect();
        let names = names.into_iter().collect::<Vec<_>>().join("、");
        let zh = format!("残疾类别 {names}，无肢体残疾");
        let finding = Finding::new(&R37, zh, "no physical disability").payment(payment);
        out.add(finding.all_seen(cards.iter().map(|card| card.index)));
        return;
    }
    let year = payment.paid.year;
    let span = year.and_then(|year| view.terms.fuel_age(payment.paid.division, year));
    if let (Some(birth), Some(span)) = (file.birth, span) {
        let (age, day) = (span.on.age_from(birth), span.on);
        if !(span.min..=span.max).contains(&age) {
            let zh = format!("{day} 年龄 {age}");
            let finding = Finding::new(&R37, zh, format!("{age} years old on {day}"));
            out.add(finding.payment(payment));
        }
    }
}

fn vehicle(view: &View<'_>, file: &PersonFile, payment: &Payment, out: &mut Findings<'_>) {
    let paid = &payment.paid;
    for own in file.payments.iter().filter(|own| own.index > payment.index) {
        let other = &own.paid;
        let same_year = other.programme == Programme::FUEL_SUBSIDY && other.year == paid.year;
        let differs = |one: Option<_>, two: Option<_>| one.is_some() && two.is_some() && one != two;
        let two_vehicles =
            differs(paid.chassis, other.chassis) || differs(paid.engine, other.engine);
        if same_year && two_vehicles {
            let finding = Finding::new(&R38, "一人两车", "two vehicles of one person");
            out.add(finding.payment(own).seen(payment.index));
        }
    }
    let same = [
        (paid.chassis.map(Key::Chassis), "车架号重复", "the frame number stands in another grant"),
        (paid.engine.map(Key::Engine), "发动机号重复", "the engine number stands in another grant"),
    ];
    for (key, zh, en) in same {
        let Some(key) = key else { continue };
        for other in view.persons(&key).into_iter().filter(|other| *other != file.person) {
            let other = view.file(other);
            let grant = other.payments.iter().find(|grant| {
                let theirs =
                    [grant.paid.chassis.map(Key::Chassis), grant.paid.engine.map(Key::Engine)];
                grant.paid.year == paid.year && theirs.contains(&Some(key))
            });
            if let Some(grant) = grant {
                out.add(Finding::new(&R38, zh, en).payment(payment).seen(grant.index));
            }
        }
    }
}
