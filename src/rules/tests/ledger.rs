//! Rules about benefits that the ledger runs itself: R05, R12, R16, R20, R37b, R37c, R38b, R39,
//! R40, R47 to R52.

use super::super::scenario::{Log, bytes, day, person, tag};
use super::super::{Touched, View, judge_person, touched, traces};
use super::{SampleTerms, flags, flags_on, holder, table};
use crate::event::{
    AccountBound, AccountHolder, AccountUnbound, AnnualReviewCompleted, AnomalyRaised,
    AnomalyReviewed, BenefitApplied, BenefitDetermined, BenefitResumed, BenefitStopped,
    CertificateLegacyImported, Endorsed, Evidence, FlagKind, Outcome, PaymentExecuted,
    PaymentReturned, PayrollAuthorised, PayrollItem, PayrollPrepared, PlacementEnded,
    PlacementStarted, Role, RollKind, ServiceDelivered, Severity, StopGround, Verdict,
    WorksAccepted, WrittenNotice,
};
use crate::policy::{PolicyBook, defaults::POLICIES};
use crate::value::{
    CaseId, Category, Component, Day, FactKind, Fen, Hash, HouseholdId, Level, PayrollId,
    Programme, Subject, Tag, VehicleId,
};

const LIVING: Programme = Programme::LIVING_ALLOWANCE;

fn programme(name: &str) -> Programme {
    Programme::from_name(name).unwrap()
}

fn case_of(who: u32) -> Subject {
    Subject::Case(CaseId(bytes("benefit", who)))
}

fn paper(code: u32) -> Evidence {
    let hash = Hash::blake3(&code.to_be_bytes());
    Evidence { kind: "paper".parse().unwrap(), hash, custodian: None }
}

fn told() -> WrittenNotice {
    WrittenNotice { notice: paper(1), proof: paper(2) }
}

fn batch_id(p: u32) -> PayrollId {
    PayrollId(bytes("payroll", p))
}

fn apply(log: &mut Log, who: u32, at: &str, change: impl FnOnce(&mut BenefitApplied)) {
    let mut data = BenefitApplied {
        person: person(who),
        programme: LIVING,
        household: None,
        vehicle: None,
        certificate: None,
        division: "411702".parse().unwrap(),
        month: day(at).month(),
        evidence: Vec::new(),
        asked: None,
    };
    change(&mut data);
    log.add(Role::Clerk, case_of(who), day(at), data);
}

pub(super) fn determine_case(
    log: &mut Log,
    subject: &Subject,
    who: u32,
    at: Day,
    from: Option<&str>,
) {
    let data = BenefitDetermined {
        person: person(who),
        outcome: if from.is_some() { Outcome::Granted } else { Outcome::Refused },
        from_month: from.map(|month| month.parse().unwrap()),
        amount: from.map(|_| Fen(6000)),
        income: None,
        exclusions: Vec::new(),
        reason: None,
        told: None,
    };
    log.add(Role::CivilAffairsOfficer, subject.clone(), at, data);
}

fn determine(log: &mut Log, who: u32, at: &str, from: &str) {
    determine_case(log, &case_of(who), who, day(at), Some(from));
}

/// Bound by the bank, endorsed by a clerk.
pub(super) fn bind_case(log: &mut Log, subject: &Subject, who: u32, account: Tag, at: Day) {
    bind_by(log, subject, who, account, at, "411702-clerk-1");
}

fn bind_by(log: &mut Log, subject: &Subject, who: u32, account: Tag, at: Day, clerk: &str) {
    let data = AccountBound {
        person: person(who),
        account,
        holder: AccountHolder::Person,
        holder_name: tag("name", who),
        proof: paper(3),
    };
    let bound = log.add(Role::BankAgent, subject.clone(), at, data);
    log.add(Role::Clerk, subject.clone(), at, Endorsed {});
    let endorsed = log.events.last_mut().unwrap();
    endorsed.payload.refs = vec![bound];
    endorsed.signer.actor = clerk.parse().unwrap();
}

fn unbind(log: &mut Log, who: u32, account: Tag, at: &str) {
    let data = AccountUnbound { person: person(who), account, reason: "closed".parse().unwrap() };
    log.add(Role::BankAgent, case_of(who), day(at), data);
}

