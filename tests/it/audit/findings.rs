//! Invariants that are not gates: what the log shows of them, and what it does not.
//!
//! The steps are signed by whoever is at hand, so the gates of the rules may have their own word
//! on them; only the findings are compared.

use mingzheng::{
    event::{Body, Payload},
    value::{CaseId, CertificateId, Day, PersonId, Subject},
};
use serde_json::{Value, json};

use super::{
    check,
    ledger::{Ledger, Twist, actor, clerk, person, supervisor, tag},
};

/// Signs the steps on their days, as entries 3, 4 and so on, then an unrelated one on the last
/// day, and answers each finding's rule and entries.
fn found(steps: &[(&str, &str, Value)], last: &str) -> Vec<(&'static str, Vec<u64>)> {
    let mut ledger = Ledger::with_persons(0);
    let on = |day: &str| day.parse::<Day>().unwrap().start_millis() + 3_600_000;
    let mut proposal = None;
    for (day, name, data) in steps {
        ledger.now_ms = on(day);
        let subject = match name.split_once('.').unwrap_or(("endorsed", "")).0 {
            "certificate" | "reminder" | "endorsed" => {
                // The second certificate of a story is the one that supersedes the first.
                let second = data["supersedes"].is_string();
                Subject::Certificate(CertificateId([7 + u8::from(second); 16]))
            }
            "external_fact" => Subject::Person(PersonId([8; 16])),
            "policy" => Subject::Programme("nursing_care_subsidy".into()),
            _ => Subject::Case(CaseId([7; 16])),
        };
        let body = Body::from_json(name, &data.to_string()).unwrap();
        let mut payload: Payload = ledger.payload(&subject, body);
        let by = if *name == "endorsed" { supervisor() } else { clerk() };
        if *name == "endorsed" {
            payload.refs.extend(proposal);
        }
        proposal = Some(ledger.sign(&by, &subject, &payload, Twist::default()));
    }
    ledger.now_ms = on(last);
    let (subject, data) = person(1);
    ledger.say(&actor(3, clerk().role, "Federation", "411702"), &subject, data);
    let folder = tempfile::tempdir().unwrap();
    ledger.write(folder.path(), 4, ledger.tree.len());
    let report = check(folder.path());
    assert!(!report.violations.iter().any(|violation| violation.code == "payload_malformed"));
    report.findings.into_iter().map(|finding| (finding.rule, finding.indexes)).collect()
}

fn with_person(mut data: Value) -> Value {
    data["person"] = json!(PersonId([8; 16]));
    data
}

fn hash() -> Value {
    json!(mingzheng::value::Hash([1; 32]))
}

/// 2026-08-03 is a Monday; without a published calendar every weekday is a working day.
#[test]
fn reviews_are_due_ten_working_days_after_the_notice() {
    let closed = |result: &str| with_person(json!({ "result": result }));
    let checklist = json!({
        "application": hash(), "acceptance": hash(), "assessment": hash(), "notice": hash(),
    });
    let review = with_person(json!({ "checklist": checklist, "opinion": "agree" }));
    let mut excused = review.clone();
    excused["delay_cause"] = json!("flood");
    let table = [
        ("clear", Some(("2026-08-17", &review)), "2026-12-01", vec![]),
        ("clear", Some(("2026-08-18", &review)), "2026-12-01", vec![("I13", vec![4])]),
        ("clear", Some(("2026-08-18", &excused)), "2026-12-01", vec![]),
        ("clear", None, "2026-08-17", vec![]),
        ("clear", None, "2026-08-18", vec![("I13", vec![3])]),
        ("objection", None, "2026-12-01", vec![]),
    ];
    for (result, reviewed, last, expected) in table {
        let mut steps = vec![("2026-08-03", "notice.closed", closed(result))];
        steps.extend(reviewed.map(|(day, review)| (day, "review.completed", review.clone())));
        assert_eq!(found(&steps, last), expected, "{result} {reviewed:?} {last}");
    }
}

