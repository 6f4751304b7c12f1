//! A house granted twice: R39 by household and by photograph, R39b by address.

use super::super::scenario::{Log, bytes, day, person, row_ref, tag};
use super::super::{Flag, Touched, View, find, judge_person, judge_person_by, touched, traces};
use super::desk::{apply, determine, paper, programme, stop};
use super::{SampleTerms, flags_on, table};
use crate::event::{HouseholdMemberLeft, PersonSide, Role, RollRowRetracted, WorksAccepted};
use crate::value::{FactKind, Fen, Hash, HouseholdId, Subject};

const RENOVATION: &str = "house_renovation";
const ADAPTATION: &str = "home_adaptation";

fn home(number: u32) -> HouseholdId {
    HouseholdId(bytes("household", number))
}

/// Persons 1 and 2 of these households are granted programmes of homes.
fn houses(log: &mut Log, households: [u32; 2], programmes: [&str; 2]) {
    for (who, (number, name)) in (1..).zip(households.into_iter().zip(programmes)) {
        log.card(who, who, |_| {});
        apply(log, who, "2026-07-01", |data| {
            data.programme = programme(name);
            data.household = Some(home(number));
        });
        determine(log, who, "2026-07-03", "2026-07");
    }
}

/// Works at a household's house, on two papers, and at an address where that is given.
fn works(
    log: &mut Log,
    (number, at): (u32, &str),
    name: &str,
    [before, after]: [u32; 2],
    door: Option<u32>,
) -> Hash {
    works_of(log, (number, at), name, [before, after], door, None)
}

/// The same, of a person as a roll names one.
fn works_of(
    log: &mut Log,
    (number, at): (u32, &str),
    name: &str,
    [before, after]: [u32; 2],
    door: Option<u32>,
    who: Option<u32>,
) -> Hash {
    let data = WorksAccepted {
        household: home(number),
        programme: programme(name),
        before: paper(before),
        after: paper(after),
        acceptance: None,
        side: PersonSide::Paper,
        grade: None,
        cost: Fen(100_000),
        person: who.map(person),
        contractor: None,
        dwelling: door.map(|door| tag("dwelling", door)),
        row: None,
    };
    log.add(Role::DpfReviewer, Subject::Household(home(number)), day(at), data)
}

fn member_left(number: u32, who: u32, at: &str) -> HouseholdMemberLeft {
    HouseholdMemberLeft { household: home(number), person: person(who), to: day(at) }
}

const AUGUST: &str = "2026-08-01";
const LATER: &str = "2026-09-01";

/// Two households, each with works of its own programme; the second one's at a later day.
fn two(log: &mut Log, programmes: [&str; 2], papers: [[u32; 2]; 2], doors: [Option<u32>; 2]) {
    houses(log, [1, 2], programmes);
    works(log, (1, AUGUST), programmes[0], papers[0], doors[0]);
    works(log, (2, LATER), programmes[1], papers[1], doors[1]);
}

const OWN: [[u32; 2]; 2] = [[11, 12], [13, 14]];

#[test]
fn r39_one_household() {
    table(&[
        ("one programme", &|log| houses(log, [1, 1], [RENOVATION; 2]), "R39 other"),
        ("two households", &|log| houses(log, [1, 2], [RENOVATION; 2]), ""),
        (
            "two programmes, works of their own",
            &|log| {
                houses(log, [1, 1], [RENOVATION, ADAPTATION]);
                works(log, (1, AUGUST), RENOVATION, OWN[0], Some(1));
                works(log, (1, AUGUST), ADAPTATION, OWN[1], Some(1));
            },
            "",
        ),
        (
            "two programmes for one work item",
            &|log| {
                houses(log, [1, 1], [RENOVATION, ADAPTATION]);
                works(log, (1, AUGUST), RENOVATION, OWN[0], None);
                works(log, (1, AUGUST), ADAPTATION, [13, 12], None);
            },
            "R39 other",
        ),
        (
            "stopped before its first month",
            &|log| {
                houses(log, [1, 1], [RENOVATION; 2]);
                stop(log, 2, "2026-07-20", "2026-07", |_| {});
            },
            "",
        ),
    ]);
}

#[test]
fn r39_one_photograph_for_two_households() {
    let (same, other) = ([ADAPTATION; 2], [RENOVATION, ADAPTATION]);
    table(&[
        ("before and before", &|log| two(log, same, [[11, 12], [11, 14]], [None; 2]), "R39 other"),
        ("after is before", &|log| two(log, same, [[11, 12], [12, 14]], [None; 2]), "R39 other"),
        ("two programmes", &|log| two(log, other, [[11, 12], [11, 14]], [None; 2]), "R39 other"),
        ("papers of their own", &|log| two(log, same, OWN, [None; 2]), ""),
        (
            "the other works were retracted",
            &|log| {
                houses(log, [1, 2], same);
                works(log, (1, AUGUST), ADAPTATION, OWN[0], None);
                let target = works(log, (2, LATER), ADAPTATION, OWN[0], None);
                let data =
                    RollRowRetracted { target, row: row_ref("works", 1, 2), certificate: None };
                log.add(Role::DpfReviewer, Subject::Household(home(2)), day(LATER), data);
            },
            "",
        ),
        (
            "refused",
            &|log| {
                two(log, same, [[11, 12], [11, 14]], [None; 2]);
                stop(log, 1, "2026-07-20", "2026-07", |_| {});
            },
            "",
        ),
    ]);
    let mut log = Log::default();
    two(&mut log, same, [[11, 12], [11, 14]], [None; 2]);
    assert_eq!(flags_on(&log, 2, "2026-09-30"), "R39 other", "both are flagged");
    assert_eq!(flags_on(&log, 1, "2026-08-31"), "", "before the second works");
}

