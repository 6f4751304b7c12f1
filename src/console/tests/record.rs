//! What the window writes down about a person, guardians who apply, and who may sign at all.

use serde_json::{Value, json};

use super::desk::{CHILD, GUARDIAN, REVIEWER, certified, paper, sign, signer};
use super::{CLERK, Desk, SUPERVISOR};
use crate::answer::desk::{About, Offer, endorsements, new_offers, person_offers};
use crate::crypto::{SecretKey, TagKind};
use crate::service::tests::{hire, hire_person};
use crate::value::{PersonId, Subject, Tag};

const CUSTODIAN: &str = "411700-keys-1";
const PREFECTURE: &str = "411700-dpf-1";

fn about(desk: &Desk, actor: &str, person: PersonId, name: &str) -> Option<Offer> {
    let all = person_offers(&desk.app.ledger, &signer(desk, actor), person).unwrap();
    all.into_iter().find(|offer| offer.name == name)
}

fn begins(desk: &Desk, actor: &str, name: &str) -> Option<Offer> {
    let all = new_offers(&desk.app.ledger, &signer(desk, actor)).unwrap();
    all.into_iter().find(|offer| offer.name == name)
}

fn guardians(desk: &Desk, person: PersonId) -> Vec<Tag> {
    let found =
        |state: &crate::domain::State| state.people.find(&person).map(|it| it.guardians.to_vec());
    desk.app.ledger.with_state(found).unwrap().unwrap()
}

fn id_tag(desk: &Desk, number: &str) -> Tag {
    desk.app.ledger.personal().unwrap().tag(TagKind::Id, number)
}

