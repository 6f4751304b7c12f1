//! `key new` and `key show`: an actor's own key.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{error::CliError, output::talk, secrets::write_key, session::Session};
use crate::crypto::{PublicKey, SecretKey};
use crate::value::Hash;

/// Keys that people sign with (签署密钥)
#[derive(Subcommand)]
pub(super) enum Key {
    New(New),
    Show(Show),
}

/// Make a key and write it into a file that only its owner reads
///
/// The public key is what `actor enrol` and `init --root` take. The file never leaves the signer.
#[derive(Args)]
pub(super) struct New {
    /// Where to write the key; a file that is there is never overwritten
    #[arg(short, long, value_name = "FILE", default_value = "actor.key")]
    output: PathBuf,
    /// Do not encrypt the file
    #[arg(long)]
    no_passphrase: bool,
    /// Mark the key as one of demo ledgers, not encrypted; every other ledger refuses it
    #[arg(long)]
    demo: bool,
}

/// Print the public key and key id of a key file
#[derive(Args)]
pub(super) struct Show {
    /// The key file
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// A key as others may see it.
#[derive(Serialize)]
struct Shown {
    public_key: PublicKey,
    kid: Hash,
    file: String,
    demo: bool,
}

impl Key {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        match self {
            Self::New(command) => command.run(session),
            Self::Show(command) => {
                let opened = session.passphrases()?.open(&command.file)?;
                show(session, &command.file, &opened.key, opened.demo);
                Ok(())
            }
        }
    }
}

impl New {
    fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let encrypted = !self.no_passphrase && !self.demo;
        let passphrase = if encrypted { Some(session.passphrases()?.choose()?) } else { None };
        let key = SecretKey::generate()?;
        write_key(&self.output, &key, passphrase.as_deref().map(String::as_str), self.demo)?;
        show(session, &self.output, &key, self.demo);
        talk("Keep the file to yourself; hand on the public key to be enrolled.");
        Ok(())
    }
}

fn show(session: &mut Session, file: &std::path::Path, key: &SecretKey, demo: bool) {
    let public_key = key.public();
    let file = file.display().to_string();
    let shown = Shown { public_key, kid: public_key.kid(), file, demo };
    let fields = [
        ("public key 公钥", public_key.to_string()),
        ("kid", shown.kid.to_string()),
        ("file 文件", shown.file.clone()),
    ];
    session.out.document(&shown, &fields);
}
