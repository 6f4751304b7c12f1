//! The forms of a benefit case, by the chain of its programme's policy (R14-R19).

use serde_json::{Value, json};

use super::form::one_of;
use super::probe::Step;
use super::{Field, Kind, Offer, Place, Stands, View, Waiting, apply, granted};
use crate::domain::benefit::{Case, Status, terms};
use crate::event::Opinion;
use crate::policy::ProgrammePolicy;
use crate::value::{CaseId, ChainStep, Fen, FirstMonth, Month, Subject};

/// Every step that the viewer may take in a benefit case now.
pub(super) fn offers(view: &View<'_>, id: CaseId) -> Vec<Offer> {
    let Some(case) = view.state.benefits.case(&id) else { return Vec::new() };
    let steps = chain(view, id, case).into_iter().chain(granted::steps(view, id, case));
    steps.filter_map(|step| step.offer(view)).collect()
}

/// The steps of the policy's chain, and the account.
fn chain(view: &View<'_>, id: CaseId, case: &Case) -> Vec<Step> {
    let policy = view.state.policies.programme(case.programme, case.division, case.month);
    let mut steps = vec![bind(view, id, case)];
    if let Some((_, policy)) = policy {
        steps.extend(reviews(view, id, case, policy));
        steps.extend(determine(view, id, case));
    }
    steps
}

/// The steps that a benefit case waits for, before the domain was asked.
pub(super) fn waited_for(view: &View<'_>, id: CaseId) -> Vec<Step> {
    view.state.benefits.case(&id).map(|case| chain(view, id, case)).unwrap_or_default()
}

/// Where a case stands. Nobody is paid before an account stands on the ledger, and a programme that
/// pays no money needs none.
pub(super) fn stands(view: &View<'_>, case: &Case) -> Stands {
    match (case.status, case.stopped) {
        (Status::Applied, _) => Stands::Open,
        (Status::Refused, _) => Stands::Refused,
        (Status::Granted, Some(month)) => Stands::Stopped(month),
        (Status::Granted, None) if !pays(view, case) => Stands::Granted,
        (Status::Granted, None) if case.account.is_none() => Stands::Unbound,
        (Status::Granted, None) => Stands::Paid,
    }
}

/// Whether the programme of a case pays money.
fn pays(view: &View<'_>, case: &Case) -> bool {
    let policy = view.state.policies.programme(case.programme, case.division, case.month);
    policy.is_none_or(|(_, policy)| policy.money)
}

/// The benefit cases that wait for the viewer.
pub(super) fn waiting<'a>(view: &'a View<'a>) -> impl Iterator<Item = Waiting> {
    let covers = |case: &Case| view.signer.division.covers(case.division);
    let open = |case: &Case| {
        case.status == Status::Applied || (case.account.is_none() && case.is_running())
    };
    let cases = view.state.benefits.cases().filter(move |(_, case)| covers(case) && open(case));
    cases.filter_map(move |(id, case)| {
        let offers = chain(view, *id, case).into_iter().filter_map(|step| step.offer(view));
        let due = offers.filter(|offer| offer.due && offer.blocked.is_none());
        let mut steps: Vec<_> = due.map(|offer| offer.name).collect();
        steps.dedup();
        (!steps.is_empty()).then_some(Waiting {
            subject: Subject::Case(*id),
            place: Place::Case(*id),
            person: Some(case.person),
            steps,
            since: Some(case.applied_on),
            second_round: false,
        })
    })
}

/// A step of a benefit case.
pub(super) fn step(name: &'static str, id: CaseId, case: &Case, mut data: Value) -> Step {
    data["person"] = json!(case.person);
    Step::new(name, Subject::Case(id), data)
}

/// The reviews of the chain that nobody has signed: agreeing and disagreeing are two forms, because
/// not both are always legal.
fn reviews(view: &View<'_>, id: CaseId, case: &Case, policy: &ProgrammePolicy) -> Vec<Step> {
    let open = policy.chain.iter().filter(|found| !case.reviews.has(found.step));
    let open = open.filter(|_| case.status == Status::Applied);
    open.flat_map(|found| {
        [Opinion::Agree, Opinion::Disagree]
            .into_iter()
            .filter_map(|opinion| review(view, (id, case), policy, (found.step, opinion)))
    })
    .collect()
}

