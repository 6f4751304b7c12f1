//! The ledger itself, its actors, institutions, policies and calendar (E48-E52, E59-E62).

use serde::{Deserialize, Serialize};

use super::{DeclaredRelation, Role, Sector, event_data};
use crate::crypto::PublicKey;
use crate::tlog::{Origin, TreeHash};
use crate::value::{ActorId, Category, Day, DivisionCode, Hash, Label, Tag};

/// How an officer is employed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Employment {
    /// 公务员
    CivilServant,
    /// 事业单位人员
    PublicInstitution,
    /// 聘用人员
    Contract,
    /// 借调人员
    Seconded,
}

event_data! {
    /// E59 `ledger.created`: entry 0, signed by the ledger's own System key. A verifier trusts it
    /// by its leaf hash, given from outside.
    pub struct LedgerCreated {
        /// The ledger's name in checkpoints.
        #[schemars(with = "Origin")]
        pub origin: String,
        /// Format version, 1.
        pub version: u8,
        /// The division of the ledger: one prefecture is one ledger.
        pub division: DivisionCode,
        /// A demo ledger: prefix 99 and unencrypted DEMO keys are accepted here and nowhere else.
        pub demo: bool,
        /// The ledger's own automatic signer.
        pub system: Root,
        /// The first key custodian and the first supervisor.
        pub roots: Vec<Root>,
    }

    /// One of the actors that exist from the first entry on.
    pub struct Root {
        /// Its id.
        pub actor: ActorId,
        /// Its role: system, key custodian or supervisor.
        pub role: Role,
        /// Its organisation.
        pub organisation: Label,
        /// Its public key.
        pub public_key: PublicKey,
    }

    /// E62 `ledger.succeeds`: a new origin that follows a ledger which truly lost its tail.
    pub struct LedgerSucceeds {
        /// The last known checkpoint of the lost ledger, note text.
        pub checkpoint: String,
        /// Leaf hash of the lost ledger's entry 0, base64.
        pub genesis: TreeHash,
    }

    /// E48 `actor.enrolled`: enrols a person, an institution or a system as an actor with one
    /// role, one organisation, one division and a public key.
    pub struct ActorEnrolled {
        /// What the actor is enrolled to do.
        pub role: Role,
        /// The organisation it signs for (`iss` of its statements).
        pub organisation: Label,
        /// It acts for this division and those below.
        pub division: DivisionCode,
        /// The actor's first key.
        pub public_key: PublicKey,
        /// First day of its authority.
        pub valid_from: Day,
        /// Last day of its authority, when bounded.
        pub valid_to: Option<Day>,
        /// The register of a data custodian.
        pub sector: Option<Sector>,
        /// The institution of an assessor or a seal.
        pub institution: Option<ActorId>,
        /// An assessor who is an attending physician or higher.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub attending: bool,
        /// How the officer is employed; absent for System and institutions.
        pub employment: Option<Employment>,
        /// Tag of the officer's own ID number; absent for System and institutions.
        pub person: Option<Tag>,
        /// Declared relatives.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub relations: Vec<DeclaredRelation>,
        /// Serial of the certificate of a certification authority, where the law asks for one.
        pub certificate_serial: Option<Label>,
    }

    /// E48 `actor.key_rotated`: gives an actor a new public key; the actor stays the same.
    pub struct ActorKeyRotated {
        /// The new key; the old one signs nothing from here on.
        pub public_key: PublicKey,
        /// Why.
        pub reason: Label,
        /// Relatives declared since; those declared before stay.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub relations: Vec<DeclaredRelation>,
        /// Serial of the new key's certificate of a certification authority.
        pub certificate_serial: Option<Label>,
    }

    /// E48 `actor.suspended`: takes an actor's authority away.
    pub struct ActorSuspended {
        /// Why.
        pub reason: Label,
    }

    /// E60 `endorsed`: the second signer of the statements in `refs`.
    pub struct Endorsed {}

    /// E49 `institution.designated`: designates an institution to assess disabilities of the named
    /// categories.
    pub struct InstitutionDesignated {
        /// Its name.
        pub name: Label,
        /// Its division.
        pub division: DivisionCode,
        /// The categories it may assess.
        pub categories: Vec<Category>,
        /// How many it may house or care for at once, for facilities of care.
        pub capacity: Option<u32>,
        /// First day.
        pub valid_from: Day,
        /// Last day, when bounded.
        pub valid_to: Option<Day>,
        /// The designating document.
        pub document: Label,
    }

    /// E49 `institution.suspended`: suspends a designated institution.
    pub struct InstitutionSuspended {
        /// Why.
        pub reason: Label,
    }

    /// E50 `policy.published`: subject `programme:<name>`.
    pub struct PolicyPublished {
        /// The policy, TOML.
        pub text: String,
        /// BLAKE3-256 of the text: what decisions name.
        pub hash: Hash,
    }

    /// E50 `calendar.published`: working days by the State Council's notices.
    pub struct CalendarPublished {
        /// The calendar, TOML.
        pub text: String,
        /// BLAKE3-256 of the text.
        pub hash: Hash,
    }

    /// E51 `checkpoint.anchored`: records a checkpoint of this ledger that outside witnesses have
    /// cosigned.
    pub struct CheckpointAnchored {
        /// The cosigned checkpoint, note text.
        pub checkpoint: String,
    }

    /// E52 `correction.recorded`: names what was wrong; never edits the past.
    pub struct CorrectionRecorded {
        /// The statement that was wrong.
        pub target: Hash,
        /// The field that was wrong.
        pub field: Label,
        /// The right value where it may stand in clear; else it is sealed.
        pub value: Option<Label>,
        /// Why.
        pub reason: Label,
    }
}
