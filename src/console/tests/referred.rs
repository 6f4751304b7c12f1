//! What is endorsed or authorised is said in words before it is signed.

use serde_json::json;

use super::SUPERVISOR;
use super::desk::{sign, signer, somebody};
use crate::answer::desk::{payrolls, person_offers};
use crate::policy::defaults;
use crate::service::tests::Desk;
use crate::value::PersonId;

/// The forms of a page, each with its heading.
fn forms(page: &str) -> Vec<&str> {
    page.split("<section class=\"card step\"").skip(1).collect()
}

/// The one form of a page in which the text stands.
fn form_with<'p>(page: &'p str, text: &str) -> &'p str {
    let found = forms(page).into_iter().find(|form| form.contains(text));
    found.unwrap_or_else(|| panic!("no form says {text}: {page}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_endorsed_is_said_in_words() {
    let desk = Desk::open_county();
    // A card: whose, which number, category and level.
    let page = desk.page("411702-approver-1", "/console/desk?lang=zh").await;
    let card = form_with(page.text(), "残疾人证号");
    for text in ["姓名（脱敏）", "公民身份号码＋43", "残疾类别", "肢体", "残疾等级", "有效期至"]
    {
        assert!(card.contains(text), "{text} is not in {card}");
    }
    let masked = card.split("姓名（脱敏）</dt><dd>").nth(1).unwrap().split('<').next().unwrap();
    assert!(masked.contains('*'), "{masked}");
    // What the script shows in place of the id says the same.
    let ids = card.split("data-ids=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(ids.contains("公民身份号码＋43") && ids.contains(masked), "{ids}");
    let english = desk.page("411702-approver-1", "/console/desk?lang=en").await;
    assert!(form_with(english.text(), "name (masked)").contains("ID number + 43"));
    // Two proposals are told apart by their headings.
    assert!(card.contains("会签：核发残疾人证 · 条目 "), "{card}");
    // An account's owner, by the clerk.
    let page = desk.page("411702-clerk-1", "/console/desk?lang=en").await;
    assert!(form_with(page.text(), "name (masked)").contains('*'));

    // A payroll: programme, month, division, sum and rows.
    let finance = signer(&desk, "411702-finance-1");
    let waits = payrolls(&desk.app.ledger, &finance).unwrap();
    let payroll = &waits[0].payroll;
    let page = desk.page("411702-finance-1", "/console/payroll?lang=en").await;
    let form = form_with(page.text(), "data-type=\"payroll.authorised\"");
    let ids = form.split("data-ids=\"").nth(1).unwrap().split('"').next().unwrap();
    let sum = crate::console::parts::yuan(payroll.total);
    for text in [payroll.month.to_string(), sum, format!("rows {}", payroll.count)] {
        assert!(ids.contains(&text), "{text} is not in {ids}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_an_enrolment_and_an_erasure_are_said_in_words() {
    let desk = Desk::county();
    let (keys, privacy) = ("411700-keys-1", "411700-privacy-1");
    let text = defaults::CERTIFICATE.replacen("version = 1\n", "version = 2\n", 1);
    let body = json!({
        "type": "policy.published", "subject": "programme:certificate",
        "data": { "text": text, "hash": crate::policy::hash(&text) },
    });
    desk.record("411700-approver-1", &body).await;
    let body = json!({
        "type": "actor.enrolled", "subject": "actor:411702-clerk-9",
        "data": {
            "role": "clerk", "organisation": "区残联新窗口", "division": "411702",
            "public_key": crate::crypto::SecretKey::from_seed([42; 32]).public(), "valid_from": "2026-10-01",
        },
    });
    desk.record(keys, &body).await;
    let page = desk.page(SUPERVISOR, "/console/desk?lang=en").await;
    let policy = form_with(page.text(), "the policy says");
    assert!(policy.contains("Version 2") || policy.contains("version 2"), "{policy}");
    let enrolled = form_with(page.text(), "fingerprint of the public key");
    for text in ["411702-clerk-9", "区残联新窗口"] {
        assert!(enrolled.contains(text), "{text} is not in {enrolled}");
    }

    let person: PersonId = somebody(&desk).await.parse().unwrap();
    let all = person_offers(&desk.app.ledger, &signer(&desk, privacy), person).unwrap();
    let erase = all.iter().find(|offer| offer.name == "personal_data.erased").unwrap();
    let more = json!({ "basis": "art. 47", "final_on": "2027-01-31" });
    sign(&desk, privacy, erase, more, serde_json::Value::Null).await;
    let page = desk.page(keys, "/console/desk?lang=en").await;
    let erased = form_with(page.text(), "data keys to be destroyed");
    for text in ["art. 47", "2027-01-31", "legal basis"] {
        assert!(erased.contains(text), "{text} is not in {erased}");
    }
}