#[test]
fn notices_are_taken_down() {
    let posted = with_person(json!({
        "place": "village hall", "view": hash(), "opens_on": "2026-08-03",
        "closes_on": "2026-08-10",
    }));
    let down = |day: &str| with_person(json!({ "removed_on": day }));
    let step = ("2026-08-03", "notice.posted", posted);
    let down = |day: &'static str| (day, "notice.taken_down", down(day));
    let left_up = [("I38", vec![3])];
    // Three working days after its last day.
    assert_eq!(found(&[step.clone(), down("2026-08-13")], "2026-12-01"), []);
    assert_eq!(found(&[step.clone(), down("2026-08-14")], "2026-12-01"), left_up);
    assert_eq!(found(std::slice::from_ref(&step), "2026-08-13"), []);
    assert_eq!(found(std::slice::from_ref(&step), "2026-08-14"), left_up);
    // While an objection is open it hangs on; then the days run from the day it was closed.
    let objected = with_person(json!({ "ground": "a neighbour", "evidence": [] }));
    let objected = ("2026-08-07", "objection.raised", objected);
    let closed = with_person(json!({ "result": "objection" }));
    let closed = ("2026-08-24", "notice.closed", closed);
    let open = [step.clone(), objected.clone()];
    assert_eq!(found(&open, "2026-12-01"), []);
    let late = |day| [step.clone(), objected.clone(), closed.clone(), down(day)];
    assert_eq!(found(&late("2026-08-27"), "2026-12-01"), []);
    assert_eq!(found(&late("2026-08-28"), "2026-12-01"), left_up);
}

#[test]
fn holders_are_reminded_half_a_year_before_expiry() {
    let issued = with_person(json!({
        "case": CaseId([7; 16]), "id": tag(1), "number": tag(2),
        "grade": { "category": "visual", "level": 1 }, "replaced": 0, "generation": "third",
        "valid_from": "2026-08-03", "valid_to": "2036-08-02", "approving_division": "411702",
    }));
    let reminder = with_person(json!({ "kind": "expiry_six_months", "channel": "telephone" }));
    let proposed = ("2026-08-03", "certificate.issued", issued);
    // Without its second signer nothing was issued.
    assert_eq!(found(std::slice::from_ref(&proposed), "2036-07-01"), []);
    let mut steps = vec![proposed, ("2026-08-04", "endorsed", json!({}))];
    assert_eq!(found(&steps, "2036-02-02"), []);
    assert_eq!(found(&steps, "2036-02-03"), [("I20", vec![3])]);
    steps.push(("2036-02-02", "reminder.sent", reminder.clone()));
    assert_eq!(found(&steps, "2036-07-01"), []);
    steps[2] = ("2036-02-03", "reminder.sent", reminder);
    assert_eq!(found(&steps, "2036-07-01"), [("I20", vec![3])]);
}

fn issued(number: u64, level: u8) -> Value {
    let mut issued = with_person(json!({
        "case": CaseId([7; 16]), "id": tag(1), "number": tag(number),
        "grade": { "category": "visual", "level": level }, "replaced": 0, "generation": "third",
        "valid_from": "2026-08-03", "valid_to": "2036-08-02", "approving_division": "411702",
    }));
    if number > 2 {
        issued["supersedes"] = json!(CertificateId([7; 16]));
    }
    issued
}

#[test]
fn certificates_end_within_thirty_days_of_a_reported_death() {
    let death = with_person(json!({
        "id": tag(1), "id_form": "valid", "kind": "death", "from": "2026-09-01",
    }));
    let cancelled = with_person(json!({ "ground": "death", "evidence": [] }));
    let mut steps = vec![
        ("2026-08-03", "certificate.issued", issued(2, 1)),
        ("2026-08-03", "endorsed", json!({})),
        ("2026-09-10", "external_fact.recorded", death),
    ];
    assert_eq!(found(&steps, "2026-10-10"), []);
    assert_eq!(found(&steps, "2026-10-11"), [("I19", vec![3])]);
    steps.push(("2026-10-10", "certificate.cancelled", cancelled.clone()));
    assert_eq!(found(&steps, "2027-01-01"), []);
    steps[3] = ("2026-10-11", "certificate.cancelled", cancelled);
    assert_eq!(found(&steps, "2027-01-01"), [("I19", vec![3])]);
}

