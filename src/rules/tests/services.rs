//! Services: R40 and its parts.

use super::super::scenario::{Log, day, person, tag};
use super::super::{
    Flag, Touched, View, find, judge_person, judge_person_by, list, touched, traces,
};
use super::desk::{apply, bank, bind_case, case_of, determine, paper, programme};
use super::{SampleTerms, flags, flags_on, holder};
use crate::event::{
    FlagKind, InstitutionDesignated, PersonSide, PlacementEnded, PlacementStarted, Role,
    ServiceDelivered, SupportVisitLogged,
};
use crate::value::{FactKind, Programme, Subject};

/// Granted and paid a month of care in July.
fn cared(log: &mut Log) {
    holder(log);
    let of = |name: &mut Programme| *name = programme("care_placement");
    apply(log, 1, "2026-07-01", |data| of(&mut data.programme));
    determine(log, 1, "2026-07-03", "2026-07");
    bind_case(log, &case_of(1), 1, tag("account", 1), day("2026-07-04"));
    bank(log, 1, "2026-07", "2026-07-25", |paid| of(&mut paid.programme));
}

pub(super) fn session(log: &mut Log, at: &str, provider: &str) {
    session_of("care_placement", log, at, provider);
}

fn session_of(name: &str, log: &mut Log, at: &str, provider: &str) {
    let data = ServiceDelivered {
        person: person(1),
        programme: programme(name),
        session_date: day(at),
        attendance: paper(4),
        side: PersonSide::Paper,
        row: None,
    };
    log.add(Role::ServiceProvider, Subject::Person(person(1)), day(at), data);
    log.events.last_mut().unwrap().signer.organisation = provider.parse().unwrap();
}

fn placed(log: &mut Log, facility: &str, from: &str, to: Option<&str>) {
    placed_by("care_placement", log, facility, from, to);
}

fn placed_by(name: &str, log: &mut Log, facility: &str, from: &str, to: Option<&str>) {
    let subject = Subject::Person(person(1));
    let data = PlacementStarted {
        person: person(1),
        programme: programme(name),
        facility: facility.parse().unwrap(),
        institution: None,
        from: day(from),
        contract: paper(5),
        row: None,
    };
    let placement = log.add(Role::ServiceProvider, subject.clone(), day(from), data);
    if let Some(to) = to {
        let reason = "moved".parse().unwrap();
        let data = PlacementEnded { person: person(1), placement, to: day(to), reason, row: None };
        log.add(Role::ServiceProvider, subject, day(to), data);
    }
}

/// The flags of R40 and its parts only: the care walks leave out the batch.
fn of_delivery(log: &Log, on: &str) -> String {
    let found = flags_on(log, 1, on);
    found.split(", ").filter(|flag| flag.starts_with("R40")).collect::<Vec<_>>().join(", ")
}

#[test]
fn r40_services_that_were_paid_for() {
    let judged = |build: &dyn Fn(&mut Log)| {
        let mut log = Log::default();
        build(&mut log);
        of_delivery(&log, "2026-09-30")
    };
    assert_eq!(judged(&cared), "R40 other 2026-07");
    let with = |more: &dyn Fn(&mut Log)| {
        judged(&|log| {
            cared(log);
            more(log);
        })
    };
    assert_eq!(with(&|log| session(log, "2026-07-15", "home")), "");
    assert_eq!(with(&|log| session(log, "2026-08-03", "home")), "R40 other 2026-07");
    assert_eq!(with(&|log| placed(log, "home", "2026-07-31", None)), "");
    assert_eq!(
        with(&|log| placed(log, "home", "2026-05-01", Some("2026-06-30"))),
        "R40 other 2026-07"
    );
    let mut log = Log::default();
    cared(&mut log);
    assert_eq!(of_delivery(&log, "2026-07-31"), "", "the month is not over");

    let both = |to| {
        with(&|log| {
            placed(log, "home", "2026-07-01", Some(to));
            placed(log, "other", "2026-08-01", None);
        })
    };
    assert_eq!(both("2026-08-01"), "", "moved that day");
    assert_eq!(both("2026-08-02"), "R40b other 2026-08");
    let same = with(&|log| {
        placed(log, "home", "2026-07-01", None);
        placed(log, "home", "2026-08-01", None);
    });
    assert_eq!(same, "", "the same place");

    let two = |other| {
        with(&|log| {
            session(log, "2026-07-15", "home");
            session(log, "2026-07-15", other);
        })
    };
    assert_eq!((two("home").as_str(), two("other").as_str()), ("", "R40c? other 2026-07"));
}

