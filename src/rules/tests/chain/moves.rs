//! After a move of household registration: R42, R42b, and a certificate that left the ledger.

use super::super::super::scenario::{Log, bytes, day, person};
use super::super::super::{PersonFile, View, find, judge_person_by};
use super::super::walk::tell;
use super::super::{SampleTerms, flags};
use crate::event::{ExternalFactRetracted, LegacyStatus, Role};
use crate::value::{FactKind, RollId, Subject};

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
