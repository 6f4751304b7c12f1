//! A case at rest at every step, where a story stops before its end: so that whoever sits down at
//! any desk finds work that can be agreed to.
//!
//! These people come in beside the others, each just so long before the last day that is told that
//! their matter has come to its step by then and rests there. Nothing about them is left to chance,
//! and nothing is abnormal: the next step of each is lawful on that day.

use std::collections::BTreeMap;

use super::application::{self, clerk};
use super::benefit::{self, WELFARE};
use super::office::{Draft, label};
use super::payroll::BATCH_ITEMS;
use super::resident::{Resident, Turn};
use super::{County, Task};
use crate::crypto::random_bytes;
use crate::demo::DemoError;
use crate::domain::benefit::propose::batch;
use crate::event::{ProcessingRestricted, Right, RightRequested};
use crate::value::{
    ActorId, CaseId, Category, Day, Hash, Level, Malformed, PayrollId, PersonId, Programme, Subject,
};

const LIVING: Programme = Programme::LIVING_ALLOWANCE;
const NURSING: Programme = Programme::NURSING_CARE_SUBSIDY;
const PRIVACY: &str = "411700-privacy-1";

/// Where a matter rests: what is named is the step that comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    Verify,
    Accept,
    Assign,
    /// By the assessors of that pair, both of them.
    Assess(usize),
    /// By the second assessor: the first has recorded.
    AssessSecond,
    Conclude,
    Publish,
    /// The supervisor's word on a waived notice.
    EndorseWaiver,
    ResolveObjection,
    CloseNotice,
    Review,
    Approve,
    Refuse,
    Print,
    Issue,
    /// The approver's word on a proposed issue.
    EndorseIssue,
    Deliver,
    /// The prefecture's consent to an appeal.
    Reassign,
    AnswerAppeal,
    /// The panel's conclusion.
    Panel,
    FirstReview(Programme),
    SecondReview(Programme),
    Determine(Programme),
    BindAccount(Programme),
    /// The clerk's word on the account.
    EndorseAccount(Programme),
    /// In no payroll yet.
    PreparePayroll(Programme),
    /// In a payroll that waits for its release, or for the bank.
    Payroll(Programme),
    /// A request that the privacy officer answers.
    Erase,
    /// The custodian's word on a restriction.
    EndorseRestriction,
}

/// Assessors who are named by hand, so that everybody in the hospital has a case.
const PAIRS: [[&str; 2]; 3] = [
    ["411702-assessor-1", "411702-assessor-2"],
    ["411702-assessor-3", "411702-assessor-4"],
    ["411700-assessor-1", "411702-assessor-1"],
];

/// Every matter at rest, with the working days after which it is there.
#[rustfmt::skip]
const RESTS: &[(Rest, u32)] = &[
    (Rest::Verify, 0), (Rest::Verify, 0), (Rest::Accept, 1), (Rest::Accept, 1),
    (Rest::Assign, 1), (Rest::Assign, 1),
    (Rest::Assess(0), 2), (Rest::Assess(1), 2), (Rest::Assess(2), 2), (Rest::AssessSecond, 5),
    (Rest::Conclude, 5), (Rest::Publish, 6), (Rest::EndorseWaiver, 7),
    (Rest::ResolveObjection, 9), (Rest::CloseNotice, 13),
    (Rest::Review, 13), (Rest::Review, 13), (Rest::Approve, 16), (Rest::Refuse, 6),
    (Rest::Print, 18), (Rest::Issue, 19), (Rest::EndorseIssue, 20), (Rest::Deliver, 20),
    (Rest::Reassign, 11), (Rest::AnswerAppeal, 18), (Rest::Panel, 22),
    (Rest::FirstReview(LIVING), 39), (Rest::FirstReview(NURSING), 44),
    (Rest::SecondReview(LIVING), 39), (Rest::SecondReview(NURSING), 44),
    (Rest::Determine(LIVING), 42), (Rest::Determine(NURSING), 47),
    (Rest::BindAccount(LIVING), 45), (Rest::BindAccount(NURSING), 50),
    (Rest::EndorseAccount(LIVING), 47), (Rest::EndorseAccount(NURSING), 52),
    (Rest::PreparePayroll(LIVING), 47), (Rest::PreparePayroll(NURSING), 52),
    (Rest::Payroll(LIVING), 47), (Rest::Payroll(NURSING), 52),
    (Rest::Payroll(LIVING), 47), (Rest::Payroll(NURSING), 52),
    (Rest::Erase, 2), (Rest::EndorseRestriction, 2),
];

