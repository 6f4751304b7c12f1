//! Benefits that are stopped, resumed, amended and paid back, by the desk's forms.

use serde_json::{Value, json};

use super::desk::{paper, sign, signer};
use super::{CLERK, Desk, INSPECTOR, SUPERVISOR};
use crate::answer::desk::{Kind, Offer, endorsements, flag_offers, offers, waiting};
use crate::domain::benefit::{Case, Status};
use crate::policy::{RateRow, rates_policy};
use crate::value::{CaseId, Day, Fen, Hash, Month, Subject};

const WELFARE: &str = "411702-welfare-1";
const FINANCE: &str = "411702-finance-1";
pub(super) const BANK: &str = "411702-bank-1";
const TOWNSHIP: &str = "411702-township-1";

fn today(desk: &Desk) -> Day {
    Day::of_millis(desk.now_s() * 1000)
}

pub(super) fn case_of(desk: &Desk, id: CaseId) -> Case {
    desk.app.ledger.with_state(|state| state.benefits.case(&id).cloned()).unwrap().unwrap()
}

/// A monthly benefit that runs, paid into an account.
pub(super) fn running(desk: &Desk) -> CaseId {
    let runs = |case: &Case| {
        case.status == Status::Granted
            && case.is_monthly()
            && case.is_running()
            && case.account.is_some()
    };
    let found = desk
        .app
        .ledger
        .with_state(|state| state.benefits.cases().find(|(_, case)| runs(case)).map(|(id, _)| *id));
    found.unwrap().expect("somebody is paid every month")
}

pub(super) fn of(desk: &Desk, actor: &str, case: CaseId, name: &str) -> Vec<Offer> {
    let all = offers(&desk.app.ledger, &signer(desk, actor), case).unwrap();
    all.into_iter().filter(|offer| offer.name == name).collect()
}

fn on_ground(all: Vec<Offer>, ground: &str) -> Offer {
    let found = all.into_iter().find(|offer| offer.data["ground"] == ground);
    found.unwrap_or_else(|| panic!("{ground} is not offered"))
}

fn at_first(offer: &Offer, path: &str) -> Month {
    let field = offer.fields.iter().find(|field| field.path == path).unwrap();
    field.value.as_ref().unwrap().parse().unwrap()
}

fn told() -> Value {
    json!({ "notice": paper(), "proof": paper() })
}

