//! Who acts: R27 two duties in one hand, R29 and R30 officers and their own.

use super::super::super::scenario::{Log, bytes, day, person, tag};
use super::super::super::{View, find, judge_person_by};
use super::super::walk::{changed, enrol, office, tell};
use super::super::{SampleTerms, flags};
use super::{rows, told};
use crate::crypto::SecretKey;
use crate::event::{
    ActorKeyRotated, DeclaredRelation, GuardianEnded, GuardianRecorded, Relation, Role,
};
use crate::value::{PayrollId, Subject};

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
