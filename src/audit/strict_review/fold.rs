//! One event at a time into figures.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::{HashMap, HashSet};

use super::figures::{
    Counted, Issued, Money, MonthLine, Objections, Outcomes, Spread, StepLine, StrictReviewFigures,
};
use super::flags::{Raised, lines};
use super::places::Places;
use super::ranges::Ranges;
use crate::audit::Violation;
use crate::event::{Body, NoticeResult, ObjectionOutcome, Recorded, Verdict};
use crate::policy::PolicyBook;
use crate::value::{ActorId, CaseId, Day, DivisionCode, Hash, Month, PersonId, Subject};

/// The gates whose holding the report shows.
const GATES: [&str; 9] = ["I04", "I05", "I06", "I07", "I08", "I09", "I10", "I11", "I12"];

/// What the report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// The division, with all below it.
    pub division: DivisionCode,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
}

impl Scope {
    fn holds(&self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }
}

/// When something happened, and in which entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) day: Day,
    pub(super) index: u64,
}

/// The steps of a case, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Step {
    Applied,
    Accepted,
    Assessed,
    Noticed,
    Cleared,
    Reviewed,
    Approved,
    Issued,
}

/// What a case has gone through.
#[derive(Debug)]
struct Trail {
    division: DivisionCode,
    entries: Ranges,
    marks: BTreeMap<Step, Mark>,
    assessors: BTreeSet<ActorId>,
}

/// Takes events and counts.
#[derive(Debug)]
pub struct StrictReview {
    scope: Scope,
    /// What waits for its second signer.
    proposals: HashMap<Hash, Recorded>,
    open: HashMap<CaseId, Trail>,
    /// The ledger's own division.
    ledger: Option<DivisionCode>,
    places: Places,
    /// Cases that ended with a certificate, of the scope.
    issued: Vec<(Trail, Mark)>,
    legacy: Counted,
    outcomes: Outcomes,
    objections: Objections,
    raised: BTreeMap<Hash, Raised>,
    /// What was dismissed, on which statements: a new version of the rule that raises it again is
    /// no further flag.
    dismissed: HashMap<Hash, Hash>,
    ordered: Money,
    recovered: Money,
    helped: Counted,
}

impl StrictReview {
    /// Begins to count.
    #[must_use]
    pub fn new(scope: Scope) -> Self {
        Self {
            scope,
            proposals: HashMap::new(),
            open: HashMap::new(),
            ledger: None,
            places: Places::default(),
            issued: Vec::new(),
            legacy: Counted::default(),
            outcomes: Outcomes::default(),
            objections: Objections::default(),
            raised: BTreeMap::new(),
            dismissed: HashMap::new(),
            ordered: Money::default(),
            recovered: Money::default(),
            helped: Counted::default(),
        }
    }

    /// Takes the next event of the log.
    pub fn take(&mut self, event: &Recorded) {
        if matches!(event.payload.body, Body::Endorsed(_)) {
            for id in &event.payload.refs {
                if let Some(proposal) = self.proposals.remove(id) {
                    self.effective(&proposal, [proposal.index, event.index]);
                }
            }
        } else if event.payload.body.second().is_some() {
            self.proposals.insert(event.id, event.clone());
        } else {
            self.effective(event, [event.index, event.index]);
        }
    }

