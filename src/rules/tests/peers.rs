//! Rules that compare people: R08 by weight, R31 and R32 among peers; old versions; and whose flags
//! an event changes.

use super::super::scenario::{Log, day, person, tag};
use super::super::terms::sample::SampleTerms;
use super::super::{
    Key, Register, Touched, View, find, judge_all, judge_person, judge_person_by, judge_tallies_by,
    list, superseded, touched, traces,
};
use super::flags;
use super::walk::{changed, enrol, office, tell};
use crate::event::{
    CertificateLegacyImported, ExternalFactRetracted, IdentityUnlinked, PersonRecorded, Role,
    RollKind,
};
use crate::rules::Tallies;
use crate::value::{FactKind, Level, RollId, Subject};

type Change = fn(&mut CertificateLegacyImported);

/// Person 2 beside person 1: other numbers, the same name, birth date, telephone and village; what
/// `change` makes of it.
fn beside(first: Change, second: Change) -> Log {
    let mut log = Log::default();
    log.card(1, 1, first);
    log.card(2, 2, |card| {
        (card.name, card.phone) = (tag("name", 1), Some(tag("phone", 1)));
        second(card);
    });
    log
}

fn why(log: &Log) -> String {
    let (register, terms) = (log.register(), SampleTerms);
    let view = View::new(&register, &terms, day("2026-09-30"));
    let flags = judge_person(person(1), &view);
    flags.iter().find(|flag| flag.rule.id == "R08").unwrap().why.en.clone()
}

#[test]
fn r08_weighs_what_agrees() {
    let sounds: Change = |c| c.name_sound = Some(tag("sound", 1));
    let other_writing: Change = |c| {
        c.name = tag("name", 2);
        c.name_sound = Some(tag("sound", 1));
    };
    assert_eq!(flags(&beside(sounds, other_writing)), "R08?", "a name that sounds the same");
    assert_eq!(
        why(&beside(sounds, other_writing)),
        "another ID number, weight 34: name sounds alike +6, birth date +13, telephone +8, \
         village +7"
    );
    let cases: [(&str, Change, Change, &str); 8] = [
        ("no telephone", |_| {}, |c| c.phone = None, "R08?"),
        (
            "sounds the same, moved and no telephone",
            sounds,
            |c| {
                (c.name, c.name_sound) = (tag("name", 2), Some(tag("sound", 1)));
                (c.phone, c.village) = (None, Some(tag("village", 2)));
            },
            "",
        ),
        (
            "mistyped number, another writing, another village",
            sounds,
            |c| {
                (c.name, c.name_sound) = (tag("name", 2), Some(tag("sound", 1)));
                (c.phone, c.village) = (None, Some(tag("village", 2)));
                c.meant_ids = vec![tag("id", 1)];
            },
            "R08?",
        ),
        (
            "the mistyped number's birth date is wrong too",
            |_| {},
            |c| {
                c.birth_date = Some(day("1970-05-06"));
                c.meant_ids = vec![tag("id", 1), tag("id", 55)];
            },
            "R08?",
        ),
        (
            "one of the old form",
            |c| c.meant_ids = vec![tag("id", 2)],
            |c| {
                (c.phone, c.village) = (None, None);
            },
            "R08?",
        ),
        (
            "a mistyped number alone: a neighbour's",
            |_| {},
            |c| {
                (c.name, c.birth_date) = (tag("name", 2), Some(day("1980-01-01")));
                c.meant_ids = vec![tag("id", 1)];
            },
            "",
        ),
        (
            "twins, one number mistyped",
            |_| {},
            |c| {
                c.name = tag("name", 2);
                c.meant_ids = vec![tag("id", 7)];
            },
            "",
        ),
        (
            "nothing but the name",
            |_| {},
            |c| {
                (c.birth_date, c.phone) = (Some(day("1980-01-01")), None);
            },
            "",
        ),
    ];
    for (name, first, second, expected) in cases {
        assert_eq!(flags(&beside(first, second)), expected, "{name}");
    }
}

