//! What rules keep of the review chain: who took which step of a case, and who the officers are.

use serde::{Deserialize, Serialize};
use serde_with::serde_as;

use super::key::{ActorRef, StatementRef};
use super::packed::Packed;
use crate::event::{ApplicationKind, Grade};
use crate::value::{
    CaseId, Category, CertificateId, ChainStep, Component, Day, DivisionCode, Level, Tag,
};

/// One step of a case.
#[serde_as]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The case.
    #[serde_as(as = "Packed")]
    pub case: CaseId,
    /// Who signed it.
    pub by: ActorRef,
    /// The day it was recorded.
    #[serde_as(as = "Packed")]
    pub recorded: Day,
    /// What was done.
    pub kind: StepKind,
}

/// What was done in a step.
#[serde_as]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the documented event")]
pub enum StepKind {
    /// An application came in.
    Submitted {
        kind: ApplicationKind,
        #[serde_as(as = "Option<Packed>")]
        certificate: Option<CertificateId>,
        #[serde_as(as = "Packed")]
        birth: Day,
    },
    /// The identity was verified.
    Verified {
        #[serde_as(as = "Packed")]
        birth: Day,
    },
    /// The application was accepted.
    Accepted,
    /// It was not accepted.
    NotAccepted,
    /// Assessors of an institution were assigned.
    Assigned { institution: ActorRef },
    /// One assessor's record.
    Assessed { by_sight: bool },
    /// The institution's conclusion; without a grade the standard is not met.
    Concluded { grade: Option<StepGrade>, assessments: Vec<StatementRef> },
    /// The notice hangs.
    Posted {
        #[serde_as(as = "Packed")]
        opens: Day,
        /// Its last day.
        #[serde_as(as = "Packed")]
        closes: Day,
    },
    /// No notice, as for a minor.
    Waived,
    /// An objection.
    Objected,
    /// What became of the objection of that statement is said.
    Resolved { objection: StatementRef },
    /// The notice is over.
    Closed { clear: bool },
    /// The public view was removed.
    TakenDown {
        #[serde_as(as = "Packed")]
        removed_on: Day,
    },
    /// The review; a cause of its delay may be named.
    Reviewed { agreed: bool, delay_named: bool },
    /// Approved.
    Approved,
    /// Refused in writing.
    Refused,
    /// Printed on a blank.
    Printed {
        #[serde_as(as = "Packed")]
        blank: Tag,
    },
    /// Issued.
    Issued {
        #[serde_as(as = "Packed")]
        certificate: CertificateId,
    },
    /// The file was sealed, with so many gaps.
    Sealed { gaps: u32 },
    /// An officer declared a conflict of interest and leaves the case.
    Conflict,
    /// A benefit was applied for.
    BenefitApplied,
    /// The township's first review, and the days of the village notice.
    BenefitFirst {
        #[serde_as(as = "Option<(Packed, Packed)>")]
        notice: Option<(Day, Day)>,
    },
    /// The federation's second review.
    BenefitSecond,
    /// Another step of its policy's chain.
    BenefitChecked { step: ChainStep },
    /// Civil affairs determined it.
    BenefitDetermined,
    /// An appeal, and the day by which it is to be answered.
    Appealed {
        #[serde_as(as = "Packed")]
        due: Day,
    },
    /// The prefecture's or the province's answer to it.
    AppealAnswered,
}

/// A conclusion as a row holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepGrade {
    /// Category.
    pub category: Category,
    /// Level.
    pub level: Level,
    /// Components of a multiple disability.
    pub components: Vec<Component>,
}

impl From<&Grade> for StepGrade {
    fn from(grade: &Grade) -> Self {
        let Grade { category, level, components } = grade;
        Self { category: *category, level: *level, components: components.clone() }
    }
}

/// What an enrolment says of an officer.
#[serde_as]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Officer {
    /// Tag of the officer's own ID number: two actors of one tag are one human being.
    #[serde_as(as = "Option<Packed>")]
    pub person: Option<Tag>,
    /// The institution of an assessor or a seal.
    pub institution: Option<ActorRef>,
    /// An attending physician or higher.
    pub attending: bool,
}

/// What an enrolment or a newer key says of the owner of an ID number: the officer, or a declared
/// relative.
#[serde_as]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    /// The officer.
    pub officer: ActorRef,
    /// Tag of that officer's own ID number.
    #[serde_as(as = "Option<Packed>")]
    pub own: Option<Tag>,
    /// The number is the officer's own.
    pub is_self: bool,
    /// Declared with a newer key, after the enrolment.
    pub later: bool,
}

/// A designation of an institution.
#[serde_as]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Designation {
    /// The categories it may assess.
    pub categories: Vec<Category>,
    /// Where it is.
    #[serde_as(as = "Packed")]
    pub division: DivisionCode,
    /// How many it may hold at once.
    pub capacity: Option<u32>,
    /// First day.
    #[serde_as(as = "Packed")]
    pub from: Day,
    /// Last day, when bounded.
    #[serde_as(as = "Option<Packed>")]
    pub to: Option<Day>,
}

/// What happened to a certificate besides being issued and stopped.
#[serde_as]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the documented event")]
pub enum Turn {
    /// The holder declared it lost.
    Lost,
    /// The holder was reminded of its expiry.
    Reminded,
    /// The old county handed it over.
    TransferredOut {
        #[serde_as(as = "Packed")]
        to: DivisionCode,
    },
    /// The new county took it over.
    TransferredIn {
        #[serde_as(as = "Packed")]
        to: DivisionCode,
    },
}
