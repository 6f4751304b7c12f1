//! How a person's file follows the chain of a certificate, and what rows cost.

use super::super::scenario::{Log, bytes, card_id, day, person, tag};
use super::super::{Key, Mark, PersonFile, Record, traces};
use super::flags_on;
use crate::event::{
    CancelGround, CertificateCancelled, CertificateFrozen, CertificateIssued, CertificateReplaced,
    CertificateUnfrozen, Evidence, FreezeGround, Generation, Grade, Role, WrittenNotice,
};
use crate::value::FactKind;
use crate::value::{CaseId, Category, Hash, Level, Month, Subject};

fn told() -> WrittenNotice {
    let paper = Evidence { kind: "notice".parse().unwrap(), hash: Hash([1; 32]), custodian: None };
    WrittenNotice { notice: paper.clone(), proof: paper }
}

fn chain(log: &mut Log, card: u32, at: &str, body: impl Into<crate::event::Body>) {
    log.add(Role::Approver, Subject::Certificate(card_id(card)), day(at), body);
}

fn issued(log: &mut Log, card: u32, at: &str, level: u8, supersedes: Option<u32>) {
    let data = CertificateIssued {
        person: person(1),
        case: CaseId(bytes("case", card)),
        id: tag("id", 1),
        number: tag("number", card),
        grade: Grade {
            category: Category::Physical,
            level: Level::new(level).unwrap(),
            components: Vec::new(),
        },
        replaced: 0,
        generation: Generation::Third,
        valid_from: day(at),
        valid_to: day(at).plus_months(120).plus_days(-1),
        approving_division: "411702".parse().unwrap(),
        supersedes: supersedes.map(card_id),
        old_card: None,
    };
    chain(log, card, at, data);
}

fn file(log: &Log, on: &str) -> PersonFile {
    PersonFile::read(person(1), &log.register(), day(on))
}

