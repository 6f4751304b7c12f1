//! The queue of flags, page by page, while others work on it.

use serde_json::{Value, json};

use super::Desk;
use crate::value::Hash;

const INSPECTOR: &str = "411700-inspector-1";

/// Puts flags on the log.
async fn raise(desk: &Desk, person: &str, flags: &[(u8, &str, i64)]) {
    for (id, severity, money) in flags {
        desk.raise(person, *id, severity, *money).await;
    }
}

async fn dismiss(desk: &Desk, line: &Value) {
    let body = json!({
        "type": "anomaly.reviewed", "subject": line["subject"], "refs": [line["raised"]],
        "data": {
            "flag": line["flag_id"], "verdict": "dismissed", "reason": "looked into",
            "evidence": [],
        },
    });
    desk.record(INSPECTOR, &body).await;
}

fn ids(page: &Value) -> Vec<Value> {
    page["items"].as_array().unwrap().iter().map(|line| line["flag_id"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_page_goes_on_where_a_flag_stood_that_was_judged_meanwhile() {
    let desk = Desk::county();
    let people = desk.get(INSPECTOR, "/v1/people?limit=1").await.ok();
    let person = people["items"][0]["person"].as_str().unwrap();
    let flags = [(5, "S1", 0), (9, "S2", 70_000), (2, "S2", 600), (3, "S2", 600), (1, "S4", 0)];
    raise(&desk, person, &flags).await;
    let whole = desk.get(INSPECTOR, "/v1/queue").await.ok();
    let all = ids(&whole);
    assert_eq!(all, flags.map(|(id, ..)| json!(Hash([id; 32]))), "gravest, most money first");

    let first = desk.get(INSPECTOR, "/v1/queue?limit=2").await.ok();
    let console = desk.page(INSPECTOR, "/console/flags?limit=2").await;
    let on = console.text().split("href=\"").find(|rest| rest.contains("after=")).unwrap();
    let on = on.split('"').next().unwrap().replace("&amp;", "&");
    // The flag behind which the next page goes on gets its verdict, and waits no more.
    dismiss(&desk, &first["items"][1]).await;
    let path = format!("/v1/queue?limit=2&after={}", first["next"].as_str().unwrap());
    let second = desk.get(INSPECTOR, &path).await.ok();
    assert_eq!(ids(&second), all[2..4]);
    let page = desk.page(INSPECTOR, &on).await;
    let shown = |id: &Value| {
        let link = format!("href=\"/console/flags/{}\"", id.as_str().unwrap());
        page.text().contains(&link)
    };
    assert_eq!(all.iter().map(shown).collect::<Vec<_>>(), [false, false, true, true, false]);
    let path = format!("/v1/queue?limit=2&after={}", second["next"].as_str().unwrap());
    let third = desk.get(INSPECTOR, &path).await.ok();
    assert_eq!((ids(&third), &third["next"]), (all[4..].to_vec(), &Value::Null));

    for bad in ["x", all[0].as_str().unwrap(), "S1.0.2026-10-01."] {
        let wrong = desk.get(INSPECTOR, &format!("/v1/queue?after={bad}")).await;
        assert_eq!(wrong.problem(), (400, "bad_query".to_owned()), "{bad}");
    }
}