#[test]
fn r08_is_the_same_seen_from_both_sides_in_any_order() {
    let meant: Change = |c| c.meant_ids = vec![tag("id", 1)];
    let log = beside(|_| {}, meant);
    let turned = Log { events: log.events.iter().rev().cloned().collect() };
    for log in [&log, &turned] {
        let all = judge_all(&log.register(), &SampleTerms, day("2026-09-30"));
        let scores: Vec<_> = all.iter().map(|flag| (flag.rule.id, flag.why.en.as_str())).collect();
        assert_eq!(scores.len(), 2);
        assert!(scores[0] == scores[1] && scores[0].1.contains("weight 52"), "{scores:?}");
    }
    // A number that turns out to be another's takes its evidence along.
    let mut log = beside(
        |_| {},
        |c| {
            (c.phone, c.village, c.birth_date) = (None, None, Some(day("1970-05-05")));
            c.meant_ids = vec![tag("id", 1)];
        },
    );
    assert_eq!(flags(&log), "R08?");
    let data = IdentityUnlinked {
        person: person(1),
        id: tag("id", 1),
        reason: "of a namesake".parse().unwrap(),
    };
    log.add(Role::Clerk, Subject::Person(person(1)), day("2026-06-01"), data);
    assert_eq!(flags(&log), "", "name and birth date alone");
}

#[test]
fn an_old_version_finds_what_it_found() {
    let old = find("r08@1").unwrap();
    assert_eq!((old.id, old.version, find("R08").unwrap().version), ("R08", 1, 2));
    assert!(find("R08@3").is_none() && find("R99").is_none() && find("R08@x").is_none());
    for rule in superseded() {
        let now = find(rule.id).unwrap();
        assert!(rule.version < now.version && rule.test != now.test, "{}", rule.id);
    }
    let judged = |log: &Log, rule| {
        let (register, terms) = (log.register(), SampleTerms);
        let view = View::new(&register, &terms, day("2026-09-30"));
        judge_person_by(rule, person(1), &view).len()
    };
    assert_eq!(judged(&beside(|_| {}, |_| {}), old), 1);
    let no_phone = beside(|_| {}, |c| c.phone = None);
    assert_eq!(judged(&no_phone, old), 0, "version 1 wanted all four");
    assert_eq!(flags(&no_phone), "R08?");
    let mut log = Log::default();
    log.card(1, 1, |card| card.assessor_2 = None);
    assert_eq!(judged(&log, find("R22@1").unwrap()), 1);
    let mut log = Log::default();
    office(&mut log);
    tell(&mut log, &changed(&[("assess assessor-2", "")]));
    assert_eq!((flags(&log).as_str(), judged(&log, find("R22@1").unwrap())), ("R22", 0));
    let mut log = Log::default();
    super::paid::paid_back(&mut log, "2026-02-05", 5);
    assert_eq!(flags(&log), "");
    assert_eq!(judged(&log, find("R16@1").unwrap()), 1, "version 1 knew the limit only");
}

#[test]
fn r47_of_version_1_was_about_nursing_care_only() {
    let old = find("R47@1").unwrap();
    let judged = |living: bool, level: u8| {
        let mut log = Log::default();
        log.card(1, 1, |card| card.level = Level::new(level).unwrap());
        log.fact(1, FactKind::Dibao, "2020-01-01", None, |_| {});
        log.roll(RollKind::Dibao, None);
        for month in ["2026-07", "2026-08"] {
            let kind =
                if living { RollKind::LivingAllowance } else { RollKind::NursingCareSubsidy };
            log.roll(kind, Some(month));
        }
        let (register, terms) = (log.register(), SampleTerms);
        let view = View::new(&register, &terms, day("2026-09-30"));
        (flags(&log), judge_person_by(old, person(1), &view).len())
    };
    assert_eq!(judged(false, 2), ("R47? nursing".to_owned(), 1));
    assert_eq!(judged(false, 3), (String::new(), 0));
    assert_eq!(judged(true, 2), ("R47? living".to_owned(), 0));
}

/// `count` rows of assessor `doctor`, the first `severe` of level 2, in a village of that number.
fn assessed(log: &mut Log, doctor: u32, village: u32, count: u32, severe: u32) {
    for at in 0..count {
        let who = doctor * 1000 + at;
        log.card(who, who, |card| {
            card.level = Level::new(if at < severe { 2 } else { 3 }).unwrap();
            card.assessor_1 = Some(tag("doctor", doctor));
            card.assessor_2 = Some(tag("second", who));
            card.village = Some(tag("village", village));
        });
    }
}

/// The rules of the flags that are about nobody in particular.
fn of_peers(log: &Log) -> Vec<String> {
    let all = judge_all(&log.register(), &SampleTerms, day("2026-09-30"));
    let peers = all.iter().filter(|flag| ["R31", "R32", "R32b", "R32c"].contains(&flag.rule.id));
    peers.map(|flag| format!("{} {}", flag.rule.id, flag.subject)).collect()
}

