//! Benefits: every programme from application to payment or service, one file per use case.
//!
//! A *case* is one benefit of one person: applied for, taken through the [`chain`] of its
//! programme's policy and determined. No programme is named here: what it is for, who signs, what
//! it asks and pays is its published policy's.
//!
//! A programme of months is then amended, stopped and resumed. What a determination or resumption
//! grants is a span of months. A month of
//! a span is *regular* if it is not before the month of the decision; earlier ones are back-pay
//! and take two signers (I31). Months are owed once per person and programme, whoever pays them
//! ([`months`]); amounts are the policy's ([`terms`]).
//!
//! # Payrolls in several batches
//!
//! An entry holds about 350 items, so the payroll of a programme, month and division is as many
//! `payroll.prepared` as it takes, each with its own id, root, count and total, each authorised by
//! itself. Together they are one run:
//!
//! - A batch may hold any payable cases of its division and those below; a month is in one batch
//!   only, of whatever division, until the bank returns it.
//! - None is authorised while the run is incomplete (I26). Complete means: every case with a
//!   regular entitlement to the month and a bound account, both from before the run's latest
//!   preparation, has the month in some batch, paid, or returned. Later grants wait for a
//!   further batch or the next month and hold nobody up.
//! - A case without a bound account cannot be paid and is not waited for.
//! - Until it is authorised a batch may be prepared again under its id, which replaces it: so a
//!   death between preparation and authorisation stops one item, not the batch. Prepared again
//!   with no items it is withdrawn.
//!
//! # Grants that are paid once
//!
//! A yearly grant, a device, a house are cases of their own, each paid once through the same
//! payrolls, which name unit and period in the item; [`limits`] counts them. What a payment rests
//! on beside the decision (sessions, works, a placement) is [`delivery`]'s (I33).

pub mod account;
pub mod amend;
pub mod apply;
pub mod authorise;
pub mod back_pay;
pub mod chain;
pub mod checked;
pub mod delivery;
pub mod determine;
pub mod entitlement;
pub mod first_review;
pub mod limits;
pub mod months;
mod payment;
mod payroll;
pub mod prepare;
pub mod propose;
mod register;
pub mod resume;
pub mod second_review;
pub mod stop;
pub mod terms;

pub use months::{Hand, Months};
pub use payroll::{Authorised, Item, Payroll};
pub use prepare::root;
pub use register::{Account, Benefits, Case, Review, Reviews, Span, Status, UnitKey};

use super::{Rejection, State, refusal::refusals};
use crate::event::{Body, Recorded};
use crate::value::{ActorId, CaseId, ChainStep, Day, Subject};

refusals! {
    /// Why an event is not part of the chain at all.
    pub enum Refused {
        /// No such case.
        UnknownCase = "I23", "unknown_case", "no benefit was applied for in this case",
            "record benefit.applied first, or correct the subject",
            "本案没有申请任何待遇",
            "请先记录待遇申请，或更正对象";
        /// The case is not granted.
        NotGranted = "I25", "not_granted", "the benefit is not granted",
            "have it determined first",
            "该待遇尚未批准",
            "请先作出审定";
        /// A grant that is paid once.
        NotMonthly = "I25", "not_monthly", "the benefit is paid once, not by the month",
            "open another case for another grant",
            "该待遇一次性发放，不按月发放",
            "另一次补助请另立案件";
        /// One person in two duties that must be apart.
        SameOfficer { other: ActorId } = "I23", "same_officer",
            "the signer is, or is the same person as, {other}, who took an earlier step",
            "another officer has to sign",
            "签署人就是办理过前面环节的 {other}，或与其为同一人",
            "请由其他人员签署";
    }
}

/// Asks the gates of the benefits' chain; yes for events that are not part of it.
pub(super) fn decide(
    state: &State,
    event: &Recorded,
    endorsement: Option<&Recorded>,
) -> Result<(), Rejection> {
    // What two sign is judged on the day the second signs.
    let today = Day::of_millis(endorsement.unwrap_or(event).recorded_at_ms);
    match (&event.payload.body, &event.subject) {
        (Body::BenefitApplied(data), Subject::Case(id)) => apply::decide(state, event, *id, data),
        (Body::PayrollPrepared(data), Subject::Payroll(id)) => {
            prepare::decide(state, event, *id, data)
        }
        (Body::PayrollAuthorised(data), Subject::Payroll(id)) => {
            authorise::decide(state, event, id, data)
        }
        (_, Subject::Case(id)) => decide_step(state, event, id, today),
        _ => Ok(()),
    }
}

