//! When: R34 steps and answers overdue, R35 records dated back.

use super::super::flags_on;
use super::super::walk::tell;
use super::{rows, told};
use crate::value::FactKind;

#[test]
fn r53_who_is_published_and_for_how_long() {
    rows(&[
        ("never taken down", &[("down", "")], "R53"),
        ("four working days later", &[("down", "down notice-1 2026-03-20")], "R53"),
        ("three", &[("down", "down notice-1 2026-03-19")], ""),
        (
            "recorded later than done",
            &[("down", "down notice-1 2026-03-30 removed=2026-03-17")],
            "",
        ),
        (
            "past its last day and never closed",
            &[
                ("close", ""),
                ("down", ""),
                ("review", ""),
                ("approve", ""),
                ("print", ""),
                ("issue", ""),
                ("seal ", ""),
            ],
            "R53",
        ),
        (
            "past its last day, and an objection is open",
            &[
                ("close", "object clerk-1 2026-03-12"),
                ("down", ""),
                ("review", ""),
                ("approve", ""),
                ("print", ""),
                ("issue", ""),
                ("seal ", ""),
            ],
            "",
        ),
        (
            "posted again, then taken down",
            &[
                (
                    "close",
                    "close notice-1 2026-03-16 result=objection \
                     | post notice-1 2026-03-17 | close notice-1 2026-03-24",
                ),
                ("down", "down notice-1 2026-03-24"),
                ("review", "review reviewer-1 2026-03-25"),
                ("approve", "approve approver-1 2026-03-25"),
                ("print", "print issuer-1 2026-03-25"),
                ("issue", "issue issuer-1 2026-03-25"),
                ("seal ", ""),
            ],
            "",
        ),
        (
            "a minor's, as verified",
            &[
                ("verify", "verify clerk-1 2026-03-02 born=2008-03-10"),
                ("submit", "submit clerk-1 2026-03-02"),
            ],
            "R36c, R53",
        ),
        (
            "an adult's on the very day",
            &[
                ("verify", "verify clerk-1 2026-03-02 born=2008-03-09"),
                ("submit", "submit clerk-1 2026-03-02 born=2008-03-09"),
            ],
            "",
        ),
    ]);
    let three_days_on = |day: &str| flags_on(&told(&[("down", "")]), 1, day);
    assert_eq!(
        (three_days_on("2026-03-19"), three_days_on("2026-03-20")),
        ("".into(), "R53".into())
    );
}

#[test]
fn r34_and_r35_days_and_records() {
    let slow = [
        ("approve", "approve approver-1 2026-03-31"),
        ("print", "print issuer-1 2026-03-31"),
        ("issue", "issue issuer-1 2026-03-31"),
        ("seal ", ""),
    ];
    rows(&[
        ("eleven working days", &slow, "R34"),
        (
            "the tenth",
            &[("approve", "approve approver-1 2026-03-30"), slow[1], slow[2], slow[3]],
            "",
        ),
        (
            "a cause named",
            &[
                ("review", "review reviewer-1 2026-03-18 cause=flood"),
                slow[0],
                slow[1],
                slow[2],
                slow[3],
            ],
            "",
        ),
        (
            "returned, and accepted again",
            &[
                (
                    "review",
                    "review reviewer-1 2026-03-18 opinion=return_for_correction \
                     | submit clerk-1 2026-03-24 | accept clerk-1 2026-03-25 \
                     | review reviewer-1 2026-03-30",
                ),
                slow[0],
                slow[1],
                slow[2],
                slow[3],
            ],
            "",
        ),
        ("never decided", &[("approve", ""), ("print", ""), ("issue", ""), ("seal ", "")], "R34"),
        (
            "recorded four working days later",
            &[
                ("review", "review reviewer-1 2026-03-18 recorded=2026-03-24"),
                slow[0],
                slow[1],
                slow[2],
                slow[3],
                ("close", "close notice-1 2026-03-17"),
            ],
            "R35",
        ),
        ("three", &[("submit", "submit clerk-1 2026-02-25 recorded=2026-03-02")], ""),
        ("four", &[("submit", "submit clerk-1 2026-02-24 recorded=2026-03-02")], "R35"),
        (
            "dated before its basis was recorded",
            &[("review", "review reviewer-1 2026-03-18 recorded=2026-03-20")],
            "R35",
        ),
        (
            "two doctors side by side",
            &[("assess assessor-1", "assess assessor-1 2026-03-05 recorded=2026-03-06")],
            "",
        ),
        (
            "explained",
            &[(
                "submit",
                "submit clerk-1 2026-02-24 recorded=2026-03-02 | explain clerk-1 2026-03-02",
            )],
            "",
        ),
    ]);
    let open = told(&[("approve", ""), ("print", ""), ("issue", ""), ("seal ", "")]);
    assert_eq!(flags_on(&open, 1, "2026-03-30"), "", "there is time still");
    let refused = told(&[("conclude", "conclude seal-1 2026-03-06 grade=none")]);
    assert_eq!(flags_on(&refused, 1, "2026-03-10"), "", "nothing issued yet");
}

