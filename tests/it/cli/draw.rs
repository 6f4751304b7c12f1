//! The random draw: waits for somebody else's statement, draws for everybody alike, verifies.

use serde_json::{Value, json};

use super::{Desk, service::Service, text};

const HASH: &str = "b2mxc3uclvb7uelqca5eyylsdy4w7kmdonjwqdpewlfe32gq2hwa";

/// Drafts, signs and submits a body by the actor whose key has the same name.
fn say(desk: &Desk, actor: &str, body: &Value) -> Value {
    let count = std::fs::read_dir(desk.folder.path()).unwrap().count();
    let [draft, statement] = ["draft", "statement"].map(|name| format!("{name}-{count}"));
    desk.write("body.json", &body.to_string());
    let drafted = desk.run(&["draft", "body.json", "--actor", actor, "-o", &draft]);
    assert_eq!(drafted.code, 0, "{drafted:?}");
    let signed = desk.run(&["sign", &draft, "--key", actor, "-o", &statement]);
    assert_eq!(signed.code, 0, "{signed:?}");
    desk.json(&["submit", &statement])
}

#[test]
fn assessors_are_drawn_and_the_draw_verifies() {
    let desk = Desk::with_ledger();
    let enrol = |id: &str, role: &str, organisation: &str, more: &[&str]| {
        desk.enrol(id, role, organisation, &desk.key(id), more);
    };
    enrol("411700-app-1", "approver", "市残联", &[]);
    enrol("411700-dpf-1", "prefecture_dpf", "市残联", &[]);
    enrol("411702-dpf-1", "clerk", "区残联", &[]);
    let doctor = ["--institution", "411702-hospital-1", "--attending"];
    let doctors: Vec<String> = (1..=4).map(|number| format!("411702-doc-{number}")).collect();
    doctors.iter().for_each(|id| enrol(id, "assessor", "医院", &doctor));
    let published =
        desk.run(&["policy", "publish", "--defaults", "--key", "411700-app-1", "--json"]);
    let first: Value = serde_json::from_str(published.out.lines().next().unwrap()).unwrap();
    desk.json(&["endorse", &first["index"].to_string(), "--key", "supervisor"]);
    let said = |actor: &str, name: &str, subject: &str, data: Value| {
        let body = json!({ "type": name, "at": "2026-07-05", "subject": subject, "data": data });
        say(&desk, actor, &body)
    };
    let designated = json!({
        "name": "定点医院", "division": "411702", "categories": ["physical"],
        "valid_from": "2020-01-01", "document": "示例",
    });
    let hospital = "institution:411702-hospital-1";
    said("411700-dpf-1", "institution.designated", hospital, designated);

    let applied = json!({
        "type": "application.submitted", "at": "2026-07-05", "subject": "case:new",
        "data": {
            "kind": "new", "hukou_division": "411702", "residence_division": "411702",
            "channel": "window", "claimed": ["physical"], "evidence": [],
        },
        "personal": { "id_number": "11010519491231002X", "name": "李生林" },
    });
    let applied = say(&desk, "411702-dpf-1", &applied);
    let case = text(&applied, "subject");
    let verified = json!({
        "method": "读卡器", "photo_match": true, "hukou_match": true,
        "birth_date": "1949-12-31", "source": { "kind": "card", "hash": HASH },
    });
    said("411702-dpf-1", "identity.verified", case, verified);
    said("411702-dpf-1", "application.accepted", case, json!({}));

    // Nobody else has signed since: the clerk alone cannot fix a draw.
    let early = desk.error(1, &["draw", case]);
    assert!(text(&early, "message").contains("no other organisation"), "{early}");
    let conflict = json!({ "relation": "other" });
    said("411702-doc-4", "conflict.declared", case, conflict);
    let shown = desk.json(&["draw", case, "--dry-run"]);
    assert_eq!(desk.json(&["draw", case, "--dry-run"]), shown);
    let drawn: Vec<&str> =
        shown["assessors"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    assert_eq!(drawn.len(), 2);
    assert!(drawn.iter().all(|id| doctors[..3].iter().any(|of| of == id)), "{drawn:?}");

    // Over a server the ledger signs by itself, for a clerk who asks: the same is drawn.
    super::remote::copy(&desk.path("ledger"), &desk.path("twin"));
    let service = Service::start(&desk, &["--ledger", "twin"]);
    let at = ["--server", &service.address, "--key", "411702-dpf-1"];
    let asked = |args: &[&str]| desk.run(&[args, &at].concat());
    let own = desk.run(&["draw", case, "--dry-run"]);
    assert_eq!(asked(&["draw", case, "--dry-run"]).out, own.out);
    let doctor = ["--server", &service.address, "--key", "411702-doc-1"];
    let refused = desk.run(&[&["draw", case][..], &doctor].concat());
    assert!(refused.code == 1 && refused.talk.contains("role may not"), "{refused:?}");
    let none = asked(&["draw", "case:aaaaaaaaaaaaaaaaaaaaaaaaaa"]);
    assert!(none.code == 1 && none.talk.contains("nothing of that name"), "{none:?}");
    let served = asked(&["draw", case, "--json"]);
    assert_eq!(served.code, 0, "{served:?}");
    let served: Value = serde_json::from_str(&served.out).unwrap();
    assert_eq!(service.end(), 0);
    assert_eq!(desk.json(&["verify", "twin", "--strict"])["ok"], true);

    let assigned = desk.json(&["draw", case]);
    assert_ne!(assigned["statement"], served["statement"], "signed twice");
    for field in ["index", "type", "subject", "again"] {
        assert_eq!(assigned[field], served[field]);
    }
    assert_eq!(text(&assigned, "type"), "assessment.assigned");
    assert_eq!(desk.json(&["verify", "--strict"])["ok"], true);
    // Another key than System's draws nothing.
    desk.error(1, &["draw", case, "--key", "411702-dpf-1"]);
}
