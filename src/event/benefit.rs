//! Benefits from application to payment (E28-E42).

use serde::{Deserialize, Serialize};

use super::{Evidence, OfficerRef, RowRef, WrittenNotice, event_data};
use crate::tlog::TreeHash;
use crate::value::{
    ActorId, CaseId, CertificateId, ChainStep, Day, DivisionCode, FactKind, Fen, Hash, HouseGrade,
    HouseholdId, Label, Month, PayrollId, Period, PersonId, Programme, Tag, Unit, VehicleId,
};

/// How a benefit's person is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountHolder {
    /// The person.
    Person,
    /// The guardian.
    Guardian,
    /// The head of the household.
    HouseholdHead,
    /// A care institution whose account is recorded.
    Institution,
}

/// Why a benefit stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StopGround {
    /// 死亡
    Death,
    /// 户口迁出
    MovedAway,
    /// 残疾人证过期、冻结、注销
    CertificateNotValid,
    /// 服刑
    Imprisonment,
    /// 弄虚作假
    FalseMaterial,
    /// 退出低保
    LeftDibao,
    /// 特困、孤儿、工伤护理费
    ExclusiveBenefit,
    /// 等级变化
    LevelChanged,
    /// 自愿
    Voluntary,
}

/// Why back-pay is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BackPayGround {
    /// A new card after expiry: at most three months.
    Reissue,
    /// From the month of application, approved later.
    ApplicationMonth,
    /// A transfer that came back.
    ReturnedPayment,
    /// A month that was missed.
    MissedMonth,
}

/// A reviewer's opinion on a benefit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Opinion {
    /// 同意
    Agree,
    /// 不同意
    Disagree,
}

