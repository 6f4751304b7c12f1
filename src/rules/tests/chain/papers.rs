//! Papers and blanks, and what comes later: R09, R36c, R43b, R44, R46.

use super::super::super::scenario::{Log, bytes, day, row_ref};
use super::super::{flags, flags_on};
use super::{rows, told};
use crate::event::{Role, RollRowRetracted};
use crate::value::{RollId, Subject};

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
