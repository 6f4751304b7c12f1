//! One story with every figure of it counted by hand.

use serde_json::{Value, json};

use super::{Scope, StrictReview, StrictReviewFigures};
use crate::audit::Violation;
use crate::event::{Body, Payload, Recorded, Role, Severity, Signer};
use crate::policy::{PolicyBook, defaults};
use crate::value::{Day, Fen, Hash, Month};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// An id of 16 bytes, and a hash, as the wire writes them.
fn id(number: u8) -> String {
    crate::value::base32(&[number; 16])
}

fn hash(number: u8) -> String {
    Hash([number; 32]).to_string()
}

fn fields(object: Value) -> serde_json::Map<String, Value> {
    match object {
        Value::Object(fields) => fields,
        _ => panic!("fields are an object"),
    }
}

/// The log so far: each event is an example of the catalogue with some fields changed.
#[derive(Default)]
struct Story(Vec<Recorded>);

impl Story {
    /// Adds an event; gives its index.
    fn tell(&mut self, at: &str, name: &str, subject: &str, change: Value) -> u64 {
        self.tell_as("411702-officer-1", at, name, subject, change)
    }

    fn tell_as(&mut self, actor: &str, at: &str, name: &str, subject: &str, change: Value) -> u64 {
        let path = format!("{}/events/{name}/valid/minimal.json", env!("CARGO_MANIFEST_DIR"));
        let mut example: Value =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for (field, value) in fields(change) {
            example["data"][field] = value;
        }
        let body = Body::from_json(name, &example["data"].to_string()).unwrap();
        let index = self.0.len() as u64;
        self.0.push(Recorded {
            index,
            recorded_at_ms: 0,
            id: Hash([u8::try_from(index).unwrap(); 32]),
            signed_at: 0,
            subject: subject.parse().unwrap(),
            signer: Signer {
                actor: actor.parse().unwrap(),
                role: Role::Clerk,
                organisation: "窗口".parse().unwrap(),
                division: "411702".parse().unwrap(),
                sector: None,
            },
            payload: Payload::new(day(at), body),
        });
        index
    }

    /// What needs a second signer takes effect now.
    fn endorse(&mut self, at: &str, index: u64, subject: &str) -> u64 {
        let by = self.tell(at, "endorsed", subject, json!({}));
        let of = self.0[usize::try_from(index).unwrap()].id;
        self.0[usize::try_from(by).unwrap()].payload.refs = vec![of];
        by
    }

    /// A case of a person from application to certificate, by as many assessors; reviewed on a
    /// day. Gives the entries of assessment, review and issue.
    fn case(&mut self, number: u8, division: &str, assessors: u8, reviewed: &str) -> [u64; 3] {
        let (person, case) = (id(number), format!("case:{}", id(100 + number)));
        let of = |more: Value| {
            let mut data = json!({ "person": person });
            data.as_object_mut().unwrap().extend(fields(more));
            data
        };
        let divisions = json!({ "hukou_division": division, "residence_division": division });
        self.tell("2026-03-02", "application.submitted", &case, of(divisions));
        self.tell("2026-03-03", "application.accepted", &case, of(json!({})));
        let mut assessed = 0;
        for assessor in 0..assessors {
            let actor = format!("411702-assessor-{assessor}");
            let data = of(json!({}));
            assessed = self.tell_as(&actor, "2026-03-05", "assessment.recorded", &case, data);
        }
        self.tell("2026-03-06", "assessment.concluded", &case, of(json!({})));
        self.tell("2026-03-09", "notice.posted", &case, of(json!({})));
        self.tell("2026-03-16", "notice.closed", &case, of(json!({ "result": "clear" })));
        let review = self.tell(reviewed, "review.completed", &case, of(json!({})));
        self.tell("2026-04-07", "certificate.approved", &case, of(json!({})));
        let subject = format!("certificate:{}", id(200 - number));
        let data = of(json!({ "case": id(100 + number) }));
        let proposed = self.tell("2026-04-08", "certificate.issued", &subject, data);
        [assessed, review, self.endorse("2026-04-08", proposed, &subject)]
    }

    fn flag(&mut self, at: &str, flag: u8, severity: &str, more: Value) -> u64 {
        // Each of another rule: a dismissed one does not speak for the others.
        let rule = format!("R{flag:02}");
        let mut data = json!({ "flag": hash(flag), "severity": severity, "rule": rule });
        data.as_object_mut().unwrap().extend(fields(more));
        self.tell(at, "anomaly.raised", "ledger", data)
    }

