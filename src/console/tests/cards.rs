//! Certificates that an office freezes, ends or annuls, by the desk's forms.

use serde_json::{Value, json};

use super::desk::{REVIEWER, certified, paper, sign, signer};
use super::{CLERK, Desk, SUPERVISOR};
use crate::answer::desk::{Offer, endorsements, person_offers};
use crate::domain::certificate::Status;
use crate::event::{CancelGround, FreezeGround};
use crate::service::tests::hire;
use crate::value::{CertificateId, PersonId};

const APPROVER: &str = "411702-approver-1";

fn about(desk: &Desk, actor: &str, person: PersonId) -> Vec<Offer> {
    person_offers(&desk.app.ledger, &signer(desk, actor), person).unwrap()
}

/// What an actor may do about the person, each with its ground.
fn named(desk: &Desk, actor: &str, person: PersonId) -> Vec<String> {
    let all = about(desk, actor, person).into_iter();
    let name = |offer: Offer| match offer.data.get("ground").and_then(Value::as_str) {
        Some(ground) => format!("{} {ground}", offer.name),
        None => offer.name.to_owned(),
    };
    all.map(name).collect()
}

fn offer(desk: &Desk, actor: &str, person: PersonId, name: &str, ground: Option<&str>) -> Offer {
    let all = about(desk, actor, person);
    let fits = |offer: &Offer| {
        let own = offer.data.get("ground").and_then(Value::as_str);
        offer.name == name && own == ground
    };
    all.into_iter().find(fits).unwrap_or_else(|| panic!("{name} {ground:?} is not offered"))
}

fn status(desk: &Desk, card: CertificateId) -> Status {
    let found = desk.app.ledger.with_state(|state| state.certificates.find(&card).cloned());
    found.unwrap().unwrap().status
}

fn told() -> Value {
    json!({ "notice": paper(), "proof": paper() })
}

