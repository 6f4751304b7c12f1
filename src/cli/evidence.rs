//! `evidence`: documents that the log refers to by a salted hash.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    error::CliError,
    flag_arg::{self, DOCUMENT_BYTES_MAX},
    folder,
    reading::Reading,
    session::{Session, Vault, personal},
};
use crate::crypto::{EvidenceSalt, TagKind, evidence_hash};
use crate::event::{Evidence as Item, Recorded};
use crate::ledger::Ledger;
use crate::rolls::clean;
use crate::value::{CitizenId, Hash, Label, PersonId, Subject, Tag};

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
    /// nobody alone, such as a roll, has none
    #[arg(long, value_name = "WHO")]
    person: Option<String>,
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
    /// Print the salt of this one document too: whoever has both can check it without the vault
    #[arg(long)]
    disclose: bool,
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
        let reading = Reading::of(session.open_to_write(Vault::Needed)?)?;
        let id = self.person.as_ref().map(|who| id_of(&reading, who)).transpose()?;
        let hash = personal(&reading.ledger)?.evidence(id.as_ref(), &document)?;
        Ok(Answer { entry: None, kind: None, hash, salt: None })
    }
}

impl Check {
    fn answer(&self, session: &mut Session) -> Result<Answer, CliError> {
        let document = document(&self.file)?;
        let ledger = session.open_to_read(Vault::Needed)?;
        if self.entry >= ledger.len() {
            return Err(CliError::refused(format!("the ledger has no entry {}", self.entry))
                .hinted(format!("its newest is {}", ledger.len().saturating_sub(1))));
        }
        let event = ledger.event(self.entry)?;
        let items = items(&event)?;
        if items.is_empty() {
            return Err(CliError::refused(format!("entry {} refers to no document", self.entry))
                .hinted("`history` shows the entries of a person or case"));
        }
        let held = personal(&ledger)?.evidence_by(&ids(&ledger, &event)?, &document)?;
        let found = items.into_iter().find_map(|item| {
            let salt = held.iter().find(|(_, hash)| *hash == item.hash)?;
            Some((item, salt.0.clone()))
        });
        let (item, salt) = found.ok_or_else(|| {
            CliError::failed_check(format!(
                "evidence_differs: entry {} refers to no document with these bytes",
                self.entry
            ))
            .hinted(
                "the document was changed, belongs to another entry, or its person's data was \
                 erased; ask its custodian for the original file",
            )
        })?;
        let salt = self.disclose.then(|| Hash(*salt.expose()));
        Ok(Answer { entry: Some(self.entry), kind: Some(item.kind), hash: item.hash, salt })
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

/// What an event refers to, wherever in its data it stands.
fn items(event: &Recorded) -> Result<Vec<Item>, CliError> {
    let data = serde_json::from_str(&event.payload.body.to_json())
        .map_err(|_| CliError::refused("the entry's data does not read"))?;
    let mut items = Vec::new();
    collect(&data, &mut items);
    Ok(items)
}

fn collect(value: &Value, items: &mut Vec<Item>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, items)),
        Value::Object(fields) => match Item::deserialize(value) {
            Ok(item) => items.push(item),
            Err(_) => fields.values().for_each(|value| collect(value, items)),
        },
        _ => {}
    }
}

/// The identity tags of everybody the event is about.
fn ids(ledger: &Ledger, event: &Recorded) -> Result<Vec<Tag>, CliError> {
    let payload = &event.payload;
    let mut people = BTreeSet::<PersonId>::new();
    people.extend(payload.body.person());
    let subjects = std::iter::once(&event.subject).chain(&payload.about);
    people.extend(subjects.filter_map(|subject| match subject {
        Subject::Person(person) => Some(*person),
        _ => None,
    }));
    let flag = payload.body.flag();
    Ok(ledger.with_state(|state| {
        people.extend(flag.and_then(|flag| state.oversight.flag(&flag)?.person));
        let known = people.iter().filter_map(|person| state.people.find(person));
        known.flat_map(|person| person.ids.iter().copied()).collect()
    })?)
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
