//! `history`: every event about somebody or something, in order, with who signed it.

use clap::Args;

use super::{
    error::CliError,
    moment::When,
    reading::Reading,
    remote::{AskArgs, Named, Query, Remote},
    session::Session,
    show::Purpose,
};
use crate::answer::{EventLine, Found};
use crate::value::Subject;

/// Show every event about a person, a certificate, a subject or an index (全程留痕)
#[derive(Args)]
pub(super) struct History {
    /// A citizen ID, a certificate number, a subject or an index
    #[arg(value_name = "WHO")]
    who: String,
    #[command(flatten)]
    when: When,
    /// Show personal data; with --server it takes a purpose, and the look is put on the ledger
    #[arg(long)]
    reveal: bool,
    #[command(flatten)]
    purpose: Purpose,
    #[command(flatten)]
    ask: AskArgs,
}

impl History {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        if let Some(remote) = self.ask.open(session)? {
            let lines = self.remote(&remote)?;
            print(session, &lines);
            return Ok(());
        }
        let reading = Reading::open(session, self.reveal)?;
        let indexes = match reading.find(&self.who)? {
            Found::Entry(index) => vec![index],
            Found::Who(who) => reading.index.history(&who)?,
        };
        let moment = self.when.moment(&reading)?;
        let mut lines = Vec::with_capacity(indexes.len());
        for index in indexes.into_iter().filter(|index| moment.knows(*index)) {
            let event = reading.ledger.event(index)?;
            if self.when.on.is_none_or(|on| event.payload.at <= on) {
                lines.push(EventLine::of(&reading.ledger, event, self.reveal)?);
            }
        }
        print(session, &lines);
        Ok(())
    }
}

impl History {
    fn remote(&self, remote: &Remote) -> Result<Vec<EventLine>, CliError> {
        match remote.find(&self.who)? {
            Named::Person(person) if self.reveal => {
                self.when.now_only("looks at personal data")?;
                let revealed = self.purpose.reveal(remote, person, None, true)?;
                let mut lines = revealed.history.unwrap_or_default();
                lines.retain(|line| self.when.on.is_none_or(|on| line.at <= on));
                Ok(lines)
            }
            _ if self.reveal => {
                Err(CliError::usage("a server reveals one person at a time")
                    .hinted("name the person"))
            }
            named => asked(remote, &named, &self.when),
        }
    }
}

/// Events as a server answers them.
pub(super) fn asked(
    remote: &Remote,
    named: &Named,
    when: &When,
) -> Result<Vec<EventLine>, CliError> {
    let subject = match named {
        Named::Entry(index) => return Ok(vec![remote.one(&format!("/v1/entries/{index}"))?]),
        Named::Person(person) => Subject::Person(*person),
        Named::Subject(subject) => subject.clone(),
    };
    let path = format!("/v1/subjects/{subject}/history");
    Ok(remote.all(&path, Query::of(when))?.0)
}

/// Prints events, one a line.
pub(super) fn print(session: &mut Session, lines: &[EventLine]) {
    let heading = ["index", "at", "event", "signed by", "role", "organisation", "recorded"];
    session.out.list(&heading, lines, |line| {
        let two = if line.needs_endorsement { " (+1)" } else { "" };
        vec![
            line.index.to_string(),
            line.at.to_string(),
            format!("{}{two}", line.name),
            line.actor.to_string(),
            format!("{} {}", line.role.zh(), line.role),
            line.organisation.to_string(),
            line.recorded.clone(),
        ]
    });
}
