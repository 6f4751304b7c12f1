//! `benefit.second_reviewed`: the federation's opinion on certificate and level, by somebody
//! other than the first reviewer and the clerk (I23).

use super::{Case, Status, chain};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{BenefitSecondReviewed, Opinion, Recorded};
use crate::value::ChainStep;

refusals! {
    /// Why a second review is refused.
    pub enum Refused {
        /// The first review is missing.
        FirstMissing = "I23", "first_review_missing", "the first review is not recorded",
            "have the township review the application first",
            "初审尚未记录",
            "请乡镇（街道）先审核申请";
        /// Reviewed or determined already.
        AlreadyReviewed = "I23", "second_review_done", "the second review is done",
            "go on with the determination",
            "复审已经完成",
            "请办理审定";
        /// A disagreement without a reason.
        ReasonMissing = "I22", "reason_missing", "the reviewer disagrees and gives no reason",
            "set data.reason",
            "审核人不同意，但没有写明理由",
            "请填写理由（data.reason）";
        /// Agrees, though the certificate or level does not fit.
        Contradicts = "I23", "opinion_contradicts",
            "the reviewer agrees, though the certificate or the level does not fit",
            "disagree and give the reason, or correct certificate_ok and level_ok",
            "审核人同意，但残疾人证或等级不符合",
            "请改为不同意并写明理由，或更正 certificate_ok 和 level_ok";
    }
}

pub(super) fn decide(
    state: &State,
    event: &Recorded,
    case: &Case,
    data: &BenefitSecondReviewed,
) -> Result<(), Rejection> {
    let policy = chain::policy_of(state, case)?;
    let first = chain::missing_before(policy, case, ChainStep::SecondReview);
    if first == Some(ChainStep::FirstReview) {
        return Err(Refused::FirstMissing.into());
    }
    if case.reviews.has(ChainStep::SecondReview) || case.status != Status::Applied {
        return Err(Refused::AlreadyReviewed.into());
    }
    chain::decide(state, event, case, ChainStep::SecondReview)?;
    match data.opinion {
        Opinion::Disagree if data.reason.is_none() => Err(Refused::ReasonMissing.into()),
        Opinion::Agree if !(data.certificate_ok && data.level_ok) => {
            Err(Refused::Contradicts.into())
        }
        Opinion::Agree | Opinion::Disagree => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::benefit::desk::{Desk, LIVING};
    use crate::domain::testing::{case, outcome, person};
    use crate::event::{BenefitSecondReviewed, Opinion, Role};
    use crate::value::Subject;

    #[test]
    fn refusals() {
        let mut desk = Desk::new();
        desk.resident(1, 1);
        let good = BenefitSecondReviewed {
            person: person(1),
            opinion: Opinion::Agree,
            certificate_ok: true,
            level_ok: true,
            reason: None,
        };
        let sign = |desk: &mut Desk, by: &str, data: BenefitSecondReviewed| {
            outcome(&desk.world.sign(by, &Subject::Case(case(1)), data))
        };
        desk.apply(1, LIVING).unwrap();
        assert_eq!(sign(&mut desk, "dpf-reviewer", good.clone()), "first_review_missing");
        desk.first(1, Opinion::Agree).unwrap();
        desk.double("township-again", Role::DpfReviewer, "dpf", "township");
        desk.double("clerk-again", Role::DpfReviewer, "dpf", "clerk");
        assert_eq!(sign(&mut desk, "township-again", good.clone()), "same_officer");
        assert_eq!(sign(&mut desk, "clerk-again", good.clone()), "same_officer");
        let unfit = BenefitSecondReviewed { level_ok: false, ..good.clone() };
        assert_eq!(sign(&mut desk, "dpf-reviewer", unfit.clone()), "opinion_contradicts");
        let unfit = BenefitSecondReviewed { opinion: Opinion::Disagree, ..unfit };
        assert_eq!(sign(&mut desk, "dpf-reviewer", unfit), "reason_missing");
        assert_eq!(sign(&mut desk, "dpf-reviewer", good.clone()), "ok");
        assert_eq!(sign(&mut desk, "dpf-reviewer-b", good), "second_review_done");
    }
}
