//! From a flag to a human verdict, and what follows from it (I31, I32, I35).
//!
//! A rule finds something and the system raises it; from then on people decide. A flag is
//! *assigned* to an inspector, *reviewed* (confirmed, dismissed, or sent to the field), and a
//! confirmed one is followed by a stop, by a recovery (ordered, received, waived) or, where
//! somebody did not get what is theirs, by help. Whoever assigns or reviews has no part in the
//! cases of the person, the institution or the village it is about ([`Parts`]). A later verdict
//! replaces an earlier one; all stay on the log. A dismissed flag stays dismissed until what it was
//! raised on changes, whichever version of its rule finds it.
//!
//! An officer who is not enrolled is known by a tag alone, so a flag about one (no person) can
//! be kept from nobody by name.

pub mod assign;
pub mod help;
mod life;
mod parts;
pub mod recover;
mod register;
pub mod review;

#[cfg(test)]
mod tests;

pub use parts::Parts;
pub use register::{Flag, Order, Oversight, Review, Standing};

use super::{Rejection, State, refusal::refusals};
use crate::event::{Body, Recorded};
use crate::value::{ActorId, Day, Hash, Subject};

refusals! {
    /// Why an act on a flag is refused, whichever it is.
    pub enum Refused {
        /// No such flag.
        UnknownFlag = "I32", "unknown_flag", "no flag of that id was raised on this ledger",
            "raise standing flags with `mingzheng flags raise`, or correct data.flag",
            "本账本没有提出过这个疑点",
            "请用 `mingzheng flags raise` 提出，或更正疑点（data.flag）";
        /// About somebody else.
        OtherSubject = "I32", "flag_of_other_subject", "the flag is about another subject",
            "sign it under the subject the flag was raised on",
            "该疑点是关于另一对象的",
            "请在提出疑点的对象下签署";
        /// Not by one who had a hand in it.
        HasPart { actor: ActorId } = "I32", "has_part_in_case",
            "{actor} has a part in what the flag is about: signed something about this person, household, \
             institution or village, works there, or is the person or a declared relation",
            "an inspector with no part in the case has to act",
            "{actor} 与该疑点所涉有关：签过与此人、其家庭、该机构或该村有关的记录，在该机构任职，或就是此人或其已申报的亲属",
            "请由与案件无关的督查员办理";
    }
}

/// Asks the gates of flags; yes for events that are none of theirs.
pub(super) fn decide(
    state: &State,
    event: &Recorded,
    endorsement: Option<&Recorded>,
) -> Result<(), Rejection> {
    // What two sign is judged on the day the second signs.
    let today = Day::of_millis(endorsement.unwrap_or(event).recorded_at_ms);
    let is_proposal = endorsement.is_none();
    match &event.payload.body {
        Body::AnomalyAssigned(data) => assign::decide(state, event, data, today),
        Body::AnomalyReviewed(data) => review::decide(state, event, data),
        Body::RecoveryOrdered(data) => recover::decide_ordered(state, data, today, is_proposal),
        Body::RecoveryWaived(data) => Ok(recover::decide_waived(state, data, today, is_proposal)?),
        Body::HelpGiven(data) => help::decide(state, event, data),
        _ => Ok(()),
    }
}

/// Remembers who has a part in whose cases: everybody who signs, before it takes effect.
pub(super) fn take_part(state: &mut State, event: &Recorded) {
    let whom = parts::whom(state, event);
    state.oversight.parts.take(&event.signer.actor, whom);
}

/// The flag that an event names, if it is about the event's subject.
fn flag_of<'a>(state: &'a State, flag: &Hash, subject: &Subject) -> Result<&'a Flag, Refused> {
    let found = state.oversight.flag(flag).ok_or(Refused::UnknownFlag)?;
    if found.subject == *subject { Ok(found) } else { Err(Refused::OtherSubject) }
}

/// I32, I35: nobody judges what they had a hand in, or what concerns themselves or theirs.
fn no_part(state: &State, flag: &Flag, actor: &ActorId) -> Result<(), Refused> {
    let actors = &state.actors;
    let concerns = |of: &ActorId| {
        let person = actors.find(of).and_then(|of| of.person);
        actors.same_person(actor, of) || person.is_some_and(|of| actors.is_related(actor, &of))
    };
    let has_part = flag.actor.as_ref().is_some_and(concerns)
        || flag.person.is_some_and(|person| parts::in_person(state, person, actor))
        || flag.institution.as_ref().is_some_and(|it| parts::in_institution(state, it, actor))
        || flag.village.is_some_and(|village| parts::in_village(state, &village, actor));
    if has_part { Err(Refused::HasPart { actor: actor.clone() }) } else { Ok(()) }
}
