//! The desk in process: what it offers is just what the ledger accepts, from whom it offers it.

use serde_json::{Value, json};

use super::{CLERK, INSPECTOR, SUPERVISOR};
use crate::answer::desk::{
    Offer, correction, endorsements, flag_offers, new_offers, next, offers, person_offers, waiting,
};
use crate::event::{Body, Role, Signer};
use crate::service::tests::Desk;
use crate::value::{CaseId, CertificateId, Day, Hash, PersonId, Subject, Tag};

pub(super) const REVIEWER: &str = "411702-reviewer-1";
const APPROVER: &str = "411702-approver-1";
pub(super) const ISSUER: &str = "411702-issuer-1";
pub(super) const SEAL: &str = "411702-seal-1";
pub(super) const ASSESSORS: [&str; 2] = ["411702-assessor-1", "411702-assessor-2"];
/// Everybody in the review chain of the county.
const CHAIN: [&str; 9] = [
    CLERK,
    REVIEWER,
    APPROVER,
    ISSUER,
    SEAL,
    ASSESSORS[0],
    ASSESSORS[1],
    SUPERVISOR,
    "411702-notice-1",
];
/// A child of nine years on the day the tests begin, and its guardian: nobody's numbers.
pub(super) const CHILD: &str = "990000201603040053";
pub(super) const GUARDIAN: &str = "990000198506070088";

pub(super) fn signer(desk: &Desk, actor: &str) -> Signer {
    let kid = desk.key(actor).public().kid();
    let today = Day::of_millis(desk.now_s() * 1000);
    desk.app.ledger.with_state(|state| state.actors.signer(&kid, today)).unwrap().unwrap()
}

/// What a case offers an actor.
pub(super) fn offers_of(desk: &Desk, actor: &str, case: CaseId) -> Vec<Offer> {
    offers(&desk.app.ledger, &signer(desk, actor), case).unwrap()
}

pub(super) fn paper() -> Value {
    json!({ "kind": "form", "hash": Hash([7; 32]) })
}

/// Signs an offer with what else its signer says, as the page's script does; gives the entry.
pub(super) async fn sign(
    desk: &Desk,
    actor: &str,
    offer: &Offer,
    more: Value,
    personal: Value,
) -> u64 {
    let mut data = offer.data.clone();
    data.extend(more.as_object().cloned().unwrap_or_default());
    let mut body = json!({ "type": offer.name, "subject": offer.subject, "data": data });
    if !offer.refs.is_empty() {
        body["refs"] = json!(offer.refs);
    }
    if let Some(policy) = offer.policy {
        body["policy"] = json!(policy);
    }
    if !personal.is_null() {
        body["personal"] = personal;
    }
    desk.record(actor, &body).await["index"].as_u64().unwrap()
}

/// The one offer of a type to an actor in a case; nobody else of the chain has it, but those named.
pub(super) fn offered(desk: &Desk, case: CaseId, name: &str, to: &[&str]) -> Offer {
    let has = |actor: &str| {
        let all = offers(&desk.app.ledger, &signer(desk, actor), case).unwrap();
        all.into_iter().find(|offer| offer.name == name && offer.blocked.is_none())
    };
    for actor in CHAIN {
        assert_eq!(has(actor).is_some(), to.contains(&actor), "{name} for {actor}");
    }
    let offer = has(to[0]).unwrap();
    let due = waiting(&desk.app.ledger, &signer(desk, to[0])).unwrap().0;
    let waits =
        due.iter().any(|one| one.subject == Subject::Case(case) && one.steps.contains(&offer.name));
    assert!(waits || !offer.due, "{name} does not wait");
    // Whoever looks at the case reads whose turn it is.
    let viewer = signer(desk, to[0]);
    let all = next(&desk.app.ledger, &viewer, case).unwrap();
    let said = all.iter().any(|next| next.name == offer.name && next.roles.contains(&viewer.role));
    assert_eq!(said, offer.due, "{name}: {all:?}");
    assert_eq!(all.iter().any(|next| next.name == offer.name && next.yours), offer.due, "{name}");
    offer
}

