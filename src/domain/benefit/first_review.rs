//! `benefit.first_reviewed`: the township's opinion, after the village notice.

use super::{Case, Status, chain};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{BenefitFirstReviewed, Opinion, Recorded};
use crate::value::{ChainStep, Day};

refusals! {
    /// Why a first review is refused.
    pub enum Refused {
        /// Reviewed or determined already.
        AlreadyReviewed = "I23", "first_review_done",
            "the first review is done", "go on with the second review",
            "初审已经完成",
            "请办理复审";
        /// A disagreement without a reason.
        ReasonMissing = "I22", "reason_missing", "the reviewer disagrees and gives no reason",
            "set data.reason",
            "审核人不同意，但没有写明理由",
            "请填写理由（data.reason）";
        /// The village notice is missing, too short or still open.
        NoticeTooShort { days: u32 } = "I23", "village_notice_too_short",
            "the policy asks for a village notice of {days} full days, over before the review",
            "give the first and last day of the notice once it is over",
            "政策要求村（社区）公示满 {days} 天，并在初审之前结束",
            "公示结束后，请填写其首日和末日";
    }
}

pub(super) fn decide(
    state: &State,
    event: &Recorded,
    case: &Case,
    data: &BenefitFirstReviewed,
) -> Result<(), Rejection> {
    let today = Day::of_millis(event.recorded_at_ms);
    if case.reviews.has(ChainStep::FirstReview) || case.status != Status::Applied {
        return Err(Refused::AlreadyReviewed.into());
    }
    chain::decide(state, event, case, ChainStep::FirstReview)?;
    if data.opinion == Opinion::Disagree {
        let given = data.reason.is_some();
        return if given { Ok(()) } else { Err(Refused::ReasonMissing.into()) };
    }
    let Some(days) = chain::policy_of(state, case)?.notice_days else { return Ok(()) };
    let shown = data.notice_from.zip(data.notice_to).is_some_and(|(from, to)| {
        // Both days count.
        i64::from(to.since(from)) + 1 >= i64::from(days) && to < today
    });
    if shown { Ok(()) } else { Err(Refused::NoticeTooShort { days }.into()) }
}

#[cfg(test)]
mod tests {
    use crate::domain::benefit::desk::{Desk, LIVING};
    use crate::domain::testing::{case, day, label, outcome, person};
    use crate::event::{BenefitFirstReviewed, Opinion};
    use crate::value::Subject;

    #[test]
    fn refusals() {
        let mut desk = Desk::new();
        desk.resident(1, 1);
        let good = BenefitFirstReviewed {
            person: person(1),
            opinion: Opinion::Agree,
            home_visit: None,
            notice_from: Some(day("2026-03-03")),
            notice_to: Some(day("2026-03-09")),
            reason: None,
        };
        let sign = |desk: &mut Desk, data: BenefitFirstReviewed| {
            outcome(&desk.world.sign("township", &Subject::Case(case(1)), data))
        };
        assert_eq!(sign(&mut desk, good.clone()), "unknown_case");
        desk.apply(1, LIVING).unwrap();
        desk.world.on("2026-03-09");
        assert_eq!(sign(&mut desk, good.clone()), "village_notice_too_short", "still open");
        desk.world.on("2026-03-10");
        let short = BenefitFirstReviewed { notice_from: Some(day("2026-03-04")), ..good.clone() };
        assert_eq!(sign(&mut desk, short), "village_notice_too_short");
        let none = BenefitFirstReviewed { notice_to: None, ..good.clone() };
        assert_eq!(sign(&mut desk, none), "village_notice_too_short");
        let against = BenefitFirstReviewed { opinion: Opinion::Disagree, ..good.clone() };
        assert_eq!(sign(&mut desk, against.clone()), "reason_missing");
        let reason = Some(label("not in need"));
        let reasoned =
            BenefitFirstReviewed { reason, notice_from: None, notice_to: None, ..against };
        assert_eq!(sign(&mut desk.clone(), reasoned), "ok");
        assert_eq!(sign(&mut desk, good.clone()), "ok");
        assert_eq!(sign(&mut desk, good), "first_review_done");
    }
}
