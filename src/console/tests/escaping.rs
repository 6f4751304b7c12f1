//! What a roll, a form or an officer wrote is text on every page.

use axum::http::StatusCode;

use super::{Desk, INSPECTOR, SUPERVISOR, link};

const NAME: &str = "<script>alert(1)</script>";
const PURPOSE: &str = "\"><img src=x onerror=alert(2)>";
const BANK: &str = "411700-bank-1";

#[tokio::test(flavor = "multi_thread")]
async fn a_name_of_a_roll_and_a_purpose_are_text() {
    let desk = Desk::founded();
    desk.clock.advance_to(crate::service::tests::ENDS_MS);
    // A payroll as a bank sends it, with a name that is a page's script.
    let roll = format!(
        "序号,姓名,公民身份号码,残疾人证号,补贴月份,金额(元),补发月数,补发原因,开户行,银行账号,户名,\
         发放日期,发放区划代码\n1,{NAME},991702199807044971,99170219980704497144,2026-07,60.00,0,,\
         农商银行,9900459652072565812,{NAME},2026/7/24,411702\n"
    );
    let name: String = "困难残疾人生活补贴发放名册_2026-07.csv"
        .bytes()
        .map(|byte| format!("%{byte:02X}"))
        .collect();
    let path = format!("/v1/rolls/drafts?name={name}");
    let drafts = desk.post(BANK, &path, "application/octet-stream", roll).await.ok();
    let drafts = drafts["drafts"].as_array().unwrap().clone();
    assert!(!drafts.is_empty());
    let signed: Vec<u8> = drafts.iter().flat_map(|draft| desk.sign(BANK, draft)).collect();
    let sent = desk.post(BANK, "/v1/statements", "application/cbor-seq", signed).await.ok();
    for outcome in sent["outcomes"].as_array().unwrap() {
        assert!(outcome["index"].is_u64(), "{outcome}");
    }

    let found = desk.form(INSPECTOR, "/console/people", "who=991702199807044971").await;
    assert_eq!(found.status, StatusCode::SEE_OTHER, "{found:?}");
    let person = found.headers["location"].to_str().unwrap().to_owned();
    let fields = serde_urlencoded::to_string([("purpose", PURPOSE)]).unwrap();
    let revealed = desk.form(INSPECTOR, &format!("{person}/reveal"), &fields).await;
    assert_eq!(revealed.status, StatusCode::OK);
    assert!(revealed.text().contains("&lt;script&gt;alert(1)"), "the name is there, as text");
    // The pack with the name on its timeline is a page somewhere else.
    let packed = desk.form(INSPECTOR, &format!("{person}/pack"), &fields).await;
    let page = super::packs::timeline(&packed);
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains(NAME), "{page}");
    let looks = desk.page(SUPERVISOR, "/console/looks").await;
    assert!(looks.text().contains("onerror=alert(2)&gt;"), "the purpose is there, as text");
    let entry = link(&looks, "/console/entries/");
    for page in [&revealed, &looks, &desk.page(SUPERVISOR, &entry).await] {
        assert!(!page.text().contains(NAME) && !page.text().contains("<img"), "{}", page.text());
    }
}
