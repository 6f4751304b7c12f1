//! Flags and verdicts, as far as a stop rests on them (I32).

use super::Benefits;
use crate::event::{AnomalyReviewed, Recorded, Verdict};
use crate::value::{Hash, PersonId, Subject};

impl Benefits {
    /// Says whether that statement raised a flag.
    #[must_use]
    pub fn is_flag(&self, statement: &Hash) -> bool {
        self.flags.contains(statement)
    }

    /// Says whether that statement is a standing confirmed verdict on the person.
    #[must_use]
    pub fn is_confirmed(&self, statement: &Hash, person: PersonId) -> bool {
        self.verdicts.get(statement).is_some_and(|(_, of)| *of == Some(person))
    }
}

pub(super) fn raised(benefits: &mut Benefits, event: &Recorded) {
    benefits.flags.insert(event.id);
}

/// The latest verdict on a flag is the one that stands.
pub(super) fn reviewed(benefits: &mut Benefits, event: &Recorded, data: &AnomalyReviewed) {
    benefits.verdicts.retain(|_, (flag, _)| *flag != data.flag);
    if data.verdict == Verdict::Confirmed {
        let person = match &event.subject {
            Subject::Person(person) => Some(*person),
            _ => None,
        };
        benefits.verdicts.insert(event.id, (data.flag, person));
    }
}
