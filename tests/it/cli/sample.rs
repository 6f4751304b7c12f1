//! The main job, whole: the sample rolls go in through the real binary, and the flags that come
//! out are the labels that were put in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::Desk;

/// A demo ledger keeps its vault key in its own folder.
const VAULT: &str = "ledger/keys/vault.key";

/// Rule to (ID number, programme, month).
type Found = BTreeMap<String, BTreeSet<(String, String, String)>>;

fn sample() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/sample"))
}

fn rows(name: &str) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(sample().join(name)).unwrap();
    let text = text.trim_start_matches('\u{feff}').to_owned();
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

#[test]
fn the_flags_of_the_sample_rolls_are_its_labels() {
    let desk = demo();
    let ran =
        desk.run(&["--vault-key", VAULT, "--json", "flags", "--on", "2026-09-30", "--reveal"]);
    assert_eq!(ran.code, 0, "{}", ran.talk);
    let printed = ran.out;
    let (mut conclusive, mut leads, mut accused) = (Found::new(), Found::new(), BTreeSet::new());
    for line in printed.lines() {
        let flag: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| flag[name].as_str().unwrap_or_default().to_owned();
        let key = (text("id_number"), text("programme"), text("month"));
        let to = if text("kind") == "conclusive" {
            accused.insert(text("id_number"));
            &mut conclusive
        } else {
            &mut leads
        };
        let of_rule = to.entry(text("rule")).or_default();
        // R32 is about a doctor: no ID number, one flag each.
        let key = if text("rule") == "R32" { (text("flag_id"), key.1, key.2) } else { key };
        assert!(of_rule.insert(key), "two flags of one grain: {line}");
    }
    let mut labels = Found::new();
    for row in rows("labels.csv") {
        let key = [&row["person_id_number"], &row["programme"], &row["month"]].map(Clone::clone);
        labels.entry(row["rule"].clone()).or_default().insert(key.into());
    }
    // The four doctors of R32 share one label key; how many there are is all that is compared.
    let doctors = rows("labels.csv").iter().filter(|row| row["rule"] == "R32").count();
    assert_eq!(leads.remove("R32").unwrap_or_default().len(), doctors);
    labels.remove("R32");
    for (rule, found) in &conclusive {
        assert_eq!(Some(found), labels.get(rule), "{rule}");
    }
    for (rule, wanted) in &labels {
        if conclusive.contains_key(rule) {
            continue;
        }
        let found = leads.get(rule).cloned().unwrap_or_default();
        let right = found.intersection(wanted).count();
        assert!(right * 100 >= wanted.len() * 95, "{rule}: recall {right} of {}", wanted.len());
        assert!(right * 100 >= found.len() * 90, "{rule}: precision {right} of {}", found.len());
    }
    let clean: BTreeSet<_> =
        rows("labels_clean.csv").into_iter().map(|row| row["person_id_number"].clone()).collect();
    assert_eq!(clean.intersection(&accused).count(), 0, "a lawful look-alike is accused");
}

#[test]
fn the_sample_holds_and_every_step_is_shown() {
    let desk = demo();
    let ran = desk.run(&["verify"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.talk);
    let rebuilt = desk.json(&["rebuild"]);
    assert_eq!(rebuilt["equal"], true, "the index kept live is the one built anew");

    // The sums are those the sample states.
    let truth: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(sample().join("truth.json")).unwrap())
            .unwrap();
    let mut paid: BTreeMap<(String, String), i64> = BTreeMap::new();
    for line in desk.run(&["--json", "list", "statistics"]).out.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        if line["what"] == "paid" && line["month"].is_string() {
            let key = ["name", "month"].map(|field| line[field].as_str().unwrap().to_owned());
            *paid.entry(key.into()).or_default() += line["fen"].as_i64().unwrap();
        }
    }
    for ((programme, month), fen) in paid {
        assert_eq!(
            truth["paid_fen_by_benefit_month"][&programme][&month], fen,
            "{programme} {month}"
        );
    }

    // A person with a certificate, a dibao household, payments and a death.
    let who = &rows("labels.csv")[0]["person_id_number"];
    let ran = desk.run(&["--vault-key", VAULT, "--json", "history", who, "--reveal"]);
    let events: Vec<serde_json::Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let indexes: Vec<u64> = events.iter().map(|event| event["index"].as_u64().unwrap()).collect();
    assert!(indexes.is_sorted(), "{indexes:?}");
    let signed = |name: &str, actor: &str| {
        events.iter().any(|event| event["type"] == name && event["actor"] == actor)
    };
    assert!(signed("certificate.legacy_imported", "411700-clerk-1"));
    assert!(signed("payment.executed", "411700-bank-1"));
    assert!(signed("external_fact.recorded", "411700-police-1"));
    let shown = desk.json(&["--vault-key", VAULT, "show", who, "--on", "2026-09-30", "--reveal"]);
    assert_eq!(shown["personal"]["id_number"], who.as_str());
    assert_eq!(shown["flags"][0]["rule"], "R01");
    let hidden = desk.run(&["--vault-key", VAULT, "--json", "history", who]);
    assert!(!hidden.out.contains(who.as_str()), "personal data without --reveal");

    // The same rows again, in another encoding: nothing is added.
    let roll = "死亡人员名单.csv";
    let bytes = std::fs::read(sample().join(roll)).unwrap();
    let (text, ..) = encoding_rs::GB18030.decode(&bytes);
    desk.write(roll, &text);
    let key = "ledger/keys/demo/411700-police-1.key";
    let again =
        desk.json(&["--vault-key", VAULT, "import", roll, "--key", key, "--at", "2026-09-30"]);
    assert_eq!((&again["new"], &again["unchanged"]), (&0.into(), &296.into()));
    assert_eq!(again["first_index"], serde_json::Value::Null);
}

/// A demo ledger with the sample rolls in it; what it prints is what the READMEs show.
fn demo() -> Desk {
    let desk = Desk::new();
    let ran = desk.run(&["demo", "--rolls", sample().to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.talk);
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(readme));
        let text = text.unwrap();
        for field in ["rows read", "rows rejected", "events", "judged on"] {
            let printed = ran.out.lines().find(|line| line.starts_with(field)).unwrap();
            assert!(text.contains(printed), "{readme} does not show: {printed}");
        }
    }
    desk
}
