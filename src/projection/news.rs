//! The kept flags follow the log: what is new on it judges again whom it touches.
//!
//! Each core reads entries of its own and judges at once whom they touch, while what was read of
//! those persons is still at hand.

use std::{collections::BTreeSet, ops::Range};

use rayon::prelude::*;

use super::{
    ProjectionError,
    judged::{Judged, Judging},
    kept::Stored,
    table::Block,
};
use crate::event::{Body, Recorded};
use crate::ledger::Ledger;
use crate::rules::{self, Touched, Trace, View, touched};
use crate::value::PersonId;

/// Entries that are looked at before what is news of them is written.
const ENTRIES_AT_ONCE: u64 = 4096;
/// Entries that one core looks at together, and persons whom it judges in the view they were found
/// by: enough to share what they share, few enough for memory and for all cores to have some.
const ENTRIES_TOGETHER: u64 = 128;
const TOGETHER: usize = 512;

/// Judges whom the entries touch and keeps it; answers how many they are, or nothing when the
/// entries change everybody's flags.
pub(super) fn judge(
    judging: &Judging<'_>,
    entries: Range<u64>,
) -> Result<Option<u64>, ProjectionError> {
    let mut news = News { judging, done: BTreeSet::new() };
    for some in parts(entries, ENTRIES_AT_ONCE) {
        if !news.judge(some)? {
            return Ok(None);
        }
    }
    Ok(Some(news.done.len() as u64))
}

/// A range in parts of at most so many.
fn parts(all: Range<u64>, most: u64) -> impl Iterator<Item = Range<u64>> {
    let end = all.end;
    let mut begin = all.start;
    std::iter::from_fn(move || {
        let part = begin..end.min(begin.saturating_add(most));
        begin = part.end;
        (!part.is_empty()).then_some(part)
    })
}

/// Who was judged so far.
struct News<'a> {
    judging: &'a Judging<'a>,
    done: BTreeSet<PersonId>,
}

impl News<'_> {
    /// Judges whom these entries touch and keeps it; says no when they touch everybody.
    fn judge(&mut self, entries: Range<u64>) -> Result<bool, ProjectionError> {
        let parts: Vec<_> = parts(entries, ENTRIES_TOGETHER).collect();
        let of_some = |part: &Range<u64>| self.of_some(part.clone());
        let found: Result<Vec<_>, _> = parts.par_iter().map(of_some).collect();
        let Some(found) = found?.into_iter().collect::<Option<Vec<_>>>() else { return Ok(false) };
        let done = &mut self.done;
        // Two cores may have met the same person; the judgement is the same.
        let judged = found.into_iter().flatten().filter(|(person, _)| done.insert(*person));
        self.judging.index.kept.keep(judged.filter_map(|(_, news)| news))?;
        Ok(true)
    }

    /// Judges whom these entries touch, unless that was done; nothing when they touch everybody.
    fn of_some(&self, entries: Range<u64>) -> Result<Option<Judged>, ProjectionError> {
        let Judging { index, ledger, book, on, coverage } = self.judging;
        let (decoder, mut traces, mut all) = (ledger.decoder()?, Vec::new(), false);
        ledger.each_entry(entries, |number, bytes| {
            all = all || effects(ledger, &decoder.event(number, bytes)?, &mut traces)?;
            Ok::<_, ProjectionError>(())
        })?;
        if all {
            return Ok(None);
        }
        let store = index.store();
        let view = View::new(&store, *book, *on).knowing(coverage.clone());
        let Touched::Persons(persons) = store.check(touched(&traces, &view))? else {
            return Ok(None);
        };
        let persons: Vec<_> =
            persons.into_iter().filter(|person| !self.done.contains(person)).collect();
        let (here, others) = persons.split_at(persons.len().min(TOGETHER));
        let mut block = Block::default();
        let mut news = |person, stored| self.judging.news(person, &stored, &mut block);
        let judged = here.iter().map(|person| news(*person, Stored::judged(*person, &view)));
        let mut judged = store.check(judged.collect::<Result<Vec<_>, _>>()?)?;
        for some in others.chunks(TOGETHER) {
            judged.extend(self.judging.persons(some, &mut news)?);
        }
        Ok(Some(judged))
    }
}

/// Adds the traces of what an entry gives effect to, and of what that corrects or retracts; says
/// whether it changes everybody's terms.
fn effects(
    ledger: &Ledger,
    event: &Recorded,
    to: &mut Vec<Trace>,
) -> Result<bool, ProjectionError> {
    let body = &event.payload.body;
    if matches!(body, Body::PolicyPublished(_) | Body::CalendarPublished(_)) {
        return Ok(true);
    }
    if let Body::Endorsed(_) = body {
        to.extend(rules::traces(event));
        for proposal in &event.payload.refs {
            let Some(index) = ledger.find(proposal)? else { continue };
            let proposal = ledger.event(index)?;
            let of_terms = matches!(
                proposal.payload.body,
                Body::PolicyPublished(_) | Body::CalendarPublished(_)
            );
            if of_terms {
                return Ok(true);
            }
            effect(ledger, &proposal, to)?;
        }
    } else if body.second().is_none() {
        effect(ledger, event, to)?;
    }
    Ok(false)
}

fn effect(ledger: &Ledger, event: &Recorded, to: &mut Vec<Trace>) -> Result<(), ProjectionError> {
    to.extend(rules::traces(event));
    let body = &event.payload.body;
    let earlier = match body {
        Body::ExternalFactRetracted(data) => Some(&data.fact),
        Body::RollRowRetracted(data) => Some(&data.target),
        _ => body.row().and_then(|row| row.corrects.as_ref()),
    };
    if let Some(index) = earlier.map(|earlier| ledger.find(earlier)).transpose()?.flatten() {
        to.extend(rules::traces(&ledger.event(index)?));
    }
    Ok(())
}
