//! `help.given`: what was done to get a person what is theirs.

use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{HelpGiven, Recorded, Remedy, Verdict};

refusals! {
    /// Why help is not recorded on a flag.
    pub enum Refused {
        /// The flag is of the other direction.
        NotForHelp = "I32", "not_for_help",
            "the flag does not say that the person lacks what is theirs",
            "name the flag of a person who is entitled and was not paid",
            "该疑点并未说明此人应得未得",
            "请写明应享受而未发放的人员的疑点";
        /// Nobody looked yet.
        NotConfirmed = "I32", "flag_not_confirmed", "the flag has no confirmed verdict",
            "have an inspector confirm it first",
            "该疑点没有属实的核查结论",
            "请督查员先核查属实";
    }
}

pub(super) fn decide(state: &State, event: &Recorded, data: &HelpGiven) -> Result<(), Rejection> {
    let flag = super::flag_of(state, &data.flag, &event.subject)?;
    if flag.remedy != Remedy::Help {
        return Err(Refused::NotForHelp.into());
    }
    if flag.verdict() != Some(Verdict::Confirmed) {
        return Err(Refused::NotConfirmed.into());
    }
    Ok(())
}