    fn verdict(&mut self, at: &str, flag: u8, verdict: &str) -> u64 {
        let data = json!({ "flag": hash(flag), "verdict": verdict });
        self.tell(at, "anomaly.reviewed", "ledger", data)
    }

    fn report(&self, division: &str, to: &str, violations: &[Violation]) -> StrictReviewFigures {
        let scope =
            Scope { division: division.parse().unwrap(), from: day("2026-03-01"), to: day(to) };
        let mut review = StrictReview::new(scope);
        self.0.iter().for_each(|event| review.take(event));
        let mut book = PolicyBook::default();
        book.publish_text(defaults::CERTIFICATE, 0).unwrap();
        review.finish(violations, &book)
    }
}

/// Severity, then how many were raised, confirmed, dismissed and wait, and the median days.
fn flags(figures: &StrictReviewFigures) -> Vec<(Severity, [u64; 4], Option<u32>)> {
    let line = |line: &super::FlagLine| {
        let counts = [&line.raised, &line.confirmed, &line.dismissed, &line.waiting];
        (line.severity, counts.map(|counted| counted.count), line.days_to_verdict.median)
    };
    figures.flags.iter().map(line).collect()
}

fn begun() -> Story {
    let mut story = Story::default();
    story.tell("2026-01-01", "ledger.created", "ledger", json!({ "division": "411700" }));
    story
}

#[test]
fn every_figure_of_a_story_is_what_was_counted_by_hand() {
    let mut story = begun();
    // Reviewed 8 and 14 working days after the notice: the limit is 10. The third is elsewhere.
    let first = story.case(1, "411702", 2, "2026-03-26");
    let second = story.case(2, "411702", 3, "2026-04-03");
    let third = story.case(3, "411721", 2, "2026-03-26");
    let person = json!({ "person": id(1) });
    let confirmed = [
        story.flag("2026-05-01", 1, "S1", person.clone()),
        story.verdict("2026-05-11", 1, "confirmed"),
    ];
    story.flag("2026-05-01", 2, "S1", person.clone());
    story.verdict("2026-05-05", 2, "dismissed");
    let waits = story.flag("2026-05-02", 3, "S2", person.clone());
    let field = [
        story.flag("2026-05-02", 4, "S2", person.clone()),
        story.verdict("2026-05-03", 4, "needs_field"),
    ];
    let subject = format!("person:{}", id(1));
    let ordered = story.tell(
        "2026-05-12",
        "recovery.ordered",
        &subject,
        json!({ "person": id(1), "amount": 18_000 }),
    );
    let ordered = story.endorse("2026-05-13", ordered, &subject);
    let received = story.tell(
        "2026-05-20",
        "recovery.received",
        &subject,
        json!({ "person": id(1), "amount": 9_000 }),
    );
    let helped = story.tell("2026-05-21", "help.given", &subject, json!({ "person": id(1) }));

    let message = "an assessment that should not count".to_owned();
    let broken = Violation { index: Some(second[0]), code: "assessment", rule: "I07", message };
    let figures = story.report("411702", "2026-06-30", &[broken]);
    let issued = &figures.issued;
    assert_eq!(
        (issued.all.count, issued.all.indexes.to_string()),
        (2, {
            let [one, two] = [first[2], second[2]];
            format!("{one}, {two}")
        })
    );
    assert_eq!(
        issued.assessors.iter().map(|(n, of)| (*n, of.count)).collect::<Vec<_>>(),
        [(2, 1), (3, 1)]
    );
    assert_eq!(issued.months.len(), 1);
    assert_eq!(issued.months[0].month, "2026-04".parse::<Month>().unwrap());
    assert_eq!(issued.gated.permille(), Some(500));
    assert_eq!(issued.gated.held.indexes.to_string(), first[2].to_string());
    assert_eq!(issued.gated.broken.indexes.to_string(), second[0].to_string());

    let review = figures.steps.iter().find(|line| line.step == "review").unwrap();
    assert_eq!(review.limit, Some(10));
    assert_eq!((review.days.median, review.days.max), (Some(8), Some(14)));
    assert_eq!(review.beyond.indexes.to_string(), second[1].to_string());
    let notice = figures.steps.iter().find(|line| line.step == "notice").unwrap();
    assert_eq!((notice.limit, notice.days.median, notice.beyond.count), (Some(5), Some(5), 0));

    assert_eq!(
        flags(&figures),
        [(Severity::S1, [2, 1, 1, 0], Some(4)), (Severity::S2, [2, 0, 0, 2], None)]
    );
    let [grave, lesser] = [&figures.flags[0], &figures.flags[1]];
    assert_eq!(grave.days_to_verdict.max, Some(10));
    assert_eq!(grave.confirmed.indexes.to_string(), confirmed[1].to_string());
    let waiting = [waits, field[0], field[1]].into_iter().collect::<super::Ranges>();
    assert_eq!(lesser.waiting.indexes, waiting);
    assert_eq!((figures.recovery_ordered.fen, figures.recovered.fen), (Fen(18_000), Fen(9_000)));
    assert_eq!(figures.recovery_ordered.indexes.to_string(), ordered.to_string());
    assert_eq!(figures.recovered.indexes.to_string(), received.to_string());
    assert_eq!(figures.helped.indexes.to_string(), helped.to_string());

    // The county beside it has its own case and nothing of this person.
    let beside = story.report("411721", "2026-06-30", &[]);
    assert_eq!(beside.issued.all.indexes.to_string(), third[2].to_string());
    assert_eq!((flags(&beside), beside.helped.count), (Vec::new(), 0));
    assert_eq!(beside.recovered.fen, Fen(0));
    // Both are of the prefecture.
    assert_eq!(story.report("411700", "2026-06-30", &[]).issued.all.count, 3);
}

