//! Whose turn it is on a flag, and that it stands on the desk of whoever has it.

use serde_json::{Value, json};

use super::desk::{paper, sign, signer};
use super::{CLERK, INSPECTOR, SUPERVISOR};
use crate::answer::desk::{Place, endorsements, flag_offers, next_of_flag, waiting};
use crate::service::tests::Desk;
use crate::value::{Day, Hash, PersonId};

const WELFARE: &str = "411702-welfare-1";
const FINANCE: &str = "411702-finance-1";
const FLAG: Hash = Hash([5; 32]);

/// Puts a flag on the log about somebody who is paid a benefit.
async fn raised(desk: &Desk, remedy: &str) -> PersonId {
    let found = desk.app.ledger.with_state(|state| {
        let mut cases = state.benefits.cases();
        let paid = cases.find(|(_, case)| case.is_running() && case.account.is_some());
        paid.map(|(_, case)| (case.person, case.programme))
    });
    let (person, programme) = found.unwrap().unwrap();
    let body = json!({
        "type": "anomaly.raised", "subject": format!("person:{person}"),
        "data": {
            "flag": FLAG, "rule": "R01", "version": 1, "severity": "S1", "kind": "conclusive",
            "remedy": remedy, "money_at_risk": 6000, "person": person, "programme": programme,
            "judged_on": "2026-10-01", "inputs": [],
        },
    });
    desk.record("411700-system", &body).await;
    person
}

/// The steps of the flag that wait on somebody's desk.
fn on_desk(desk: &Desk, actor: &str) -> Vec<&'static str> {
    let all = waiting(&desk.app.ledger, &signer(desk, actor)).unwrap().0;
    let of_it = |place: &Place| matches!(place, Place::Flag(flag, _) if *flag == FLAG);
    all.into_iter().filter(|one| of_it(&one.place)).flat_map(|one| one.steps).collect()
}

/// Whose turn it is: each step, or what is to be endorsed, with roles and whether it may be left.
fn turns(desk: &Desk) -> Vec<(&'static str, Vec<&'static str>, bool)> {
    let all = next_of_flag(&desk.app.ledger, &signer(desk, WELFARE), FLAG).unwrap();
    let names = |roles: &[crate::event::Role]| roles.iter().map(|role| role.name()).collect();
    all.iter().map(|it| (it.of.unwrap_or(it.name), names(&it.roles), it.is_choice)).collect()
}