/// The months of 2026 that a card covers, such as `3-5 9-12`.
fn covered(log: &Log, card: u32) -> String {
    let file = file(log, "2026-12-31");
    let card = file.certificates.iter().find(|c| c.certificate == card_id(card)).unwrap();
    let months = (1..=12).filter(|n| card.covers(Month::new(2026, *n).unwrap()));
    months.map(|n| n.to_string()).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_chain_opens_freezes_and_ends_certificates() {
    let mut log = Log::default();
    issued(&mut log, 1, "2026-02-20", 2, None);
    assert_eq!(covered(&log, 1), "2 3 4 5 6 7 8 9 10 11 12");
    let ground = FreezeGround::Investigation;
    let data = CertificateFrozen { person: person(1), ground, evidence: Vec::new(), told: told() };
    chain(&mut log, 1, "2026-04-10", data);
    assert_eq!(covered(&log, 1), "2 3 4");
    let reason = "cleared".parse().unwrap();
    chain(
        &mut log,
        1,
        "2026-07-05",
        CertificateUnfrozen { person: person(1), reason, evidence: Vec::new() },
    );
    assert_eq!(covered(&log, 1), "2 3 4 7 8 9 10 11 12", "frozen whole in May and June");
    let ground = CancelGround::Voluntary;
    let data = CertificateCancelled { person: person(1), ground, evidence: Vec::new(), told: None };
    chain(&mut log, 1, "2026-10-01", data);
    assert_eq!(covered(&log, 1), "2 3 4 7 8 9 10");
    assert!(file(&log, "2026-09-30").certificates[0].is_normal());
    assert!(!file(&log, "2026-10-01").certificates[0].is_normal());
}

#[test]
fn a_chain_carries_on_what_the_register_began() {
    let mut log = Log::default();
    log.card(1, 1, |card| card.level = Level::new(3).unwrap());
    issued(&mut log, 2, "2026-06-10", 2, Some(1));
    assert_eq!(covered(&log, 1), "1 2 3 4 5 6", "superseded");
    // Issued with no case behind it; that is all, for one card is open.
    assert_eq!(flags_on(&log, 1, "2026-12-31"), "R21, R25");
    let data = CertificateReplaced {
        person: person(1),
        lost: card_id(2),
        id: tag("id", 1),
        number: tag("number", 3),
        replaced: 1,
        blank: tag("blank", 1),
        old_card: None,
    };
    chain(&mut log, 3, "2026-09-10", data);
    assert_eq!(covered(&log, 2), "6 7 8 9");
    assert_eq!(covered(&log, 3), "9 10 11 12");
    let new = &file(&log, "2026-12-31").certificates[2];
    assert_eq!((new.level.number(), new.valid_to), (2, day("2036-06-09")));
}

#[test]
fn a_status_holds_although_the_row_below_it_was_corrected_later() {
    let mut log = Log::default();
    let wrong = log.card(1, 1, |card| card.level = Level::new(3).unwrap());
    let ground = FreezeGround::Expiry;
    let data = CertificateFrozen { person: person(1), ground, evidence: Vec::new(), told: told() };
    chain(&mut log, 1, "2026-04-10", data);
    log.card(1, 1, |card| card.row.corrects = Some(wrong));
    let file = file(&log, "2026-12-31");
    assert_eq!(file.certificates.len(), 1);
    assert!(!file.certificates[0].is_normal());
    assert_eq!(file.certificates[0].level.number(), 2);
}

#[test]
fn facts_wait_for_their_person_and_follow_a_corrected_number() {
    let mut log = Log::default();
    log.fact(7, FactKind::Death, "2026-01-05", None, |f| f.name = Some(tag("name", 1)));
    log.card(1, 1, |_| {});
    assert!(file(&log, "2026-12-31").facts.is_empty());
    let data = crate::event::IdentityCorrected {
        person: person(1),
        from: tag("id", 1),
        to: tag("id", 7),
        reason: "mistyped".parse().unwrap(),
    };
    log.add(Role::Clerk, Subject::Person(person(1)), day("2026-02-01"), data);
    assert_eq!(file(&log, "2026-12-31").facts.len(), 1);
    assert!(file(&log, "2026-01-31").facts.is_empty(), "not yet corrected");
}

#[test]
fn a_number_taken_away_by_mistake_can_be_given_back() {
    let mut log = Log::default();
    log.card(1, 1, |_| {});
    let mut correct = |from, to, at: &str| {
        let data = crate::event::IdentityCorrected {
            person: person(1),
            from: tag("id", from),
            to: tag("id", to),
            reason: "mistyped".parse().unwrap(),
        };
        log.add(Role::Clerk, Subject::Person(person(1)), day(at), data);
    };
    correct(1, 7, "2026-02-01");
    correct(7, 1, "2026-03-01");
    assert_eq!(file(&log, "2026-02-15").ids, [tag("id", 7)]);
    assert_eq!(file(&log, "2026-12-31").ids, [tag("id", 1)]);
    assert_eq!(file(&log, "2026-12-31").certificates[0].id, tag("id", 1));
}

#[test]
fn records_are_compact_and_round_trip() {
    let mut log = Log::default();
    log.card(1, 1, |_| {});
    log.paid(1, "2026-07", |_| {});
    log.fact(1, FactKind::Imprisonment, "2026-01-05", Some("2027-01-04"), |_| {});
    issued(&mut log, 2, "2026-06-10", 2, Some(1));
    for (event, bytes_max) in log.events.iter().zip([445, 220, 80, 140]) {
        let mut bytes = 0;
        for trace in traces(event) {
            let stored = postcard::to_stdvec(&trace.record).unwrap();
            assert_eq!(postcard::from_bytes::<Record>(&stored), Ok(trace.record));
            bytes = bytes.max(stored.len());
        }
        assert!(bytes <= bytes_max, "{} takes {bytes} bytes", event.payload.body.name());
    }
}

#[test]
fn no_key_is_the_prefix_of_another() {
    let mut log = Log::default();
    log.card(1, 1, |_| {});
    log.paid(1, "2026-07", |p| p.chassis = Some(tag("chassis", 1)));
    let mut keys: Vec<_> = log.events.iter().flat_map(traces).map(|trace| trace.key).collect();
    keys.extend([Key::Rolls, Key::Dwelling(tag("dwelling", 1)), Key::Paper(Mark([1; 16]))]);
    keys.sort_unstable();
    keys.dedup();
    let bytes: Vec<_> = keys.iter().map(Key::to_bytes).collect();
    for (at, one) in bytes.iter().enumerate() {
        for other in &bytes[at + 1..] {
            assert!(!other.starts_with(one) && !one.starts_with(other));
        }
    }
}
