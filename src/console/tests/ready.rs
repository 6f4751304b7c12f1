//! A demo that stops in the middle of its story: whoever sits down at a desk finds work there, and
//! the step that the desk names is accepted when it is signed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::desk::{sign, signer};
use crate::answer::desk::{
    Kind, Offer, endorsements, offers, payroll_to_prepare, payrolls, person_offers, waiting,
};
use crate::answer::open;
use crate::demo::sample_actors;
use crate::event::{Body, Grade};
use crate::service::tests::Desk;
use crate::value::{CertificateNumber, Day, PersonId, Programme, Subject};

/// Whose work is on no desk: what it is instead.
const ELSEWHERE: &[(&str, &str)] = &[
    ("411700-approver-1", "publishes policies by command; the county approves certificates"),
    ("411700-carer-1", "sends rolls"),
    ("411700-carer-2", "sends rolls"),
    ("411700-health-1", "sends the lists of its register"),
    ("411700-inspector-1", "works the queue of flags"),
    ("411700-justice-1", "sends the lists of its register"),
    ("411700-labour-1", "sends the lists of its register"),
    ("411700-provider-1", "sends rolls"),
    ("411700-welfare-1", "sends the lists of its register"),
];

/// Every step that a case has to wait at.
const STEPS: &[&str] = &[
    "account.bound",
    "appeal.concluded",
    "appeal.reassessed",
    "application.accepted",
    "assessment.assigned",
    "assessment.concluded",
    "assessment.recorded",
    "benefit.determined living_allowance",
    "benefit.determined nursing_care_subsidy",
    "benefit.first_reviewed living_allowance",
    "benefit.first_reviewed nursing_care_subsidy",
    "benefit.second_reviewed living_allowance",
    "benefit.second_reviewed nursing_care_subsidy",
    "certificate.approved",
    "certificate.issued",
    "certificate.printed",
    "certificate.refused",
    "endorsed account.bound",
    "endorsed certificate.issued",
    "endorsed notice.waived",
    "endorsed processing.restricted",
    "identity.verified",
    "notice.closed",
    "notice.posted",
    "objection.resolved",
    "payroll.authorised living_allowance",
    "payroll.authorised nursing_care_subsidy",
    "personal_data.erased",
    "review.completed",
];

/// A step that somebody may agree to now.
struct Due {
    name: String,
    person: Option<PersonId>,
    offer: Offer,
}

/// Whether signing an offer means to agree.
fn agrees(offer: &Offer) -> bool {
    let says = |field: &str, word: &str| offer.data.get(field) == Some(&json!(word));
    !says("opinion", "disagree") && !says("outcome", "refused") && offer.name != "right.declined"
}

/// What stands on an actor's desk, that can be agreed to.
fn on_desk(desk: &Desk, actor: &str) -> Vec<Due> {
    let (ledger, signer) = (&desk.app.ledger, signer(desk, actor));
    let mut found = Vec::new();
    for case in waiting(ledger, &signer).unwrap().0 {
        let all = match &case.subject {
            Subject::Case(id) => offers(ledger, &signer, *id),
            Subject::Person(id) => person_offers(ledger, &signer, *id),
            // Payrolls are asked for below.
            _ => continue,
        };
        let of = |offer: &Offer| {
            offer.due && offer.blocked.is_none() && case.steps.contains(&offer.name)
        };
        let programme = match &case.subject {
            Subject::Case(id) => ledger
                .with_state(|state| state.benefits.case(id).map(|case| case.programme))
                .unwrap(),
            _ => None,
        };
        for offer in all.unwrap().into_iter().filter(of).filter(agrees) {
            let programme = programme.filter(|_| offer.name.starts_with("benefit."));
            let programme = programme.map(|programme| format!(" {programme}"));
            let name = format!("{}{}", offer.name, programme.unwrap_or_default());
            found.push(Due { name, person: case.person, offer });
        }
    }
    for offer in endorsements(ledger, &signer).unwrap() {
        let index = ledger.find(&offer.refs[0]).unwrap().unwrap();
        let body = ledger.event(index).unwrap().payload.body;
        if offer.blocked.is_none() {
            let name = format!("endorsed {}", body.name());
            found.push(Due { name, person: body.person(), offer });
        }
    }
    for one in payrolls(ledger, &signer).unwrap() {
        let name = format!("payroll.authorised {}", one.payroll.programme);
        found.extend(one.offer.map(|offer| Due { name, person: None, offer }));
    }
    found
}

