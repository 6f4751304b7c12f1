//! What may be done about a flag: assign it, give a verdict, and what follows from one (I32).

use serde_json::{Value, json};

use super::form::{actor, one_of};
use super::probe::Step;
use super::{Field, Kind, Offer, Place, View, Waiting, cards, granted};
use crate::domain::State;
use crate::domain::oversight::{Flag, Standing};
use crate::event::{Remedy, Role, Verdict, rule_named};
use crate::value::{DivisionCode, Hash, PersonId, Subject};

/// Every step that the viewer may take about a flag now.
pub(super) fn offers(view: &View<'_>, id: Hash) -> Vec<Offer> {
    let id = view.state.oversight.own_id(&id);
    let Some(flag) = view.state.oversight.flag(&id) else { return Vec::new() };
    // A verdict may be replaced by another, but nobody waits for that.
    let judged = !view.state.oversight.standing(flag).awaits_verdict();
    let verdict = review(id, flag);
    let verdict = if judged { verdict.not_due() } else { verdict };
    let mut steps = vec![verdict, assign(view, id, flag)];
    steps.extend(recoveries(view, id, flag));
    steps.extend(help(id, flag));
    if let Some(review) = flag.review.as_ref().filter(|it| it.verdict == Verdict::Confirmed) {
        steps.extend(granted::of_flag(view, flag, review));
        steps.extend(cards::of_flag(view, flag, review));
    }
    steps.into_iter().filter_map(|step| step.offer(view)).collect()
}

/// The steps by which a flag goes on, whoever takes them: a verdict, then what follows from it. What
/// may be done and does not have to be is not due.
pub(super) fn turns(view: &View<'_>, id: Hash) -> Vec<Step> {
    let Some(flag) = view.state.oversight.flag(&id) else { return Vec::new() };
    match view.state.oversight.standing(flag) {
        Standing::Open | Standing::Assigned | Standing::NeedsField => vec![review(id, flag)],
        Standing::Dismissed | Standing::Closed => Vec::new(),
        Standing::Confirmed => {
            let mut steps = recoveries(view, id, flag);
            steps.extend(help(id, flag));
            if let Some(review) = &flag.review
                && flag.stops.is_empty()
                && flag.remedy == Remedy::Recover
            {
                steps.extend(granted::stops_of_flag(view, flag, review));
            }
            steps
        }
    }
}

/// The flags that wait for the viewer, oldest first, and at most so many.
pub(super) fn waiting(view: &View<'_>, most: usize) -> Vec<Waiting> {
    let signs =
        |name: &&str| rule_named(name).is_some_and(|rule| rule.signers.contains(&view.signer.role));
    let judges = signs(&"anomaly.reviewed");
    if !judges && !FOLLOWS.iter().any(signs) {
        return Vec::new();
    }
    let oversight = &view.state.oversight;
    let mut flags: Vec<_> = oversight
        .flags()
        .filter(|(_, flag)| {
            let standing = oversight.standing(flag);
            let open = if judges { standing.awaits_verdict() } else { false };
            (open || standing == Standing::Confirmed) && is_near(view, flag)
        })
        .collect();
    flags.sort_by_key(|(id, flag)| (flag.raised_on, **id));
    let found = flags.into_iter().filter_map(|(id, flag)| {
        let overdue = oversight.orders_of(flag).any(|(_, order)| order.is_overdue(view.today));
        // Nobody has to waive anything before the day of an order is over.
        let mine = |step: &Step| step.due || step.name == "benefit.stopped" || overdue;
        let mut steps: Vec<_> = turns(view, *id)
            .into_iter()
            .filter(|step| mine(step) && step.is_legal(view))
            .map(|step| step.name)
            .collect();
        steps.dedup();
        (!steps.is_empty()).then(|| Waiting {
            subject: flag.subject.clone(),
            place: Place::Flag(*id, flag.rule.clone()),
            person: flag.person,
            steps,
            since: Some(flag.review.as_ref().map_or(flag.raised_on, |review| review.on)),
            second_round: false,
        })
    });
    found.take(most).collect()
}

/// The flags that nobody has yet, for a viewer who assigns them and judges none: many at a time, so
/// one row leads to all of them.
pub(super) fn to_assign(view: &View<'_>) -> Option<Waiting> {
    let signs =
        |name| rule_named(name).is_some_and(|rule| rule.signers.contains(&view.signer.role));
    if !signs("anomaly.assigned") || signs("anomaly.reviewed") {
        return None;
    }
    let oversight = &view.state.oversight;
    let is_open = |flag: &Flag| oversight.standing(flag) == Standing::Open && is_near(view, flag);
    let open: Vec<_> = oversight.flags().filter(|(_, flag)| is_open(flag)).collect();
    open.iter().find(|(id, flag)| assign(view, **id, flag).is_legal(view))?;
    Some(Waiting {
        subject: Subject::Ledger,
        place: Place::Unassigned(open.len()),
        person: None,
        steps: vec!["anomaly.assigned"],
        since: open.iter().map(|(_, flag)| flag.raised_on).min(),
        second_round: false,
    })
}

