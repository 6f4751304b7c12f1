//! `flags`: what a person should look at, and where each flag stands.

mod raise;

pub(super) use raise::raise_all;

use clap::{Args, Subcommand};

use super::{
    error::CliError,
    moment::When,
    reading::Reading,
    remote::{AskArgs, Named, Query, Remote},
    session::Session,
};
use crate::answer::{
    FlagLine, Found, Revealer,
    narrow::{self, FlagState, stands},
    rule_named,
};
use crate::event::{FlagKind, Severity};
use crate::projection::Who;
use crate::rules::{self, FlagSubject};
use crate::value::{DivisionCode, Month, Programme, Subject};

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
    /// Only in this state: not_raised, open, assigned, needs_field, confirmed, dismissed or closed
    #[arg(long, value_name = "STATE")]
    state: Option<FlagState>,
    #[command(flatten)]
    about: About,
    /// Show ID numbers and file names
    #[arg(long, conflicts_with = "server")]
    reveal: bool,
    #[command(flatten)]
    ask: AskArgs,
}

/// What a flag is about.
#[derive(Args)]
pub(super) struct About {
    /// Only about this programme
    #[arg(long, value_name = "NAME")]
    programme: Option<Programme>,
    /// Only about this benefit month
    #[arg(long, value_name = "YYYY-MM")]
    month: Option<Month>,
    /// Only about people of this division and those below it
    #[arg(long, value_name = "CODE")]
    division: Option<DivisionCode>,
}

impl About {
    /// Whether nothing is asked.
    pub(super) const fn is_empty(&self) -> bool {
        self.programme.is_none() && self.month.is_none() && self.division.is_none()
    }

    pub(super) const fn wanted(&self) -> narrow::Flags {
        let Self { programme, month, division } = *self;
        narrow::Flags { programme, month, division }
    }

    pub(super) fn ask(&self, query: &mut Query) {
        query.add("programme", self.programme);
        query.add("month", self.month);
        query.add("division", self.division);
    }
}

#[derive(Subcommand)]
enum Act {
    Raise(raise::Raise),
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
        if let Some(remote) = self.ask.open(session)? {
            return self.remote(session, &remote);
        }
        let reading = Reading::open(session, self.reveal)?;
        let moment = self.when.moment(&reading)?;
        let wanted = self.wanted(&reading)?;
        let rule = self.rule.as_deref().map(rule_named).transpose()?;
        let old = rule.filter(|rule| rules::superseded().contains(rule));
        let records = reading.records();
        let mut revealer = Revealer::new(records);
        let mut lines = Vec::new();
        let flags = match old {
            Some(rule) => moment.flags_by(&records, rule)?,
            None => moment.flags(&records)?,
        };
        for flag in flags {
            let fits = rule.is_none_or(|rule| rule == flag.rule)
                && self.severity.is_none_or(|severity| severity == flag.severity)
                && wanted.is_none_or(|wanted| wanted == flag.subject);
            if fits && self.about.wanted().wants(&records, &flag)? {
                let revealer = self.reveal.then_some(&mut revealer);
                let line = FlagLine::of(&records, &moment, flag, revealer)?;
                lines.extend(Some(line).filter(|line| stands(line, self.state)));
            }
        }
        print(session, &lines, &moment.text(&records));
        Ok(())
    }

    fn remote(&self, session: &mut Session, remote: &Remote) -> Result<(), CliError> {
        let mut query = Query::of(&self.when);
        query.add("rule", self.rule.as_deref());
        query.add("severity", self.severity.map(|severity| format!("{severity:?}")));
        query.add("state", self.state.map(FlagState::name));
        self.about.ask(&mut query);
        if let Some(text) = &self.subject {
            let Named::Person(person) = remote.find(text)? else {
                return Err(CliError::usage("--subject names a person here"));
            };
            query.add("subject", Some(Subject::Person(person)));
        }
        let (lines, current) = remote.all("/v1/flags", query)?;
        let on = current.on.map(|on| on.to_string()).unwrap_or_default();
        print(session, &lines, &format!("{on}, entry {}", current.index));
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

fn print(session: &mut Session, lines: &[FlagLine], judged: &str) {
    super::output::talk(format_args!("{} flags, judged on {judged}", lines.len()));
    let heading = ["rule", "sev", "kind", "state", "who", "programme", "month", "fen", "why"];
    session.out.list(&heading, lines, |line| {
        vec![
            line.rule.to_string(),
            format!("{:?}", line.severity),
            if line.kind == FlagKind::Conclusive { "conclusive" } else { "lead" }.to_owned(),
            line.case.state_zh.to_string(),
            if line.id_number.is_empty() { line.subject.clone() } else { line.id_number.clone() },
            line.programme.clone(),
            line.month.map(|month| month.to_string()).unwrap_or_default(),
            line.money_at_risk.0.to_string(),
            format!("{} {}", line.title_zh, line.why_zh),
        ]
    });
}
