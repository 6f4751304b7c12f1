//! `flags raise`: standing flags go on the log, each once.

use clap::Args;
use serde_json::json;

use crate::answer::{Raised, raise};
use crate::cli::{
    acting::SystemArgs,
    error::CliError,
    output::talk,
    reading::Reading,
    remote::One,
    send::send_quietly,
    session::{Session, Vault},
};
use crate::value::Day;

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
    #[command(flatten)]
    system: SystemArgs,
}

/// Puts what stands today on the log of a demo, and answers how many flags that is.
pub(in crate::cli) fn raise_all(session: &mut Session) -> Result<usize, CliError> {
    Ok(Raise { on: None, rule: None, system: SystemArgs::OWN }.raise(session)?.lines.len())
}

impl Raise {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let raised = match self.system.remote(session)? {
            Some(remote) => {
                let body = json!({ "on": self.on, "rule": self.rule });
                remote.ask::<One<Raised>>("/v1/flags/raise", &body)?.data
            }
            None => self.raise(session)?,
        };
        let Raised { on, lines, found, unchanged, gone } = raised;
        let raised = lines.len() - gone;
        talk(format_args!(
            "judged on {on}: {found} flags stand; {raised} raised, {unchanged} on the log before, \
             {gone} on the log are no longer found"
        ));
        session.out.list(&["act", "rule", "flag", "subject", "index"], &lines, |line| {
            vec![
                line.act.to_string(),
                line.rule.clone(),
                line.flag_id.to_string(),
                line.subject.to_string(),
                line.index.map(|index| index.to_string()).unwrap_or_default(),
            ]
        });
        Ok(())
    }

    fn raise(&self, session: &mut Session) -> Result<Raised, CliError> {
        let ledger = session.open_to_write(Vault::No)?;
        let hand = session.hand(&ledger, &self.system.key(session))?;
        let reading = Reading::of(ledger)?;
        let rule = self.rule.as_deref();
        let (mut raised, statements) = raise(&reading.records(), &hand.pen, self.on, rule)?;
        let indexes = send_quietly(&reading.ledger, statements)?;
        for (line, index) in raised.lines.iter_mut().zip(indexes) {
            line.index = Some(index);
        }
        // Lets go of the ledger, so that it can be opened again.
        let Reading { ledger, index } = reading;
        index.flush()?;
        drop(index);
        ledger.close();
        Ok(raised)
    }
}
