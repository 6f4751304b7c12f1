//! Layer 2: the catalogue of events.
//!
//! A statement's payload is JSON: an envelope that all types share and `data` of the one type,
//! both strict (no unknown or duplicate field, no float). [`Body`] is the closed set of types;
//! [`Rule`] says for each who may sign it, who must endorse it, and which gates it passes. The
//! same table stands in `events/README.md` for people.
//!
//! Knows nothing of storage, async, the clock or random numbers.

mod application;
mod authority;
mod benefit;
mod catalogue;
mod certificate;
mod common;
mod delivery;
mod fact;
mod one_pass;
mod oversight;
mod payload;
mod payment;
mod recorded;
mod role;
mod schema;
mod title;

pub use application::*;
pub use authority::*;
pub use benefit::*;
pub use catalogue::{RULES, Rule, Second, Standing, SubjectKind, rule_named};
pub use certificate::*;
pub use common::*;
pub use delivery::*;
pub use fact::*;
pub use oversight::*;
pub use payload::{Expect, Payload, PayloadError};
pub use payment::*;
pub use recorded::{Recorded, Signer};
pub use role::{Role, Sector};
pub use schema::TEXTS;
pub use title::title_of;

use serde::{Deserialize, de::DeserializeOwned};

use crate::value::{Hash, PersonId};

/// Gives data structs the derives and the strictness that all of them share.
macro_rules! event_data {
    ($($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* })*) => {
        $(
            $(#[$meta])*
            #[serde_with::skip_serializing_none]
            #[derive(
                Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize,
                schemars::JsonSchema,
            )]
            #[serde(deny_unknown_fields)]
            pub struct $name { $($body)* }
        )*
    };
}
use event_data;

/// Declares [`Body`] from the list of dotted names. After each type stands how it names its
/// person: `one` (field `person`), `maybe` (an optional field) or `none`.
macro_rules! bodies {
    ($($name:literal => $variant:ident $person:ident,)*) => {
        /// The data of one event, of exactly one of the catalogue's types.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each variant is the documented struct of its name")]
        pub enum Body {
            $($variant(Box<$variant>),)*
        }

        impl Body {
            /// Every dotted name, in the catalogue's order.
            pub const NAMES: &[&str] = &[$($name),*];

            /// The dotted name of the type, such as `certificate.issued`.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $name,)*
                }
            }

            /// The person the event says it concerns (`data.person`).
            #[must_use]
            pub fn person(&self) -> Option<PersonId> {
                match self {
                    $(Self::$variant(_data) => bodies!(@person $person _data),)*
                }
            }

            /// Reads `data` of the type called `name`.
            ///
            /// # Errors
            /// An unknown type, or data that is not strictly of that type.
            pub fn from_json(name: &str, data: &str) -> Result<Self, PayloadError> {
                match name {
                    $($name => strict(data).map(|data| Self::$variant(Box::new(data))),)*
                    _ => Err(PayloadError::UnknownType),
                }
            }

            /// Reads the data of the type called `name` where it stands.
            fn read<'de, D: serde::Deserializer<'de>>(
                name: &str,
                deserializer: D,
            ) -> Result<Self, D::Error> {
                match name {
                    $($name => Box::<$variant>::deserialize(deserializer).map(Self::$variant),)*
                    _ => Err(serde::de::Error::custom("not a type of the catalogue")),
                }
            }

            /// Writes `data` as JSON.
            #[must_use]
            pub fn to_json(&self) -> String {
                let written = match self {
                    $(Self::$variant(data) => serde_json::to_string(data),)*
                };
                written.expect("event data is plain structs with text keys")
            }

            /// The JSON Schema of a type's `data`.
            #[must_use]
            pub fn schema_of(name: &str) -> Option<schemars::Schema> {
                match name {
                    $($name => Some(schema::of::<$variant>($name)),)*
                    _ => None,
                }
            }
        }

        $(
            impl From<$variant> for Body {
                fn from(data: $variant) -> Self {
                    Self::$variant(Box::new(data))
                }
            }
        )*
    };
    (@person one $data:ident) => { Some($data.person) };
    (@person maybe $data:ident) => { $data.person };
    (@person none $data:ident) => { None };
}

