//! Flags from raised to closed, by everybody who may and may not.

mod parts;
mod versions;

use super::{Flag, Oversight, Standing};
use crate::domain::Rejection;
use crate::domain::testing::{
    World, actor, enrolment, evidence, hash, label, outcome, person, tag,
};
use crate::event::{
    AnomalyAssigned, AnomalyRaised, AnomalyReviewed, Body, DeclaredRelation, ExternalFactRecorded,
    FlagKind, HelpGiven, HelpKind, PersonRecorded, RecoveryOrdered, RecoveryReceived,
    RecoveryWaived, Relation, Remedy, Role, Severity, Verdict,
};
use crate::value::{FactKind, Fen, Hash, IdForm, Subject};

type Answer = Result<Hash, Rejection>;

/// Two persons the clerk recorded, and two inspectors.
struct Office {
    world: World,
}

impl Office {
    fn new() -> Self {
        let mut world = World::new();
        let data = enrolment("inspector-b", Role::Inspector, "411700", "inspection", "");
        world.enrol("inspector-b", data);
        for n in [1, 2] {
            let known = PersonRecorded {
                person: person(n),
                id: tag(&format!("id {n}")),
                name: tag(&format!("name {n}")),
                name_sound: None,
                meant_ids: Vec::new(),
                phone: None,
                village: None,
                hukou_division: None,
            };
            world.sign("clerk", &subject(n), known).unwrap();
        }
        Self { world }
    }

    /// Flag `n`, about person `n`.
    fn raised(&self, n: u8) -> AnomalyRaised {
        AnomalyRaised {
            flag: flag(n),
            rule: label("R01"),
            version: 1,
            severity: Severity::S1,
            kind: FlagKind::Conclusive,
            remedy: Remedy::Recover,
            money_at_risk: Fen(6000),
            person: Some(person(n)),
            officer: None,
            actor: None,
            institution: None,
            village: None,
            programme: None,
            month: None,
            judged_on: self.world.today(),
            inputs: vec![],
            all_inputs: None,
        }
    }

    fn raise(&mut self, n: u8, remedy: Remedy, money: i64, inputs: &[&str]) -> Answer {
        let inputs = inputs.iter().map(|name| hash(name)).collect();
        let money_at_risk = Fen(money);
        let data = AnomalyRaised { remedy, money_at_risk, inputs, ..self.raised(n) };
        self.world.sign("system", &subject(n), data)
    }

    fn assign(&mut self, by: &str, n: u8, to: &str) -> Answer {
        let data = AnomalyAssigned { flag: flag(n), to: actor(to) };
        self.world.sign(by, &subject(n), data)
    }

    fn review(&mut self, by: &str, n: u8, verdict: Verdict) -> Answer {
        let reason = label("looked into");
        let evidence = vec![evidence("bank_slip")];
        let data = AnomalyReviewed { flag: flag(n), verdict, reason, evidence };
        self.world.sign(by, &subject(n), data)
    }

    /// Ordered by civil affairs and endorsed by the supervisor.
    fn order(&mut self, n: u8, amount: i64, due: &str, verdict: Hash) -> Answer {
        let id = self.propose(n, amount, due, verdict)?;
        self.world.endorse("supervisor", id)?;
        Ok(id)
    }

    fn propose(&mut self, n: u8, amount: i64, due: &str, verdict: Hash) -> Answer {
        let due = due.parse().unwrap();
        let (person, flag) = (person(n), flag(n));
        let data = RecoveryOrdered { person, flag, amount: Fen(amount), due, verdict };
        self.world.sign("civil", &subject(n), data)
    }

    fn receive(&mut self, n: u8, order: Hash, amount: i64) -> Answer {
        let data =
            RecoveryReceived { person: person(n), flag: flag(n), order, amount: Fen(amount) };
        self.world.sign("finance", &subject(n), data)
    }

    fn waive(&mut self, n: u8, order: Hash, amount: i64) -> Answer {
        let id = self.propose_waiver(n, order, amount)?;
        self.world.endorse("supervisor", id)
    }

    fn propose_waiver(&mut self, n: u8, order: Hash, amount: i64) -> Answer {
        let ground = label("hardship");
        let (person, flag) = (person(n), flag(n));
        let data = RecoveryWaived { person, flag, order, amount: Fen(amount), ground };
        self.world.sign("civil", &subject(n), data)
    }

