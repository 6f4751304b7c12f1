//! What rules keep of a benefit that the ledger itself runs, step by step.

use serde::{Deserialize, Serialize};
use serde_with::serde_as;

use super::key::{ActorRef, Key, StatementRef};
use super::mark::Mark;
use super::packed::Packed;
use super::record::What;
use crate::event::{
    BenefitApplied, Body, Outcome, PayrollItem, PayrollPrepared, Recorded, Role, StopGround,
    Verdict,
};
use crate::value::{
    CaseId, Day, DivisionCode, Fen, HouseholdId, Month, PayrollId, PersonId, Programme, Subject,
    Tag, VehicleId,
};

/// One step, under the person it is about.
#[serde_as]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the documented event")]
pub enum GrantStep {
    /// Applied for.
    Applied {
        #[serde_as(as = "Packed")]
        case: CaseId,
        programme: Programme,
        #[serde_as(as = "Packed")]
        division: DivisionCode,
        #[serde_as(as = "Packed")]
        month: Month,
        #[serde_as(as = "Option<Packed>")]
        household: Option<HouseholdId>,
        #[serde_as(as = "Option<Packed>")]
        vehicle: Option<VehicleId>,
    },
    /// Granted from a month on, or refused.
    Determined {
        #[serde_as(as = "Packed")]
        case: CaseId,
        granted: bool,
        #[serde_as(as = "Option<Packed>")]
        from: Option<Month>,
        amount: Option<Fen>,
    },
    /// Another amount from a month on.
    Amended {
        #[serde_as(as = "Packed")]
        case: CaseId,
        #[serde_as(as = "Packed")]
        from: Month,
        amount: Fen,
    },
    /// Stopped, with what the stop refers to.
    Stopped {
        #[serde_as(as = "Packed")]
        case: CaseId,
        ground: StopGround,
        #[serde_as(as = "Packed")]
        from: Month,
        told: bool,
        verdict: Option<StatementRef>,
        refs: Vec<StatementRef>,
    },
    /// Paid again from a month on.
    Resumed {
        #[serde_as(as = "Packed")]
        case: CaseId,
        #[serde_as(as = "Packed")]
        from: Month,
    },
    /// An account bound.
    Bound {
        #[serde_as(as = "Packed")]
        case: CaseId,
        #[serde_as(as = "Packed")]
        account: Tag,
    },
    /// An account taken off.
    Unbound {
        #[serde_as(as = "Packed")]
        case: CaseId,
        #[serde_as(as = "Packed")]
        account: Tag,
    },
    /// The yearly review.
    Reviewed {
        #[serde_as(as = "Packed")]
        case: CaseId,
    },
    /// A line of a batch.
    Item {
        #[serde_as(as = "Packed")]
        payroll: PayrollId,
        root: Mark,
        programme: Programme,
        #[serde_as(as = "Packed")]
        month: Month,
        #[serde_as(as = "Vec<Packed>")]
        back_pay: Vec<Month>,
        amount: Fen,
        #[serde_as(as = "Packed")]
        account: Tag,
    },
    /// A session of a service, by its provider.
    Served {
        programme: Programme,
        provider: Mark,
        #[serde_as(as = "Packed")]
        day: Day,
    },
    /// Lives in, is cared for by or works at a place.
    Placed {
        programme: Programme,
        place: Mark,
        institution: Option<ActorRef>,
        #[serde_as(as = "Packed")]
        from: Day,
    },
    /// Works at a household's home that name the person were accepted.
    Built {
        #[serde_as(as = "Packed")]
        household: HouseholdId,
        programme: Programme,
    },
    /// The end of that placement.
    PlacementEnded {
        placement: StatementRef,
        #[serde_as(as = "Packed")]
        to: Day,
    },
    /// A flag was raised, about a programme or none, from these statements.
    Raised { flag: Mark, programme: Option<Programme>, inputs: Vec<StatementRef> },
    /// The verdict on a flag.
    Verdict { flag: Mark, verdict: Verdict },
    /// A helper's visit, of a programme or none.
    Visited {
        programme: Option<Programme>,
        #[serde_as(as = "Packed")]
        day: Day,
    },
}

