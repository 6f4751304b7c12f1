//! The evidence pack of a person, a certificate or another subject.

mod gathered;

use std::collections::{BTreeMap, BTreeSet};

use self::gathered::Gathered;
use super::{AskError, Records, today};
use crate::event::Body;
use crate::projection::Who;
use crate::report::{self, Step};
use crate::value::Subject;

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
    let history = with_payrolls(records, records.index.history(who)?)?;
    let gathered = Gathered::of(records, &history)?;
    let ledger = records.ledger;
    let checkpoint = ledger.checkpoint()?;
    let genesis = ledger.leaf(0)?.ok_or_else(|| AskError::refused("the ledger has no entry 0"))?;
    let vkey = ledger.verifier().map_err(|error| AskError::refused(error.to_string()))?;
    let mut receipts = BTreeMap::new();
    for index in gathered.entries.keys() {
        receipts.insert(*index, ledger.receipt(*index)?);
    }
    let names = names(&gathered);
    let named = |id: &str| names.get(id).map(|name| format!("{name} ({id})"));
    let steps = history.iter().filter_map(|index| gathered.entries.get(index));
    let steps = steps.map(|event| Step::of(event, &named));
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
        calendars: gathered.calendars,
    };
    Ok(report::pack(&pack).map_err(|error| AskError::refused(error.to_string()))?.bytes)
}

/// What actors and institutions are called by the entries of the pack itself, so that whoever checks
/// it finds the same.
fn names(gathered: &Gathered) -> BTreeMap<String, String> {
    let named = gathered.entries.values().filter_map(|event| {
        let (id, name) = match (&event.subject, &event.payload.body) {
            (Subject::Actor(id), Body::ActorEnrolled(data)) => {
                (id, format!("{} {}", data.organisation, data.role.zh()))
            }
            (Subject::Institution(id), Body::InstitutionDesignated(data)) => {
                (id, data.name.to_string())
            }
            _ => return None,
        };
        Some((id.to_string(), name))
    });
    named.collect()
}

/// The history with who prepared and who authorised the payrolls that its payments name: an
/// authorisation is about the payroll and names no person.
fn with_payrolls(records: &Records<'_>, history: Vec<u64>) -> Result<BTreeSet<u64>, AskError> {
    let mut payrolls = BTreeSet::new();
    for index in &history {
        let event = records.ledger.event(*index)?;
        match (&event.payload.body, &event.subject) {
            (Body::PaymentExecuted(data), _) => payrolls.extend(data.payroll),
            (Body::PayrollPrepared(_), Subject::Payroll(payroll)) => {
                payrolls.insert(*payroll);
            }
            _ => {}
        }
    }
    let mut all: BTreeSet<u64> = history.into_iter().collect();
    for payroll in payrolls {
        for index in records.index.history(&Who::Subject(Subject::Payroll(payroll)))? {
            let body = records.ledger.event(index)?.payload.body;
            if matches!(body, Body::PayrollPrepared(_) | Body::PayrollAuthorised(_)) {
                all.insert(index);
            }
        }
    }
    Ok(all)
}
