//! Lists: pages that join without a seam, filters, and what stands on a day.

use serde_json::{Value, json};

use super::{Desk, percent};

const CLERK: &str = "411702-clerk-1";
const INSPECTOR: &str = "411700-inspector-1";
const SUPERVISOR: &str = "411700-supervisor-1";

/// Everything a list holds, in one page.
async fn whole(desk: &Desk, path: &str) -> Vec<Value> {
    let page = desk.get(INSPECTOR, path).await.ok();
    assert!(page["next"].is_null(), "{path}: {page}");
    page["items"].as_array().unwrap().clone()
}

/// Every item of a list, in pages of so many; no page is longer.
async fn paged(desk: &Desk, path: &str, limit: usize) -> Vec<Value> {
    let (mut items, mut after) = (Vec::new(), String::new());
    loop {
        let page = desk.get(INSPECTOR, &format!("{path}limit={limit}{after}")).await.ok();
        let here = page["items"].as_array().unwrap();
        assert!(here.len() <= limit, "{path}: {} of {limit}", here.len());
        items.extend(here.iter().cloned());
        let Some(next) = page["next"].as_str() else { return items };
        assert_eq!(here.len(), limit, "{path}: a page before the last is full");
        after = format!("&after={}", percent(next));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_every_list_join_without_a_seam_and_none_is_too_long() {
    let desk = Desk::open_county();
    for path in [
        "/v1/people?",
        "/v1/certificates?",
        "/v1/payments?",
        "/v1/actors?",
        "/v1/policies?",
        "/v1/programmes?",
        "/v1/statistics?",
        "/v1/notices?",
        "/v1/proposals?",
        "/v1/queue?which=all&",
    ] {
        let all = whole(&desk, &format!("{path}limit=1000")).await;
        if path != "/v1/proposals?" && !path.starts_with("/v1/queue") {
            assert!(all.len() > 1, "{path}: {all:?}");
        }
        for limit in [1, 7] {
            assert_eq!(paged(&desk, path, limit).await, all, "{path} by {limit}");
        }
        for wrong in ["limit=0", "limit=1001", "limit=x", "after=%00", "more=1"] {
            let refused = desk.get(INSPECTOR, &format!("{path}{wrong}")).await;
            if wrong == "after=%00" && path == "/v1/statistics?" {
                continue; // Any text is a place among texts.
            }
            assert_eq!(refused.problem(), (400, "bad_query".to_owned()), "{path}{wrong}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_stays_good_when_what_it_named_is_gone_or_more_came() {
    let desk = Desk::open_county();
    let all = whole(&desk, "/v1/payments?limit=1000").await;
    let line = &all[0];
    let (person, entry) = (line["person"].as_str().unwrap(), line["entry"].as_u64().unwrap());
    // A place between two entries, where none stands.
    let path = format!("/v1/payments?limit=1000&after={person}.{}", entry + 1);
    let behind = whole(&desk, &path).await;
    let own = all.iter().filter(|it| it["person"] == person);
    let expected = own.filter(|it| it["entry"].as_u64() > Some(entry + 1)).count();
    assert_eq!(behind.iter().filter(|it| it["person"] == person).count(), expected);
    for wrong in [format!("{person}."), format!("{person}.01"), format!("{person}.x"), "1".into()] {
        let refused = desk.get(INSPECTOR, &format!("/v1/payments?after={wrong}")).await;
        assert_eq!(refused.problem(), (400, "bad_query".to_owned()), "{wrong}");
    }
    let before = whole(&desk, "/v1/policies").await;
    let last = before.last().unwrap()["index"].as_u64().unwrap();
    let none = whole(&desk, &format!("/v1/policies?after={last}")).await;
    assert_eq!(none, [] as [Value; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_narrowed_by_status_division_programme_and_month() {
    let desk = Desk::open_county();
    let people = whole(&desk, "/v1/people?limit=1000").await;
    let certificates = whole(&desk, "/v1/certificates?limit=1000").await;
    let payments = whole(&desk, "/v1/payments?limit=1000").await;
    let notices = whole(&desk, "/v1/notices?limit=1000").await;
    let kept = |lines: &[Value], keep: &dyn Fn(&Value) -> bool| -> Vec<Value> {
        lines.iter().filter(|line| keep(line)).cloned().collect()
    };
    let month = payments[0]["covers"][0].as_str().unwrap().to_owned();
    let programme = payments[0]["programme"].as_str().unwrap().to_owned();
    let issued = certificates[0]["issued"].as_str().unwrap()[..7].to_owned();
    let of_county = |line: &Value| line["division"] == "411702";
    let valid: Vec<_> = certificates.iter().filter(|line| line["status"] == "valid").collect();
    let cases: Vec<(String, Vec<Value>)> = vec![
        ("/v1/people?division=411702&".into(), kept(&people, &of_county)),
        ("/v1/people?division=410000&".into(), kept(&people, &|line| !line["division"].is_null())),
        ("/v1/people?division=411722&".into(), vec![]),
        (
            "/v1/people?status=valid&".into(),
            kept(&people, &|line| valid.iter().any(|held| held["person"] == line["person"])),
        ),
        (
            "/v1/certificates?status=valid&".into(),
            kept(&certificates, &|line| line["status"] == "valid"),
        ),
        (
            "/v1/certificates?status=closed&".into(),
            kept(&certificates, &|line| line["status"] == "closed"),
        ),
        (
            format!("/v1/certificates?month={issued}&"),
            kept(&certificates, &|line| line["issued"].as_str().unwrap().starts_with(&issued)),
        ),
        ("/v1/certificates?division=411702&".into(), kept(&certificates, &of_county)),
        (
            format!("/v1/payments?month={month}&programme={programme}&"),
            kept(&payments, &|line| {
                line["programme"] == programme.as_str()
                    && line["covers"].as_array().unwrap().contains(&month.as_str().into())
            }),
        ),
        ("/v1/payments?division=411722&".into(), vec![]),
        ("/v1/notices?division=411702&".into(), kept(&notices, &of_county)),
        ("/v1/notices?division=411722&".into(), vec![]),
    ];
    let mut narrowed = 0;
    for (path, expected) in cases {
        assert_eq!(whole(&desk, &format!("{path}limit=1000")).await, expected, "{path}");
        assert_eq!(paged(&desk, &path, 2).await, expected, "{path} by pages");
        narrowed += usize::from(!expected.is_empty());
    }
    assert!(narrowed >= 7, "the county has some of each: {narrowed}");
    for wrong in [
        "/v1/people?status=nice",
        "/v1/people?division=0",
        "/v1/certificates?programme=living_allowance",
        "/v1/certificates?month=2026-13",
        "/v1/payments?status=valid",
        "/v1/payments?programme=%00",
        "/v1/queue?division=x",
        "/v1/flags?state=lost",
    ] {
        let refused = desk.get(INSPECTOR, wrong).await;
        assert_eq!(refused.problem(), (400, "bad_query".to_owned()), "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn flags_are_narrowed_alike_in_the_list_and_in_the_queue() {
    let desk = Desk::founded();
    desk.clock.advance_to(super::ENDS_MS);
    super::pay_a_roll(&desk, "机动轮椅车燃油补贴_2026.csv").await;
    let raised = desk.post(INSPECTOR, "/v1/flags/raise", "application/json", "{}").await.ok();
    assert!(raised["data"]["found"].as_u64().unwrap() > 0, "{raised}");
    let flags = whole(&desk, "/v1/flags?limit=1000").await;
    let queue = whole(&desk, "/v1/queue?limit=1000").await;
    assert!(!flags.is_empty() && !queue.is_empty());
    let same = |lines: &[Value], others: &[&Value]| {
        let ids = |line: &Value| line["flag_id"].clone();
        let mut found: Vec<_> = lines.iter().map(|line| ids(line).to_string()).collect();
        let mut wanted: Vec<_> = others.iter().map(|line| ids(line).to_string()).collect();
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted);
    };
    for path in ["/v1/queue", "/v1/flags"] {
        let programme = "fuel_subsidy";
        let of: Vec<_> = queue.iter().filter(|line| line["programme"] == programme).collect();
        assert!(!of.is_empty() && flags.len() == queue.len());
        let path_of = format!("{path}?limit=1000&programme={programme}");
        same(&whole(&desk, &path_of).await, &of);
        same(&whole(&desk, &format!("{path}?limit=1000&month=2019-01")).await, &[]);
        same(&whole(&desk, &format!("{path}?limit=1000&division=411722")).await, &[]);
        let persons =
            queue.iter().filter(|line| line["subject"].as_str().unwrap().starts_with("person:"));
        let everywhere = format!("{path}?limit=1000&division=410000");
        same(&whole(&desk, &everywhere).await, &persons.collect::<Vec<_>>());
        let open = format!("{path}?limit=1000&state=open");
        same(&whole(&desk, &open).await, &queue.iter().collect::<Vec<_>>());
    }
    same(&whole(&desk, "/v1/flags?limit=1000&state=not_raised").await, &[]);
    // A month is that of the benefit.
    let body = json!({
        "type": "anomaly.raised", "subject": "ledger",
        "data": {
            "flag": crate::value::Hash([7; 32]), "rule": "R43", "version": 1, "severity": "S2",
            "kind": "lead", "remedy": "mend", "money_at_risk": 1, "programme": "fuel_subsidy",
            "month": "2026-07", "judged_on": "2026-10-01", "inputs": [],
        },
    });
    desk.record("411700-system", &body).await;
    for (path, found) in
        [("month=2026-07", 1), ("month=2026-06", 0), ("month=2026-07&division=411700", 0)]
    {
        let found_here = whole(&desk, &format!("/v1/queue?limit=1000&{path}")).await.len();
        assert_eq!(found_here, found, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_actor_is_shown_as_it_stood_on_the_day() {
    let desk = Desk::founded();
    let began = crate::value::Day::of_millis(desk.now_s() * 1000);
    desk.clock.advance_to(super::ENDS_MS);
    let body = json!({
        "type": "actor.suspended", "subject": format!("actor:{CLERK}"),
        "data": { "reason": "left" },
    });
    desk.record(SUPERVISOR, &body).await;
    let ended = crate::value::Day::of_millis(super::ENDS_MS);
    let state = async |on: &str| {
        let actors = whole(&desk, &format!("/v1/actors?limit=1000{on}")).await;
        actors.into_iter().find(|line| line["actor"] == CLERK).unwrap()
    };
    for (on, expected) in [
        (String::new(), "suspended"),
        (format!("&on={ended}"), "suspended"),
        (format!("&on={}", ended.plus_days(-1)), "in force"),
        (format!("&on={began}"), "in force"),
    ] {
        let line = state(&on).await;
        assert_eq!(
            (&line["state"], &line["suspended_on"]),
            (&json!(expected), &json!(ended)),
            "{on}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_says_what_it_is_current_to() {
    let desk = Desk::county();
    let counted = desk.app.ledger.len();
    let path = "/v1/reports/strict-review?from=2025-10-01";
    let report = desk.get(SUPERVISOR, path).await.ok();
    let current = &report["current"];
    assert_eq!((&current["index"], &current["size"]), (&json!(counted), &json!(counted)));
    assert_eq!((&current["root"], &current["size"]), (&report["root"], &report["entries"]));
    assert_eq!(current["checkpoint"], "/checkpoint");
    // By what was known then: counted to there, signed as it is now.
    let then = desk.get(SUPERVISOR, &format!("{path}&as_of=200")).await.ok();
    assert_eq!(
        (&then["current"]["index"], &then["current"]["size"]),
        (&json!(201), &json!(counted))
    );
    assert_eq!(then["known"]["entries"], 201);
}
