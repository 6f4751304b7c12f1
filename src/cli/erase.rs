//! `erase`: proposes that a person's data keys be destroyed.
//!
//! The first of three steps, each by another hand: a privacy officer proposes, the key custodian
//! endorses (`endorse`), and then the keys leave the vault (`vault rewrite`).

use clap::Args;

use super::{
    error::CliError,
    output::talk,
    reading::Reading,
    send::Batch,
    session::{KeyArg, Session, Vault},
};
use crate::event::PersonalDataErased;
use crate::ledger::Ledger;
use crate::value::{Day, KeyId, Label, PersonId, Subject};

/// Propose that a person's personal data be erased (删除个人信息); the key custodian endorses it
///
/// Names every data key that ever sealed for the person. Names, numbers and addresses sealed under
/// them can be read by nobody once `vault rewrite` has run; tags, dates, amounts, proofs and flags
/// stay as they are.
#[derive(Args)]
pub(super) struct Erase {
    /// A citizen ID or a certificate number (needs the vault key), or a subject
    #[arg(value_name = "WHO")]
    who: String,
    /// The legal basis, such as `art. 47`
    #[arg(long, value_name = "TEXT")]
    basis: Label,
    /// What was found when it was checked whether the law asks to keep the data
    #[arg(long, value_name = "TEXT")]
    retention_check: Option<Label>,
    /// The day the last backup that holds the keys ends: until then the erasure is not final
    #[arg(long, value_name = "DATE")]
    final_on: Day,
    #[command(flatten)]
    key: KeyArg,
}

impl Erase {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let reading = Reading::of(session.open_to_write(Vault::IfThere)?)?;
        let hand = session.hand(&reading.ledger, &self.key)?;
        let person = reading.person(&self.who)?;
        let keys = keys(&reading.ledger, person)?;
        talk(format_args!("person:{person} has {} data keys to destroy", keys.len()));
        let erased = PersonalDataErased {
            person,
            keys,
            basis: self.basis.clone(),
            retention_check: self.retention_check.clone(),
            final_on: self.final_on,
        };
        let mut batch = Batch::new(&reading.ledger, &hand);
        batch.add(&Subject::Person(person), erased, Vec::new())?;
        batch.send(session)
    }
}

/// The person's keys that no effective erasure names yet.
fn keys(ledger: &Ledger, person: PersonId) -> Result<Vec<KeyId>, CliError> {
    let keys = ledger.with_state(|state| {
        let mut keys = state.people.keys_of(&person);
        keys.retain(|key| !state.erased_keys.contains(key));
        keys
    })?;
    if keys.is_empty() {
        return Err(CliError::refused("no data key of this person is left to erase")
            .hinted("everything sealed about them was erased before, or nothing ever was sealed"));
    }
    Ok(keys)
}
