//! The evidence pack of a person, a certificate or another subject.

use std::collections::BTreeMap;

use super::{AskError, Records, today};
use crate::crypto::Statement;
use crate::event::{Body, Recorded};
use crate::frame::Entry;
use crate::ledger::{Ledger, ReadError};
use crate::projection::Who;
use crate::report::{self, Step};
use crate::value::{Hash, Subject};

/// Packs all about somebody or something (a zip); the name is put on the timeline when it is given.
pub(crate) fn pack(
    records: &Records<'_>,
    who: &Who,
    name: Option<&str>,
) -> Result<Vec<u8>, AskError> {
    let about = match who {
        Who::Person(person, _) => Subject::Person(*person).to_string(),
        Who::Subject(subject) => subject.to_string(),
        Who::Flag(flag) => format!("flag:{flag}"),
        Who::Id(_) => "an ID number that no person of the ledger has".to_owned(),
    };
    let history = records.index.history(who)?;
    let gathered = Gathered::of(records, &history)?;
    let ledger = records.ledger;
    let checkpoint = ledger.checkpoint()?;
    let genesis = ledger.leaf(0)?.ok_or_else(|| AskError::refused("the ledger has no entry 0"))?;
    let vkey = ledger.verifier().map_err(|error| AskError::refused(error.to_string()))?;
    let mut receipts = BTreeMap::new();
    for index in gathered.entries.keys() {
        receipts.insert(*index, ledger.receipt(*index)?);
    }
    let steps = history.iter().filter_map(|index| gathered.entries.get(index)).map(Step::of);
    let pack = report::Pack {
        who: &about,
        name,
        made_on: today(ledger),
        vkey: &vkey,
        genesis,
        checkpoint: &checkpoint,
        steps: steps.collect(),
        receipts,
        keys: gathered.keys,
        policies: gathered.policies,
    };
    Ok(report::pack(&pack).map_err(|error| AskError::refused(error.to_string()))?.bytes)
}

/// The entries of a pack: those asked for, and all that their signatures and decisions rest on.
struct Gathered {
    entries: BTreeMap<u64, Recorded>,
    keys: BTreeMap<Hash, String>,
    policies: BTreeMap<Hash, String>,
}

impl Gathered {
    fn of(records: &Records<'_>, history: &[u64]) -> Result<Self, AskError> {
        let mut gathered =
            Self { entries: BTreeMap::new(), keys: BTreeMap::new(), policies: BTreeMap::new() };
        let mut wanted: Vec<u64> = history.to_vec();
        wanted.push(0);
        while let Some(index) = wanted.pop() {
            if gathered.entries.contains_key(&index) {
                continue;
            }
            let event = records.ledger.event(index)?;
            gathered.signer(records, &event, &mut wanted)?;
            gathered.policy(records, &event, &mut wanted)?;
            gathered.entries.insert(index, event);
        }
        Ok(gathered)
    }

    /// Who signed it, and the entries that enrolled them.
    fn signer(
        &mut self,
        records: &Records<'_>,
        event: &Recorded,
        wanted: &mut Vec<u64>,
    ) -> Result<(), AskError> {
        let kid = kid_of(records.ledger, event.index)?;
        if self.keys.contains_key(&kid) {
            return Ok(());
        }
        let key = records.ledger.with_state(|state| state.actors.public_key(&kid))?;
        if let Some(key) = key {
            self.keys.insert(kid, key.to_string());
        }
        let actor = Subject::Actor(event.signer.actor.clone());
        wanted.extend(records.index.history(&Who::Subject(actor))?);
        Ok(())
    }

    /// The policy it names, and the entries that published it.
    fn policy(
        &mut self,
        records: &Records<'_>,
        event: &Recorded,
        wanted: &mut Vec<u64>,
    ) -> Result<(), AskError> {
        let Some(hash) = event.payload.policy else { return Ok(()) };
        if self.policies.contains_key(&hash) {
            return Ok(());
        }
        let published = records.ledger.with_state(|state| {
            state.policies.by_hash(&hash).map(|found| (found.index, found.policy.name.to_string()))
        })?;
        let Some((index, name)) = published else { return Ok(()) };
        let subject = Subject::Programme(name);
        // The book names the entry that gave the policy effect or the one that proposed it; the
        // programme's history has both.
        for entry in records.index.history(&Who::Subject(subject.clone()))? {
            let found = records.ledger.event(entry)?;
            match &found.payload.body {
                Body::PolicyPublished(data) if data.hash == hash => {
                    self.policies.insert(hash, data.text.clone());
                    wanted.push(entry);
                    wanted.extend(endorsements(records, &found, &subject)?);
                }
                _ => {}
            }
        }
        wanted.push(index);
        Ok(())
    }
}

/// The entries that endorsed a publication.
fn endorsements(
    records: &Records<'_>,
    of: &Recorded,
    subject: &Subject,
) -> Result<Vec<u64>, AskError> {
    let mut found = Vec::new();
    for entry in records.index.history(&Who::Subject(subject.clone()))? {
        if records.ledger.event(entry)?.payload.refs.contains(&of.id) {
            found.push(entry);
        }
    }
    Ok(found)
}

/// The key that signed an entry.
fn kid_of(ledger: &Ledger, index: u64) -> Result<Hash, AskError> {
    let bytes = ledger.reader().read(index).map_err(ReadError::from)?;
    let broken = || AskError::refused(format!("entry {index} is not of the known form"));
    let entry = Entry::decode(&bytes).map_err(|_| broken())?;
    Ok(*Statement::parse(entry.statement).map_err(|_| broken())?.kid())
}