#[test]
fn r39b_one_address_for_two_households() {
    let same = [ADAPTATION; 2];
    let left = |who: u32, at: &'static str, number: u32| {
        move |log: &mut Log| {
            two(log, same, OWN, [Some(1); 2]);
            let data = member_left(number, who, at);
            log.add(Role::Clerk, Subject::Household(home(number)), day(at), data);
        }
    };
    let gone = |kind, from: &'static str| {
        move |log: &mut Log| {
            two(log, same, OWN, [Some(1); 2]);
            log.fact(1, kind, from, None, |_| {});
        }
    };
    let only = |log: &Log| {
        let flags = flags_on(log, 1, "2026-09-30");
        flags.split(", ").filter(|flag| flag.starts_with("R39")).collect::<Vec<_>>().join(", ")
    };
    let cases: &[super::Case<'_>] = &[
        ("one door", &|log| two(log, same, OWN, [Some(1); 2]), "R39b? other"),
        ("another flat", &|log| two(log, same, OWN, [Some(1), Some(2)]), ""),
        ("no door known", &|log| two(log, same, OWN, [Some(1), None]), ""),
        (
            "renovation and adaptation",
            &|log| two(log, [RENOVATION, ADAPTATION], OWN, [Some(1); 2]),
            "",
        ),
        ("moved away between", &gone(FactKind::HukouMove, "2026-08-20"), ""),
        ("died between", &gone(FactKind::Death, "2026-08-20"), ""),
        ("moved away before", &gone(FactKind::HukouMove, "2026-07-20"), "R39b? other"),
        ("moved away after", &gone(FactKind::HukouMove, "2026-09-20"), "R39b? other"),
        ("left the household between", &left(1, "2026-08-20", 1), ""),
        ("left it afterwards", &left(1, "2026-09-20", 1), "R39b? other"),
        ("left another one", &left(1, "2026-08-20", 3), "R39b? other"),
        (
            "the other grant was taken back",
            &|log| {
                two(log, same, OWN, [Some(1); 2]);
                stop(log, 2, "2026-07-20", "2026-07", |_| {});
            },
            "",
        ),
        (
            "another county",
            &|log| {
                for (who, county) in [(1, "411702"), (2, "411721")] {
                    log.card(who, who, |_| {});
                    apply(log, who, "2026-07-01", |data| {
                        (data.programme, data.household) = (programme(ADAPTATION), Some(home(who)));
                        data.division = county.parse().unwrap();
                    });
                    determine(log, who, "2026-07-03", "2026-07");
                    works(log, (who, AUGUST), ADAPTATION, OWN[who as usize - 1], Some(1));
                }
            },
            "",
        ),
        (
            "one person in two households, who left the first",
            &|log| {
                log.card(1, 1, |_| {});
                for (case, number) in [(1, 1), (2, 2)] {
                    apply(log, case, "2026-07-01", |data| {
                        (data.person, data.programme) = (person(1), programme(ADAPTATION));
                        data.household = Some(home(number));
                    });
                    let subject = super::desk::case_of(case);
                    let from = Some("2026-07");
                    super::desk::determine_case(log, &subject, 1, day("2026-07-03"), from);
                }
                works(log, (1, AUGUST), ADAPTATION, OWN[0], Some(1));
                let data = member_left(1, 1, "2026-08-20");
                log.add(Role::Clerk, Subject::Household(home(1)), day("2026-08-20"), data);
                works(log, (2, LATER), ADAPTATION, OWN[1], Some(1));
            },
            "R39b? other",
        ),
    ];
    for (name, build, expected) in cases {
        let mut log = Log::default();
        build(&mut log);
        assert_eq!(only(&log), *expected, "{name}");
    }
}

/// Works of a roll: of households 1 and 2, whose persons nobody applied for.
fn listed(log: &mut Log, papers: [[u32; 2]; 2], doors: [Option<u32>; 2]) {
    for (who, (papers, door)) in (1..).zip(papers.into_iter().zip(doors)) {
        log.card(who, who, |_| {});
        works_of(log, (who, AUGUST), ADAPTATION, papers, door, Some(who));
    }
}

