//! Every page: status, policy, language, and what must never be on one.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};

use super::{Answered, CLERK, Desk, INSPECTOR, SUPERVISOR, link};
use crate::service::tests::hire_person;

pub(super) fn expect_page(page: &Answered, at: &str) {
    assert_eq!(page.status, StatusCode::OK, "{at} {}", page.text());
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8", "{at}");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'; script-src 'self'"), "{at}");
    assert!(!policy.contains("unsafe"), "{at}");
    assert_eq!(page.headers["cache-control"], "no-store", "{at}");
    let text = page.text();
    assert!(text.starts_with("<!DOCTYPE html>"), "{at}");
    // Nothing inline, nothing from elsewhere, one first heading, one main part.
    for bad in [
        "<style",
        " style=",
        "onclick=",
        "onload=",
        "javascript:",
        "<script>",
        "http://",
        "https://",
    ] {
        let found = text.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
        let found = found.replace("xmlns='http://www.w3.org/2000/svg'", "");
        assert!(!found.contains(bad), "{at} holds {bad}");
    }
    assert_eq!(text.matches("<h1>").count(), 1, "{at}");
    assert_eq!(text.matches("<main").count(), 1, "{at}");
}

async fn in_language(desk: &Desk, actor: &str, path: &str, lang: &str) -> Answered {
    let request = desk.in_session(actor, Request::get(path)).header("accept-language", lang);
    desk.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_there_in_both_languages_for_those_who_may_open_it() {
    let desk = Desk::county();
    let people = desk.page(INSPECTOR, "/console/people").await;
    let certificates = desk.page(INSPECTOR, "/console/certificates").await;
    let programmes = desk.page(INSPECTOR, "/console/programmes").await;
    let mut paths: Vec<String> = [
        "/console",
        "/console/people",
        "/console/certificates",
        "/console/certificates?on=2026-08-01",
        "/console/people?status=valid&division=411702",
        "/console/certificates?status=expired&division=411702&month=2026-08",
        "/console/payments?programme=living_allowance",
        "/console/payments?programme=living_allowance&division=411702&month=2026-08",
        "/console/flags?which=all&programme=living_allowance&month=2026-08&division=411702",
        "/console/notices?division=411702",
        "/console/flags",
        "/console/flags?which=all&severity=S1&state=open&rule=R01&mine=411700-inspector-1",
        "/console/report",
        "/console/report?from=2025-10-01&to=&division=",
        "/console/programmes",
        "/console/actors",
        "/console/looks",
        "/console/entries",
        "/console/entries?type=certificate.issued",
        "/console/entries/0",
        "/console/notices",
        "/console/sign-in",
        "/console/demo",
    ]
    .map(str::to_owned)
    .into();
    paths.push(link(&people, "/console/people/"));
    paths.push(format!("{}?on=2026-08-31&as_of=400", link(&people, "/console/people/")));
    paths.push(link(&certificates, "/console/certificates/"));
    paths.push(link(&programmes, "/console/policies/"));
    for path in paths {
        let zh = in_language(&desk, INSPECTOR, &path, "zh-CN").await;
        expect_page(&zh, &path);
        assert!(zh.text().contains("<html lang=\"zh-CN\""), "{path}");
        let en = in_language(&desk, INSPECTOR, &path, "en-GB").await;
        expect_page(&en, &path);
        assert!(en.text().contains("<html lang=\"en\""), "{path}");
        assert_ne!(zh.text(), en.text(), "{path}");
    }
    // What the address asks for is kept, and stands above what the browser would like.
    let asked = in_language(&desk, INSPECTOR, "/console?lang=en&theme=dark", "zh-CN").await;
    assert!(asked.text().contains("<html lang=\"en\" data-theme=\"dark\""));
    let kept: Vec<_> = asked.headers.get_all("set-cookie").iter().collect();
    assert_eq!(kept.len(), 2, "{kept:?}");
    let request = desk
        .in_session(INSPECTOR, Request::get("/console"))
        .header("cookie", "mingzheng-lang=en; mingzheng-theme=light");
    let kept = desk.send(request.body(Body::empty()).unwrap()).await;
    assert!(kept.text().contains("<html lang=\"en\" data-theme=\"light\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn style_and_scripts_are_kept_for_good_by_address() {
    let desk = Desk::founded();
    let page = desk.anybody("/console/sign-in").await;
    let style = link(&page, "/console/assets/");
    let style = desk.anybody(&style).await;
    assert_eq!(style.status, StatusCode::OK);
    assert_eq!(style.headers["content-type"], "text/css; charset=utf-8");
    assert!(style.headers["cache-control"].to_str().unwrap().contains("immutable"));
    assert!(!style.text().contains("url(") && !style.text().contains("@import"));
    let gone = desk.anybody("/console/assets/aaaaaaaaaaaaaaaa/console.css").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    for path in ["/console/assets/a/..%2f..%2fkeys%2fnote.key", "/console/none", "/console/demo/x"]
    {
        let gone = desk.anybody(path).await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND, "{path}");
        assert!(gone.text().contains("not_found") && gone.text().contains("<h1>"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_personal_is_shown_before_its_look_is_on_the_ledger() {
    let desk = Desk::county();
    let people = desk.page(CLERK, "/console/people").await;
    let person = link(&people, "/console/people/");
    let before = desk.app.ledger.len();

    // Without a purpose nothing is opened, and nothing logged.
    for fields in ["", "purpose=", "purpose=a&more=1", "other=a"] {
        let refused = desk.form(CLERK, &format!("{person}/reveal"), fields).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{fields}");
        assert!(refused.text().contains("bad_body"));
    }
    assert_eq!(desk.app.ledger.len(), before);

    let purpose = "purpose=%E6%A0%B8%E5%AF%B9";
    let revealed = desk.form(CLERK, &format!("{person}/reveal"), purpose).await;
    expect_page(&revealed, "revealed");
    assert_eq!(desk.app.ledger.len(), before + 1);
    let text = revealed.text();
    assert!(text.contains(&format!("/console/entries/{before}")), "the look is named");
    let number = text.split("<dd>").find_map(|rest| {
        let value = rest.split("</dd>").next()?;
        (value.len() == 18 && value.starts_with("99")).then(|| value.to_owned())
    });
    let number = number.expect("a citizen ID is shown");
    let name = text.split("姓名</dt>").nth(1).and_then(|rest| rest.split("<dd>").nth(1));
    let name = name.and_then(|rest| rest.split("</dd>").next()).expect("a name is shown").trim();
    assert!(!name.is_empty());
    // On paper the name stands in one box with who looked and for what; what steps hold besides, and
    // the form that asks for a purpose, are not printed.
    let opened = text.split("<section").find(|part| part.contains(&number)).unwrap();
    assert!(opened.contains("核对") && opened.contains(CLERK), "{opened}");
    let style = include_str!("../assets/console.css");
    let print = style.split("@media print").nth(1).unwrap();
    let hidden = "section.look, .timeline .personal { display: none !important; }";
    assert!(print.contains(hidden), "{print}");
    let before_look = desk.page(CLERK, &person).await;
    assert!(before_look.text().contains("class=\"card look\""));

    // Who looked stands where the supervisor reads it; no page shows what was looked at.
    let looks = desk.page(SUPERVISOR, "/console/looks").await;
    assert!(looks.text().contains("核对") && looks.text().contains(CLERK));
    for path in [
        "/console",
        "/console/people",
        &person,
        "/console/certificates",
        "/console/payments",
        "/console/flags",
        "/console/looks",
        "/console/entries",
        &format!("/console/entries/{before}"),
        "/console/notices",
    ] {
        let page = desk.page(INSPECTOR, path).await;
        expect_page(&page, path);
        assert!(!page.text().contains(&number) && !page.text().contains(name), "{path}");
    }

    // Found by number, which stands in no address but the one that is posted to.
    let found = desk.form(CLERK, "/console/people", &format!("who={number}")).await;
    assert_eq!(found.status, StatusCode::SEE_OTHER);
    assert_eq!(found.headers["location"], person.as_str());
    let nobody = desk.form(CLERK, "/console/people", "who=990000194912310026").await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    assert!(!nobody.text().contains("990000194912310026"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_division_sees_its_own_on_pages_too() {
    let mut desk = Desk::county();
    let other =
        crate::service::tests::hire(&mut desk, "411721-reviewer-1", "reviewer", "411721").await;
    let people = desk.page(CLERK, "/console/people").await;
    let person = link(&people, "/console/people/");
    let certificates = desk.page(CLERK, "/console/certificates").await;
    let certificate = link(&certificates, "/console/certificates/");
    for path in ["/console/people", "/console/certificates"] {
        let page = desk.page(&other, path).await;
        expect_page(&page, path);
        assert!(page.text().contains("class=\"empty\""), "{path}");
    }
    for path in [person, certificate, "/console/entries/400".to_owned()] {
        let refused = desk.page(&other, &path).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        assert!(refused.text().contains("other_division"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_address_says_is_told_apart_from_the_page() {
    let desk = Desk::founded();
    let nasty = "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    for path in [
        format!("/console/people?after={nasty}"),
        format!("/console/flags?rule={nasty}"),
        format!("/console/flags?which={nasty}"),
        format!("/console/entries?subject={nasty}"),
        format!("/console/report?from={nasty}"),
        format!("/console/certificates?on={nasty}"),
        format!("/console/sign-in?next={nasty}"),
        format!("/console?lang={nasty}&theme={nasty}"),
        format!("/console?{nasty}={nasty}"),
        format!("/console/{nasty}"),
    ] {
        let page = desk.page(INSPECTOR, &path).await;
        assert!(page.status.as_u16() < 500, "{path}");
        assert!(!page.text().contains("<script>"), "{path}");
        assert!(page.text().contains("<h1>"), "{path}");
    }
    let away = desk.anybody("/console/sign-in?next=https%3A%2F%2Fevil.example").await;
    assert!(!away.text().contains("https://evil.example"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_reads_the_own_record_and_who_looked_at_it_and_nobody_elses() {
    let mut desk = Desk::county();
    let people = desk.page(CLERK, "/console/people").await;
    let person = link(&people, "/console/people/");
    let revealed = desk.form(CLERK, &format!("{person}/reveal"), "purpose=checked").await;
    assert_eq!(revealed.status, StatusCode::OK);
    let id: crate::value::PersonId = person.rsplit('/').next().unwrap().parse().unwrap();
    let tag = desk.app.ledger.with_state(|state| state.people.find(&id).unwrap().ids[0]).unwrap();
    let tag = tag.to_string();
    let own = hire_person(&mut desk, "411702-person-1", "applicant", "411702", Some(&tag)).await;
    let page = desk.page(&own, "/console/mine").await;
    expect_page(&page, "mine");
    assert!(page.text().contains("checked") && page.text().contains(CLERK));
    assert!(page.text().contains("class=\"timeline\""));
    assert!(!page.text().contains("anomaly"), "leads are not there");
    // One person's record, and no way to another's.
    assert_eq!(page.text().matches("id=\"of-").count(), 1);
    assert!(!page.text().contains("href=\"/console/people"));
    for path in [person.as_str(), "/console/people", "/console/actors", "/console/entries/0"] {
        let refused = desk.page(&own, path).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
    }
    let answer = desk.get(&own, "/v1/me/records?limit=1").await.ok();
    assert_eq!(answer["data"][0]["record"]["person"], id.to_string());
    assert_eq!(answer["data"][0]["steps"].as_array().unwrap().len(), 1);
    assert!(answer["data"][0]["next"].is_u64());

    let nobody = hire_person(&mut desk, "411702-person-2", "applicant", "411702", None).await;
    let page = desk.page(&nobody, "/console/mine").await;
    assert!(page.text().contains("class=\"empty\"") && !page.text().contains("id=\"of-"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_of_what_takes_long_has_a_place_that_says_so() {
    let desk = Desk::county();
    for (lang, says) in [("zh", "正在核验账本并编制报告"), ("en", "Verifying the ledger")]
    {
        let path = format!("/console/report?lang={lang}");
        let page = desk.page(SUPERVISOR, &path).await;
        expect_page(&page, &path);
        let page = page.text();
        let form = page.split("<form").find(|form| form.contains("data-long")).expect("the form");
        let form = form.split("</form>").next().unwrap();
        assert!(form.contains("role=\"status\"") && form.contains(says), "{form}");
        assert!(form.contains("method=\"get\"") && form.contains("type=\"submit\""));
    }
}
