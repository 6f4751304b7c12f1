//! What holders, judges and payers do at the desk: each form that is offered is accepted, and
//! changes the record as it says.

use serde_json::{Value, json};

use super::desk::{
    ASSESSORS, CHILD, REVIEWER, SEAL, accepted, applied, certified, offered, paper, sign, signer,
};
use super::{CLERK, Desk};
use crate::answer::desk::{
    Offer, endorsements, new_offers, offers, payroll_to_prepare, payrolls, person_offers,
    programmes_paid, transfer_offers, waiting,
};
use crate::domain::certificate::{Certificate, ConcludedBy, Status};
use crate::service::tests::hire;
use crate::value::{CaseId, CertificateId, Day, PersonId, Programme, Subject};

const APPROVER: &str = "411702-approver-1";
const ISSUER: &str = "411702-issuer-1";
const PREFECTURE: &str = "411700-dpf-1";
const OFFICER: &str = "411702-notice-1";
const PANEL: &str = "411700-panel-1";

fn held(desk: &Desk, id: CertificateId) -> Certificate {
    desk.app.ledger.with_state(|state| state.certificates.find(&id).cloned()).unwrap().unwrap()
}

fn newest(desk: &Desk, person: PersonId) -> CertificateId {
    let last =
        |state: &crate::domain::State| state.people.find(&person)?.certificates.last().copied();
    desk.app.ledger.with_state(last).unwrap().unwrap()
}

/// The clerk's form of an application of a kind; none where it is not legal.
fn form_of(desk: &Desk, person: PersonId, kind: &str) -> Option<Offer> {
    let all = person_offers(&desk.app.ledger, &signer(desk, CLERK), person).unwrap();
    all.into_iter().find(|offer| {
        offer.name == "application.submitted" && offer.data.get("kind") == Some(&json!(kind))
    })
}

/// Applies with the child's number, and takes the case to its acceptance.
async fn apply(desk: &Desk, clerk: &str, offer: &Offer, more: Value) -> CaseId {
    let mut said = json!({
        "residence_division": offer.data["hukou_division"], "channel": "window", "evidence": [],
    });
    said.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    let personal = json!({ "name": "周小禾", "id_number": CHILD });
    let index = sign(desk, clerk, offer, said, personal).await;
    let Subject::Case(case) = desk.app.ledger.event(index).unwrap().subject else { panic!() };
    accepted(desk, clerk, case).await;
    case
}

async fn endorse(desk: &Desk, actor: &str) {
    let waits = endorsements(&desk.app.ledger, &signer(desk, actor)).unwrap();
    let [endorsed] = waits.as_slice() else { panic!("{waits:?}") };
    sign(desk, actor, endorsed, json!({}), Value::Null).await;
}

