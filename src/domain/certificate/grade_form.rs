//! How a grade is kept in the state's snapshot: every field always there.
//!
//! In an event the components are left out when there are none; a compact format that does not
//! name its fields could not read that back.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::event::Grade;
use crate::value::{Category, Component, Level};

type Kept = (Category, Level, Vec<Component>);

fn keep(grade: &Grade) -> (Category, Level, &[Component]) {
    (grade.category, grade.level, &grade.components)
}

fn restore((category, level, components): Kept) -> Grade {
    Grade { category, level, components }
}

pub(super) fn serialize<S: Serializer>(grade: &Grade, serializer: S) -> Result<S::Ok, S::Error> {
    keep(grade).serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Grade, D::Error> {
    Kept::deserialize(deserializer).map(restore)
}

/// The same for a grade that may be absent.
pub(super) mod optional {
    use super::{Deserialize, Deserializer, Grade, Kept, Serialize, Serializer, keep, restore};

    #[expect(clippy::ref_option, reason = "serde fixes the signature")]
    pub(in super::super) fn serialize<S: Serializer>(
        grade: &Option<Grade>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        grade.as_ref().map(keep).serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Grade>, D::Error> {
        Ok(Option::<Kept>::deserialize(deserializer)?.map(restore))
    }
}