#[test]
fn r34_the_steps_of_a_benefit_have_limits_of_their_own() {
    // Ten working days for each of the two reviews; none for the determination.
    let found = |steps: &[&str], on: &str| {
        let mut log = told(&[]);
        tell(&mut log, "apply clerk-1 2026-04-01 case=2");
        tell(&mut log, &steps.join("\n"));
        let all = flags_on(&log, 1, on);
        all.split(", ").filter(|flag| flag.starts_with("R34")).collect::<Vec<_>>().join(", ")
    };
    let late = "R34 living 2026-04";
    let first = "first township-1 2026-04-15 case=2";
    assert_eq!(found(&[first], "2026-04-29"), "", "ten and ten");
    assert_eq!(found(&[first], "2026-04-30"), late, "the second review has not come");
    assert_eq!(found(&["first township-1 2026-04-16 case=2"], "2026-04-16"), late);
    let noticed = "first township-1 2026-04-22 case=2 notice=2026-04-10 to=2026-04-16";
    assert_eq!(found(&[noticed], "2026-04-22"), "", "the notice hung for seven days");
    assert_eq!(found(&[], "2026-04-22"), "", "a notice of seven days may be hanging");
    assert_eq!(found(&[], "2026-04-23"), late);
    let why = ["first township-1 2026-04-16 case=2", "explain township-1 2026-04-16 case=2"];
    assert_eq!(found(&why, "2026-04-16"), "", "it is said why");
    let steps = [first, "second dpf-1 2026-04-20 case=2", "determine welfare-1 2026-07-01 case=2"];
    assert_eq!(found(&steps, "2026-09-30"), "", "a determination has no limit");
    let decided = [first, "determine welfare-1 2026-04-20 case=2"];
    assert_eq!(found(&decided, "2026-09-30"), "", "refused before its second review");
    let mut log = told(&[]);
    tell(&mut log, "apply clerk-1 2026-04-01 case=2");
    log.fact(1, FactKind::Death, "2026-04-05", None, |_| {});
    assert!(!flags_on(&log, 1, "2026-05-30").contains("R34"), "nobody waits");
}

#[test]
fn r34_an_appeal_is_answered_by_its_day() {
    let found = |steps: &str, on: &str| {
        let mut log = told(&[
            ("post", ""),
            ("close", ""),
            ("review", ""),
            ("approve", ""),
            ("print", ""),
            ("issue", ""),
            ("seal ", ""),
        ]);
        tell(&mut log, steps);
        flags_on(&log, 1, on)
    };
    let filed = "appeal clerk-1 2026-03-10 due=2026-04-10";
    assert_eq!(found(filed, "2026-04-10"), "");
    assert_eq!(found(filed, "2026-04-11"), "R34");
    let answered = |day: &str| format!("{filed}\nanswer dpf-1 {day} grade=none");
    assert_eq!(found(&answered("2026-04-10"), "2026-09-30"), "");
    assert_eq!(found(&answered("2026-04-11"), "2026-09-30"), "R34");
    let declined = |day: &str| format!("{filed}\ndecline dpf-1 {day}");
    assert_eq!(found(&declined("2026-04-10"), "2026-09-30"), "");
    assert_eq!(found(&declined("2026-04-11"), "2026-09-30"), "R34");
    let why = format!("{}\nexplain dpf-1 2026-04-11", answered("2026-04-11"));
    assert_eq!(found(&why, "2026-09-30"), "");
}
