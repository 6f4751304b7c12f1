//! `erase`: proposes that a person's data keys be destroyed.
//!
//! The first of three steps, each by another hand: a privacy officer proposes, the key custodian
//! endorses (`endorse`), and then the keys leave the vault (`vault rewrite`).

use clap::Args;
use serde::Deserialize;

use super::{
    acting::{ActArgs, Ground},
    error::CliError,
    output::talk,
    reading::Reading,
    send::Batch,
    session::{Hand, Session, Vault},
};
use crate::answer::keys_to_erase;
use crate::event::PersonalDataErased;
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
    act: ActArgs,
}

impl Erase {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        #[derive(Deserialize)]
        struct DataKeys {
            keys: Vec<KeyId>,
        }
        if let Some((remote, hand)) = self.act.remote(session)? {
            let person = remote.person(&self.who)?;
            // The ledger refuses a key that is somebody else's.
            let DataKeys { keys } = remote.one(&format!("/v1/people/{person}/keys"))?;
            return self.propose(session, Ground::Served(&remote), &hand, person, keys);
        }
        let reading = Reading::of(session.open_to_write(Vault::IfThere)?)?;
        let hand = session.hand(&reading.ledger, &self.act.key)?;
        let person = reading.person(&self.who)?;
        let keys = keys_to_erase(&reading.ledger, person)?;
        self.propose(session, Ground::Own(&reading.ledger), &hand, person, keys)
    }

    fn propose(
        &self,
        session: &mut Session,
        ground: Ground<'_>,
        hand: &Hand,
        person: PersonId,
        keys: Vec<KeyId>,
    ) -> Result<(), CliError> {
        talk(format_args!("person:{person} has {} data keys to destroy", keys.len()));
        let erased = PersonalDataErased {
            person,
            keys,
            basis: self.basis.clone(),
            retention_check: self.retention_check.clone(),
            final_on: self.final_on,
        };
        let mut batch = Batch::new(ground, hand);
        batch.add(&Subject::Person(person), erased, Vec::new())?;
        batch.send(session)
    }
}