pub(super) async fn endorse(desk: &Desk, actor: &str) {
    let waits = endorsements(&desk.app.ledger, &signer(desk, actor)).unwrap();
    let [endorsed] = waits.as_slice() else { panic!("{waits:?}") };
    sign(desk, actor, endorsed, json!({}), Value::Null).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_benefit_is_stopped_resumed_and_its_gap_paid_back_by_two_offices() {
    let desk = Desk::county();
    let case = running(&desk);
    let grounds: Vec<_> = of(&desk, WELFARE, case, "benefit.stopped")
        .into_iter()
        .map(|offer| offer.data["ground"].clone())
        .collect();
    // The register and the certificate show that these two still hold.
    assert!(!grounds.contains(&json!("certificate_not_valid")), "{grounds:?}");
    assert!(grounds.contains(&json!("voluntary")) && grounds.contains(&json!("death")));
    for other in [CLERK, TOWNSHIP, FINANCE, BANK] {
        assert!(of(&desk, other, case, "benefit.stopped").is_empty(), "{other}");
    }
    assert!(of(&desk, WELFARE, case, "benefit.resumed").is_empty(), "it runs");
    let at = |lang| format!("/console/desk/cases/{case}?lang={lang}");
    let zh = desk.page(WELFARE, &at("zh")).await;
    assert!(zh.text().contains("停发待遇：自愿"), "{}", zh.text());
    let en = desk.page(WELFARE, &at("en")).await;
    assert!(en.text().contains("stop the benefit: voluntary"), "{}", en.text());

    let next = today(&desk).month().next();
    let stop = on_ground(of(&desk, WELFARE, case, "benefit.stopped"), "voluntary");
    assert_eq!(at_first(&stop, "from_month"), next, "nothing on the ledger says since when");
    let more = json!({ "from_month": next, "told": told() });
    sign(&desk, WELFARE, &stop, more, Value::Null).await;
    assert_eq!(case_of(&desk, case).stopped, Some(next));
    let earlier = of(&desk, WELFARE, case, "benefit.stopped");
    assert!(earlier.iter().all(|offer| at_first(offer, "from_month") < next), "{earlier:?}");
    assert!(of(&desk, WELFARE, case, "benefit.resumed").is_empty(), "not before the stop");
    let person = case_of(&desk, case).person;
    let page = desk.page(WELFARE, &format!("/console/desk/people/{person}?lang=zh")).await;
    assert!(page.text().contains(&format!("已停发，自 {next}")), "{}", page.text());

    // Two months on, the person wants it again: only months since the stop can be named.
    desk.clock.advance_to(next.next().first_day().start_millis() + 36_000_000);
    assert!(of(&desk, WELFARE, case, "benefit.stopped").is_empty(), "nothing is left to stop");
    let resumed = of(&desk, WELFARE, case, "benefit.resumed");
    let Some(resume) = resumed.first() else { panic!("the benefit cannot be resumed") };
    let months = choices(resume, "from_month");
    assert_eq!(months, [next.to_string(), next.next().to_string()]);
    let more = json!({ "from_month": next, "reason": "wanted again" });
    sign(&desk, WELFARE, resume, more, Value::Null).await;
    assert!(case_of(&desk, case).is_running());

    // The month between is no payroll's own: civil affairs and finance pay it back together.
    let missed = on_ground(of(&desk, WELFARE, case, "back_pay.granted"), "missed_month");
    assert!(choices(&missed, "months").contains(&next.to_string()), "{missed:?}");
    assert!(!choices(&missed, "months").contains(&next.next().to_string()), "it has a payroll");
    sign(&desk, WELFARE, &missed, json!({ "months": [next] }), Value::Null).await;
    assert!(!case_of(&desk, case).back_pay.contains(&next), "one office pays nothing back");
    endorse(&desk, FINANCE).await;
    assert!(case_of(&desk, case).back_pay.contains(&next));
}

fn choices(offer: &Offer, path: &str) -> Vec<String> {
    let field = offer.fields.iter().find(|field| field.path == path).unwrap();
    match &field.kind {
        Kind::One(choices) | Kind::Some(choices, _) => {
            choices.iter().map(|choice| choice.value.clone()).collect()
        }
        other => panic!("{other:?}"),
    }
}

/// Records what a register says of the person.
async fn fact(desk: &Desk, custodian: &str, case: CaseId, kind: &str, from: Day) {
    let person = case_of(desk, case).person;
    let id = desk.app.ledger.with_state(|state| state.people.find(&person).unwrap().ids[0]);
    let body = json!({
        "type": "external_fact.recorded", "subject": format!("person:{person}"),
        "data": {
            "person": person, "id": id.unwrap(), "id_form": "valid", "kind": kind, "from": from,
        },
    });
    desk.record(custodian, &body).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_begins_with_the_first_month_that_the_loss_takes() {
    let desk = Desk::county();
    let case = running(&desk);
    let died = today(&desk).plus_months(-2);
    fact(&desk, "411700-police-1", case, "death", died).await;
    let dead = on_ground(of(&desk, WELFARE, case, "benefit.stopped"), "death");
    let first = at_first(&dead, "from_month");
    assert_eq!(first, died.month().next(), "the month after the loss, by the policy");
    assert!(dead.fields.iter().all(|field| field.path != "told"), "nobody is told of a death");
    // A month that is still owed is refused, and both languages say which is the first.
    let mut data = dead.data.clone();
    data.insert("from_month".to_owned(), json!(died.month()));
    let body = json!({ "type": dead.name, "subject": dead.subject, "data": data });
    let refused = desk.submit(WELFARE, &body).await;
    assert_eq!(refused.problem(), (422, "month_still_payable".to_owned()));
    let zh = refused.json()["detail_zh"].as_str().unwrap().to_owned();
    assert!(zh.contains(&format!("第一个不发的月份是 {first}")), "{zh}");
    sign(&desk, WELFARE, &dead, json!({ "from_month": first }), Value::Null).await;
    assert_eq!(case_of(&desk, case).stopped, Some(first));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_account_is_bound_after_the_bank_and_the_window_took_the_first_off() {
    let desk = Desk::county();
    let case = running(&desk);
    assert!(of(&desk, WELFARE, case, "account.unbound").is_empty());
    let offered = of(&desk, BANK, case, "account.unbound");
    let [unbind] = offered.as_slice() else { panic!("{offered:?}") };
    assert!(of(&desk, BANK, case, "account.bound").is_empty(), "one at a time");
    sign(&desk, BANK, unbind, json!({ "reason": "the card was lost" }), Value::Null).await;
    endorse(&desk, CLERK).await;
    assert!(case_of(&desk, case).account.is_none());
    let due = waiting(&desk.app.ledger, &signer(&desk, BANK)).unwrap().0;
    assert!(due.iter().any(|it| it.subject == Subject::Case(case)), "the new account waits");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_published_amount_is_offered_from_the_month_on_which_it_holds() {
    let desk = Desk::county();
    let case = running(&desk);
    assert!(of(&desk, WELFARE, case, "benefit.amended").is_empty(), "nothing has changed");
    let Case { programme, .. } = case_of(&desk, case);
    let month = today(&desk).month().plus(3);
    let amount = Fen(case_of(&desk, case).amount(month).unwrap().0 + 1500);
    let row = RateRow {
        programme: programme.name(),
        unit: "person-month",
        amount,
        valid_from: month.first_day(),
        valid_to: None,
    };
    let text = rates_policy("411700".parse().unwrap(), 9, &[row]).unwrap();
    let body = json!({
        "type": "policy.published", "subject": "programme:rates",
        "data": { "text": text, "hash": Hash::blake3(text.as_bytes()) },
    });
    let publisher = "411700-approver-1";
    desk.record(publisher, &body).await;
    endorse(&desk, SUPERVISOR).await;

    let offered = of(&desk, WELFARE, case, "benefit.amended");
    let [amend] = offered.as_slice() else { panic!("{offered:?}") };
    assert_eq!((&amend.data["from_month"], &amend.data["amount"]), (&json!(month), &json!(amount)));
    let page = desk.page(WELFARE, &format!("/console/desk/cases/{case}?lang=zh")).await;
    assert!(page.text().contains(&format!("<dd>{amount}</dd>")), "{}", page.text());
    sign(&desk, WELFARE, amend, json!({ "reason": "the new amount" }), Value::Null).await;
    assert_eq!(case_of(&desk, case).amount(month), Some(amount));
    assert!(of(&desk, WELFARE, case, "benefit.amended").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lives_is_reviewed_every_year() {
    let desk = Desk::county();
    let case = running(&desk);
    let offered = of(&desk, TOWNSHIP, case, "annual_review.completed");
    let [review] = offered.as_slice() else { panic!("{offered:?}") };
    assert_eq!(review.data["year"], today(&desk).month().year());
    let more = json!({ "outcome": "granted", "alive": paper() });
    sign(&desk, TOWNSHIP, review, more, Value::Null).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_flag_stops_the_benefit_and_freezes_the_certificate() {
    let desk = Desk::county();
    let case = running(&desk);
    let (person, flag) = (case_of(&desk, case).person, Hash([5; 32]));
    let names = |actor: &str| -> Vec<&'static str> {
        let all = flag_offers(&desk.app.ledger, &signer(&desk, actor), flag).unwrap();
        all.iter().map(|offer| offer.name).collect()
    };
    let raised = json!({
        "type": "anomaly.raised", "subject": format!("person:{person}"),
        "data": {
            "flag": flag, "rule": "R43", "version": 1, "severity": "S3", "kind": "lead",
            "remedy": "mend", "money_at_risk": 0, "person": person, "judged_on": "2026-10-01",
            "programme": case_of(&desk, case).programme, "inputs": [],
        },
    });
    let system = "411700-system";
    desk.record(system, &raised).await;
    assert!(!names(WELFARE).contains(&"benefit.stopped"), "nobody has judged");
    let all = flag_offers(&desk.app.ledger, &signer(&desk, INSPECTOR), flag).unwrap();
    let more = json!({ "verdict": "confirmed", "reason": "it is so", "evidence": [] });
    let verdict = sign(&desk, INSPECTOR, &all[0], more, Value::Null).await;
    let verdict = desk.app.ledger.event(verdict).unwrap().id;

    let approver = "411702-approver-1";
    assert!(names(approver).contains(&"certificate.frozen"), "{:?}", names(approver));
    assert!(!names(SUPERVISOR).contains(&"certificate.frozen"));
    let all = flag_offers(&desk.app.ledger, &signer(&desk, WELFARE), flag).unwrap();
    let stops = all.into_iter().filter(|offer| offer.name == "benefit.stopped").collect();
    let stop = on_ground(stops, "false_material");
    assert_eq!(stop.data["verdict"], json!(verdict), "it rests on the verdict");
    let more = json!({ "from_month": at_first(&stop, "from_month"), "told": told() });
    let index = sign(&desk, WELFARE, &stop, more, Value::Null).await;
    let stopped = desk.app.ledger.with_state(|state| state.oversight.flag(&flag).unwrap().stops[0]);
    assert_eq!(stopped.unwrap(), desk.app.ledger.event(index).unwrap().id);
    assert!(!names(WELFARE).contains(&"benefit.stopped"), "it is stopped");
}