/// The records of a benefit's event, each with its key; nothing for other events.
pub(super) fn records(event: &Recorded) -> Vec<(Key, What)> {
    let case = match &event.subject {
        Subject::Case(case) => Some(*case),
        _ => None,
    };
    let step = |person: PersonId, step| (Key::Person(person), What::Grant(Box::new(step)));
    let one = |person, made: Option<GrantStep>| made.map(|made| step(person, made));
    let own = match &event.payload.body {
        Body::BenefitApplied(data) => {
            return case.map_or_else(Vec::new, |case| applied(case, data));
        }
        Body::PayrollPrepared(data) => return prepared(event, data),
        Body::Endorsed(_) => return endorsed(event, case),
        Body::AccountBound(data) => {
            let Some(case) = case else { return Vec::new() };
            let account = data.account;
            let seen = (Key::Case(case), What::Seen(data.person));
            return vec![step(data.person, GrantStep::Bound { case, account }), seen];
        }
        Body::WorksAccepted(data) => {
            let (before, after) = (Mark::from(&data.before.hash), Mark::from(&data.after.hash));
            let (programme, cost) = (data.programme, data.cost);
            let (household, dwelling) = (data.household, data.dwelling);
            let works = What::Works { programme, before, after, cost, dwelling };
            let keys =
                [Some(Key::Paper(before)), Some(Key::Paper(after)), dwelling.map(Key::Dwelling)];
            let found = keys.into_iter().flatten().map(|key| (key, What::OfHouse(household)));
            let mut records: Vec<_> =
                std::iter::once((Key::House(household), works)).chain(found).collect();
            if let Some(person) = data.person {
                records.push((Key::House(household), What::Seen(person)));
                records.push(step(person, GrantStep::Built { household, programme }));
            }
            return records;
        }
        Body::AnomalyReviewed(data) => {
            let Subject::Person(person) = event.subject else { return Vec::new() };
            let (flag, verdict) = (Mark::from(&data.flag), data.verdict);
            return vec![step(person, GrantStep::Verdict { flag, verdict })];
        }
        Body::AnomalyRaised(data) => data.person.map(|person| {
            let (flag, programme) = (Mark::from(&data.flag), data.programme);
            let inputs = data.inputs.iter().map(StatementRef::from).collect();
            step(person, GrantStep::Raised { flag, programme, inputs })
        }),
        Body::BenefitDetermined(data) => {
            let (granted, from) = (data.outcome == Outcome::Granted, data.from_month);
            let amount = data.amount;
            let step = case.map(|case| GrantStep::Determined { case, granted, from, amount });
            one(data.person, step)
        }
        Body::BenefitAmended(data) => {
            let (from, amount) = (data.from_month, data.amount);
            one(data.person, case.map(|case| GrantStep::Amended { case, from, amount }))
        }
        Body::BenefitStopped(data) => {
            let stopped = case.map(|case| GrantStep::Stopped {
                case,
                ground: data.ground,
                from: data.from_month,
                told: data.told.is_some(),
                verdict: data.verdict.as_ref().map(StatementRef::from),
                refs: event.payload.refs.iter().map(StatementRef::from).collect(),
            });
            one(data.person, stopped)
        }
        Body::BenefitResumed(data) => {
            let from = data.from_month;
            one(data.person, case.map(|case| GrantStep::Resumed { case, from }))
        }
        Body::AccountUnbound(data) => {
            let account = data.account;
            one(data.person, case.map(|case| GrantStep::Unbound { case, account }))
        }
        Body::AnnualReviewCompleted(data) => {
            one(data.person, case.map(|case| GrantStep::Reviewed { case }))
        }
        Body::ServiceDelivered(data) => {
            let (programme, day) = (data.programme, data.session_date);
            let provider = Mark::of(event.signer.organisation.as_str());
            Some(step(data.person, GrantStep::Served { programme, provider, day }))
        }
        Body::SupportVisitLogged(data) => {
            let (programme, day) = (data.programme, data.visited_on);
            Some(step(data.person, GrantStep::Visited { programme, day }))
        }
        Body::PlacementStarted(data) => {
            let (programme, from) = (data.programme, data.from);
            let place = Mark::of(data.facility.as_str());
            let institution = data.institution.as_ref().map(ActorRef::from);
            let placed = GrantStep::Placed { programme, place, institution, from };
            let seen = institution.map(|code| (Key::Facility(code), What::Seen(data.person)));
            return std::iter::once(step(data.person, placed)).chain(seen).collect();
        }
        Body::PlacementEnded(data) => {
            let (placement, to) = (StatementRef::from(&data.placement), data.to);
            Some(step(data.person, GrantStep::PlacementEnded { placement, to }))
        }
        _ => None,
    };
    own.into_iter().collect()
}

fn applied(case: CaseId, data: &BenefitApplied) -> Vec<(Key, What)> {
    let BenefitApplied { person, programme, division, month, household, vehicle, .. } = *data;
    let step = GrantStep::Applied { case, programme, division, month, household, vehicle };
    let mut records = vec![(Key::Person(person), What::Grant(Box::new(step)))];
    let units = [household.map(Key::House), vehicle.map(Key::Vehicle)];
    records.extend(units.into_iter().flatten().map(|key| (key, What::Seen(person))));
    records
}

/// A line for each payee, and for the batch itself whom it names, by which root, and what it pays.
fn prepared(event: &Recorded, data: &PayrollPrepared) -> Vec<(Key, What)> {
    let Subject::Payroll(payroll) = event.subject else { return Vec::new() };
    let root = Mark::of(&data.root);
    let line = |item: &PayrollItem| {
        let step = GrantStep::Item {
            payroll,
            root,
            programme: data.programme,
            month: data.month,
            back_pay: item.back_pay.clone(),
            amount: item.amount,
            account: item.account,
        };
        (Key::Person(item.person), What::Grant(Box::new(step)))
    };
    let persons = data.items.iter().map(|item| item.person).collect();
    let mut records: Vec<_> = data.items.iter().map(line).collect();
    records.push((Key::Payroll(payroll), What::BatchPrepared { root }));
    records.push((Key::Payees(payroll), What::SeenAll(persons)));
    let (programme, division, month) = (data.programme, data.division, data.month);
    records.push((Key::Rolls, What::PayrollIn { programme, division, month }));
    records
}

/// Which clerk gave the second signature to a step of a benefit's case.
fn endorsed(event: &Recorded, case: Option<CaseId>) -> Vec<(Key, What)> {
    let (Some(case), Role::Clerk) = (case, event.signer.role) else { return Vec::new() };
    let clerk = Mark::of(event.signer.actor.as_str());
    let statements = event.payload.refs.iter().map(|id| Key::Endorsement(id.into()));
    let mut records: Vec<_> = statements.map(|key| (key, What::EndorsedBy(clerk))).collect();
    records.push((Key::Changes(clerk, event.payload.at.month()), What::OfCase(case)));
    records
}
