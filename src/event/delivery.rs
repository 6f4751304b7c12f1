//! What was delivered, built and followed up, and the yearly review (E38-E42).

use serde::{Deserialize, Serialize};

use super::{Evidence, OfficerRef, Outcome, RowRef, event_data};
use crate::value::{
    ActorId, Day, Fen, Hash, HouseGrade, HouseholdId, Label, PersonId, Programme, Tag,
};

/// How the side of the person stands behind what was delivered (I33).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PersonSide {
    /// 纸质签字: a signed paper, by its hash.
    #[default]
    Paper,
    /// 本人密钥签名: the person's or guardian's own key endorses the event, which takes effect
    /// with it.
    Key,
}

impl PersonSide {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
    fn is_paper(&self) -> bool {
        *self == Self::Paper
    }
}

event_data! {
    /// E38 `annual_review.completed`: the yearly review of a benefit: the person lives, and is
    /// still entitled or not.
    pub struct AnnualReviewCompleted {
        /// The person.
        pub person: PersonId,
        /// The year reviewed.
        pub year: u16,
        /// Proof that the person lives.
        pub alive: Evidence,
        /// The outcome.
        pub outcome: Outcome,
    }

    /// E39 `service.delivered`: a provider delivered one session of a service, and the
    /// beneficiary's side stands behind it: on the attendance sheet, or with a key of their own.
    pub struct ServiceDelivered {
        /// The person.
        pub person: PersonId,
        /// The programme.
        pub programme: Programme,
        /// The day.
        pub session_date: Day,
        /// The attendance sheet; signed by the beneficiary's side, where that has no key.
        pub attendance: Evidence,
        /// How the beneficiary's side signs: on the paper, or with a key.
        #[serde(default, skip_serializing_if = "PersonSide::is_paper")]
        pub side: PersonSide,
        /// Where the row came from, for imports.
        pub row: Option<RowRef>,
    }

    /// E40 `works.accepted`: building works at a home were inspected and accepted.
    pub struct WorksAccepted {
        /// The household.
        pub household: HouseholdId,
        /// The programme.
        pub programme: Programme,
        /// Before.
        pub before: Evidence,
        /// After.
        pub after: Evidence,
        /// The acceptance, signed by the household's side where that has no key; nothing is paid
        /// without either (I33).
        pub acceptance: Option<Evidence>,
        /// How the household's side signs: on the paper, or with a key.
        #[serde(default, skip_serializing_if = "PersonSide::is_paper")]
        pub side: PersonSide,
        /// The grade the house had.
        pub grade: Option<HouseGrade>,
        /// Cost.
        pub cost: Fen,
        /// Of whose household it is: the head, or the person for whom it was built.
        pub person: Option<PersonId>,
        /// Who did the works.
        pub contractor: Option<Label>,
        /// Tag of the home that the sealed address names, where it goes down to the door: what
        /// finds one house granted twice.
        pub dwelling: Option<Tag>,
        /// Where the row came from, for imports.
        pub row: Option<RowRef>,
    }

    /// E41 `placement.started`: a person begins to live in, or to be cared for by, a facility, or
    /// begins a job.
    pub struct PlacementStarted {
        /// The person.
        pub person: PersonId,
        /// The programme.
        pub programme: Programme,
        /// The facility or employer.
        pub facility: Label,
        /// The code of the designated institution, for a facility that has one.
        pub institution: Option<ActorId>,
        /// First day.
        pub from: Day,
        /// The contract.
        pub contract: Evidence,
        /// Where the row came from, for imports.
        pub row: Option<RowRef>,
    }

    /// E41 `placement.ended`: a placement ended.
    pub struct PlacementEnded {
        /// The person.
        pub person: PersonId,
        /// The placement's statement.
        pub placement: Hash,
        /// Last day.
        pub to: Day,
        /// Why.
        pub reason: Label,
        /// Where the row came from, for imports.
        pub row: Option<RowRef>,
    }

    /// E42 `support_visit.logged`: a helper visited the person.
    pub struct SupportVisitLogged {
        /// The person.
        pub person: PersonId,
        /// Who visited, when not the signer.
        pub helper: Option<OfficerRef>,
        /// The programme it follows up.
        pub programme: Option<Programme>,
        /// What was done.
        pub kind: Label,
        /// The day.
        pub visited_on: Day,
        /// Signed by the person's side.
        pub confirmation: Option<Evidence>,
        /// Where the row came from, for imports.
        pub row: Option<RowRef>,
    }
}