    /// An event that takes effect; `seen` are its entry and that of its endorsement.
    fn effective(&mut self, event: &Recorded, seen: [u64; 2]) {
        let mark = Mark { day: event.payload.at, index: seen[1] };
        let counts = self.scope.holds(mark.day);
        self.places.take(event);
        match (&event.payload.body, &event.subject) {
            (Body::LedgerCreated(data), _) => self.ledger = Some(data.division),
            (Body::ApplicationSubmitted(data), Subject::Case(case)) => {
                let trail = Trail {
                    division: data.hukou_division,
                    entries: Ranges::default(),
                    marks: BTreeMap::new(),
                    assessors: BTreeSet::new(),
                };
                self.open.insert(*case, trail);
                self.step(case, Step::Applied, mark, seen);
            }
            // A row counts by its day of issue, not by the day it was imported.
            (Body::CertificateLegacyImported(data), _)
                if self.in_division(data.division) && self.scope.holds(data.issued) =>
            {
                self.legacy.add([event.index]);
            }
            (Body::CertificateIssued(data), _) => {
                self.step(&data.case, Step::Issued, mark, seen);
                if let Some(trail) = self.open.remove(&data.case)
                    && counts
                    && self.in_division(trail.division)
                {
                    self.issued.push((trail, mark));
                }
            }
            (Body::AnomalyRaised(data), _) if counts && self.is_in(self.places.of_flag(data)) => {
                let is_known = self.dismissed.get(&data.about()) == Some(&data.statements());
                match self.raised.get_mut(&data.flag) {
                    Some(raised) => raised.again(data, mark),
                    None if is_known => {}
                    None => _ = self.raised.insert(data.flag, Raised::of(data, mark)),
                }
            }
            // A verdict after the last day leaves the flag waiting on it.
            (Body::AnomalyReviewed(data), _) if mark.day <= self.scope.to => {
                if let Some(raised) = self.raised.get_mut(&data.flag) {
                    raised.judged(data.verdict, mark);
                    let (about, statements) = raised.on();
                    match data.verdict {
                        Verdict::Dismissed => self.dismissed.insert(about, statements),
                        Verdict::Confirmed | Verdict::NeedsField => self.dismissed.remove(&about),
                    };
                }
            }
            (Body::RecoveryOrdered(data), _) if counts && self.is_of(data.person) => {
                self.ordered.add(data.amount, mark.index);
            }
            (Body::RecoveryReceived(data), _) if counts && self.is_of(data.person) => {
                self.recovered.add(data.amount, mark.index);
            }
            (Body::HelpGiven(_), Subject::Person(person)) if counts && self.is_of(*person) => {
                self.helped.add([mark.index]);
            }
            (_, Subject::Case(case)) => self.in_case(event, case, mark, seen),
            _ => {}
        }
    }

    fn in_case(&mut self, event: &Recorded, case: &CaseId, mark: Mark, seen: [u64; 2]) {
        let Some(trail) = self.open.get_mut(case) else { return };
        trail.entries.extend(seen);
        let counts = self.scope.holds(mark.day) && self.scope.division.covers(trail.division);
        let step = match &event.payload.body {
            Body::ApplicationAccepted(_) => Some(Step::Accepted),
            Body::AssessmentRecorded(_) => {
                trail.assessors.insert(event.signer.actor.clone());
                None
            }
            Body::AssessmentConcluded(_) => Some(Step::Assessed),
            Body::NoticePosted(_) => Some(Step::Noticed),
            Body::NoticeClosed(data) if data.result == NoticeResult::Clear => Some(Step::Cleared),
            Body::ReviewCompleted(_) => Some(Step::Reviewed),
            Body::CertificateApproved(_) => {
                if counts {
                    self.outcomes.approved.add([mark.index]);
                }
                Some(Step::Approved)
            }
            Body::CertificateRefused(_) => {
                if counts {
                    self.outcomes.refused.add([mark.index]);
                }
                None
            }
            Body::ApplicationNotAccepted(_) => {
                if counts {
                    self.outcomes.not_accepted.add([mark.index]);
                }
                None
            }
            Body::ObjectionRaised(_) if counts => {
                self.objections.raised.add([mark.index]);
                None
            }
            Body::ObjectionResolved(data) if counts => {
                match data.outcome {
                    ObjectionOutcome::Upheld => self.objections.upheld.add([mark.index]),
                    ObjectionOutcome::Dismissed => self.objections.dismissed.add([mark.index]),
                }
                None
            }
            _ => None,
        };
        if let Some(step) = step {
            trail.marks.insert(step, mark);
        }
    }

    fn step(&mut self, case: &CaseId, step: Step, mark: Mark, seen: [u64; 2]) {
        if let Some(trail) = self.open.get_mut(case) {
            trail.entries.extend(seen);
            trail.marks.insert(step, mark);
        }
    }

    fn in_division(&self, division: DivisionCode) -> bool {
        self.scope.division.covers(division)
    }

    /// What is of no known division counts where the report is of the whole ledger, and nowhere
    /// else.
    fn is_in(&self, division: Option<DivisionCode>) -> bool {
        let of_all = || self.ledger.is_some_and(|ledger| self.in_division(ledger));
        division.map_or_else(of_all, |division| self.in_division(division))
    }

    fn is_of(&self, person: PersonId) -> bool {
        self.is_in(self.places.of(person))
    }