/// What may follow from a confirmed flag.
const FOLLOWS: [&str; 5] =
    ["recovery.ordered", "recovery.received", "recovery.waived", "help.given", "benefit.stopped"];

/// Whether a flag is of the viewer's division, as the ledger's own state knows it: what is about
/// nobody, or about somebody of no known place, is for those who cover the whole ledger.
fn is_near(view: &View<'_>, flag: &Flag) -> bool {
    let whole = view.state.genesis.as_ref().map(|genesis| genesis.division);
    let place = flag.person.and_then(|person| place_of(view.state, person)).or(whole);
    place.is_some_and(|place| view.signer.division.covers(place))
}

/// Where a person belongs: where the certificate is kept, else where they are registered, else
/// where a benefit was applied for.
pub(super) fn place_of(state: &State, person: PersonId) -> Option<DivisionCode> {
    let found = state.people.find(&person);
    let mut held = found.into_iter().flat_map(|found| found.certificates.iter().rev());
    let kept = held.find_map(|id| state.certificates.find(id)).map(|held| held.division);
    let registered = || found.and_then(|found| found.hukou_division);
    let applied = || state.benefits.of_person(person).next().map(|(_, case)| case.division);
    kept.or_else(registered).or_else(applied)
}

fn step(name: &'static str, id: Hash, flag: &Flag, mut data: Value) -> Step {
    data["flag"] = json!(id);
    Step::new(name, flag.subject.clone(), data)
}

fn review(id: Hash, flag: &Flag) -> Step {
    step("anomaly.reviewed", id, flag, json!({})).resting_on(vec![flag.raised]).fields(vec![
        Field::new("verdict", one_of(VERDICTS), "结论", "verdict"),
        Field::new(
            "reason",
            Kind::Text,
            "理由（不写姓名和号码）",
            "reason, without names or numbers",
        ),
        Field::new("evidence", Kind::Papers("核查记录"), "核查材料", "papers of the inquiry")
            .optional(),
    ])
}

fn assign(view: &View<'_>, id: Hash, flag: &Flag) -> Step {
    let inspectors = view
        .state
        .actors
        .iter()
        .filter(|(_, actor)| actor.role == Role::Inspector && actor.suspended_on.is_none());
    let named = inspectors.map(|(id, _)| actor(view.state, id)).collect();
    let to = Field::new("to", Kind::One(named), "核查人", "inspector");
    step("anomaly.assigned", id, flag, json!({}))
        .resting_on(vec![flag.raised])
        .not_due()
        .fields(vec![to])
}

/// Ordering money back, and what came of an order.
fn recoveries(view: &View<'_>, id: Hash, flag: &Flag) -> Vec<Step> {
    let (Some(person), Some(review)) = (flag.person, &flag.review) else { return Vec::new() };
    let due = view.today.plus_months(3);
    let data = json!({ "person": person, "verdict": review.statement });
    let order =
        step("recovery.ordered", id, flag, data).resting_on(vec![review.statement]).fields(vec![
            Field::new("amount", Kind::Yuan, "追缴金额（元）", "yuan to be paid back")
                .at_first(flag.money_at_risk.0),
            Field::new("due", Kind::Day, "期限", "due by").at_first(due),
        ]);
    let mut steps = vec![order];
    for (order, found) in view.state.oversight.orders_of(flag) {
        if found.rest().0 == 0 {
            continue;
        }
        let data = || json!({ "person": person, "order": order });
        let amount =
            || Field::new("amount", Kind::Yuan, "金额（元）", "yuan").at_first(found.rest().0);
        let received = step("recovery.received", id, flag, data()).resting_on(vec![*order]);
        steps.push(received.fields(vec![amount()]));
        let ground = Field::new("ground", Kind::Text, "免除理由", "why it is waived");
        let waived = step("recovery.waived", id, flag, data()).resting_on(vec![*order]);
        steps.push(waived.not_due().fields(vec![amount(), ground]));
    }
    steps
}

fn help(id: Hash, flag: &Flag) -> Option<Step> {
    let person = flag.person?;
    let review = flag.review.as_ref()?;
    let step = step("help.given", id, flag, json!({ "person": person }));
    Some(step.resting_on(vec![review.statement]).fields(vec![
        Field::new("help", one_of(HELP), "做了什么", "what was done"),
        Field::new("amount", Kind::Yuan, "金额（元）", "yuan").optional(),
        Field::new("what", Kind::Text, "说明", "in words"),
        Field::new("evidence", Kind::Papers("凭证"), "凭证", "papers").optional(),
    ]))
}

const VERDICTS: &[(&str, &str, &str)] = &[
    ("confirmed", "属实", "confirmed"),
    ("dismissed", "不属实（排除）", "dismissed"),
    ("needs_field", "需实地核查", "needs a field visit"),
];
const HELP: &[(&str, &str, &str)] = &[
    ("back_paid", "补发", "paid back"),
    ("granted", "已批准待遇", "granted"),
    ("certificate_renewed", "已换证", "certificate renewed"),
    ("application_taken", "已受理申请", "application taken"),
    ("declined", "本人放弃", "declined by the person"),
];