/// Takes the step of that name that the flag's page offers.
async fn take(desk: &Desk, actor: &str, name: &str, more: Value) {
    let all = flag_offers(&desk.app.ledger, &signer(desk, actor), FLAG).unwrap();
    let offer = all.iter().find(|offer| offer.name == name);
    let offer = offer.unwrap_or_else(|| panic!("{name} is not offered to {actor}: {all:?}"));
    sign(desk, actor, offer, more, Value::Null).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_verdict_to_the_money_each_step_is_on_its_officers_desk() {
    let desk = Desk::county();
    raised(&desk, "recover").await;
    assert_eq!(turns(&desk), [("anomaly.reviewed", vec!["inspector"], false)]);
    assert_eq!(on_desk(&desk, INSPECTOR), ["anomaly.reviewed"]);
    for actor in [WELFARE, FINANCE, CLERK] {
        assert!(on_desk(&desk, actor).is_empty(), "{actor}");
    }
    let confirmed = json!({ "verdict": "confirmed", "reason": "seen", "evidence": [] });
    take(&desk, INSPECTOR, "anomaly.reviewed", confirmed).await;
    assert!(on_desk(&desk, INSPECTOR).is_empty());
    let all = flag_offers(&desk.app.ledger, &signer(&desk, INSPECTOR), FLAG).unwrap();
    let again = all.iter().find(|offer| offer.name == "anomaly.reviewed").unwrap();
    assert!(!again.due, "another verdict is possible, and nobody waits for it");
    let page = desk.page(INSPECTOR, &format!("/console/flags/{FLAG}?lang=zh")).await;
    assert!(page.text().contains("<summary>核查疑点</summary>"), "{}", page.text());
    let officer = || vec!["civil_affairs_officer"];
    assert_eq!(
        turns(&desk),
        [("recovery.ordered", officer(), false), ("benefit.stopped", officer(), true)]
    );
    assert_eq!(on_desk(&desk, WELFARE), ["recovery.ordered", "benefit.stopped"]);
    let at = format!("/console/flags/{FLAG}?lang=zh");
    let page = desk.page(WELFARE, &at).await;
    for shown in ["现在轮到谁", "轮到您", "再由 监督员 会签", "也可以："] {
        assert!(page.text().contains(shown), "{shown}: {}", page.text());
    }
    let desk_page = desk.page(WELFARE, "/console/desk?lang=zh").await;
    assert!(desk_page.text().contains(&format!("/console/flags/{FLAG}")), "{}", desk_page.text());

    let today = Day::of_millis(desk.now_s() * 1000);
    let order = json!({ "amount": 6000, "due": today.plus_days(30) });
    take(&desk, WELFARE, "recovery.ordered", order).await;
    assert!(turns(&desk).contains(&("recovery.ordered", vec!["supervisor"], false)), "endorsed");
    // It waits for its second signer: nobody is asked to propose it again.
    assert_eq!(on_desk(&desk, WELFARE), ["benefit.stopped"]);
    let page = desk.page(WELFARE, &at).await;
    assert!(!page.text().contains("data-type=\"recovery.ordered\""), "{}", page.text());
    assert!(page.text().contains("会签：决定追缴 由 监督员"), "{}", page.text());
    assert_eq!(endorsements(&desk.app.ledger, &signer(&desk, SUPERVISOR)).unwrap().len(), 1);
    take(&desk, SUPERVISOR, "endorsed", json!({})).await;
    let all = turns(&desk);
    assert!(all.contains(&("recovery.received", vec!["finance_officer"], false)), "{all:?}");
    assert!(all.contains(&("recovery.waived", officer(), true)), "{all:?}");
    assert_eq!(on_desk(&desk, FINANCE), ["recovery.received"]);
    assert!(!on_desk(&desk, WELFARE).contains(&"recovery.waived"), "its day is not over");
    desk.clock.advance_to((desk.now_s() + 40 * 86_400) * 1000);
    assert!(on_desk(&desk, WELFARE).contains(&"recovery.waived"), "{:?}", on_desk(&desk, WELFARE));

    take(&desk, FINANCE, "recovery.received", json!({ "amount": 6000 })).await;
    assert_eq!(turns(&desk), [], "settled");
    for actor in [WELFARE, FINANCE, INSPECTOR] {
        assert!(on_desk(&desk, actor).is_empty(), "{actor}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn help_is_on_the_desk_of_whoever_is_near_and_opens_there() {
    let desk = Desk::county();
    raised(&desk, "help").await;
    let confirmed = json!({ "verdict": "confirmed", "reason": "seen", "evidence": [] });
    take(&desk, INSPECTOR, "anomaly.reviewed", confirmed).await;
    assert_eq!(on_desk(&desk, CLERK), ["help.given"]);
    let page = desk.page(CLERK, "/console/desk?lang=en").await;
    let at = format!("/console/desk/flags/{FLAG}");
    assert!(page.text().contains(&at), "{}", page.text());
    let page = desk.page(CLERK, &at).await;
    assert!(page.status == 200 && page.text().contains("data-type=\"help.given\""));
    assert_eq!(desk.page("411702-bank-1", &at).await.status, 403);
    let given = json!({ "help": "granted", "what": "applied with", "evidence": [paper()] });
    take(&desk, CLERK, "help.given", given).await;
    assert!(on_desk(&desk, CLERK).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn flags_that_nobody_has_are_one_row_of_whoever_assigns_them() {
    let desk = Desk::county();
    let to_assign = |desk: &Desk, actor: &str| {
        let all = waiting(&desk.app.ledger, &signer(desk, actor)).unwrap().0;
        all.into_iter().find_map(|one| match one.place {
            Place::Unassigned(count) => Some((count, one.steps)),
            _ => None,
        })
    };
    let before = to_assign(&desk, SUPERVISOR).map_or(0, |(count, _)| count);
    raised(&desk, "recover").await;
    assert_eq!(to_assign(&desk, SUPERVISOR), Some((before + 1, vec!["anomaly.assigned"])));
    // An inspector has each of them on the desk, to be judged.
    assert_eq!(to_assign(&desk, INSPECTOR), None);
    assert_eq!(to_assign(&desk, CLERK), None);
    let page = desk.page(SUPERVISOR, "/console/desk?lang=zh").await;
    let said = format!("尚未指派的疑点 <span class=\"n\">{}</span>", before + 1);
    assert!(page.text().contains(&said), "{}", page.text());
    let all = "/console/flags?state=open";
    assert!(page.text().contains(&format!("href=\"{all}\"")), "{}", page.text());
    assert!(desk.page(SUPERVISOR, all).await.text().contains(&FLAG.to_string()));
    take(&desk, SUPERVISOR, "anomaly.assigned", json!({ "to": INSPECTOR })).await;
    assert_eq!(to_assign(&desk, SUPERVISOR).map_or(0, |(count, _)| count), before);
}
