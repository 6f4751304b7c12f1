//! Applications for every programme that the window takes, with what each asks for.

use serde_json::{Value, json};

use super::desk::{certified, sign, signer};
use super::{CLERK, Desk, SUPERVISOR};
use crate::answer::desk::{Kind, Offer, endorsements, offers, person_offers};
use crate::crypto::TagKind;
use crate::domain::benefit::Case;
use crate::event::Body;
use crate::policy::{RateRow, rates_policy};
use crate::value::{
    Day, EvidenceKind, Fen, Hash, HouseGrade, HouseholdId, Month, PersonId, PolicyName, Programme,
    Subject, Unit, VehicleId,
};

fn forms(desk: &Desk, person: PersonId) -> Vec<Offer> {
    let all = person_offers(&desk.app.ledger, &signer(desk, CLERK), person).unwrap();
    all.into_iter().filter(|offer| offer.name == "benefit.applied").collect()
}

fn form(desk: &Desk, person: PersonId, programme: &str) -> Offer {
    let mut all = forms(desk, person).into_iter();
    let found = all.find(|offer| offer.data["programme"] == programme);
    found.unwrap_or_else(|| panic!("no form for {programme}"))
}

/// Signs an application with these papers, and answers with its case.
async fn apply(desk: &Desk, offer: &Offer, papers: &[&str], more: Value) -> (Case, Subject) {
    let paper = |kind: &&str| json!({ "kind": kind, "hash": Hash([7; 32]) });
    let mut said = more;
    said["evidence"] = papers.iter().map(paper).collect();
    let index = sign(desk, CLERK, offer, said, Value::Null).await;
    let subject = desk.app.ledger.event(index).unwrap().subject;
    let Subject::Case(id) = subject else { panic!("{subject}") };
    let found = desk.app.ledger.with_state(|state| state.benefits.case(&id).cloned());
    (found.unwrap().unwrap(), subject)
}