/// The outcome of a determination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 符合
    Granted,
    /// 不符合
    Refused,
}

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
    /// E28 `benefit.applied`: opens a case.
    pub struct BenefitApplied {
        /// The person.
        pub person: PersonId,
        /// The programme, such as `living_allowance`.
        pub programme: Programme,
        /// The household, for household programmes.
        pub household: Option<HouseholdId>,
        /// The vehicle, for vehicle programmes.
        pub vehicle: Option<VehicleId>,
        /// The certificate it rests on.
        pub certificate: Option<CertificateId>,
        /// The division that decides: where the person is registered.
        pub division: DivisionCode,
        /// The month of application: the first payable month once approved.
        pub month: Month,
        /// The papers.
        pub evidence: Vec<Evidence>,
        /// What is applied for, where the programme asks for more than the person.
        pub asked: Option<Asked>,
    }

    /// What is applied for: an item of the catalogue, a house of a grade, a vehicle's numbers.
    pub struct Asked {
        /// The item of the programme's catalogue.
        pub item: Option<Label>,
        /// The appraised grade of the house.
        pub grade: Option<HouseGrade>,
        /// Tag of the vehicle's frame number.
        pub chassis: Option<Tag>,
        /// Tag of the vehicle's engine number.
        pub engine: Option<Tag>,
    }

    /// E29 `benefit.checked`: a step of the programme's chain that is neither of the two reviews:
    /// the village's check, or the assessor's proposal.
    pub struct BenefitChecked {
        /// The person.
        pub person: PersonId,
        /// The step, `village_check` or `assessment`.
        pub step: ChainStep,
        /// The opinion.
        pub opinion: Opinion,
        /// The papers of the step.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub evidence: Vec<Evidence>,
        /// Why not.
        pub reason: Option<Label>,
    }

    /// E29 `benefit.first_reviewed`: the township's first review, with home visit and village
    /// notice.
    pub struct BenefitFirstReviewed {
        /// The person.
        pub person: PersonId,
        /// The opinion.
        pub opinion: Opinion,
        /// The home visit.
        pub home_visit: Option<Evidence>,
        /// The village notice: first and last day.
        pub notice_from: Option<Day>,
        /// Last day of the village notice.
        pub notice_to: Option<Day>,
        /// Why not.
        pub reason: Option<Label>,
    }

    /// E30 `benefit.second_reviewed`: the federation's second review: is the certificate valid,
    /// does the level fit.
    pub struct BenefitSecondReviewed {
        /// The person.
        pub person: PersonId,
        /// The opinion.
        pub opinion: Opinion,
        /// The certificate is valid.
        pub certificate_ok: bool,
        /// The level fits.
        pub level_ok: bool,
        /// Why not.
        pub reason: Option<Label>,
    }

    /// One exclusion that was checked, and the day of the register it was checked against (I23).
    pub struct ExclusionChecked {
        /// The excluding benefit.
        pub kind: FactKind,
        /// The day the register was as checked.
        pub as_of: Day,
    }

    /// E31 `benefit.determined`: civil affairs, or whom the programme's policy names, determines the
    /// benefit: granted from a month at an
    /// amount, or refused in writing.
    pub struct BenefitDetermined {
        /// The person.
        pub person: PersonId,
        /// The outcome.
        pub outcome: Outcome,
        /// First payable month.
        pub from_month: Option<Month>,
        /// Amount a month, or the sum of a one-off grant.
        pub amount: Option<Fen>,
        /// Income of a person of the household and month, where the amount is worked out from it.
        pub income: Option<Fen>,
        /// The exclusions that were checked.
        pub exclusions: Vec<ExclusionChecked>,
        /// Why refused.
        pub reason: Option<Label>,
        /// The written notice and its proof, when refused (I22).
        pub told: Option<WrittenNotice>,
    }

    /// E32 `benefit.amended`: changes a benefit's amount from a month on.
    pub struct BenefitAmended {
        /// The person.
        pub person: PersonId,
        /// First month at the new amount.
        pub from_month: Month,
        /// The new amount a month.
        pub amount: Fen,
        /// Why.
        pub reason: Label,
        /// The written notice and its proof.
        pub told: Option<WrittenNotice>,
    }

    /// E32 `benefit.stopped`: stops a benefit from a month on, on a ground, and tells the person
    /// in writing unless they have died.
    pub struct BenefitStopped {
        /// The person.
        pub person: PersonId,
        /// Why.
        pub ground: StopGround,
        /// First unpaid month.
        pub from_month: Month,
        /// The confirmed verdict it rests on, when it follows a flag (I32).
        pub verdict: Option<Hash>,
        /// The written notice and its proof; none after a death.
        pub told: Option<WrittenNotice>,
    }

    /// E32 `benefit.resumed`: resumes a stopped benefit from a month on.
    pub struct BenefitResumed {
        /// The person.
        pub person: PersonId,
        /// First paid month.
        pub from_month: Month,
        /// Why.
        pub reason: Label,
        /// The written notice and its proof.
        pub told: Option<WrittenNotice>,
    }

    /// E33 `back_pay.granted`: two signers from two organisations (I31).
    pub struct BackPayGranted {
        /// The person.
        pub person: PersonId,
        /// The months, each once, ascending.
        pub months: Vec<Month>,
        /// Why.
        pub ground: BackPayGround,
        /// The certificate that was reissued, for `reissue`.
        pub certificate: Option<CertificateId>,
    }

    /// What one grant of an item is for and how often it is granted, as the policy says.
    pub struct ItemUnit {
        /// The unit.
        pub unit: Unit,
        /// How often.
        pub period: Period,
        /// The household, for household programmes.
        pub household: Option<HouseholdId>,
        /// The vehicle, for vehicle programmes.
        pub vehicle: Option<VehicleId>,
        /// The year, for yearly programmes.
        pub year: Option<u16>,
    }

    /// One line of a payroll.
    pub struct PayrollItem {
        /// The case of the determined benefit.
        pub case: CaseId,
        /// The person.
        pub person: PersonId,
        /// Amount, months of back-pay included.
        pub amount: Fen,
        /// Back-paid months, granted by E33.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub back_pay: Vec<Month>,
        /// Tag of the bound account.
        pub account: Tag,
        /// What it pays for, where that is no month: a year, a device, a house.
        pub unit: Option<ItemUnit>,
    }

    /// E34 `payroll.prepared`: subject `payroll:<id>`. Big payrolls are several batches.
    pub struct PayrollPrepared {
        /// The programme.
        pub programme: Programme,
        /// The benefit month.
        pub month: Month,
        /// The paying division.
        pub division: DivisionCode,
        /// SHA-256 tree root over the items' canonical JSON, base64.
        #[schemars(with = "TreeHash")]
        pub root: String,
        /// How many items in the whole batch.
        pub count: u32,
        /// Sum of the items.
        pub total: Fen,
        /// The items.
        pub items: Vec<PayrollItem>,
    }

    /// E35 `payroll.authorised`: finance authorises exactly the batch whose root it has seen.
    pub struct PayrollAuthorised {
        /// The batch's root as seen.
        #[schemars(with = "TreeHash")]
        pub root: String,
        /// Where the money comes from.
        pub fund_source: Label,
    }

    /// E36 `payment.executed`: what the bank or an old roll reports, a fact.
    pub struct PaymentExecuted {
        /// The payee.
        pub person: PersonId,
        /// Tag of the ID number on the roll.
        pub id: Tag,
        /// Tag of the name on the roll.
        pub name: Tag,
        /// Tag of the certificate number on the roll.
        pub number: Option<Tag>,
        /// The programme.
        pub programme: Programme,
        /// The benefit month, for monthly programmes.
        pub month: Option<Month>,
        /// The year, for yearly programmes.
        pub year: Option<u16>,
        /// The amount paid.
        pub amount: Fen,
        /// Every month the amount pays, each once and ascending, where the payer knows them: a
        /// payment under a payroll lists them, and pays `month` itself only if it is listed.
        #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "ascending")]
        #[schemars(extend("uniqueItems" = true))]
        pub months: Vec<Month>,
        /// Months of back-pay right before `month` that the amount also covers, where a roll gives
        /// only their number; not read where `months` lists them.
        #[serde(default, skip_serializing_if = "is_zero")]
        pub back_pay_months: u16,
        /// A reason for the back-pay is given (its text is sealed).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub back_pay_reason: bool,
        /// Tag of the account.
        pub account: Option<Tag>,
        /// Tag (of kind name) of the account's holder.
        pub holder: Option<Tag>,
        /// The bank's branch.
        pub bank: Option<Label>,
        /// The day it was paid.
        pub paid_on: Option<Day>,
        /// The division that paid.
        pub division: DivisionCode,
        /// Tag of the frame number, for fuel.
        pub chassis: Option<Tag>,
        /// Tag of the engine number, for fuel.
        pub engine: Option<Tag>,
        /// The authorised payroll, where one stands.
        pub payroll: Option<PayrollId>,
        /// The account's holder is whom the determination names.
        pub holder_match: Option<bool>,
        /// Where the row came from, for imports.
        pub row: Option<RowRef>,
    }

    /// E36 `payment.returned`: a transfer came back to the payer.
    pub struct PaymentReturned {
        /// The payee.
        pub person: PersonId,
        /// Tag of the ID number.
        pub id: Tag,
        /// The payment, when known.
        pub payment: Option<Hash>,
        /// The programme.
        pub programme: Programme,
        /// The benefit month.
        pub month: Option<Month>,
        /// The year, for yearly programmes.
        pub year: Option<u16>,
        /// The amount returned.
        pub amount: Fen,
        /// The months that came back, as the payment listed them; without them everything that was
        /// paid with `month`.
        #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "ascending")]
        #[schemars(extend("uniqueItems" = true))]
        pub months: Vec<Month>,
        /// The division that had paid.
        pub division: DivisionCode,
        /// The bank's reason.
        pub reason: Option<Label>,
        /// The day it came back.
        pub returned_on: Option<Day>,
        /// Where the row came from, for imports.
        pub row: Option<RowRef>,
    }

    /// E37 `account.bound`: subject the benefit's case.
    pub struct AccountBound {
        /// The person.
        pub person: PersonId,
        /// Tag of the account.
        pub account: Tag,
        /// Whose account it is.
        pub holder: AccountHolder,
        /// Tag (of kind name) of the holder.
        pub holder_name: Tag,
        /// Proof.
        pub proof: Evidence,
    }

    /// E37 `account.unbound`: takes an account off a benefit case.
    pub struct AccountUnbound {
        /// The person.
        pub person: PersonId,
        /// Tag of the account.
        pub account: Tag,
        /// Why.
        pub reason: Label,
    }

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

/// The benefit months that a payment covers: those it lists, else its own and as many right before
/// it as it counts; none for a yearly programme.
pub fn months_covered(
    listed: &[Month],
    month: Option<Month>,
    back_pay_months: u16,
) -> impl Iterator<Item = Month> + Clone {
    let counted = if listed.is_empty() { month } else { None };
    let counted = counted.into_iter().flat_map(move |month| {
        let first = month.plus(-i32::from(back_pay_months));
        first.to(month)
    });
    listed.iter().copied().chain(counted)
}

/// Reads months that are listed once each, ascending.
fn ascending<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<Month>, D::Error> {
    let months = Vec::<Month>::deserialize(from)?;
    if months.is_sorted_by(|earlier, later| earlier < later) {
        return Ok(months);
    }
    Err(serde::de::Error::custom("months are listed once each, ascending"))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
const fn is_zero(count: &u16) -> bool {
    *count == 0
}