const ENDINGS: [&str; 5] = [
    "certificate.cancelled death",
    "certificate.cancelled not_meeting",
    "certificate.cancelled missing",
    "certificate.revoked fraud",
    "certificate.revoked procedure_breach",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_frozen_put_back_and_annulled_by_two() {
    let mut desk = Desk::founded();
    let (person, card) = certified(&desk).await;
    let mut legal = vec!["certificate.frozen investigation"];
    legal.extend(ENDINGS);
    assert_eq!(named(&desk, APPROVER, person), legal);
    let other = hire(&mut desk, "411721-approver-1", "approver", "411721").await;
    for actor in [CLERK, REVIEWER, SUPERVISOR, &other] {
        let all = named(&desk, actor, person);
        assert!(all.iter().all(|name| !legal.contains(&name.as_str())), "{actor}: {all:?}");
    }
    let at = |lang| format!("/console/desk/people/{person}?lang={lang}");
    let zh = desk.page(APPROVER, &at("zh")).await;
    for text in ["冻结残疾人证：调查核实", "撤销残疾人证：程序违法", "残疾类别 肢体 · 残疾等级 3"]
    {
        assert!(zh.text().contains(text), "{text} is not in {}", zh.text());
    }
    let en = desk.page(APPROVER, &at("en")).await;
    for text in
        ["freeze the certificate: under investigation", "category physical · level 3 · valid to"]
    {
        assert!(en.text().contains(text), "{text} is not in {}", en.text());
    }

    let freeze = offer(&desk, APPROVER, person, "certificate.frozen", Some("investigation"));
    let more = json!({ "evidence": [paper()], "told": told() });
    sign(&desk, APPROVER, &freeze, more, Value::Null).await;
    assert_eq!(status(&desk, card), Status::Frozen(Some(FreezeGround::Investigation)));
    let mut legal = vec!["certificate.unfrozen"];
    legal.extend(ENDINGS);
    assert_eq!(named(&desk, APPROVER, person), legal, "it is not frozen twice");

    let unfreeze = offer(&desk, APPROVER, person, "certificate.unfrozen", None);
    sign(&desk, APPROVER, &unfreeze, json!({ "reason": "nothing was found" }), Value::Null).await;
    assert_eq!(status(&desk, card), Status::Valid);

    let revoke = offer(&desk, APPROVER, person, "certificate.revoked", Some("fraud"));
    let more = json!({ "finding": paper(), "told": told() });
    sign(&desk, APPROVER, &revoke, more, Value::Null).await;
    assert_eq!(status(&desk, card), Status::Valid, "one signature annuls nothing");
    let waits = endorsements(&desk.app.ledger, &signer(&desk, SUPERVISOR)).unwrap();
    let [endorsed] = waits.as_slice() else { panic!("{waits:?}") };
    sign(&desk, SUPERVISOR, endorsed, json!({}), Value::Null).await;
    assert_eq!(status(&desk, card), Status::Revoked);
    assert_eq!(named(&desk, APPROVER, person), [""; 0], "an annulled certificate has no next step");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_certificate_is_reminded_of_frozen_and_at_last_ended() {
    let desk = Desk::founded();
    let (person, card) = certified(&desk).await;
    let ends = desk.app.ledger.with_state(|state| state.certificates.find(&card).unwrap().valid_to);
    let ends = ends.unwrap();
    let go = |day: crate::value::Day| desk.clock.advance_to(day.start_millis() + 36_000_000);
    let reminded = |desk: &Desk| {
        let all = about(desk, CLERK, person).into_iter();
        all.filter(|offer| offer.name == "reminder.sent")
            .map(|offer| offer.data["kind"].clone())
            .next()
    };
    assert_eq!(reminded(&desk), None, "it runs for years");
    go(ends.plus_months(-3));
    assert_eq!(reminded(&desk), Some(json!("expiry_six_months")));
    go(ends.plus_days(-10));
    assert_eq!(reminded(&desk), Some(json!("expiry_one_month")));
    // Nobody freezes for an expiry that has not come, in whichever language the refusal is read.
    let freeze = offer(&desk, APPROVER, person, "certificate.frozen", Some("investigation"));
    let body = json!({
        "type": "certificate.frozen", "subject": freeze.subject, "policy": freeze.policy,
        "data": { "person": person, "ground": "expiry", "evidence": [paper()], "told": told() },
    });
    let refused = desk.submit(APPROVER, &body).await;
    assert_eq!(refused.problem(), (422, "not_expired".to_owned()));
    assert_eq!(refused.json()["detail_zh"], "该残疾人证没有到期");

    go(ends.plus_days(1));
    assert_eq!(reminded(&desk), Some(json!("overdue")));
    let remind = offer(&desk, CLERK, person, "reminder.sent", None);
    sign(&desk, CLERK, &remind, json!({ "channel": "电话" }), Value::Null).await;
    let expired = offer(&desk, APPROVER, person, "certificate.frozen", Some("expiry"));
    let more = json!({ "evidence": [paper()], "told": told() });
    sign(&desk, APPROVER, &expired, more, Value::Null).await;
    let overdue = "certificate.cancelled overdue_renewal".to_owned();
    assert!(!named(&desk, APPROVER, person).contains(&overdue), "too soon");
    go(ends.plus_months(6).plus_days(1));
    let cancel = offer(&desk, APPROVER, person, "certificate.cancelled", Some("overdue_renewal"));
    let more = json!({ "evidence": [paper()], "told": told() });
    sign(&desk, APPROVER, &cancel, more, Value::Null).await;
    let Status::Cancelled(Some((ground, _))) = status(&desk, card) else { panic!() };
    assert_eq!(ground, CancelGround::OverdueRenewal);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_of_a_death() {
    let desk = Desk::founded();
    let (person, card) = certified(&desk).await;
    let dead = offer(&desk, APPROVER, person, "certificate.cancelled", Some("death"));
    assert!(dead.fields.iter().all(|field| field.path != "told"), "{:?}", dead.fields);
    sign(&desk, APPROVER, &dead, json!({ "evidence": [paper()] }), Value::Null).await;
    let Status::Cancelled(Some((ground, _))) = status(&desk, card) else { panic!() };
    assert_eq!(ground, CancelGround::Death);
}
