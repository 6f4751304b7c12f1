//! `flags`: what a person should look at, and where each flag stands.

mod raise;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{
    case::Case,
    error::CliError,
    moment::{Moment, When},
    reading::{Found, Reading, Revealer},
    session::Session,
};
use crate::event::{FlagKind, Severity};
use crate::projection::Who;
use crate::rules::{self, Flag, FlagSubject};
use crate::value::{Fen, Hash, Month};

/// List what is abnormal or duplicate, judged on a day (疑点清单)
///
/// A flag advises and never stops anything: a person gives the verdict. Names and numbers are
/// shown with `--reveal` only, which needs the vault key.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Flags {
    #[command(subcommand)]
    act: Option<Act>,
    #[command(flatten)]
    when: When,
    /// Only this rule, such as R01; R32@1 judges by an earlier version of it
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// Only this severity
    #[arg(long, value_name = "S1|S2|S3|S4", value_parser = severity)]
    severity: Option<Severity>,
    /// Only about this person: a citizen ID, a certificate number or a subject
    #[arg(long, value_name = "WHO")]
    subject: Option<String>,
    /// Show ID numbers and file names
    #[arg(long)]
    reveal: bool,
}

#[derive(Subcommand)]
enum Act {
    Raise(raise::Raise),
}

/// One flag as it is printed.
#[derive(Serialize)]
pub(super) struct Line {
    flag_id: Hash,
    pub(super) rule: &'static str,
    version: u16,
    severity: Severity,
    kind: FlagKind,
    subject: String,
    id_number: String,
    programme: String,
    month: Option<Month>,
    roll: Option<String>,
    row: Option<u32>,
    evidence: Vec<u64>,
    money_at_risk: Fen,
    title_zh: &'static str,
    title_en: &'static str,
    why: String,
    why_zh: String,
    #[serde(flatten)]
    case: Case,
}

pub(super) fn severity(text: &str) -> Result<Severity, String> {
    match text {
        "S1" => Ok(Severity::S1),
        "S2" => Ok(Severity::S2),
        "S3" => Ok(Severity::S3),
        "S4" => Ok(Severity::S4),
        _ => Err("one of S1, S2, S3, S4".to_owned()),
    }
}

impl Flags {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        if let Some(Act::Raise(raise)) = &self.act {
            return raise.run(session);
        }
        let reading = Reading::open(session, self.reveal)?;
        let moment = self.when.moment(&reading)?;
        let wanted = self.wanted(&reading)?;
        let rule = self.rule.as_deref().map(super::rules::find).transpose()?;
        let old = rule.filter(|rule| rules::superseded().contains(rule));
        let mut revealer = Revealer::new(&reading);
        let mut lines = Vec::new();
        let flags = match old {
            Some(rule) => moment.flags_by(&reading, rule)?,
            None => moment.flags(&reading)?,
        };
        for flag in flags {
            let fits = rule.is_none_or(|rule| rule == flag.rule)
                && self.severity.is_none_or(|severity| severity == flag.severity)
                && wanted.is_none_or(|wanted| wanted == flag.subject);
            if fits {
                lines.push(line(&reading, &moment, flag, self.reveal.then_some(&mut revealer))?);
            }
        }
        let judged = moment.text(&reading);
        super::output::talk(format_args!("{} flags, judged on {judged}", lines.len()));
        let heading = ["rule", "sev", "kind", "state", "who", "programme", "month", "fen", "why"];
        session.out.list(&heading, &lines, |line| {
            vec![
                line.rule.to_owned(),
                format!("{:?}", line.severity),
                if line.kind == FlagKind::Conclusive { "conclusive" } else { "lead" }.to_owned(),
                line.case.state_zh.to_owned(),
                if line.id_number.is_empty() {
                    line.subject.clone()
                } else {
                    line.id_number.clone()
                },
                line.programme.clone(),
                line.month.map(|month| month.to_string()).unwrap_or_default(),
                line.money_at_risk.0.to_string(),
                format!("{} {}", line.title_zh, line.why_zh),
            ]
        });
        Ok(())
    }

    fn wanted(&self, reading: &Reading) -> Result<Option<FlagSubject>, CliError> {
        let Some(text) = &self.subject else { return Ok(None) };
        match reading.find(text)? {
            Found::Who(Who::Person(person, _)) => Ok(Some(FlagSubject::Person(person))),
            _ => Err(CliError::usage("--subject names a person here")
                .hinted("give a citizen ID, a certificate number or person:<id>")),
        }
    }
}

/// A flag as it is printed; with a revealer also whose it is.
pub(super) fn line(
    reading: &Reading,
    moment: &Moment,
    flag: Flag,
    revealer: Option<&mut Revealer<'_>>,
) -> Result<Line, CliError> {
    let mut id_number = String::new();
    let mut roll = flag.roll.map(|roll| format!("roll:{roll}"));
    if let Some(revealer) = revealer {
        if let FlagSubject::Person(person) = flag.subject
            && let Some(personal) = revealer.person(person)?
        {
            id_number = personal.id_number.clone().unwrap_or_default();
        }
        if let Some(id) = flag.roll {
            roll = revealer.roll(id)?.or(roll);
        }
    }
    Ok(Line {
        flag_id: flag.id,
        rule: flag.rule.id,
        version: flag.rule.version,
        severity: flag.severity,
        kind: flag.kind,
        subject: flag.subject.to_string(),
        id_number,
        programme: flag.programme.map(|programme| programme.to_string()).unwrap_or_default(),
        month: flag.month,
        roll,
        row: flag.row,
        evidence: flag.evidence,
        money_at_risk: flag.money_at_risk,
        title_zh: flag.rule.title_zh,
        title_en: flag.rule.title_en,
        why: flag.why.en,
        why_zh: flag.why.zh,
        case: Case::of(reading, moment, &flag.id)?,
    })
}

impl Line {
    /// The flag in one line for people.
    pub(super) fn text(&self) -> String {
        let month = self.month.map(|month| month.to_string()).unwrap_or_default();
        let Self { rule, severity, title_zh, why_zh, case, .. } = self;
        let life = case.text();
        let life = if life.is_empty() { life } else { format!(": {life}") };
        format!("{rule} {severity:?} {title_zh} {month} {why_zh} [{}{life}]", case.state_zh)
    }
}
