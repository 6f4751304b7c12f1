//! `account.bound` and `account.unbound`: where a benefit is paid, by bank and clerk (I25, I31).

use super::{Account, Case, Status, terms};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{AccountBound, AccountHolder, AccountUnbound};
use crate::value::{Day, Unit};

refusals! {
    /// Why an account is not bound or unbound.
    pub enum Refused {
        /// The application was refused.
        CaseRefused = "I25", "case_refused", "the application was refused",
            "bind an account to a case that may be paid";
        /// Another account is bound.
        BoundAlready = "I25", "account_bound_already", "an account is bound to the case",
            "unbind it first";
        /// Not an institution's account.
        NotAnInstitution = "I25", "not_an_institution_account",
            "the account is not recorded as one of a care institution",
            "have institution_account.recorded first, or name the right holder";
        /// A household's head for a person's benefit.
        HolderNotOfProgramme = "I25", "holder_not_of_programme",
            "a benefit of a person is not paid to the head of the household",
            "bind an account of the person or the guardian";
        /// The person's own account under another name.
        HolderDiffers = "I25", "holder_differs",
            "the account is said to be the person's own, and its holder has another name",
            "name the right holder, or correct the person's name";
        /// Not the bound account.
        NotBound = "I25", "account_not_bound", "this account is not bound to the case",
            "check the account";
    }
}

pub(super) fn decide_bound(
    state: &State,
    case: &Case,
    data: &AccountBound,
    today: Day,
) -> Result<(), Rejection> {
    if case.status == Status::Refused {
        return Err(Refused::CaseRefused.into());
    }
    if case.account.is_some() {
        return Err(Refused::BoundAlready.into());
    }
    match data.holder {
        AccountHolder::Person => {
            let name = state.people.find(&case.person).and_then(|person| person.name);
            if name.is_some_and(|name| name != data.holder_name) {
                return Err(Refused::HolderDiffers.into());
            }
        }
        AccountHolder::HouseholdHead => {
            if terms::in_force(state, case, today.month())?.1.unit != Unit::Household {
                return Err(Refused::HolderNotOfProgramme.into());
            }
        }
        AccountHolder::Institution => {
            if !state.institution_accounts.contains(&data.account) {
                return Err(Refused::NotAnInstitution.into());
            }
        }
        AccountHolder::Guardian => {}
    }
    Ok(())
}

pub(super) fn decide_unbound(case: &Case, data: &AccountUnbound) -> Result<(), Refused> {
    if case.account.is_some_and(|account| account.tag == data.account) {
        Ok(())
    } else {
        Err(Refused::NotBound)
    }
}

pub(super) fn bind(case: &mut Case, data: &AccountBound, step: u64) {
    case.account = Some(Account { tag: data.account, holder: data.holder, step });
}
