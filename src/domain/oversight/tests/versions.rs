//! A dismissal outlives the version of the rule, and a newer input opens it however many there are.

use super::{Office, flag, hash, label, person, subject};
use crate::domain::oversight::Standing;
use crate::event::{AnomalyRaised, FlagKind, Verdict};
use crate::value::Fen;

/// Flag `n`, as a version of R01 raises it about person 1 on those inputs.
fn raise(office: &mut Office, n: u8, inputs: &[&str], more: impl FnOnce(&mut AnomalyRaised)) {
    let inputs = inputs.iter().map(|name| hash(name)).collect();
    let (version, person) = (u16::from(n), Some(person(1)));
    let mut data = AnomalyRaised { version, person, inputs, ..office.raised(n) };
    more(&mut data);
    office.world.sign("system", &subject(1), data).unwrap();
}

fn judge(office: &mut Office, n: u8, verdict: Verdict) {
    let data = crate::event::AnomalyReviewed {
        flag: flag(n),
        verdict,
        reason: label("looked into"),
        evidence: vec![],
    };
    office.world.sign("inspector", &subject(1), data).unwrap();
}

#[test]
fn a_new_version_takes_over_the_dismissal_of_the_same_thing() {
    let mut office = Office::new();
    raise(&mut office, 1, &["a", "b"], |_| {});
    judge(&mut office, 1, Verdict::Dismissed);
    let given = office.flag(1).review.clone().unwrap().statement;

    raise(&mut office, 2, &["b", "a"], |data| {
        (data.kind, data.money_at_risk) = (FlagKind::Lead, Fen(7000));
    });
    assert_eq!(office.standing(2), Standing::Dismissed);
    assert_eq!(office.flag(2).review.as_ref().unwrap().statement, given, "the same verdict");
    raise(&mut office, 2, &["a", "b", "c"], |_| {});
    assert_eq!(office.standing(2), Standing::Open, "another input is news");
    raise(&mut office, 3, &["a", "b"], |_| {});
    assert_eq!(office.standing(3), Standing::Dismissed, "of any version");

    type Change<'a> = &'a dyn Fn(&mut AnomalyRaised);
    let other: [(&str, Change<'_>); 3] = [
        ("rule", &|data| data.rule = label("R03")),
        ("programme", &|data| data.programme = Some("dibao".parse().unwrap())),
        ("month", &|data| data.month = Some("2026-01".parse().unwrap())),
    ];
    for (n, (what, change)) in (4..).zip(other) {
        raise(&mut office, n, &["a", "b"], change);
        assert_eq!(office.standing(n), Standing::Open, "another {what}");
    }
    judge(&mut office, 1, Verdict::Confirmed);
    raise(&mut office, 9, &["a", "b"], |_| {});
    assert_eq!(office.standing(9), Standing::Open, "dismissed no longer");
}

#[test]
fn a_flag_that_was_not_dismissed_is_judged_in_its_new_version() {
    for verdict in [Verdict::NeedsField, Verdict::Confirmed] {
        let mut office = Office::new();
        raise(&mut office, 1, &["a"], |_| {});
        judge(&mut office, 1, verdict);
        raise(&mut office, 2, &["a"], |_| {});
        assert_eq!(office.standing(2), Standing::Open, "{verdict:?}");
    }
}

#[test]
fn an_input_that_is_not_shown_is_news_too() {
    let mut office = Office::new();
    raise(&mut office, 1, &["a"], |data| data.all_inputs = Some(hash("300 of them")));
    judge(&mut office, 1, Verdict::Dismissed);
    raise(&mut office, 1, &["a"], |data| data.all_inputs = Some(hash("300 of them")));
    assert_eq!(office.standing(1), Standing::Dismissed);
    raise(&mut office, 1, &["a"], |data| data.all_inputs = Some(hash("301 of them")));
    assert_eq!(office.standing(1), Standing::Open);
}
