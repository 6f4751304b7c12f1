//! Evidence packs from a page: with the rights that programs have, and no name without its look.

use std::io::{Cursor, Read};

use axum::http::StatusCode;
use zip::ZipArchive;

use super::{Answered, CLERK, Desk, INSPECTOR, link};
use crate::service::tests::hire;

/// The files of a pack, one after the other.
fn text(pack: &Answered) -> String {
    assert_eq!(pack.status, StatusCode::OK, "{pack:?}");
    assert_eq!(pack.headers["content-type"], "application/zip");
    let mut files = ZipArchive::new(Cursor::new(&pack.body[..])).unwrap();
    let mut all = String::new();
    for number in 0..files.len() {
        let mut bytes = Vec::new();
        files.by_index(number).unwrap().read_to_end(&mut bytes).unwrap();
        all += &String::from_utf8_lossy(&bytes);
    }
    all
}

/// The page of a pack.
pub(super) fn timeline(pack: &Answered) -> String {
    let mut files = ZipArchive::new(Cursor::new(&pack.body[..])).unwrap();
    let mut page = String::new();
    files.by_name("timeline.html").unwrap().read_to_string(&mut page).unwrap();
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_gives_the_pack_and_the_name_only_after_its_look() {
    let mut desk = Desk::county();
    let people = desk.page(CLERK, "/console/people").await;
    let person = link(&people, "/console/people/");
    let id = person.rsplit('/').next().unwrap().to_owned();
    let page = desk.page(INSPECTOR, &person).await;
    let address = format!("/console/subjects/person:{id}/pack");
    assert_eq!(link(&page, "/console/subjects/person:"), address, "a button for it");
    assert!(page.text().contains(&format!("formaction=\"{person}/pack\"")), "and with the name");

    let revealed = desk.form(CLERK, &format!("{person}/reveal"), "purpose=checked").await;
    let name = revealed.text().split("姓名</dt>").nth(1).and_then(|rest| rest.split("<dd>").nth(1));
    let name = name.and_then(|rest| rest.split("</dd>").next()).unwrap().trim().to_owned();
    let before = desk.app.ledger.len();
    let pack = desk.page(INSPECTOR, &address).await;
    let kept = pack.headers["content-disposition"].to_str().unwrap();
    assert_eq!(kept, format!("attachment; filename=\"pack-person-{id}.zip\""));
    assert!(!text(&pack).contains(&name));
    assert_eq!(desk.app.ledger.len(), before, "nothing sealed was looked at");

    let refused = desk.form(INSPECTOR, &format!("{person}/pack"), "purpose=").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let named = desk.form(INSPECTOR, &format!("{person}/pack"), "purpose=appeal").await;
    assert!(text(&named).contains(&name));
    assert_eq!(desk.app.ledger.len(), before + 1, "the look is on the ledger");
    let looks = desk.page(INSPECTOR, "/console/looks").await;
    assert!(looks.text().contains("appeal") && looks.text().contains(INSPECTOR));

    // A certificate has one too; who does not cover the person, and whose work it is not, has none.
    let certificates = desk.page(INSPECTOR, "/console/certificates").await;
    let certificate = link(&certificates, "/console/certificates/");
    let page = desk.page(INSPECTOR, &certificate).await;
    text(&desk.page(INSPECTOR, &link(&page, "/console/subjects/certificate:")).await);
    let other = hire(&mut desk, "411721-reviewer-1", "reviewer", "411721").await;
    for (actor, says) in [(other.as_str(), "other_division"), ("411700-bank-1", "role_may_not")] {
        let refused = desk.page(actor, &address).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{actor}");
        assert!(refused.text().contains(says), "{actor}");
    }
    let finance = desk.form("411700-finance-1", &format!("{person}/pack"), "purpose=a").await;
    assert_eq!(finance.status, StatusCode::FORBIDDEN, "whoever may not reveal");
}