fn papers_of(offer: &Offer) -> Vec<String> {
    let field = offer.fields.iter().find(|field| field.path == "evidence").unwrap();
    let Kind::PapersOf(kinds) = &field.kind else { panic!("{:?}", field.kind) };
    kinds.iter().map(|kind| kind.value.clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_programme_with_a_chain_has_its_form_and_homes_where_there_is_one() {
    let desk = Desk::founded();
    let (person, _) = certified(&desk).await;
    let today = Day::of_millis(desk.now_s() * 1000);
    let month = today.month();
    let expected = desk.app.ledger.with_state(|state| {
        let of = |programme: Programme| {
            let (_, policy) =
                state.policies.programme(programme, "411702".parse().unwrap(), month)?;
            let apart = policy.unit == Unit::Household;
            let single = policy.severe_adult_as_single_household;
            let in_time = policy.apply_by.is_none_or(|last| today <= last.of_year(today.year()));
            (!policy.chain.is_empty() && (!apart || single) && in_time).then_some(programme)
        };
        let mut all: Vec<_> = state
            .policies
            .policies()
            .filter_map(|published| match published.policy.name {
                PolicyName::Programme(programme) => of(programme),
                PolicyName::Certificate | PolicyName::Rates => None,
            })
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    });
    let offered: Vec<Programme> = forms(&desk, person)
        .iter()
        .map(|offer| offer.data["programme"].as_str().unwrap().parse().unwrap())
        .collect();
    assert_eq!(offered, expected.unwrap());
    assert!(offered.len() > 5, "{offered:?}");
    let page = desk.page(CLERK, &format!("/console/desk/people/{person}?lang=zh")).await;
    assert!(page.text().contains("申请待遇：托养服务"), "{}", page.text());
    assert!(page.text().contains("入住评估"), "the paper that it wants is asked for by name");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_papers_that_a_policy_wants_are_on_the_case_by_their_names() {
    let desk = Desk::founded();
    let (person, _) = certified(&desk).await;
    let care = form(&desk, person, "care_placement");
    assert_eq!(papers_of(&care), ["申请表", "entry_assessment"]);
    let (case, _) = apply(&desk, &care, &["申请表", "entry_assessment"], json!({})).await;
    assert!(case.papers.contains(&EvidenceKind::EntryAssessment), "{:?}", case.papers);
    assert!(forms(&desk, person).iter().all(|offer| offer.data["programme"] != "care_placement"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_is_applied_for_by_a_member_of_the_household_with_its_grade() {
    let desk = Desk::founded();
    let (person, _) = certified(&desk).await;
    let house = "house_renovation";
    assert!(forms(&desk, person).iter().all(|offer| offer.data["programme"] != house));
    let home = HouseholdId([6; 16]);
    let body = json!({
        "type": "household.member_joined", "subject": format!("household:{home}"),
        "data": { "household": home, "person": person, "is_head": true, "from": "2025-10-01" },
    });
    desk.record(CLERK, &body).await;
    let offer = form(&desk, person, house);
    assert_eq!(offer.data["household"], json!(home));
    let more = json!({ "asked": { "grade": "C" } });
    let (case, subject) = apply(&desk, &offer, &["申请表", "appraisal"], more).await;
    assert_eq!((case.grade, case.per.0), (Some(HouseGrade::C), Unit::Household));
    // The village's check is asked for the papers that are still missing.
    let Subject::Case(id) = subject else { panic!() };
    let clerk = signer(&desk, "411702-clerk-2");
    let checks = offers(&desk.app.ledger, &clerk, id).unwrap();
    let check = checks.iter().find(|offer| offer.name == "benefit.checked").unwrap();
    let missing = papers_of(check);
    assert!(missing.contains(&"village_review".to_owned()), "{missing:?}");
    assert!(!missing.contains(&"appraisal".to_owned()), "{missing:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn dibao_is_granted_and_amended_by_the_income_that_is_told() {
    let (township, welfare) = ("411702-township-1", "411702-welfare-1");
    let desk = Desk::founded();
    let (person, _) = certified(&desk).await;
    let row = RateRow {
        programme: "dibao",
        unit: "household-month",
        amount: Fen(55_000),
        valid_from: "2016-01-01".parse().unwrap(),
        valid_to: None,
    };
    let text = rates_policy("411700".parse().unwrap(), 9, &[row]).unwrap();
    let body = json!({
        "type": "policy.published", "subject": "programme:rates",
        "data": { "text": text, "hash": Hash::blake3(text.as_bytes()) },
    });
    desk.record("411700-approver-1", &body).await;
    let waits = endorsements(&desk.app.ledger, &signer(&desk, SUPERVISOR)).unwrap();
    sign(&desk, SUPERVISOR, &waits[0], json!({}), Value::Null).await;

    let offer = form(&desk, person, "dibao");
    let (case, subject) = apply(&desk, &offer, &["申请表"], json!({})).await;
    let Subject::Case(id) = subject else { panic!("{subject}") };
    let of = |actor: &str, name: &str| -> Vec<Offer> {
        let all = offers(&desk.app.ledger, &signer(&desk, actor), id).unwrap();
        all.into_iter().filter(|offer| offer.name == name).collect()
    };
    let agrees = of(township, "benefit.first_reviewed");
    let agrees = agrees.iter().find(|offer| offer.data["opinion"] == "agree").unwrap();
    sign(&desk, township, agrees, json!({}), Value::Null).await;

    let granted = of(welfare, "benefit.determined");
    let grant = granted.iter().find(|offer| offer.data["outcome"] == "granted");
    let grant = grant.expect("a grant is offered, though its amount follows from what is told");
    let asked: Vec<_> = grant.fields.iter().map(|field| field.path).collect();
    assert_eq!(asked, ["amount", "income"]);
    let told = json!({ "amount": 25_000, "income": 30_000 });
    sign(&desk, welfare, grant, told, Value::Null).await;

    let amended = of(welfare, "benefit.amended");
    let [amend] = amended.as_slice() else { panic!("{amended:?}") };
    let next = Day::of_millis(desk.now_s() * 1000).month().next();
    assert_eq!(amend.data["from_month"], json!(next));
    let told = json!({ "amount": 15_000, "income": 40_000, "reason": "another income" });
    sign(&desk, welfare, amend, told, Value::Null).await;
    let found = desk.app.ledger.with_state(|state| state.benefits.case(&id).cloned());
    let found = found.unwrap().unwrap();
    assert_eq!(found.amount(case.month), Some(Fen(25_000)));
    assert_eq!(found.amount(next), Some(Fen(15_000)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vehicle_is_applied_for_with_its_numbers_sealed_and_only_once() {
    let desk = Desk::founded();
    let (person, _) = certified(&desk).await;
    // Applications of a year close at the end of March.
    assert!(forms(&desk, person).iter().all(|offer| offer.data["programme"] != "fuel_subsidy"));
    let year = Day::of_millis(desk.now_s() * 1000).year() + 1;
    let january = Month::new(year, 1).unwrap().first_day().plus_days(14);
    desk.clock.advance_to(january.start_millis() + 36_000_000);
    let offer = form(&desk, person, "fuel_subsidy");
    let papers = papers_of(&offer);
    let papers: Vec<_> = papers.iter().map(String::as_str).collect();
    let numbers = json!({ "chassis": "LZR313518183927", "engine": "E20230001" });
    let paper = |kind: &&str| json!({ "kind": kind, "hash": Hash([7; 32]) });
    let said = json!({ "evidence": papers.iter().map(paper).collect::<Value>() });
    let index = sign(&desk, CLERK, &offer, said, numbers).await;
    let event = desk.app.ledger.event(index).unwrap();
    let personal = desk.app.ledger.personal().unwrap();
    let Body::BenefitApplied(data) = &event.payload.body else { panic!("{event:?}") };
    let asked = data.asked.as_ref().unwrap();
    assert_eq!(asked.chassis, Some(personal.tag(TagKind::Chassis, "LZR313518183927")));
    assert_eq!(asked.engine, Some(personal.tag(TagKind::Engine, "E20230001")));
    assert!(data.vehicle.is_some_and(|vehicle| vehicle != VehicleId([0; 16])));
    let text = serde_json::to_string(&event.payload).unwrap();
    assert!(!event.payload.sealed.is_empty() && !text.contains("LZR313518183927"), "{text}");
    // The vehicle is known by either number, whatever id it is given.
    let again = json!({
        "type": "benefit.applied", "subject": "case:new", "data": offer.data,
        "personal": { "chassis": "OTHER", "engine": "E20230001" },
    });
    let refused = sent(&desk, again).await;
    assert!(refused.contains("case_open"), "{refused}");
    // A tag that nothing sealed stands behind is not taken.
    let mut bare = data.as_ref().clone();
    bare.asked.as_mut().unwrap().engine = None;
    let refused =
        sent(&desk, json!({ "type": "benefit.applied", "subject": "case:new", "data": bare }))
            .await;
    assert!(refused.contains("sealed_missing"), "{refused}");
}

/// What the service answers to a body that the clerk signs, with the form.
async fn sent(desk: &Desk, mut body: Value) -> String {
    body["data"]["evidence"] = json!([{ "kind": "申请表", "hash": Hash([7; 32]) }]);
    desk.submit(CLERK, &body).await.text().to_owned()
}
