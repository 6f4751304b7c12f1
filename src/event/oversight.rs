//! Flags, verdicts, recovery, disclosure and erasure (E43-E47).

use serde::{Deserialize, Serialize};

use super::{Evidence, Role, WrittenNotice, event_data};
use crate::value::{ActorId, Day, Fen, Hash, KeyId, Label, Month, PersonId, Programme, Tag};

/// How grave a flag is.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
pub enum Severity {
    /// Critical.
    S1,
    /// High.
    S2,
    /// Medium.
    S3,
    /// Low.
    S4,
}

/// What a flag is worth as proof.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FlagKind {
    /// The log itself shows it.
    Conclusive,
    /// A person has to look.
    Lead,
}

/// An inspector's verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 属实
    Confirmed,
    /// 不属实
    Dismissed,
    /// 需实地核查
    NeedsField,
}

/// What a confirmed flag calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// 追缴：money went where it should not
    Recover,
    /// 救助：somebody did not get what is theirs
    Help,
    /// 整改：a step or a record is to be mended
    Mend,
}

/// How a person was helped to what is theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HelpKind {
    /// 已补发
    BackPaid,
    /// 已纳入待遇
    Granted,
    /// 已换发证件
    CertificateRenewed,
    /// 已协助申请
    ApplicationTaken,
    /// 已告知，本人放弃
    Declined,
}

/// What a person may ask for about their data (personal-information law, art. 44, 47).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// 限制处理
    Restriction,
    /// 删除
    Erasure,
}

event_data! {
    /// E43 `anomaly.raised`: a rule found something abnormal or duplicate: which rule, how grave,
    /// and from which statements.
    pub struct AnomalyRaised {
        /// Stable id of the flag.
        pub flag: Hash,
        /// The rule.
        pub rule: Label,
        /// The rule's version.
        pub version: u16,
        /// Severity.
        pub severity: Severity,
        /// Conclusive or lead.
        pub kind: FlagKind,
        /// What it calls for, once confirmed.
        pub remedy: Remedy,
        /// The money that may be wrongly paid, or unpaid.
        pub money_at_risk: Fen,
        /// The person, where there is one.
        pub person: Option<PersonId>,
        /// The officer it is about, who is not enrolled: tag of institution and name.
        pub officer: Option<Tag>,
        /// The enrolled actor it is about.
        pub actor: Option<ActorId>,
        /// The assessment institution it is about.
        pub institution: Option<ActorId>,
        /// Tag of the village it is about.
        pub village: Option<Tag>,
        /// The programme.
        pub programme: Option<Programme>,
        /// The month.
        pub month: Option<Month>,
        /// The day judged.
        pub judged_on: Day,
        /// The statements it was computed from; of very many the oldest 256.
        pub inputs: Vec<Hash>,
        /// Where there are more than `inputs` names: BLAKE3-256 of the indexes of all their
        /// entries, ascending, each as 8 bytes, big-endian.
        pub all_inputs: Option<Hash>,
    }

    /// E44 `anomaly.assigned`: a flag is given to an inspector who has no part in the case.
    pub struct AnomalyAssigned {
        /// The flag.
        pub flag: Hash,
        /// The inspector.
        pub to: ActorId,
    }

    /// E44 `anomaly.reviewed`: an inspector with no part in the case gives the verdict on a flag.
    pub struct AnomalyReviewed {
        /// The flag.
        pub flag: Hash,
        /// The verdict.
        pub verdict: Verdict,
        /// Why.
        pub reason: Label,
        /// What was found.
        pub evidence: Vec<Evidence>,
    }

    /// E45 `recovery.ordered`: orders money back that should not have been paid.
    pub struct RecoveryOrdered {
        /// The person.
        pub person: PersonId,
        /// The flag it follows from.
        pub flag: Hash,
        /// The amount.
        pub amount: Fen,
        /// Due by.
        pub due: Day,
        /// The verdict it rests on.
        pub verdict: Hash,
    }

    /// E45 `recovery.received`: money came back under a recovery order.
    pub struct RecoveryReceived {
        /// The person.
        pub person: PersonId,
        /// The flag the order follows from.
        pub flag: Hash,
        /// The order.
        pub order: Hash,
        /// The amount.
        pub amount: Fen,
    }

    /// E45 `recovery.waived`: waives the rest of a recovery, on a ground.
    pub struct RecoveryWaived {
        /// The person.
        pub person: PersonId,
        /// The flag the order follows from.
        pub flag: Hash,
        /// The order.
        pub order: Hash,
        /// The amount.
        pub amount: Fen,
        /// Why.
        pub ground: Label,
    }

    /// E45 `help.given`: what was done to get a person what is theirs, after a confirmed flag.
    pub struct HelpGiven {
        /// The person.
        pub person: PersonId,
        /// The flag it ends.
        pub flag: Hash,
        /// How.
        pub help: HelpKind,
        /// The money that reached the person by it.
        pub amount: Option<Fen>,
        /// What was done, in words.
        pub what: Label,
        /// What shows it.
        pub evidence: Vec<Evidence>,
    }

    /// E46 `disclosure.granted`: grants an office access to personal data, for a purpose and
    /// within a scope.
    pub struct DisclosureGranted {
        /// To whom.
        pub to: Label,
        /// For what.
        pub purpose: Label,
        /// Which data.
        pub scope: Label,
    }

    /// E46 `query.logged`: personal data of a person was revealed: to whom and for what.
    pub struct QueryLogged {
        /// Whose data was revealed.
        pub person: PersonId,
        /// To whom.
        pub to: Label,
        /// For what.
        pub purpose: Label,
        /// Which data.
        pub scope: Option<Label>,
        /// The actor who looked.
        pub by: Option<ActorId>,
        /// The role in which they looked.
        pub role: Option<Role>,
    }

    /// E47 `personal_data.erased`: a person's data keys are destroyed, so that what was sealed
    /// under them can be read by nobody.
    pub struct PersonalDataErased {
        /// The person.
        pub person: PersonId,
        /// The destroyed data keys.
        pub keys: Vec<KeyId>,
        /// The legal basis.
        pub basis: Label,
        /// What was found when it was checked whether the law asks to keep the data.
        pub retention_check: Option<Label>,
        /// The day the last backup holding the keys ends.
        pub final_on: Day,
    }

    /// E47 `processing.restricted`: restricts what is done with a person's data.
    pub struct ProcessingRestricted {
        /// The person.
        pub person: PersonId,
        /// The legal basis.
        pub basis: Label,
    }

    /// E64 `right.requested`: a person, or a guardian, asks that the person's data be restricted
    /// or erased; the privacy officer answers.
    pub struct RightRequested {
        /// The person.
        pub person: PersonId,
        /// What is asked for.
        pub right: Right,
        /// Why.
        pub reason: Label,
    }

    /// E64 `right.declined`: the privacy officer does not do what was asked, says why, and tells
    /// the person in writing.
    pub struct RightDeclined {
        /// The person.
        pub person: PersonId,
        /// The request's statement.
        pub request: Hash,
        /// Why.
        pub reason: Label,
        /// The written notice and its proof.
        pub told: WrittenNotice,
    }
}

