//! What the command line asks before it signs: proposals, flags by name, tags, keys, archives.

use std::io::{Cursor, Write};

use serde_json::{Value, json};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{Desk, hire};
use crate::crypto::TagKind;

const CLERK: &str = "411702-clerk-1";
const INSPECTOR: &str = "411700-inspector-1";
const KEYS: &str = "411700-keys-1";
const PRIVACY: &str = "411700-privacy-1";
const BANK: &str = "411700-bank-1";
const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rolls");
const JSON: &str = "application/json";
const ZIP: &str = "application/zip";

async fn post(desk: &Desk, actor: &str, path: &str, body: Value) -> super::Answered {
    desk.post(actor, path, JSON, body.to_string()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn flags_are_raised_by_whoever_answers_for_them_and_named_by_a_prefix() {
    let mut desk = Desk::founded();
    desk.clock.advance_to(super::ENDS_MS);
    let name = "机动轮椅车燃油补贴_2026.csv";
    let path = format!("/v1/rolls/drafts?name={}", super::percent(name));
    let roll = std::fs::read(format!("{FIXTURES}/{name}")).unwrap();
    let laid_out = desk.post(BANK, &path, "application/octet-stream", roll).await.ok();
    let drafts = laid_out["drafts"].as_array().unwrap();
    let rows: Vec<u8> = drafts.iter().flat_map(|draft| desk.sign(BANK, draft)).collect();
    desk.post(BANK, "/v1/statements", "application/cbor-seq", rows).await.ok();
    let county = hire(&mut desk, "411721-supervisor-1", "supervisor", "411721").await;
    let before = desk.app.ledger.len();
    let raise = |actor: &'static str, body: Value| {
        let desk = &desk;
        async move { post(desk, actor, "/v1/flags/raise", body).await }
    };
    let refused = post(&desk, &county, "/v1/flags/raise", json!({})).await;
    assert_eq!(refused.problem(), (403, "other_division".to_owned()));
    let later = raise(INSPECTOR, json!({ "on": "2099-01-01" })).await;
    assert_eq!(later.problem(), (400, "bad_query".to_owned()));
    let unknown = raise(INSPECTOR, json!({ "key": "mine" })).await;
    assert_eq!(unknown.problem(), (400, "bad_body".to_owned()));
    assert_eq!(desk.app.ledger.len(), before, "nothing was raised");

    let raised = raise(INSPECTOR, json!({})).await.ok();
    let lines = raised["data"]["lines"].as_array().unwrap();
    assert!(!lines.is_empty(), "{raised}");
    assert_eq!(desk.app.ledger.len(), before + lines.len() as u64);
    for (index, line) in (before..).zip(lines) {
        assert_eq!((&line["act"], &line["index"]), (&json!("raised"), &json!(index)));
        let entry = desk.get(INSPECTOR, &format!("/v1/entries/{index}")).await.ok();
        assert_eq!(entry["data"]["data"]["flag"], line["flag_id"]);
        assert_eq!(entry["data"]["role"], "system");
    }
    let again = raise(INSPECTOR, json!({})).await.ok();
    assert_eq!(again["data"]["lines"], json!([]));
    assert_eq!(again["data"]["unchanged"], again["data"]["found"]);

    let flag = lines[0]["flag_id"].as_str().unwrap();
    let named = desk.get(INSPECTOR, &format!("/v1/queue/{}", &flag[..12])).await.ok();
    let line = &named["data"];
    assert_eq!((&line["flag_id"], &line["state"]), (&json!(flag), &json!("open")));
    let raised = desk.get(INSPECTOR, &format!("/v1/entries/{before}")).await.ok();
    assert_eq!(line["raised"], raised["data"]["statement"], "what a verdict refers to");
    for nobody in ["aaaaaa", &flag[..5], "x.y"] {
        let none = desk.get(INSPECTOR, &format!("/v1/queue/{nobody}")).await;
        assert_eq!(none.problem(), (404, "not_found".to_owned()), "{nobody}");
    }
    let other = desk.get(&county, &format!("/v1/queue/{flag}")).await;
    assert_eq!(other.problem(), (403, "other_division".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn proposals_are_listed_for_their_second_signer() {
    let desk = Desk::founded();
    let mut statements = Vec::new();
    for number in 1..=3 {
        let body = json!({
            "type": "actor.enrolled", "subject": format!("actor:411702-new-{number}"),
            "data": {
                "role": "clerk", "organisation": "区残联", "division": "411702",
                "public_key": crate::crypto::SecretKey::generate().unwrap().public(),
                "valid_from": "2020-01-01",
            },
        });
        statements.push(desk.record(KEYS, &body).await["statement"].clone());
    }
    let ids = |page: &Value| -> Vec<Value> {
        page["items"].as_array().unwrap().iter().map(|line| line["statement"].clone()).collect()
    };
    let all = desk.get(CLERK, "/v1/proposals").await.ok();
    assert_eq!(ids(&all), statements, "in the order of the log");
    let first = desk.get(CLERK, "/v1/proposals?limit=2").await.ok();
    assert_eq!(ids(&first), statements[..2]);
    let path = format!("/v1/proposals?limit=2&after={}", first["next"].as_str().unwrap());
    let rest = desk.get(CLERK, &path).await.ok();
    assert_eq!((ids(&rest), &rest["next"]), (statements[2..].to_vec(), &Value::Null));
    let one = format!("/v1/proposals?statement={}", statements[1].as_str().unwrap());
    assert_eq!(ids(&desk.get(CLERK, &one).await.ok()), statements[1..2]);
    let of_roll = format!("/v1/proposals?roll={}", "a".repeat(26));
    assert_eq!(ids(&desk.get(CLERK, &of_roll).await.ok()), [] as [Value; 0]);
    let wrong = desk.get(CLERK, "/v1/proposals?roll=x").await;
    assert_eq!(wrong.problem(), (400, "bad_query".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_and_key_ids_go_to_whoever_names_them_in_a_statement() {
    let desk = Desk::county();
    let number = "990000194912310026";
    let tagged = post(&desk, KEYS, "/v1/tags", json!({ "id_number": number })).await.ok();
    let own = desk.app.ledger.personal().unwrap().tag(TagKind::Id, number);
    assert_eq!(tagged["data"]["tag"], json!(own));
    for (body, code) in [
        (json!({ "id_number": "990000194912310027" }), "bad_body"),
        (json!({ "id_number": "x" }), "bad_query"),
        (json!({ "id_number": number, "name": "x" }), "bad_body"),
    ] {
        let wrong = post(&desk, KEYS, "/v1/tags", body).await;
        assert_eq!(wrong.problem(), (400, code.to_owned()));
        assert!(!wrong.text().contains(number), "{wrong:?}");
    }

    let people = desk.get(INSPECTOR, "/v1/people").await.ok();
    let person = people["items"][0]["person"].as_str().unwrap();
    let keys = desk.get(PRIVACY, &format!("/v1/people/{person}/keys")).await.ok();
    assert!(!keys["data"]["keys"].as_array().unwrap().is_empty(), "{keys}");
    let nobody = desk.get(PRIVACY, &format!("/v1/people/{}/keys", "a".repeat(26))).await;
    assert_eq!(nobody.problem().0, 422);
}

fn archive(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default();
    for (name, bytes) in files {
        zip.start_file(*name, packed).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn payrolls_in_an_archive_are_judged_together_and_within_bounds() {
    let desk = Desk::founded();
    desk.clock.advance_to(super::ENDS_MS);
    let name = "困难残疾人生活补贴发放名册_2026-07.csv";
    let roll = std::fs::read(format!("{FIXTURES}/{name}")).unwrap();
    let check = |body: Vec<u8>| {
        let desk = &desk;
        async move { desk.post(BANK, "/v1/rolls/check", ZIP, body).await }
    };
    let rules = |checked: &Value, rule: &str| {
        let findings = checked["findings"].as_array().unwrap();
        findings.iter().filter(|line| line["rule"] == rule).count()
    };
    // Twice the same payroll: everybody is paid twice, which neither shows alone.
    let one = check(archive(&[(name, roll.clone())])).await.ok();
    let (first, second) = (format!("0/{name}"), format!("1\\{name}"));
    let both = [(first.as_str(), roll.clone()), (second.as_str(), roll.clone())];
    let two = check(archive(&both)).await.ok();
    assert_eq!(two["rows"].as_u64().unwrap(), 2 * one["rows"].as_u64().unwrap());
    assert!(rules(&two, "R17") > rules(&one, "R17"), "{two}");
    let alone = desk.post(BANK, "/v1/rolls/check", "application/octet-stream", roll.clone()).await;
    assert_eq!(alone.problem(), (400, "bad_query".to_owned()), "a roll alone is named");

    let many: Vec<(String, Vec<u8>)> =
        (0..65).map(|n| (format!("{n}.csv"), roll.clone())).collect();
    let many: Vec<(&str, Vec<u8>)> =
        many.iter().map(|(name, roll)| (name.as_str(), roll.clone())).collect();
    // A few kilobytes that would unpack to more than there is room for.
    let bomb = archive(&[("a.csv", vec![b'0'; (64 << 20) + 1])]);
    assert!(bomb.len() < 1 << 20);
    let cut = archive(&[(name, roll)]);
    for (body, expected) in [
        (b"PK".to_vec(), (400, "bad_body")),
        (cut[..cut.len() / 2].to_vec(), (400, "bad_body")),
        (archive(&[]), (400, "bad_body")),
        (archive(&[("a.csv", b"a,b".to_vec())]), (422, "not_a_roll")),
        (archive(&many), (413, "too_large")),
        (bomb, (413, "too_large")),
    ] {
        let refused = check(body).await.problem();
        assert_eq!((refused.0, refused.1.as_str()), expected);
    }
}
