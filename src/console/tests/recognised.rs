//! A case is recognised: by whose it is, masked, and by the benefit that it is about.

use serde_json::{Value, json};

use super::desk::{paper, sign};
use super::granted::{BANK, case_of, endorse, of, running};
use super::{CLERK, Desk, INSPECTOR};
use crate::domain::certificate::masked;
use crate::policy::defaults;
use crate::value::{CaseId, Lang};

/// The masked name of whose case it is, by a look at the whole name.
async fn name_of(desk: &Desk, case: CaseId) -> String {
    let path = format!("/v1/people/{}/reveal", case_of(desk, case).person);
    let body = json!({ "purpose": "a test" }).to_string();
    let revealed = desk.post(INSPECTOR, &path, "application/json", body).await.ok();
    masked(revealed["data"]["record"]["personal"]["name"].as_str().unwrap()).unwrap()
}

/// A monthly benefit whose account was taken off.
async fn unbound(desk: &Desk) -> CaseId {
    let case = running(desk);
    let offered = of(desk, BANK, case, "account.unbound");
    let [unbind] = offered.as_slice() else { panic!("{offered:?}") };
    sign(desk, BANK, unbind, json!({ "reason": "the card was lost" }), Value::Null).await;
    endorse(desk, CLERK).await;
    case
}

/// The row of a case on a desk.
fn row(page: &str, case: CaseId) -> &str {
    let link = format!("/console/desk/cases/{case}\"");
    let found = page.split("<tr>").find(|row| row.contains(&link));
    found.unwrap_or_else(|| panic!("no row of the case in {page}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bank_sees_whose_account_it_binds() {
    let desk = Desk::county();
    let at = format!("/console/desk/cases/{}", running(&desk));
    let paid = "<span class=\"badge good\">发放中</span>";
    assert!(desk.page(BANK, &format!("{at}?lang=zh")).await.text().contains(paid));
    let case = unbound(&desk).await;
    let waits = [("zh", "已批准，待登记账户"), ("en", "granted, waiting for an account")];
    for (lang, said) in waits {
        for at in [at.clone(), format!("/console/desk/people/{}", case_of(&desk, case).person)] {
            let page = desk.page(CLERK, &format!("{at}?lang={lang}")).await;
            assert!(page.text().contains(said), "{at}: {}", page.text());
        }
    }
    assert!(!desk.page(BANK, &format!("{at}?lang=zh")).await.text().contains(paid));
    let name = name_of(&desk, case).await;
    let title = defaults::title(case_of(&desk, case).programme, Lang::Zh);
    let page = desk.page(BANK, "/console/desk?lang=zh").await;
    let row = row(page.text(), case);
    assert!(row.contains(&name) && row.contains(&title), "{name} {title}: {row}");
    let at = format!("/console/desk/cases/{case}?lang=zh");
    let page = desk.page(BANK, &at).await;
    let head = format!("<dt>姓名（脱敏）</dt><dd>{name}</dd>");
    assert!(page.text().contains(&head), "{}", page.text());
    assert!(page.text().contains("本人账户的，即此人姓名"), "{}", page.text());
    // Finance releases sums: it is not told names.
    let page = desk.page("411702-finance-1", &at).await;
    assert!(!page.text().contains(&name), "{}", page.text());

    // A name that is not the person's is refused by that reason.
    let offered = of(&desk, BANK, case, "account.bound");
    let [bind] = offered.as_slice() else { panic!("{offered:?}") };
    let mut data = bind.data.clone();
    data.insert("holder".to_owned(), json!("person"));
    data.insert("proof".to_owned(), paper());
    let personal = json!({ "account": "6222020000000000017", "holder": "不是此人" });
    let body = json!({
        "type": bind.name, "subject": bind.subject, "data": data, "personal": personal,
    });
    let refused = desk.submit(BANK, &body).await;
    assert_eq!(refused.problem(), (422, "holder_differs".to_owned()));
    let zh = refused.json()["detail_zh"].as_str().unwrap().to_owned();
    assert!(zh.starts_with("所填户名不是此人的姓名"), "{zh}");

    // The clerk reads whose account it is, though the statement seals no name of the person's.
    let more = json!({ "holder": "guardian", "proof": paper() });
    sign(&desk, BANK, bind, more, personal).await;
    let page = desk.page(CLERK, "/console/desk?lang=zh").await;
    let form = page
        .text()
        .split("<section class=\"card step\"")
        .find(|form| form.contains("会签：绑定账户"));
    let form = form.unwrap_or_else(|| panic!("{}", page.text()));
    assert!(form.contains(&head), "{form}");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_for_those_who_may_look_at_them_and_a_new_case_is_gone_on_with() {
    let desk = Desk::open_county();
    let names = |page: &str| {
        page.split("<tr>").filter(|row| row.contains("/desk/cases/") && row.contains('*')).count()
    };
    let page = desk.page(CLERK, "/console/desk?lang=zh").await;
    assert!(names(page.text()) > 0, "{}", page.text());
    let page = desk.page("411702-assessor-1", "/console/desk?lang=zh").await;
    assert!(page.text().contains("/desk/cases/") && names(page.text()) == 0, "{}", page.text());
    let page = desk.page(CLERK, "/console/desk/new?lang=zh").await;
    assert!(page.text().contains("data-next-case=\"/console/desk/cases/\""), "{}", page.text());
}