impl Rest {
    /// Whether the next step of an application is for whoever opens the ledger.
    fn is_before(self, step: application::Step) -> bool {
        use application::Step;
        matches!(
            (self, step),
            (Self::Verify | Self::Accept, Step::Receive)
                | (Self::Assign, Step::Assign { .. })
                | (Self::Assess(_) | Self::AssessSecond, Step::Assess { .. })
                | (Self::Conclude, Step::Conclude { .. })
                | (Self::Publish | Self::EndorseWaiver, Step::Publish)
                | (Self::ResolveObjection, Step::Resolve)
                | (Self::CloseNotice, Step::Close)
                | (Self::Review, Step::Review)
                | (Self::Approve, Step::Approve)
                | (Self::Refuse, Step::Refuse)
                | (Self::Print, Step::Print)
                | (Self::Issue | Self::EndorseIssue, Step::Issue)
                | (Self::Deliver, Step::Deliver)
                | (Self::Reassign, Step::Reassign)
                | (Self::AnswerAppeal, Step::Answer)
                | (Self::Panel, Step::AskPanel)
                | (Self::Erase | Self::EndorseRestriction, Step::SealFile)
        )
    }

    /// The same of a benefit.
    fn is_before_benefit(self, step: benefit::Step) -> bool {
        use benefit::Step;
        matches!(
            (self, step),
            (Self::FirstReview(_), Step::FirstReview)
                | (Self::SecondReview(_), Step::SecondReview)
                | (Self::Determine(_), Step::Determine)
                | (
                    Self::BindAccount(_) | Self::EndorseAccount(_) | Self::PreparePayroll(_),
                    Step::Bind
                )
        )
    }

    /// The benefit it is about; none of a certificate.
    const fn programme(self) -> Option<Programme> {
        match self {
            Self::FirstReview(programme)
            | Self::SecondReview(programme)
            | Self::Determine(programme)
            | Self::BindAccount(programme)
            | Self::EndorseAccount(programme)
            | Self::PreparePayroll(programme)
            | Self::Payroll(programme) => Some(programme),
            _ => None,
        }
    }

    /// What has to be true of a resident for the matter to come to its step, and no further.
    fn shape(self, resident: &mut Resident) -> Result<(), Malformed> {
        resident.turn = match self {
            Self::ResolveObjection => Turn::Objection,
            Self::Refuse => Turn::NotMeeting,
            Self::Reassign | Self::AnswerAppeal => Turn::Appeals,
            Self::Panel => Turn::AppealsTwice,
            Self::Erase | Self::EndorseRestriction => Turn::NotAccepted,
            _ => resident.turn,
        };
        let programme = self.programme();
        resident.dibao = programme == Some(LIVING);
        resident.care = programme == Some(NURSING);
        // Levels 1 and 2 are assessed twice, and only those have the nursing-care subsidy.
        let level = Level::new(if resident.care { 2 } else { 3 })?;
        resident.grade.category = Category::Physical;
        (resident.grade.level, resident.grade.components) = (level, Vec::new());
        Ok(())
    }
}

/// Who rests where, and who of them comes in on which day.
#[derive(Default)]
pub(super) struct Waits {
    rests: BTreeMap<u32, Rest>,
    arrivals: BTreeMap<Day, Vec<u32>>,
    /// Accounts that are bound on the last evening: resident, case, proposal.
    accounts: Vec<(u32, CaseId, Hash)>,
}

impl Waits {
    pub(super) fn of(&self, number: u32) -> Option<Rest> {
        self.rests.get(&number).copied()
    }

    /// Whether a task is one of theirs.
    pub(super) fn has(&self, task: &Task) -> bool {
        let number = match task {
            Task::Application(file, _) => file.number,
            Task::Benefit(file, _) => file.number,
            Task::Later(matter, _) => matter.number,
            Task::Payroll(_) => return false,
        };
        self.rests.contains_key(&number)
    }

    /// Makes the resident as their matter needs it.
    pub(super) fn shape(&self, resident: &mut Resident) -> Result<(), Malformed> {
        self.of(resident.number).map_or(Ok(()), |rest| rest.shape(resident))
    }

    /// Who comes in by a day.
    pub(super) fn coming(&mut self, day: Day) -> Vec<u32> {
        let later = self.arrivals.split_off(&day.plus_days(1));
        std::mem::replace(&mut self.arrivals, later).into_values().flatten().collect()
    }
}

