//! Two signers (I31): a proposal takes effect with its last endorsement.
//!
//! The gates are asked when the proposal is signed and again when it is endorsed, because the
//! world may have changed in between.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{State, admission, refusal::refusals};
use crate::event::{Body, Recorded, Role, Second, Signer};
use crate::value::{Day, Hash, PersonId, Subject};

refusals! {
    /// Why an endorsement is refused.
    pub enum Refused {
        /// It names nothing.
        NothingNamed = "I31", "endorses_nothing", "an endorsement names what it endorses in refs",
            "put the proposal's statement id into refs",
            "会签必须写明会签的是什么",
            "请把提议的编号列入依据（refs）";
        /// Nothing of that id waits for an endorsement.
        NoSuchProposal { id: Hash } = "I31", "no_such_proposal",
            "no proposal {id} waits for an endorsement",
            "it may be endorsed already, have lapsed, or need no second signer",
            "没有等待会签的提议 {id}",
            "它可能已会签、已失效，或无需会签";
        /// Of another subject.
        OtherSubject { id: Hash } = "I31", "endorses_other_subject",
            "proposal {id} is about another subject than this endorsement",
            "endorse each subject's proposals by themselves, or all that came with a roll",
            "提议 {id} 与本次会签不是同一对象",
            "请按对象分别会签，或会签随同一名册来的全部提议";
        /// One's own proposal, or that of the same person under another actor.
        OwnProposal = "I31", "own_proposal", "nobody endorses their own proposal",
            "a second actor has to endorse it",
            "任何人不得会签自己的提议",
            "请由另一人会签";
        /// The role may not endorse this type.
        RoleMayNotEndorse { role: Role, name: &'static str } = "I31", "role_may_not_endorse",
            "a {role} may not endorse {name}", "events/README.md says who endorses which event",
            "{role}不能会签“{name}”",
            "各事项由谁会签，见 events/README.md";
        /// The same organisation twice.
        SameOrganisation = "I31", "same_organisation",
            "the second signer must belong to another organisation",
            "have an actor of another organisation endorse it",
            "会签人必须属于另一机构",
            "请由其他机构的人员会签";
        /// The endorser's division does not cover the proposer's.
        WrongDivision = "I02", "wrong_division",
            "the endorser's division does not reach the proposal's",
            "an actor of that division, or of one above it, has to endorse",
            "会签人的区划不覆盖该提议",
            "请由该区划或其上级区划的人员会签";
        /// Somebody else's service.
        OtherSide = "I33", "not_the_person_s_side",
            "the signer is neither the person it was delivered to nor their guardian",
            "have the person sign, the guardian, or for works one of the household",
            "签署人既不是接受服务的本人，也不是其监护人",
            "请本人或监护人签署；工程可由家庭成员签署";
        /// Too old.
        Lapsed { on: Day } = "I31", "proposal_lapsed", "the proposal lapsed on {on}",
            "sign the proposal again",
            "该提议已于 {on} 失效",
            "请重新签署提议";
    }
}

/// Proposals that wait for their second signer, by statement id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposals {
    waiting: BTreeMap<Hash, Recorded>,
}

impl Proposals {
    /// The proposal of that statement id, while it waits.
    #[must_use]
    pub fn find(&self, id: &Hash) -> Option<&Recorded> {
        self.waiting.get(id)
    }

    /// Every waiting proposal, by statement id.
    pub fn iter(&self) -> impl Iterator<Item = &Recorded> {
        self.waiting.values()
    }

    /// Of the proposals that `is_same` picks and that may still be endorsed today, the day of the
    /// last one and its last day: one proposal of a thing at a time, so that nobody has to guess
    /// which of two to endorse.
    pub(super) fn open(
        &self,
        today: Day,
        is_same: impl Fn(&Recorded) -> bool,
    ) -> Option<(Day, Day)> {
        let days = self.iter().filter_map(|it| {
            let lapses = lapses_on(it, &it.payload.body.second()?);
            (today <= lapses && is_same(it)).then_some((it.payload.at, lapses))
        });
        days.max()
    }

    pub(super) fn propose(&mut self, event: &Recorded) {
        self.waiting.insert(event.id, event.clone());
    }

