//! Rules about cases on the ledger: R09, R21-R23, R25-R27, R29, R30, R33-R35, R36c, R42-R46.

use super::super::scenario::{Log, bytes, day, person, row_ref, tag};
use super::super::{PersonFile, View, find, judge_person_by};
use super::walk::{changed, designate, enrol, office, tell};
use super::{SampleTerms, flags, flags_on};
use crate::crypto::SecretKey;
use crate::event::{
    ActorKeyRotated, DeclaredRelation, ExternalFactRetracted, GuardianEnded, GuardianRecorded,
    LegacyStatus, Relation, Role, RollRowRetracted,
};
use crate::value::{Category, FactKind, PayrollId, RollId, Subject};

/// What it is, the lines of the lawful case that are others, the flags of person 1.
type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);

fn told(changes: &[(&str, &str)]) -> Log {
    let mut log = Log::default();
    office(&mut log);
    tell(&mut log, &changed(changes));
    log
}

fn rows(rows: &[Row<'_>]) {
    for (name, changes, expected) in rows {
        assert_eq!(flags(&told(changes)), *expected, "{name}");
    }
}

#[test]
fn a_lawful_case_raises_nothing() {
    assert_eq!(flags(&told(&[])), "");
}

#[test]
fn r21_r23_and_r45_what_the_issue_rests_on() {
    rows(&[
        ("no conclusion", &[("conclude", "")], "R21"),
        (
            "concluded: does not meet the standard",
            &[("conclude", "conclude seal-1 2026-03-06 grade=none")],
            "R21",
        ),
        (
            "concluded after the issue",
            &[("conclude", ""), ("seal ", "conclude seal-1 2026-03-24")],
            "R21",
        ),
        ("another level", &[("issue", "issue issuer-1 2026-03-20 grade=physical-1")], "R23"),
        ("another category", &[("issue", "issue issuer-1 2026-03-20 grade=visual-2")], "R23"),
        (
            "components in another order",
            &[
                ("conclude", "conclude seal-1 2026-03-06 grade=multiple-2"),
                ("issue", "issue issuer-1 2026-03-20 grade=multiple-2 reversed=yes"),
            ],
            "",
        ),
        (
            "assessed anew after an objection: the last conclusion counts",
            &[
                ("conclude", "conclude seal-1 2026-03-06 grade=physical-3"),
                (
                    "close",
                    "object clerk-1 2026-03-10 | resolve reviewer-1 2026-03-16 \
                     | close notice-1 2026-03-16 result=objection | assign reviewer-1 2026-03-17 \
                     | assess assessor-1 2026-03-18 | assess assessor-2 2026-03-18 \
                     | conclude seal-1 2026-03-18 | post notice-1 2026-03-18 \
                     | close notice-1 2026-03-25",
                ),
                ("review", "review reviewer-1 2026-03-26"),
                ("approve", "approve approver-1 2026-03-26"),
                ("print", "print issuer-1 2026-03-27"),
                ("issue", "issue issuer-1 2026-03-27"),
                ("seal ", ""),
            ],
            "",
        ),
    ]);
    let renewed = |by_sight: bool, changes: &[(&str, &str)]| {
        let mut log = Log::default();
        office(&mut log);
        log.card(1, 9, |card| {
            (card.issued, card.valid_to) = (day("2016-03-20"), day("2026-03-19"));
            if by_sight {
                (card.assessor_1, card.assessor_2, card.assessed_by_sight) = (None, None, true);
            }
        });
        let renewal = [
            ("submit", "submit clerk-1 2026-03-02 kind=renew present=9"),
            ("issue", "issue issuer-1 2026-03-20 present=9"),
        ];
        tell(&mut log, &changed(&[&renewal[..], changes].concat()));
        flags(&log)
    };
    assert_eq!(renewed(true, &[]), "");
    assert_eq!(renewed(true, &[("conclude", "")]), "R21, R45");
    assert_eq!(renewed(false, &[("conclude", "")]), "R21");
    let seen = ("assess assessor-1", "assess assessor-1 2026-03-05 method=by_sight");
    let both = [seen, ("assess assessor-2", "assess assessor-2 2026-03-05 method=by_sight")];
    assert_eq!(renewed(true, &[seen]), "", "the other doctor examined");
    assert_eq!(renewed(true, &both), "R45");
}

#[test]
fn r22_assessors_of_a_case() {
    rows(&[
        ("one assessor", &[("assess assessor-2", "")], "R22"),
        ("one assessor twice", &[("assess assessor-2", "assess assessor-1 2026-03-05")], "R22"),
        (
            "a designation that does not exist",
            &[("assign", "assign reviewer-1 2026-03-03 at=hospital-2")],
            "R22",
        ),
        (
            "no record is on the conclusion",
            &[("conclude", "assign reviewer-1 2026-03-05 | conclude seal-1 2026-03-06")],
            "R22",
        ),
    ]);
    let with = |prepare: &dyn Fn(&mut Log), changes: &[(&str, &str)]| {
        let mut log = Log::default();
        prepare(&mut log);
        tell(&mut log, &changed(changes));
        flags(&log)
    };
    let doctors = |log: &mut Log, second: u32| {
        enrol(log, "junior-1", Some(2001), &[]);
        enrol(log, "junior-2", Some(second), &[]);
        enrol(log, "assessor-1", Some(2003), &[]);
    };
    let juniors = [
        ("assess assessor-1", "assess junior-1 2026-03-05"),
        ("assess assessor-2", "assess junior-2 2026-03-05"),
    ];
    let hospital = |log: &mut Log, categories: &[Category], to| {
        doctors(log, 2002);
        designate(log, "hospital-1", categories, "2020-01-01", to);
    };
    let all = |log: &mut Log| hospital(log, &Category::ALL, None);
    assert_eq!(with(&all, &juniors), "R22", "none is attending");
    assert_eq!(with(&all, &juniors[1..]), "", "one is");
    let one_human = |log: &mut Log| {
        doctors(log, 2003);
        designate(log, "hospital-1", &Category::ALL, "2020-01-01", None);
    };
    assert_eq!(with(&one_human, &juniors[1..]), "R22", "two actors of one human being");
    let eyes = |log: &mut Log| hospital(log, &[Category::Visual], None);
    assert_eq!(with(&eyes, &juniors[1..]), "R22", "for another category");
    let ended = |log: &mut Log| hospital(log, &Category::ALL, Some("2026-03-02"));
    assert_eq!(with(&ended, &juniors[1..]), "R22", "the designation was over");
    let ends = |log: &mut Log| hospital(log, &Category::ALL, Some("2026-03-03"));
    assert_eq!(with(&ends, &juniors[1..]), "", "its last day was the assignment's");
}

#[test]
fn r25_and_r33_the_notice_of_a_case() {
    let child = ("submit", "submit clerk-1 2026-03-02 born=2010-01-01");
    let verified = ("verify", "verify clerk-1 2026-03-02 born=2010-01-01");
    rows(&[
        ("four working days", &[("close", "close notice-1 2026-03-13")], "R25"),
        ("no notice", &[("post", ""), ("close", "")], "R25"),
        ("closed, never posted", &[("post", "")], "R25"),
        (
            "closed by an objection",
            &[("close", "close notice-1 2026-03-16 result=objection")],
            "R25",
        ),
        (
            "an adult's notice waived",
            &[("post", "waive reviewer-1 2026-03-09"), ("close", "")],
            "R25",
        ),
        (
            "a minor's",
            &[child, verified, ("post", "waive reviewer-1 2026-03-09"), ("close", "")],
            "",
        ),
        (
            "issued within the days of a notice",
            &[
                ("post", "post notice-1 2026-03-06"),
                ("close", "close notice-1 2026-03-06"),
                ("review", "review reviewer-1 2026-03-06"),
                ("approve", "approve approver-1 2026-03-06"),
                ("print", "print issuer-1 2026-03-06"),
                ("issue", "issue issuer-1 2026-03-06"),
            ],
            "R25, R33",
        ),
        (
            "so fast, but a minor",
            &[
                child,
                verified,
                ("post", "waive reviewer-1 2026-03-06"),
                ("close", ""),
                ("review", "review reviewer-1 2026-03-06"),
                ("approve", "approve approver-1 2026-03-06"),
                ("print", "print issuer-1 2026-03-06"),
                ("issue", "issue issuer-1 2026-03-06"),
            ],
            "",
        ),
    ]);
}

#[test]
fn r26_objections() {
    let raised = "post notice-1 2026-03-09 | object clerk-1 2026-03-10";
    let resolved = "post notice-1 2026-03-09 | object clerk-1 2026-03-10 \
                    | resolve reviewer-1 2026-03-13";
    rows(&[
        ("open at the approval", &[("post", raised)], "R26"),
        ("resolved before", &[("post", resolved)], ""),
        (
            "resolved after the approval",
            &[
                ("post", raised),
                ("print", "resolve reviewer-1 2026-03-20 | print issuer-1 2026-03-20"),
            ],
            "R26",
        ),
        ("raised after the issue", &[("seal ", "object clerk-1 2026-03-24")], ""),
    ]);
}

#[test]
fn r27_two_duties_of_one_human_being() {
    rows(&[
        ("accepts and approves", &[("approve", "approve clerk-1 2026-03-19")], "R27"),
        ("reviews and prints", &[("print", "print reviewer-1 2026-03-20")], "R27"),
        ("assesses and reviews", &[("review", "review assessor-1 2026-03-18")], "R27"),
        ("assigns and reviews, which is one duty", &[], ""),
    ]);
    let mut log = Log::default();
    office(&mut log);
    enrol(&mut log, "approver-2", Some(1001), &[]);
    tell(&mut log, &changed(&[("approve", "approve approver-2 2026-03-19")]));
    assert_eq!(flags(&log), "R27", "the clerk's second account");

    let transfer = |handed: &str, taken: &str| {
        let mut log = told(&[]);
        tell(
            &mut log,
            &format!(
                "submit clerk-2 2026-05-06 case=2 kind=transfer present=1\n\
                 accept clerk-2 2026-05-06 case=2\ntransfer {handed} 2026-05-08\n\
                 take_over {taken} 2026-05-12"
            ),
        );
        flags(&log)
    };
    assert_eq!(transfer("approver-1", "approver-1"), "", "one approver for both counties");
    assert_eq!(transfer("approver-1", "clerk-2"), "R27", "accepts and takes over");
    assert_eq!(transfer("clerk-2", "approver-1"), "R27", "accepts and hands over");

    let benefit = |second: &str, authorise: &str, paid_by: &str| {
        let mut log = told(&[]);
        tell(
            &mut log,
            &format!(
                "apply clerk-1 2026-04-01 case=2\nfirst township-1 2026-04-02 case=2\n\
                 second {second} 2026-04-03 case=2\ndetermine welfare-1 2026-04-07 case=2\n\
                 authorise {authorise} 2026-04-20"
            ),
        );
        log.paid(1, "2026-04", |paid| paid.payroll = Some(PayrollId(bytes("payroll", 1))));
        let last = log.events.last_mut().unwrap();
        last.signer.actor = paid_by.parse().unwrap();
        flags(&log)
    };
    let quiet = benefit("dpf-1", "finance-1", "bank-1");
    assert!(!quiet.contains("R27"), "{quiet}");
    assert!(benefit("township-1", "finance-1", "bank-1").contains("R27"), "both reviews");
    assert!(benefit("dpf-1", "welfare-1", "bank-1").contains("R27"), "determines and authorises");
    assert!(benefit("dpf-1", "finance-1", "finance-1").contains("R27"), "authorises and pays");
}

#[test]
fn r29_and_r30_officers_and_their_own() {
    let with = |prepare: &dyn Fn(&mut Log), changes: &[(&str, &str)]| {
        let mut log = Log::default();
        office(&mut log);
        prepare(&mut log);
        tell(&mut log, &changed(changes));
        flags(&log)
    };
    let by_two = [("approve", "approve approver-2 2026-03-19")];
    let own = |log: &mut Log| enrol(log, "approver-2", Some(1), &[]);
    assert_eq!(with(&own, &by_two), "R29, R30?", "the officer's own card");
    assert_eq!(with(&own, &[]), "R30?", "the officer took no part, and told nobody");
    let told_so = [("close", "close notice-1 2026-03-16 | conflict approver-2 2026-03-17")];
    assert_eq!(with(&own, &told_so), "", "the officer said so and stepped back");
    let relative = |log: &mut Log| enrol(log, "approver-2", Some(77), &[1]);
    assert_eq!(with(&relative, &by_two), "R29", "a declared relative");
    assert_eq!(with(&relative, &[]), "", "declared, and no part in it");

    // Declared with a newer key, which version 1 did not read.
    let rotated = |log: &mut Log, name: &str| {
        let data = ActorKeyRotated {
            public_key: SecretKey::from_seed([78; 32]).public(),
            reason: "yearly".parse().unwrap(),
            relations: vec![DeclaredRelation { relation: Relation::Child, person: tag("id", 1) }],
            certificate_serial: None,
        };
        let (subject, on) = (Subject::Actor(name.parse().unwrap()), day("2026-06-01"));
        log.signed("keys-1", Role::KeyCustodian, subject, (on, on), data);
    };
    let by_version_1 = |log: &Log, rule: &str| {
        let (register, terms) = (log.register(), SampleTerms);
        let view = View::new(&register, &terms, day("2026-09-30"));
        judge_person_by(find(rule).unwrap(), person(1), &view).len()
    };
    let mut log = Log::default();
    office(&mut log);
    enrol(&mut log, "approver-2", Some(77), &[]);
    rotated(&mut log, "approver-2");
    tell(&mut log, &changed(&by_two));
    assert_eq!((flags(&log).as_str(), by_version_1(&log, "R29@1")), ("R29", 0));
    let mut log = Log::default();
    enrol(&mut log, "clerk-1", Some(2), &[]);
    log.card(1, 1, |card| card.household_no = Some(tag("home", 5)));
    log.card(2, 2, |card| card.household_no = Some(tag("home", 5)));
    rotated(&mut log, "clerk-1");
    assert_eq!((flags(&log).as_str(), by_version_1(&log, "R30@1")), ("", 1));

    let conflict = [("approve", "conflict approver-1 2026-03-19 | approve approver-1 2026-03-19")];
    assert_eq!(with(&|_| {}, &conflict), "R29", "acted after declaring a conflict");
    let backs_out = [
        ("verify", "verify clerk-1 2026-03-02 | conflict clerk-1 2026-03-02"),
        ("accept", "accept clerk-2 2026-03-02"),
    ];
    assert_eq!(with(&|_| {}, &backs_out), "R29?", "stepped back at once");

    // The officer is the guardian, until the guardianship ends.
    let guardian = |log: &mut Log| {
        enrol(log, "approver-2", Some(77), &[]);
        let data = GuardianRecorded {
            person: person(1),
            guardian: tag("id", 77),
            guardian_name: tag("name", 77),
            kind: None,
            from: day("2020-01-01"),
            evidence: Vec::new(),
        };
        log.add(Role::Clerk, Subject::Person(person(1)), day("2020-01-01"), data);
    };
    assert_eq!(with(&guardian, &by_two), "R29?, R30?");
    let left = |log: &mut Log| {
        guardian(log);
        let data =
            GuardianEnded { person: person(1), guardian: tag("id", 77), to: day("2021-01-01") };
        log.add(Role::Clerk, Subject::Person(person(1)), day("2021-01-01"), data);
    };
    assert_eq!(with(&left, &by_two), "");
    // Of one household in the register.
    let mut log = Log::default();
    enrol(&mut log, "clerk-1", Some(2), &[]);
    log.card(1, 1, |card| card.household_no = Some(tag("home", 5)));
    log.card(2, 2, |card| card.household_no = Some(tag("home", 5)));
    assert_eq!(flags(&log), "R30?");
    let mut log = Log::default();
    enrol(&mut log, "clerk-1", Some(2), &[1]);
    log.card(1, 1, |card| card.household_no = Some(tag("home", 5)));
    log.card(2, 2, |card| card.household_no = Some(tag("home", 5)));
    assert_eq!(flags(&log), "", "declared");
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

#[test]
fn r36c_and_r46_papers() {
    rows(&[
        ("another birth date", &[("verify", "verify clerk-1 2026-03-02 born=1970-05-06")], "R36c"),
        (
            "verified again",
            &[("verify", "verify clerk-1 2026-03-02 born=1970-05-06 | verify clerk-1 2026-03-02")],
            "",
        ),
        ("a sealed file with gaps", &[("seal ", "seal issuer-1 2026-03-23 gaps=2")], "R46?"),
    ]);
    let row = |change: fn(&mut crate::event::CertificateLegacyImported)| {
        let mut log = Log::default();
        log.card(1, 1, change);
        flags(&log)
    };
    assert_eq!(row(|card| card.receiver = None), "R46?");
    assert_eq!(
        row(|card| (card.receiver, card.gaps) = (None, vec!["receiver".parse().unwrap()])),
        ""
    );
    assert_eq!(row(|card| card.birth_date = Some(day("1900-01-01"))), "R36b");
    assert_eq!(row(|card| card.birth_date = Some(day("1906-10-01"))), "");
    let mut log = Log::default();
    let wrong = log.card(1, 1, |card| card.approver = None);
    assert_eq!(flags(&log), "R46?");
    log.card(1, 1, |card| card.row.corrects = Some(wrong));
    assert_eq!(flags(&log), "", "the corrected row names the approver");
}

#[test]
fn r09_blanks_and_lost_numbers() {
    let other = "print issuer-1 2026-03-20 who=2 case=2 card=2 blank=1";
    let two_people = told(&[("seal ", other)]);
    assert_eq!(flags(&two_people), "R09");
    assert_eq!(flags_on(&two_people, 2, "2026-09-30"), "R09");
    let lost =
        |line: &str| flags(&told(&[("seal ", &format!("lose clerk-1 2026-05-04 | {line}"))]));
    assert_eq!(lost("replace issuer-1 2026-05-06 card=3"), "");
    assert_eq!(lost("replace issuer-1 2026-05-06 card=3 blank=1"), "R09");
    assert_eq!(lost("replace issuer-1 2026-05-06 card=3 number=1"), "R09");
    assert_eq!(
        lost(
            "replace issuer-1 2026-05-06 card=3 number=1 | cancel approver-1 2026-05-07 card=3 ground=voluntary"
        ),
        "",
        "the card with the lost number was ended"
    );
}

#[test]
fn r42_and_r42b_after_a_move() {
    let moved = |to: &'static str, on: &str, then: &dyn Fn(&mut Log)| {
        let mut log = Log::default();
        log.card(1, 1, |_| {});
        log.fact(1, FactKind::HukouMove, on, None, |fact| {
            fact.division = Some(to.parse().unwrap());
        });
        then(&mut log);
        flags(&log)
    };
    let nothing = |_: &mut Log| {};
    assert_eq!(moved("411721", "2026-03-29", &nothing), "R42");
    assert_eq!(moved("411721", "2026-03-30", &nothing), "", "six months to the day");
    assert_eq!(moved("411702", "2026-01-29", &nothing), "", "within the county");
    let transferred = |log: &mut Log| tell(log, "transfer approver-1 2026-04-01");
    assert_eq!(moved("411721", "2026-01-29", &transferred), "");
    let back = |log: &mut Log| {
        log.fact(1, FactKind::HukouMove, "2026-08-01", None, |fact| {
            fact.division = Some("411702".parse().unwrap());
        });
    };
    assert_eq!(moved("411721", "2026-01-29", &back), "", "moved back");
    let status = |on: &'static str, status: LegacyStatus| {
        let mut log = Log::default();
        log.card(1, 1, |card| (card.status, card.status_date) = (status, Some(day("2025-08-01"))));
        log.fact(1, FactKind::HukouMove, on, None, |fact| {
            fact.division = Some("411721".parse().unwrap());
        });
        flags(&log)
    };
    assert_eq!(status("2025-03-01", LegacyStatus::Frozen), "R42", "frozen and never ended");
    assert_eq!(status("2025-10-01", LegacyStatus::Frozen), "");
    assert_eq!(status("2025-03-01", LegacyStatus::Cancelled), "");

    let paid = |log: &mut Log| {
        log.paid(1, "2026-07", |_| {});
        log.paid(1, "2026-08", |_| {});
    };
    assert_eq!(moved("411721", "2026-07-02", &paid), "R42b living 2026-08");
    let by_the_new = |log: &mut Log| {
        log.paid(1, "2026-08", |paid| paid.division = "411721".parse().unwrap());
    };
    assert_eq!(moved("411721", "2026-07-02", &by_the_new), "");
    // Taken back by the police: nothing stands; somebody else's word: a lead.
    let mut log = Log::default();
    log.card(1, 1, |_| {});
    let fact = log.fact(1, FactKind::HukouMove, "2026-01-05", None, |fact| {
        fact.division = Some("411721".parse().unwrap());
    });
    paid(&mut log);
    assert_eq!(flags(&log), "R42, R42b living 2026-07, R42b living 2026-08");
    let data = ExternalFactRetracted { fact, reason: "namesake".parse().unwrap() };
    log.add(Role::DataCustodian, Subject::Roll(RollId(bytes("roll", 9))), day("2026-09-01"), data);
    assert_eq!(flags(&log), "");
    let hearsay = |log: &mut Log| log.events.last_mut().unwrap().signer.role = Role::Clerk;
    assert_eq!(moved("411721", "2026-01-29", &hearsay), "R42?");
}

