//! Every programme through the real ledger, from the application to a flag and on to its end.
//!
//! The walks of a synthetic city are lived by signed statements through the ledger's own door. Here
//! one of each programme on which something went wrong is followed: its chain was signed step by step
//! by different people, it was paid or served, the rules find the anomaly in the index, and the flag
//! is raised, assigned, judged, and ended by money that comes back or help that is given.

use std::{collections::BTreeSet, sync::Arc};

use mingzheng::{
    demo::{City, CityOptions, DemoHouse},
    domain::{State, oversight::Standing},
    event::{
        AnomalyAssigned, AnomalyRaised, AnomalyReviewed, Body, HelpGiven, HelpKind, Payload,
        Recorded, RecoveryOrdered, RecoveryReceived, Remedy, Verdict,
    },
    ledger::{Options, SetClock},
    projection::{Projection, Who},
    rules::{Flag, FlagSubject},
    value::{Day, Hash, PersonId, Subject},
};

const ENDS: &str = "2026-10-14";

/// A programme, what goes wrong on its walk, and the events that its way has, in order.
type Way = (&'static str, &'static str, &'static [&'static str]);

const APPLIED: &str = "benefit.applied";
const CHECKED: &str = "benefit.checked";
const FIRST: &str = "benefit.first_reviewed";
const SECOND: &str = "benefit.second_reviewed";
const GRANTED: &str = "benefit.determined";
const BOUND: &str = "account.bound";
const PREPARED: &str = "payroll.prepared";
const PAID: &str = "payment.executed";
const SESSION: &str = "service.delivered";
const PLACED: &str = "placement.started";
const VISIT: &str = "support_visit.logged";

/// The poverty register ended with 2020 and takes no application any more; the walk of its chain is
/// with the domain, at a desk of that time.
const WAYS: &[Way] = &[
    ("living_allowance", "R50", &[APPLIED, FIRST, SECOND, GRANTED, BOUND, PREPARED, PAID]),
    ("nursing_care_subsidy", "R50", &[APPLIED, FIRST, SECOND, GRANTED, BOUND, PREPARED, PAID]),
    ("nursing_care_subsidy", "R47", &[]),
    ("dibao", "R50", &[APPLIED, FIRST, GRANTED, BOUND, PREPARED, PAID]),
    ("extreme_poverty_support", "R50", &[APPLIED, FIRST, GRANTED, BOUND, PREPARED, PAID]),
    ("fuel_subsidy", "R50", &[APPLIED, FIRST, GRANTED, BOUND, PREPARED, PAID]),
    ("house_renovation", "R14b", &[APPLIED, CHECKED, FIRST, GRANTED, BOUND, PREPARED, PAID]),
    ("home_adaptation", "R50", &[APPLIED, FIRST, GRANTED, BOUND, PREPARED, PAID]),
    (
        "care_placement",
        "R40b",
        &[APPLIED, FIRST, SECOND, GRANTED, BOUND, PLACED, SESSION, PREPARED, PAID, PLACED],
    ),
    (
        "day_care",
        "R40b",
        &[APPLIED, FIRST, SECOND, GRANTED, BOUND, PLACED, SESSION, PREPARED, PAID, PLACED],
    ),
    ("child_rehab_aid", "R50", &[APPLIED, FIRST, GRANTED, BOUND, SESSION, PREPARED, PAID]),
    (
        "community_rehabilitation",
        "R40c",
        &[APPLIED, CHECKED, FIRST, CHECKED, GRANTED, BOUND, SESSION, SESSION, PREPARED, PAID],
    ),
    (
        "assistive_device",
        "R50",
        &[APPLIED, CHECKED, FIRST, CHECKED, GRANTED, BOUND, SESSION, PREPARED, PAID],
    ),
    ("education_aid", "R50", &[APPLIED, FIRST, GRANTED, BOUND, PREPARED, PAID]),
    ("employment", "R40b", &[APPLIED, FIRST, GRANTED, PLACED, PLACED]),
    ("remote_work", "R40b", &[APPLIED, FIRST, GRANTED, PLACED, PLACED]),
    (
        "vocational_training",
        "R40c",
        &[APPLIED, FIRST, GRANTED, BOUND, SESSION, SESSION, PREPARED, PAID],
    ),
    ("paired_support", "R40e", &[VISIT]),
];

