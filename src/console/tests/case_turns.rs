//! Whose turn it is in a certificate's case beside its chain: who verifies the applicant, who seals the
//! file.

use serde_json::{Value, json};

use super::CLERK;
use super::desk::{ISSUER, applied, handed_over, issued, offered, sign, signer};
use crate::answer::desk::{next, offers, waiting};
use crate::event::Role;
use crate::service::tests::Desk;
use crate::value::{Hash, Subject};

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_a_case_waits_for_its_issuer_once_the_card_is_handed_over() {
    let desk = Desk::founded();
    let due = |desk: &Desk| {
        let all = waiting(&desk.app.ledger, &signer(desk, ISSUER)).unwrap().0;
        all.into_iter().filter(|one| one.steps == ["case_file.sealed"]).collect::<Vec<_>>()
    };
    let case = issued(&desk).await;
    assert!(due(&desk).is_empty(), "the receipt belongs into the file");
    handed_over(&desk, case).await;
    let [waits] = &due(&desk)[..] else { panic!("{:?}", due(&desk)) };
    assert_eq!(waits.subject, Subject::Case(case));
    let page = desk.page(ISSUER, "/console/desk?lang=zh").await;
    assert!(page.text().contains("档案归档"), "{}", page.text());
    let offer = offered(&desk, case, "case_file.sealed", &[ISSUER]);
    sign(&desk, ISSUER, &offer, json!({ "manifest": Hash([7; 32]), "items": 9 }), Value::Null)
        .await;
    assert!(due(&desk).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_outside_registers_only_the_polices_verifies_who_somebody_is() {
    let desk = Desk::founded();
    let case = applied(&desk).await;
    let asked = |actor: &str| {
        let all = offers(&desk.app.ledger, &signer(&desk, actor), case).unwrap();
        let waits = waiting(&desk.app.ledger, &signer(&desk, actor)).unwrap().0;
        (all.iter().any(|offer| offer.name == "identity.verified"), waits.len())
    };
    assert_eq!(asked("411700-police-1"), (true, 1));
    for other in ["welfare", "labour", "justice", "health"] {
        assert_eq!(asked(&format!("411700-{other}-1")), (false, 0), "{other}");
    }
    let turn = next(&desk.app.ledger, &signer(&desk, CLERK), case).unwrap();
    let verify = turn.iter().find(|it| it.name == "identity.verified").unwrap();
    assert_eq!(verify.roles, [Role::Clerk, Role::DataCustodian]);
}
