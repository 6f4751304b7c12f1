//! The benefits of one person as the ledger itself ran them, folded from their steps.

use super::grant_step::GrantStep;
use super::key::{ActorRef, StatementRef};
use super::mark::Mark;
use super::record::Paid;
use crate::event::{StopGround, Verdict};
use crate::value::{
    CaseId, Day, DivisionCode, Fen, HouseholdId, Month, PayrollId, Programme, Tag, VehicleId,
};

/// A step's place on the log and its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Index of its entry.
    pub index: u64,
    /// The day it happened.
    pub at: Day,
}

/// A stop of a benefit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantStop {
    /// When.
    pub moment: Moment,
    /// Why.
    pub ground: StopGround,
    /// First month not paid.
    pub from: Month,
    /// The person was told in writing.
    pub told: bool,
    /// The verdict it names.
    pub verdict: Option<StatementRef>,
    /// The statements it refers to.
    pub refs: Vec<StatementRef>,
}

/// An account bound to a benefit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// When.
    pub moment: Moment,
    /// The statement, which a clerk endorsed.
    pub statement: StatementRef,
    /// The account.
    pub account: Tag,
    /// The day it was taken off.
    pub until: Option<Day>,
}

/// One benefit, from its application on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The case.
    pub case: CaseId,
    /// The programme.
    pub programme: Programme,
    /// The division that decides.
    pub division: DivisionCode,
    /// The month of the application.
    pub month: Month,
    /// The application.
    pub applied: Moment,
    /// The household, for household programmes.
    pub household: Option<HouseholdId>,
    /// The vehicle, for vehicle programmes.
    pub vehicle: Option<VehicleId>,
    /// The determinations that granted it.
    pub granted: Vec<Moment>,
    /// Months it is granted for: the first, and the last once stopped.
    pub spans: Vec<(Month, Option<Month>)>,
    /// Amounts determined, each from its month on.
    pub amounts: Vec<(Month, Fen)>,
    /// Its stops.
    pub stops: Vec<GrantStop>,
    /// Accounts bound, in order.
    pub bindings: Vec<Binding>,
    /// When it was last looked at as a whole: determined, resumed or reviewed.
    pub looked_at: Option<Moment>,
}

impl Grant {
    /// Says whether a month is granted.
    #[must_use]
    pub fn is_active(&self, month: Month) -> bool {
        self.spans.iter().any(|(from, to)| *from <= month && to.is_none_or(|to| month <= to))
    }

    /// Says whether it was granted on or before a day.
    #[must_use]
    pub fn is_granted_by(&self, day: Day) -> bool {
        self.granted.iter().any(|moment| moment.at <= day)
    }

    /// Says whether it is granted and was not taken back before anything was owed.
    #[must_use]
    pub const fn stands(&self) -> bool {
        !self.spans.is_empty()
    }

    /// Says whether the account was bound on a day.
    #[must_use]
    pub fn was_bound(&self, account: Tag, day: Day) -> bool {
        self.bindings.iter().any(|bound| {
            bound.account == account
                && bound.moment.at <= day
                && bound.until.is_none_or(|until| day <= until)
        })
    }

    /// The amount that is determined for a month.
    #[must_use]
    pub fn amount(&self, month: Month) -> Option<Fen> {
        self.amounts.iter().rev().find(|(from, _)| *from <= month).map(|(_, amount)| *amount)
    }

    fn stop(&mut self, from: Month) {
        self.spans.retain(|(first, _)| *first < from);
        for (_, to) in &mut self.spans {
            let last = from.plus(-1);
            *to = Some(to.map_or(last, |to| to.min(last)));
        }
    }
}

/// A line of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchItem {
    /// When it was prepared.
    pub moment: Moment,
    /// The batch.
    pub payroll: PayrollId,
    /// The root of the batch as prepared then.
    pub root: Mark,
    /// The programme.
    pub programme: Programme,
    /// The benefit month.
    pub month: Month,
    /// The other months it also pays.
    pub back_pay: Vec<Month>,
    /// The amount.
    pub amount: Fen,
    /// The account.
    pub account: Tag,
}

/// A session of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// Index of its entry.
    pub index: u64,
    /// The programme.
    pub programme: Programme,
    /// Who delivered it.
    pub provider: Mark,
    /// The day.
    pub day: Day,
}

