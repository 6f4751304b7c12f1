//! Reading a payload in one pass.
//!
//! The data can be read at once when its type stands before it, as every draft has it, and when no
//! `null` stands anywhere, which would have to be judged by its place. All else, and all that is
//! refused here, is read again in the way that names the fault: this way is quicker, never laxer.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};

use super::{Body, Payload};

/// The payload, if it can be read so.
pub(super) fn read(text: &str) -> Option<Payload> {
    if text.contains("null") {
        return None;
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let payload = reader.deserialize_map(Envelope).ok()?;
    reader.end().ok()?;
    Some(payload)
}

/// The envelope's fields.
#[derive(serde::Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Field {
    Type,
    V,
    At,
    Refs,
    Expect,
    Policy,
    About,
    Data,
    Sealed,
}

struct Envelope;

impl<'de> Visitor<'de> for Envelope {
    type Value = Payload;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event's payload")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Payload, A::Error> {
        let (mut name, mut version, mut at) = (None::<&str>, None::<u16>, None);
        let (mut refs, mut expect, mut policy) = (None, None, None);
        let (mut about, mut body, mut sealed) = (None, None, None);
        while let Some(field) = map.next_key()? {
            match field {
                Field::Type => once(&mut name, map.next_value()?)?,
                Field::V => once(&mut version, map.next_value()?)?,
                Field::At => once(&mut at, map.next_value()?)?,
                Field::Refs => once(&mut refs, map.next_value()?)?,
                Field::Expect => once(&mut expect, map.next_value()?)?,
                Field::Policy => once(&mut policy, map.next_value()?)?,
                Field::About => once(&mut about, map.next_value()?)?,
                Field::Data => {
                    let name = name.ok_or_else(|| A::Error::custom("the type comes later"))?;
                    once(&mut body, map.next_value_seed(Data { name })?)?;
                }
                Field::Sealed => once(&mut sealed, map.next_value()?)?,
            }
        }
        let missing = || A::Error::custom("a field is missing");
        if version != Some(1) {
            return Err(missing());
        }
        Ok(Payload {
            at: at.ok_or_else(missing)?,
            refs: refs.unwrap_or_default(),
            expect,
            policy,
            about: about.unwrap_or_default(),
            body: body.ok_or_else(missing)?,
            sealed: sealed.unwrap_or_default(),
        })
    }
}

fn once<T, E: serde::de::Error>(place: &mut Option<T>, value: T) -> Result<(), E> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(E::custom("a field stands twice")),
    }
}

/// Reads `data` as what its type says it is.
struct Data<'a> {
    name: &'a str,
}

impl<'de> DeserializeSeed<'de> for Data<'_> {
    type Value = Body;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Body, D::Error> {
        Body::read(self.name, deserializer)
    }
}
