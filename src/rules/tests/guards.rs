//! Lawful look-alikes that a rule says it leaves alone: R14b, R20, R37b, R38b, R40e, R49, R51.

use super::super::scenario::{Log, bytes, day, person, tag};
use super::super::{View, judge_person};
use super::SampleTerms;
use super::desk::{
    apply, authorised, bank, bind_by, bind_case, case_of, determine, determine_case, paper,
    programme,
};
use super::services::session;
use crate::event::{
    AccountUnbound, BackPayGranted, BackPayGround, ExternalFactRetracted, FlagKind, PersonSide,
    Role, WorksAccepted,
};
use crate::policy::{PolicyBook, defaults::POLICIES};
use crate::value::{FactKind, Fen, HouseholdId, Programme, Subject, VehicleId};

/// The flags of a rule about person 1, leads with a `?`.
fn of(log: &Log, rule: &str) -> Vec<String> {
    by(log, &SampleTerms, rule)
}

fn by(log: &Log, terms: &dyn super::super::Terms, rule: &str) -> Vec<String> {
    let register = log.register();
    let view = View::new(&register, terms, day("2026-09-30"));
    let flags = judge_person(person(1), &view);
    let own = flags.iter().filter(|flag| flag.rule.id == rule);
    let lead = |kind| if kind == FlagKind::Lead { "?" } else { "" };
    own.map(|flag| format!("{}{}", flag.rule.id, lead(flag.kind))).collect()
}

/// The log as `build` makes it.
fn log(build: impl FnOnce(&mut Log)) -> Log {
    let mut log = Log::default();
    build(&mut log);
    log
}

/// The shipped policies, one of them changed in one place.
fn book(name: &str, (from, to): (&str, &str)) -> PolicyBook {
    let mut book = PolicyBook::default();
    for (at, (own, text)) in (0..).zip(POLICIES) {
        assert!(own != name || text.contains(from), "{name} has no {from}");
        let text = if own == name { text.replacen(from, to, 1) } else { text.to_owned() };
        book.publish_text(&text, at).unwrap();
    }
    book
}

fn home() -> HouseholdId {
    HouseholdId(bytes("household", 1))
}

#[test]
fn r14b_works_of_the_other_programme_are_another_account() {
    let paid = |works_of: &'static str, amount: i64| {
        let built = log(|log| {
            log.card(1, 1, |_| {});
            apply(log, 1, "2026-07-01", |data| {
                (data.programme, data.household) = (Programme::HOUSE_RENOVATION, Some(home()));
            });
            determine(log, 1, "2026-07-03", "2026-07");
            let works = WorksAccepted {
                household: home(),
                programme: programme(works_of),
                before: paper(11),
                after: paper(12),
                acceptance: None,
                side: PersonSide::Paper,
                grade: None,
                cost: Fen(100_000),
                person: None,
                contractor: None,
                dwelling: None,
                row: None,
            };
            log.add(Role::DpfReviewer, Subject::Household(home()), day("2026-08-01"), works);
            bank(log, 1, "2026-08", "2026-08-20", |paid| {
                (paid.programme, paid.amount) = (Programme::HOUSE_RENOVATION, Fen(amount));
            });
        });
        of(&built, "R14b")
    };
    assert_eq!(paid("house_renovation", 100_001), ["R14b"]);
    assert!(paid("house_renovation", 100_000).is_empty(), "as much as they cost");
    assert!(paid("home_adaptation", 100_001).is_empty(), "the other programme's works");
}

#[test]
fn r20_both_benefits_of_one_person_are_one_change() {
    let switched = |other: u32| {
        let built = log(|log| {
            for (case, who) in [(1, 1), (2, other)] {
                log.card(who, who, |_| {});
                apply(log, case, "2026-05-01", |data| {
                    let nursing = (case == 2).then_some(Programme::NURSING_CARE_SUBSIDY);
                    (data.person, data.programme) =
                        (person(who), nursing.unwrap_or(data.programme));
                });
                let subject = case_of(case);
                determine_case(log, &subject, who, day("2026-05-03"), Some("2026-05"));
                bind_case(log, &subject, who, tag("account", case), day("2026-05-04"));
                let (account, reason) = (tag("account", case), "closed".parse().unwrap());
                let data = AccountUnbound { person: person(who), account, reason };
                log.add(Role::BankAgent, subject.clone(), day("2026-07-05"), data);
                let (account, clerk) = (tag("account", case + 10), "411702-clerk-1");
                bind_by(log, &subject, who, account, day("2026-07-05"), clerk);
            }
            log.paid(1, "2026-07", |paid| paid.account = Some(tag("account", 11)));
        });
        of(&built, "R20")
    };
    assert_eq!(switched(2), ["R20?"], "two persons");
    assert!(switched(1).is_empty(), "two benefits of one person");
}