/// A visit or a yearly review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meeting {
    /// Index of its entry.
    pub index: u64,
    /// The programme, where it names one.
    pub programme: Option<Programme>,
    /// The day.
    pub day: Day,
}

/// A placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// Index of its entry.
    pub index: u64,
    /// Its statement.
    pub statement: StatementRef,
    /// The programme.
    pub programme: Programme,
    /// The facility or employer.
    pub place: Mark,
    /// The facility's code, where it has one.
    pub institution: Option<ActorRef>,
    /// First day.
    pub from: Day,
    /// Last day, once ended.
    pub to: Option<Day>,
}

impl Placement {
    /// Says whether any day of the span lies in it.
    #[must_use]
    pub fn touches(&self, from: Day, to: Day) -> bool {
        self.from <= to && self.to.is_none_or(|last| from <= last)
    }
}

/// All that the ledger ran for one person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grants {
    /// Benefits, in the order of their applications.
    pub list: Vec<Grant>,
    /// Lines of batches.
    pub items: Vec<BatchItem>,
    /// Sessions.
    pub sessions: Vec<Session>,
    /// Placements.
    pub placements: Vec<Placement>,
    /// Visits and yearly reviews: somebody says to have met the person.
    pub meetings: Vec<Meeting>,
    /// Households at whose homes works of a programme were accepted that name the person.
    pub built: Vec<(HouseholdId, Programme)>,
    /// Months whose payment came back.
    pub returned: Vec<(Programme, Month)>,
    flags: Vec<RaisedFlag>,
    verdicts: Vec<(Mark, StatementRef, Verdict)>,
}

/// A flag about the person that is on the log.
#[derive(Debug, Clone, PartialEq, Eq)]
struct RaisedFlag {
    statement: StatementRef,
    flag: Mark,
    programme: Option<Programme>,
    inputs: Vec<StatementRef>,
}

impl Grants {
    /// Benefits of one programme.
    pub fn of(&self, programme: Programme) -> impl Iterator<Item = &Grant> {
        self.list.iter().filter(move |grant| grant.programme == programme)
    }

    /// The benefit of the ledger that a payment is made under: the latest one of its programme
    /// and place that was applied for by the time paid.
    #[must_use]
    pub fn behind(&self, paid: &Paid) -> Option<&Grant> {
        let near = |one: DivisionCode, other: DivisionCode| one.covers(other) || other.covers(one);
        let end = paid.period_end();
        self.of(paid.programme)
            .filter(|grant| near(grant.division, paid.division))
            .filter(|grant| end.is_none_or(|end| grant.month <= end))
            .last()
    }

    /// Says whether a statement raised a flag about this person.
    #[must_use]
    pub fn is_flag(&self, statement: StatementRef) -> bool {
        self.flags.iter().any(|flag| flag.statement == statement)
    }

    /// Says whether a statement is a confirmed verdict that no later one lifted.
    #[must_use]
    pub fn is_confirmed(&self, statement: StatementRef) -> bool {
        let found = self.verdicts.iter().find(|(_, known, _)| *known == statement);
        found.is_some_and(|(flag, known, verdict)| {
            let last = self.verdicts.iter().rev().find(|(of, ..)| of == flag);
            *verdict == Verdict::Confirmed && last.is_some_and(|(_, last, _)| last == known)
        })
    }

    /// Says whether a verdict is on a flag about the programme, or about none.
    #[must_use]
    pub fn is_about(&self, verdict: StatementRef, programme: Programme) -> bool {
        let of = self.verdicts.iter().find(|(_, known, _)| *known == verdict);
        of.is_some_and(|(flag, ..)| {
            let mut raised = self.flags.iter().filter(|known| known.flag == *flag).peekable();
            raised.peek().is_none()
                || raised.any(|known| known.programme.is_none_or(|about| about == programme))
        })
    }

    /// Says whether a flag that was computed from the statement stands dismissed.
    #[must_use]
    pub fn is_dismissed_input(&self, statement: StatementRef) -> bool {
        self.flags.iter().filter(|known| known.inputs.contains(&statement)).any(|known| {
            let last = self.verdicts.iter().rev().find(|(of, ..)| *of == known.flag);
            last.is_some_and(|(.., verdict)| *verdict == Verdict::Dismissed)
        })
    }