#[test]
fn works_that_nobody_applied_for_are_judged_by_whom_they_name() {
    table(&[
        ("one picture", &|log| listed(log, [[11, 12], [13, 12]], [None; 2]), "R39 other"),
        ("one door", &|log| listed(log, OWN, [Some(1); 2]), "R39b? other"),
        ("nothing shared", &|log| listed(log, OWN, [Some(1), Some(2)]), ""),
        (
            "two works of one house on one picture",
            &|log| {
                listed(log, OWN, [None; 2]);
                works_of(log, (1, LATER), RENOVATION, [11, 15], None, Some(1));
            },
            "R39 other, R39 other",
        ),
        (
            "applied for, and not granted",
            &|log| {
                listed(log, [[11, 12], [13, 12]], [Some(1); 2]);
                apply(log, 1, "2026-07-01", |data| {
                    (data.programme, data.household) = (programme(ADAPTATION), Some(home(1)));
                });
            },
            "",
        ),
        (
            "nobody knows where the other lives",
            &|log| {
                log.card(1, 1, |_| {});
                works_of(log, (1, AUGUST), ADAPTATION, OWN[0], Some(1), Some(1));
                works_of(log, (2, AUGUST), ADAPTATION, OWN[1], Some(1), Some(2));
            },
            "",
        ),
    ]);
}

#[test]
fn r39_version_1_sees_one_household_only() {
    let old = find("R39@1").unwrap();
    let judged = |log: &Log| -> Vec<Flag> {
        let register = log.register();
        judge_person_by(old, person(1), &View::new(&register, &SampleTerms, day("2026-09-30")))
    };
    let mut log = Log::default();
    two(&mut log, [ADAPTATION; 2], [[11, 12], [11, 14]], [Some(1); 2]);
    assert_eq!(judged(&log), []);
    assert_eq!(flags_on(&log, 1, "2026-09-30"), "R39 other, R39b? other");
    let mut log = Log::default();
    houses(&mut log, [1, 1], [RENOVATION; 2]);
    assert_eq!(judged(&log).len(), 1);
}

/// Re-run, an old version finds what it found: works of a roll came with R39@3 and R39b@2.
#[test]
fn before_works_of_a_roll_counted_only_grants_did() {
    let by = |log: &Log, name: &str| {
        let register = log.register();
        let view = View::new(&register, &SampleTerms, day("2026-09-30"));
        let flags = judge_person_by(find(name).unwrap(), person(1), &view);
        flags.iter().map(|flag| flag.evidence.len()).collect::<Vec<_>>()
    };
    let mut of_a_roll = Log::default();
    listed(&mut of_a_roll, [[11, 12], [13, 12]], [Some(1); 2]);
    assert_eq!(flags_on(&of_a_roll, 1, "2026-09-30"), "R39 other, R39b? other");
    let mut granted = Log::default();
    two(&mut granted, [ADAPTATION; 2], [[11, 12], [13, 12]], [Some(1); 2]);
    assert_eq!(flags_on(&granted, 1, "2026-09-30"), "R39 other, R39b? other");
    for name in ["R39@2", "R39b@1"] {
        assert_eq!(by(&of_a_roll, name), [0; 0], "{name}");
        assert_eq!(by(&granted, name).len(), 1, "{name}");
    }
    // Granted and stopped before its first month, the other one's address is free again.
    stop(&mut granted, 2, "2026-07-20", "2026-07", |_| {});
    assert_eq!((by(&granted, "R39@2").len(), by(&granted, "R39b@1").len()), (1, 0));
}

/// What the last entry touches is judged as all of it is judged.
#[test]
fn a_late_entry_reaches_the_other_household() {
    let reached = |log: &Log| {
        let register = log.register();
        let view = View::new(&register, &SampleTerms, day("2026-09-30"));
        let last = traces(log.events.last().unwrap());
        let Touched::Persons(who) = touched(&last, &view) else { panic!("everybody") };
        who
    };
    let mut log = Log::default();
    houses(&mut log, [1, 1], [RENOVATION; 2]);
    assert!(reached(&log).contains(&person(1)), "the other applicant's flag changes too");
    for (papers, doors) in [([[11, 12], [13, 12]], [None; 2]), (OWN, [Some(1); 2])] {
        let mut log = Log::default();
        two(&mut log, [ADAPTATION; 2], papers, doors);
        assert!(reached(&log).contains(&person(1)), "the second works");
        log.fact(2, FactKind::Death, "2026-08-20", None, |_| {});
        assert!(reached(&log).contains(&person(1)), "a death in the other household");
        stop(&mut log, 2, "2026-07-20", "2026-07", |_| {});
        assert!(reached(&log).contains(&person(1)), "the other grant stopped");
    }
    for (papers, doors) in [([[11, 12], [13, 12]], [None; 2]), (OWN, [Some(1); 2])] {
        let mut log = Log::default();
        listed(&mut log, papers, doors);
        assert!(reached(&log).contains(&person(1)), "works that nobody applied for");
    }
    let mut log = Log::default();
    two(&mut log, [ADAPTATION; 2], OWN, [Some(1), Some(2)]);
    assert!(!reached(&log).contains(&person(1)), "two houses have nothing to do with each other");
    let register = log.register();
    let view = View::new(&register, &SampleTerms, day("2026-09-30"));
    assert_eq!(judge_person(person(1), &view), []);
}
