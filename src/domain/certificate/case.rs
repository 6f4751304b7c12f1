//! A certificate case: where it stands, who did what, and what later steps must agree with.
//!
//! A case that has ended keeps no more than its end, because the state is saved whole; what
//! happened in it is on the log. Only while its conclusion can still be appealed does it keep what
//! an appeal needs: who took part, and where to go on.

use serde::{Deserialize, Serialize};

use super::grade_form;
use crate::domain::refusal::InChinese;
use crate::event::{ApplicationKind, Grade};
use crate::value::{ActorId, Category, CertificateId, Day, DivisionCode, Hash, PersonId, Tag};

/// Where a case stands; each name says what was done last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// The application is in.
    Submitted,
    /// The identity is verified.
    Verified,
    /// The application is accepted.
    Accepted,
    /// Assessors are assigned; a round of assessment is open.
    Assigned,
    /// Concluded: meets the standard. A second round may be due before the notice.
    Assessed,
    /// Concluded: does not meet the standard.
    NotMeeting,
    /// The public notice hangs.
    Noticed,
    /// The notice was closed by an objection that was upheld.
    Objected,
    /// The notice was closed clear, or waived.
    Cleared,
    /// The reviewer agrees.
    Agreed,
    /// The reviewer returned it for correction.
    Returned,
    /// The reviewer does not agree.
    Disagreed,
    /// Approved.
    Approved,
    /// Printed.
    Printed,
    /// Nothing follows.
    Ended(Ending),
}

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// Not accepted.
    NotAccepted,
    /// Refused in writing.
    Refused,
    /// A certificate was issued.
    Issued,
    /// The lost or damaged card was replaced.
    Replaced,
    /// The certificate was taken over by the county applied in.
    Transferred,
    /// The certificate was cancelled.
    Cancelled,
}

/// The five parts that five different people take (I11), and the judging of an appeal (I21).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// Receives the application, accepts it.
    Accept,
    /// Assesses.
    Assess,
    /// Reviews.
    Review,
    /// Approves or refuses.
    Approve,
    /// Prints and issues.
    Print,
    /// Judges an appeal.
    Appeal,
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Accept => "acceptance",
            Self::Assess => "assessment",
            Self::Review => "review",
            Self::Approve => "approval",
            Self::Print => "printing",
            Self::Appeal => "appeal",
        })
    }
}

impl InChinese for Part {
    fn in_chinese(&self) -> String {
        let word = match self {
            Self::Accept => "受理",
            Self::Assess => "评定",
            Self::Review => "审核",
            Self::Approve => "批准",
            Self::Print => "制证",
            Self::Appeal => "复核评定裁决",
        };
        word.to_owned()
    }
}

/// One application and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The applicant.
    pub person: PersonId,
    /// The division of household registration: it decides.
    pub division: DivisionCode,
    /// What is applied for.
    pub kind: ApplicationKind,
    /// Where it stands.
    pub stage: Stage,
    /// Its file is sealed.
    pub sealed: bool,
    /// What later steps need, until the case ends and cannot be appealed any more.
    pub progress: Option<Box<Progress>>,
}

/// What the steps of an open case left for those after them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Tag of the applicant's ID number.
    pub id: Tag,
    /// The number's own form is right.
    pub id_valid: bool,
    /// Birth date.
    pub birth_date: Day,
    /// Where the person lives: its officers may receive, assess and publish.
    pub residence: DivisionCode,
    /// The claimed categories.
    pub claimed: Vec<Category>,
    /// The present certificate, for every kind but `new`.
    pub previous: Option<CertificateId>,
    /// The application's statement.
    pub application: Hash,
    /// The acceptance's statement.
    pub acceptance: Option<Hash>,
    /// The institution that the applicant was sent to.
    pub institution: Option<ActorId>,
    /// What the seeds of random draws are made from, once it is fixed.
    pub draw: Option<Hash>,
    /// The consent to a regrade.
    pub consent: Option<Hash>,
    /// Who took which part.
    pub officers: Vec<(Part, ActorId)>,
    /// Rounds of assessment opened so far.
    pub rounds: u32,
    /// The round of assessment that is open, or was last.
    pub round: Option<Round>,
    /// Assessors whose conclusion fell by an upheld objection.
    pub fallen: Vec<ActorId>,
    /// The last conclusion.
    pub conclusion: Option<Conclusion>,
    /// The public notice.
    pub notice: Option<Notice>,
    /// The review's statement.
    pub review: Option<Hash>,
    /// The division that approved.
    pub approved_in: Option<DivisionCode>,
    /// The day it was printed.
    pub printed_on: Option<Day>,
    /// Tag of the blank it was printed on.
    pub blank: Option<Tag>,
    /// The last day to appeal a case that has ended.
    pub appeal_until: Option<Day>,
}

impl Progress {
    /// The concluded grade, when the applicant meets the standard.
    #[must_use]
    pub fn grade(&self) -> Option<&Grade> {
        self.conclusion.as_ref()?.grade.as_ref()
    }

    pub(super) fn took(&mut self, part: Part, actor: &ActorId) {
        let taken = (part, actor.clone());
        if !self.officers.contains(&taken) {
            self.officers.push(taken);
        }
    }
}

/// One round of assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// The institution.
    pub institution: ActorId,
    /// The assessors.
    pub assessors: Vec<ActorId>,
    /// Those of the first round, when this is the second.
    pub first_round: Option<Vec<ActorId>>,
    /// What was recorded so far.
    pub records: Vec<Assessment>,
}

impl Round {
    /// Those who recorded.
    pub fn recorded_by(&self) -> impl Iterator<Item = &ActorId> {
        self.records.iter().map(|record| &record.assessor)
    }
}

/// What one assessor recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// The statement.
    pub statement: Hash,
    /// The assessor.
    pub assessor: ActorId,
    /// The grade; none when the standard is not met.
    #[serde(with = "grade_form::optional")]
    pub grade: Option<Grade>,
}

/// The institution's conclusion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conclusion {
    /// The statement.
    pub statement: Hash,
    /// The grade; none when the standard is not met.
    #[serde(with = "grade_form::optional")]
    pub grade: Option<Grade>,
    /// Of a second round, or of an appeal: no further round is due.
    pub second_round: bool,
    /// The day it was recorded.
    pub on: Day,
    /// Who concluded last.
    pub by: ConcludedBy,
}

/// Whose conclusion it is: each may be appealed to the next, and the last is final (art. 25).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConcludedBy {
    /// The designated institution.
    Institution,
    /// The prefecture's federation, on appeal.
    Prefecture,
    /// The provincial panel.
    Panel,
}

/// The public notice of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// It hangs.
    Hanging {
        /// Its last day.
        closes_on: Day,
        /// Objections nobody has resolved yet, by statement.
        open: Vec<Hash>,
        /// One was upheld.
        upheld: bool,
    },
    /// It was closed clear or waived, by that statement.
    Done(Hash),
}