#[test]
fn r42_follows_the_certificate_from_county_to_county() {
    let moved = |log: &mut Log, to: &str, on: &str| {
        log.fact(1, FactKind::HukouMove, on, None, |fact| {
            fact.division = Some(to.parse().unwrap());
        });
    };
    let taken_over = |moves: &[(&str, &str)]| {
        let mut log = Log::default();
        log.card(1, 1, |_| {});
        tell(&mut log, "transfer approver-1 2026-01-05\ntake_over approver-2 2026-01-12");
        moves.iter().for_each(|(to, on)| moved(&mut log, to, on));
        log
    };
    // Registered there only after the papers were through: version 1 took the first keeper's word.
    let early = taken_over(&[("411721", "2026-01-20")]);
    let old = |log: &Log| {
        let register = log.register();
        let view = View::new(&register, &SampleTerms, day("2026-09-30"));
        judge_person_by(find("R42@1").unwrap(), person(1), &view).len()
    };
    assert_eq!((flags(&early).as_str(), old(&early)), ("", 1));
    let on = taken_over(&[("411721", "2026-01-04"), ("411725", "2026-02-20")]);
    assert_eq!((flags(&on).as_str(), old(&on)), ("R42", 1), "it stayed with the second county");
    let back = taken_over(&[("411721", "2026-01-04"), ("411702", "2026-02-20")]);
    assert_eq!((flags(&back).as_str(), old(&back)), ("R42", 0), "moved back without it");
    let file = PersonFile::read(person(1), &early.register(), day("2026-09-30"));
    assert_eq!(file.division(), Some("411721".parse().unwrap()), "whose rolls it belongs to");
}

