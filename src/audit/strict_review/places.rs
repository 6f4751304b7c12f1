//! Which division something is of.

use hashbrown::HashMap;

use crate::event::{AnomalyRaised, Body, Recorded};
use crate::value::{ActorId, DivisionCode, PersonId, Subject, Tag};

/// Where those are whom flags are about, as far as events said.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Where people are registered.
    people: HashMap<PersonId, DivisionCode>,
    /// Where people are paid of whom nothing else is known.
    paid: HashMap<PersonId, DivisionCode>,
    villages: HashMap<Tag, DivisionCode>,
    actors: HashMap<ActorId, DivisionCode>,
    institutions: HashMap<ActorId, DivisionCode>,
}

impl Places {
    pub(super) fn take(&mut self, event: &Recorded) {
        match (&event.payload.body, &event.subject) {
            (Body::ApplicationSubmitted(data), _) => {
                self.people.insert(data.person, data.hukou_division);
                self.villages.extend(data.village.map(|village| (village, data.hukou_division)));
            }
            (Body::CertificateLegacyImported(data), _) => {
                self.people.insert(data.person, data.division);
                self.villages.extend(data.village.map(|village| (village, data.division)));
            }
            (Body::PaymentExecuted(data), _) => {
                self.paid.insert(data.person, data.division);
            }
            (Body::ActorEnrolled(data), Subject::Actor(actor)) => {
                self.actors.insert(actor.clone(), data.division);
            }
            (Body::InstitutionDesignated(data), Subject::Institution(code)) => {
                self.institutions.insert(code.clone(), data.division);
            }
            _ => {}
        }
    }

    pub(super) fn of(&self, person: PersonId) -> Option<DivisionCode> {
        self.people.get(&person).or_else(|| self.paid.get(&person)).copied()
    }

    /// Where the one is whom a flag is about.
    pub(super) fn of_flag(&self, data: &AnomalyRaised) -> Option<DivisionCode> {
        let person = data.person.and_then(|person| self.of(person));
        let village = || self.villages.get(data.village.as_ref()?).copied();
        let actor = || self.actors.get(data.actor.as_ref()?).copied();
        let institution = || self.institutions.get(data.institution.as_ref()?).copied();
        person.or_else(village).or_else(actor).or_else(institution)
    }
}
