//! `endorse`: the second signature.

use std::str::FromStr;

use clap::Args;

use super::{
    error::CliError,
    output::talk,
    send::Batch,
    session::{KeyArg, Session, Vault},
    sign::show_fields,
};
use crate::event::{Endorsed, Payload, Recorded};
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
    key: KeyArg,
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

impl Endorse {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let ledger = session.open_to_write(Vault::No)?;
        let hand = session.hand(&ledger, &self.key)?;
        let erased = |ledger: &Ledger| ledger.with_state(|state| state.erased_keys.len());
        let erased_before = erased(&ledger)?;
        let mut named: Vec<Named> = Vec::new();
        for target in &self.targets {
            name(&ledger, *target, &mut named)?;
        }
        let mut batch = Batch::new(&ledger, &hand);
        for Named { subject, refs } in named {
            batch.add(&subject, Endorsed {}, refs)?;
        }
        batch.send(session)?;
        if erased(&ledger)? > erased_before {
            talk(
                "The erasure is in effect and on the log. Carry it out: \
                 mingzheng vault rewrite --new-vault-key FILE",
            );
        }
        Ok(())
    }
}

fn name(ledger: &Ledger, target: Target, named: &mut Vec<Named>) -> Result<(), CliError> {
    let index = match target {
        Target::Index(index) => index,
        Target::Statement(id) => ledger.find(&id)?.ok_or_else(|| {
            CliError::refused("no entry has this statement").hinted("submit the proposal first")
        })?,
        Target::Roll(roll) => return name_roll(ledger, roll, named),
    };
    let Recorded { subject, id, payload, signer, .. } = ledger.event(index)?;
    let what = payload.body.name();
    talk(format_args!("entry {index}: {what} of {subject}, signed by {}", signer.actor));
    show_fields("data 内容", &payload.body.to_json())?;
    match named.iter_mut().find(|named| named.subject == subject) {
        Some(named) if named.refs.len() < Payload::REFS_MAX => named.refs.push(id),
        _ => named.push(Named { subject, refs: vec![id] }),
    }
    Ok(())
}

/// Everything that waits and came with the roll; the endorsements stand under the roll.
fn name_roll(ledger: &Ledger, roll: RollId, named: &mut Vec<Named>) -> Result<(), CliError> {
    let mut waiting = ledger.with_state(|state| {
        let of_roll = state.proposals.iter().filter(|proposal| came_with(proposal, roll));
        of_roll.map(|proposal| (proposal.index, proposal.id)).collect::<Vec<_>>()
    })?;
    if waiting.is_empty() {
        return Err(CliError::refused(format!("nothing that came with roll:{roll} waits"))
            .hinted("it may be endorsed already, have lapsed, or need no second signer"));
    }
    waiting.sort_unstable();
    let first = waiting.first().map(|(index, _)| *index).unwrap_or_default();
    let count = waiting.len();
    talk(format_args!("{count} proposals that came with roll:{roll}, from entry {first} on"));
    for refs in waiting.chunks(Payload::REFS_MAX) {
        let refs = refs.iter().map(|(_, id)| *id).collect();
        named.push(Named { subject: Subject::Roll(roll), refs });
    }
    Ok(())
}

/// Says whether a row of that roll brought the proposal: every type that rows bring names its row
/// in the same field.
fn came_with(proposal: &Recorded, roll: RollId) -> bool {
    if proposal.subject == Subject::Roll(roll) {
        return true;
    }
    let data: Option<serde_json::Value> =
        serde_json::from_str(&proposal.payload.body.to_json()).ok();
    let row = data.as_ref().and_then(|data| data["row"]["roll"].as_str());
    row.is_some_and(|of| of == roll.to_string())
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