impl AnomalyRaised {
    /// What the rule found, as one hash: the same rule with other statements, another kind or
    /// another amount is news, and a dismissed flag is then open again.
    #[must_use]
    pub fn basis(&self) -> Hash {
        let (money, statements) = (self.money_at_risk.0, self.statements());
        Hash::blake3(format!("basis|{:?}|{money}|{statements}", self.kind).as_bytes())
    }

    /// Every statement it was computed from, as one hash, in whatever order they are named.
    #[must_use]
    pub fn statements(&self) -> Hash {
        let mut inputs = self.inputs.clone();
        inputs.sort_unstable();
        let mut hasher = blake3::Hasher::new();
        for input in inputs.iter().chain(&self.all_inputs) {
            hasher.update(input.as_bytes());
        }
        Hash(*hasher.finalize().as_bytes())
    }

    /// What it is about, as one hash: the rule, whichever its version, whom, which programme and
    /// month. The flag's id tells versions apart; what was judged once need not be judged again
    /// because the rule has another version.
    #[must_use]
    pub fn about(&self) -> Hash {
        fn text<T: ToString>(of: Option<&T>) -> String {
            of.map(T::to_string).unwrap_or_default()
        }
        let whom = [
            text(self.person.as_ref()),
            text(self.officer.as_ref()),
            text(self.actor.as_ref()),
            text(self.institution.as_ref()),
            text(self.village.as_ref()),
        ];
        let of = [text(self.programme.as_ref()), text(self.month.as_ref())];
        let (rule, whom, of) = (&self.rule, whom.join("|"), of.join("|"));
        Hash::blake3(format!("about|{rule}|{whom}|{of}").as_bytes())
    }
}
