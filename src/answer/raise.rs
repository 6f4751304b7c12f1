//! Standing flags that are to go on the log, each once.

use std::borrow::Cow;

use hashbrown::HashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AskError, Moment, Records, rule::rule_in_force, today};
use crate::domain::oversight::Flag as Known;
use crate::event::{AnomalyRaised, Payload};
use crate::ledger::{Ledger, Pen};
use crate::rules::{Flag, FlagSubject};
use crate::value::{Day, Hash, Subject};

/// What became of one flag.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct RaisedLine {
    pub(crate) flag_id: Hash,
    pub(crate) rule: String,
    pub(crate) subject: Subject,
    /// `raised`, `raised_again` (on something else now, or by another version of the rule, of what
    /// stands confirmed), or `gone`: on the log, awaiting a verdict, and no longer found.
    pub(crate) act: Cow<'static, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) index: Option<u64>,
}

/// What raising comes to.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Raised {
    pub(crate) on: Day,
    pub(crate) found: usize,
    pub(crate) unchanged: usize,
    pub(crate) gone: usize,
    /// Those that are raised first, in order; then those that are gone.
    pub(crate) lines: Vec<RaisedLine>,
}

/// Signs what stands on a day and is not on the log yet, or stands on something else now. The
/// statements belong to the first lines, in order; nothing is submitted.
///
/// A flag is a fact, which rests on no earlier statement: what is recorded meanwhile does not
/// hinder it.
pub(crate) fn raise(
    records: &Records<'_>,
    pen: &Pen,
    on: Option<Day>,
    rule: Option<&str>,
) -> Result<(Raised, Vec<Vec<u8>>), AskError> {
    let ledger = records.ledger;
    let moment = Moment::find(records, on, None)?;
    let today = today(ledger);
    if moment.on > today {
        return Err(AskError::usage("flags are raised as judged today or earlier")
            .hinted("`mingzheng flags --on DATE` shows what a later day would find"));
    }
    let rule = rule.map(rule_in_force).transpose()?;
    let wanted = |id: &str| rule.is_none_or(|rule| rule.id == id);
    let (mut lines, mut statements) = (Vec::new(), Vec::new());
    let mut standing = HashSet::new();
    let (mut found, mut unchanged) = (0_usize, 0_usize);
    for flag in moment.flags(records)?.into_iter().filter(|flag| wanted(flag.rule.id)) {
        found += 1;
        standing.insert(flag.id);
        let data = raised(ledger, &flag, moment.on)?;
        let (known, confirmed) = ledger.with_state(|state| {
            let known = state.oversight.flag(&flag.id).map(|flag| flag.basis);
            (known, state.oversight.confirmed_about(&data.about()).is_some())
        })?;
        if known == Some(data.basis()) {
            unchanged += 1;
            continue;
        }
        let subject = subject(flag.subject);
        let act = if known.is_some() || confirmed { "raised_again" } else { "raised" }.into();
        let rule = flag.rule.id.to_owned();
        let mut payload = Payload::new(today, data.clone());
        payload.refs = data.inputs;
        let signed = pen.write(&subject, &payload);
        let signed = signed.map_err(|error| AskError::refused(error.to_string()))?;
        statements.push(signed.bytes);
        lines.push(RaisedLine { flag_id: flag.id, rule, subject, act, index: None });
    }
    let raised = lines.len();
    lines.extend(ledger.with_state(|state| {
        let gone = state.oversight.flags().filter(|(id, flag)| {
            wanted(flag.rule.as_str())
                && !standing.contains(*id)
                && state.oversight.standing(flag).awaits_verdict()
        });
        let line = |(id, flag): (&Hash, &Known)| RaisedLine {
            flag_id: *id,
            rule: flag.rule.to_string(),
            subject: flag.subject.clone(),
            act: "gone".into(),
            index: None,
        };
        gone.map(line).collect::<Vec<_>>()
    })?);
    let gone = lines.len() - raised;
    Ok((Raised { on: moment.on, found, unchanged, gone, lines }, statements))
}

const fn subject(of: FlagSubject) -> Subject {
    match of {
        FlagSubject::Person(person) => Subject::Person(person),
        FlagSubject::Officer(_)
        | FlagSubject::Actor(_)
        | FlagSubject::Institution(_)
        | FlagSubject::Village(_) => Subject::Ledger,
    }
}

/// The event that puts a flag on the log.
fn raised(ledger: &Ledger, flag: &Flag, judged_on: Day) -> Result<AnomalyRaised, AskError> {
    let mut inputs = Vec::with_capacity(flag.evidence.len());
    for index in &flag.evidence {
        inputs.push(ledger.event(*index)?.id);
    }
    let id = |of: &dyn std::fmt::Display| {
        of.to_string().parse().map_err(|_| AskError::refused("an actor's id is no id"))
    };
    let (mut person, mut officer, mut village) = (None, None, None);
    let (mut actor, mut institution) = (None, None);
    match &flag.subject {
        FlagSubject::Person(of) => person = Some(*of),
        FlagSubject::Officer(tag) => officer = Some(*tag),
        FlagSubject::Actor(of) => actor = Some(id(of)?),
        FlagSubject::Institution(of) => institution = Some(id(of)?),
        FlagSubject::Village(tag) => village = Some(*tag),
    }
    let rule = flag.rule.id.parse().map_err(|_| AskError::refused("a rule's id is no label"))?;
    Ok(AnomalyRaised {
        flag: flag.id,
        rule,
        version: flag.rule.version,
        severity: flag.severity,
        kind: flag.kind,
        remedy: flag.remedy(),
        money_at_risk: flag.money_at_risk,
        person,
        officer,
        actor,
        institution,
        village,
        programme: flag.programme,
        month: flag.month,
        judged_on,
        inputs,
        all_inputs: flag.all_evidence,
    })
}