/// Applied, granted and bound in the first week of July 2026.
fn granted(log: &mut Log, who: u32) {
    log.card(who, who, |_| {});
    apply(log, who, "2026-07-01", |_| {});
    determine(log, who, "2026-07-03", "2026-07");
    bind_case(log, &case_of(who), who, tag("account", who), day("2026-07-04"));
}

/// A batch with these persons, 60 yuan each.
fn prepare(log: &mut Log, p: u32, month: &str, at: &str, persons: &[u32]) -> String {
    let items: Vec<_> = persons
        .iter()
        .map(|who| PayrollItem {
            case: CaseId(bytes("benefit", *who)),
            person: person(*who),
            amount: Fen(6000),
            back_pay: Vec::new(),
            account: tag("account", *who),
            unit: None,
        })
        .collect();
    let root = format!("root of {p} {persons:?}");
    let data = PayrollPrepared {
        programme: LIVING,
        month: month.parse().unwrap(),
        division: "411702".parse().unwrap(),
        root: root.clone(),
        count: items.len().try_into().unwrap(),
        total: Fen(6000),
        items,
    };
    log.add(Role::CivilAffairsOfficer, Subject::Payroll(batch_id(p)), day(at), data);
    root
}

fn authorise(log: &mut Log, p: u32, root: String, at: &str) {
    let data = PayrollAuthorised { root, fund_source: "county".parse().unwrap() };
    log.add(Role::FinanceOfficer, Subject::Payroll(batch_id(p)), day(at), data);
}

/// The bank reports a payment of batch 1.
fn bank(log: &mut Log, who: u32, month: &str, at: &str, change: impl FnOnce(&mut PaymentExecuted)) {
    log.paid(who, month, |paid| {
        (paid.row, paid.number, paid.payroll) = (None, None, Some(batch_id(1)));
        paid.paid_on = Some(day(at));
        change(paid);
    });
}

/// Granted, prepared and authorised for July.
fn authorised(log: &mut Log) {
    granted(log, 1);
    let root = prepare(log, 1, "2026-07", "2026-07-10", &[1]);
    authorise(log, 1, root, "2026-07-12");
}

fn returned(log: &mut Log, month: &str, at: &str) {
    let data = PaymentReturned {
        person: person(1),
        id: tag("id", 1),
        payment: None,
        programme: LIVING,
        month: Some(month.parse().unwrap()),
        year: None,
        amount: Fen(6000),
        months: Vec::new(),
        division: "411702".parse().unwrap(),
        reason: None,
        returned_on: None,
        row: None,
    };
    log.add(Role::BankAgent, Subject::Person(person(1)), day(at), data);
}

#[test]
fn r05_paid_before_it_was_decided() {
    let pay = |log: &mut Log, at| bank(log, 1, "2026-07", at, |_| {});
    table(&[
        (
            "in order, all on one day at the end",
            &|log| {
                authorised(log);
                pay(log, "2026-07-12");
            },
            "",
        ),
        (
            "paid the day before the authorisation",
            &|log| {
                authorised(log);
                pay(log, "2026-07-11");
            },
            "R05 living 2026-07",
        ),
        (
            "prepared and never authorised",
            &|log| {
                granted(log, 1);
                prepare(log, 1, "2026-07", "2026-07-10", &[1]);
                pay(log, "2026-07-12");
            },
            "R05 living 2026-07",
        ),
        (
            "without a batch",
            &|log| {
                granted(log, 1);
                bank(log, 1, "2026-07", "2026-07-12", |paid| paid.payroll = None);
            },
            "R05 living 2026-07",
        ),
        (
            "the bank leaves the batch out",
            &|log| {
                authorised(log);
                bank(log, 1, "2026-07", "2026-07-12", |paid| paid.payroll = None);
            },
            "",
        ),
        (
            "never applied for",
            &|log| {
                holder(log);
                bank(log, 1, "2026-07", "2026-07-12", |paid| paid.payroll = None);
            },
            "R05 living 2026-07",
        ),
        (
            "refused",
            &|log| {
                holder(log);
                apply(log, 1, "2026-07-01", |_| {});
                bind_case(log, &case_of(1), 1, tag("account", 1), day("2026-07-02"));
                determine_case(log, &case_of(1), 1, day("2026-07-03"), None);
                pay(log, "2026-07-12");
            },
            "R05 living 2026-07",
        ),
        (
            "an old roll, nothing on the ledger",
            &|log| {
                holder(log);
                log.paid(1, "2026-07", |_| {});
            },
            "",
        ),
        (
            "an old roll of a month before the application",
            &|log| {
                log.paid(1, "2026-06", |_| {});
                authorised(log);
            },
            "R49 living 2026-07",
        ),
        (
            "a roll pays what is not yet determined",
            &|log| {
                holder(log);
                apply(log, 1, "2026-07-01", |_| {});
                bind_case(log, &case_of(1), 1, tag("account", 1), day("2026-07-02"));
                log.paid(1, "2026-07", |_| {});
            },
            "R05? living 2026-07",
        ),
        (
            "it came back",
            &|log| {
                granted(log, 1);
                bank(log, 1, "2026-07", "2026-07-12", |paid| paid.payroll = None);
                returned(log, "2026-07", "2026-07-20");
            },
            "",
        ),
    ]);
}