#[test]
fn a_nursing_subsidy_follows_the_loss_of_its_level_in_the_next_month() {
    let applied = |programme: &str| {
        with_person(json!({
            "programme": programme, "certificate": CertificateId([7; 16]),
            "month": "2026-08", "division": "411702", "evidence": [],
        }))
    };
    let determined = with_person(json!({
        "outcome": "granted", "from_month": "2026-08", "amount": 7500, "exclusions": [],
    }));
    let stopped = with_person(json!({ "ground": "level_changed", "from_month": "2026-12" }));
    // A case follows the policy in force: without one nothing is applied for.
    let published = |name: &str| {
        let shipped = mingzheng::policy::defaults::POLICIES;
        let text = shipped.into_iter().find(|(of, _)| *of == name).unwrap().1;
        json!({ "text": text, "hash": mingzheng::policy::hash(text) })
    };
    let steps = |programme: &str, level: u8| {
        vec![
            ("2026-08-01", "policy.published", published("living_allowance")),
            ("2026-08-01", "endorsed", json!({})),
            ("2026-08-01", "policy.published", published("nursing_care_subsidy")),
            ("2026-08-01", "endorsed", json!({})),
            ("2026-08-03", "certificate.issued", issued(2, 1)),
            ("2026-08-03", "endorsed", json!({})),
            ("2026-08-04", "benefit.applied", applied(programme)),
            ("2026-08-05", "benefit.determined", determined.clone()),
            ("2026-11-03", "certificate.issued", issued(3, level)),
            ("2026-11-03", "endorsed", json!({})),
        ]
    };
    assert_eq!(found(&steps("nursing_care_subsidy", 3), "2026-12-31"), []);
    assert_eq!(found(&steps("nursing_care_subsidy", 3), "2027-01-01"), [("I18", vec![11])]);
    assert_eq!(found(&steps("nursing_care_subsidy", 2), "2027-01-01"), []);
    assert_eq!(found(&steps("living_allowance", 3), "2027-01-01"), []);
    let with = |day: &'static str| {
        let mut steps = steps("nursing_care_subsidy", 3);
        steps.push((day, "benefit.stopped", stopped.clone()));
        steps
    };
    assert_eq!(found(&with("2026-12-31"), "2027-03-01"), []);
    assert_eq!(found(&with("2027-01-04"), "2027-03-01"), [("I18", vec![11])]);
}

#[test]
fn running_benefits_are_reviewed_every_year() {
    let determined = |outcome: &str| {
        with_person(json!({
            "outcome": outcome, "from_month": "2026-08", "amount": 7500, "exclusions": [],
        }))
    };
    let evidence = json!({ "kind": "visit", "hash": hash() });
    let reviewed = with_person(json!({ "year": 2027, "alive": evidence, "outcome": "granted" }));
    let stopped = with_person(json!({ "ground": "death", "from_month": "2027-01" }));
    let granted = ("2026-08-03", "benefit.determined", determined("granted"));
    let with = |more| vec![granted.clone(), more];
    assert_eq!(found(std::slice::from_ref(&granted), "2027-08-03"), []);
    assert_eq!(found(std::slice::from_ref(&granted), "2027-08-04"), [("I34", vec![3])]);
    let review = with(("2027-08-01", "annual_review.completed", reviewed));
    assert_eq!(found(&review, "2028-08-01"), []);
    assert_eq!(found(&review, "2028-08-02"), [("I34", vec![3])]);
    let stop = with(("2026-12-20", "benefit.stopped", stopped));
    assert_eq!(found(&stop, "2030-01-01"), []);
    let refused = ("2026-08-03", "benefit.determined", determined("refused"));
    assert_eq!(found(&[refused], "2030-01-01"), []);
}
