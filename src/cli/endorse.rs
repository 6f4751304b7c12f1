//! `endorse`: the second signature.

use std::str::FromStr;

use clap::Args;

use super::{
    acting::{ActArgs, Ground},
    error::CliError,
    output::talk,
    remote::{Query, Remote},
    send::Batch,
    session::{Session, Vault},
    sign::show_fields,
};
use crate::answer::EventLine;
use crate::domain::endorsement;
use crate::event::{Body, Endorsed, Payload, Recorded};
use crate::ledger::Ledger;
use crate::value::{Hash, Malformed, RollId, Subject};

/// Endorse proposals as their second signer (附签)
///
/// Nobody endorses their own, and where the catalogue says so the endorser must be of another
/// organisation. The gates are asked again: the world may have changed since it was proposed.
#[derive(Args)]
pub(super) struct Endorse {
    /// A statement id, an entry's index, or `roll:ID` for everything that came with a roll
    #[arg(value_name = "ID", required = true)]
    targets: Vec<Target>,
    #[command(flatten)]
    act: ActArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Statement(Hash),
    Index(u64),
    Roll(RollId),
}

impl FromStr for Target {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        if let Some(roll) = text.strip_prefix("roll:") {
            return Ok(Self::Roll(roll.parse()?));
        }
        if text.bytes().all(|byte| byte.is_ascii_digit())
            && let Ok(index) = text.parse()
        {
            return Ok(Self::Index(index));
        }
        let wrong = Malformed::new("proposal", "a statement id, an index, or roll:ID");
        text.parse().map(Self::Statement).map_err(|_| wrong)
    }
}

/// Statements that one endorsement names, all of one subject.
struct Named {
    subject: Subject,
    refs: Vec<Hash>,
}

/// What is to be endorsed.
#[derive(Default)]
struct Proposals {
    named: Vec<Named>,
    /// Whether data keys are to be destroyed.
    erases: bool,
}

impl Endorse {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let (place, hand) = self.act.open(session, Vault::No)?;
        let mut proposals = Proposals::default();
        for target in &self.targets {
            match place.ground() {
                Ground::Own(ledger) => proposals.add(ledger, *target)?,
                Ground::Served(remote) => proposals.add_served(remote, *target)?,
            }
        }
        let mut batch = Batch::new(&place, &hand);
        for Named { subject, refs } in proposals.named {
            batch.add(&subject, Endorsed {}, refs)?;
        }
        batch.send(session)?;
        if proposals.erases {
            talk(
                "The erasure is in effect and on the log. Carry it out where the ledger is: \
                 mingzheng vault rewrite --new-vault-key FILE",
            );
        }
        Ok(())
    }
}

impl Proposals {
    fn add(&mut self, ledger: &Ledger, target: Target) -> Result<(), CliError> {
        let index = match target {
            Target::Index(index) => index,
            Target::Statement(id) => ledger.find(&id)?.ok_or_else(no_such_statement)?,
            Target::Roll(roll) => {
                let mut waiting = ledger.with_state(|state| {
                    let came_with = |proposal: &&Recorded| {
                        endorsement::concerns(&Subject::Roll(roll), proposal)
                    };
                    let of_roll = state.proposals.iter().filter(came_with);
                    of_roll.map(|proposal| (proposal.index, proposal.id)).collect::<Vec<_>>()
                })?;
                waiting.sort_unstable();
                return self.name_roll(roll, &waiting);
            }
        };
        let Recorded { subject, id, payload, signer, .. } = ledger.event(index)?;
        self.name(index, signer.actor.as_str(), subject, id, &payload.body)
    }

    /// As [`add`](Self::add), from a server: what is shown of a proposal is read from the bytes
    /// that the statement's id stands for.
    fn add_served(&mut self, remote: &Remote, target: Target) -> Result<(), CliError> {
        let mut query = Query::default();
        let (index, asked) = match target {
            Target::Index(index) => (index, None),
            Target::Statement(id) => {
                query.add("statement", Some(id));
                let (lines, _) = remote.all::<EventLine>("/v1/proposals", query)?;
                (lines.first().ok_or_else(no_such_statement)?.index, Some(id))
            }
            Target::Roll(roll) => {
                query.add("roll", Some(roll));
                let (lines, _) = remote.all::<EventLine>("/v1/proposals", query)?;
                let waiting: Vec<_> =
                    lines.iter().map(|line| (line.index, line.statement)).collect();
                return self.name_roll(roll, &waiting);
            }
        };
        let entry = remote.entry(index)??;
        if asked.is_some_and(|asked| asked != entry.statement) {
            return Err(CliError::failed_check("the server names another statement")
                .hinted("do not sign on this server's word; tell whoever runs it"));
        }
        let line: EventLine = remote.one(&format!("/v1/entries/{index}"))?;
        let signer = line.actor.as_str();
        self.name(index, signer, entry.subject, entry.statement, &entry.payload.body)
    }

    /// Says what one proposal is, and names it.
    fn name(
        &mut self,
        index: u64,
        signer: &str,
        subject: Subject,
        id: Hash,
        body: &Body,
    ) -> Result<(), CliError> {
        talk(format_args!("entry {index}: {} of {subject}, signed by {signer}", body.name()));
        show_fields("data 内容", &body.to_json())?;
        self.erases |= matches!(body, Body::PersonalDataErased(_));
        match self.named.iter_mut().find(|named| named.subject == subject) {
            Some(named) if named.refs.len() < Payload::REFS_MAX => named.refs.push(id),
            _ => self.named.push(Named { subject, refs: vec![id] }),
        }
        Ok(())
    }

    /// Everything that waits and came with the roll; the endorsements stand under the roll, so
    /// that the ledger takes nothing that came otherwise.
    fn name_roll(&mut self, roll: RollId, waiting: &[(u64, Hash)]) -> Result<(), CliError> {
        let Some((first, _)) = waiting.first() else {
            return Err(CliError::refused(format!("nothing that came with roll:{roll} waits"))
                .hinted("it may be endorsed already, have lapsed, or need no second signer"));
        };
        let count = waiting.len();
        talk(format_args!("{count} proposals that came with roll:{roll}, from entry {first} on"));
        for refs in waiting.chunks(Payload::REFS_MAX) {
            let refs = refs.iter().map(|(_, id)| *id).collect();
            self.named.push(Named { subject: Subject::Roll(roll), refs });
        }
        Ok(())
    }
}

fn no_such_statement() -> CliError {
    CliError::refused("no entry has this statement").hinted("submit the proposal first")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_is_named_in_three_ways() {
        let (hash, roll) = (Hash([7; 32]), RollId([3; 16]));
        assert_eq!(hash.to_string().parse(), Ok(Target::Statement(hash)));
        assert_eq!("12".parse(), Ok(Target::Index(12)));
        assert_eq!(format!("roll:{roll}").parse(), Ok(Target::Roll(roll)));
        for bad in ["", "-1", "roll:", "roll:x", "case:x", "99999999999999999999"] {
            assert!(bad.parse::<Target>().is_err(), "{bad}");
        }
    }
}
