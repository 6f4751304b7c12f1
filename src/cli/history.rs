//! `history`: every event about somebody or something, in order, with who signed it.

use clap::Args;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    error::CliError,
    moment::When,
    reading::{Found, Reading, open},
    session::Session,
};
use crate::event::{Recorded, Role};
use crate::ledger::Personal;
use crate::value::{ActorId, Day, Hash, Label, Subject};

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

/// One event as it is printed.
#[derive(Serialize)]
pub(super) struct Line {
    pub(super) index: u64,
    recorded: String,
    at: Day,
    #[serde(rename = "type")]
    name: &'static str,
    subject: Subject,
    actor: ActorId,
    role: Role,
    organisation: Label,
    statement: Hash,
    needs_endorsement: bool,
    refs: Vec<Hash>,
    data: Box<RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    personal: Option<Personal>,
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
                lines.push(line(&reading, event, self.reveal)?);
            }
        }
        print(session, &lines);
        Ok(())
    }
}

/// Prints events, one a line.
pub(super) fn print(session: &mut Session, lines: &[Line]) {
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

/// An event as it is printed.
pub(super) fn line(reading: &Reading, event: Recorded, reveal: bool) -> Result<Line, CliError> {
    let personal = if reveal { open(&reading.ledger, &event)? } else { None };
    let body = &event.payload.body;
    let data = RawValue::from_string(body.to_json())
        .map_err(|_| CliError::refused("an entry holds data that is not JSON"))?;
    Ok(Line {
        index: event.index,
        recorded: recorded(event.recorded_at_ms),
        at: event.payload.at,
        name: body.name(),
        subject: event.subject,
        actor: event.signer.actor,
        role: event.signer.role,
        organisation: event.signer.organisation,
        statement: event.id,
        needs_endorsement: body.second().is_some(),
        refs: event.payload.refs,
        data,
        personal,
    })
}

/// Recorded time in Asia/Shanghai, to the second.
fn recorded(ms: u64) -> String {
    let day = Day::of_millis(ms);
    let seconds = ms.saturating_sub(day.start_millis()) / 1000;
    format!("{day} {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