    fn help(&mut self, n: u8) -> Answer {
        let data = HelpGiven {
            person: person(n),
            flag: flag(n),
            help: HelpKind::BackPaid,
            amount: Some(Fen(18000)),
            what: label("three months paid back"),
            evidence: vec![],
        };
        self.world.sign("civil", &subject(n), data)
    }

    fn oversight(&self) -> &Oversight {
        &self.world.state.oversight
    }

    fn flag(&self, n: u8) -> &Flag {
        self.oversight().flag(&flag(n)).unwrap()
    }

    fn standing(&self, n: u8) -> Standing {
        self.oversight().standing(self.flag(n))
    }
}

fn flag(n: u8) -> Hash {
    hash(&format!("flag {n}"))
}

fn subject(n: u8) -> Subject {
    Subject::Person(person(n))
}

#[test]
fn nothing_is_said_about_a_flag_that_was_not_raised_there() {
    let mut office = Office::new();
    assert_eq!(outcome(&office.review("inspector", 1, Verdict::Confirmed)), "unknown_flag");
    assert_eq!(outcome(&office.assign("supervisor", 1, "inspector")), "unknown_flag");
    assert_eq!(outcome(&office.help(1)), "unknown_flag");
    assert_eq!(outcome(&office.propose(1, 1, "2026-04-01", hash("x"))), "unknown_flag");
    office.raise(1, Remedy::Recover, 6000, &["a"]).unwrap();
    let (reason, evidence) = (label("seen"), vec![]);
    let data = AnomalyReviewed { flag: flag(1), verdict: Verdict::Confirmed, reason, evidence };
    for other in [subject(2), Subject::Ledger] {
        let answer = office.world.sign("inspector", &other, data.clone());
        assert_eq!(outcome(&answer), "flag_of_other_subject", "{other}");
    }
    assert_eq!(office.standing(1), Standing::Open);
}

#[test]
fn flags_go_to_inspectors_who_may_sign() {
    let mut office = Office::new();
    office.raise(1, Remedy::Recover, 6000, &["a"]).unwrap();
    for (by, to, expected) in [
        ("civil", "inspector", "role_may_not_sign"),
        ("supervisor", "clerk", "no_inspector"),
        ("supervisor", "nobody", "no_inspector"),
        ("supervisor", "inspector", "ok"),
        ("inspector", "inspector-b", "ok"),
    ] {
        assert_eq!(outcome(&office.assign(by, 1, to)), expected, "{by} {to}");
    }
    assert_eq!(office.standing(1), Standing::Assigned);
    let other = office.review("inspector", 1, Verdict::Confirmed);
    assert_eq!(outcome(&other), "assigned_to_other");
    let data = crate::event::ActorSuspended { reason: label("left") };
    office.world.sign("custodian", &Subject::Actor(actor("inspector")), data).unwrap();
    assert_eq!(outcome(&office.assign("supervisor", 1, "inspector")), "no_inspector");
    assert_eq!(outcome(&office.review("inspector-b", 1, Verdict::NeedsField)), "ok");
    assert_eq!(office.standing(1), Standing::NeedsField);
}

/// An inspector who is, is related to, or also is an officer who acted for person 1.
fn inspector(office: &mut Office, person: &str, relation: Option<&str>) {
    let mut data = enrolment("close", Role::Inspector, "411700", "inspection", "");
    data.person = Some(tag(person));
    data.relations = relation
        .map(|of| DeclaredRelation { relation: Relation::Sibling, person: tag(of) })
        .into_iter()
        .collect();
    office.world.enrol("close", data);
}

#[test]
fn nobody_judges_what_they_had_a_hand_in() {
    let cases = [
        ("nobody else", None, "ok"),
        ("id 1", None, "has_part_in_case"),
        ("nobody else", Some("id 1"), "has_part_in_case"),
        ("nobody else", Some("id 2"), "ok"),
        // The same human as the clerk who recorded the person.
        ("officer clerk", None, "has_part_in_case"),
        ("officer clerk-b", None, "ok"),
    ];
    for (human, relation, expected) in cases {
        let mut office = Office::new();
        inspector(&mut office, human, relation);
        office.raise(1, Remedy::Recover, 6000, &["a"]).unwrap();
        let answers = [
            office.assign("supervisor", 1, "close"),
            office.assign("close", 1, "close"),
            office.review("close", 1, Verdict::Confirmed),
        ];
        for answer in answers {
            assert_eq!(outcome(&answer), expected, "{human} {relation:?}");
        }
    }
}

