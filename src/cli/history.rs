//! `history`: every event about somebody or something, in order, with who signed it.

use clap::Args;

use super::{error::CliError, moment::When, reading::Reading, session::Session};
use crate::answer::{EventLine, Found};

/// Show every event about a person, a certificate, a subject or an index (全程留痕)
#[derive(Args)]
pub(super) struct History {
    /// A citizen ID, a certificate number, a subject or an index
    #[arg(value_name = "WHO")]
    who: String,
    #[command(flatten)]
    when: When,
    /// Show personal data
    #[arg(long)]
    reveal: bool,
}

impl History {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
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
