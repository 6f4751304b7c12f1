//! From finance's release to the bank's report: who sees what is to be paid, and what becomes of it.

use serde_json::{Value, json};

use super::desk::{sign, signer};
use super::{CLERK, INSPECTOR};
use crate::answer::desk::{count, endorsements, payroll_to_prepare, payrolls, waiting};
use crate::domain::benefit::propose::batch;
use crate::event::Body;
use crate::service::tests::{Desk, hire};
use crate::value::{Day, Month, PayrollId, Programme, Subject};

const BANK: &str = "411702-bank-1";
const FINANCE: &str = "411702-finance-1";
const WELFARE: &str = "411702-welfare-1";
const MEDIA: &str = "application/octet-stream";

/// What waits on somebody's desk about payrolls: subjects with their steps.
fn on_desk(desk: &Desk, actor: &str) -> Vec<(Subject, Vec<&'static str>)> {
    let all = waiting(&desk.app.ledger, &signer(desk, actor)).unwrap().0;
    let of_payroll =
        |subject: &Subject| matches!(subject, Subject::Payroll(_) | Subject::Programme(_));
    let all = all.into_iter().filter(|one| of_payroll(&one.subject));
    all.map(|one| (one.subject, one.steps)).collect()
}

/// Prepares and authorises a payroll of whoever is due this month.
async fn released(desk: &Desk) -> (PayrollId, Programme, Month) {
    let ledger = &desk.app.ledger;
    let month = Day::of_millis(desk.now_s() * 1000).month();
    let [(Subject::Programme(name), steps), ..] = &on_desk(desk, WELFARE)[..] else { panic!() };
    assert_eq!(steps, &["payroll.prepared"]);
    let programme: Programme = name.parse().unwrap();
    let proposed = payroll_to_prepare(ledger, &signer(desk, WELFARE), programme, month).unwrap();
    let (offer, data) = &proposed.batches[0];
    sign(desk, WELFARE, offer, json!({}), Value::Null).await;
    let still = on_desk(desk, WELFARE);
    assert!(still.iter().all(|(subject, _)| *subject != Subject::Programme(name.clone())));
    let waits = payrolls(ledger, &signer(desk, FINANCE)).unwrap();
    let own = waits.iter().find(|one| one.payroll.root == data.root).unwrap();
    let due = (Subject::Payroll(own.id), vec!["payroll.authorised"]);
    assert!(on_desk(desk, FINANCE).contains(&due), "{:?}", on_desk(desk, FINANCE));
    assert!(!on_desk(desk, BANK).iter().any(|(subject, _)| *subject == due.0), "not released");
    let offer = own.offer.as_ref().unwrap();
    sign(desk, FINANCE, offer, json!({ "fund_source": "县级财政" }), Value::Null).await;
    assert!(!on_desk(desk, FINANCE).contains(&due));
    desk.app.read(|_| Ok(())).await.unwrap();
    (own.id, programme, month)
}