bodies! {
    "ledger.created" => LedgerCreated none,
    "ledger.succeeds" => LedgerSucceeds none,
    "endorsed" => Endorsed none,
    "actor.enrolled" => ActorEnrolled none,
    "actor.key_rotated" => ActorKeyRotated none,
    "actor.suspended" => ActorSuspended none,
    "institution.designated" => InstitutionDesignated none,
    "institution.suspended" => InstitutionSuspended none,
    "policy.published" => PolicyPublished none,
    "calendar.published" => CalendarPublished none,
    "checkpoint.anchored" => CheckpointAnchored none,
    "correction.recorded" => CorrectionRecorded none,
    "application.submitted" => ApplicationSubmitted one,
    "identity.verified" => IdentityVerified one,
    "application.accepted" => ApplicationAccepted one,
    "application.not_accepted" => ApplicationNotAccepted one,
    "regrade.consented" => RegradeConsented one,
    "conflict.declared" => ConflictDeclared one,
    "assessment.assigned" => AssessmentAssigned one,
    "assessment.recorded" => AssessmentRecorded one,
    "assessment.concluded" => AssessmentConcluded one,
    "notice.posted" => NoticePosted one,
    "notice.waived" => NoticeWaived one,
    "objection.raised" => ObjectionRaised one,
    "objection.resolved" => ObjectionResolved one,
    "notice.closed" => NoticeClosed one,
    "notice.taken_down" => NoticeTakenDown one,
    "review.completed" => ReviewCompleted one,
    "certificate.approved" => CertificateApproved one,
    "certificate.refused" => CertificateRefused one,
    "certificate.printed" => CertificatePrinted one,
    "certificate.issued" => CertificateIssued one,
    "certificate.delivered" => CertificateDelivered one,
    "certificate.frozen" => CertificateFrozen one,
    "certificate.unfrozen" => CertificateUnfrozen one,
    "certificate.cancelled" => CertificateCancelled one,
    "certificate.revoked" => CertificateRevoked one,
    "certificate.lost" => CertificateLost one,
    "certificate.replaced" => CertificateReplaced one,
    "certificate.transferred_out" => CertificateTransferredOut one,
    "certificate.transferred_in" => CertificateTransferredIn one,
    "reminder.sent" => ReminderSent one,
    "appeal.filed" => AppealFiled one,
    "appeal.declined" => AppealDeclined one,
    "appeal.reassessed" => AppealReassessed one,
    "appeal.concluded" => AppealConcluded one,
    "case_file.sealed" => CaseFileSealed one,
    "certificate.legacy_imported" => CertificateLegacyImported one,
    "external_fact.recorded" => ExternalFactRecorded maybe,
    "external_fact.retracted" => ExternalFactRetracted none,
    "benefit.applied" => BenefitApplied one,
    "benefit.first_reviewed" => BenefitFirstReviewed one,
    "benefit.checked" => BenefitChecked one,
    "benefit.second_reviewed" => BenefitSecondReviewed one,
    "benefit.determined" => BenefitDetermined one,
    "benefit.amended" => BenefitAmended one,
    "benefit.stopped" => BenefitStopped one,
    "benefit.resumed" => BenefitResumed one,
    "back_pay.granted" => BackPayGranted one,
    "payroll.prepared" => PayrollPrepared none,
    "payroll.authorised" => PayrollAuthorised none,
    "payment.executed" => PaymentExecuted one,
    "payment.returned" => PaymentReturned one,
    "account.bound" => AccountBound one,
    "account.unbound" => AccountUnbound one,
    "annual_review.completed" => AnnualReviewCompleted one,
    "service.delivered" => ServiceDelivered one,
    "works.accepted" => WorksAccepted maybe,
    "placement.started" => PlacementStarted one,
    "placement.ended" => PlacementEnded one,
    "support_visit.logged" => SupportVisitLogged one,
    "anomaly.raised" => AnomalyRaised maybe,
    "anomaly.assigned" => AnomalyAssigned none,
    "anomaly.reviewed" => AnomalyReviewed none,
    "recovery.ordered" => RecoveryOrdered one,
    "recovery.received" => RecoveryReceived one,
    "recovery.waived" => RecoveryWaived one,
    "help.given" => HelpGiven one,
    "disclosure.granted" => DisclosureGranted none,
    "query.logged" => QueryLogged one,
    "personal_data.erased" => PersonalDataErased one,
    "processing.restricted" => ProcessingRestricted one,
    "right.requested" => RightRequested one,
    "right.declined" => RightDeclined one,
    "person.recorded" => PersonRecorded one,
    "person.corrected" => PersonCorrected one,
    "identity.linked" => IdentityLinked one,
    "identity.unlinked" => IdentityUnlinked one,
    "identity.corrected" => IdentityCorrected one,
    "guardian.recorded" => GuardianRecorded one,
    "guardian.ended" => GuardianEnded one,
    "household.member_joined" => HouseholdMemberJoined one,
    "household.member_left" => HouseholdMemberLeft one,
    "institution_account.recorded" => InstitutionAccountRecorded none,
    "roll.received" => RollReceived none,
    "roll.row_retracted" => RollRowRetracted none,
}

