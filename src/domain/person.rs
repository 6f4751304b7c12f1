//! People as decisions need them: which ID tags are whose, birth dates, certificates held.
//!
//! ID numbers are attributes: they are mistyped, corrected and upgraded, and move between persons
//! by `identity.linked`, `identity.unlinked` and `identity.corrected`.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::compact::RowMap;
use crate::event::Recorded;
use crate::value::{CertificateId, Day, DivisionCode, KeyId, PersonId, Tag};

/// One person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Tags of the ID numbers in force, the current one last.
    pub ids: SmallVec<[Tag; 1]>,
    /// Tag of the name, when known.
    pub name: Option<Tag>,
    /// Birth date, when known.
    pub birth_date: Option<Day>,
    /// Household-registration division, when known.
    pub hukou_division: Option<DivisionCode>,
    /// Tags of the ID numbers of the guardians.
    pub guardians: Box<[Tag]>,
    /// Every certificate ever held, in the order the ledger learned of them.
    pub certificates: SmallVec<[CertificateId; 1]>,
    /// Processing is restricted, or the data erased.
    pub restricted: bool,
}

impl Person {
    pub(super) fn add_guardian(&mut self, guardian: Tag) {
        self.guardians = self.guardians.iter().copied().chain([guardian]).collect();
    }

    pub(super) fn drop_guardian(&mut self, guardian: &Tag) {
        self.guardians = self.guardians.iter().copied().filter(|other| other != guardian).collect();
    }
}

/// Everybody the ledger has a pseudonym for. The maps lead to the numbers of their rows; a row is
/// empty while a data key is all that was heard of the person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    rows: RowMap<PersonId, Option<Person>>,
    by_tag: RowMap<Tag, u32>,
    by_key: RowMap<KeyId, u32>,
}

impl People {
    /// The person of that pseudonym.
    #[must_use]
    pub fn find(&self, id: &PersonId) -> Option<&Person> {
        self.rows.get(id)?.as_ref()
    }

    /// The person whose ID number has that tag.
    #[must_use]
    pub fn by_tag(&self, tag: &Tag) -> Option<PersonId> {
        self.rows.key_at(*self.by_tag.get(tag)?).copied()
    }

    /// The persons whose guardian's ID number has that tag. Reads everybody: for a guardian who
    /// asks, not for each event.
    pub fn wards_of<'a>(&'a self, tag: &'a Tag) -> impl Iterator<Item = PersonId> + 'a {
        let is_ward = |person: &Person| person.guardians.contains(tag);
        let wards = self.rows.iter().filter(move |(_, row)| row.as_ref().is_some_and(is_ward));
        wards.map(|(id, _)| *id)
    }

    /// The person for whom that data key seals: the first whose event had data sealed under it.
    #[must_use]
    pub fn of_key(&self, key: &KeyId) -> Option<PersonId> {
        self.rows.key_at(*self.by_key.get(key)?).copied()
    }

    /// Every data key that ever sealed for the person, in ascending order. Reads all keys: for
    /// those who draft an erasure, not for each event.
    #[must_use]
    pub fn keys_of(&self, person: &PersonId) -> Vec<KeyId> {
        let Some(number) = self.rows.number(person) else { return Vec::new() };
        let own = self.by_key.iter().filter(|(_, of)| **of == number);
        let mut keys: Vec<_> = own.map(|(key, _)| *key).collect();
        keys.sort_unstable();
        keys
    }

    /// The person, made known if new, with that ID tag. The first person keeps a tag: a fact that
    /// names it for another is recorded and shows as two records of one number.
    pub(super) fn learn(&mut self, id: PersonId, tag: Tag) -> &mut Person {
        let number = self.rows.number_or_insert_with(id, || None);
        self.by_tag.get_or_insert_with(tag, || number);
        let person = self.find_or_new(id);
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
            let number = self.rows.number_or_insert_with(person, || None);
            self.by_key.get_or_insert_with(sealed.key, || number);
        }
    }

    /// The person, made known if new, of whom no number is known.
    pub(super) fn find_or_new(&mut self, id: PersonId) -> &mut Person {
        self.rows.get_or_insert_with(id, || None).get_or_insert_default()
    }

    pub(super) fn find_mut(&mut self, id: &PersonId) -> Option<&mut Person> {
        self.rows.get_mut(id)?.as_mut()
    }

    pub(super) fn unlink(&mut self, id: PersonId, tag: &Tag) {
        if self.by_tag(tag) == Some(id) {
            self.by_tag.remove(tag);
        }
        if let Some(person) = self.find_mut(&id) {
            person.ids.retain(|other| other != tag);
        }
    }
}