#[test]
fn r37b_a_diagnosis_need_not_be_on_the_certificate() {
    let built = log(|log| {
        log.card(1, 1, |card| {
            card.category = crate::value::Category::Psychiatric;
            card.birth_date = Some(day("2021-05-05"));
        });
        log.paid(1, "2026-07", |paid| {
            (paid.programme, paid.month) = (Programme::CHILD_REHAB_AID, None);
            paid.year = Some(2026);
        });
    });
    let aid = "child_rehab_aid";
    assert!(by(&built, &book(aid, ("unit", "unit")), "R37b").is_empty(), "autism counts");
    let without = book(aid, ("diagnoses = [\"autism\"]", "diagnoses = []"));
    assert_eq!(by(&built, &without, "R37b"), ["R37b"], "a category that is not covered");
}

#[test]
fn r38b_no_limit_no_flag() {
    let built = log(|log| {
        for who in [1, 2] {
            log.card(who, who, |_| {});
            apply(log, who, "2026-02-01", |data| {
                data.programme = Programme::FUEL_SUBSIDY;
                data.vehicle = Some(VehicleId(bytes("vehicle", 1)));
            });
            determine(log, who, "2026-02-01", "2026-02");
        }
    });
    let fuel = "fuel_subsidy";
    assert_eq!(by(&built, &book(fuel, ("unit", "unit")), "R38b"), ["R38b"]);
    let two = book(fuel, ("grants_per_unit_max = 1", "grants_per_unit_max = 2"));
    assert!(by(&built, &two, "R38b").is_empty(), "two are allowed");
    let free = book(fuel, ("grants_per_unit_max = 1", ""));
    assert!(by(&built, &free, "R38b").is_empty(), "no limit");
}

#[test]
fn r40e_a_death_that_is_unsure_or_was_taken_back() {
    let served = |other_name: bool, retracted: bool| {
        let built = log(|log| {
            log.card(1, 1, |_| {});
            session(log, "2026-07-15", "home");
            let fact = log.fact(1, FactKind::Death, "2026-07-01", None, |fact| {
                if other_name {
                    fact.name = Some(tag("name", 9));
                }
            });
            if retracted {
                let reason = "a namesake".parse().unwrap();
                let data = ExternalFactRetracted { fact, reason };
                log.add(Role::DataCustodian, Subject::Ledger, day("2026-08-01"), data);
            }
        });
        of(&built, "R40e")
    };
    assert_eq!(served(false, false), ["R40e"]);
    assert_eq!(served(true, false), ["R40e?"], "the name is another's");
    assert!(served(false, true).is_empty() && served(true, true).is_empty(), "retracted");
}

#[test]
fn r49_nobody_is_owed_who_had_died_or_was_in_prison() {
    let idle = |more: &dyn Fn(&mut Log)| {
        let built = log(|log| {
            authorised(log);
            more(log);
        });
        of(&built, "R49")
    };
    let fact = |kind, from: &'static str| {
        idle(&move |log: &mut Log| {
            log.fact(1, kind, from, None, |_| {});
        })
    };
    assert_eq!(idle(&|_| {}), ["R49"]);
    assert!(fact(FactKind::Death, "2026-07-20").is_empty(), "died in the month");
    assert_eq!(fact(FactKind::Death, "2026-08-01"), ["R49"], "died later");
    assert!(fact(FactKind::Imprisonment, "2026-06-20").is_empty(), "in prison");
    assert_eq!(fact(FactKind::Imprisonment, "2026-07-20"), ["R49"], "from the month after");
}

#[test]
fn r49_what_two_signers_granted_to_be_paid_back_is_not_late() {
    let late = |granted: Option<&'static str>| {
        let built = log(|log| {
            authorised(log);
            if let Some(month) = granted {
                let data = BackPayGranted {
                    person: person(1),
                    months: vec![month.parse().unwrap()],
                    ground: BackPayGround::MissedMonth,
                    certificate: None,
                };
                log.add(Role::CivilAffairsOfficer, case_of(1), day("2026-09-01"), data);
            }
            bank(log, 1, "2026-07", "2026-09-10", |_| {});
        });
        of(&built, "R49")
    };
    assert_eq!(late(None), ["R49"]);
    assert_eq!(late(Some("2026-06")), ["R49"], "another month");
    assert!(late(Some("2026-07")).is_empty());
}

#[test]
fn r51_the_dead_and_programmes_without_a_review() {
    let unreviewed = |dead: bool| {
        log(|log| {
            log.card(1, 1, |_| {});
            apply(log, 1, "2025-07-01", |_| {});
            determine(log, 1, "2025-07-03", "2025-07");
            if dead {
                log.fact(1, FactKind::Death, "2026-09-20", None, |_| {});
            }
        })
    };
    assert_eq!(of(&unreviewed(false), "R51"), ["R51"]);
    assert!(of(&unreviewed(true), "R51").is_empty(), "other rules speak of the dead");
    let living = "living_allowance";
    let asked = book(living, ("unit", "unit"));
    assert_eq!(by(&unreviewed(false), &asked, "R51"), ["R51"]);
    let free = book(living, ("annual_review = true", "annual_review = false"));
    assert!(by(&unreviewed(false), &free, "R51").is_empty(), "policy asks for none");
}