    pub(super) fn take(&mut self, id: &Hash) -> Option<Recorded> {
        self.waiting.remove(id)
    }
}

/// The day after which a proposal has lapsed.
#[must_use]
pub fn lapses_on(proposal: &Recorded, second: &Second) -> Day {
    let days = i32::try_from(second.lapses_after_days).unwrap_or(i32::MAX);
    Day::of_millis(proposal.recorded_at_ms).plus_days(days)
}

/// Decides an `endorsed`: every proposal it names must wait for just this signer, and its own
/// gates must still say yes.
pub(super) fn decide(state: &State, event: &Recorded) -> Result<(), super::Rejection> {
    if event.payload.refs.is_empty() {
        return Err(Refused::NothingNamed.into());
    }
    for id in &event.payload.refs {
        let Some(proposal) = state.proposals.find(id) else {
            return Err(Refused::NoSuchProposal { id: *id }.into());
        };
        if !concerns(&event.subject, proposal) {
            return Err(Refused::OtherSubject { id: *id }.into());
        }
        may_endorse(state, &event.signer, Day::of_millis(event.recorded_at_ms), proposal)?;
        if event.signer.role == Role::Applicant {
            of_the_side(state, event, proposal)?;
        } else {
            admission::no_own_case(state, proposal, &event.signer.actor)?;
        }
        super::gates(state, proposal, Some(event))?;
    }
    Ok(())
}

/// An endorsement is about its proposals' own subject, or about the roll they all came with.
#[must_use]
pub fn concerns(subject: &Subject, proposal: &Recorded) -> bool {
    let with_roll = match (subject, proposal.payload.body.row()) {
        (Subject::Roll(roll), Some(row)) => *roll == row.roll,
        _ => false,
    };
    with_roll || proposal.subject == *subject
}

/// Whoever signs for what was delivered is the person it was delivered to, or a guardian; for works
/// at a home, anybody of the household.
fn of_the_side(state: &State, event: &Recorded, proposal: &Recorded) -> Result<(), Refused> {
    let actor = state.actors.find(&event.signer.actor);
    let own = actor.and_then(|actor| actor.person);
    let is_theirs = |person: PersonId| {
        let known = state.people.find(&person);
        known.zip(own).is_some_and(|(person, own)| {
            person.ids.contains(&own) || person.guardians.contains(&own)
        })
    };
    let fits = match (&proposal.payload.body, &proposal.subject) {
        (Body::WorksAccepted(data), _) => state.households.members(&data.household).any(is_theirs),
        (_, Subject::Person(person)) => is_theirs(*person),
        _ => false,
    };
    if fits { Ok(()) } else { Err(Refused::OtherSide) }
}

/// Whether a proposal waits, on a day, for such an endorser. The gates of what is proposed are asked
/// when it is endorsed.
#[must_use]
pub fn waits_for(state: &State, proposal: &Recorded, endorser: &Signer, on: Day) -> bool {
    state.proposals.find(&proposal.id).is_some()
        && may_endorse(state, endorser, on, proposal).is_ok()
}

fn may_endorse(
    state: &State,
    endorser: &Signer,
    today: Day,
    proposal: &Recorded,
) -> Result<(), Refused> {
    let Some(second) = proposal.payload.body.second() else {
        return Err(Refused::NoSuchProposal { id: proposal.id });
    };
    let proposer = &proposal.signer;
    if state.actors.same_person(&endorser.actor, &proposer.actor) {
        return Err(Refused::OwnProposal);
    }
    if !second.roles.contains(&endorser.role) {
        return Err(Refused::RoleMayNotEndorse {
            role: endorser.role,
            name: proposal.payload.body.name(),
        });
    }
    if second.other_organisation && endorser.organisation == proposer.organisation {
        return Err(Refused::SameOrganisation);
    }
    let reaches =
        endorser.division.covers(proposer.division) || proposer.division.covers(endorser.division);
    if !reaches {
        return Err(Refused::WrongDivision);
    }
    let on = lapses_on(proposal, &second);
    if today > on {
        return Err(Refused::Lapsed { on });
    }
    Ok(())
}