/// With whom they are compared, in both languages.
fn why_of_peers(log: &Log) -> Vec<String> {
    let all = judge_all(&log.register(), &SampleTerms, day("2026-09-30"));
    let peers = all.iter().filter(|flag| ["R31", "R32", "R32b", "R32c"].contains(&flag.rule.id));
    let whom = |flag: &super::super::Flag| {
        let zh = flag.why.zh.rsplit(',').next().unwrap_or_default().to_owned();
        let en = &flag.why.en[flag.why.en.find("median of").unwrap_or_default()..];
        format!("{zh} | {en}")
    };
    peers.map(whom).collect()
}

#[test]
fn every_row_counts_though_the_oldest_are_shown() {
    let found = |rows: u32| {
        let mut log = Log::default();
        for doctor in 1..6 {
            assessed(&mut log, doctor, doctor, 40, 15 + doctor % 3);
        }
        assessed(&mut log, 6, 6, rows, rows);
        let all = judge_all(&log.register(), &SampleTerms, day("2026-09-30"));
        let subject = super::super::FlagSubject::Officer(tag("doctor", 6));
        let flag = all.into_iter().find(|flag| flag.subject == subject).unwrap();
        (flag.evidence, flag.all_evidence)
    };
    let (all, none) = found(256);
    assert_eq!((all.len(), none), (256, None));
    let ((shown, one), (same, other)) = (found(300), found(301));
    assert_eq!((shown.len(), &shown), (256, &same));
    assert!(one.is_some() && other.is_some() && one != other, "a newer row is news");
}

#[test]
fn r31_and_r32_among_peers() {
    let doctors = |count: u32, last_severe: u32, rows: u32| {
        let mut log = Log::default();
        for doctor in 1..count {
            assessed(&mut log, doctor, doctor, 40, 15 + doctor % 3);
        }
        assessed(&mut log, count, count, rows, last_severe);
        log
    };
    let last = |number: u32| format!("R32 officer:{}", tag("doctor", number));
    let village = |number: u32| format!("R31 village:{}", tag("village", number));
    assert_eq!(of_peers(&doctors(6, 39, 40)), [last(6)], "too few villages to compare");
    assert_eq!(of_peers(&doctors(9, 39, 40)), [last(9), village(9)]);
    assert_eq!(
        why_of_peers(&doctors(9, 39, 40)),
        [
            "登记册上有 30 例以上的 9 名评残医师的中位数 40.0% | median of 9 assessors of the \
             register with 30 or more cases: 40.0%",
            "驿城区 411702 有 20 例以上的 9 个村（社区）的中位数 40.0% | median of 9 villages of \
             Yicheng District 411702 with 20 or more cases: 40.0%",
        ]
    );
    assert!(of_peers(&doctors(9, 20, 40)).is_empty(), "chance explains it");
    assert!(of_peers(&doctors(9, 2, 40)).is_empty(), "a low share");
    assert_eq!(of_peers(&doctors(9, 25, 25)), [village(9)], "too few rows, enough cards");
    assert!(of_peers(&doctors(9, 19, 19)).is_empty());
    assert!(of_peers(&doctors(4, 39, 40)).is_empty(), "no population");

    // Version 1 had no population and compared with all rows.
    let log = doctors(4, 39, 40);
    let mut tallies = Tallies::default();
    let (register, terms) = (log.register(), SampleTerms);
    let view = View::new(&register, &terms, day("2026-09-30"));
    register.persons().for_each(|person| tallies.add(&view.file(person)));
    assert_eq!(judge_tallies_by(find("R32@1").unwrap(), &tallies).len(), 1);
    assert!(judge_tallies_by(find("R31@1").unwrap(), &tallies).is_empty(), "too few villages");
    register.persons().for_each(|person| tallies.remove(&view.file(person)));
    assert_eq!(tallies.judge(), []);
}

