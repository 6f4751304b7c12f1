//! People as decisions need them: which ID tags are whose, birth dates, certificates held.
//!
//! ID numbers are attributes: they are mistyped, corrected and upgraded, and move between persons
//! by `identity.linked`, `identity.unlinked` and `identity.corrected`.

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::event::Recorded;
use crate::value::{CertificateId, Day, DivisionCode, KeyId, PersonId, Tag};

/// One person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Tags of the ID numbers in force, the current one last.
    pub ids: Vec<Tag>,
    /// Tag of the name, when known.
    pub name: Option<Tag>,
    /// Birth date, when known.
    pub birth_date: Option<Day>,
    /// Household-registration division, when known.
    pub hukou_division: Option<DivisionCode>,
    /// Tags of the ID numbers of the guardians.
    pub guardians: Vec<Tag>,
    /// Every certificate ever held, in the order the ledger learned of them.
    pub certificates: Vec<CertificateId>,
    /// Processing is restricted, or the data erased.
    pub restricted: bool,
}

/// Everybody the ledger has a pseudonym for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    by_id: HashMap<PersonId, Person>,
    by_tag: HashMap<Tag, PersonId>,
    by_key: HashMap<KeyId, PersonId>,
}

impl People {
    /// The person of that pseudonym.
    #[must_use]
    pub fn find(&self, id: &PersonId) -> Option<&Person> {
        self.by_id.get(id)
    }

    /// The person whose ID number has that tag.
    #[must_use]
    pub fn by_tag(&self, tag: &Tag) -> Option<PersonId> {
        self.by_tag.get(tag).copied()
    }

    /// The persons whose guardian's ID number has that tag. Reads everybody: for a guardian who
    /// asks, not for each event.
    pub fn wards_of<'a>(&'a self, tag: &'a Tag) -> impl Iterator<Item = PersonId> + 'a {
        let wards = self.by_id.iter().filter(|(_, person)| person.guardians.contains(tag));
        wards.map(|(id, _)| *id)
    }

    /// The person for whom that data key seals: the first whose event had data sealed under it.
    #[must_use]
    pub fn of_key(&self, key: &KeyId) -> Option<PersonId> {
        self.by_key.get(key).copied()
    }

    /// Every data key that ever sealed for the person, in ascending order. Reads all keys: for
    /// those who draft an erasure, not for each event.
    #[must_use]
    pub fn keys_of(&self, person: &PersonId) -> Vec<KeyId> {
        let own = self.by_key.iter().filter(|(_, of)| *of == person);
        let mut keys: Vec<_> = own.map(|(key, _)| *key).collect();
        keys.sort_unstable();
        keys
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Nobody yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// The person, made known if new, with that ID tag. The first person keeps a tag: a fact that
    /// names it for another is recorded and shows as two records of one number.
    pub(super) fn learn(&mut self, id: PersonId, tag: Tag) -> &mut Person {
        self.by_tag.entry(tag).or_insert(id);
        let person = self.by_id.entry(id).or_default();
        if !person.ids.contains(&tag) {
            person.ids.push(tag);
        }
        person
    }

    /// Notes whose data key an event used. Only its first sealed object is of the event's own
    /// person; a proposal's counts too: it is on the log whether or not it takes effect.
    pub(super) fn note_key(&mut self, event: &Recorded) {
        if let (Some(person), Some(sealed)) =
            (event.payload.body.person(), event.payload.sealed.first())
        {
            self.by_key.entry(sealed.key).or_insert(person);
        }
    }

    /// The person, made known if new, of whom no number is known.
    pub(super) fn find_or_new(&mut self, id: PersonId) -> &mut Person {
        self.by_id.entry(id).or_default()
    }

    pub(super) fn find_mut(&mut self, id: &PersonId) -> Option<&mut Person> {
        self.by_id.get_mut(id)
    }

    pub(super) fn unlink(&mut self, id: PersonId, tag: &Tag) {
        if self.by_tag.get(tag) == Some(&id) {
            self.by_tag.remove(tag);
        }
        if let Some(person) = self.by_id.get_mut(&id) {
            person.ids.retain(|other| other != tag);
        }
    }
}
