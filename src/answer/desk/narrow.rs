//! A desk of many rows: what it is narrowed to, how many rows each choice leaves, and one page of it.
//!
//! The counts of the steps are of the matter that was chosen, and those of the matters of the step: a
//! choice never leads to an empty page, as long as nobody works meanwhile.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Known, Place, Waiting, every, known, look};
use crate::answer::{AskError, Records};
use crate::event::Signer;
use crate::value::Programme;

/// What a reader asks of a desk.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// Only what waits for this step, by the event's dotted name.
    pub(crate) step: Option<String>,
    /// Only what is about this matter, by its name.
    pub(crate) matter: Option<String>,
    /// What comes behind this place.
    pub(crate) after: Option<String>,
}

/// What a row of the desk is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Matter {
    /// A certificate.
    Certificate,
    /// A benefit of that programme, or its payroll.
    Benefit(Programme),
    /// A person: what they ask for, what is handed to them.
    Person,
    /// A flag.
    Flag,
}

impl Matter {
    /// The name by which it is asked for.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Certificate => "certificate",
            Self::Benefit(programme) => programme.name(),
            Self::Person => "person",
            Self::Flag => "flag",
        }
    }

    fn of(row: &Waiting, benefit: Option<Programme>) -> Self {
        match &row.place {
            Place::Case(_) => benefit.map_or(Self::Certificate, Self::Benefit),
            Place::Prepare(programme, _)
            | Place::Authorise(programme, _)
            | Place::Pay(_, programme, _) => Self::Benefit(*programme),
            Place::Person(_) => Self::Person,
            Place::Flag(..) | Place::Unassigned(_) => Self::Flag,
        }
    }
}

/// One page of a desk.
pub(crate) struct Narrowed {
    /// Its rows, with what each is recognised by.
    pub(crate) rows: Vec<(Waiting, Known)>,
    /// The place behind which the next page begins.
    pub(crate) next: Option<String>,
    /// There are more flags, or files to seal, than a desk holds.
    pub(crate) more: bool,
    /// How many rows of the matter chosen wait for each step.
    pub(crate) steps: BTreeMap<&'static str, usize>,
    /// How many of them there are, each counted once.
    pub(crate) of_matter: usize,
    /// How many rows that wait for the step chosen are about each matter.
    pub(crate) matters: BTreeMap<Matter, usize>,
}

/// What waits for this actor as it was asked for, so many rows at once; `names` where the reader may
/// see whose it is.
pub(crate) fn narrowed(
    records: &Records<'_>,
    signer: &Signer,
    asked: &Asked,
    at_once: usize,
    names: bool,
) -> Result<Narrowed, AskError> {
    let (found, more) = look(records.ledger, signer, |view| {
        let (mut rows, more) = every(view);
        rows.sort_by_cached_key(place);
        let benefit = |row: &Waiting| match row.place {
            Place::Case(case) => view.state.benefits.case(&case).map(|case| case.programme),
            _ => None,
        };
        let matter = |row: Waiting| (Matter::of(&row, benefit(&row)), row);
        (rows.into_iter().map(matter).collect::<Vec<_>>(), more)
    })?;
    let is_step = |row: &Waiting| asked.step.as_deref().is_none_or(|it| row.steps.contains(&it));
    let is_matter = |of: &Matter| asked.matter.as_deref().is_none_or(|it| of.name() == it);
    let (mut steps, mut matters, mut of_matter) = (BTreeMap::new(), BTreeMap::new(), 0);
    for (matter, row) in &found {
        if is_matter(matter) {
            of_matter += 1;
            for (at, step) in row.steps.iter().enumerate() {
                // A row that waits for a step more than once is one row of it.
                *steps.entry(*step).or_insert(0) += usize::from(!row.steps[..at].contains(step));
            }
        }
        if is_step(row) {
            *matters.entry(*matter).or_insert(0) += 1;
        }
    }
    let behind = |row: &Waiting| asked.after.as_ref().is_none_or(|after| place(row) > *after);
    let wanted = found.into_iter().filter(|(of, row)| is_matter(of) && is_step(row));
    let mut page: Vec<_> = wanted.map(|(_, row)| row).filter(behind).take(at_once + 1).collect();
    let is_last = page.len() <= at_once;
    page.truncate(at_once);
    let next = page.last().filter(|_| !is_last).map(place);
    let known = known(records, &page, names)?;
    let rows = page.into_iter().zip(known).collect();
    Ok(Narrowed { rows, next, more, steps, of_matter, matters })
}

/// A row's place on the desk: oldest first, and what is about one person together. Whoever reads page
/// by page goes on behind a place, not behind a row, which may be done meanwhile.
pub(super) fn place(row: &Waiting) -> String {
    let text = |part: Option<String>| part.unwrap_or_default();
    let is_file = row.steps.first() == Some(&"case_file.sealed");
    // Nobody waits for a file to be sealed: behind every day.
    let since = if is_file { "~".to_owned() } else { text(row.since.map(|day| day.to_string())) };
    let person = text(row.person.map(|person| person.to_string()));
    let step = row.steps.first().copied().unwrap_or_default();
    // One subject may have several flags, and a programme several months.
    let which = match &row.place {
        Place::Case(_) | Place::Person(_) | Place::Pay(..) | Place::Unassigned(_) => String::new(),
        Place::Flag(flag, _) => flag.to_string(),
        Place::Prepare(programme, month) | Place::Authorise(programme, month) => {
            format!("{programme}:{month}")
        }
    };
    format!("{since}.{person}.{}.{which}.{step}", row.subject)
}
