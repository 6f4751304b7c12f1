//! What people ask for about their own data, and the answer (E64): a restriction or an erasure is
//! done by two offices, or declined in writing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{State, refusals};
use crate::event::{Recorded, Right, RightDeclined, RightRequested};
use crate::value::{Day, Hash, PersonId};

refusals! {
    /// Why a request, or its answer, is refused.
    pub enum Refused {
        /// Nobody knows the person.
        UnknownPerson = "I37", "unknown_person", "the ledger has no record of the person",
            "check the person",
            "账本中没有此人的记录",
            "请核对人员";
        /// Asked for already.
        Asked { on: Day } = "I37", "right_asked", "the same was asked for on {on} and waits",
            "wait for the privacy officer's answer",
            "{on} 已提出同样的申请，正在等待答复",
            "请等待个人信息保护负责人答复";
        /// Done already.
        Restricted = "I37", "restricted_already", "processing is restricted already",
            "nothing is left to do",
            "已经限制处理",
            "无需再办";
        /// No such request waits.
        NoRequest { id: Hash } = "I37", "no_request", "no request {id} of this person waits",
            "correct data.request",
            "此人没有等待答复的申请 {id}",
            "请更正申请（data.request）";
    }
}

/// A request that waits for its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its statement.
    pub statement: Hash,
    /// What is asked for.
    pub right: Right,
    /// Since when.
    pub on: Day,
}

/// Requests that wait, by person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requests(BTreeMap<PersonId, Vec<Request>>);

impl Requests {
    /// What a person asked for and waits for.
    #[must_use]
    pub fn of(&self, person: &PersonId) -> &[Request] {
        self.0.get(person).map_or(&[], Vec::as_slice)
    }

    /// Everybody who waits, with what they asked for.
    pub fn iter(&self) -> impl Iterator<Item = (&PersonId, &Request)> {
        self.0.iter().flat_map(|(person, all)| all.iter().map(move |request| (person, request)))
    }

    pub(super) fn ask(&mut self, event: &Recorded, data: &RightRequested) {
        let (statement, right) = (event.id, data.right);
        let request = Request { statement, right, on: Day::of_millis(event.recorded_at_ms) };
        self.0.entry(data.person).or_default().push(request);
    }

    /// What was asked for is done, or is not to be done.
    pub(super) fn answer(&mut self, person: &PersonId, is_answered: impl Fn(&Request) -> bool) {
        if let Some(all) = self.0.get_mut(person) {
            all.retain(|request| !is_answered(request));
            if all.is_empty() {
                self.0.remove(person);
            }
        }
    }
}

pub(super) fn decide_requested(state: &State, data: &RightRequested) -> Result<(), Refused> {
    let person = state.people.find(&data.person).ok_or(Refused::UnknownPerson)?;
    let earlier = state.requests.of(&data.person).iter().find(|found| found.right == data.right);
    if let Some(earlier) = earlier {
        return Err(Refused::Asked { on: earlier.on });
    }
    if data.right == Right::Restriction && person.restricted {
        return Err(Refused::Restricted);
    }
    Ok(())
}

pub(super) fn decide_declined(state: &State, data: &RightDeclined) -> Result<(), Refused> {
    let waits = state.requests.of(&data.person);
    if waits.iter().any(|request| request.statement == data.request) {
        Ok(())
    } else {
        Err(Refused::NoRequest { id: data.request })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{World, enrolment, label, outcome, person, tag, told};
    use crate::event::{ProcessingRestricted, Role};
    use crate::value::Subject;

    const WHO: u8 = 1;

    fn world() -> World {
        let mut world = World::new();
        world.state.people.learn(person(WHO), tag("a number"));
        let keys = enrolment("keys", Role::KeyCustodian, "411700", "data office", "");
        world.enrol("keys", keys);
        world
    }

    fn ask(world: &mut World, right: Right) -> Result<(), crate::domain::Rejection> {
        let data = RightRequested { person: person(WHO), right, reason: label("moved away") };
        world.sign("clerk", &Subject::Person(person(WHO)), data).map(|_| ())
    }

    #[test]
    fn a_request_waits_until_it_is_done_or_declined() {
        let mut world = world();
        assert_eq!(outcome(&ask(&mut world, Right::Restriction)), "ok");
        assert_eq!(outcome(&ask(&mut world, Right::Restriction)), "right_asked");
        assert_eq!(outcome(&ask(&mut world, Right::Erasure)), "ok");
        let subject = Subject::Person(person(WHO));
        let request = world.state.requests.of(&person(WHO))[1].statement;
        let declined = |request| RightDeclined {
            person: person(WHO),
            request,
            reason: label("the law asks to keep it"),
            told: told(),
        };
        let other = declined(Hash([9; 32]));
        assert_eq!(outcome(&world.sign("privacy", &subject, other)), "no_request");
        assert_eq!(outcome(&world.sign("privacy", &subject, declined(request))), "ok");
        assert_eq!(world.state.requests.of(&person(WHO)).len(), 1, "the other one waits");
        let data = ProcessingRestricted { person: person(WHO), basis: label("art. 44") };
        let proposal = world.sign("privacy", &subject, data).unwrap();
        assert_eq!(world.state.requests.of(&person(WHO)).len(), 1, "not endorsed yet");
        world.endorse("keys", proposal).unwrap();
        assert!(world.state.requests.of(&person(WHO)).is_empty());
        assert_eq!(outcome(&ask(&mut world, Right::Restriction)), "restricted_already");
    }
}