#[test]
fn what_is_of_no_known_division_counts_in_no_division_but_the_ledgers_own() {
    let mut story = begun();
    let place = json!({ "division": "411702" });
    story.tell("2026-03-01", "institution.designated", "institution:411702-hospital-1", place);
    let paid = json!({ "person": id(4), "division": "411721" });
    story.tell("2026-03-01", "payment.executed", &format!("person:{}", id(4)), paid);
    story.flag("2026-05-01", 1, "S2", json!({}));
    story.flag("2026-05-01", 2, "S2", json!({ "person": id(9) }));
    story.flag("2026-05-01", 3, "S2", json!({ "institution": "411702-hospital-1" }));
    story.flag("2026-05-01", 4, "S2", json!({ "person": id(4) }));
    let subject = format!("person:{}", id(9));
    story.tell("2026-05-02", "help.given", &subject, json!({ "person": id(9) }));
    let raised = |division| {
        let figures = story.report(division, "2026-06-30", &[]);
        let raised = figures.flags.first().map_or(0, |line| line.raised.count);
        (raised, figures.helped.count)
    };
    assert_eq!(raised("411700"), (4, 1), "the ledger's own");
    assert_eq!(raised("410000"), (4, 1), "above it");
    assert_eq!(raised("411702"), (1, 0), "the institution's");
    assert_eq!(raised("411721"), (1, 0), "where the person is paid");
    assert_eq!(raised("410105"), (0, 0), "not of this ledger");
}

#[test]
fn a_verdict_after_the_last_day_leaves_the_flag_waiting_then() {
    let mut story = begun();
    let raised = story.flag("2026-05-01", 1, "S1", json!({}));
    story.verdict("2026-07-01", 1, "confirmed");
    let then = story.report("411700", "2026-06-30", &[]);
    assert_eq!(flags(&then), [(Severity::S1, [1, 0, 0, 1], None)]);
    assert_eq!(then.flags[0].waiting.indexes.to_string(), raised.to_string());
    let later = story.report("411700", "2026-07-01", &[]);
    assert_eq!(flags(&later), [(Severity::S1, [1, 1, 0, 0], Some(61))]);
}

#[test]
fn a_dismissal_lapses_when_the_flag_is_raised_on_something_else() {
    let mut story = begun();
    story.flag("2026-05-01", 1, "S2", json!({ "money_at_risk": 6000 }));
    story.verdict("2026-05-04", 1, "dismissed");
    // The same again is no news.
    story.flag("2026-05-10", 1, "S2", json!({ "money_at_risk": 6000 }));
    let figures = story.report("411700", "2026-06-30", &[]);
    assert_eq!(flags(&figures), [(Severity::S2, [1, 0, 1, 0], Some(3))]);
    let news = story.flag("2026-06-01", 1, "S1", json!({ "money_at_risk": 12_000 }));
    let figures = story.report("411700", "2026-06-30", &[]);
    assert_eq!(flags(&figures), [(Severity::S1, [1, 0, 0, 1], None)]);
    assert_eq!(figures.flags[0].waiting.indexes.to_string(), news.to_string());
    // Before the news it stood; a verdict on the news is counted from the news on.
    let before = story.report("411700", "2026-05-31", &[]);
    assert_eq!(flags(&before), [(Severity::S2, [1, 0, 1, 0], Some(3))]);
    story.verdict("2026-06-08", 1, "confirmed");
    let figures = story.report("411700", "2026-06-30", &[]);
    assert_eq!(flags(&figures), [(Severity::S1, [1, 1, 0, 0], Some(7))]);
}
