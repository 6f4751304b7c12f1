//! `flags raise`: standing flags go on the log, each once.

use std::path::PathBuf;

use clap::Args;
use hashbrown::HashSet;
use serde::Serialize;

use crate::cli::{
    error::CliError,
    moment::When,
    output::talk,
    reading::Reading,
    send::{Batch, send_quietly},
    session::{KeyArg, SYSTEM_KEY, Session, Vault, today},
};
use crate::event::AnomalyRaised;
use crate::ledger::Ledger;
use crate::rules::{Flag, FlagSubject};
use crate::value::{Day, Hash, Subject};

/// Put standing flags on the log, so that people can work on them (提出疑点)
///
/// A flag that is on the log is raised again only when what it was raised on has changed: other
/// entries, another amount, another kind. Running this twice adds nothing.
#[derive(Args)]
pub(in crate::cli) struct Raise {
    /// Judge this day; the default is today in Asia/Shanghai
    #[arg(long, value_name = "DATE")]
    on: Option<Day>,
    /// Only this rule, such as R01
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// The system's key file [default: keys/system.key in the ledger's folder]
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

/// What became of one flag.
#[derive(Serialize)]
struct Line {
    flag_id: Hash,
    rule: String,
    subject: Subject,
    /// `raised`, `raised_again`, or `gone`: on the log, awaiting a verdict, and no longer found.
    act: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u64>,
}

/// What raising came to.
struct Raised {
    on: Day,
    lines: Vec<Line>,
    found: usize,
    unchanged: usize,
    gone: usize,
}

/// Puts what stands today on the log of a demo, and answers how many flags that is.
pub(in crate::cli) fn raise_all(session: &mut Session) -> Result<usize, CliError> {
    Ok(Raise { on: None, rule: None, key: None }.raise(session)?.lines.len())
}

impl Raise {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let Raised { on, lines, found, unchanged, gone } = self.raise(session)?;
        let raised = lines.len() - gone;
        talk(format_args!(
            "judged on {on}: {found} flags stand; {raised} raised, {unchanged} on the log before, \
             {gone} on the log are no longer found"
        ));
        session.out.list(&["act", "rule", "flag", "subject", "index"], &lines, |line| {
            vec![
                line.act.to_owned(),
                line.rule.clone(),
                line.flag_id.to_string(),
                line.subject.to_string(),
                line.index.map(|index| index.to_string()).unwrap_or_default(),
            ]
        });
        Ok(())
    }

    fn raise(&self, session: &mut Session) -> Result<Raised, CliError> {
        let file = self.key.clone().unwrap_or_else(|| session.folder().join(SYSTEM_KEY));
        let ledger = session.open_to_write(Vault::No)?;
        let hand = session.hand(&ledger, &KeyArg { file })?;
        let reading = Reading::of(ledger)?;
        let moment = When::on(self.on).moment(&reading)?;
        if moment.on > today(&reading.ledger) {
            return Err(CliError::usage("flags are raised as judged today or earlier")
                .hinted("`mingzheng flags --on DATE` shows what a later day would find"));
        }
        let rule = self.rule.as_ref().map(|rule| rule.to_ascii_uppercase());
        let wanted = |id: &str| rule.as_ref().is_none_or(|rule| rule == id);
        let mut lines = Vec::new();
        let mut batch = Batch::new(&reading.ledger, &hand);
        let mut standing = HashSet::new();
        let (mut found, mut unchanged) = (0_usize, 0_usize);
        for flag in
            moment.flags(&reading.records())?.into_iter().filter(|flag| wanted(flag.rule.id))
        {
            found += 1;
            standing.insert(flag.id);
            let data = raised(&reading.ledger, &flag, moment.on)?;
            let known = reading
                .ledger
                .with_state(|state| state.oversight.flag(&flag.id).map(|flag| flag.basis))?;
            if known == Some(data.basis()) {
                unchanged += 1;
                continue;
            }
            let subject = subject(flag.subject);
            let act = if known.is_some() { "raised_again" } else { "raised" };
            let rule = flag.rule.id.to_owned();
            lines.push(Line { flag_id: flag.id, rule, subject: subject.clone(), act, index: None });
            let refs = data.inputs.clone();
            batch.add(&subject, data, refs)?;
        }
        let indexes = send_quietly(&reading.ledger, batch.into_statements())?;
        for (line, index) in lines.iter_mut().zip(indexes) {
            line.index = Some(index);
        }
        let raised = lines.len();
        lines.extend(reading.ledger.with_state(|state| {
            let gone = state.oversight.flags().filter(|(id, flag)| {
                wanted(flag.rule.as_str())
                    && !standing.contains(*id)
                    && state.oversight.standing(flag).awaits_verdict()
            });
            let line = |(id, flag): (&Hash, &crate::domain::oversight::Flag)| Line {
                flag_id: *id,
                rule: flag.rule.to_string(),
                subject: flag.subject.clone(),
                act: "gone",
                index: None,
            };
            gone.map(line).collect::<Vec<_>>()
        })?);
        let gone = lines.len() - raised;
        // Lets go of the ledger, so that it can be opened again.
        let on = moment.on;
        let Reading { ledger, index } = reading;
        index.flush()?;
        drop(index);
        ledger.close();
        Ok(Raised { on, lines, found, unchanged, gone })
    }
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
fn raised(ledger: &Ledger, flag: &Flag, judged_on: Day) -> Result<AnomalyRaised, CliError> {
    let mut inputs = Vec::with_capacity(flag.evidence.len());
    for index in &flag.evidence {
        inputs.push(ledger.event(*index)?.id);
    }
    let id = |of: &dyn std::fmt::Display| {
        of.to_string().parse().map_err(|_| CliError::refused("an actor's id is no id"))
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
    let rule = flag.rule.id.parse().map_err(|_| CliError::refused("a rule's id is no label"))?;
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
    })
}