#[test]
fn r12_only_the_higher_of_two() {
    let with = |kind, from: &'static str, to, change: fn(&mut PaymentExecuted)| {
        move |log: &mut Log| {
            holder(log);
            log.fact(1, kind, from, to, |_| {});
            log.paid(1, "2026-07", change);
        }
    };
    let living: fn(&mut PaymentExecuted) = |_| {};
    let nursing: fn(&mut PaymentExecuted) = |p| p.programme = Programme::NURSING_CARE_SUBSIDY;
    table(&[
        ("both", &with(FactKind::ElderlyLiving, "2026-07-31", None, living), "R12 living 2026-07"),
        (
            "nursing",
            &with(FactKind::RetiredCadreNursing, "2020-01-01", None, nursing),
            "R12 nursing 2026-07",
        ),
        ("of the other kind", &with(FactKind::ElderlyNursing, "2020-01-01", None, living), ""),
        ("ended", &with(FactKind::ElderlyLiving, "2020-01-01", Some("2026-06-30"), living), ""),
        ("begins later", &with(FactKind::ElderlyLiving, "2026-08-01", None, living), ""),
        (
            "another's name",
            &|log| {
                holder(log);
                let other = Some(tag("name", 9));
                log.fact(1, FactKind::ElderlyLiving, "2020-01-01", None, |f| f.name = other);
                log.paid(1, "2026-07", |_| {});
            },
            "R12? living 2026-07",
        ),
        (
            "retracted",
            &|log| {
                holder(log);
                let fact = log.fact(1, FactKind::ElderlyLiving, "2020-01-01", None, |_| {});
                let reason = "another person".parse().unwrap();
                let data = crate::event::ExternalFactRetracted { fact, reason };
                log.add(Role::DataCustodian, Subject::Ledger, day("2026-09-01"), data);
                log.paid(1, "2026-07", |_| {});
            },
            "",
        ),
    ]);
}

/// Applied for on a day, granted from that month on, paid in July with months before it.
pub(super) fn paid_back(log: &mut Log, from: &str, back: u16) {
    holder(log);
    apply(log, 1, from, |_| {});
    determine(log, 1, "2026-06-20", &from[..7]);
    bind_case(log, &case_of(1), 1, tag("account", 1), day("2026-06-21"));
    log.paid(1, "2026-07", |paid| {
        (paid.back_pay_months, paid.amount) = (back, Fen(6000 * (i64::from(back) + 1)));
    });
}

#[test]
fn r16_on_a_case_follows_its_application() {
    let paid = |from: &'static str, back: u16| move |log: &mut Log| paid_back(log, from, back);
    table(&[
        ("a long review is paid back whole", &paid("2026-02-05", 5), ""),
        ("one month before the application", &paid("2026-06-01", 2), "R16 living 2026-07"),
        ("from the application on", &paid("2026-06-01", 1), ""),
    ]);
}

/// Persons 1 and 2, whose accounts clerks switch and which are paid in July.
fn switched(log: &mut Log, days: [&str; 2], clerks: [&str; 2], paid_on: &str) {
    for who in [1, 2] {
        log.card(who, who, |_| {});
        apply(log, who, "2026-05-01", |_| {});
        determine(log, who, "2026-05-03", "2026-05");
        bind_case(log, &case_of(who), who, tag("account", who), day("2026-05-04"));
    }
    for (who, (at, clerk)) in (1..).zip(days.into_iter().zip(clerks)) {
        unbind(log, who, tag("account", who), at);
        bind_by(log, &case_of(who), who, tag("account", who + 10), day(at), clerk);
    }
    log.paid(1, "2026-07", |paid| {
        (paid.account, paid.paid_on) = (Some(tag("account", 11)), Some(day(paid_on)));
    });
}

