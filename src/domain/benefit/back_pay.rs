//! `back_pay.granted`: months of the past, by two signers of two organisations (I30, I31).
//!
//! After a reissue the gap that the old certificate left is paid, but no more months than the
//! policy's cap before the new one. Every other ground pays months the person was entitled to.
//! Nothing before the application, nothing twice.

use super::{Case, Hand, Status, entitlement, terms};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{BackPayGranted, BackPayGround, Recorded};
use crate::value::{Day, Month};

refusals! {
    /// Why back-pay is refused.
    pub enum Refused {
        /// Months out of order or none at all.
        MonthsNotAscending = "I30", "months_not_ascending",
            "the months are not each once and ascending", "list each month once, oldest first",
            "月份没有按先后逐月各列一次",
            "请从最早的月份起，每月列一次";
        /// Before the application.
        BeforeApplication { month: Month, applied: Month } = "I30", "before_application",
            "{month} is before the application of {applied}", "leave the month out",
            "{month} 早于申请月份 {applied}",
            "请去掉该月";
        /// Not yet over or begun.
        MonthAhead { month: Month } = "I30", "month_ahead", "{month} has not come",
            "pay it by its own payroll",
            "{month} 还没有到",
            "请由该月自己的清册发放";
        /// In a payroll, with the bank or paid.
        MonthInHand { month: Month } = "I27", "month_in_hand",
            "{month} is in a payroll or paid", "leave the month out",
            "{month} 已列入清册或已发放",
            "请去掉该月";
        /// Granted already.
        AlreadyGranted { month: Month } = "I30", "already_granted",
            "back-pay for {month} is granted already", "leave the month out",
            "{month} 的补发已经批准",
            "请去掉该月";
        /// Not entitled to the month.
        NotEntitled { month: Month } = "I30", "month_not_entitled",
            "no decision entitles the person to {month}",
            "leave the month out, or have the benefit determined or resumed from it",
            "没有任何决定使此人享受 {month} 的待遇",
            "请去掉该月，或先自该月起审定或恢复待遇";
        /// Came not back.
        NotReturned { month: Month } = "I30", "not_returned",
            "no payment of {month} came back", "name the right ground",
            "{month} 没有被退回的发放",
            "请改选正确的补发理由";
        /// A reissue without a certificate in force of the person.
        NoReissue = "I30", "no_reissued_certificate",
            "data.certificate is no certificate in force of the person",
            "name the reissued certificate",
            "填写的残疾人证不是此人有效的证件",
            "请写明换发后的残疾人证（data.certificate）";
        /// Later than the reissue.
        NotBeforeReissue { month: Month } = "I30", "not_before_reissue",
            "{month} is not before the reissued certificate", "resume the benefit from that month",
            "{month} 不早于换发的残疾人证",
            "请自该月起恢复待遇";
        /// More than the cap.
        OverCap { month: Month, cap: u32 } = "I30", "over_cap",
            "{month} is more than {cap} months before the reissue",
            "leave out the months beyond the cap",
            "{month} 早于换证超过 {cap} 个月",
            "请去掉超过上限的月份";
    }
}

pub(super) fn decide(
    state: &State,
    event: &Recorded,
    case: &Case,
    data: &BackPayGranted,
    today: Day,
) -> Result<(), Rejection> {
    if case.status != Status::Granted {
        return Err(super::Refused::NotGranted.into());
    }
    super::decide_monthly(state, event, case)?;
    let ascending = data.months.is_sorted_by(|earlier, later| earlier < later);
    if data.months.is_empty() || !ascending {
        return Err(Refused::MonthsNotAscending.into());
    }
    for month in &data.months {
        decide_month(state, case, *month, today)?;
        match data.ground {
            BackPayGround::Reissue => decide_reissue(state, case, data, *month, today)?,
            BackPayGround::ReturnedPayment => decide_returned(state, case, *month)?,
            BackPayGround::ApplicationMonth | BackPayGround::MissedMonth => {
                decide_entitled(case, *month)?;
            }
        }
        terms::due(state, case, *month)?;
    }
    Ok(())
}

fn decide_month(state: &State, case: &Case, month: Month, today: Day) -> Result<(), Refused> {
    if month < case.month {
        return Err(Refused::BeforeApplication { month, applied: case.month });
    }
    if month > today.month() {
        return Err(Refused::MonthAhead { month });
    }
    if case.back_pay.contains(&month) {
        return Err(Refused::AlreadyGranted { month });
    }
    let months = state.benefits.months(case.person, case.programme);
    if months.is_some_and(|months| !months.is_free(month)) {
        return Err(Refused::MonthInHand { month });
    }
    Ok(())
}

fn decide_entitled(case: &Case, month: Month) -> Result<(), Refused> {
    if case.is_entitled(month) { Ok(()) } else { Err(Refused::NotEntitled { month }) }
}

fn decide_returned(state: &State, case: &Case, month: Month) -> Result<(), Refused> {
    let months = state.benefits.months(case.person, case.programme);
    if months.and_then(|months| months.hand(month)) != Some(Hand::Returned) {
        return Err(Refused::NotReturned { month });
    }
    decide_entitled(case, month)
}