#[test]
fn a_certificate_handed_to_another_ledger_has_ended_here() {
    let handed = |to: &str| {
        let mut log = Log::default();
        log.founded();
        log.card(1, 1, |card| card.valid_to = day("2026-05-01"));
        tell(&mut log, &format!("transfer approver-1 2026-04-01 to={to}"));
        flags(&log)
    };
    assert_eq!(handed("410105"), "");
    assert_eq!(handed("411721"), "R43", "the county it leaves still keeps it");
}

#[test]
fn r43b_reminders() {
    let until = |day: &str, then: &str| {
        flags(&told(&[
            ("issue", &format!("issue issuer-1 2026-03-20 until={day}")),
            ("seal ", then),
        ]))
    };
    assert_eq!(until("2027-03-29", ""), "R43b");
    assert_eq!(until("2027-03-30", ""), "", "due today");
    assert_eq!(until("2027-03-29", "remind clerk-1 2026-09-29"), "");
    assert_eq!(until("2027-03-29", "remind clerk-1 2026-09-30"), "R43b", "a day late");
    assert_eq!(until("2027-03-29", "cancel approver-1 2026-09-01 ground=voluntary"), "");
    assert_eq!(
        until(
            "2027-03-29",
            "remind clerk-1 2026-08-01 | lose clerk-1 2026-08-03 | replace issuer-1 2026-08-05 card=3"
        ),
        "",
        "reminded about the card it replaced"
    );
    let mut log = Log::default();
    log.card(1, 1, |card| card.valid_to = day("2026-12-01"));
    assert_eq!(flags(&log), "", "an imported row");
}

#[test]
fn r44_applied_again() {
    let again = |ground: &str, on: &str| {
        let line =
            format!("cancel approver-1 2026-05-06 ground={ground} | submit clerk-1 {on} case=2");
        flags_on(&told(&[("seal ", &line)]), 1, "2027-09-30")
    };
    assert_eq!(again("not_meeting", "2027-05-05"), "R44");
    assert_eq!(again("not_meeting", "2027-05-06"), "");
    assert_eq!(again("voluntary", "2026-06-01"), "");
}

#[test]
fn a_retracted_row_takes_its_findings_along() {
    let mut log = Log::default();
    let row = log.card(1, 1, |card| card.receiver = None);
    assert_eq!(flags(&log), "R46?");
    let of_row = row_ref("certificate", 0, 1);
    let data = RollRowRetracted { target: row, row: of_row, certificate: None };
    log.add(Role::Clerk, Subject::Roll(RollId(bytes("roll", 0))), day("2026-09-01"), data);
    assert_eq!(flags(&log), "");
}