/// Severities of the flags of a rule about person 1, leads with a `?`.
fn severities(log: &Log, rule: &str) -> Vec<String> {
    let (register, rule) = (log.register(), find(rule).unwrap());
    let view = View::new(&register, &SampleTerms, day("2026-09-30"));
    let all = match list().contains(&rule) {
        true => judge_person(person(1), &view),
        false => judge_person_by(rule, person(1), &view),
    };
    let own = all.iter().filter(|flag| flag.rule.id == rule.id);
    let lead = |flag: &Flag| if flag.kind == FlagKind::Lead { "?" } else { "" };
    own.map(|flag| format!("{:?}{}", flag.severity, lead(flag))).collect()
}

#[test]
fn r40b_two_jobs_are_lawful_and_two_homes_are_not() {
    let placed_in = |one: &str, other: &str| {
        let mut log = Log::default();
        holder(&mut log);
        placed_by(one, &mut log, "home", "2026-07-01", None);
        placed_by(other, &mut log, "other", "2026-08-01", None);
        (severities(&log, "R40b"), severities(&log, "R40b@1"))
    };
    let found = |now: &[&str], before: &[&str]| {
        let owned = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        (owned(now), owned(before))
    };
    assert_eq!(placed_in("care_placement", "care_placement"), found(&["S1"], &["S1"]));
    assert_eq!(placed_in("employment", "employment"), found(&["S3?"], &["S1"]));
    assert_eq!(placed_in("employment", "care_placement"), found(&[], &[]), "a job beside a home");
}

#[test]
fn r40c_sessions_on_days_of_rest() {
    let on = |name: &str, at: &str, lives_there: bool| {
        let mut log = Log::default();
        holder(&mut log);
        if lives_there {
            placed(&mut log, "home", "2026-07-01", None);
        }
        session_of(name, &mut log, at, "home");
        (severities(&log, "R40c").join(" "), severities(&log, "R40c@1").join(" "))
    };
    let found = |now: &str, before: &str| (now.to_owned(), before.to_owned());
    let (saturday, friday) = ("2026-07-18", "2026-07-17");
    assert_eq!(on("child_rehab_aid", saturday, false), found("S3?", "S1?"));
    assert_eq!(on("child_rehab_aid", friday, false), found("", ""));
    assert_eq!(on("child_rehab_aid", saturday, true), found("", "S1?"), "lives in a home");
    assert_eq!(on("care_placement", saturday, false), found("", "S1?"), "care in a home");

    // A Saturday that is worked instead of another day is no day of rest.
    let mut log = Log::default();
    holder(&mut log);
    session_of("child_rehab_aid", &mut log, "2026-02-14", "home");
    session_of("child_rehab_aid", &mut log, "2026-02-16", "home");
    let mut book = crate::policy::PolicyBook::default();
    for (at, text) in (0..).zip(crate::policy::defaults::defaults()) {
        book.publish_text(text, at).unwrap();
    }
    book.publish_calendar_text(crate::policy::defaults::CALENDAR, 99).unwrap();
    let register = log.register();
    let view = View::new(&register, &book, day("2026-09-30"));
    let flags = judge_person(person(1), &view);
    let found: Vec<_> = flags.iter().filter(|flag| flag.rule.id == "R40c").collect();
    let second = log.events.len() as u64 - 1;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].evidence, [second], "only the Monday of the holidays");
}

#[test]
fn r40e_to_somebody_who_had_died() {
    let visit = |log: &mut Log, at: &str| {
        let data = SupportVisitLogged {
            person: person(1),
            helper: None,
            programme: None,
            kind: "visit".parse().unwrap(),
            visited_on: day(at),
            confirmation: None,
            row: None,
        };
        log.add(Role::Clerk, Subject::Person(person(1)), day(at), data);
    };
    type Build<'b> = &'b dyn Fn(&mut Log);
    let judged = |died: Option<&str>, build: Build<'_>| {
        let mut log = Log::default();
        holder(&mut log);
        build(&mut log);
        if let Some(died) = died {
            log.fact(1, FactKind::Death, died, None, |_| {});
        }
        of_delivery(&log, "2026-09-30")
    };
    let table: [(&str, Build<'_>, &str); 4] = [
        ("visit", &|log| visit(log, "2026-07-15"), "R40e 2026-07"),
        ("session", &|log| session(log, "2026-07-15", "home"), "R40e other 2026-07"),
        ("placement", &|log| placed(log, "home", "2026-07-15", None), "R40e other 2026-07"),
        (
            "two months",
            &|log| {
                visit(log, "2026-07-15");
                visit(log, "2026-08-15");
            },
            "R40e 2026-07, R40e 2026-08",
        ),
    ];
    for (name, build, expected) in table {
        assert_eq!(judged(Some("2026-07-14"), build), expected, "{name}");
        assert_eq!(judged(Some("2026-09-01"), build), "", "{name} before the death");
        assert_eq!(judged(None, build), "", "{name} of somebody who lives");
    }
    let visited: Build<'_> = &|log| visit(log, "2026-07-15");
    assert_eq!(judged(Some("2026-07-15"), visited), "", "the day itself");
    let moved_in: Build<'_> = &|log| placed(log, "home", "2026-05-04", Some("2026-07-31"));
    assert_eq!(judged(Some("2026-07-14"), moved_in), "", "moved in before");
}