fn decide_reissue(
    state: &State,
    case: &Case,
    data: &BackPayGranted,
    month: Month,
    today: Day,
) -> Result<(), Rejection> {
    let person = state.people.find(&case.person);
    let named =
        data.certificate.filter(|id| person.is_some_and(|person| person.certificates.contains(id)));
    let found = named.and_then(|id| state.certificates.find(&id));
    let Some(certificate) = found.filter(|found| found.is_valid_on(today)) else {
        return Err(Refused::NoReissue.into());
    };
    let reissued = certificate.valid_from.month();
    if month >= reissued {
        return Err(Refused::NotBeforeReissue { month }.into());
    }
    // A policy that sets no cap allows nothing.
    let cap = terms::in_force(state, case, reissued)?.1.back_pay_cap_months.unwrap_or(0);
    if i64::from(reissued.since(month)) > i64::from(cap) {
        return Err(Refused::OverCap { month, cap }.into());
    }
    // Only a reissue closes a gap: without an earlier certificate there was nothing to reissue.
    let earlier = entitlement::certificates(state, case.person)
        .any(|other| other.valid_from < certificate.valid_from);
    if earlier { Ok(()) } else { Err(Refused::NoReissue.into()) }
}

pub(super) fn evolve(case: &mut Case, data: &BackPayGranted) {
    case.back_pay.extend(&data.months);
    case.back_pay.sort_unstable();
    case.back_pay.dedup();
}

#[cfg(test)]
mod tests {
    use crate::domain::benefit::desk::{Desk, LIVING};
    use crate::domain::testing::{case, certificate, outcome, person};
    use crate::event::{BackPayGranted, BackPayGround, StopGround};
    use crate::value::{CertificateId, Subject};

    use BackPayGround::{ApplicationMonth, MissedMonth, Reissue, ReturnedPayment};

    /// Applied in March, granted in May.
    fn desk() -> Desk {
        let mut desk = Desk::new();
        desk.resident(1, 1).reviewed(1, LIVING);
        desk.world.on("2026-05-06");
        desk
    }

    #[test]
    fn refusals() {
        let mut desk = desk();
        assert_eq!(outcome(&desk.back_pay(1, MissedMonth, &["2026-03"])), "not_granted");
        desk.grant(1).unwrap();
        let table: &[(BackPayGround, &[&str], &str)] = &[
            (ApplicationMonth, &[], "months_not_ascending"),
            (ApplicationMonth, &["2026-04", "2026-03"], "months_not_ascending"),
            (ApplicationMonth, &["2026-03", "2026-03"], "months_not_ascending"),
            (ApplicationMonth, &["2026-02"], "before_application"),
            (ApplicationMonth, &["2026-06"], "month_ahead"),
            (ReturnedPayment, &["2026-03"], "not_returned"),
            (Reissue, &["2026-03"], "no_reissued_certificate"),
            (ApplicationMonth, &["2026-03", "2026-04"], "ok"),
            (MissedMonth, &["2026-03"], "already_granted"),
        ];
        for (ground, months, expected) in table {
            assert_eq!(outcome(&desk.back_pay(1, *ground, months)), *expected, "{months:?}");
        }
        desk.pay(1, LIVING, "2026-05").unwrap();
        assert_eq!(outcome(&desk.back_pay(1, MissedMonth, &["2026-05"])), "month_in_hand");
    }

    #[test]
    fn a_reissue_is_a_later_certificate_of_the_person_in_force() {
        let mut desk = desk();
        desk.grant(1).unwrap();
        let sign = |desk: &mut Desk, named: CertificateId, months: &[&str]| {
            let data = BackPayGranted {
                person: person(1),
                months: months.iter().map(|text| text.parse().unwrap()).collect(),
                ground: Reissue,
                certificate: Some(named),
            };
            outcome(&desk.world.sign("civil", &Subject::Case(case(1)), data))
        };
        let new = CertificateId([101; 16]);
        assert_eq!(sign(&mut desk, new, &["2026-04"]), "no_reissued_certificate");
        // The first certificate was not reissued for anything.
        desk.world.on("2026-07-01");
        assert_eq!(sign(&mut desk, certificate(1), &["2026-04"]), "not_before_reissue");
        desk.reissue(1, "2026-06-30", "2036-06-29");
        assert_eq!(sign(&mut desk, new, &["2026-06"]), "not_before_reissue");
        assert_eq!(sign(&mut desk, new, &["2026-03", "2026-04", "2026-05"]), "ok");
        desk.resident(2, 1);
        assert_eq!(sign(&mut desk, certificate(2), &["2026-04"]), "no_reissued_certificate");
    }

    #[test]
    fn two_organisations_sign_and_the_gates_are_asked_again() {
        let mut desk = desk();
        desk.grant(1).unwrap();
        let data = BackPayGranted {
            person: person(1),
            months: vec!["2026-03".parse().unwrap()],
            ground: MissedMonth,
            certificate: None,
        };
        let id = desk.world.sign("civil", &Subject::Case(case(1)), data).unwrap();
        assert!(desk.case(1).back_pay.is_empty(), "a proposal has no effect");
        assert_eq!(outcome(&desk.world.endorse("civil-b", id)), "role_may_not_endorse");
        let mut paid = desk.clone();
        paid.pay(1, LIVING, "2026-03").unwrap();
        assert_eq!(outcome(&paid.world.endorse("finance", id)), "month_in_hand");
        assert_eq!(outcome(&desk.world.endorse("finance", id)), "ok");
        assert_eq!(desk.case(1).back_pay.len(), 1);
    }

    #[test]
    fn a_stop_lets_later_grants_lapse() {
        let mut desk = desk();
        desk.grant(1).unwrap();
        desk.back_pay(1, MissedMonth, &["2026-03", "2026-04"]).unwrap();
        let stop = desk.stopped(1, StopGround::FalseMaterial, "2026-04");
        desk.stop(1, stop).unwrap();
        assert_eq!(desk.case(1).back_pay, ["2026-03".parse().unwrap()]);
    }
}