#[test]
fn r31_asks_more_of_one_village_among_many() {
    // Village and doctor n have 22 cards, 8 or 9 of them severe, but the last: 18.
    let log = |count: u32| {
        let mut log = Log::default();
        for village in 1..count {
            assessed(&mut log, village, village, 22, 8 + village % 2);
        }
        assessed(&mut log, count, count, 22, 18);
        log
    };
    let by = |count: u32, name: &str| {
        let (log, terms) = (log(count), SampleTerms);
        let register = log.register();
        let view = View::new(&register, &terms, day("2026-09-30"));
        let mut tallies = Tallies::default();
        register.persons().for_each(|person| tallies.add(&view.file(person)));
        match find(name).filter(|rule| !list().contains(rule)) {
            Some(old) => judge_tallies_by(old, &tallies).len(),
            None => tallies.judge().iter().filter(|flag| flag.rule.id == "R31").count(),
        }
    };
    assert_eq!((by(9, "R31@1"), by(9, "R31")), (1, 1), "one of nine");
    assert_eq!((by(90, "R31@1"), by(90, "R31")), (1, 0), "one of ninety has it by chance");
}

#[test]
fn r32_r32b_and_r32c_of_cases_on_the_ledger() {
    // Doctor and hospital n have 30 cases of level 3 over 15 days, but the last: see the caller.
    let told = |severe: u32, days: u32| {
        let mut log = Log::default();
        for doctor in 1..=6_u32 {
            let last = doctor == 6;
            enrol(&mut log, &format!("assessor-{doctor}"), Some(900 + doctor), &[]);
            for at in 0..30 {
                let grade = if last && at < severe || at < 6 { "physical-2" } else { "physical-3" };
                let span = if last { days } else { 15 };
                let (number, date) = (doctor * 100 + at, 1 + at % span);
                let named = format!("who={number} case={number} grade={grade}");
                let date = format!("2026-04-{date:02}");
                tell(
                    &mut log,
                    &format!(
                        "assign reviewer-1 {date} at=hospital-{doctor} {named}\n\
                         assess assessor-{doctor} {date} {named}\nconclude seal-1 {date} {named}"
                    ),
                );
            }
        }
        (of_peers(&log), why_of_peers(&log))
    };
    assert!(told(6, 15).0.is_empty());
    let (flags, why) = told(28, 15);
    assert_eq!(flags, ["R32 actor:assessor-6", "R32b institution:hospital-6"]);
    assert_eq!(
        why,
        [
            "账本上有 30 例以上的 6 名评残医师的中位数 20.0% | median of 6 assessors on the ledger \
             with 30 or more cases: 20.0%",
            "账本上有 30 例以上的 6 个评定机构的中位数 20.0% | median of 6 institutions on the \
             ledger with 30 or more cases: 20.0%",
        ]
    );
    let (flags, why) = told(6, 2);
    assert_eq!(flags, ["R32c actor:assessor-6"], "fifteen a day, the others two");
    assert_eq!(
        why,
        ["账本上有 30 次以上评定的 6 名评残医师的中位数 2.0 例 | median of 6 assessors on the \
          ledger with 30 or more assessments: 2.0"]
    );
    assert!(told(6, 12).0.is_empty(), "a little faster");
}

#[test]
fn r54_among_those_of_one_role() {
    // Each of six clerks took in 30 cases and looked at those people, and at so many others; each of
    // six inspectors looked at 40 people and signed nothing.
    let told = |strangers: [u32; 6], on: &str| {
        let mut log = Log::default();
        for (clerk, strangers) in (1..).zip(strangers) {
            for at in 0..30 + strangers {
                let who = clerk * 100 + at;
                let named = format!("who={who} case={who}");
                if at < 30 {
                    tell(&mut log, &format!("submit clerk-{clerk} 2026-04-01 {named}"));
                }
                // Twice at the same person is one look.
                let look = format!("look clerk-{clerk} 2026-04-02 {named}");
                tell(&mut log, &format!("{look}\n{look}"));
            }
            for who in 0..40 {
                tell(&mut log, &format!("look inspector-{clerk} 2026-04-02 who={}", 100 + who));
            }
        }
        let all = judge_all(&log.register(), &SampleTerms, day(on));
        let looks = all.into_iter().filter(|flag| flag.rule.id == "R54");
        looks.map(|flag| format!("{} {}", flag.subject, flag.why.en)).collect::<Vec<_>>()
    };
    let last = "actor:clerk-6 looked at 60 people, 30 (50.0%) without a part in their cases; \
                median of 6 of the role clerk with 30 or more: 3.2%";
    assert_eq!(told([1, 1, 1, 1, 2, 30], "2026-09-30"), [last]);
    assert_eq!(told([1, 1, 1, 1, 2, 30], "2026-05-02"), [last], "the thirtieth day");
    assert!(told([1, 1, 1, 1, 2, 30], "2026-05-01").is_empty(), "the step may yet come");
    assert!(told([1, 1, 1, 1, 2, 3], "2026-09-30").is_empty(), "chance explains it");
    assert!(told([20, 25, 22, 24, 21, 30], "2026-09-30").is_empty(), "all of them do");
}

