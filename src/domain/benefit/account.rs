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
            "bind an account to a case that may be paid",
            "该申请已不予批准",
            "请把账户绑定到可以发放的案件";
        /// Another account is bound.
        BoundAlready = "I25", "account_bound_already", "an account is bound to the case",
            "unbind it first",
            "本案已绑定账户",
            "请先解除绑定";
        /// Not an institution's account.
        NotAnInstitution = "I25", "not_an_institution_account",
            "the account is not recorded as one of a care institution",
            "have institution_account.recorded first, or name the right holder",
            "该账户没有登记为托养机构账户",
            "请先登记机构账户，或更正账户持有人";
        /// A household's head for a person's benefit.
        HolderNotOfProgramme = "I25", "holder_not_of_programme",
            "a benefit of a person is not paid to the head of the household",
            "bind an account of the person or the guardian",
            "发给个人的待遇不能发给户主",
            "请绑定本人或监护人的账户";
        /// The person's own account under another name.
        HolderDiffers = "I25", "holder_differs",
            "the holder's name that was given is not the person's, and the account is said to be the person's own",
            "check that name; of a guardian's, a household head's or an institution's account, say whose it is; \
             have the person's name corrected only where the ledger has it wrong",
            "所填户名不是此人的姓名，而账户填写为本人账户",
            "请先核对户名；是监护人、户主或机构的账户的，请改选账户持有人；只有账本所记姓名有误的，才申请更正姓名";
        /// Not the bound account.
        NotBound = "I25", "account_not_bound", "this account is not bound to the case",
            "check the account",
            "该账户没有绑定到本案",
            "请核对账户";
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
    expect_own_name(state, case, data)?;
    match data.holder {
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
        AccountHolder::Person | AccountHolder::Guardian => {}
    }
    Ok(())
}

/// Refuses an account of the person's own under another name than the ledger knows; a draft is held
/// against it too, before it is signed.
pub fn expect_own_name(state: &State, case: &Case, data: &AccountBound) -> Result<(), Refused> {
    let name = state.people.find(&case.person).and_then(|person| person.name);
    let differs = name.is_some_and(|name| name != data.holder_name);
    if data.holder == AccountHolder::Person && differs {
        return Err(Refused::HolderDiffers);
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

#[cfg(test)]
mod tests {
    use crate::domain::benefit::desk::{Desk, LIVING, account};
    use crate::domain::testing::{label, outcome, tag, told};
    use crate::event::{AccountBound, AccountHolder, InstitutionAccountRecorded};
    use crate::value::Subject;

    #[test]
    fn refusals() {
        let mut desk = Desk::new();
        desk.resident(1, 1).reviewed(1, LIVING);
        let good = desk.bound(1);
        let held = |holder| AccountBound { holder, holder_name: tag("other"), ..good.clone() };
        for (data, expected) in [
            (held(AccountHolder::Person), "holder_differs"),
            (held(AccountHolder::HouseholdHead), "holder_not_of_programme"),
            (held(AccountHolder::Institution), "not_an_institution_account"),
            (held(AccountHolder::Guardian), "ok"),
            (good.clone(), "account_bound_already"),
        ] {
            assert_eq!(outcome(&desk.bind(1, data)), expected);
        }
        assert_eq!(outcome(&desk.unbind(1, tag("another account"))), "account_not_bound");
        assert_eq!(outcome(&desk.unbind(1, account(1))), "ok");
        assert_eq!(outcome(&desk.unbind(1, account(1))), "account_not_bound");
        let home = InstitutionAccountRecorded {
            account: account(1),
            institution: label("care home"),
            row: None,
        };
        let id = desk.world.sign("clerk", &Subject::Account(account(1)), home).unwrap();
        desk.world.endorse("bank", id).unwrap();
        assert_eq!(outcome(&desk.bind(1, held(AccountHolder::Institution))), "ok");

        desk.resident(2, 1).reviewed(2, LIVING);
        desk.refuse(2, Some(told())).unwrap();
        let data = desk.bound(2);
        assert_eq!(outcome(&desk.bind(2, data)), "case_refused");
    }
}