fn review(
    view: &View<'_>,
    (id, case): (CaseId, &Case),
    policy: &ProgrammePolicy,
    (of, opinion): (ChainStep, Opinion),
) -> Option<Step> {
    let agrees = opinion == Opinion::Agree;
    let name = match of {
        ChainStep::FirstReview => "benefit.first_reviewed",
        ChainStep::SecondReview => "benefit.second_reviewed",
        ChainStep::VillageCheck | ChainStep::Assessment => "benefit.checked",
        ChainStep::Determination | ChainStep::Delivery | ChainStep::FollowUp => return None,
    };
    let mut data = json!({ "opinion": opinion });
    let mut fields = Vec::new();
    match of {
        ChainStep::FirstReview => {
            let visit = Kind::Paper("入户走访表");
            fields.push(
                Field::new("home_visit", visit, "入户走访表", "record of the home visit")
                    .optional(),
            );
            if agrees {
                let ends = view.today.plus_days(-1).max(case.applied_on);
                fields.extend([
                    Field::new("notice_from", Kind::Day, "公示起", "notice from")
                        .sampled(case.applied_on.plus_days(1)),
                    Field::new("notice_to", Kind::Day, "公示止", "notice to").sampled(ends),
                ]);
            }
        }
        ChainStep::SecondReview => fields.extend([
            Field::new("certificate_ok", Kind::Flag, "残疾人证有效", "the certificate is valid"),
            Field::new("level_ok", Kind::Flag, "等级符合", "the level fits"),
        ]),
        other => {
            data["step"] = json!(other);
            let missing = apply::missing(policy, case);
            let kind = if missing.is_empty() {
                Kind::Papers("核查材料")
            } else {
                Kind::PapersOf(missing)
            };
            fields.push(Field::new("evidence", kind, "材料", "papers").optional());
        }
    }
    let reason = Field::new("reason", Kind::Text, "理由", "reason");
    fields.push(if agrees { reason.optional() } else { reason });
    Some(step(name, id, case, data).fields(fields))
}

/// Granting from the first month that the policy pays, and refusing: each under the policy in force
/// for its month.
fn determine(view: &View<'_>, id: CaseId, case: &Case) -> Vec<Step> {
    if case.status != Status::Applied {
        return Vec::new();
    }
    let (today, policies) = (view.today.month(), &view.state.policies);
    let found = |month: Month| policies.programme(case.programme, case.division, month);
    let Some((_, applied_under)) = found(case.month) else { return Vec::new() };
    let from = match applied_under.first_month {
        Some(FirstMonth::DeterminationMonth) => today,
        Some(FirstMonth::ApplicationMonth) | None => case.month,
    };
    let (Some((published, policy)), Some((now, _))) = (found(from), found(today)) else {
        return Vec::new();
    };
    let hash = published.hash;
    let checked = |kind: &crate::value::FactKind| json!({ "kind": kind, "as_of": view.today });
    let exclusions: Vec<_> = policy.exclude.iter().map(checked).collect();
    let mut data = json!({ "outcome": "granted", "from_month": from, "exclusions": exclusions });
    let mut fields = Vec::new();
    let mut example = None;
    if policy.money {
        let plain = policy.formula.is_none() && policy.catalogue.is_empty();
        let rate = view.state.policies.rate(case.programme, case.division, from).ok();
        match rate.filter(|_| plain) {
            Some(rate) => data["amount"] = json!(rate.amount),
            None => fields.push(Field::new("amount", Kind::Yuan, "金额（元）", "yuan")),
        }
        if policy.formula.is_some() {
            fields.push(income());
            example = by_income(view, case, from);
        }
    }
    let mut grant = step("benefit.determined", id, case, data).under(Some(hash)).fields(fields);
    if let Some((income, amount)) = example {
        grant = grant.sample("income", json!(income)).sample("amount", json!(amount));
    }
    let data = json!({ "outcome": "refused", "exclusions": [] });
    let refuse = step("benefit.determined", id, case, data).under(Some(now.hash)).fields(vec![
        Field::new("reason", Kind::Text, "不予批准的理由", "why it is refused"),
        Field::new(
            "told",
            Kind::Told,
            "书面告知及送达凭证",
            "written notice and proof of delivery",
        ),
    ]);
    vec![grant, refuse]
}

/// The income of one person of the household, from which the amount is worked out.
pub(super) fn income() -> Field {
    Field::new("income", Kind::Yuan, "人均月收入（元）", "income a head and month, yuan")
}

/// An income that leaves something over, and the amount that follows from it: what the domain is
/// asked with, for nobody has said yet which it is.
pub(super) fn by_income(view: &View<'_>, case: &Case, month: Month) -> Option<(Fen, Fen)> {
    let standard = view.state.policies.rate(case.programme, case.division, month).ok()?.amount;
    let income = Fen(standard.0 - 1);
    Some((income, terms::by_income(view.state, case, month, income)?))
}

/// The account that is paid into; the clerk endorses it.
fn bind(view: &View<'_>, id: CaseId, case: &Case) -> Step {
    let mut bound = step("account.bound", id, case, json!({})).fields(vec![
        Field::new("holder", one_of(HOLDERS), "账户持有人", "whose account it is"),
        Field::new("account", Kind::Personal, "账号", "account number"),
        Field::new("holder_name", Kind::Personal, "户名", "name of the holder").hinted(
            "照账户上的户名填写全名：本人账户的，即此人姓名；监护人账户的，即监护人姓名。",
            "The full name on the account: of the person's own account the person's, of a guardian's the guardian's.",
        ),
        Field::new("proof", Kind::Paper("账户证明"), "账户证明", "proof of the account"),
    ]);
    // An account of one's own is in one's own name, where the ledger knows the name.
    if let Some(name) = view.state.people.find(&case.person).and_then(|person| person.name) {
        bound = bound.sample("holder_name", json!(name));
    }
    let waits = case.account.is_none() && case.is_running() && pays(view, case);
    if waits { bound } else { bound.not_due() }
}

const HOLDERS: &[(&str, &str, &str)] = &[
    ("person", "本人", "the person"),
    ("guardian", "监护人", "the guardian"),
    ("household_head", "户主", "head of the household"),
    ("institution", "机构", "institution"),
];
