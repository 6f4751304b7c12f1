//! Who may sign, and where people are assessed: an actor gets another key or is suspended, an
//! institution is designated or suspended. And data that is handed to an outside office.
//!
//! An actor is enrolled by the command, which turns the officer's own ID number and those of their
//! relatives into tags where they are typed; no form asks for them.

use serde_json::json;

use super::form::{CATEGORIES, Choice, actor, choices};
use super::probe::Step;
use super::{Field, Kind, View};
use crate::crypto::SecretKey;
use crate::value::{ActorId, Subject};

/// Every such step.
pub(super) fn steps(view: &View<'_>) -> Vec<Step> {
    let mut steps = vec![designate(view), disclose()];
    let today = view.today;
    let standing = view.state.institutions.iter().filter(|(_, found)| found.stands(today));
    let institutions: Vec<_> = standing.map(|(code, _)| code.clone()).collect();
    let institutions: Vec<_> =
        institutions.into_iter().map(|code| (actor(view.state, &code), code)).collect();
    steps.extend(suspend("institution.suspended", Subject::Institution, &institutions));
    let signing = view.state.actors.iter().filter(|(_, actor)| actor.suspended_on.is_none());
    let others = signing.filter(|(id, _)| **id != view.signer.actor);
    let others: Vec<_> = others.map(|(id, _)| (actor(view.state, id), id.clone())).collect();
    steps.extend(suspend("actor.suspended", Subject::Actor, &others));
    steps.extend(rotate(&others));
    steps
}

fn rotate(actors: &[(Choice, ActorId)]) -> Option<Step> {
    let first = actors.first()?.1.clone();
    let step = Step::new("actor.key_rotated", Subject::Actor(first), json!({})).of_new_subject();
    // The domain is asked with a key that nobody has.
    let step = step.sample("public_key", json!(SecretKey::from_seed([0; 32]).public()));
    Some(step.fields(vec![
        which(actors, "哪位经办人员", "which actor"),
        Field::new(
            "public_key",
            Kind::Text,
            "新公钥（由本人在登录页生成）",
            "the new public key, which its owner makes on the sign-in page",
        ),
        Field::new("reason", Kind::Text, "更换理由", "why"),
    ]))
}

fn suspend(
    name: &'static str,
    subject: fn(ActorId) -> Subject,
    which_of: &[(Choice, ActorId)],
) -> Option<Step> {
    let first = which_of.first()?.1.clone();
    let step = Step::new(name, subject(first), json!({})).of_new_subject();
    Some(step.fields(vec![
        which(which_of, "停用哪一个", "which one"),
        Field::new("reason", Kind::Text, "停用理由", "why"),
    ]))
}

fn designate(view: &View<'_>) -> Step {
    // Any id that is nobody's yet.
    let new = Subject::Institution(view.signer.actor.clone());
    Step::new("institution.designated", new, json!({})).of_new_subject().fields(vec![
        Field::new(
            "subject",
            Kind::NewSubject,
            "编号（如 411702-hospital-2）",
            "id, as 411702-hospital-2",
        ),
        Field::new("name", Kind::Text, "机构名称", "its name"),
        Field::new("division", Kind::Division, "区划", "division").at_first(view.signer.division),
        Field::new(
            "categories",
            Kind::Some(choices(CATEGORIES), 1),
            "可评定的类别",
            "categories it may assess",
        ),
        Field::new("valid_from", Kind::Day, "自", "first day").at_first(view.today),
        Field::new("valid_to", Kind::Day, "至", "last day").optional(),
        Field::new("document", Kind::Text, "指定文件文号", "designating document"),
    ])
}

/// Handing data to an outside office, for a purpose.
fn disclose() -> Step {
    Step::new("disclosure.granted", Subject::Ledger, json!({})).fields(vec![
        Field::new("to", Kind::Text, "向谁提供", "to whom"),
        Field::new("purpose", Kind::Text, "用途", "for what"),
        Field::new(
            "scope",
            Kind::Text,
            "范围（不写姓名和号码）",
            "which data, without names or numbers",
        ),
    ])
}

fn which(of: &[(Choice, ActorId)], zh: &'static str, en: &'static str) -> Field {
    let choices = of.iter().map(|(choice, _)| choice.clone()).collect();
    Field::new("subject", Kind::OneSubject(choices), zh, en)
}