#[test]
fn r20_accounts_switched_then_paid() {
    let (a, b) = ("411702-clerk-1", "411702-clerk-2");
    table(&[
        (
            "two by one clerk",
            &|log| switched(log, ["2026-07-05", "2026-06-20"], [a, a], "2026-07-25"),
            "R20? living 2026-07",
        ),
        (
            "two clerks",
            &|log| switched(log, ["2026-07-05", "2026-06-20"], [a, b], "2026-07-25"),
            "",
        ),
        ("far apart", &|log| switched(log, ["2026-07-20", "2026-06-19"], [a, a], "2026-07-25"), ""),
        (
            "paid long after",
            &|log| switched(log, ["2026-06-24", "2026-06-20"], [a, a], "2026-07-25"),
            "",
        ),
        (
            "first accounts",
            &|log| {
                granted(log, 1);
                granted(log, 2);
                log.paid(1, "2026-07", |_| {});
            },
            "",
        ),
        (
            "the second person's was bound again as it was",
            &|log| {
                granted(log, 2);
                unbind(log, 2, tag("account", 2), "2026-07-05");
                bind_case(log, &case_of(2), 2, tag("account", 2), day("2026-07-05"));
                granted(log, 1);
                unbind(log, 1, tag("account", 1), "2026-07-05");
                bind_case(log, &case_of(1), 1, tag("account", 11), day("2026-07-05"));
                log.paid(1, "2026-07", |paid| paid.account = Some(tag("account", 11)));
            },
            "",
        ),
    ]);
    let mut log = Log::default();
    switched(&mut log, ["2026-07-05", "2026-06-20"], [a, a], "2026-07-25");
    let register = log.register();
    let view = View::new(&register, &SampleTerms, day("2026-09-30"));
    let last = log.events.iter().rfind(|event| {
        matches!(&event.payload.body, crate::event::Body::AccountBound(d) if d.person == person(2))
    });
    let Touched::Persons(who) = touched(&traces(last.unwrap()), &view) else { panic!("everybody") };
    assert!(who.contains(&person(1)) && who.contains(&person(2)), "a switch changes both");
}

/// Paid the child aid for 2026.
fn child(log: &mut Log, born: &str, change: impl FnOnce(&mut PaymentExecuted)) {
    log.card(1, 1, |card| card.birth_date = Some(day(born)));
    log.paid(1, "2026-07", |paid| {
        (paid.programme, paid.month, paid.year) = (programme("child_rehab_aid"), None, Some(2026));
        change(paid);
    });
}

#[test]
fn r37b_outside_categories_or_ages() {
    let has = |born: &'static str| {
        let mut log = Log::default();
        child(&mut log, born, |_| {});
        flags(&log).contains("R37b")
    };
    assert!(!has("2019-01-02"), "six on 1 January");
    assert!(has("2019-01-01"), "seven that day");
    assert!(!has("2026-05-01"), "born in the year");
    let care = |born: &'static str, applied: bool| {
        let mut log = Log::default();
        log.card(1, 1, |card| card.birth_date = Some(day(born)));
        if applied {
            apply(&mut log, 1, "2026-07-01", |data| data.programme = programme("care_placement"));
        }
        log.paid(1, "2026-07", |paid| paid.programme = programme("care_placement"));
        flags(&log).contains("R37b")
    };
    assert!(care("2010-07-02", true), "fifteen at the application");
    assert!(!care("2010-07-01", true), "sixteen that day");
    assert!(!care("2010-07-02", false), "the day of the application is not known");
}

#[test]
fn r37c_a_minor_without_a_guardian() {
    let minor = |born: &'static str, guardian: bool, refused: bool| {
        move |log: &mut Log| {
            log.card(1, 1, |card| {
                card.birth_date = Some(day(born));
                let id = Some(tag("id", 9));
                let tags = crate::event::GuardianTags { id, name: Some(tag("name", 9)) };
                card.guardian = guardian.then_some(tags);
            });
            apply(log, 1, "2026-07-01", |_| {});
            let from = (!refused).then_some("2026-07");
            determine_case(log, &case_of(1), 1, day("2026-07-03"), from);
        }
    };
    table(&[
        ("seventeen", &minor("2008-07-02", false, false), "R37c living"),
        ("of age that day", &minor("2008-07-01", false, false), ""),
        ("with a guardian", &minor("2008-07-02", true, false), ""),
        ("refused", &minor("2008-07-02", false, true), ""),
        (
            "nothing applied for here",
            &|log| {
                log.card(1, 1, |card| card.birth_date = Some(day("2015-01-01")));
                log.paid(1, "2026-07", |_| {});
            },
            "",
        ),
    ]);
}