impl County<'_> {
    /// Finds a resident for each matter, numbered after all others, and the day they come in.
    pub(super) fn schedule_waits(&mut self) -> Result<(), DemoError> {
        let calendar = self.agenda.calendar().clone();
        let told = Day::of_millis(self.options.stops_at_ms());
        let mut last = told.plus_days(-1);
        while !calendar.is_working_day(last) {
            last = last.plus_days(-1);
        }
        let mut number = self.options.people;
        for (rest, lead) in RESTS {
            let minor = *rest == Rest::EndorseWaiver;
            loop {
                let found = Resident::of(self.options.seed, number, self.begins)?;
                let fits = match minor {
                    true => found.guardian.is_some(),
                    false => found.guardian.is_none() && found.turn == Turn::Usual,
                };
                number += 1;
                if fits {
                    break;
                }
            }
            let mut day = last;
            let fits =
                |day: Day| calendar.is_working_day(day) && calendar.after(day, *lead) <= last;
            while !fits(day) && day > self.begins {
                day = day.plus_days(-1);
            }
            self.waits.rests.insert(number - 1, *rest);
            self.waits.arrivals.entry(day).or_default().push(number - 1);
        }
        Ok(())
    }

    /// Whether an application has come to its rest; half of the step may be taken before it.
    pub(super) fn rests(
        &mut self,
        resident: &Resident,
        file: &mut application::File,
        step: application::Step,
    ) -> Result<bool, DemoError> {
        let Some(rest) = self.waits.of(file.number).filter(|rest| rest.is_before(step)) else {
            return Ok(false);
        };
        match rest {
            Rest::Accept => self.verify(resident, file)?,
            Rest::AssessSecond => self.record(resident, file, 1)?,
            Rest::EndorseWaiver => _ = self.waive(resident, file)?,
            Rest::EndorseIssue => _ = self.propose_issue(resident, file)?,
            Rest::Panel => self.file_appeal(resident, file)?,
            Rest::Erase => _ = self.request(resident, file.person, Right::Erasure)?,
            Rest::EndorseRestriction => {
                let request = self.request(resident, file.person, Right::Restriction)?;
                let basis = label("本人申请,未予受理的资料不再使用")?;
                let data = ProcessingRestricted { person: file.person, basis };
                let subject = Subject::Person(file.person);
                self.office.sign(PRIVACY, &subject, Draft::of(data).on(request))?;
            }
            _ => {}
        }
        Ok(true)
    }

    /// The same of a benefit.
    pub(super) fn benefit_rests(
        &mut self,
        resident: &Resident,
        file: &benefit::File,
        step: benefit::Step,
    ) -> Result<bool, DemoError> {
        let rest = self.waits.of(file.number).filter(|rest| rest.is_before_benefit(step));
        if let Some(rest @ (Rest::EndorseAccount(_) | Rest::PreparePayroll(_))) = rest {
            let bound = self.propose_account(resident, file)?;
            let later = matches!(rest, Rest::PreparePayroll(_));
            self.waits.accounts.extend(later.then_some((file.number, file.case, bound)));
        }
        Ok(rest.is_some())
    }

    /// On the evening of the last day: the payrolls of the month are prepared, one half of each is
    /// released and not paid, the other waits for its release. Then the last accounts are bound, of
    /// those whom the next batch is to be prepared for.
    pub(super) fn leave_payrolls(&mut self) -> Result<(), DemoError> {
        let (month, division) = (self.office.today().month(), self.division);
        for programme in [LIVING, NURSING] {
            let items = self.office.propose(programme, month, division)?;
            let half = items.len().div_ceil(2).clamp(1, BATCH_ITEMS);
            let mut released = Vec::new();
            for (at, items) in items.chunks(half).enumerate() {
                let data = batch(programme, month, division, items.to_vec());
                let (id, root) = (PayrollId(random_bytes()?), data.root.clone());
                self.office.sign(WELFARE, &Subject::Payroll(id), Draft::of(data))?;
                released.extend((at % 2 == 0).then_some((id, root)));
            }
            for (id, root) in released {
                self.authorise(id, root)?;
            }
        }
        for (number, case, bound) in std::mem::take(&mut self.waits.accounts) {
            let resident = self.resident(number)?;
            self.office.endorse(clerk(&resident), &Subject::Case(case), bound)?;
        }
        self.office.send()
    }

    fn request(
        &mut self,
        resident: &Resident,
        person: PersonId,
        right: Right,
    ) -> Result<Hash, DemoError> {
        let data =
            RightRequested { person, right, reason: label("申请未获受理,不再办理")? };
        self.office.sign(clerk(resident), &Subject::Person(person), Draft::of(data))
    }

    /// The assessors who are named by hand for a case at rest.
    pub(super) fn named_by_hand(&self, number: u32) -> Result<Option<Vec<ActorId>>, Malformed> {
        let Some(Rest::Assess(pair)) = self.waits.of(number) else { return Ok(None) };
        PAIRS[pair].iter().map(|id| id.parse()).collect::<Result<_, _>>().map(Some)
    }
}
