//! A case as a person's file holds it: its steps in the order of the log.

use super::key::StatementRef;
use super::step::{Step, StepGrade, StepKind};
use crate::event::ApplicationKind;
use crate::value::{CaseId, CertificateId, Day};

/// A step with its entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Index of the entry.
    pub index: u64,
    /// The day it happened in the world.
    pub at: Day,
    /// Its statement.
    pub statement: StatementRef,
    /// The step.
    pub step: Step,
    /// A later statement says why it came late or was wrong.
    pub explained: bool,
}

/// One case and its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The case.
    pub case: CaseId,
    /// Its steps, in the order of the log.
    pub steps: Vec<Entry>,
}

impl Case {
    /// What was applied for, as first submitted.
    #[must_use]
    pub fn kind(&self) -> Option<ApplicationKind> {
        self.steps.iter().find_map(|entry| match entry.step.kind {
            StepKind::Submitted { kind, .. } => Some(kind),
            _ => None,
        })
    }

    /// The kinds whose certificate rests on a conclusion of its own; the others print again what
    /// was concluded before, and are judged by that.
    #[must_use]
    pub fn needs_assessment(&self) -> bool {
        use ApplicationKind::{New, Regrade, Renew};
        self.kind().is_none_or(|kind| matches!(kind, New | Renew | Regrade))
    }

    /// The issue of its certificate.
    #[must_use]
    pub fn issue(&self) -> Option<(&Entry, CertificateId)> {
        self.steps.iter().find_map(|entry| match entry.step.kind {
            StepKind::Issued { certificate } => Some((entry, certificate)),
            _ => None,
        })
    }

    /// The last conclusion before `index`: an earlier one fell, or was of a first round.
    #[must_use]
    pub fn conclusion(&self, index: u64) -> Option<(&Entry, Option<&StepGrade>, &[StatementRef])> {
        let before = self.steps.iter().rev().filter(|entry| entry.index < index);
        before.into_iter().find_map(|entry| match &entry.step.kind {
            StepKind::Concluded { grade, assessments } => {
                Some((entry, grade.as_ref(), assessments.as_slice()))
            }
            _ => None,
        })
    }

    /// The last step before `index` that `wanted` picks.
    pub fn last(&self, index: u64, wanted: impl Fn(&StepKind) -> bool) -> Option<&Entry> {
        let fits = |entry: &&Entry| entry.index < index && wanted(&entry.step.kind);
        self.steps.iter().rev().find(fits)
    }
}