#[test]
fn who_reported_a_fact_has_a_part_and_who_judged_before_has_none() {
    let mut office = Office::new();
    inspector(&mut office, "officer police", None);
    office.raise(1, Remedy::Recover, 6000, &["a"]).unwrap();
    office.review("close", 1, Verdict::NeedsField).unwrap();
    office.review("close", 1, Verdict::Dismissed).unwrap();
    let fact = ExternalFactRecorded {
        person: Some(person(1)),
        id: tag("id 1"),
        id_form: IdForm::Valid,
        name: None,
        kind: FactKind::Death,
        from: "2026-02-01".parse().unwrap(),
        to: None,
        household_no: None,
        division: None,
        row: None,
    };
    office.world.sign("police", &subject(1), fact).unwrap();
    assert_eq!(outcome(&office.review("close", 1, Verdict::Confirmed)), "has_part_in_case");
    assert_eq!(outcome(&office.review("inspector", 1, Verdict::Confirmed)), "ok");
}

#[test]
fn an_endorser_has_a_part() {
    let mut office = Office::new();
    inspector(&mut office, "officer reviewer", None);
    let linked = crate::event::IdentityLinked {
        person: person(1),
        id: tag("id 1 old"),
        reason: label("upgraded"),
        evidence: vec![],
    };
    let id = office.world.sign("clerk-b", &subject(1), linked).unwrap();
    office.raise(1, Remedy::Recover, 6000, &["a"]).unwrap();
    let mut before = Office { world: office.world.clone() };
    assert_eq!(outcome(&before.review("close", 1, Verdict::Confirmed)), "ok");
    office.world.endorse("reviewer", id).unwrap();
    assert_eq!(outcome(&office.review("close", 1, Verdict::Confirmed)), "has_part_in_case");
}

#[test]
fn a_dismissed_flag_stays_dismissed_until_its_inputs_change() {
    let mut office = Office::new();
    office.raise(1, Remedy::Recover, 6000, &["a", "b"]).unwrap();
    let first = office.review("inspector", 1, Verdict::Dismissed).unwrap();
    assert_eq!(office.standing(1), Standing::Dismissed);
    // The same inputs, in another order, are no news.
    office.raise(1, Remedy::Recover, 6000, &["b", "a"]).unwrap();
    assert_eq!(office.standing(1), Standing::Dismissed);
    office.raise(1, Remedy::Recover, 6000, &["a", "c"]).unwrap();
    assert_eq!(office.standing(1), Standing::Open);
    assert_eq!(office.flag(1).review.as_ref().unwrap().statement, first, "the verdict stays");
    // Back to what it was dismissed on.
    office.raise(1, Remedy::Recover, 6000, &["a", "b"]).unwrap();
    assert_eq!(office.standing(1), Standing::Dismissed);
    office.raise(1, Remedy::Recover, 12000, &["a", "b"]).unwrap();
    assert_eq!(office.standing(1), Standing::Open, "more money is news");
    // A confirmed one stands whatever comes.
    let confirmed = office.review("inspector", 1, Verdict::Confirmed).unwrap();
    office.raise(1, Remedy::Recover, 18000, &["a", "b", "d"]).unwrap();
    assert_eq!(office.standing(1), Standing::Confirmed);
    assert!(office.oversight().is_confirmed(&confirmed, person(1)));
    assert!(!office.oversight().is_confirmed(&confirmed, person(2)));
    let latest = office.review("inspector", 1, Verdict::Dismissed).unwrap();
    assert!(!office.oversight().is_confirmed(&confirmed, person(1)), "a later verdict replaces");
    assert_eq!(office.oversight().confirmed_by(&latest), None);
}