/// Lays a roll out for the bank, signs what it becomes and sends it; gives the plan.
async fn report(desk: &Desk, programme: Programme, month: Month, roll: String) -> Value {
    let path = format!(
        "/v1/rolls/drafts?name=bank_result-{programme}-{month}.csv&kind=bank_result:{programme}&month={month}"
    );
    let laid = desk.post(BANK, &path, MEDIA, roll).await.ok();
    let drafts = laid["drafts"].as_array().unwrap();
    let rows: Vec<u8> = drafts.iter().flat_map(|draft| desk.sign(BANK, draft)).collect();
    if !rows.is_empty() {
        let sent = desk.post(BANK, "/v1/statements", "application/cbor-seq", rows).await.ok();
        let outcomes = sent["outcomes"].as_array().unwrap();
        assert!(outcomes.iter().all(|one| one["index"].is_u64()), "{sent}");
        desk.app.read(|_| Ok(())).await.unwrap();
    }
    laid
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bank_is_told_what_to_pay_pays_by_the_roll_and_reports_with_it() {
    let desk = Desk::county();
    let (id, programme, month) = released(&desk).await;
    let due = (Subject::Payroll(id), vec!["payment.executed"]);
    assert!(on_desk(&desk, BANK).contains(&due));
    let page = desk.page(BANK, "/console/desk?lang=zh").await;
    let at = format!("/console/payroll/batches/{id}");
    assert!(page.text().contains(&at), "{}", page.text());
    let page = desk.page(BANK, "/console/payroll?lang=zh").await;
    assert!(page.text().contains(&at) && page.text().contains(FINANCE), "{}", page.text());

    let listed = desk.get(BANK, "/v1/payrolls").await.ok();
    let line = listed["items"].as_array().unwrap();
    let line = line.iter().find(|line| line["payroll"] == json!(id)).unwrap();
    let open = line["open"].as_u64().unwrap();
    assert!(open >= 2, "{line}");
    assert_eq!((line["count"].as_u64(), line["rest"].clone()), (Some(open), line["total"].clone()));
    assert_eq!(line["authorised_by"], FINANCE);
    let found = desk.get(BANK, &format!("/v1/payrolls/{id}")).await.ok();
    assert_eq!(found["data"]["items"].as_array().unwrap().len() as u64, open);
    assert!(!found.to_string().contains("99010") && !found.to_string().contains("6217"));

    // The roll: every look is on the ledger before a name is in it.
    let page = desk.page(BANK, &format!("{at}?lang=en")).await;
    assert!(page.text().contains("action=\"/console/payroll/batches/"), "{}", page.text());
    assert!(page.text().contains(&format!("value=\"bank_result:{programme}\" selected")));
    let before = desk.app.ledger.len();
    let purpose = json!({ "purpose": "代发补贴", "form": "csv" }).to_string();
    let path = format!("/v1/payrolls/{id}/roll");
    let roll = desk.post(BANK, &path, "application/json", purpose.clone()).await;
    assert_eq!(roll.status, 200, "{}", roll.text());
    assert_eq!(desk.app.ledger.len(), before + open);
    for index in before..desk.app.ledger.len() {
        let event = desk.app.ledger.event(index).unwrap();
        let Body::QueryLogged(look) = &event.payload.body else { panic!("{event:?}") };
        assert!(look.to.as_str().ends_with(BANK) && look.purpose.as_str() == "代发补贴");
        assert_eq!(look.scope.as_ref().unwrap().as_str(), format!("payroll:{id}"));
    }
    let named = roll.headers.get("content-disposition").unwrap().to_str().unwrap();
    assert!(named.contains(&format!("bank_result-{programme}-{month}-")), "{named}");
    let text = roll.text().trim_start_matches('\u{feff}').to_owned();
    let mut lines: Vec<Vec<String>> =
        text.lines().map(|line| line.split(',').map(ToOwned::to_owned).collect()).collect();
    let heads = lines[0].clone();
    let column = |name: &str| heads.iter().position(|head| head == name).unwrap();
    assert_eq!(lines.len() as u64, 1 + open);
    for line in &lines[1..] {
        for filled in ["姓名", "公民身份号码", "银行账号", "户名", "金额(元)"] {
            assert!(!line[column(filled)].is_empty(), "{filled}: {line:?}");
        }
        assert!(line[column("发放结果")].is_empty());
    }
    let workbook = desk.form(BANK, &format!("{at}/roll"), "purpose=pay&form=xlsx").await;
    assert_eq!(workbook.status, 200, "{workbook:?}");
    assert!(workbook.body.starts_with(b"PK"));

    // The first is paid, the second came back; of the others nothing is said yet.
    for (line, (result, why)) in lines[1..].iter_mut().zip([("成功", ""), ("失败", "账户销户")])
    {
        line[column("发放结果")] = result.to_owned();
        line[column("失败原因")] = why.to_owned();
        line[column("处理日期")] = "2026-10-07".to_owned();
    }
    let filled = |lines: &[Vec<String>]| -> String {
        lines.iter().map(|line| line.join(",") + "\n").collect()
    };
    let laid = report(&desk, programme, month, filled(&lines)).await;
    assert_eq!(laid["new"], 2, "{laid}");
    assert_eq!(laid["rejected"].as_array().unwrap().len() as u64, open - 2);
    assert_eq!(laid["unread_columns"], json!([]));
    let last = desk.app.ledger.len();
    let paid = (last - 2..last).map(|at| desk.app.ledger.event(at).unwrap());
    let paid: Vec<_> = paid.map(|event| event.payload.body).collect();
    let [Body::PaymentExecuted(paid), Body::PaymentReturned(back)] = paid.as_slice() else {
        panic!("{paid:?}")
    };
    assert_eq!((paid.payroll, paid.paid_on), (Some(id), Some("2026-10-07".parse().unwrap())));
    assert!(paid.months.contains(&month), "{paid:?}");
    assert_eq!(back.month, Some(month));
    let left = desk.get(BANK, &format!("/v1/payrolls/{id}")).await;
    match open - 2 {
        0 => assert_eq!(left.status, 404),
        more => assert_eq!(left.ok()["data"]["open"], more),
    }
    // The same again adds nothing, and the day that the bank said is the day shown.
    let again = report(&desk, programme, month, filled(&lines)).await;
    assert_eq!((&again["new"], &again["corrected"]), (&json!(0), &json!(0)), "{again}");
    let payments = desk.get(BANK, "/v1/payments?limit=1000").await.ok();
    let payments = payments["items"].as_array().unwrap();
    let own = payments.iter().find(|it| {
        it["person"] == json!(paid.person)
            && it["month"] == json!(month)
            && it["programme"] == json!(programme)
    });
    assert_eq!(own.unwrap()["paid_on"], "2026-10-07");
    // Nothing differs from what was authorised.
    let flags = desk.get(INSPECTOR, "/v1/flags?rule=R26&limit=1000").await.ok();
    let of_it = |flag: &&Value| flag["subject"] == json!(format!("person:{}", paid.person));
    let flags: Vec<_> = flags["items"].as_array().unwrap().iter().filter(of_it).collect();
    assert!(flags.is_empty(), "{flags:?}");
    // The rest is paid: nothing is left to pay.
    for line in &mut lines[1..] {
        if line[column("发放结果")].is_empty() {
            line[column("发放结果")] = "成功".to_owned();
            line[column("处理日期")] = "2026-10-08".to_owned();
        }
    }
    report(&desk, programme, month, filled(&lines)).await;
    assert!(!on_desk(&desk, BANK).contains(&due));
    let gone = desk.get(BANK, &format!("/v1/payrolls/{id}")).await;
    assert_eq!(gone.problem().0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn finance_sees_a_payroll_that_may_not_be_authorised_yet_and_why() {
    let desk = Desk::county();
    let ledger = &desk.app.ledger;
    let month = Day::of_millis(desk.now_s() * 1000).month();
    let mut due = on_desk(&desk, WELFARE).into_iter().filter_map(|(subject, _)| match subject {
        Subject::Programme(name) => name.parse::<Programme>().ok(),
        _ => None,
    });
    let proposed =
        |programme| payroll_to_prepare(ledger, &signer(&desk, WELFARE), programme, month).unwrap();
    let programme = due.find(|it| proposed(*it).batches[0].1.items.len() > 1).unwrap();
    // One of several is prepared: the others are due as well.
    let (offer, whole) = proposed(programme).batches.remove(0);
    let first = batch(programme, month, whole.division, whole.items[..1].to_vec());
    sign(&desk, WELFARE, &offer, json!(first), Value::Null).await;
    let waits = || payrolls(ledger, &signer(&desk, FINANCE)).unwrap();
    let all = waits();
    let own = all.iter().find(|one| one.payroll.root == first.root).unwrap();
    let why = own.not_yet.as_ref().unwrap();
    assert_eq!((own.offer.is_none(), why.code), (true, "active_cases_missing"));
    let page = desk.page(FINANCE, "/console/payroll?lang=zh").await;
    assert!(page.text().contains("没有列入"), "{}", page.text());
    let subject = Subject::Payroll(own.id);
    assert!(on_desk(&desk, FINANCE).iter().all(|(waits, _)| *waits != subject), "not yet");
    let (offer, _) = proposed(programme).batches.remove(0);
    sign(&desk, WELFARE, &offer, json!({}), Value::Null).await;
    let all = waits();
    assert!(all.iter().filter(|one| one.payroll.programme == programme).count() >= 2);
    assert!(all.iter().all(|one| one.not_yet.is_none()), "the run is whole");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_accounts_are_for_whoever_pays_in_the_division_alone() {
    let mut desk = Desk::county();
    let (id, ..) = released(&desk).await;
    let far = hire(&mut desk, "411725-bank-1", "bank_agent", "411725").await;
    let path = format!("/v1/payrolls/{id}/roll");
    let purpose = json!({ "purpose": "代发补贴" }).to_string();
    let before = desk.app.ledger.len();
    for (actor, code) in
        [(FINANCE, "role_may_not"), (CLERK, "role_may_not"), (far.as_str(), "other_division")]
    {
        let refused = desk.post(actor, &path, "application/json", purpose.clone()).await;
        assert_eq!(refused.problem(), (403, code.to_owned()), "{actor}");
    }
    let silent = desk.post(BANK, &path, "application/json", "{}").await;
    assert_eq!(silent.problem().0, 400);
    assert_eq!(desk.app.ledger.len(), before, "nobody looked");
    let own = desk.get(&far, "/v1/payrolls").await.ok();
    assert_eq!(own["items"], json!([]));
    assert_eq!(desk.get(&far, &format!("/v1/payrolls/{id}")).await.problem().0, 403);
    let page = desk.page(FINANCE, &format!("/console/payroll/batches/{id}?lang=zh")).await;
    assert!(page.status == 200 && !page.text().contains("下载代发名册"), "{}", page.text());

    // Page by page: each once.
    let all = desk.get(BANK, "/v1/payrolls").await.ok();
    let all = all["items"].as_array().unwrap();
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let one = desk.get(BANK, &format!("/v1/payrolls?limit=1{after}")).await.ok();
        seen.extend(one["items"].as_array().unwrap().clone());
        match one["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(&seen, all);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_kinds_of_roll_are_those_of_the_role_each_with_its_columns() {
    let desk = Desk::county();
    let kinds = async |actor: &str| -> Vec<(String, bool)> {
        let listed = desk.get(actor, "/v1/rolls/kinds").await.ok();
        let kinds = listed["items"].as_array().unwrap().clone();
        let of = |it: &Value| (it["kind"].as_str().unwrap().to_owned(), it["signs"] == true);
        kinds.iter().map(of).collect()
    };
    let has =
        |all: &[(String, bool)], kind: &str| all.iter().find(|it| it.0 == kind).map(|it| it.1);
    let bank = kinds(BANK).await;
    assert_eq!(has(&bank, "bank_result:living_allowance"), Some(true));
    assert_eq!(has(&bank, "bank_result:education_aid"), Some(true));
    assert_eq!(has(&bank, "living_allowance"), Some(true));
    assert_eq!((has(&bank, "dibao"), has(&bank, "certificate_roster")), (None, None));
    let inspector = kinds(INSPECTOR).await;
    assert_eq!(has(&inspector, "living_allowance"), Some(false), "to be checked only");
    assert_eq!(has(&inspector, "bank_result:living_allowance"), None);
    let custodian = kinds("411700-welfare-1").await;
    assert_eq!(has(&custodian, "dibao"), Some(true));
    assert_eq!(has(&custodian, "prisoners"), None, "another register's");

    // Every header of every kind says in English what it is.
    let listed = desk.get(BANK, "/v1/rolls/kinds").await.ok();
    for kind in listed["items"].as_array().unwrap() {
        let of = |name: &str| kind[name].as_array().unwrap().clone();
        let needed = of("needed").into_iter().flat_map(|group| group.as_array().unwrap().clone());
        for header in needed.chain(of("columns")).chain(of("besides")) {
            let lines = kind["headers_en"].as_array().unwrap();
            let said = lines.iter().any(|line| line["header"] == header && line["en"].is_string());
            assert!(said, "{header} in {kind}");
        }
    }
    let page = desk.page(BANK, "/console/payroll?lang=en").await;
    let text = page.text();
    assert!(text.contains("(result of the payment)"), "{text}");
    let page = desk.page(BANK, "/console/payroll?lang=zh").await;
    let text = page.text();
    assert!(!text.contains("(result of the payment)"), "{text}");
    for shown in [
        "<option value=\"bank_result:living_allowance\" data-checks=\"no\">困难残疾人生活补贴银行代发结果",
        "发放结果",
        "/console/payroll/blank?kind=bank_result:living_allowance&amp;form=xlsx",
    ] {
        assert!(text.contains(shown), "{shown} in {text}");
    }
    assert!(!text.contains("value=\"dibao\""));
    let blank = "/console/payroll/blank?kind=bank_result:living_allowance&form=csv";
    let blank = desk.page(BANK, blank).await;
    assert_eq!(blank.status, 200);
    let heads = blank.text().trim_start_matches('\u{feff}');
    assert_eq!(
        heads.trim_end(),
        "姓名,公民身份号码,银行账号,户名,补贴月份,金额(元),发放结果,失败原因,处理日期"
    );
    let none = desk.get(BANK, "/v1/rolls/blank?kind=nothing").await;
    assert_eq!(none.problem(), (400, "bad_query".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overview_says_how_much_waits_and_a_header_nobody_knows_is_named() {
    let desk = Desk::county();
    let (id, programme, month) = released(&desk).await;
    let (waits, more) = count(&desk.app.ledger, &signer(&desk, BANK)).unwrap();
    let endorses = endorsements(&desk.app.ledger, &signer(&desk, BANK)).unwrap().len();
    assert!(waits > endorses && !more, "the payroll {id} waits");
    let page = desk.page(BANK, "/console?lang=zh").await;
    let shown = format!("<a class=\"button\" href=\"/console/desk\">等待我处理：{waits} 项</a>");
    assert!(page.text().contains(&shown), "{}", page.text());
    let roll =
        "姓名,身份证号,金额,发放结果,钱到的那天\n甲,990101197903120025,60.00,成功,2026-10-07\n";
    let path = format!(
        "/v1/rolls/drafts?name=a.csv&kind=bank_result:{programme}&month={month}&dry_run=true"
    );
    let laid = desk.post(BANK, &path, MEDIA, roll).await.ok();
    assert_eq!(laid["unread_columns"], json!(["钱到的那天"]));
    // What banks write for the day is understood.
    let said = roll.replace("钱到的那天", "到账日期");
    let laid = desk.post(BANK, &path, MEDIA, said).await.ok();
    assert_eq!(laid["unread_columns"], json!([]));
}