/// The steps of an opened case.
fn decide_step(state: &State, event: &Recorded, id: &CaseId, today: Day) -> Result<(), Rejection> {
    let case = || state.benefits.case(id).ok_or(Refused::UnknownCase);
    match &event.payload.body {
        Body::BenefitChecked(data) => checked::decide(state, event, case()?, data),
        Body::BenefitFirstReviewed(data) => first_review::decide(state, event, case()?, data),
        Body::BenefitSecondReviewed(data) => second_review::decide(state, event, case()?, data),
        Body::BenefitDetermined(data) => determine::decide(state, event, (id, case()?), data),
        Body::BenefitAmended(data) => amend::decide(state, event, case()?, data),
        Body::BenefitStopped(data) => stop::decide(state, event, case()?, data),
        Body::BenefitResumed(data) => resume::decide(state, event, (id, case()?), data),
        Body::BackPayGranted(data) => back_pay::decide(state, event, case()?, data, today),
        Body::AccountBound(data) => account::decide_bound(state, case()?, data, today),
        Body::AccountUnbound(data) => Ok(account::decide_unbound(case()?, data)?),
        _ => Ok(()),
    }
}

/// Follows the benefits' chain.
pub(super) fn evolve(state: &mut State, event: &Recorded) {
    match &event.payload.body {
        Body::ServiceDelivered(data) => return delivery::delivered(state, event, data),
        Body::WorksAccepted(data) => return delivery::accepted(state, event, data),
        Body::PlacementStarted(data) => return delivery::placed(state, event, data),
        Body::PlacementEnded(data) => return delivery::ended(state, data),
        Body::SupportVisitLogged(data) => return delivery::visited(state, data),
        _ => {}
    }
    let State { benefits, policies, .. } = state;
    match (&event.payload.body, &event.subject) {
        (Body::BenefitApplied(data), Subject::Case(id)) => {
            apply::evolve(benefits, policies, event, *id, data);
        }
        (Body::PayrollPrepared(data), Subject::Payroll(id)) => {
            prepare::evolve(benefits, event, *id, data);
        }
        (Body::PayrollAuthorised(_), Subject::Payroll(id)) => {
            authorise::evolve(benefits, event, id);
        }
        (Body::PaymentExecuted(data), _) => payment::executed(benefits, policies, data),
        (Body::PaymentReturned(data), _) => payment::returned(benefits, policies, data),
        (Body::RollReceived(data), Subject::Roll(id)) => payment::roll(benefits, *id, data),
        (Body::RollRowRetracted(data), Subject::Person(id)) => {
            payment::retracted(benefits, *id, data);
        }
        (_, Subject::Case(id)) => evolve_step(benefits, event, id),
        _ => {}
    }
}

fn evolve_step(benefits: &mut Benefits, event: &Recorded, id: &CaseId) {
    if benefits.case(id).is_none() {
        return;
    }
    let step = benefits.take_step();
    let Some(case) = benefits.cases.get_mut(id) else { return };
    let decided = Day::of_millis(event.recorded_at_ms).month();
    let mut review = |of, opinion| {
        case.reviews.insert(of, Review { opinion, actor: event.signer.actor.clone() });
    };
    match &event.payload.body {
        Body::BenefitChecked(data) => {
            review(data.step, data.opinion);
            case.add_papers(&data.evidence);
        }
        Body::BenefitFirstReviewed(data) => {
            review(ChainStep::FirstReview, data.opinion);
            case.add_papers(&data.home_visit);
        }
        Body::BenefitSecondReviewed(data) => review(ChainStep::SecondReview, data.opinion),
        Body::BenefitDetermined(data) => determine::evolve(case, data, decided, step),
        Body::BenefitAmended(data) => amend::evolve(case, data),
        Body::BenefitStopped(data) => stop::evolve(case, data),
        Body::BenefitResumed(data) => resume::evolve(case, data, decided, step),
        Body::BackPayGranted(data) => back_pay::evolve(case, data),
        Body::AccountBound(data) => account::bind(case, data, step),
        Body::AccountUnbound(_) => case.account = None,
        _ => {}
    }
}

/// A benefit of months, changed by whoever its policy has determine it.
fn decide_monthly(state: &State, event: &Recorded, case: &Case) -> Result<(), Rejection> {
    if !case.is_monthly() {
        return Err(Refused::NotMonthly.into());
    }
    chain::decide_determiner(state, event, case)
}

/// Duties of one benefit are held by different people: neither one actor nor two actors of one
/// person (I23, R27).
fn apart<'a>(
    state: &State,
    signer: &ActorId,
    others: impl IntoIterator<Item = &'a ActorId>,
) -> Result<(), Refused> {
    let person = |id: &ActorId| state.actors.find(id).and_then(|actor| actor.person);
    let own = person(signer);
    let same = |other: &&ActorId| *other == signer || own.is_some() && person(other) == own;
    match others.into_iter().find(same) {
        Some(other) => Err(Refused::SameOfficer { other: other.clone() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod cases;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod walks;