pub(super) async fn applied(desk: &Desk) -> CaseId {
    let begin = new_offers(&desk.app.ledger, &signer(desk, CLERK)).unwrap();
    let [application] = begin.as_slice() else { panic!("{begin:?}") };
    let more = json!({
        "residence_division": "411702", "channel": "window", "claimed": ["physical"], "evidence": [],
    });
    let personal = json!({
        "name": "周小禾", "id_number": CHILD, "guardian_name": "周大田", "guardian_id": GUARDIAN,
    });
    let index = sign(desk, CLERK, application, more, personal).await;
    match desk.app.ledger.event(index).unwrap().subject {
        Subject::Case(case) => case,
        other => panic!("{other}"),
    }
}

/// Verifies the identity of an applicant and accepts the application.
pub(super) async fn accepted(desk: &Desk, clerk: &str, case: CaseId) {
    let find = |name: &str| {
        let all = offers(&desk.app.ledger, &signer(desk, clerk), case).unwrap();
        all.into_iter().find(|offer| offer.name == name).unwrap()
    };
    let more =
        json!({ "method": "card", "photo_match": true, "hukou_match": true, "source": paper() });
    sign(desk, clerk, &find("identity.verified"), more, Value::Null).await;
    let accept = find("application.accepted");
    let is_sent = !accept.fields.is_empty();
    let more = if is_sent { json!({ "institution": "411702-hospital-1" }) } else { json!({}) };
    sign(desk, clerk, &accept, more, Value::Null).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_goes_from_desk_to_desk_and_every_offer_is_accepted() {
    let desk = Desk::founded();
    let (person, card) = certified(&desk).await;
    let found = desk.app.ledger.with_state(|state| {
        let held = state.people.find(&person)?.certificates.first().copied()?;
        let today = Day::of_millis(desk.now_s() * 1000);
        Some((held == card, state.certificates.find(&held)?.is_valid_on(today)))
    });
    assert_eq!(found.unwrap(), Some((true, true)));
}

/// The child's certificate, from desk to desk.
pub(super) async fn certified(desk: &Desk) -> (PersonId, CertificateId) {
    let case = issued(desk).await;
    handed_over(desk, case).await;
    let found = desk.app.ledger.with_state(|state| {
        let person = state.person_of_case(&case)?;
        Some((person, state.people.find(&person)?.certificates.first().copied()?))
    });
    found.unwrap().unwrap()
}

/// The child's case, up to a card that was made.
pub(super) async fn issued(desk: &Desk) -> CaseId {
    let none = Value::Null;
    let nothing = || json!({});
    let case = applied(desk).await;

    offered(desk, case, "identity.verified", &[CLERK]);
    accepted(desk, CLERK, case).await;
    let offer = offered(desk, case, "assessment.assigned", &[REVIEWER]);
    sign(desk, REVIEWER, &offer, json!({ "assessors": ASSESSORS }), none.clone()).await;
    for (at, assessor) in ASSESSORS.into_iter().enumerate() {
        let offer = offered(desk, case, "assessment.recorded", &ASSESSORS[at..]);
        let more = json!({
            "meets": true, "grade": { "category": "physical", "level": 3 }, "criterion": "5.5.3",
            "standard": "GB/T 26341-2010", "method": "in_person", "devices_removed": true,
            "evidence": [paper()],
        });
        sign(desk, assessor, &offer, more, none.clone()).await;
    }
    let offer = offered(desk, case, "assessment.concluded", &[SEAL]);
    assert_eq!(offer.data["grade"]["level"], 3, "what the assessors agree on is settled");
    sign(desk, SEAL, &offer, nothing(), none.clone()).await;
    let offer = offered(desk, case, "notice.waived", &[REVIEWER]);
    sign(desk, REVIEWER, &offer, json!({ "basis": "a child" }), none.clone()).await;
    let waits = endorsements(&desk.app.ledger, &signer(desk, SUPERVISOR)).unwrap();
    let [endorsed] = waits.as_slice() else { panic!("{waits:?}") };
    sign(desk, SUPERVISOR, endorsed, nothing(), none.clone()).await;
    let offer = offered(desk, case, "review.completed", &[REVIEWER]);
    sign(desk, REVIEWER, &offer, json!({ "opinion": "agree" }), none.clone()).await;
    let offer = offered(desk, case, "certificate.approved", &[APPROVER]);
    sign(desk, APPROVER, &offer, nothing(), none.clone()).await;
    let offer = offered(desk, case, "certificate.printed", &[ISSUER]);
    let more = json!({ "printer": "one", "seal": "the seal" });
    sign(desk, ISSUER, &offer, more, json!({ "blank": "TEST00000001" })).await;
    let offer = offered(desk, case, "certificate.issued", &[ISSUER]);
    // Where name and numbers are found, and how the number is made.
    let page = desk.page(ISSUER, &format!("/console/desk/cases/{case}?lang=zh")).await;
    for text in ["打开此人的页面，填写用途后可查看", "肢体三级，末两位为 43", "周*禾"]
    {
        assert!(page.text().contains(text), "{text} is not in {}", page.text());
    }
    let numbers = json!({
        "name": "周小禾", "id_number": CHILD, "certificate_number": format!("{CHILD}43"),
    });
    sign(desk, ISSUER, &offer, nothing(), numbers).await;
    let waits = endorsements(&desk.app.ledger, &signer(desk, APPROVER)).unwrap();
    let [endorsed] = waits.as_slice() else { panic!("{waits:?}") };
    sign(desk, APPROVER, endorsed, nothing(), none).await;
    case
}

/// Hands over the card of a case.
pub(super) async fn handed_over(desk: &Desk, case: CaseId) {
    let held = |desk: &Desk| {
        let card = desk.app.ledger.with_state(|state| {
            let person = state.person_of_case(&case)?;
            state.people.find(&person)?.certificates.first().copied()
        });
        format!("/console/certificates/{}?lang=zh", card.unwrap().unwrap())
    };
    let page = desk.page(CLERK, &held(desk)).await;
    assert!(page.text().contains("尚未领取"), "{}", page.text());
    let offer = offered(desk, case, "certificate.delivered", &[CLERK]);
    sign(desk, CLERK, &offer, json!({ "to_agent": true, "receipt": paper() }), Value::Null).await;
    let page = desk.page(CLERK, &held(desk)).await;
    assert!(
        !page.text().contains("尚未领取") && page.text().contains("领取日期"),
        "{}",
        page.text()
    );
    let left = waiting(&desk.app.ledger, &signer(desk, CLERK)).unwrap().0;
    assert!(left.iter().all(|one| one.subject != Subject::Case(case)), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_round_says_why_and_asks_others_than_the_first() {
    let desk = Desk::founded();
    let case = applied(&desk).await;
    offered(&desk, case, "identity.verified", &[CLERK]);
    accepted(&desk, CLERK, case).await;
    let offer = offered(&desk, case, "assessment.assigned", &[REVIEWER]);
    sign(&desk, REVIEWER, &offer, json!({ "assessors": ASSESSORS }), Value::Null).await;
    for (at, assessor) in ASSESSORS.into_iter().enumerate() {
        let offer = offered(&desk, case, "assessment.recorded", &ASSESSORS[at..]);
        let more = json!({
            "meets": true, "grade": { "category": "physical", "level": 2 }, "criterion": "5.5.2",
            "standard": "GB/T 26341-2010", "method": "in_person", "devices_removed": true,
            "evidence": [paper()],
        });
        sign(&desk, assessor, &offer, more, Value::Null).await;
    }
    let at = format!("/console/desk/cases/{case}?lang=zh");
    assert!(
        !desk.page(REVIEWER, &at).await.text().contains("第二轮评定</strong>"),
        "the first is open"
    );
    let offer = offered(&desk, case, "assessment.concluded", &[SEAL]);
    sign(&desk, SEAL, &offer, json!({}), Value::Null).await;

    let second = offered(&desk, case, "assessment.assigned", &[REVIEWER]);
    let why = "第二轮评定</strong>：第一轮结论为2级。现行残疾人证政策规定，结论为1、2级的";
    assert!(desk.page(REVIEWER, &at).await.text().contains(why));
    let row = desk.page(REVIEWER, "/console/desk?lang=en").await;
    assert!(row.text().contains("Second round of assessment"), "{}", row.text());
    let crate::answer::desk::Kind::Some(free, _) = &second.fields[0].kind else {
        panic!("{second:?}")
    };
    let free: Vec<&str> = free.iter().map(|one| one.value.as_str()).collect();
    assert!(free.len() >= 2 && ASSESSORS.iter().all(|one| !free.contains(one)), "{free:?}");
    let named = json!({ "assessors": free[..2] });
    sign(&desk, REVIEWER, &second, named, Value::Null).await;
    // Whom the first round had is not named again, nor refused to whoever looks.
    let all = offers(&desk.app.ledger, &signer(&desk, REVIEWER), case).unwrap();
    let again = all.iter().filter(|offer| offer.name == "assessment.assigned");
    assert!(again.clone().all(|offer| !offer.due && offer.blocked.is_none()), "{all:?}");
    let page = desk.page(free[0], &at).await;
    assert!(page.text().contains(why) && page.text().contains("轮到您"), "{}", page.text());
    let page = desk.page(ASSESSORS[0], &at).await;
    assert!(!page.text().contains("轮到您"), "{}", page.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn assessors_are_drawn_once_somebody_else_has_signed_and_not_twice() {
    let desk = Desk::founded();
    let case = applied(&desk).await;
    let path = format!("/v1/cases/{case}/draw");
    let refused = desk.post(CLERK, &path, "application/json", "").await;
    assert_eq!(refused.problem(), (422, "draw_not_fixed".to_owned()));
    let offer = offered(&desk, case, "identity.verified", &[CLERK]);
    let more =
        json!({ "method": "card", "photo_match": true, "hukou_match": true, "source": paper() });
    sign(&desk, CLERK, &offer, more, Value::Null).await;
    let offer = offered(&desk, case, "application.accepted", &[CLERK]);
    sign(&desk, CLERK, &offer, json!({ "institution": "411702-hospital-1" }), Value::Null).await;
    let at = format!("/console/desk/cases/{case}");
    let form = format!("action=\"{at}/draw\"");
    assert!(!desk.page(REVIEWER, &at).await.text().contains(&form), "not fixed yet");
    // Somebody of another organisation signs anything at all.
    let declare = offers(&desk.app.ledger, &signer(&desk, REVIEWER), case).unwrap();
    let declare = declare.iter().find(|offer| offer.name == "conflict.declared").unwrap();
    sign(&desk, "411702-reviewer-2", declare, json!({ "relation": "other" }), Value::Null).await;
    assert!(desk.page(REVIEWER, &at).await.text().contains(&form));
    assert!(!desk.page(APPROVER, &at).await.text().contains(&form));
    let drawn = desk.form(REVIEWER, &format!("{at}/draw"), "").await;
    assert_eq!(drawn.status, 303, "{}", drawn.text());
    let event = desk.app.ledger.event(desk.app.ledger.len() - 1).unwrap();
    assert_eq!(
        (event.payload.body.name(), event.signer.role.name()),
        ("assessment.assigned", "system")
    );
    assert!(!desk.page(REVIEWER, &at).await.text().contains(&form), "drawn already");
    // Whoever of the hospital's assessors was drawn has the case on the desk.
    let Body::AssessmentAssigned(assigned) = &event.payload.body else { panic!("{event:?}") };
    assert_eq!(assigned.assessors.len(), 2, "{assigned:?}");
    for actor in &assigned.assessors {
        let waits = waiting(&desk.app.ledger, &signer(&desk, actor.as_str())).unwrap();
        assert_eq!(waits.0.len(), 1, "{actor}");
    }
    let denied = desk.post(APPROVER, &path, "application/json", "").await;
    assert_eq!(denied.problem().0, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_took_another_part_sees_the_step_with_the_rule_and_no_form() {
    let mut desk = Desk::founded();
    // One human being with two actors: at the window, and as an approver.
    let person = Tag { version: 1, bytes: [7; 20] }.to_string();
    for (id, role) in [("411702-two-1", "clerk"), ("411702-two-2", "reviewer")] {
        crate::service::tests::hire_person(&mut desk, id, role, "411702", Some(&person)).await;
    }
    let case = applied(&desk).await;
    let find = |desk: &Desk, actor: &str, name: &str| {
        let all = offers(&desk.app.ledger, &signer(desk, actor), case).unwrap();
        all.into_iter().find(|offer| offer.name == name)
    };
    let verify = find(&desk, "411702-two-1", "identity.verified").unwrap();
    let more =
        json!({ "method": "card", "photo_match": true, "hukou_match": true, "source": paper() });
    sign(&desk, "411702-two-1", &verify, more, Value::Null).await;
    let accept = find(&desk, "411702-two-1", "application.accepted").unwrap();
    sign(&desk, "411702-two-1", &accept, json!({}), Value::Null).await;
    let blocked = find(&desk, "411702-two-2", "assessment.assigned").unwrap();
    let rejection = blocked.blocked.unwrap();
    assert_eq!((rejection.rule, rejection.code), ("I11", "officers_not_apart"));
    assert!(find(&desk, REVIEWER, "assessment.assigned").unwrap().blocked.is_none());
    let page = desk.page("411702-two-2", &format!("/console/desk/cases/{case}?lang=en")).await;
    let text = page.text();
    assert!(text.contains("Another officer has to take this step (I11)"), "{text}");
    let page = desk.page("411702-two-2", &format!("/console/desk/cases/{case}?lang=zh")).await;
    let chinese = "这一步须由其他人员办理 (I11)。同一人已参与本案的“受理”，“审核”须由他人办理";
    assert!(page.text().contains(chinese), "{}", page.text());
    assert!(!text.contains("data-type=\"assessment.assigned\""));
    // Nor does the case wait for them.
    let due = waiting(&desk.app.ledger, &signer(&desk, "411702-two-2")).unwrap().0;
    assert!(due.is_empty(), "{due:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_of_another_division_is_on_nobody_elses_desk() {
    let mut desk = Desk::founded();
    let far = crate::service::tests::hire(&mut desk, "411725-clerk-1", "clerk", "411725").await;
    let case = applied(&desk).await;
    assert!(waiting(&desk.app.ledger, &signer(&desk, &far)).unwrap().0.is_empty());
    assert!(offers(&desk.app.ledger, &signer(&desk, &far), case).unwrap().is_empty());
    let page = desk.page(&far, &format!("/console/desk/cases/{case}")).await;
    assert_eq!(page.status, 403);
    let none = desk.page(CLERK, &format!("/console/desk/cases/{}", CaseId([9; 16]))).await;
    assert_eq!(none.status, 404);
}

pub(super) async fn somebody(desk: &Desk) -> String {
    let people = desk.get(INSPECTOR, "/v1/people?limit=1").await.ok();
    people["items"][0]["person"].as_str().unwrap().to_owned()
}

/// Puts a flag on the log, as the system does.
async fn raise(desk: &Desk) -> Hash {
    let system = "411700-system";
    let (flag, person) = (Hash([5; 32]), somebody(desk).await);
    let body = json!({
        "type": "anomaly.raised", "subject": format!("person:{person}"),
        "data": {
            "flag": flag, "rule": "R43", "version": 1, "severity": "S3", "kind": "lead",
            "remedy": "mend", "money_at_risk": 0, "person": person, "judged_on": "2026-10-01",
            "inputs": [],
        },
    });
    desk.record(system, &body).await;
    flag
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flag_is_judged_by_inspectors_alone() {
    let desk = Desk::county();
    let raised = raise(&desk).await;
    let names = |actor: &str| -> Vec<&'static str> {
        let all = flag_offers(&desk.app.ledger, &signer(&desk, actor), raised).unwrap();
        all.iter().map(|offer| offer.name).collect()
    };
    assert_eq!(names(INSPECTOR), ["anomaly.reviewed", "anomaly.assigned"]);
    assert_eq!(names(SUPERVISOR), ["anomaly.assigned"]);
    assert_eq!(names(APPROVER), [""; 0]);
    let all = flag_offers(&desk.app.ledger, &signer(&desk, INSPECTOR), raised).unwrap();
    let more = json!({ "verdict": "dismissed", "reason": "looked into", "evidence": [] });
    sign(&desk, INSPECTOR, &all[0], more, Value::Null).await;
    let stands = desk.app.ledger.with_state(|state| {
        state.oversight.flag(&raised).map(|flag| state.oversight.standing(flag).name())
    });
    assert_eq!(stands.unwrap(), Some("dismissed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn papers_are_hashed_with_the_persons_own_salt() {
    let desk = Desk::county();
    const MEDIA: &str = "application/octet-stream";
    let person = somebody(&desk).await;
    let hash = |said: &Value| said["data"]["hash"].as_str().unwrap().to_owned();
    let of = format!("/v1/evidence?person={person}");
    let one = hash(&desk.post(CLERK, &of, MEDIA, "a paper").await.ok());
    assert_eq!(one, hash(&desk.post(CLERK, &of, MEDIA, "a paper").await.ok()));
    assert_ne!(one, hash(&desk.post(CLERK, &of, MEDIA, "another").await.ok()));
    assert_ne!(one, hash(&desk.post(CLERK, "/v1/evidence", MEDIA, "a paper").await.ok()));
    assert_ne!(one, Hash::blake3(b"a paper").to_string(), "a plain hash can be guessed");
    assert_eq!(desk.post(CLERK, &of, MEDIA, "").await.problem().1, "empty_document");
    let nobody = format!("/v1/evidence?person={}", crate::value::PersonId([9; 16]));
    assert_eq!(desk.post("411700-supervisor-1", &nobody, MEDIA, "x").await.problem().0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_receipt_says_where_to_check_it_and_nothing_of_anybody() {
    let desk = Desk::founded();
    let case = applied(&desk).await;
    let index = desk.app.ledger.len() - 1;
    let page = desk.page(CLERK, &format!("/console/receipts/{index}?lang=en")).await;
    let text = page.text();
    let leaf = desk.app.ledger.with_tree(|tree| tree.leaf(index)).unwrap().unwrap();
    let leaf = data_encoding::BASE64URL_NOPAD.encode(&leaf.0);
    assert!(text.contains(&format!("mzr1:demo.example/county:{index}:{leaf}")), "{text}");
    assert!(
        text.contains("<svg role=\"img\"") && !text.contains("周小禾") && !text.contains(CHILD)
    );
    assert!(!text.contains(&case.to_string()), "the receipt names no case");
    // The code says what the receipt says, and where to check it.
    let svg = text.split("<svg role=\"img\"").nth(1).unwrap().split("</svg>").next().unwrap();
    let says = crate::console::audit::tests::read(svg);
    let check = "http://ledger.example/console/check#mzr1:demo.example/county";
    assert_eq!(says, format!("{check}:{index}:{leaf}"));
    let anybody = desk.anybody("/console/check?lang=zh").await;
    assert_eq!(anybody.status, 200);
    assert!(anybody.text().contains("核验回执"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_annotated_copy_of_a_payroll_runs_no_formula() {
    let desk = Desk::county();
    let roll = "序号,姓名,身份证号,残疾类别等级,月份,金额,账号\n\
                1,=cmd(),990000196001020115,肢体二级,2026-09,60.00,6217000000000000001\n";
    let path = "/v1/rolls/annotated?name=%E7%94%9F%E6%B4%BB%E8%A1%A5%E8%B4%B4.csv&kind=living_allowance\
                &month=2026-09";
    let copy = desk.post("411702-bank-1", path, "application/octet-stream", roll).await;
    let text = copy.text();
    assert_eq!(copy.status, 200, "{text}");
    assert!(text.contains("疑点") && text.contains("'=cmd()"), "{text}");
    let media = "application/octet-stream";
    let none = desk.post("411702-bank-1", "/v1/rolls/check?name=a.csv", media, "a,b\n1,2\n").await;
    assert_eq!(none.problem(), (422, "not_a_roll".to_owned()));
    assert_eq!(none.json()["detail_zh"], "前几行没有任何名册的表头；请写明名册种类");
    let torn = "序号,姓名,身份证号,残疾类别等级,月份,金额,账号\n\
                1,甲,990000196001020115,肢体二级,2026-09,,6217000000000000001\n";
    let path_of_check = path.replace("annotated", "check");
    let checked = desk.post("411702-bank-1", &path_of_check, media, torn).await.ok();
    assert_eq!(checked["kind_zh"], "困难残疾人生活补贴发放名册");
    assert_eq!(checked["not_checked"][0]["why_zh"], "“金额(元)”空白", "{checked}");
    let refused = desk.post("411702-assessor-1", path, "application/octet-stream", roll).await;
    assert_eq!(refused.problem(), (403, "role_may_not".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_benefit_goes_through_the_chain_of_its_policy_and_is_refused_in_writing() {
    let desk = Desk::county();
    let (township, federation, welfare) = ("411702-township-1", "411702-dpf-1", "411702-welfare-1");
    let today = Day::of_millis(desk.now_s() * 1000);
    let nursing = crate::value::Programme::NURSING_CARE_SUBSIDY;
    let listed = desk.get(CLERK, "/v1/people?limit=100").await.ok();
    let people = listed["items"].as_array().unwrap().iter();
    let people: Vec<PersonId> =
        people.map(|item| item["person"].as_str().unwrap().parse().unwrap()).collect();
    let person = desk.app.ledger.with_state(|state| {
        let holds = |person: &PersonId| {
            let valid = |id| state.certificates.find(id).is_some_and(|it| it.is_valid_on(today));
            state.people.find(person).is_some_and(|found| found.certificates.iter().any(valid))
        };
        let has = |person: &PersonId| state.benefits.cases_of(*person, nursing).next().is_some();
        people.into_iter().find(|person| holds(person) && !has(person))
    });
    let person = person.unwrap().unwrap();
    let all = person_offers(&desk.app.ledger, &signer(&desk, CLERK), person).unwrap();
    let apply = all.iter().find(|offer| offer.data.get("programme") == Some(&json!(nursing)));
    let apply = apply.unwrap_or_else(|| panic!("{all:?}"));
    let more = json!({ "evidence": [paper()] });
    let index = sign(&desk, CLERK, apply, more, Value::Null).await;
    let Subject::Case(case) = desk.app.ledger.event(index).unwrap().subject else { panic!() };
    let of = |actor: &str| -> Vec<Offer> {
        let all = offers(&desk.app.ledger, &signer(&desk, actor), case).unwrap();
        let agrees = |offer: &Offer| offer.data.get("opinion") == Some(&json!("agree"));
        all.into_iter().filter(|it| it.due && it.blocked.is_none() && !agrees(it)).collect()
    };
    let disagrees = json!({ "reason": "not severe" });
    let first_review = "benefit.first_reviewed";
    assert!(of(federation).is_empty() && of(welfare).is_empty(), "the township comes first");
    // Agreeing has to wait for the village's notice: that is said, to whoever opens the case.
    let waits = next(&desk.app.ledger, &signer(&desk, township), case).unwrap();
    let [wait] = waits.as_slice() else { panic!("{waits:?}") };
    assert_eq!((wait.name, wait.roles.as_slice()), (first_review, &[Role::TownshipReviewer][..]));
    assert_eq!(wait.not_yet.as_ref().map(|why| why.code), Some("village_notice_too_short"));
    // Seven full days of a notice that begins today, over before the review.
    assert_eq!(wait.first_day, Some(today.plus_days(8)));
    for (actor, yours) in [(township, true), (welfare, false)] {
        let page = desk.page(actor, &format!("/console/desk/cases/{case}?lang=zh")).await;
        let text = page.text();
        assert!(text.contains("政策要求村（社区）公示满"), "{text}");
        assert!(text.contains("最早可办日期"), "{text}");
        assert_eq!(text.contains("轮到您"), yours, "{text}");
    }
    let first = of(township);
    assert_eq!(
        first.iter().map(|offer| offer.name).collect::<Vec<_>>(),
        ["benefit.first_reviewed"]
    );
    sign(&desk, township, &first[0], disagrees.clone(), Value::Null).await;
    let second = of(federation);
    assert_eq!(
        second.iter().map(|offer| offer.name).collect::<Vec<_>>(),
        ["benefit.second_reviewed"]
    );
    // What is asked about is on the page: the certificate, by its grade and its last day.
    let page = desk.page(federation, &format!("/console/desk/cases/{case}?lang=zh")).await;
    let held = super::link(&page, "/console/certificates/");
    let fact = page.text().split("<dt>残疾人证</dt>").nth(1).unwrap_or_default();
    let fact = fact.split("</dd>").next().unwrap_or_default();
    assert!(fact.contains(&held) && fact.contains('级') && fact.contains("有效期至"), "{fact}");
    let mut more = disagrees;
    more["certificate_ok"] = json!(true);
    more["level_ok"] = json!(false);
    sign(&desk, federation, &second[0], more, Value::Null).await;
    let end = of(welfare);
    let [refuse] = end.as_slice() else {
        panic!("a grant is offered though reviewers disagree: {end:?}")
    };
    assert_eq!(refuse.data["outcome"], "refused");
    let told = json!({ "reason": "not severe", "told": { "notice": paper(), "proof": paper() } });
    sign(&desk, welfare, refuse, told, Value::Null).await;
    assert!(of(welfare).is_empty());
    let page = desk.page(welfare, &format!("/console/desk/cases/{case}?lang=en")).await;
    assert!(page.text().contains("There is no step for you to sign now"), "{}", page.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_erased_and_restricted_by_two_offices() {
    let desk = Desk::county();
    let (privacy, custodian) = ("411700-privacy-1", "411700-keys-1");
    let person: PersonId = somebody(&desk).await.parse().unwrap();
    let names = |actor: &str| -> Vec<Offer> {
        person_offers(&desk.app.ledger, &signer(&desk, actor), person).unwrap()
    };
    let all = names(privacy);
    assert_eq!(
        all.iter().map(|offer| offer.name).collect::<Vec<_>>(),
        ["processing.restricted", "personal_data.erased"]
    );
    assert!(names(CLERK).iter().all(|offer| offer.name != "personal_data.erased"));
    let more = json!({ "basis": "art. 47", "final_on": "2027-01-31" });
    sign(&desk, privacy, &all[1], more, Value::Null).await;
    let waits = names(custodian);
    let [endorsed] = waits.as_slice() else { panic!("{waits:?}") };
    sign(&desk, custodian, endorsed, json!({}), Value::Null).await;
    let left = desk.app.ledger.with_state(|state| {
        state.people.keys_of(&person).iter().filter(|key| !state.erased_keys.contains(key)).count()
    });
    assert_eq!(left.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_receipts_and_asks_for_corrections_of_what_is_their_own_alone() {
    let mut desk = Desk::county();
    let person: PersonId = somebody(&desk).await.parse().unwrap();
    let tag = desk.app.ledger.with_state(|state| state.people.find(&person).unwrap().ids[0]);
    let tag = tag.unwrap().to_string();
    let (id, place) = ("411702-holder-9", "411702");
    let holder =
        crate::service::tests::hire_person(&mut desk, id, "applicant", place, Some(&tag)).await;
    let (mut own, mut foreign) = (None, None);
    for index in 0..desk.app.ledger.len() {
        let event = desk.app.ledger.event(index).unwrap();
        match event.payload.body.person() {
            Some(of) if of == person => own = own.or(Some(index)),
            Some(_) => foreign = foreign.or(Some(index)),
            None => {}
        }
    }
    let (own, foreign) = (own.unwrap(), foreign.unwrap());
    for page in ["receipts/{}", "receipts/{}/file", "desk/entries/{}"] {
        let at = |index: u64| format!("/console/{}", page.replace("{}", &index.to_string()));
        assert_eq!(desk.page(&holder, &at(own)).await.status, 200, "{page}");
        assert_eq!(desk.page(&holder, &at(foreign)).await.status, 404, "{page}");
        assert_eq!(desk.page(&holder, &at(0)).await.status, 404, "{page}");
    }
    let receipt = desk.page(&holder, &format!("/console/receipts/{own}/file")).await;
    let vkey: crate::tlog::NoteVerifier = desk.app.vkey.parse().unwrap();
    let receipt: crate::tlog::Receipt = receipt.text().parse().unwrap();
    assert_eq!(receipt.verify(&vkey).unwrap().index, own);

    let asked = correction(&desk.app.ledger, &signer(&desk, &holder), own).unwrap().unwrap();
    let more = json!({ "field": "level", "reason": "the paper says another" });
    sign(&desk, &holder, &asked, more, Value::Null).await;
    let waits = endorsements(&desk.app.ledger, &signer(&desk, REVIEWER)).unwrap();
    assert_eq!(waits.iter().map(|offer| offer.name).collect::<Vec<_>>(), ["endorsed"]);
    let page = desk.page(REVIEWER, "/console/desk?lang=en").await;
    assert!(page.text().contains("correction recorded"), "{}", page.text());
}
