//! Assessors do not read each other's opinion before they have signed their own.

use serde_json::{Value, json};

use super::desk::{paper, sign, signer};
use crate::answer::desk::offers;
use crate::domain::certificate::Stage;
use crate::event::{Body, Role};
use crate::service::tests::Desk;
use crate::value::{ActorId, CaseId, PersonId, Subject};

/// A case in which one of two assessors has recorded: the case, its person, whoever has not, and the
/// entry of whoever has.
fn half_assessed(desk: &Desk) -> (CaseId, PersonId, String, u64) {
    let found = (0..desk.app.ledger.len()).find_map(|index| {
        let event = desk.app.ledger.event(index).unwrap();
        let (Subject::Case(id), Body::AssessmentRecorded(data)) =
            (event.subject, event.payload.body)
        else {
            return None;
        };
        let other = desk.app.ledger.with_state(|state| {
            let case = state.certificates.case(&id).filter(|it| it.stage == Stage::Assigned)?;
            let round = case.progress.as_ref()?.round.clone()?;
            let open = round.records.len() == 1 && round.records[0].statement == event.id;
            let done: Vec<_> = round.recorded_by().collect();
            let other = round.assessors.iter().find(|actor| !done.contains(actor)).cloned();
            other.filter(|_| open)
        });
        Some((id, data.person, other.unwrap()?.to_string(), index))
    });
    found.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_opinion_is_given_before_the_first_is_read() {
    let desk = Desk::open_county();
    let (case, person, second, index) = half_assessed(&desk);
    let named = "assessment.recorded";
    let shown = |page: &str| page.contains(&format!("data-step=\"{named}\""));
    let here = format!("/console/desk/cases/{case}?lang=zh");
    let listed = format!("/v1/subjects/case:{case}/history");
    let of_person = format!("/v1/people/{person}/history");
    let pack = format!("/v1/subjects/person:{person}/pack");
    let reads = |text: &str| text.contains(named);

    let page = desk.page(&second, &here).await;
    assert!(page.text().contains("独立评定") && !shown(page.text()), "{}", page.text());
    assert!(page.text().contains("轮到您"), "the page says whose turn it is");
    // Of the assessors only those of the round are asked.
    let not_drawn = desk.app.ledger.with_state(|state| {
        let round = state.certificates.case(&case)?.progress.as_ref()?.round.clone()?;
        let of_it = |id: &ActorId, actor: &crate::domain::authority::Actor| {
            actor.institution.as_ref() == Some(&round.institution)
                && actor.role == Role::Assessor
                && !round.assessors.contains(id)
        };
        let found = state.actors.iter().find(|(id, actor)| of_it(id, actor))?;
        Some(found.0.to_string())
    });
    let other = desk.page(&not_drawn.unwrap().unwrap(), &here).await;
    assert!(other.text().contains("案件现在等待"), "{}", other.text());
    assert!(!other.text().contains("轮到您"), "{}", other.text());
    // What is claimed is no opinion: it stands on the case and above the form.
    assert!(page.text().contains("申请的残疾类别"), "{}", page.text());
    assert!(page.text().contains("申请人申请的残疾类别：肢体"), "{}", page.text());
    for path in [&listed, &of_person] {
        let answer = desk.get(&second, path).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        assert!(!reads(answer.text()), "{path}: {}", answer.text());
    }
    let hidden = ["/v1/entries/{}", "/v1/entries/{}/receipt", "/console/entries/{}"];
    let hidden = hidden.into_iter().chain(["/console/receipts/{}", "/console/receipts/{}/file"]);
    let hidden: Vec<String> = hidden.map(|path| path.replace("{}", &index.to_string())).collect();
    for path in hidden.iter().chain([&pack]) {
        let api = path.starts_with("/v1/");
        let answer =
            if api { desk.get(&second, path).await } else { desk.page(&second, path).await };
        assert_eq!(answer.status, 403, "{path}: {answer:?}");
    }
    // Whoever reviews the case reads it all the while.
    let reviewer = desk.page("411702-reviewer-1", &here).await;
    assert!(shown(reviewer.text()) && !reviewer.text().contains("独立评定"));

    let all = offers(&desk.app.ledger, &signer(&desk, &second), case).unwrap();
    let own = all.iter().find(|offer| offer.name == named).unwrap();
    let more = json!({
        "meets": true, "grade": { "category": "physical", "level": 4 }, "criterion": "5.5.1",
        "standard": "GB/T 26341-2010", "method": "in_person", "devices_removed": true,
        "evidence": [paper()],
    });
    sign(&desk, &second, own, more, Value::Null).await;
    let page = desk.page(&second, &here).await;
    assert!(!page.text().contains("独立评定") && shown(page.text()), "{}", page.text());
    for path in hidden.iter().chain([&pack]) {
        let api = path.starts_with("/v1/");
        let answer =
            if api { desk.get(&second, path).await } else { desk.page(&second, path).await };
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
    }
}