/// Reads `data` as what it is said to be.
fn strict<T: DeserializeOwned>(data: &str) -> Result<T, PayloadError> {
    if data.contains("null") && has_null(data) {
        return Err(PayloadError::NullField);
    }
    serde_json::from_str(data).map_err(|error| PayloadError::data(&error))
}

/// Says whether a `null` stands in JSON text. A field without a value is left out, so that one
/// event has one text; serde would take null for an absent field. Outside strings, no other word
/// of JSON has an `n`.
fn has_null(json: &str) -> bool {
    let (mut in_string, mut escaped) = (false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b'n' if !in_string => return true,
            _ => {}
        }
    }
    false
}

impl Body {
    /// The row of a roll that the event came from, for imports.
    #[must_use]
    pub const fn row(&self) -> Option<&RowRef> {
        match self {
            Self::CertificateLegacyImported(data) => Some(&data.row),
            Self::ExternalFactRecorded(data) => data.row.as_ref(),
            Self::PaymentExecuted(data) => data.row.as_ref(),
            Self::PaymentReturned(data) => data.row.as_ref(),
            Self::InstitutionAccountRecorded(data) => data.row.as_ref(),
            Self::ServiceDelivered(data) => data.row.as_ref(),
            Self::PlacementStarted(data) => data.row.as_ref(),
            Self::PlacementEnded(data) => data.row.as_ref(),
            Self::SupportVisitLogged(data) => data.row.as_ref(),
            Self::WorksAccepted(data) => data.row.as_ref(),
            Self::HouseholdMemberJoined(data) => data.row.as_ref(),
            _ => None,
        }
    }

    /// The flag that the event raises, or that it follows from.
    #[must_use]
    pub const fn flag(&self) -> Option<Hash> {
        match self {
            Self::AnomalyRaised(data) => Some(data.flag),
            Self::AnomalyAssigned(data) => Some(data.flag),
            Self::AnomalyReviewed(data) => Some(data.flag),
            Self::RecoveryOrdered(data) => Some(data.flag),
            Self::RecoveryReceived(data) => Some(data.flag),
            Self::RecoveryWaived(data) => Some(data.flag),
            Self::HelpGiven(data) => Some(data.flag),
            _ => None,
        }
    }

    /// Who must endorse this event before it takes effect: as its type asks, or where it says that
    /// the person it served signs with a key.
    #[must_use]
    pub fn second(&self) -> Option<Second> {
        let side = match self {
            Self::ServiceDelivered(data) => data.side,
            Self::WorksAccepted(data) => data.side,
            _ => PersonSide::Paper,
        };
        match side {
            PersonSide::Key => Some(catalogue::BY_THE_PERSON),
            PersonSide::Paper => self.rule().second,
        }
    }

    /// The rule of this type: who signs, who endorses, which gates.
    #[must_use]
    pub fn rule(&self) -> &'static Rule {
        rule_named(self.name()).expect("a test holds that every type has its rule")
    }
}