const INSPECTOR: &str = "411700-inspector-1";
const SUPERVISOR: &str = "411700-supervisor-1";
const WELFARE: &str = "411700-civil-1";
const FINANCE: &str = "411700-finance-1";

/// A city's ledger on the day its story ends, and its index.
struct Office {
    house: DemoHouse,
    index: Projection,
    today: Day,
    _folder: tempfile::TempDir,
}

impl Office {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let today: Day = ENDS.parse().unwrap();
        let options = CityOptions { people: 60, seed: 7, months: None, open_days: 0 };
        let mut city = City::new(options, today).unwrap();
        let clock = SetClock::at(city.begins().start_millis());
        let options = Options {
            clock: Arc::new(clock.clone()),
            log: mingzheng::log::Options::small(),
            ..Options::default()
        };
        let path = folder.path().join("ledger");
        let house = DemoHouse::found_city(&path, "demo.example/city", options).unwrap();
        city.live(&house, &clock, today.start_millis() + 10 * 3_600_000).unwrap();
        city.send(&house, &mut |_| ()).unwrap();
        let mut index = Projection::open(&path).unwrap();
        index.catch_up(&house.ledger).unwrap();
        Self { house, index, today, _folder: folder }
    }

    fn flags(&self) -> Vec<Flag> {
        let book = self.house.ledger.with_state(|state| state.policies.clone()).unwrap();
        self.index.flags(&*book, self.today).unwrap()
    }

    fn event(&self, index: u64) -> Recorded {
        self.house.ledger.event(index).unwrap()
    }

    /// The events about a person of one programme, in order.
    fn history(&self, person: PersonId, programme: &str) -> Vec<Recorded> {
        let tags = |state: &State| state.people.find(&person).map(|known| known.ids.to_vec());
        let tags = self.house.ledger.with_state(tags).unwrap().unwrap_or_default();
        let all = self.index.history(&Who::Person(person, tags)).unwrap();
        let mut cases = BTreeSet::new();
        let of = |event: &Recorded| {
            let data: serde_json::Value =
                serde_json::from_str(&event.payload.body.to_json()).unwrap();
            data["programme"] == programme
        };
        let mut kept = Vec::new();
        for event in all.into_iter().map(|index| self.event(index)) {
            if of(&event) {
                if matches!(event.payload.body, Body::BenefitApplied(_)) {
                    cases.insert(event.subject.to_string());
                }
                kept.push(event);
            } else if cases.contains(&event.subject.to_string()) {
                kept.push(event);
            }
        }
        kept
    }

    /// Signs as an actor, as of now, and submits.
    fn sign(&self, actor: &str, subject: &Subject, refs: Vec<Hash>, body: impl Into<Body>) -> Hash {
        let mut payload = Payload::new(self.house.today(), body);
        payload.expect = Some(self.house.ledger.expect(subject).unwrap());
        payload.refs = refs;
        let signed = self.house.pen(actor).unwrap().write(subject, &payload).unwrap();
        let id = signed.id;
        self.house.submit(vec![signed]).unwrap();
        id
    }

    fn standing(&self, flag: &Hash) -> Standing {
        let look = |state: &State| state.oversight.standing(state.oversight.flag(flag).unwrap());
        self.house.ledger.with_state(look).unwrap()
    }

    /// Puts a flag on the log, and has it judged by somebody with no part in the case.
    fn judged(&self, flag: &Flag, person: PersonId) -> Hash {
        let inputs: Vec<Hash> = flag.evidence.iter().map(|index| self.event(*index).id).collect();
        let data = AnomalyRaised {
            flag: flag.id,
            rule: flag.rule.id.parse().unwrap(),
            version: flag.rule.version,
            severity: flag.severity,
            kind: flag.kind,
            remedy: flag.remedy(),
            money_at_risk: flag.money_at_risk,
            person: Some(person),
            officer: None,
            actor: None,
            institution: None,
            village: None,
            programme: flag.programme,
            month: flag.month,
            judged_on: self.today,
            inputs: inputs.clone(),
            all_inputs: flag.all_evidence,
        };
        let subject = Subject::Person(person);
        let raised = self.sign("411700-system", &subject, inputs, data);
        assert_eq!(self.standing(&flag.id), Standing::Open);
        let data = AnomalyAssigned { flag: flag.id, to: INSPECTOR.parse().unwrap() };
        self.sign(SUPERVISOR, &subject, vec![raised], data);
        assert_eq!(self.standing(&flag.id), Standing::Assigned);
        let data = AnomalyReviewed {
            flag: flag.id,
            verdict: Verdict::Confirmed,
            reason: "looked at with the person".parse().unwrap(),
            evidence: vec![],
        };
        let verdict = self.sign(INSPECTOR, &subject, vec![raised], data);
        assert_eq!(self.standing(&flag.id), Standing::Confirmed);
        verdict
    }

    /// What a confirmed flag calls for is done; one without money ends with its verdict.
    fn ended(&self, flag: &Flag, person: PersonId, verdict: Hash) {
        let (subject, amount) = (Subject::Person(person), flag.money_at_risk);
        match flag.remedy() {
            Remedy::Recover => {
                let due = self.today.plus_days(30);
                let data = RecoveryOrdered { person, flag: flag.id, amount, due, verdict };
                let order = self.sign(WELFARE, &subject, vec![verdict], data);
                assert_eq!(self.standing(&flag.id), Standing::Confirmed, "it takes two");
                self.house.endorse(SUPERVISOR, &[order]).unwrap();
                let data = RecoveryReceived { person, flag: flag.id, order, amount };
                self.sign(FINANCE, &subject, vec![order], data);
            }
            Remedy::Help => {
                let data = HelpGiven {
                    person,
                    flag: flag.id,
                    help: HelpKind::ApplicationTaken,
                    amount: None,
                    what: "the application was taken at home".parse().unwrap(),
                    evidence: vec![],
                };
                self.sign(WELFARE, &subject, vec![verdict], data);
            }
            Remedy::Mend => return,
        }
        assert_eq!(self.standing(&flag.id), Standing::Closed, "{}", flag.rule.id);
    }
}

