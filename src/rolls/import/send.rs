//! Seals, signs and submits what a plan holds, in order.
//!
//! The `roll.received` goes first and alone: a roll that is refused leaves no rows behind. Then
//! chunks of statements are sealed and signed in parallel while earlier ones are decided and
//! flushed; only so many are in flight that memory stays bounded.

use std::collections::{HashMap, VecDeque};

use rayon::prelude::*;

use super::{
    super::row::Row,
    Job,
    draft::{self, Draft},
    plan::{Act, Plan},
    rejected::base_name,
    report::{ImportError, ImportReport, RefusedRow},
};
use crate::{
    crypto::{DataKey, EventKey},
    event::{ExternalFactRetracted, Payload, PolicyPublished, RollRowRetracted, RowRef},
    ledger::{Answer, PenError, Pending, Personal, Signed},
    policy,
    value::{KeyId, Label, PolicyName, Subject, Tag},
};

/// Statements of one submission: enough to keep every core busy, few enough for one frame.
const CHUNK_LEN: usize = 512;
/// Submissions that wait for their flush while the next one is signed.
const IN_FLIGHT_MAX: usize = 4;

/// One statement before its signature.
pub struct LaidOut {
    /// The row as a person counts it; 0 for what is of no row.
    pub row: u32,
    /// The subject.
    pub subject: Subject,
    /// What is to be signed.
    pub payload: Payload,
    /// The key of its sealed object, for the signer to open it again.
    pub opens: Option<EventKey>,
}

/// Data keys by ID tag.
type Keys = HashMap<Tag, (KeyId, DataKey)>;