/// Persons 1 and 2 are granted fuel in the years for these vehicles.
fn vehicles(log: &mut Log, of: [(&str, u32); 2], stopped: bool) {
    for (who, (at, vehicle)) in (1..).zip(of) {
        log.card(who, who, |_| {});
        apply(log, who, at, |data| {
            data.programme = Programme::FUEL_SUBSIDY;
            data.vehicle = Some(VehicleId(bytes("vehicle", vehicle)));
        });
        determine(log, who, at, &at[..7]);
    }
    if stopped {
        stop(log, 2, "2026-03-20", of[1].0, |_| {});
    }
}

fn stop(log: &mut Log, who: u32, at: &str, from: &str, change: impl FnOnce(&mut BenefitStopped)) {
    let mut data = BenefitStopped {
        person: person(who),
        ground: StopGround::Voluntary,
        from_month: from[..7].parse().unwrap(),
        verdict: None,
        told: Some(told()),
    };
    change(&mut data);
    log.add(Role::CivilAffairsOfficer, case_of(who), day(at), data);
}

#[test]
fn r38b_a_vehicle_granted_twice() {
    let one = "2026-02-01";
    table(&[
        ("one vehicle", &|log| vehicles(log, [(one, 1), ("2026-03-02", 1)], false), "R38b fuel"),
        ("two vehicles", &|log| vehicles(log, [(one, 1), (one, 2)], false), ""),
        ("sold", &|log| vehicles(log, [(one, 1), ("2025-03-02", 1)], false), ""),
        ("stopped at once", &|log| vehicles(log, [(one, 1), ("2026-03-02", 1)], true), ""),
    ]);
}

/// Persons 1 and 2 of these households are granted renovations.
fn houses(log: &mut Log, households: [u32; 2], programmes: [&str; 2]) {
    for (who, (home, name)) in (1..).zip(households.into_iter().zip(programmes)) {
        log.card(who, who, |_| {});
        apply(log, who, "2026-07-01", |data| {
            data.programme = programme(name);
            data.household = Some(HouseholdId(bytes("household", home)));
        });
        determine(log, who, "2026-07-03", "2026-07");
    }
}

fn works(log: &mut Log, home: u32, name: &str, before: u32, after: u32) {
    let household = HouseholdId(bytes("household", home));
    let data = WorksAccepted {
        household,
        programme: programme(name),
        before: paper(before),
        after: paper(after),
        acceptance: None,
        grade: None,
        cost: Fen(100_000),
    };
    log.add(Role::DpfReviewer, Subject::Household(household), day("2026-08-01"), data);
}

#[test]
fn r39_a_house_twice() {
    let (renovation, adaptation) = ("house_renovation", "home_adaptation");
    table(&[
        ("one programme", &|log| houses(log, [1, 1], [renovation; 2]), "R39 other"),
        ("two households", &|log| houses(log, [1, 2], [renovation; 2]), ""),
        (
            "two programmes, works of their own",
            &|log| {
                houses(log, [1, 1], [renovation, adaptation]);
                works(log, 1, renovation, 11, 12);
                works(log, 1, adaptation, 13, 14);
            },
            "",
        ),
        (
            "two programmes for one work item",
            &|log| {
                houses(log, [1, 1], [renovation, adaptation]);
                works(log, 1, renovation, 11, 12);
                works(log, 1, adaptation, 13, 12);
            },
            "R39 other",
        ),
        (
            "stopped before its first month",
            &|log| {
                houses(log, [1, 1], [renovation; 2]);
                stop(log, 2, "2026-07-20", "2026-07", |_| {});
            },
            "",
        ),
    ]);
    let mut log = Log::default();
    houses(&mut log, [1, 1], [renovation; 2]);
    let register = log.register();
    let view = View::new(&register, &SampleTerms, day("2026-09-30"));
    let last = traces(log.events.last().unwrap());
    let Touched::Persons(who) = touched(&last, &view) else { panic!("everybody") };
    assert!(who.contains(&person(1)), "the other applicant's flag changes too");
}

