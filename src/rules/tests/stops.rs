//! Benefits that were stopped: R48.

use super::super::scenario::{Log, day, person};
use super::desk::{LIVING, case_of, granted, stop};
use super::table;
use crate::event::{
    AnomalyRaised, AnomalyReviewed, BenefitResumed, FlagKind, Role, Severity, StopGround, Verdict,
};
use crate::value::{FactKind, Hash, Programme, Subject};

fn flag_and_verdict(log: &mut Log, verdict: Option<Verdict>) -> (Hash, Option<Hash>) {
    (flagged(log, None, &[]), judged(log, verdict))
}

pub(super) fn flagged(log: &mut Log, programme: Option<Programme>, inputs: &[Hash]) -> Hash {
    let mut raised: AnomalyRaised = serde_json::from_value(raised(Hash::blake3(b"flag"))).unwrap();
    (raised.programme, raised.inputs) = (programme, inputs.to_vec());
    log.add(Role::System, Subject::Person(person(1)), day("2026-08-01"), raised)
}

pub(super) fn judged(log: &mut Log, verdict: Option<Verdict>) -> Option<Hash> {
    let flag = Hash::blake3(b"flag");
    verdict.map(|verdict| {
        let reason = "seen".parse().unwrap();
        let data = AnomalyReviewed { flag, verdict, reason, evidence: Vec::new() };
        log.add(Role::Inspector, Subject::Person(person(1)), day("2026-08-05"), data)
    })
}

/// Granted in July and stopped from September on, told, citing a fact from which a flag was
/// computed that has this verdict.
fn on_a_fact(verdict: Option<Verdict>) -> impl Fn(&mut Log) {
    move |log: &mut Log| {
        granted(log, 1);
        let fact = log.fact(1, FactKind::OrphanAllowance, "2026-08-01", None, |_| {});
        flagged(log, Some(LIVING), &[fact]);
        judged(log, verdict);
        stop(log, 1, "2026-08-10", "2026-09", |data| data.ground = StopGround::ExclusiveBenefit);
        log.events.last_mut().unwrap().payload.refs = vec![fact];
    }
}

fn raised(flag: Hash) -> serde_json::Value {
    serde_json::json!({
        "flag": flag,
        "rule": "R11",
        "version": 1,
        "severity": Severity::S1,
        "kind": FlagKind::Lead,
        "remedy": "recover",
        "money_at_risk": 6000,
        "person": person(1),
        "judged_on": "2026-08-01",
        "inputs": [],
    })
}

/// Granted in July and stopped from September on, on a flag with that verdict.
pub(super) fn stopped_on_a_flag(log: &mut Log, verdict: Option<Verdict>, named: bool) {
    granted(log, 1);
    let (flag, reviewed) = flag_and_verdict(log, verdict);
    stop(log, 1, "2026-08-10", "2026-09", |data| data.verdict = reviewed.filter(|_| named));
    log.events.last_mut().unwrap().payload.refs = vec![flag];
}

#[test]
fn r48_stopped_on_a_lead() {
    let found = "R48 living 2026-09";
    let dead = |told: bool, fact: bool| {
        move |log: &mut Log| {
            granted(log, 1);
            log.card(1, 1, |card| {
                card.status = crate::event::LegacyStatus::Cancelled;
                card.row.corrects = Some(Hash::blake3(&0_u64.to_be_bytes()));
            });
            if fact {
                log.fact(1, FactKind::Death, "2026-08-09", None, |_| {});
            }
            stop(log, 1, "2026-08-10", "2026-09", |data| {
                data.ground = StopGround::Death;
                data.told = data.told.take().filter(|_| told);
            });
        }
    };
    let confirmed = Some(Verdict::Confirmed);
    table(&[
        ("no verdict", &|log| stopped_on_a_flag(log, None, false), found),
        ("a verdict that is not named", &|log| stopped_on_a_flag(log, confirmed, false), found),
        ("dismissed", &|log| stopped_on_a_flag(log, Some(Verdict::Dismissed), true), found),
        ("confirmed", &|log| stopped_on_a_flag(log, confirmed, true), ""),
        (
            "confirmed, then lifted",
            &|log| {
                stopped_on_a_flag(log, confirmed, true);
                flag_and_verdict(log, Some(Verdict::Dismissed));
            },
            found,
        ),
        (
            "a verdict about another programme",
            &|log| {
                granted(log, 1);
                let nursing = Programme::NURSING_CARE_SUBSIDY;
                let flag = flagged(log, Some(nursing), &[]);
                let verdict = judged(log, confirmed);
                stop(log, 1, "2026-08-10", "2026-09", |data| data.verdict = verdict);
                log.events.last_mut().unwrap().payload.refs = vec![flag];
            },
            found,
        ),
        (
            "a verdict about this programme",
            &|log| {
                granted(log, 1);
                let flag = flagged(log, Some(LIVING), &[]);
                let verdict = judged(log, confirmed);
                stop(log, 1, "2026-08-10", "2026-09", |data| data.verdict = verdict);
                log.events.last_mut().unwrap().payload.refs = vec![flag];
            },
            "",
        ),
        ("told, on a fact whose flag was dismissed", &on_a_fact(Some(Verdict::Dismissed)), found),
        ("told, on a fact whose flag was confirmed", &on_a_fact(confirmed), ""),
        ("told, on a fact whose flag is open", &on_a_fact(None), ""),
        ("dead, nobody to tell", &dead(false, true), ""),
        ("said to be dead, by nobody", &dead(false, false), found),
        (
            "an ordinary stop",
            &|log| {
                granted(log, 1);
                stop(log, 1, "2026-08-10", "2026-09", |_| {});
            },
            "",
        ),
        (
            "not told",
            &|log| {
                granted(log, 1);
                stop(log, 1, "2026-08-10", "2026-09", |data| data.told = None);
            },
            found,
        ),
        (
            "lifted again",
            &|log| {
                granted(log, 1);
                stop(log, 1, "2026-08-10", "2026-09", |data| data.told = None);
                let (from_month, reason) = ("2026-09".parse().unwrap(), "wrong".parse().unwrap());
                let data = BenefitResumed { person: person(1), from_month, reason, told: None };
                log.add(Role::CivilAffairsOfficer, case_of(1), day("2026-08-20"), data);
            },
            "",
        ),
    ]);
}