/// Person `who` is placed at home-1 from a day on, perhaps up to another.
fn lives(log: &mut Log, who: u32, from: &str, to: Option<&str>) {
    comes(log, who, "care_placement", (from, to));
}

/// The same of a programme: to live there, or by day.
pub(super) fn comes(log: &mut Log, who: u32, name: &str, (from, to): (&str, Option<&str>)) {
    let subject = Subject::Person(person(who));
    let data = PlacementStarted {
        person: person(who),
        programme: programme(name),
        facility: "home".parse().unwrap(),
        institution: Some("home-1".parse().unwrap()),
        from: day(from),
        contract: paper(5),
        row: None,
    };
    let placement = log.add(Role::ServiceProvider, subject.clone(), day(from), data);
    if let Some(to) = to {
        let reason = "moved".parse().unwrap();
        let data =
            PlacementEnded { person: person(who), placement, to: day(to), reason, row: None };
        log.add(Role::ServiceProvider, subject, day(to), data);
    }
}

/// home-1 may hold so many.
pub(super) fn places(log: &mut Log, from: &str, capacity: Option<u32>) {
    let data = InstitutionDesignated {
        name: "home".parse().unwrap(),
        division: "411702".parse().unwrap(),
        categories: Vec::new(),
        capacity,
        valid_from: day(from),
        valid_to: None,
        document: "document".parse().unwrap(),
    };
    let subject = Subject::Institution("home-1".parse().unwrap());
    log.add(Role::PrefectureDpf, subject, day(from), data);
}

#[test]
fn r40d_more_residents_than_places() {
    let over = |capacity, others: &[(u32, &str, Option<&str>)], own: &str| {
        let mut log = Log::default();
        places(&mut log, "2026-01-01", capacity);
        others.iter().for_each(|(who, from, to)| lives(&mut log, *who, from, *to));
        lives(&mut log, 1, own, None);
        flags_on(&log, 1, "2026-09-30")
    };
    let (found, june) = ("R40d other 2026-06", "2026-06-15");
    let two = [(2, "2026-02-01", None), (3, "2026-03-01", None)];
    assert_eq!(over(Some(2), &two, june), found);
    assert_eq!(over(Some(3), &two, june), "", "one place was free");
    assert_eq!(over(None, &two, june), "", "nobody said how many it may hold");
    let left = [(2, "2026-02-01", Some(june)), (3, "2026-03-01", None)];
    assert_eq!(over(Some(2), &left, june), "", "one leaves that day");
    let stays = [(2, "2026-02-01", Some("2026-06-16")), (3, "2026-03-01", None)];
    assert_eq!(over(Some(2), &stays, june), found);
    let again = [(2, "2026-02-01", None), (2, "2026-03-01", None)];
    assert_eq!(over(Some(2), &again, june), "", "one person recorded twice");
    let later = [(2, "2026-02-01", None), (3, "2026-06-16", None)];
    assert_eq!(over(Some(2), &later, june), "", "the other came later");
    // The one who came first is not over, and the one who came later is.
    let mut log = Log::default();
    places(&mut log, "2026-01-01", Some(1));
    lives(&mut log, 1, "2026-02-01", None);
    lives(&mut log, 2, june, None);
    assert_eq!((flags(&log).as_str(), flags_on(&log, 2, "2026-09-30").as_str()), ("", found));
    places(&mut log, "2026-03-01", Some(2));
    assert_eq!(flags_on(&log, 2, "2026-09-30"), "", "it was given another place in time");
    let register = log.register();
    let view = View::new(&register, &SampleTerms, day("2026-09-30"));
    for event in &log.events[1..] {
        let Touched::Persons(who) = touched(&traces(event), &view) else { panic!("everybody") };
        assert!(who.contains(&person(2)), "a resident or a designation changes who is over");
    }
}