/// Granted and paid a month of care in July.
fn cared(log: &mut Log) {
    holder(log);
    let of = |name: &mut Programme| *name = programme("care_placement");
    apply(log, 1, "2026-07-01", |data| of(&mut data.programme));
    determine(log, 1, "2026-07-03", "2026-07");
    bind_case(log, &case_of(1), 1, tag("account", 1), day("2026-07-04"));
    bank(log, 1, "2026-07", "2026-07-25", |paid| of(&mut paid.programme));
}

fn session(log: &mut Log, at: &str, provider: &str) {
    let data = ServiceDelivered {
        person: person(1),
        programme: programme("care_placement"),
        session_date: day(at),
        attendance: paper(4),
    };
    log.add(Role::ServiceProvider, Subject::Person(person(1)), day(at), data);
    log.events.last_mut().unwrap().signer.organisation = provider.parse().unwrap();
}

fn placed(log: &mut Log, facility: &str, from: &str, to: Option<&str>) {
    let subject = Subject::Person(person(1));
    let data = PlacementStarted {
        person: person(1),
        programme: programme("care_placement"),
        facility: facility.parse().unwrap(),
        institution: None,
        from: day(from),
        contract: paper(5),
    };
    let placement = log.add(Role::ServiceProvider, subject.clone(), day(from), data);
    if let Some(to) = to {
        let reason = "moved".parse().unwrap();
        let data = PlacementEnded { person: person(1), placement, to: day(to), reason };
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

    assert_eq!(with(&|log| session(log, "2026-07-18", "home")), "R40c? other 2026-07", "Saturday");
    let two = |other| {
        with(&|log| {
            session(log, "2026-07-15", "home");
            session(log, "2026-07-15", other);
        })
    };
    assert_eq!((two("home").as_str(), two("other").as_str()), ("", "R40c? other 2026-07"));
}

#[test]
fn r47_living_allowance_asks_for_the_dibao_list() {
    let rolls = |log: &mut Log| {
        for month in ["2026-08", "2026-09"] {
            log.roll(RollKind::LivingAllowance, Some(month));
        }
        log.card(1, 1, |card| card.level = Level::new(3).unwrap());
    };
    let listed = |log: &mut Log| {
        log.roll(RollKind::Dibao, None);
        log.fact(1, FactKind::Dibao, "2025-01-01", None, |_| {});
    };
    table(&[
        (
            "in Dibao, never paid",
            &|log| {
                rolls(log);
                listed(log);
            },
            "R47? living",
        ),
        (
            "the list is not in",
            &|log| {
                rolls(log);
                log.fact(1, FactKind::Dibao, "2025-01-01", None, |_| {});
            },
            "",
        ),
        (
            "not in the list",
            &|log| {
                rolls(log);
                log.roll(RollKind::Dibao, None);
            },
            "",
        ),
        (
            "left Dibao in the first month",
            &|log| {
                rolls(log);
                log.roll(RollKind::Dibao, None);
                log.fact(1, FactKind::Dibao, "2025-01-01", Some("2026-08-31"), |_| {});
            },
            "",
        ),
        (
            "an orphan",
            &|log| {
                rolls(log);
                listed(log);
                log.fact(1, FactKind::OrphanAllowance, "2025-01-01", None, |_| {});
            },
            "",
        ),
        (
            "takes the higher one",
            &|log| {
                rolls(log);
                listed(log);
                log.fact(1, FactKind::ElderlyLiving, "2025-01-01", None, |_| {});
            },
            "",
        ),
        (
            "paid",
            &|log| {
                rolls(log);
                listed(log);
                log.paid(1, "2026-08", |_| {});
            },
            "",
        ),
        (
            "refused on the ledger",
            &|log| {
                rolls(log);
                listed(log);
                apply(log, 1, "2026-07-01", |_| {});
                determine_case(log, &case_of(1), 1, day("2026-07-03"), None);
            },
            "",
        ),
    ]);
}

fn flag_and_verdict(log: &mut Log, verdict: Option<Verdict>) -> (Hash, Option<Hash>) {
    let flag = Hash::blake3(b"flag");
    let raised: AnomalyRaised = serde_json::from_value(raised(flag)).unwrap();
    let subject = Subject::Person(person(1));
    let raised = log.add(Role::System, subject.clone(), day("2026-08-01"), raised);
    let reviewed = verdict.map(|verdict| {
        let reason = "seen".parse().unwrap();
        let data = AnomalyReviewed { flag, verdict, reason, evidence: Vec::new() };
        log.add(Role::Inspector, subject, day("2026-08-05"), data)
    });
    (raised, reviewed)
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
fn stopped_on_a_flag(log: &mut Log, verdict: Option<Verdict>, named: bool) {
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

#[test]
fn r49_late_or_idle() {
    table(&[
        (
            "thirty days after the month",
            &|log| {
                authorised(log);
                bank(log, 1, "2026-07", "2026-08-30", |_| {});
            },
            "",
        ),
        (
            "a day later",
            &|log| {
                authorised(log);
                bank(log, 1, "2026-07", "2026-08-31", |_| {});
            },
            "R49 living 2026-07",
        ),
        ("never", &authorised, "R49 living 2026-07"),
        (
            "prepared late, thirty days ago",
            &|log| {
                granted(log, 1);
                prepare(log, 1, "2026-07", "2026-08-31", &[1]);
            },
            "",
        ),
        (
            "left out when it was prepared again",
            &|log| {
                granted(log, 1);
                prepare(log, 1, "2026-07", "2026-07-10", &[1, 2]);
                let root = prepare(log, 1, "2026-07", "2026-07-11", &[2]);
                authorise(log, 1, root, "2026-07-12");
            },
            "",
        ),
        (
            "came back",
            &|log| {
                authorised(log);
                bank(log, 1, "2026-07", "2026-07-15", |_| {});
                returned(log, "2026-07", "2026-07-20");
            },
            "",
        ),
        (
            "stopped from that month",
            &|log| {
                authorised(log);
                stop(log, 1, "2026-07-14", "2026-07", |_| {});
            },
            "",
        ),
        (
            "a month before the determination",
            &|log| {
                holder(log);
                apply(log, 1, "2026-05-10", |_| {});
                determine(log, 1, "2026-07-03", "2026-05");
                bind_case(log, &case_of(1), 1, tag("account", 1), day("2026-07-04"));
                let root = prepare(log, 1, "2026-05", "2026-07-10", &[1]);
                authorise(log, 1, root, "2026-07-12");
                bank(log, 1, "2026-05", "2026-07-15", |_| {});
            },
            "",
        ),
    ]);
}

#[test]
fn r50_not_the_bound_account() {
    let paid = |change: fn(&mut PaymentExecuted)| {
        move |log: &mut Log| {
            authorised(log);
            bank(log, 1, "2026-07", "2026-07-15", change);
        }
    };
    table(&[
        ("bound", &paid(|_| {}), ""),
        ("cash", &paid(|paid| (paid.account, paid.holder) = (None, None)), "R50 living 2026-07"),
        (
            "another account",
            &paid(|paid| paid.account = Some(tag("account", 9))),
            "R50 living 2026-07, R52 living 2026-07",
        ),
        (
            "changed after the batch was sent",
            &|log| {
                authorised(log);
                unbind(log, 1, tag("account", 1), "2026-07-13");
                bank(log, 1, "2026-07", "2026-07-15", |_| {});
            },
            "",
        ),
        (
            "an old roll without accounts",
            &|log| {
                holder(log);
                log.paid(1, "2026-07", |paid| (paid.account, paid.holder) = (None, None));
            },
            "",
        ),
    ]);
}

#[test]
fn r51_annual_review() {
    let reviewed = |at: &'static str| {
        move |log: &mut Log| {
            holder(log);
            apply(log, 1, "2025-07-01", |_| {});
            determine(log, 1, "2025-07-03", "2025-07");
            if !at.is_empty() {
                let alive = paper(6);
                let (year, outcome) = (2026, Outcome::Granted);
                let data = AnnualReviewCompleted { person: person(1), year, alive, outcome };
                log.add(Role::TownshipReviewer, case_of(1), day(at), data);
            }
        }
    };
    table(&[
        ("never", &reviewed(""), "R51 living"),
        ("within the year", &reviewed("2025-09-30"), ""),
        ("a day earlier", &reviewed("2025-09-29"), "R51 living"),
        ("determined within the year", &|log| granted(log, 1), ""),
        (
            "stopped",
            &|log| {
                reviewed("")(log);
                stop(log, 1, "2026-06-01", "2026-07", |_| {});
            },
            "",
        ),
        (
            "old rolls only",
            &|log| {
                holder(log);
                log.paid(1, "2025-07", |_| {});
                log.paid(1, "2026-07", |_| {});
            },
            "",
        ),
    ]);
}

#[test]
fn r52_paid_otherwise_than_authorised() {
    let paid = |change: fn(&mut PaymentExecuted)| {
        move |log: &mut Log| {
            authorised(log);
            bank(log, 1, "2026-07", "2026-07-15", change);
        }
    };
    table(&[
        ("as authorised", &paid(|_| {}), ""),
        (
            "more money",
            &paid(|paid| paid.amount = Fen(9000)),
            "R14 living 2026-07, R52 living 2026-07",
        ),
        (
            "a month more",
            &paid(|paid| paid.back_pay_months = 1),
            "R14 living 2026-07, R16 living 2026-07, R52 living 2026-07",
        ),
        (
            "not in the batch",
            &|log| {
                granted(log, 1);
                let root = prepare(log, 1, "2026-07", "2026-07-10", &[2]);
                authorise(log, 1, root, "2026-07-12");
                bank(log, 1, "2026-07", "2026-07-15", |_| {});
            },
            "R52 living 2026-07",
        ),
        (
            "stopped from the month paid",
            &|log| {
                authorised(log);
                stop(log, 1, "2026-07-11", "2026-07", |_| {});
                bank(log, 1, "2026-07", "2026-07-15", |_| {});
            },
            "R52 living 2026-07",
        ),
        (
            "in the batch as prepared again",
            &|log| {
                granted(log, 1);
                prepare(log, 1, "2026-07", "2026-07-10", &[2]);
                let root = prepare(log, 1, "2026-07", "2026-07-11", &[1, 2]);
                authorise(log, 1, root, "2026-07-12");
                bank(log, 1, "2026-07", "2026-07-15", |_| {});
            },
            "",
        ),
        (
            "came back",
            &|log| {
                paid(|paid| paid.account = Some(tag("account", 9)))(log);
                returned(log, "2026-07", "2026-07-20");
            },
            "",
        ),
    ]);
    // A batch authorised late changes the flags of those whom it leaves out, too.
    let mut log = Log::default();
    granted(&mut log, 1);
    let root = prepare(&mut log, 1, "2026-07", "2026-07-10", &[2]);
    bank(&mut log, 1, "2026-07", "2026-07-15", |_| {});
    authorise(&mut log, 1, root, "2026-07-12");
    let register = log.register();
    let view = View::new(&register, &SampleTerms, day("2026-09-30"));
    let last = traces(log.events.last().unwrap());
    let Touched::Persons(who) = touched(&last, &view) else { panic!("everybody") };
    assert!(who.contains(&person(1)) && who.contains(&person(2)), "{who:?}");
    let payment = traces(&log.events[log.events.len() - 2]);
    let Touched::Persons(who) = touched(&payment, &view) else { panic!("everybody") };
    assert!(!who.contains(&person(2)), "a payment changes nobody else of its batch");
}

#[test]
fn r37b_reads_the_categories_of_the_policy_in_force() {
    let mut book = PolicyBook::default();
    let care = POLICIES.iter().find(|(name, _)| *name == "care_placement").unwrap().1;
    let line = "unit = \"resident\"\n";
    assert!(care.contains(line));
    let visual = care.replace(line, &format!("{line}categories = [\"visual\"]\n"));
    book.publish_text(&visual, 1).unwrap();
    let found = |change: fn(&mut CertificateLegacyImported)| {
        let mut log = Log::default();
        log.card(1, 1, change);
        log.paid(1, "2026-07", |paid| paid.programme = programme("care_placement"));
        let register = log.register();
        let view = View::new(&register, &book, day("2026-09-30"));
        judge_person(person(1), &view).iter().any(|flag| flag.rule.id == "R37b")
    };
    assert!(found(|_| {}), "physical");
    assert!(!found(|card| card.category = Category::Visual));
    assert!(
        !found(|card| {
            card.category = Category::Multiple;
            let level = card.level;
            card.components = [Category::Physical, Category::Visual]
                .map(|category| Component { category, level })
                .to_vec();
        }),
        "one component is enough"
    );
}
