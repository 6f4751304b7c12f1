//! Where a form asks for a day that the policy bounds, it says the bound; and the bound is the ledger's.

use serde_json::{Value, json};

use super::Desk;
use super::desk::{offers_of, paper, signer};
use crate::answer::desk::{Offer, Place, waiting};
use crate::value::{CaseId, Day};

/// A case on an actor's desk that has an offer with that field, which is not refused.
fn asks(desk: &Desk, actor: &str, name: &str, path: &str) -> (CaseId, Offer) {
    let rows = waiting(&desk.app.ledger, &signer(desk, actor)).unwrap().0;
    let cases = rows.into_iter().filter_map(|row| match row.place {
        Place::Case(case) => Some(case),
        _ => None,
    });
    let has = |offer: &Offer| {
        let asks = offer.fields.iter().any(|field| field.path == path);
        offer.name == name && offer.blocked.is_none() && asks
    };
    let mut found = cases.filter_map(|case| {
        let offer = offers_of(desk, actor, case).into_iter().find(|offer| has(offer))?;
        Some((case, offer))
    });
    found.next().unwrap_or_else(|| panic!("{actor} has no {name}"))
}

/// The day that the hint of a field ends with.
fn bound(offer: &Offer, path: &str) -> Day {
    let field = offer.fields.iter().find(|field| field.path == path).unwrap();
    let (zh, en) = field.hint.as_ref().unwrap();
    let day = zh.trim_end_matches('。').rsplit(' ').next().unwrap();
    assert!(en.contains(day), "{en}");
    day.parse().unwrap()
}

/// The body that its signer would send.
fn body(offer: &Offer, more: &Value) -> Value {
    let mut data = offer.data.clone();
    data.extend(more.as_object().cloned().unwrap());
    let mut body = json!({ "type": offer.name, "subject": offer.subject, "data": data });
    if let Some(policy) = offer.policy {
        body["policy"] = json!(policy);
    }
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn the_notice_says_its_first_lawful_last_day() {
    let desk = Desk::open_county();
    let notice = "411702-notice-1";
    let (case, offer) = asks(&desk, notice, "notice.posted", "closes_on");
    let first = bound(&offer, "closes_on");
    let closes = |day: Day| body(&offer, &json!({ "place": "board", "closes_on": day }));
    let early = desk.submit(notice, &closes(first.plus_days(-1))).await;
    assert_eq!(early.problem(), (422, "notice_too_short".to_owned()));
    let page = desk.page(notice, &format!("/console/desk/cases/{case}?lang=zh")).await;
    let input = page.text().split("<input").find(|it| it.contains("data-path=\"closes_on\""));
    let described =
        input.is_some_and(|it| it.contains("aria-describedby=\"f") && it.contains("个工作日"));
    assert!(described, "{}", page.text());
    desk.submit(notice, &closes(first)).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_review_says_between_which_days_the_village_notice_hung() {
    let desk = Desk::open_county();
    let township = "411702-township-1";
    let (_, offer) = asks(&desk, township, "benefit.first_reviewed", "notice_from");
    let (from, to) = (bound(&offer, "notice_from"), bound(&offer, "notice_to"));
    let hung = |from: Day, to: Day| {
        body(&offer, &json!({ "notice_from": from, "notice_to": to, "home_visit": paper() }))
    };
    for (from, to) in [(from.plus_days(1), to), (from, to.plus_days(1))] {
        let refused = desk.submit(township, &hung(from, to)).await;
        assert_eq!(refused.problem(), (422, "village_notice_too_short".to_owned()));
    }
    desk.submit(township, &hung(from, to)).await.ok();
}