fn find(desk: &Desk, actor: &str, case: CaseId, name: &str) -> Option<Offer> {
    let all = offers(&desk.app.ledger, &signer(desk, actor), case).unwrap();
    all.into_iter().find(|offer| offer.name == name && offer.blocked.is_none())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_card_is_exchanged_and_a_lost_one_replaced() {
    let desk = Desk::founded();
    let (person, first) = certified(&desk).await;
    assert!(form_of(&desk, person, "renew").is_none(), "it is too early to renew");
    assert!(form_of(&desk, person, "transfer").is_none(), "it is kept here");
    let damaged = form_of(&desk, person, "exchange_damaged").unwrap();
    let case = apply(&desk, CLERK, &damaged, json!({})).await;
    let replaced = offered(&desk, case, "certificate.replaced", &[ISSUER]);
    let number = |suffix: &str| {
        let number = format!("{CHILD}43{suffix}");
        json!({ "id_number": CHILD, "certificate_number": number, "blank": format!("TEST2{suffix}") })
    };
    sign(&desk, ISSUER, &replaced, json!({}), number("")).await;
    endorse(&desk, APPROVER).await;
    let second = newest(&desk, person);
    assert_eq!(held(&desk, first).status, Status::Superseded);
    assert_eq!((held(&desk, second).status, held(&desk, second).replaced), (Status::Valid, 0));

    let all = person_offers(&desk.app.ledger, &signer(&desk, CLERK), person).unwrap();
    let lost = all.iter().find(|offer| offer.name == "certificate.lost").unwrap();
    sign(&desk, CLERK, lost, json!({ "declaration": paper() }), Value::Null).await;
    let replace = form_of(&desk, person, "replace").unwrap();
    let case = apply(&desk, CLERK, &replace, json!({})).await;
    let replaced = offered(&desk, case, "certificate.replaced", &[ISSUER]);
    assert_eq!(replaced.data["replaced"], 1, "the next suffix is settled");
    sign(&desk, ISSUER, &replaced, json!({}), number("B1")).await;
    endorse(&desk, APPROVER).await;
    let third = newest(&desk, person);
    assert_eq!((held(&desk, third).replaced, held(&desk, second).status), (1, Status::Superseded));
}

/// A renewal in which two categories are found, as far as the conclusion.
async fn renewed(desk: &Desk) -> CaseId {
    let (person, first) = certified(desk).await;
    desk.clock.advance_to(held(desk, first).valid_to.plus_days(-40).start_millis() + 36_000_000);
    let renew = form_of(desk, person, "renew").unwrap();
    assert_eq!(renew.data["claimed"], json!(["physical"]));
    let case = apply(desk, CLERK, &renew, json!({})).await;
    let assign = offered(desk, case, "assessment.assigned", &[REVIEWER]);
    sign(desk, REVIEWER, &assign, json!({ "assessors": ASSESSORS }), Value::Null).await;
    let grade = json!({
        "category": "multiple", "level": 3,
        "components": [
            { "category": "physical", "level": 3 }, { "category": "intellectual", "level": 4 },
        ],
    });
    for assessor in ASSESSORS {
        let offer = find(desk, assessor, case, "assessment.recorded").unwrap();
        let more = json!({
            "meets": true, "grade": grade, "criterion": "5.8", "standard": "GB/T 26341-2010",
            "method": "in_person", "devices_removed": true, "evidence": [paper()],
        });
        sign(desk, assessor, &offer, more, Value::Null).await;
    }
    let conclude = offered(desk, case, "assessment.concluded", &[SEAL]);
    assert_eq!(conclude.data["grade"], grade, "what the assessors agree on is settled");
    let page = desk.page(SEAL, &format!("/console/desk/cases/{case}?lang=zh")).await;
    assert!(page.text().contains("肢体 3, 智力 4"), "{}", page.text());
    sign(desk, SEAL, &conclude, json!({}), Value::Null).await;
    case
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_finds_two_categories_and_its_notice_is_the_one_that_is_shown() {
    let desk = Desk::founded();
    let case = renewed(&desk).await;
    let at = format!("/console/desk/cases/{case}?lang=zh");
    let page = desk.page(OFFICER, &at).await;
    assert!(
        page.text().contains("公示将显示的内容") && page.text().contains("周*禾"),
        "{}",
        page.text()
    );
    // The ledger fills in the hash of what it will show.
    let post = offered(&desk, case, "notice.posted", &[OFFICER]);
    let closes = post.fields.iter().find(|field| field.path == "closes_on").unwrap();
    let more = json!({ "place": "村公示栏", "closes_on": closes.value });
    let index = sign(&desk, OFFICER, &post, more, Value::Null).await;
    let shown = desk.anybody("/v1/notices").await.ok();
    assert_eq!(shown["items"][0]["entry"], index);
    assert_eq!(shown["items"][0]["name"], "周*禾");
    assert!(shown["items"][0].get("differs").is_none());
    // It is closed when its days are over, and then taken down.
    assert!(find(&desk, OFFICER, case, "notice.taken_down").is_none(), "it hangs");
    let last: Day = closes.value.as_ref().unwrap().parse().unwrap();
    desk.clock.advance_to(last.plus_days(1).start_millis() + 36_000_000);
    let close = offered(&desk, case, "notice.closed", &[OFFICER]);
    sign(&desk, OFFICER, &close, json!({}), Value::Null).await;
    let down = offered(&desk, case, "notice.taken_down", &[OFFICER]);
    assert_eq!(down.data["removed_on"], json!(last.plus_days(1)));
    sign(&desk, OFFICER, &down, json!({}), Value::Null).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_of_another_view_than_the_one_signed_is_withheld() {
    let desk = Desk::founded();
    let case = renewed(&desk).await;
    let post = offered(&desk, case, "notice.posted", &[OFFICER]);
    let closes = post.fields.iter().find(|field| field.path == "closes_on").unwrap();
    let other = crate::value::Hash([3; 32]);
    let more = json!({ "place": "村公示栏", "closes_on": closes.value, "view": other });
    let index = sign(&desk, OFFICER, &post, more, Value::Null).await;
    let shown = desk.anybody("/v1/notices").await.ok();
    let found = &shown["items"][0];
    assert_eq!((&found["entry"], &found["differs"]), (&json!(index), &json!(true)));
    assert_eq!(found["name"], Value::Null, "nothing of the person is shown");
    let page = desk.anybody("/console/notices?lang=zh").await;
    assert!(page.text().contains("停止显示：与签署的公示内容不符"), "{}", page.text());
    assert!(!page.text().contains("周*禾"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_handed_over_by_one_county_and_taken_over_by_the_other() {
    let mut desk = Desk::founded();
    let (person, certificate) = certified(&desk).await;
    let clerk = hire(&mut desk, "411721-clerk-1", "clerk", "411721").await;
    let approver = hire(&mut desk, "411721-approver-1", "approver", "411721").await;
    let approver = approver.as_str();
    // The new county may not read the person, and finds the certificate by the holder's number.
    let refused = desk.page(&clerk, &format!("/console/people/{person}")).await;
    assert_eq!(refused.status, 403);
    assert!(desk.page(&clerk, "/console/desk/new").await.text().contains("/console/desk/transfer"));
    let page = desk.form(&clerk, "/console/desk/transfer", &format!("who={CHILD}")).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("data-type=\"application.submitted\""), "{}", page.text());
    assert!(!page.text().contains(CHILD) && !page.text().contains("周小禾"));
    let nobody = desk.form(&clerk, "/console/desk/transfer", "who=990000201603040096").await;
    assert_eq!(nobody.status, 404);
    let home = transfer_offers(&desk.app.ledger, &signer(&desk, CLERK), person).unwrap();
    assert!(home.is_empty(), "it is kept there already");

    let papers = format!("/v1/evidence?person={person}");
    let denied = desk.post(&clerk, &papers, "application/octet-stream", "a paper").await;
    assert_eq!(denied.problem().0, 403, "there is no case yet");
    let mut all = transfer_offers(&desk.app.ledger, &signer(&desk, &clerk), person).unwrap();
    let case = apply(&desk, &clerk, &all.remove(0), json!({})).await;
    // The holder is still the old county's; the case is the new one's, and so are its steps.
    let page = desk.page(&clerk, &format!("/console/desk/cases/{case}?lang=zh")).await;
    assert!(
        page.text().contains("案件全程") && page.text().contains("受理申请"),
        "{}",
        page.text()
    );
    let accepted = desk.app.ledger.len() - 1;
    assert_eq!(desk.page(&clerk, &format!("/console/receipts/{accepted}")).await.status, 200);
    assert_eq!(desk.page(&clerk, &format!("/console/people/{person}")).await.status, 403);
    desk.post(&clerk, &papers, "application/octet-stream", "a paper").await.ok();
    assert!(find(&desk, approver, case, "certificate.transferred_in").is_none(), "too early");
    let due = waiting(&desk.app.ledger, &signer(&desk, APPROVER)).unwrap().0;
    assert_eq!(due[0].steps, ["certificate.transferred_out"], "{due:?}");
    // The old county's approver may open the case, and read no more of it than the step needs.
    let page = desk.page(APPROVER, &format!("/console/desk/cases/{case}?lang=zh")).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("西平县 411721") && !page.text().contains("案件全程"));
    assert_eq!(desk.page(ISSUER, "/console/desk").await.status, 200);
    let out = find(&desk, APPROVER, case, "certificate.transferred_out").unwrap();
    sign(&desk, APPROVER, &out, json!({ "file": paper() }), Value::Null).await;
    assert!(find(&desk, APPROVER, case, "certificate.transferred_out").is_none());
    let taken = find(&desk, approver, case, "certificate.transferred_in").unwrap();
    sign(&desk, approver, &taken, json!({ "reassess": true }), Value::Null).await;
    let now = held(&desk, certificate);
    assert_eq!((now.division.to_string(), now.reassess), ("411721".to_owned(), true));
    // Its new county may have it regraded at once, because it asked for that.
    let all = person_offers(&desk.app.ledger, &signer(&desk, &clerk), person).unwrap();
    assert!(all.iter().any(|offer| offer.data.get("kind") == Some(&json!("regrade"))));
}

/// Assesses as far as a sealed conclusion.
async fn assessed(desk: &Desk, case: CaseId, by: [&str; 2], level: Option<u8>) {
    for assessor in by {
        let offer = find(desk, assessor, case, "assessment.recorded").unwrap();
        let mut more = json!({
            "meets": level.is_some(), "criterion": "5.5.3", "standard": "GB/T 26341-2010",
            "method": "in_person", "devices_removed": true, "evidence": [paper()],
        });
        if let Some(level) = level {
            more["grade"] = json!({ "category": "physical", "level": level });
        }
        sign(desk, assessor, &offer, more, Value::Null).await;
    }
    let offer = find(desk, SEAL, case, "assessment.concluded").unwrap();
    sign(desk, SEAL, &offer, json!({}), Value::Null).await;
}

/// A case whose assessors found nothing, so that there is something to appeal against.
async fn found_not_disabled() -> (Desk, CaseId) {
    let desk = Desk::founded();
    let case = applied(&desk).await;
    accepted(&desk, CLERK, case).await;
    let assign = offered(&desk, case, "assessment.assigned", &[REVIEWER]);
    sign(&desk, REVIEWER, &assign, json!({ "assessors": ASSESSORS }), Value::Null).await;
    assessed(&desk, case, ASSESSORS, None).await;
    (desk, case)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appeal_goes_to_the_prefecture_and_then_to_the_panel() {
    let (desk, case) = found_not_disabled().await;
    let person = desk.app.ledger.with_state(|state| state.person_of_case(&case)).unwrap().unwrap();
    let appeal = || {
        let all = person_offers(&desk.app.ledger, &signer(&desk, CLERK), person).unwrap();
        all.into_iter().find(|offer| offer.name == "appeal.filed")
    };
    let file = async |offer: &Offer| {
        let due = offer.fields.iter().find(|field| field.path == "due_by").unwrap();
        let more = json!({ "due_by": due.value, "evidence": [] });
        sign(&desk, CLERK, offer, more, Value::Null).await;
    };
    assert!(find(&desk, PREFECTURE, case, "assessment.assigned").is_none(), "nobody appealed");
    file(&appeal().unwrap()).await;
    assert!(appeal().is_none(), "one at a time");
    let due = waiting(&desk.app.ledger, &signer(&desk, PREFECTURE)).unwrap().0;
    assert_eq!(due.iter().map(|it| it.subject.clone()).collect::<Vec<_>>(), [Subject::Case(case)]);
    let others = ["411702-assessor-3", "411702-assessor-4"];
    let all = offers(&desk.app.ledger, &signer(&desk, PREFECTURE), case).unwrap();
    let forms = all.iter().filter(|offer| offer.name == "assessment.assigned").count();
    assert_eq!(forms, 1, "one form for the one institution");
    let assign = find(&desk, PREFECTURE, case, "assessment.assigned").unwrap();
    let crate::answer::desk::Kind::Some(choices, _) = &assign.fields[0].kind else { panic!() };
    assert!(choices.iter().all(|choice| !ASSESSORS.contains(&choice.value.as_str())));
    sign(&desk, PREFECTURE, &assign, json!({ "assessors": others }), Value::Null).await;
    assert!(find(&desk, PREFECTURE, case, "appeal.reassessed").is_none(), "not concluded yet");
    assessed(&desk, case, others, None).await;
    let answer = find(&desk, PREFECTURE, case, "appeal.reassessed").unwrap();
    assert_eq!(answer.data["meets"], false, "it repeats what the institution concluded");
    sign(&desk, PREFECTURE, &answer, json!({ "evidence": [paper()] }), Value::Null).await;
    assert!(find(&desk, PANEL, case, "appeal.concluded").is_none());
    file(&appeal().unwrap()).await;
    let last = find(&desk, PANEL, case, "appeal.concluded").unwrap();
    let more = json!({
        "meets": true, "grade": { "category": "physical", "level": 4 }, "evidence": [paper()],
    });
    sign(&desk, PANEL, &last, more, Value::Null).await;
    let by = desk.app.ledger.with_state(|state| {
        let conclusion = state.certificates.case(&case)?.progress.as_ref()?.conclusion.as_ref()?;
        Some((conclusion.by, conclusion.grade.as_ref()?.level.number()))
    });
    assert_eq!(by.unwrap(), Some((ConcludedBy::Panel, 4)));
    assert!(appeal().is_none(), "the panel's word is final");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payroll_is_prepared_from_the_ledgers_proposal_and_authorised() {
    let desk = Desk::county();
    let (welfare, finance) = ("411702-welfare-1", "411702-finance-1");
    let ledger = &desk.app.ledger;
    let month = Day::of_millis(desk.now_s() * 1000).month();
    let programmes = programmes_paid(ledger, &signer(&desk, welfare), month).unwrap();
    assert!(programmes.contains(&Programme::LIVING_ALLOWANCE));
    assert!(programmes_paid(ledger, &signer(&desk, CLERK), month).unwrap().is_empty());
    let proposal =
        |programme| payroll_to_prepare(ledger, &signer(&desk, welfare), programme, month);
    let programme = programmes.iter().find(|it| !proposal(**it).unwrap().batches.is_empty());
    let programme = *programme.expect("somebody is to be paid this month");
    let at = format!("/console/payroll/prepare?programme={programme}&month={month}&lang=zh");
    let page = desk.page(welfare, &at).await;
    assert!(page.text().contains("data-type=\"payroll.prepared\""), "{}", page.text());
    assert_eq!(desk.page(CLERK, &at).await.status, 403);
    let mut prepared = proposal(programme).unwrap();
    let (offer, data) = prepared.batches.remove(0);
    sign(&desk, welfare, &offer, json!({}), Value::Null).await;
    assert!(proposal(programme).unwrap().batches.is_empty(), "everybody is in a payroll");
    let page = desk.page(welfare, &at).await;
    assert!(page.text().contains("该月没有需要编制的人员"), "{}", page.text());
    let waits = payrolls(ledger, &signer(&desk, finance)).unwrap();
    let own = waits.iter().find(|one| one.payroll.root == data.root).unwrap();
    sign(
        &desk,
        finance,
        own.offer.as_ref().unwrap(),
        json!({ "fund_source": "县级财政" }),
        Value::Null,
    )
    .await;
    let authorised =
        ledger.with_state(|state| state.benefits.payroll(&own.id).unwrap().authorised.is_some());
    assert!(authorised.unwrap());
    assert!(new_offers(ledger, &signer(&desk, welfare)).unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appeal_that_is_not_taken_on_is_declined_in_writing_and_goes_to_the_panel() {
    let (desk, case) = found_not_disabled().await;
    assert!(find(&desk, PREFECTURE, case, "appeal.declined").is_none(), "nobody appealed");
    let person = desk.app.ledger.with_state(|state| state.person_of_case(&case)).unwrap().unwrap();
    for judge in [PREFECTURE, PANEL] {
        let all = person_offers(&desk.app.ledger, &signer(&desk, CLERK), person).unwrap();
        let appeal = all.into_iter().find(|offer| offer.name == "appeal.filed").unwrap();
        let due = appeal.fields.iter().find(|field| field.path == "due_by").unwrap();
        let more = json!({ "due_by": due.value, "evidence": [] });
        sign(&desk, CLERK, &appeal, more, Value::Null).await;
        let other = if judge == PANEL { PREFECTURE } else { PANEL };
        assert!(find(&desk, other, case, "appeal.declined").is_none(), "it is before {judge}");
        let decline = find(&desk, judge, case, "appeal.declined").unwrap();
        let told = json!({ "notice": paper(), "proof": paper() });
        let more = json!({ "reason": "no new finding", "told": told });
        sign(&desk, judge, &decline, more, Value::Null).await;
    }
    let all = person_offers(&desk.app.ledger, &signer(&desk, CLERK), person).unwrap();
    assert!(all.iter().all(|offer| offer.name != "appeal.filed"), "the panel's word is final");
}

/// Enrols the holder of the child's number with a key of their own.
async fn with_own_key(desk: &mut Desk, person: PersonId, id: &str) -> String {
    let tag = desk.app.ledger.with_state(|state| state.people.find(&person).unwrap().ids[0]);
    let tag = tag.unwrap().to_string();
    crate::service::tests::hire_person(desk, id, "applicant", "411702", Some(&tag)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_for_themselves_and_the_window_takes_it_from_there() {
    let mut desk = Desk::founded();
    let (person, certificate) = certified(&desk).await;
    let holder = with_own_key(&mut desk, person, "411702-holder-1").await;
    let page = desk.page(&holder, "/console/mine/requests?lang=zh").await;
    let text = page.text();
    assert_eq!(page.status, 200, "{text}");
    for form in ["提出申请：残损换新", "申请限制处理或删除：删除", "申请待遇"]
    {
        assert!(text.contains(form), "{form} is not in {text}");
    }
    assert!(!text.contains("残疾人证挂失"), "a loss is declared at the window");
    assert_eq!(desk.page(CLERK, "/console/mine/requests").await.status, 403);
    let own = person_offers(&desk.app.ledger, &signer(&desk, &holder), person).unwrap();
    let damaged =
        own.iter().find(|offer| offer.data.get("kind") == Some(&json!("exchange_damaged")));
    let damaged = damaged.unwrap();
    assert_eq!(damaged.data["channel"], "online");
    let more = json!({ "residence_division": "411702", "evidence": [] });
    let personal = json!({ "name": "周小禾", "id_number": CHILD });
    let index = sign(&desk, &holder, damaged, more, personal).await;
    let Subject::Case(case) = desk.app.ledger.event(index).unwrap().subject else { panic!() };
    let due = waiting(&desk.app.ledger, &signer(&desk, CLERK)).unwrap().0;
    assert_eq!(due[0].subject, Subject::Case(case), "{due:?}");
    accepted(&desk, CLERK, case).await;
    assert!(find(&desk, ISSUER, case, "certificate.replaced").is_some());
    let officers = desk.app.ledger.with_state(|state| {
        state.certificates.case(&case)?.progress.as_ref().map(|progress| progress.officers.clone())
    });
    let officers = officers.unwrap().unwrap();
    assert!(officers.iter().all(|(_, actor)| actor.as_str() != holder), "{officers:?}");
    assert_eq!(held(&desk, certificate).status, Status::Valid);
    // Papers of their own are hashed with their salt, those of others not at all.
    const MEDIA: &str = "application/octet-stream";
    desk.post(&holder, &format!("/v1/evidence?person={person}"), MEDIA, "x").await.ok();
    let other = format!("/v1/evidence?person={}", PersonId([9; 16]));
    assert_eq!(desk.post(&holder, &other, MEDIA, "x").await.problem().0, 404);
    // A person with a key is no officer: no rule takes them for one.
    let shown = desk.get("411700-inspector-1", "/v1/flags?limit=100").await.ok();
    let flags = shown["items"].as_array().unwrap();
    assert!(flags.iter().all(|flag| flag["rule"] != "R33" && flag["rule"] != "R34"), "{flags:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_signs_as_a_person_about_somebody_else() {
    let mut desk = Desk::county();
    let listed = desk.get("411700-inspector-1", "/v1/people?limit=2").await.ok();
    let of = |at: usize| listed["items"][at]["person"].as_str().unwrap().parse().unwrap();
    let (own, other): (PersonId, PersonId) = (of(0), of(1));
    let holder = with_own_key(&mut desk, own, "411702-holder-1").await;
    let names = |person| -> Vec<&str> {
        let all = person_offers(&desk.app.ledger, &signer(&desk, &holder), person).unwrap();
        all.iter().map(|offer| offer.name).collect()
    };
    assert!(names(own).contains(&"right.requested"));
    assert_eq!(names(other), [""; 0]);
    let body = json!({
        "type": "right.requested", "subject": format!("person:{other}"),
        "data": { "person": other, "right": "erasure", "reason": "not mine to ask" },
    });
    // Not even as a draft, which would say whether a number is known.
    let refused = desk.post(&holder, "/v1/drafts", "application/json", body.to_string()).await;
    assert_eq!(refused.problem(), (422, "not_theirs".to_owned()));
    // Nor does the ledger take what was drafted elsewhere.
    let drafted = desk.post(CLERK, "/v1/drafts", "application/json", body.to_string()).await.ok();
    let mut drafted = drafted;
    drafted["claims"]["iss"] = json!("别县残联");
    let statement = desk.sign(&holder, &drafted);
    let refused = desk.post(&holder, "/v1/statements", "application/cose", statement).await;
    assert_eq!(refused.problem(), (422, "not_theirs".to_owned()));
    assert_eq!(refused.json()["detail_zh"], "以本人身份签署的，只能办理本人或所监护人员的事项");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_asks_about_their_data_waits_for_the_privacy_officer() {
    let mut desk = Desk::county();
    let (privacy, custodian) = ("411700-privacy-1", "411700-keys-1");
    let listed = desk.get("411700-inspector-1", "/v1/people?limit=1").await.ok();
    let person: PersonId = listed["items"][0]["person"].as_str().unwrap().parse().unwrap();
    let holder = with_own_key(&mut desk, person, "411702-holder-1").await;
    assert!(waiting(&desk.app.ledger, &signer(&desk, privacy)).unwrap().0.is_empty());
    for right in ["restriction", "erasure"] {
        let own = person_offers(&desk.app.ledger, &signer(&desk, &holder), person).unwrap();
        let ask = own.iter().find(|offer| offer.data.get("right") == Some(&json!(right))).unwrap();
        sign(&desk, &holder, ask, json!({ "reason": "moved away" }), Value::Null).await;
    }
    let own = person_offers(&desk.app.ledger, &signer(&desk, &holder), person).unwrap();
    assert!(own.iter().all(|offer| offer.name != "right.requested"), "asked for once");
    let due = waiting(&desk.app.ledger, &signer(&desk, privacy)).unwrap().0;
    assert_eq!(due.len(), 2, "{due:?}");
    let desk_page = desk.page(privacy, "/console/desk?lang=zh").await;
    assert!(desk_page.text().contains(&format!("/console/desk/people/{person}")));
    let mine = |name: &str| {
        let all = person_offers(&desk.app.ledger, &signer(&desk, privacy), person).unwrap();
        all.into_iter().filter(|offer| offer.name == name).collect::<Vec<_>>()
    };
    assert_eq!((mine("right.declined").len(), mine("processing.restricted").len()), (2, 1));
    let restrict = &mine("processing.restricted")[0];
    assert_eq!(restrict.refs.len(), 1, "it rests on the request");
    sign(&desk, privacy, restrict, json!({ "basis": "art. 44" }), Value::Null).await;
    endorse(&desk, custodian).await;
    let declined = mine("right.declined");
    let [decline] = declined.as_slice() else { panic!("{declined:?}") };
    let more = json!({ "reason": "kept by law", "told": { "notice": paper(), "proof": paper() } });
    sign(&desk, privacy, decline, more, Value::Null).await;
    assert!(waiting(&desk.app.ledger, &signer(&desk, privacy)).unwrap().0.is_empty());
}