    pub(super) fn take(&mut self, moment: Moment, statement: StatementRef, step: &GrantStep) {
        match step {
            GrantStep::Applied { case, programme, division, month, household, vehicle } => {
                self.list.push(Grant {
                    case: *case,
                    programme: *programme,
                    division: *division,
                    month: *month,
                    applied: moment,
                    household: *household,
                    vehicle: *vehicle,
                    granted: Vec::new(),
                    spans: Vec::new(),
                    amounts: Vec::new(),
                    stops: Vec::new(),
                    bindings: Vec::new(),
                    looked_at: None,
                });
            }
            GrantStep::Determined { case, granted: true, from, amount } => {
                self.of_case(*case, |grant| {
                    let from = from.unwrap_or(grant.month);
                    grant.granted.push(moment);
                    grant.looked_at = Some(moment);
                    grant.spans.push((from, None));
                    grant.amounts.extend(amount.map(|amount| (from, amount)));
                });
            }
            GrantStep::Amended { case, from, amount } => self.of_case(*case, |grant| {
                grant.amounts.retain(|(earlier, _)| earlier < from);
                grant.amounts.push((*from, *amount));
            }),
            GrantStep::Determined { granted: false, .. } => {}
            GrantStep::Stopped { case, ground, from, told, verdict, refs } => {
                self.of_case(*case, |grant| {
                    grant.stop(*from);
                    grant.stops.push(GrantStop {
                        moment,
                        ground: *ground,
                        from: *from,
                        told: *told,
                        verdict: *verdict,
                        refs: refs.clone(),
                    });
                });
            }
            GrantStep::Resumed { case, from } => self.of_case(*case, |grant| {
                grant.spans.push((*from, None));
                grant.looked_at = Some(moment);
            }),
            GrantStep::Bound { case, account } => self.of_case(*case, |grant| {
                grant.bindings.push(Binding { moment, statement, account: *account, until: None });
            }),
            GrantStep::Unbound { case, account } => self.of_case(*case, |grant| {
                let bound = grant.bindings.iter_mut().rev();
                let mut standing = bound.filter(|bound| bound.until.is_none());
                if let Some(bound) = standing.find(|bound| bound.account == *account) {
                    bound.until = Some(moment.at);
                }
            }),
            GrantStep::Reviewed { case } => {
                let mut programme = None;
                self.of_case(*case, |grant| {
                    grant.looked_at = Some(moment);
                    programme = Some(grant.programme);
                });
                self.meetings.push(Meeting { index: moment.index, programme, day: moment.at });
            }
            GrantStep::Visited { programme, day } => {
                let (index, programme, day) = (moment.index, *programme, *day);
                self.meetings.push(Meeting { index, programme, day });
            }
            GrantStep::Item { payroll, root, programme, month, back_pay, amount, account } => {
                self.items.push(BatchItem {
                    moment,
                    payroll: *payroll,
                    root: *root,
                    programme: *programme,
                    month: *month,
                    back_pay: back_pay.clone(),
                    amount: *amount,
                    account: *account,
                });
            }
            GrantStep::Served { programme, provider, day } => {
                let (programme, provider, day) = (*programme, *provider, *day);
                self.sessions.push(Session { index: moment.index, programme, provider, day });
            }
            GrantStep::Placed { programme, place, institution, from } => {
                self.placements.push(Placement {
                    index: moment.index,
                    statement,
                    programme: *programme,
                    place: *place,
                    institution: *institution,
                    from: *from,
                    to: None,
                });
            }
            GrantStep::Built { household, programme } => {
                let built = (*household, *programme);
                if !self.built.contains(&built) {
                    self.built.push(built);
                }
            }
            GrantStep::PlacementEnded { placement, to } => {
                let placed = self.placements.iter_mut();
                for known in placed.filter(|known| known.statement == *placement) {
                    known.to = Some(*to);
                }
            }
            GrantStep::Raised { flag, programme, inputs } => self.flags.push(RaisedFlag {
                statement,
                flag: *flag,
                programme: *programme,
                inputs: inputs.clone(),
            }),
            GrantStep::Verdict { flag, verdict } => {
                self.verdicts.push((*flag, statement, *verdict));
            }
        }
    }

    fn of_case(&mut self, case: CaseId, change: impl FnOnce(&mut Grant)) {
        if let Some(grant) = self.list.iter_mut().find(|grant| grant.case == case) {
            change(grant);
        }
    }
}