/// Plays a log entry by entry: whoever's flags changed was touched.
fn follows(log: &Log) {
    let (mut register, terms, on) = (Register::default(), SampleTerms, day("2026-09-30"));
    let everybody: Vec<_> = log.register().persons().collect();
    let mut before: Vec<Vec<_>> = vec![Vec::new(); everybody.len()];
    for event in &log.events {
        register.take(event);
        let mut changes = traces(event);
        let of_others: Vec<_> = changes
            .iter()
            .filter_map(|trace| match trace.key {
                Key::Statement(statement) => Some(statement),
                _ => None,
            })
            .flat_map(|statement| {
                let fits = move |other: &&crate::event::Recorded| {
                    super::super::StatementRef::from(&other.id) == statement
                };
                log.events.iter().filter(fits).flat_map(traces).collect::<Vec<_>>()
            })
            .collect();
        changes.extend(of_others);
        let view = View::new(&register, &terms, on);
        let touched = touched(&changes, &view);
        for (at, who) in everybody.iter().enumerate() {
            let now = judge_person(*who, &view);
            let is_touched = match &touched {
                Touched::All => true,
                Touched::Persons(persons) => persons.contains(who),
            };
            let name = event.payload.body.name();
            assert!(is_touched || now == before[at], "entry {} {name}", event.index);
            before[at] = now;
        }
    }
}

#[test]
fn whoever_s_flags_change_is_touched() {
    let mut log = Log::default();
    office(&mut log);
    tell(&mut log, &changed(&[("seal ", "print issuer-1 2026-03-20 who=2 case=2 card=2 blank=1")]));
    enrol(&mut log, "approver-9", Some(1), &[]);
    enrol(&mut log, "clerk-9", Some(2), &[1]);
    log.card(3, 3, |card| card.household_no = Some(tag("home", 1)));
    log.card(1, 4, |card| card.household_no = Some(tag("home", 1)));
    enrol(&mut log, "clerk-8", Some(3), &[]);
    log.card(5, 5, |card| {
        (card.name, card.birth_date) = (tag("name", 1), Some(day("1970-05-05")));
        (card.phone, card.meant_ids) = (Some(tag("phone", 1)), vec![tag("id", 1)]);
    });
    let fact = log.fact(1, FactKind::HukouMove, "2026-01-05", None, |fact| {
        fact.division = Some("411721".parse().unwrap());
    });
    let data = ExternalFactRetracted { fact, reason: "namesake".parse().unwrap() };
    let subject = Subject::Roll(RollId(super::super::scenario::bytes("roll", 9)));
    log.add(Role::DataCustodian, subject, day("2026-09-01"), data);
    let data = PersonRecorded {
        person: person(6),
        id: tag("id", 6),
        name: tag("name", 1),
        name_sound: None,
        meant_ids: vec![tag("id", 5)],
        village: Some(tag("village", 1)),
        phone: Some(tag("phone", 1)),
        hukou_division: None,
    };
    log.add(Role::Clerk, Subject::Person(person(6)), day("2026-09-01"), data);
    tell(&mut log, "remind clerk-1 2026-09-02 card=1\nconflict approver-9 2026-09-03");
    // Payrolls in several batches leave out somebody who is entitled.
    log.card(7, 7, |card| card.level = Level::new(3).unwrap());
    log.fact(7, FactKind::Dibao, "2025-01-01", None, |_| {});
    for (batch, month) in [(1, "2026-08"), (2, "2026-08"), (3, "2026-09"), (4, "2026-09")] {
        super::desk::prepare(&mut log, batch, month, "2026-09-10", &[8]);
    }
    follows(&log);
    let seen: std::collections::BTreeSet<_> =
        judge_all(&log.register(), &SampleTerms, day("2026-09-30"))
            .iter()
            .map(|flag| flag.rule.id)
            .collect();
    assert!(["R08", "R09", "R30", "R47"].iter().all(|rule| seen.contains(rule)), "{seen:?}");
    assert!(list().len() > seen.len());
}
