//! `draw`: the random draw of assessors.

use std::str::FromStr;

use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    acting::SystemArgs,
    error::CliError,
    output::talk,
    remote::{One, Remote},
    send::{Batch, report},
    session::{Session, Vault, today},
};
use crate::answer::{EventLine, Outcome};
use crate::domain::Rejection;
use crate::domain::certificate::draw::{self, Draw as Drawn};
use crate::event::AssessmentAssigned;
use crate::ledger::Ledger;
use crate::value::{ActorId, CaseId, Hash, Malformed, PersonId, Subject};

/// Draw the assessors of a case at random (随机抽取评残医师)
///
/// Seed and pool follow from the log alone, so that everybody draws the same and `verify` draws
/// again. The ledger's System key signs the assignment. An assignment by hand needs no draw: a
/// reviewer drafts `assessment.assigned` without a seed.
#[derive(Args)]
pub(super) struct Draw {
    /// The case: `case:ID` or its id
    #[arg(value_name = "CASE")]
    case: Named,
    /// Say what is drawn, and sign nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    system: SystemArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Named(CaseId);

impl FromStr for Named {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        text.strip_prefix("case:").unwrap_or(text).parse().map(Self)
    }
}

/// What a dry run prints.
#[derive(Serialize, Deserialize)]
struct Shown {
    case: CaseId,
    draw_seed: Hash,
    institution: ActorId,
    assessors: Vec<ActorId>,
}

/// What a server drew and recorded.
#[derive(Deserialize)]
struct Recorded {
    index: u64,
    institution: ActorId,
    assessors: Vec<ActorId>,
}

impl Draw {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let Named(case) = self.case;
        if let Some(remote) = self.system.remote(session)? {
            return self.remote(session, &remote);
        }
        if self.dry_run {
            let ledger = session.open_to_read(Vault::No)?;
            let (_, Drawn { seed, institution, assessors }) = drawn(&ledger, case)?;
            print(session, Shown { case, draw_seed: seed, institution, assessors });
            return Ok(());
        }
        let ledger = session.open_to_write(Vault::No)?;
        let hand = session.hand(&ledger, &self.system.key(session))?;
        let (person, Drawn { seed, institution, assessors }) = drawn(&ledger, case)?;
        say(&institution, &assessors);
        let (session_name, draw_seed) = (None, Some(seed));
        let data =
            AssessmentAssigned { person, institution, assessors, session: session_name, draw_seed };
        let mut batch = Batch::new(&ledger, &hand);
        batch.add(&Subject::Case(case), data, Vec::new())?;
        batch.send(session)
    }

    fn remote(&self, session: &mut Session, remote: &Remote) -> Result<(), CliError> {
        let Named(case) = self.case;
        let path = format!("/v1/cases/{case}/draw");
        if self.dry_run {
            print(session, remote.one(&path)?);
            return Ok(());
        }
        let drawn = remote.ask::<One<Recorded>>(&path, &json!({}))?.data;
        say(&drawn.institution, &drawn.assessors);
        let line: EventLine = remote.one(&format!("/v1/entries/{}", drawn.index))?;
        let EventLine { index, statement, name, subject, .. } = line;
        let (again, waits_for) = (false, None);
        let outcome = Outcome::Accepted { index, statement, name, subject, again, waits_for };
        report(session, &[outcome], None)
    }
}

fn print(session: &mut Session, shown: Shown) {
    session.out.list(
        &["case 案件", "institution 机构", "assessors 医师", "seed"],
        &[shown],
        |Shown { case, draw_seed, institution, assessors }| {
            let names: Vec<_> = assessors.iter().map(ToString::to_string).collect();
            let (case, institution) = (case.to_string(), institution.to_string());
            vec![case, institution, names.join(" "), draw_seed.to_string()]
        },
    );
}

fn say(institution: &ActorId, assessors: &[ActorId]) {
    let names: Vec<_> = assessors.iter().map(ToString::to_string).collect();
    talk(format_args!("drawn: {} of {institution}", names.join(", ")));
}

fn drawn(ledger: &Ledger, case: CaseId) -> Result<(PersonId, Drawn), CliError> {
    let today = today(ledger);
    let found = ledger.with_state(|state| {
        let person = state.certificates.case(&case).map(|case| case.person);
        let person = person.ok_or(draw::Refused::NoCase)?;
        draw::draw(state, &case, today).map(|drawn| (person, drawn))
    })?;
    found.map_err(|refused| Rejection::from(refused).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_named_in_two_ways() {
        let id = CaseId([7; 16]);
        assert_eq!(id.to_string().parse(), Ok(Named(id)));
        assert_eq!(format!("case:{id}").parse(), Ok(Named(id)));
        assert!("person:x".parse::<Named>().is_err());
    }
}