async fn endorse(desk: &Desk, actor: &str) {
    let waits = endorsements(&desk.app.ledger, &signer(desk, actor)).unwrap();
    let [endorsed] = waits.as_slice() else { panic!("{waits:?}") };
    sign(desk, actor, endorsed, json!({}), Value::Null).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_is_recorded_at_the_window_acts_with_a_key_and_is_ended() {
    let mut desk = Desk::founded();
    let (ward, _) = certified(&desk).await;
    let own = id_tag(&desk, GUARDIAN).to_string();
    let id = "411702-guardian-1";
    let guardian = hire_person(&mut desk, id, "applicant", "411702", Some(&own)).await;
    let page = async |desk: &Desk| desk.page(id, "/console/mine/requests?lang=zh").await;
    assert!(!page(&desk).await.text().contains("残损换新"), "nobody has recorded them");

    let record = about(&desk, CLERK, ward, "guardian.recorded").unwrap();
    let more = json!({ "kind": "statutory", "from": "2025-10-08", "evidence": [paper()] });
    let personal = json!({ "guardian_name": "周大田", "guardian_id": GUARDIAN });
    sign(&desk, CLERK, &record, more, personal).await;
    assert_eq!(guardians(&desk, ward), [id_tag(&desk, GUARDIAN)]);
    let entry = desk.app.ledger.event(desk.app.ledger.len() - 1).unwrap();
    assert!(!entry.payload.body.to_json().contains(GUARDIAN), "the number stands in clear");
    let requests = page(&desk).await;
    assert!(requests.text().contains("残损换新"), "{}", requests.text());
    assert!(about(&desk, &guardian, ward, "application.submitted").is_some());

    let ended = about(&desk, CLERK, ward, "guardian.ended").unwrap();
    sign(&desk, CLERK, &ended, json!({ "to": "2025-10-08" }), Value::Null).await;
    assert!(guardians(&desk, ward).is_empty());
    assert!(about(&desk, CLERK, ward, "guardian.ended").is_none());
    assert!(about(&desk, &guardian, ward, "application.submitted").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_without_a_record_applies_for_a_child_whom_nobody_knows() {
    let mut desk = Desk::founded();
    let own = id_tag(&desk, GUARDIAN).to_string();
    let id = "411702-guardian-1";
    let guardian = hire_person(&mut desk, id, "applicant", "411702", Some(&own)).await;
    let all = new_offers(&desk.app.ledger, &signer(&desk, &guardian)).unwrap();
    let of_ward = |offer: &&Offer| matches!(offer.about, Some(About::Ward));
    let form = all.iter().find(of_ward).unwrap();
    assert_eq!(form.data["guardian"]["id"], json!(own));
    let required =
        |path: &str| form.fields.iter().any(|field| field.path == path && field.required);
    assert!(["guardian_name", "guardian_id", "evidence"].into_iter().all(required));
    let zh = desk.page(&guardian, "/console/mine/requests?lang=zh").await;
    assert!(zh.text().contains("提出申请：首次办证（为被监护人）"), "{}", zh.text());
    let en = desk.page(&guardian, "/console/mine/requests?lang=en").await;
    assert!(en.text().contains("a first certificate, for a ward"), "{}", en.text());
    let clerk = new_offers(&desk.app.ledger, &signer(&desk, CLERK)).unwrap();
    assert_eq!(clerk.iter().filter(of_ward).count(), 0, "at the window one form is for both");

    let more = json!({
        "residence_division": "411702", "claimed": ["physical"], "evidence": [paper()],
        "hukou_division": "411702",
    });
    let personal = |number: &str| {
        json!({
            "name": "周小禾", "id_number": CHILD, "guardian_name": "周大田", "guardian_id": number,
        })
    };
    // Another guardian's number is not theirs to sign with.
    let mut data = form.data.clone();
    data.extend(more.as_object().unwrap().clone());
    let body = json!({
        "type": form.name, "subject": form.subject, "data": data,
        "personal": personal("990000198506070299"),
    });
    let refused = desk.post(&guardian, "/v1/drafts", "application/json", body.to_string()).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    let index = sign(&desk, &guardian, form, more, personal(GUARDIAN)).await;
    let event = desk.app.ledger.event(index).unwrap();
    assert!(matches!(event.subject, Subject::Case(_)));
    assert!(!event.payload.body.to_json().contains("周"));
    // The window takes it from there, as it takes any application.
    let due = crate::answer::desk::waiting(&desk.app.ledger, &signer(&desk, CLERK)).unwrap().0;
    assert_eq!(due[0].subject, event.subject, "{due:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_number_is_linked_and_unlinked_by_window_and_reviewer() {
    let desk = Desk::founded();
    let (person, _) = certified(&desk).await;
    let ids = |desk: &Desk| {
        let found = |state: &crate::domain::State| state.people.find(&person).unwrap().ids.clone();
        desk.app.ledger.with_state(found).unwrap()
    };
    assert!(about(&desk, CLERK, person, "identity.unlinked").is_none(), "the only one stays");
    let link = about(&desk, CLERK, person, "identity.linked").unwrap();
    let more = json!({ "reason": "a duplicate number", "evidence": [paper()] });
    let other = "990000201603040088";
    sign(&desk, CLERK, &link, more, json!({ "id_number": other })).await;
    assert_eq!(ids(&desk).len(), 1, "not before the reviewer endorsed it");
    endorse(&desk, REVIEWER).await;
    assert_eq!(ids(&desk).len(), 2);
    let unlink = about(&desk, CLERK, person, "identity.unlinked").unwrap();
    sign(&desk, CLERK, &unlink, json!({ "reason": "it is not" }), Value::Null).await;
    endorse(&desk, REVIEWER).await;
    assert_eq!(ids(&desk).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_actor_is_suspended_and_gets_another_key_and_an_institution_is_designated() {
    let mut desk = Desk::founded();
    let lost = hire(&mut desk, "411702-clerk-9", "clerk", "411702").await;
    for actor in [CLERK, REVIEWER] {
        assert!(begins(&desk, actor, "actor.suspended").is_none(), "{actor}");
        assert!(begins(&desk, actor, "institution.designated").is_none(), "{actor}");
    }
    // As the page's script does, with the id that was chosen.
    let of = |mut offer: Offer, id: &str| {
        let (kind, _) = offer.subject.split_once(':').unwrap();
        offer.subject = format!("{kind}:{id}");
        offer
    };
    let page = desk.page(CUSTODIAN, "/console/desk/new?lang=zh").await;
    assert!(page.text().contains("停用经办人员") && page.text().contains("更换签名密钥"));
    let rotate = of(begins(&desk, CUSTODIAN, "actor.key_rotated").unwrap(), &lost);
    let key = SecretKey::from_seed([77; 32]).public();
    let more = json!({ "public_key": key, "reason": "a new computer" });
    sign(&desk, CUSTODIAN, &rotate, more, Value::Null).await;
    endorse(&desk, SUPERVISOR).await;
    let current = |desk: &Desk| {
        let id = lost.parse().unwrap();
        desk.app.ledger.with_state(|state| state.actors.find(&id).unwrap().clone()).unwrap()
    };
    assert_eq!(current(&desk).keys.last(), Some(&key));
    let suspend = of(begins(&desk, SUPERVISOR, "actor.suspended").unwrap(), &lost);
    sign(&desk, SUPERVISOR, &suspend, json!({ "reason": "the key was lost" }), Value::Null).await;
    assert!(current(&desk).suspended_on.is_some());

    let designate =
        of(begins(&desk, PREFECTURE, "institution.designated").unwrap(), "411702-hospital-9");
    let more = json!({
        "name": "区第九医院", "division": "411702", "categories": ["visual"],
        "valid_from": "2025-10-08", "document": "残联〔2025〕9号",
    });
    sign(&desk, PREFECTURE, &designate, more, Value::Null).await;
    let suspend =
        of(begins(&desk, PREFECTURE, "institution.suspended").unwrap(), "411702-hospital-9");
    sign(&desk, PREFECTURE, &suspend, json!({ "reason": "closed" }), Value::Null).await;
    let event = desk.app.ledger.event(desk.app.ledger.len() - 1).unwrap();
    assert_eq!(event.subject.to_string(), "institution:411702-hospital-9");
}