    /// The figures; `violations` are what verifying the same trail found.
    #[must_use]
    pub fn finish(self, violations: &[Violation], book: &PolicyBook) -> StrictReviewFigures {
        let broken: HashSet<u64> = violations
            .iter()
            .filter(|violation| GATES.contains(&violation.rule))
            .filter_map(|violation| violation.index)
            .collect();
        let mut issued = Issued::default();
        let mut months: BTreeMap<Month, Counted> = BTreeMap::new();
        for (trail, mark) in &self.issued {
            issued.all.add([mark.index]);
            months.entry(mark.day.month()).or_default().add([mark.index]);
            let assessors = u32::try_from(trail.assessors.len()).unwrap_or(u32::MAX);
            issued.assessors.entry(assessors).or_default().add([mark.index]);
            let faults: Vec<u64> =
                trail.entries.iter().filter(|index| broken.contains(index)).collect();
            if faults.is_empty() {
                issued.gated.held.add([mark.index]);
            } else {
                issued.gated.broken.add(faults);
            }
        }
        issued.months =
            months.into_iter().map(|(month, issued)| MonthLine { month, issued }).collect();
        StrictReviewFigures {
            division: self.scope.division,
            from: self.scope.from,
            to: self.scope.to,
            steps: steps(&self.issued, book),
            issued,
            legacy_imported: self.legacy,
            outcomes: self.outcomes,
            objections: self.objections,
            flags: lines(&self.raised),
            recovery_ordered: self.ordered,
            recovered: self.recovered,
            helped: self.helped,
        }
    }
}

/// One step as it is shown: from which mark to which, and what policy says of it.
struct Span {
    step: &'static str,
    zh: &'static str,
    en: &'static str,
    from: Step,
    to: Step,
    limit: fn(&crate::policy::CertificatePolicy) -> Option<u32>,
    /// The limit is a least number of days: the public notice.
    at_least: bool,
}

const fn none(_: &crate::policy::CertificatePolicy) -> Option<u32> {
    None
}

const SPANS: [Span; 8] = [
    Span {
        step: "acceptance",
        zh: "申请到受理",
        en: "application to acceptance",
        from: Step::Applied,
        to: Step::Accepted,
        limit: none,
        at_least: false,
    },
    Span {
        step: "assessment",
        zh: "受理到评定结论",
        en: "acceptance to assessment",
        from: Step::Accepted,
        to: Step::Assessed,
        limit: none,
        at_least: false,
    },
    Span {
        step: "posting",
        zh: "结论到公示",
        en: "assessment to notice",
        from: Step::Assessed,
        to: Step::Noticed,
        limit: none,
        at_least: false,
    },
    Span {
        step: "notice",
        zh: "公示期",
        en: "public notice",
        from: Step::Noticed,
        to: Step::Cleared,
        limit: |policy| Some(policy.notice_working_days),
        at_least: true,
    },
    Span {
        step: "review",
        zh: "公示结束到审核",
        en: "notice closed to review",
        from: Step::Cleared,
        to: Step::Reviewed,
        limit: |policy| Some(policy.review_working_days),
        at_least: false,
    },
    Span {
        step: "approval",
        zh: "审核到批准",
        en: "review to approval",
        from: Step::Reviewed,
        to: Step::Approved,
        limit: none,
        at_least: false,
    },
    Span {
        step: "issue",
        zh: "批准到发证",
        en: "approval to issue",
        from: Step::Approved,
        to: Step::Issued,
        limit: none,
        at_least: false,
    },
    Span {
        step: "whole",
        zh: "申请到发证全程",
        en: "application to issue, whole",
        from: Step::Applied,
        to: Step::Issued,
        limit: none,
        at_least: false,
    },
];

fn steps(issued: &[(Trail, Mark)], book: &PolicyBook) -> Vec<StepLine> {
    SPANS
        .iter()
        .map(|span| {
            let mut values = Vec::new();
            let mut beyond = Counted::default();
            let mut limit = None;
            for (trail, _) in issued {
                let marks = (trail.marks.get(&span.from), trail.marks.get(&span.to));
                let (Some(from), Some(to)) = marks else { continue };
                let days = book.calendar().between(from.day, to.day).count;
                // The policy of the day on which the step began.
                let policy = book.certificate(trail.division, from.day);
                let allowed = policy.and_then(|(_, policy)| (span.limit)(policy));
                limit = allowed.or(limit);
                let is_beyond = allowed.is_some_and(|allowed| {
                    if span.at_least { days < allowed } else { days > allowed }
                });
                if is_beyond {
                    beyond.add([to.index]);
                }
                values.push((days, to.index));
            }
            let Span { step, zh, en, .. } = *span;
            StepLine {
                step: step.into(),
                zh: zh.into(),
                en: en.into(),
                limit,
                days: Spread::of(values),
                beyond,
            }
        })
        .collect()
}
