//! The rule-relevant trace of one effective event.
//!
//! No record holds personal data in clear: only tags, dates, grades, months and money.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_with::serde_as;

use super::grant_step::GrantStep;
use super::key::{ActorRef, Key, StatementRef};
use super::mark::Mark;
use super::packed::Packed;
use super::step::{Designation, Officer, Step, Tie, Turn};
use crate::event::{LegacyStatus, Role, RollKind};
use crate::value::FactKind;
use crate::value::{
    CaseId, Category, CertificateId, Component, Day, DivisionCode, Fen, HouseholdId, IdForm, Level,
    Month, PayrollId, PersonId, Programme, RollId, Tag,
};

/// A record with the key it is stored under; the index of its event goes beside both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The key.
    pub key: Key,
    /// The record.
    pub record: Record,
}

/// What rules need of one effective event.
#[serde_as]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The day it happened in the world.
    #[serde_as(as = "Packed")]
    pub at: Day,
    /// The statement.
    pub statement: StatementRef,
    /// What it says.
    pub what: What,
}

/// What one event says, by kind.
#[serde_as]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the documented event")]
pub enum What {
    /// A row of the old register.
    Legacy(Box<LegacyRow>),
    /// A certificate issued through the review chain.
    Issued(Box<Issued>),
    /// A lost card replaced.
    Replaced {
        #[serde_as(as = "Packed")]
        certificate: CertificateId,
        #[serde_as(as = "Packed")]
        lost: CertificateId,
        #[serde_as(as = "Packed")]
        id: Tag,
        #[serde_as(as = "Packed")]
        number: Tag,
        #[serde_as(as = "Packed")]
        blank: Tag,
    },
    /// A certificate frozen.
    Frozen {
        #[serde_as(as = "Packed")]
        certificate: CertificateId,
    },
    /// A frozen certificate valid again.
    Unfrozen {
        #[serde_as(as = "Packed")]
        certificate: CertificateId,
    },
    /// A certificate cancelled or revoked.
    Ended {
        #[serde_as(as = "Packed")]
        certificate: CertificateId,
        /// Cancelled because the holder no longer meets the standard.
        not_meeting: bool,
    },
    /// A step of a case.
    Step(Box<Step>),
    /// Something else that happened to a certificate.
    Turned {
        #[serde_as(as = "Packed")]
        certificate: CertificateId,
        turn: Turn,
        by: ActorRef,
    },
    /// An enrolled actor.
    Officer(Box<Officer>),
    /// The division the ledger was founded for.
    Founded(#[serde_as(as = "Packed")] DivisionCode),
    /// Whose officer or relative the owner of an ID number is.
    Tie(Tie),
    /// An institution was designated.
    Designated(Box<Designation>),
    /// An institution was suspended.
    Suspended,
    /// Who authorised a batch of payments, by its root.
    Authorised { by: ActorRef, root: Mark },
    /// A later statement says why this one came late or was wrong.
    Explained,
    /// What an application or the person's record says of the person.
    Known(Box<Known>),
    /// A payment that was made.
    Paid(Arc<Paid>),
    /// A payment that came back.
    Returned(Box<Returned>),
    /// What an outside register reports.
    Fact(Box<Fact>),
    /// Another ID number is this person's.
    Linked(#[serde_as(as = "Packed")] Tag),
    /// An ID number is not this person's.
    Unlinked(#[serde_as(as = "Packed")] Tag),
    /// A mistyped ID number.
    Retyped {
        #[serde_as(as = "Packed")]
        from: Tag,
        #[serde_as(as = "Packed")]
        to: Tag,
    },
    /// A guardian.
    Guardian {
        #[serde_as(as = "Packed")]
        id: Tag,
        #[serde_as(as = "Packed")]
        name: Tag,
    },
    /// The end of a guardianship.
    GuardianEnded {
        #[serde_as(as = "Packed")]
        id: Tag,
    },
    /// Joined a household of the ledger.
    Joined(#[serde_as(as = "Packed")] HouseholdId),
    /// Left it.
    Left(#[serde_as(as = "Packed")] HouseholdId),
    /// A benefit applied for.
    Applied {
        #[serde_as(as = "Packed")]
        case: CaseId,
        programme: Programme,
    },
    /// A benefit granted, refused or stopped: someone decided.
    Decided {
        #[serde_as(as = "Packed")]
        case: CaseId,
        granted: bool,
    },
    /// Back-pay granted by two signers.
    BackPay {
        #[serde_as(as = "Packed")]
        case: CaseId,
        #[serde_as(as = "Vec<Packed>")]
        months: Vec<Month>,
    },
    /// An index entry: look into this person's file.
    Seen(#[serde_as(as = "Packed")] PersonId),
    /// A name in a household, of a person who need not be known otherwise.
    Member {
        #[serde_as(as = "Option<Packed>")]
        name: Option<Tag>,
    },
    /// The account lawfully receives for the residents of an institution.
    Institution,
    /// A roll is in.
    RollIn {
        kind: RollKind,
        #[serde_as(as = "Packed")]
        division: DivisionCode,
        #[serde_as(as = "Option<Packed>")]
        month: Option<Month>,
        year: Option<u16>,
        programme: Option<Programme>,
    },
    /// The statement of this key was corrected or retracted.
    Void,
    /// A step of a benefit that the ledger runs.
    Grant(Box<GrantStep>),
    /// A batch prepared.
    BatchPrepared { root: Mark },
    /// An index entry: look into the files of these persons.
    SeenAll(#[serde_as(as = "Vec<Packed>")] Vec<PersonId>),
    /// Works accepted, with the papers that show them.
    Works {
        programme: Programme,
        before: Mark,
        after: Mark,
        cost: Fen,
        #[serde_as(as = "Option<Packed>")]
        dwelling: Option<Tag>,
    },
    /// The clerk who gave a statement its second signature.
    EndorsedBy(Mark),
    /// An index entry: look into the file of this case's person.
    OfCase(#[serde_as(as = "Packed")] CaseId),
    /// An index entry: look at the works of this household's house.
    OfHouse(#[serde_as(as = "Packed")] HouseholdId),
    /// A payroll of the ledger is prepared: it holds everybody of the division who is determined.
    PayrollIn {
        programme: Programme,
        #[serde_as(as = "Packed")]
        division: DivisionCode,
        #[serde_as(as = "Packed")]
        month: Month,
    },
    /// Somebody looked at the person's data.
    Looked { by: ActorRef, role: Role },
}

/// Columns of the register that a row may lack because its roll does not have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Columns(u16);

impl Columns {
    /// 多重残疾明细
    pub const COMPONENTS: Self = Self(1);
    /// 评定医师1
    pub const ASSESSOR_1: Self = Self(1 << 1);
    /// 评定医师2
    pub const ASSESSOR_2: Self = Self(1 << 2);
    /// 公示起
    pub const NOTICE_FROM: Self = Self(1 << 3);
    /// 公示止
    pub const NOTICE_TO: Self = Self(1 << 4);
    /// 受理人
    pub const RECEIVER: Self = Self(1 << 5);
    /// 批准人
    pub const APPROVER: Self = Self(1 << 6);
    /// 监护人
    pub const GUARDIAN: Self = Self(1 << 7);
    /// 户号
    pub const HOUSEHOLD: Self = Self(1 << 8);
    /// 证件状态
    pub const STATUS: Self = Self(1 << 9);

    /// The columns that a row's `gaps` name; other gaps concern no rule of this version.
    #[must_use]
    pub fn of_gaps<'a>(gaps: impl Iterator<Item = &'a str>) -> Self {
        gaps.fold(Self::default(), |columns, gap| {
            columns.and(match gap {
                "components" => Self::COMPONENTS,
                "assessor_1" => Self::ASSESSOR_1,
                "assessor_2" => Self::ASSESSOR_2,
                "notice_from" => Self::NOTICE_FROM,
                "notice_to" => Self::NOTICE_TO,
                "receiver" => Self::RECEIVER,
                "approver" => Self::APPROVER,
                "guardian" | "guardian_name" => Self::GUARDIAN,
                "household_no" => Self::HOUSEHOLD,
                "status" => Self::STATUS,
                _ => Self::default(),
            })
        })
    }

    /// Both sets together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Says whether any of `other` is in the set.
    #[must_use]
    pub const fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// One row of the old register, without what no rule reads.
#[serde_as]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields of `certificate.legacy_imported`")]
pub struct LegacyRow {
    #[serde_as(as = "Packed")]
    pub certificate: CertificateId,
    #[serde_as(as = "Packed")]
    pub id: Tag,
    pub id_form: IdForm,
    #[serde_as(as = "Option<Packed>")]
    pub number: Option<Tag>,
    #[serde_as(as = "Packed")]
    pub name: Tag,
    #[serde_as(as = "Option<Packed>")]
    pub sound: Option<Tag>,
    #[serde_as(as = "Vec<Packed>")]
    pub meant: Vec<Tag>,
    #[serde_as(as = "Option<Packed>")]
    pub birth: Option<Day>,
    pub category: Category,
    pub level: Level,
    pub components: Vec<Component>,
    #[serde_as(as = "Packed")]
    pub issued: Day,
    #[serde_as(as = "Packed")]
    pub valid_to: Day,
    pub status: LegacyStatus,
    #[serde_as(as = "Option<Packed>")]
    pub status_date: Option<Day>,
    #[serde_as(as = "Packed")]
    pub division: DivisionCode,
    #[serde_as(as = "Option<Packed>")]
    pub village: Option<Tag>,
    #[serde_as(as = "Option<Packed>")]
    pub phone: Option<Tag>,
    #[serde_as(as = "Option<Packed>")]
    pub guardian_id: Option<Tag>,
    #[serde_as(as = "Option<Packed>")]
    pub guardian_name: Option<Tag>,
    #[serde_as(as = "Option<Packed>")]
    pub household_no: Option<Tag>,
    #[serde_as(as = "[Option<Packed>; 2]")]
    pub assessors: [Option<Tag>; 2],
    #[serde_as(as = "Option<Packed>")]
    pub receiver: Option<Tag>,
    #[serde_as(as = "Option<Packed>")]
    pub approver: Option<Tag>,
    #[serde_as(as = "Option<Packed>")]
    pub notice_from: Option<Day>,
    #[serde_as(as = "Option<Packed>")]
    pub notice_to: Option<Day>,
    pub assessed_by_sight: bool,
    /// Columns the roll does not have.
    pub absent: Columns,
    #[serde_as(as = "Packed")]
    pub roll: RollId,
    pub row: u32,
}

/// A certificate issued through the review chain.
#[serde_as]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields of `certificate.issued`")]
pub struct Issued {
    #[serde_as(as = "Packed")]
    pub certificate: CertificateId,
    #[serde_as(as = "Packed")]
    pub id: Tag,
    #[serde_as(as = "Packed")]
    pub number: Tag,
    pub category: Category,
    pub level: Level,
    pub components: Vec<Component>,
    #[serde_as(as = "Packed")]
    pub valid_from: Day,
    #[serde_as(as = "Packed")]
    pub valid_to: Day,
    #[serde_as(as = "Packed")]
    pub division: DivisionCode,
    #[serde_as(as = "Option<Packed>")]
    pub supersedes: Option<CertificateId>,
}

/// Attributes of a person.
#[serde_as]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields of the documented events")]
pub struct Known {
    #[serde_as(as = "Option<Packed>")]
    pub id: Option<Tag>,
    pub id_form: Option<IdForm>,
    #[serde_as(as = "Option<Packed>")]
    pub name: Option<Tag>,
    /// Tag of how the name sounds.
    #[serde_as(as = "Option<Packed>")]
    pub sound: Option<Tag>,
    /// Tags of the valid ID numbers that the number may stand for.
    #[serde_as(as = "Vec<Packed>")]
    pub meant: Vec<Tag>,
    /// The name corrects an earlier one: both are this person's.
    pub renamed: bool,
    #[serde_as(as = "Option<Packed>")]
    pub birth: Option<Day>,
    #[serde_as(as = "Option<Packed>")]
    pub village: Option<Tag>,
    #[serde_as(as = "Option<Packed>")]
    pub phone: Option<Tag>,
    #[serde_as(as = "Option<Packed>")]
    pub guardian_id: Option<Tag>,
    #[serde_as(as = "Option<Packed>")]
    pub guardian_name: Option<Tag>,
    #[serde_as(as = "Option<Packed>")]
    pub division: Option<DivisionCode>,
}

/// A payment that was made.
#[serde_as]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields of `payment.executed`")]
pub struct Paid {
    pub programme: Programme,
    #[serde_as(as = "Option<Packed>")]
    pub month: Option<Month>,
    pub year: Option<u16>,
    pub amount: Fen,
    #[serde_as(as = "Vec<Packed>")]
    pub months: Vec<Month>,
    pub back_pay_months: u16,
    pub back_pay_reason: bool,
    #[serde_as(as = "Packed")]
    pub id: Tag,
    #[serde_as(as = "Packed")]
    pub name: Tag,
    #[serde_as(as = "Option<Packed>")]
    pub number: Option<Tag>,
    #[serde_as(as = "Option<Packed>")]
    pub account: Option<Tag>,
    #[serde_as(as = "Option<Packed>")]
    pub holder: Option<Tag>,
    #[serde_as(as = "Option<Packed>")]
    pub paid_on: Option<Day>,
    #[serde_as(as = "Packed")]
    pub division: DivisionCode,
    #[serde_as(as = "Option<Packed>")]
    pub chassis: Option<Tag>,
    #[serde_as(as = "Option<Packed>")]
    pub engine: Option<Tag>,
    pub holder_match: Option<bool>,
    /// The authorised batch it executes, and the bank agent who reports it.
    #[serde_as(as = "Option<(Packed, _)>")]
    pub batch: Option<(PayrollId, ActorRef)>,
    #[serde_as(as = "Option<Packed>")]
    pub roll: Option<RollId>,
    pub row: Option<u32>,
}

impl Paid {
    /// The month whose policy governs: the one paid, or the last of the year paid.
    #[must_use]
    pub fn period_end(&self) -> Option<Month> {
        let year = || Month::new(i32::from(self.year?), 12).ok();
        self.month.or_else(year)
    }

    /// The authorised batch it executes.
    #[must_use]
    pub fn payroll(&self) -> Option<PayrollId> {
        self.batch.map(|(payroll, _)| payroll)
    }
}

/// A payment that came back.
#[serde_as]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields of `payment.returned`")]
pub struct Returned {
    pub payment: Option<StatementRef>,
    pub programme: Programme,
    #[serde_as(as = "Option<Packed>")]
    pub month: Option<Month>,
    pub year: Option<u16>,
    pub amount: Fen,
    #[serde_as(as = "Packed")]
    pub division: DivisionCode,
}

/// What an outside register reports of an ID number.
#[serde_as]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields of `external_fact.recorded`")]
pub struct Fact {
    pub kind: FactKind,
    #[serde_as(as = "Option<Packed>")]
    pub name: Option<Tag>,
    #[serde_as(as = "Packed")]
    pub from: Day,
    #[serde_as(as = "Option<Packed>")]
    pub to: Option<Day>,
    #[serde_as(as = "Option<Packed>")]
    pub household_no: Option<Tag>,
    /// The division it concerns, as the new one of a move.
    #[serde_as(as = "Option<Packed>")]
    pub division: Option<DivisionCode>,
    /// The custodian of that register signed it.
    pub by_custodian: bool,
}
