//! `pack`: the evidence pack of a person or a certificate.

use std::{collections::BTreeMap, path::PathBuf};

use clap::Args;
use serde::Serialize;

use super::{
    error::CliError,
    folder,
    reading::Reading,
    session::{Session, today},
};
use crate::answer::{Found, Revealer};
use crate::crypto::Statement;
use crate::event::{Body, Recorded};
use crate::frame::Entry;
use crate::ledger::Ledger;
use crate::projection::Who;
use crate::report::{self, Step};
use crate::value::{Hash, Subject};

/// Write the evidence pack of one person or certificate (证据包), to be checked without us
///
/// A zip with every entry about them, those of the signers and policies they rest on, a proof of
/// each, a timeline in plain words, and a program that checks it all. Names are in it only with
/// `--reveal`.
#[derive(Args)]
pub(super) struct Pack {
    /// A citizen ID, a certificate number or a subject
    #[arg(value_name = "WHO")]
    who: String,
    /// Where to write the zip
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Put the person's name on the timeline; needs the vault key
    #[arg(long)]
    reveal: bool,
}

#[derive(Serialize)]
struct Written {
    file: String,
    about: String,
    steps: usize,
    entries: usize,
    files: usize,
    size: u64,
}

impl Pack {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let reading = Reading::open(session, self.reveal)?;
        let Found::Who(who) = reading.find(&self.who)? else {
            return Err(CliError::usage("a pack is about a person, a certificate or a subject")
                .hinted("`mingzheng prove INDEX` writes the receipt of one entry"));
        };
        let about = match &who {
            Who::Person(person, _) => Subject::Person(*person).to_string(),
            Who::Subject(subject) => subject.to_string(),
            Who::Flag(flag) => format!("flag:{flag}"),
            Who::Id(_) => "an ID number that no person of the ledger has".to_owned(),
        };
        let mut revealer = Revealer::new(reading.records());
        let name = match &who {
            Who::Person(person, _) if self.reveal => {
                revealer.person(*person)?.and_then(|personal| personal.name.clone())
            }
            _ => None,
        };
        let history = reading.index.history(&who)?;
        let gathered = Gathered::of(&reading, &history)?;
        let ledger = &reading.ledger;
        let checkpoint = ledger.checkpoint()?;
        let genesis =
            ledger.leaf(0)?.ok_or_else(|| CliError::refused("the ledger has no entry 0"))?;
        let mut receipts = BTreeMap::new();
        for index in gathered.entries.keys() {
            receipts.insert(*index, ledger.receipt(*index)?);
        }
        let pack = report::Pack {
            who: &about,
            name: name.as_deref(),
            made_on: today(ledger),
            vkey: &ledger.verifier()?,
            genesis,
            checkpoint: &checkpoint,
            steps: history
                .iter()
                .filter_map(|index| gathered.entries.get(index))
                .map(Step::of)
                .collect(),
            receipts,
            keys: gathered.keys,
            policies: gathered.policies,
        };
        let packed = report::pack(&pack).map_err(|error| CliError::refused(error.to_string()))?;
        folder::write_new(&self.output, &packed.bytes)?;
        let written = Written {
            file: self.output.display().to_string(),
            about: about.clone(),
            steps: pack.steps.len(),
            entries: pack.receipts.len(),
            files: packed.files,
            size: checkpoint.checkpoint().size,
        };
        let fields = [
            ("pack 证据包", written.file.clone()),
            ("about 对象", written.about.clone()),
            ("steps 步骤", written.steps.to_string()),
            ("entries 条目", written.entries.to_string()),
            ("size", written.size.to_string()),
        ];
        session.out.document(&written, &fields);
        Ok(())
    }
}

/// The entries of a pack: those asked for, and all that their signatures and decisions rest on.
struct Gathered {
    entries: BTreeMap<u64, Recorded>,
    keys: BTreeMap<Hash, String>,
    policies: BTreeMap<Hash, String>,
}

impl Gathered {
    fn of(reading: &Reading, history: &[u64]) -> Result<Self, CliError> {
        let mut gathered =
            Self { entries: BTreeMap::new(), keys: BTreeMap::new(), policies: BTreeMap::new() };
        let mut wanted: Vec<u64> = history.to_vec();
        wanted.push(0);
        while let Some(index) = wanted.pop() {
            if gathered.entries.contains_key(&index) {
                continue;
            }
            let event = reading.ledger.event(index)?;
            gathered.signer(reading, &event, &mut wanted)?;
            gathered.policy(reading, &event, &mut wanted)?;
            gathered.entries.insert(index, event);
        }
        Ok(gathered)
    }

    /// Who signed it, and the entries that enrolled them.
    fn signer(
        &mut self,
        reading: &Reading,
        event: &Recorded,
        wanted: &mut Vec<u64>,
    ) -> Result<(), CliError> {
        let kid = kid_of(&reading.ledger, event.index)?;
        if self.keys.contains_key(&kid) {
            return Ok(());
        }
        let key = reading.ledger.with_state(|state| state.actors.public_key(&kid))?;
        if let Some(key) = key {
            self.keys.insert(kid, key.to_string());
        }
        let actor = Subject::Actor(event.signer.actor.clone());
        wanted.extend(reading.index.history(&Who::Subject(actor))?);
        Ok(())
    }

    /// The policy it names, and the entries that published it.
    fn policy(
        &mut self,
        reading: &Reading,
        event: &Recorded,
        wanted: &mut Vec<u64>,
    ) -> Result<(), CliError> {
        let Some(hash) = event.payload.policy else { return Ok(()) };
        if self.policies.contains_key(&hash) {
            return Ok(());
        }
        let published = reading.ledger.with_state(|state| {
            state.policies.by_hash(&hash).map(|found| (found.index, found.policy.name.to_string()))
        })?;
        let Some((index, name)) = published else { return Ok(()) };
        let subject = Subject::Programme(name);
        // The book names the entry that gave the policy effect or the one that proposed it; the
        // programme's history has both.
        for entry in reading.index.history(&Who::Subject(subject.clone()))? {
            let found = reading.ledger.event(entry)?;
            match &found.payload.body {
                Body::PolicyPublished(data) if data.hash == hash => {
                    self.policies.insert(hash, data.text.clone());
                    wanted.push(entry);
                    wanted.extend(endorsements(reading, &found, &subject)?);
                }
                _ => {}
            }
        }
        wanted.push(index);
        Ok(())
    }
}

/// The entries that endorsed a publication.
fn endorsements(reading: &Reading, of: &Recorded, subject: &Subject) -> Result<Vec<u64>, CliError> {
    let mut found = Vec::new();
    for entry in reading.index.history(&Who::Subject(subject.clone()))? {
        if reading.ledger.event(entry)?.payload.refs.contains(&of.id) {
            found.push(entry);
        }
    }
    Ok(found)
}

/// The key that signed an entry.
fn kid_of(ledger: &Ledger, index: u64) -> Result<Hash, CliError> {
    let bytes = ledger.reader().read(index).map_err(crate::ledger::ReadError::from)?;
    let broken = || CliError::refused(format!("entry {index} is not of the known form"));
    let entry = Entry::decode(&bytes).map_err(|_| broken())?;
    Ok(*Statement::parse(entry.statement).map_err(|_| broken())?.kid())
}