/// Says whether the names stand among the events in their order.
fn goes(events: &[Recorded], way: &[&str]) -> bool {
    let mut events = events.iter();
    way.iter().all(|name| events.any(|event| event.payload.body.name() == *name))
}

#[test]
fn every_programme_from_application_to_verdict_and_end() {
    let mut office = Office::open();
    let flags = office.flags();
    for (programme, rule, way) in WAYS {
        let mut found = flags.iter().filter_map(|flag| {
            let FlagSubject::Person(person) = flag.subject else { return None };
            let named = flag.programme.is_some_and(|of| of.name() == *programme);
            let events =
                (named && flag.rule.id == *rule).then(|| office.history(person, programme))?;
            goes(&events, way).then_some((flag, person, events))
        });
        let found = found.next();
        let (flag, person, events) =
            found.unwrap_or_else(|| panic!("no {rule} of {programme} that was walked"));
        // Whoever applied, reviewed and granted are different people.
        let steps = [APPLIED, CHECKED, FIRST, SECOND, GRANTED];
        let chain = events.iter().filter(|event| steps.contains(&event.payload.body.name()));
        let signers: Vec<_> = chain.map(|event| event.signer.actor.clone()).collect();
        let distinct: BTreeSet<_> = signers.iter().collect();
        assert_eq!(distinct.len(), signers.len(), "{programme}: {signers:?}");
        let verdict = office.judged(flag, person);
        office.ended(flag, person, verdict);
    }
    // What was judged is still found, and is nobody's news: the index says so after all of it.
    office.index.catch_up(&office.house.ledger).unwrap();
    let again: BTreeSet<_> = office.flags().into_iter().map(|flag| flag.id).collect();
    let gone = flags.iter().filter(|flag| !again.contains(&flag.id)).count();
    assert_eq!(gone, 0, "a verdict changes no fact");
}