#[test]
fn refusals_of_recoveries() {
    let mut office = Office::new();
    office.raise(1, Remedy::Recover, 12000, &["a"]).unwrap();
    office.raise(2, Remedy::Help, 12000, &["b"]).unwrap();
    let seen = office.review("inspector", 1, Verdict::NeedsField).unwrap();
    let due = "2026-04-01";
    assert_eq!(outcome(&office.propose(1, 6000, due, seen)), "verdict_not_confirmed");
    let verdict = office.review("inspector", 1, Verdict::Confirmed).unwrap();
    let other = office.review("inspector", 2, Verdict::Confirmed).unwrap();
    for (n, amount, due, verdict, expected) in [
        (1, 6000, due, other, "verdict_not_confirmed"),
        (2, 6000, due, other, "nothing_to_recover"),
        (1, 0, due, verdict, "amount_not_positive"),
        (1, 12001, due, verdict, "over_money_at_risk"),
        (1, 6000, "2026-03-02", verdict, "due_not_ahead"),
        (1, 6000, due, verdict, "ok"),
    ] {
        let answer = office.propose(n, amount, due, verdict);
        assert_eq!(outcome(&answer), expected, "{n} {amount} {due}");
    }
    // A proposal is no order yet; two endorsed ones share what is at risk.
    assert_eq!(office.flag(1).orders.len(), 0);
    office.world.on("2026-04-02");
    let due = "2026-05-04";
    let order = office.order(1, 8000, due, verdict).unwrap();
    assert_eq!(outcome(&office.order(1, 4001, due, verdict)), "over_money_at_risk");
    for (n, order, amount, expected) in [
        (1, hash("no order"), 1, "unknown_order"),
        (2, order, 1, "unknown_order"),
        (1, order, 0, "amount_not_positive"),
        (1, order, 8001, "over_rest"),
        (1, order, 8000, "ok"),
        (1, order, 1, "over_rest"),
    ] {
        assert_eq!(outcome(&office.waive(n, order, amount)), expected, "{n} {amount}");
    }
}

#[test]
fn one_recovery_of_a_flag_waits_at_a_time_and_one_waiver_of_an_order() {
    let mut office = Office::new();
    office.raise(1, Remedy::Recover, 12000, &["a"]).unwrap();
    office.raise(2, Remedy::Recover, 12000, &["b"]).unwrap();
    let verdict = office.review("inspector", 1, Verdict::Confirmed).unwrap();
    let other = office.review("inspector", 2, Verdict::Confirmed).unwrap();
    let due = "2026-07-01";
    office.propose(1, 6000, due, verdict).unwrap();
    assert_eq!(outcome(&office.propose(1, 6000, due, verdict)), "proposed_already");
    assert_eq!(outcome(&office.propose(1, 5000, due, verdict)), "proposed_already");
    assert_eq!(outcome(&office.propose(2, 6000, due, other)), "ok", "of another flag");
    // A proposal on a verdict that fell can take effect no more.
    let verdict = office.review("inspector", 1, Verdict::Confirmed).unwrap();
    let lapsing = office.propose(1, 6000, due, verdict).unwrap();
    assert_eq!(outcome(&office.propose(1, 6000, due, verdict)), "proposed_already");
    office.world.on("2026-05-06");
    assert_eq!(outcome(&office.world.endorse("supervisor", lapsing)), "proposal_lapsed");
    let order = office.order(1, 6000, due, verdict).unwrap();
    // What was endorsed waits no more: what is left may be ordered too.
    let second = office.order(1, 6000, due, verdict).unwrap();
    let waiver = office.propose_waiver(1, order, 1000).unwrap();
    assert_eq!(outcome(&office.propose_waiver(1, order, 1000)), "proposed_already");
    assert_eq!(outcome(&office.propose_waiver(1, second, 1000)), "ok", "of another order");
    office.world.endorse("supervisor", waiver).unwrap();
    assert_eq!(outcome(&office.propose_waiver(1, order, 1000)), "ok");
}

#[test]
fn a_recovery_takes_two_organisations_and_a_verdict_that_still_stands() {
    let mut office = Office::new();
    office.raise(1, Remedy::Recover, 12000, &["a"]).unwrap();
    let verdict = office.review("inspector", 1, Verdict::Confirmed).unwrap();
    let id = office.propose(1, 6000, "2026-04-01", verdict).unwrap();
    assert_eq!(outcome(&office.world.endorse("civil-b", id)), "role_may_not_endorse");
    office.review("inspector", 1, Verdict::Dismissed).unwrap();
    assert_eq!(outcome(&office.world.endorse("supervisor", id)), "verdict_not_confirmed");
    let verdict = office.review("inspector", 1, Verdict::Confirmed).unwrap();
    let late = office.propose(1, 6000, "2026-03-10", verdict).unwrap();
    office.world.on("2026-03-10");
    assert_eq!(outcome(&office.world.endorse("supervisor", late)), "due_not_ahead");
}

