//! `evidence`: documents that the log refers to by a salted hash.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{
    error::CliError,
    flag_arg::{self, DOCUMENT_BYTES_MAX},
    folder,
    reading::Reading,
    remote::{self, AskArgs, One, Remote},
    session::{Session, Vault, personal},
};
use crate::answer::evidence_of;
use crate::crypto::{EvidenceSalt, TagKind, evidence_hash};
use crate::event::Evidence as Item;
use crate::rolls::clean;
use crate::value::{CitizenId, Hash, Label, Tag};

/// Documents that the log refers to by a salted hash (证据材料)
#[derive(Subcommand)]
pub(super) enum Evidence {
    Hash(HashOf),
    Check(Check),
    Verify(Verify),
}

/// Print the hash by which a draft refers to a document
#[derive(Args)]
pub(super) struct HashOf {
    /// The document
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The person it is about: a citizen ID, a certificate number or person:<id>; a document about
    /// nobody alone, such as a roll or a picture of a house, has none
    #[arg(long, value_name = "WHO")]
    person: Option<String>,
    #[command(flatten)]
    ask: AskArgs,
}

/// Check that a document is the one an entry refers to
#[derive(Args)]
pub(super) struct Check {
    /// The document
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The entry's index
    #[arg(long, value_name = "INDEX")]
    entry: u64,
    /// Print the salt of this one document too: whoever has both can check it without the vault;
    /// only where the vault is
    #[arg(long, conflicts_with = "server")]
    disclose: bool,
    #[command(flatten)]
    ask: AskArgs,
}

/// Check a document against a hash on the log with its disclosed salt; needs no ledger
#[derive(Args)]
pub(super) struct Verify {
    /// The document
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Its salt, as `evidence check --disclose` printed it
    #[arg(long)]
    salt: Hash,
    /// The hash that stands in the entry
    #[arg(long)]
    hash: Hash,
}

#[derive(Serialize)]
struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<Label>,
    hash: Hash,
    #[serde(skip_serializing_if = "Option::is_none")]
    salt: Option<Hash>,
}

impl Evidence {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let answer = match self {
            Self::Hash(asked) => asked.answer(session)?,
            Self::Check(asked) => asked.answer(session)?,
            Self::Verify(asked) => asked.answer()?,
        };
        let mut fields = vec![("hash 摘要", answer.hash.to_string())];
        fields.extend(answer.entry.map(|index| ("index 序号", index.to_string())));
        fields.extend(answer.kind.as_ref().map(|kind| ("kind 材料", kind.to_string())));
        fields.extend(answer.salt.map(|salt| ("salt 盐值", salt.to_string())));
        session.out.document(&answer, &fields);
        Ok(())
    }
}

impl HashOf {
    fn answer(&self, session: &mut Session) -> Result<Answer, CliError> {
        let document = document(&self.file)?;
        if let Some(remote) = self.ask.open(session)? {
            let person = self.person.as_ref().map(|who| remote.person(who)).transpose()?;
            let hash = flag_arg::hash_served(&remote, person, &document)?;
            return Ok(Answer { entry: None, kind: None, hash, salt: None });
        }
        let reading = Reading::of(session.open_to_write(Vault::Needed)?)?;
        let id = self.person.as_ref().map(|who| id_of(&reading, who)).transpose()?;
        let hash = personal(&reading.ledger)?.evidence(id.as_ref(), &document)?;
        Ok(Answer { entry: None, kind: None, hash, salt: None })
    }
}

impl Check {
    fn answer(&self, session: &mut Session) -> Result<Answer, CliError> {
        let document = document(&self.file)?;
        let (found, salt) = match self.ask.open(session)? {
            Some(remote) => (self.asked(&remote, &document)?, None),
            None => {
                let ledger = session.open_to_read(Vault::Needed)?;
                match evidence_of(&ledger, self.entry, &document)? {
                    Some((paper, salt)) => (Some(paper), Some(salt)),
                    None => (None, None),
                }
            }
        };
        let paper = found.ok_or_else(|| {
            CliError::failed_check(format!(
                "evidence_differs: entry {} refers to no document with these bytes",
                self.entry
            ))
            .hinted(
                "the document was changed, belongs to another entry, or its person's data was \
                 erased; ask its custodian for the original file",
            )
        })?;
        let salt = salt.filter(|_| self.disclose).map(|salt| Hash(*salt.expose()));
        Ok(Answer { entry: Some(self.entry), kind: Some(paper.kind), hash: paper.hash, salt })
    }

    fn asked(&self, remote: &Remote, document: &[u8]) -> Result<Option<Item>, CliError> {
        let path = format!("/v1/entries/{}/evidence", self.entry);
        match remote.post(&path, "application/octet-stream", document)? {
            Ok(text) => Ok(Some(remote::parse::<One<Item>>(&text)?.data)),
            Err(problem) if problem.code == "evidence_differs" => Ok(None),
            Err(problem) => Err(problem.into()),
        }
    }
}

impl Verify {
    fn answer(&self) -> Result<Answer, CliError> {
        let document = document(&self.file)?;
        let hash = evidence_hash(&EvidenceSalt::new(self.salt.0), &document);
        if hash != self.hash {
            let text = "evidence_differs: the document is not the one with this salt and hash";
            return Err(CliError::failed_check(text)
                .hinted("ask its custodian for the original file, and for its salt again"));
        }
        Ok(Answer { entry: None, kind: None, hash, salt: None })
    }
}

fn document(file: &Path) -> Result<Vec<u8>, CliError> {
    folder::read(file, DOCUMENT_BYTES_MAX)
}

/// The identity tag of a person, also of one whose first application is being drafted.
fn id_of(reading: &Reading, who: &str) -> Result<Tag, CliError> {
    let store = personal(&reading.ledger)?;
    let written = clean::identifier(who).parse::<CitizenId>().ok();
    let written = written.map(|id| store.tag(TagKind::Id, id.as_str()));
    let known = |tag| reading.ledger.with_state(|state| state.people.by_tag(&tag));
    let person = match written {
        Some(tag) => known(tag)?,
        None => Some(reading.person(who)?),
    };
    let newest = flag_arg::newest_id(&reading.ledger, person)?;
    newest.or(written).ok_or_else(|| {
        CliError::refused("the ledger holds no identity of this person").hinted("name a citizen ID")
    })
}
