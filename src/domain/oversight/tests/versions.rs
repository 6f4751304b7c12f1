//! A verdict outlives the version of the rule: a dismissal on the same statements, a confirmation with
//! all that follows from it. A newer input opens a dismissal however many there are.

use super::{Office, flag, hash, label, person, subject};
use crate::domain::oversight::Standing;
use crate::domain::testing::outcome;
use crate::event::{AnomalyRaised, FlagKind, RecoveryOrdered, RecoveryReceived, Verdict};
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
    judge(&mut office, 1, Verdict::NeedsField);
    raise(&mut office, 9, &["a", "b"], |_| {});
    assert_eq!(office.standing(9), Standing::Open, "dismissed no longer");
}

#[test]
fn a_flag_that_was_not_judged_is_judged_in_its_new_version() {
    let mut office = Office::new();
    raise(&mut office, 1, &["a"], |_| {});
    judge(&mut office, 1, Verdict::NeedsField);
    raise(&mut office, 2, &["a"], |_| {});
    assert_eq!(office.standing(2), Standing::Open);
}

#[test]
fn what_stands_confirmed_is_the_same_flag_in_its_new_version() {
    let mut office = Office::new();
    let count = |office: &Office| office.world.state.oversight.flags().count();
    raise(&mut office, 1, &["a"], |_| {});
    judge(&mut office, 1, Verdict::Confirmed);
    let verdict = office.flag(1).review.clone().unwrap().statement;
    // On more statements too: confirmed is confirmed, as when the same version finds more.
    raise(&mut office, 2, &["a", "b"], |data| data.money_at_risk = Fen(9000));
    assert_eq!((office.standing(2), count(&office)), (Standing::Confirmed, 1));
    assert_eq!(office.flag(2).money_at_risk, Fen(9000), "what is at risk now");
    assert_eq!(office.world.state.oversight.own_id(&flag(2)), flag(1));

    // What is recovered is recovered once, whichever id names the flag.
    let order = |n: u8, amount: i64| RecoveryOrdered {
        person: person(1),
        flag: flag(n),
        amount: Fen(amount),
        due: "2027-12-31".parse().unwrap(),
        verdict,
    };
    let ordered = office.world.sign("civil", &subject(1), order(2, 9000)).unwrap();
    office.world.endorse("supervisor", ordered).unwrap();
    assert_eq!(office.flag(1).orders, [ordered]);
    let again = office.world.sign("civil", &subject(1), order(1, 1));
    assert_eq!(outcome(&again), "over_money_at_risk");
    let received =
        RecoveryReceived { person: person(1), flag: flag(2), order: ordered, amount: Fen(9000) };
    office.world.sign("finance", &subject(1), received).unwrap();
    for n in [1, 2] {
        assert_eq!(office.standing(n), Standing::Closed, "by id {n}");
    }

    // Another month is another thing; and what is confirmed no longer is judged anew.
    raise(&mut office, 3, &["a"], |data| data.month = Some("2026-01".parse().unwrap()));
    assert_eq!(office.standing(3), Standing::Open);
    judge(&mut office, 2, Verdict::NeedsField);
    assert_eq!(office.standing(1), Standing::NeedsField, "one flag, one verdict");
    raise(&mut office, 4, &["a"], |_| {});
    assert_eq!((office.standing(4), count(&office)), (Standing::Open, 3));
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