impl Job<'_> {
    /// Writes the plan. What the ledger refused is in the report.
    pub(super) fn send(
        &self,
        plan: &Plan<'_>,
        file_name: &str,
        file: Tag,
        report: &mut ImportReport,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), ImportError> {
        (report.new, report.corrected, report.retracted) = (0, 0, 0);
        let keys = self.keys(plan)?;
        let received = self.sign(&self.received(plan, file_name, file)?)?;
        let answer = self.submit(vec![received])?.wait()?;
        for result in answer.results {
            let accepted = result.map_err(ImportError::Refused)?;
            report.first_index = Some(accepted.index);
            report.last_index = Some(accepted.index);
        }
        let total = plan.acts.len() as u64;
        let mut done = 0;
        progress(done, total);
        let mut in_flight: VecDeque<(&[Act<'_>], Pending)> = VecDeque::new();
        let mut settle = |(acts, pending): (&[Act<'_>], Pending)| -> Result<(), ImportError> {
            self.settle(acts, pending.wait()?, report);
            done += acts.len() as u64;
            progress(done, total);
            Ok(())
        };
        let mut failed = None;
        for acts in plan.acts.chunks(CHUNK_LEN) {
            let signed: Result<Vec<Signed>, ImportError> =
                acts.par_iter().map(|act| self.write(act, &keys)).collect();
            match signed.and_then(|signed| self.submit(signed)) {
                Ok(pending) => in_flight.push_back((acts, pending)),
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
            if in_flight.len() > IN_FLIGHT_MAX
                && let Some(oldest) = in_flight.pop_front()
            {
                settle(oldest)?;
            }
        }
        in_flight.into_iter().try_for_each(settle)?;
        failed.map_or(Ok(()), Err)
    }

    fn submit(&self, signed: Vec<Signed>) -> Result<Pending, ImportError> {
        let statements = signed.into_iter().map(|signed| signed.bytes).collect();
        Ok(self.importer.ledger.submit_wait(statements)?)
    }

    /// Puts the ledger's answers beside the rows they are for.
    fn settle(&self, acts: &[Act<'_>], answer: Answer, report: &mut ImportReport) {
        for (act, result) in acts.iter().zip(answer.results) {
            match result {
                Ok(accepted) => {
                    report.count(act);
                    report.last_index = report.last_index.max(Some(accepted.index));
                    if needs_second(act) {
                        report.waiting_endorsement.push(accepted.id);
                    }
                }
                Err(rejection) => {
                    let (sheet, row) = self.at(act);
                    report.refused.push(RefusedRow { sheet, row, rejection });
                }
            }
        }
    }

    /// Makes the data keys of everybody sealed durable, in one flush, before an event uses them.
    fn keys(&self, plan: &Plan<'_>) -> Result<Keys, ImportError> {
        let sealed = |act: &Act<'_>| match act {
            Act::Row(act) if is_sealed(&act.row.value) => act.id,
            Act::Row(_) | Act::Retract { .. } | Act::Policy { .. } => None,
        };
        let mut tags: Vec<Tag> = plan.acts.iter().filter_map(sealed).collect();
        tags.sort_unstable();
        tags.dedup();
        let keys = self.store.keys_for(&tags)?;
        Ok(tags.into_iter().zip(keys).collect())
    }

    fn received(
        &self,
        plan: &Plan<'_>,
        file_name: &str,
        file: Tag,
    ) -> Result<LaidOut, ImportError> {
        let count = |rows: usize| u32::try_from(rows).unwrap_or(u32::MAX);
        let rejected = count(plan.rejected.len() + plan.refused.len());
        let data = self.terms().received(file, count(plan.accepted), rejected);
        let mut payload = Payload::new(self.options().at, data);
        let mut personal = Personal::default();
        personal.file_name = Some(base_name(file_name).to_owned());
        let subject = Subject::Roll(self.id);
        let key = self.store.file_key()?;
        let sealed = self.store.seal(&key, &subject, payload.body.name(), &personal)?;
        let opens = Some(EventKey::derive(&key.1, sealed.nonce));
        payload.sealed.push(sealed);
        Ok(LaidOut { row: 0, subject, payload, opens })
    }

    /// Drafts, seals and signs one statement.
    fn write(&self, act: &Act<'_>, keys: &Keys) -> Result<Signed, ImportError> {
        let laid_out = self.lay_out(act, keys)?;
        self.sign(&laid_out)
    }

    /// Everything that the sender would sign, in order: the roll first, then its rows.
    pub(super) fn lay_out_all(
        &self,
        plan: &Plan<'_>,
        file_name: &str,
        file: Tag,
    ) -> Result<Vec<LaidOut>, ImportError> {
        let keys = self.keys(plan)?;
        let rows: Result<Vec<LaidOut>, ImportError> =
            plan.acts.par_iter().map(|act| self.lay_out(act, &keys)).collect();
        let mut all = vec![self.received(plan, file_name, file)?];
        all.extend(rows?);
        Ok(all)
    }

    /// Drafts and seals one statement.
    fn lay_out(&self, act: &Act<'_>, keys: &Keys) -> Result<LaidOut, ImportError> {
        match act {
            Act::Row(act) => {
                let draft = draft::draft(&self.terms(), act);
                let Draft { body, at, personal } = draft.expect("the plan holds checked rows only");
                let mut payload = Payload::new(at, body);
                let mut opens = None;
                if let (Some(personal), Some(id)) = (personal, act.id) {
                    let key = keys.get(&id).ok_or(crate::ledger::PersonalError::NoKey)?;
                    let name = payload.body.name();
                    let sealed = self.store.seal(key, &act.subject, name, &personal)?;
                    opens = Some(EventKey::derive(&key.1, sealed.nonce));
                    payload.sealed.push(sealed);
                }
                Ok(LaidOut { row: act.row.row, subject: act.subject.clone(), payload, opens })
            }
            Act::Retract { key, row } => {
                let payload = Payload::new(self.options().at, self.retraction(*key, row));
                Ok(LaidOut { row: 0, subject: row.subject.clone(), payload, opens: None })
            }
            Act::Policy { text } => {
                let subject = Subject::Programme(PolicyName::Rates.to_string());
                let data = PolicyPublished { text: text.clone(), hash: policy::hash(text) };
                let mut payload = Payload::new(self.options().at, data);
                payload.expect = Some(self.importer.ledger.expect(&subject)?);
                Ok(LaidOut { row: 0, subject, payload, opens: None })
            }
        }
    }

    fn retraction(&self, key: Tag, row: &super::KnownRow) -> crate::event::Body {
        if super::fact_kind(self.roll.kind).is_some() {
            let reason: Label = "missing from a full list".parse().expect("a short plain text");
            return ExternalFactRetracted { fact: row.statement, reason }.into();
        }
        let certificate = match &row.subject {
            Subject::Certificate(id) => Some(*id),
            _ => None,
        };
        // Row 0: the roll has no such row.
        let place = RowRef { roll: self.id, row: 0, key, content: row.content, corrects: None };
        RollRowRetracted { target: row.statement, row: place, certificate }.into()
    }

    fn sign(&self, laid_out: &LaidOut) -> Result<Signed, ImportError> {
        let LaidOut { row, subject, payload, .. } = laid_out;
        let signed = self.importer.pen.write(subject, payload);
        signed.map_err(|why: PenError| ImportError::Pen { row: *row, why })
    }
}

const fn is_sealed(row: &Row) -> bool {
    match row {
        Row::Certificate(_)
        | Row::Payment(_)
        | Row::Fuel(_)
        | Row::BankResult(_)
        | Row::Works(_) => true,
        Row::Service(row) => row.helper.is_some(),
        _ => false,
    }
}

const fn needs_second(act: &Act<'_>) -> bool {
    match act {
        Act::Row(act) => matches!(act.row.value, Row::InstitutionAccount(_)),
        Act::Policy { .. } => true,
        Act::Retract { .. } => false,
    }
}
