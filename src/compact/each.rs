//! A written list is read item by item, and never stands in memory a second time.

use std::{fmt, marker::PhantomData};

use serde::{Deserialize, Deserializer, de};

/// Reads a list and hands on each item, which may be refused with a reason.
///
/// # Errors
/// What is read is no such list, or an item was refused.
pub(crate) fn read_each<'de, T, D>(
    deserializer: D,
    take: impl FnMut(T) -> Result<(), &'static str>,
) -> Result<(), D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_seq(Items { take, of: PhantomData })
}

struct Items<T, F> {
    take: F,
    of: PhantomData<T>,
}

impl<'de, T, F> de::Visitor<'de> for Items<T, F>
where
    T: Deserialize<'de>,
    F: FnMut(T) -> Result<(), &'static str>,
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: de::SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element()? {
            (self.take)(item).map_err(de::Error::custom)?;
        }
        Ok(())
    }
}