/// What its signer says on a form, and the personal fields.
fn filled(desk: &Desk, due: &Due) -> (Value, Value) {
    let today = Day::of_millis(desk.now_s() * 1000);
    let mut more = Map::new();
    for field in &due.offer.fields {
        let is_asked = field.required || field.kind == Kind::OldCard;
        if let Some(value) = field.sample(today).filter(|_| is_asked) {
            let grade = due.offer.data.get("grade").filter(|_| field.kind == Kind::Grade);
            more.insert(field.path.to_owned(), grade.cloned().unwrap_or(value));
        }
    }
    let personal = due.offer.fields.iter().filter(|field| field.kind == Kind::Personal);
    let mut sealed = Map::new();
    for field in personal.filter(|field| field.required) {
        let path = if field.path == "holder_name" { "holder" } else { field.path };
        sealed.insert(path.to_owned(), json!(personal_field(desk, due, path)));
    }
    (Value::Object(more), if sealed.is_empty() { Value::Null } else { Value::Object(sealed) })
}

fn personal_field(desk: &Desk, due: &Due, field: &str) -> String {
    let (ledger, person) = (&desk.app.ledger, due.person.unwrap());
    let known = (0..ledger.len()).find_map(|index| {
        let event = ledger.event(index).unwrap();
        let applies =
            matches!(&event.payload.body, Body::ApplicationSubmitted(it) if it.person == person);
        applies.then(|| open(ledger, &event).unwrap().unwrap())
    });
    let known = known.unwrap();
    let id = known.id_number.clone().unwrap();
    match field {
        "name" | "holder" => known.name.clone().unwrap(),
        "id_number" => id,
        "certificate_number" => {
            let grade: Grade = serde_json::from_value(due.offer.data["grade"].clone()).unwrap();
            let (category, level) = (grade.category, grade.level);
            CertificateNumber { id: id.parse().unwrap(), category, level, replaced: 0 }.to_string()
        }
        "blank" => "DEMO999999990".to_owned(),
        "account" => "9909999999999999".to_owned(),
        other => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_desk_of_a_demo_has_work_that_can_be_agreed_to() {
    let desk = Desk::open_county();
    let roots = ["411700-keys-1", "411700-supervisor-1"].map(str::to_owned);
    let actors = sample_actors().into_iter().map(|actor| actor.id.to_string()).chain(roots);
    let actors: Vec<String> = actors.collect();
    let (mut idle, mut steps, mut who) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
    for actor in &actors {
        let due = on_desk(&desk, actor);
        if due.is_empty() {
            idle.insert(actor.as_str());
        } else {
            steps.extend(due.iter().map(|due| due.name.clone()));
            who.insert(actor, due.len());
        }
    }
    assert_eq!(idle, ELSEWHERE.iter().map(|(actor, _)| *actor).collect(), "{who:?}");
    let missing: Vec<_> = STEPS.iter().filter(|step| !steps.contains(**step)).collect();
    assert!(missing.is_empty(), "{missing:?} of {steps:?}");

    // Somebody is to be put on a payroll, somebody to be paid by the bank, a card to be handed over.
    let welfare = signer(&desk, "411702-welfare-1");
    let month = Day::of_millis(desk.now_s() * 1000).month();
    for programme in [Programme::LIVING_ALLOWANCE, Programme::NURSING_CARE_SUBSIDY] {
        let proposed = payroll_to_prepare(&desk.app.ledger, &welfare, programme, month).unwrap();
        assert!(!proposed.batches.is_empty(), "{programme}: {:?}", proposed.left_out);
        let released = |body: &Body| matches!(body, Body::PayrollAuthorised(_));
        let (mut open, mut paid) = (BTreeSet::new(), BTreeSet::new());
        for index in 0..desk.app.ledger.len() {
            let event = desk.app.ledger.event(index).unwrap();
            match (&event.subject, &event.payload.body) {
                (Subject::Payroll(id), body) if released(body) => _ = open.insert(*id),
                (_, Body::PaymentExecuted(data)) => paid.extend(data.payroll),
                _ => {}
            }
        }
        let waits = open.difference(&paid).filter(|id| {
            let of = |state: &crate::domain::State| {
                state.benefits.payroll(id).is_some_and(|found| found.programme == programme)
            };
            desk.app.ledger.with_state(of).unwrap()
        });
        assert!(waits.count() > 0, "no {programme} waits for the bank");
    }

    // Each signs the first thing on the list, one after the other, and it is recorded; only whose
    // colleague took the last one has nothing left.
    let mut roles = BTreeSet::new();
    for actor in actors.iter().filter(|actor| !idle.contains(actor.as_str())) {
        let (all, role) = (on_desk(&desk, actor), signer(&desk, actor).role);
        let Some(due) = all.first() else {
            assert!(roles.contains(&role), "nothing is left for {actor}");
            continue;
        };
        roles.insert(role);
        let (more, personal) = filled(&desk, due);
        sign(&desk, actor, &due.offer, more, personal).await;
        assert!(
            on_desk(&desk, actor).iter().all(|other| {
                (&other.offer.subject, &other.offer.refs, other.offer.name)
                    != (&due.offer.subject, &due.offer.refs, due.offer.name)
                    || due.offer.subject.ends_with(":new")
            }),
            "{actor}: {} is still there",
            due.name
        );
    }
}
