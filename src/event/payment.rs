//! Payrolls, payments and accounts (E34-E37).

use serde::{Deserialize, Serialize};

use super::{Evidence, RowRef, event_data};
use crate::tlog::TreeHash;
use crate::value::{
    CaseId, Day, DivisionCode, Fen, Hash, HouseholdId, Label, Month, PayrollId, Period, PersonId,
    Programme, Tag, Unit, VehicleId,
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

event_data! {
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
