//! `draw`: the random draw of assessors.

use std::{path::PathBuf, str::FromStr};

use clap::Args;
use serde::Serialize;

use super::{
    error::CliError,
    output::talk,
    send::Batch,
    session::{KeyArg, SYSTEM_KEY, Session, Vault, today},
};
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
    /// The System key's file [default: keys/system.key in the ledger's folder]
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
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
#[derive(Serialize)]
struct Shown {
    case: CaseId,
    draw_seed: Hash,
    institution: ActorId,
    assessors: Vec<ActorId>,
}

impl Draw {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let Named(case) = self.case;
        if self.dry_run {
            let ledger = session.open_to_read(Vault::No)?;
            let (_, Drawn { seed, institution, assessors }) = drawn(&ledger, case)?;
            let shown = Shown { case, draw_seed: seed, institution, assessors };
            session.out.list(
                &["case 案件", "institution 机构", "assessors 医师", "seed"],
                &[shown],
                |Shown { case, draw_seed, institution, assessors }| {
                    let names: Vec<_> = assessors.iter().map(ToString::to_string).collect();
                    let (case, institution) = (case.to_string(), institution.to_string());
                    vec![case, institution, names.join(" "), draw_seed.to_string()]
                },
            );
            return Ok(());
        }
        let ledger = session.open_to_write(Vault::No)?;
        let file = self.key.clone().unwrap_or_else(|| session.folder().join(SYSTEM_KEY));
        let hand = session.hand(&ledger, &KeyArg { file })?;
        let (person, Drawn { seed, institution, assessors }) = drawn(&ledger, case)?;
        let names: Vec<_> = assessors.iter().map(ToString::to_string).collect();
        talk(format_args!("drawn: {} of {institution}", names.join(", ")));
        let (session_name, draw_seed) = (None, Some(seed));
        let data =
            AssessmentAssigned { person, institution, assessors, session: session_name, draw_seed };
        let mut batch = Batch::new(&ledger, &hand);
        batch.add(&Subject::Case(case), data, Vec::new())?;
        batch.send(session)
    }
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