#[test]
fn a_recovery_is_overdue_until_it_is_settled() {
    let mut office = Office::new();
    office.raise(1, Remedy::Recover, 12000, &["a"]).unwrap();
    let verdict = office.review("inspector", 1, Verdict::Confirmed).unwrap();
    let id = office.order(1, 12000, "2026-04-01", verdict).unwrap();
    let order = |office: &Office| office.oversight().order(&id).unwrap().clone();
    assert!(!order(&office).is_overdue("2026-04-01".parse().unwrap()));
    office.world.on("2026-04-02");
    office.receive(1, id, 7000).unwrap();
    // What is received is a fact: an unknown order, another's, or too much is recorded too.
    office.receive(2, id, 100).unwrap();
    office.receive(1, hash("no order"), 100).unwrap();
    assert_eq!(order(&office).rest(), Fen(5000));
    assert!(order(&office).is_overdue(office.world.today()));
    assert_eq!(office.standing(1), Standing::Confirmed);
    office.waive(1, id, 4000).unwrap();
    office.receive(1, id, 1500).unwrap();
    assert_eq!((order(&office).rest(), order(&office).received), (Fen(0), Fen(8500)));
    assert!(!order(&office).is_overdue(office.world.today()));
    assert_eq!(office.standing(1), Standing::Closed);
}

#[test]
fn help_ends_a_confirmed_flag_of_its_direction() {
    let mut office = Office::new();
    office.raise(1, Remedy::Recover, 12000, &["a"]).unwrap();
    office.raise(2, Remedy::Help, 18000, &["b"]).unwrap();
    assert_eq!(outcome(&office.help(1)), "not_for_help");
    assert_eq!(outcome(&office.help(2)), "flag_not_confirmed");
    office.review("inspector", 2, Verdict::Confirmed).unwrap();
    assert_eq!(office.standing(2), Standing::Confirmed);
    office.help(2).unwrap();
    assert_eq!(office.standing(2), Standing::Closed);
}

#[test]
fn a_flag_s_own_events_tell_where_it_stood_at_any_entry() {
    use crate::event::{Payload, Recorded};
    let mut office = Office::new();
    let mut events: Vec<Recorded> = Vec::new();
    let signer = |office: &Office, name: &str| {
        let kid = office.world.state.actors.find(&actor(name)).unwrap().keys[0].kid();
        office.world.state.actors.signer(&kid, office.world.today()).unwrap()
    };
    let mut note = |office: &Office, id: Hash, by: &str, body: Body, refs: Vec<Hash>| {
        let payload = Payload { refs, ..Payload::new(office.world.today(), body) };
        events.push(Recorded {
            index: events.len() as u64,
            recorded_at_ms: office.world.today().start_millis(),
            id,
            signed_at: 0,
            subject: subject(1),
            signer: signer(office, by),
            payload,
        });
    };
    let raised = office.raised(1);
    let id = office.world.sign("system", &subject(1), raised.clone()).unwrap();
    note(&office, id, "system", raised.into(), vec![]);
    let data = AnomalyReviewed {
        flag: flag(1),
        verdict: Verdict::Confirmed,
        reason: label("seen"),
        evidence: vec![],
    };
    let verdict = office.world.sign("inspector", &subject(1), data.clone()).unwrap();
    note(&office, verdict, "inspector", data.into(), vec![]);
    let data = RecoveryOrdered {
        person: person(1),
        flag: flag(1),
        amount: Fen(6000),
        due: "2026-04-01".parse().unwrap(),
        verdict,
    };
    let order = office.world.sign("civil", &subject(1), data.clone()).unwrap();
    note(&office, order, "civil", data.into(), vec![]);
    let id = office.world.endorse("supervisor", order).unwrap();
    note(&office, id, "supervisor", crate::event::Endorsed {}.into(), vec![order]);

    let all = Oversight::of(&events);
    assert_eq!(all.flag(&flag(1)), Some(office.flag(1)));
    assert_eq!(all.order(&order), office.oversight().order(&order));
    let at = |count: usize| {
        let known = Oversight::of(&events[..count]);
        let standing = known.flag(&flag(1)).map(|flag| known.standing(flag));
        (standing, known.order(&order).is_some())
    };
    assert_eq!(at(0), (None, false));
    assert_eq!(at(1), (Some(Standing::Open), false));
    assert_eq!(at(3), (Some(Standing::Confirmed), false), "a proposal is no order");
    assert_eq!(at(4), (Some(Standing::Confirmed), true));
}
