//! Compact serde forms for rows of projections: numbers and bytes instead of text.
//!
//! Values write themselves as text everywhere else; a row that is stored a million times does not.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_with::{Bytes, DeserializeAs, SerializeAs};

use crate::value::{
    CaseId, CertificateId, Day, DivisionCode, HouseholdId, Month, PayrollId, PersonId, RollId, Tag,
    VehicleId,
};

/// Marks a field as stored in its compact form.
pub(super) enum Packed {}

macro_rules! packed {
    ($type:ty as $raw:ty, $pack:expr, $unpack:expr) => {
        impl SerializeAs<$type> for Packed {
            fn serialize_as<S: Serializer>(value: &$type, to: S) -> Result<S::Ok, S::Error> {
                let pack: fn(&$type) -> $raw = $pack;
                pack(value).serialize(to)
            }
        }
        impl<'de> DeserializeAs<'de, $type> for Packed {
            fn deserialize_as<D: Deserializer<'de>>(from: D) -> Result<$type, D::Error> {
                let unpack: fn($raw) -> Option<$type> = $unpack;
                let raw = <$raw>::deserialize(from)?;
                unpack(raw).ok_or_else(|| D::Error::custom("a stored value is out of range"))
            }
        }
    };
}

packed!(Day as u32, |day| day.index(), |index| Some(Day::from_index(index)));
packed!(Month as u16, |month| month.index(), |index| {
    let first = Month::new(1900, 1).ok()?;
    Some(first.plus(i32::from(index)))
});
packed!(DivisionCode as u32, |code| code.number(), |number| DivisionCode::from_number(number));

/// Bytes of a known number are taken in one piece, and not one after the other.
macro_rules! packed_bytes {
    ($type:ty as [u8; $len:literal], $pack:expr, $unpack:expr) => {
        impl SerializeAs<$type> for Packed {
            fn serialize_as<S: Serializer>(value: &$type, to: S) -> Result<S::Ok, S::Error> {
                let pack: fn(&$type) -> [u8; $len] = $pack;
                Bytes::serialize_as(&pack(value), to)
            }
        }
        impl<'de> DeserializeAs<'de, $type> for Packed {
            fn deserialize_as<D: Deserializer<'de>>(from: D) -> Result<$type, D::Error> {
                let unpack: fn([u8; $len]) -> $type = $unpack;
                Ok(unpack(<Bytes as DeserializeAs<[u8; $len]>>::deserialize_as(from)?))
            }
        }
    };
}

packed_bytes!(
    Tag as [u8; 21],
    |tag| {
        let mut all = [tag.version; 21];
        all[1..].copy_from_slice(&tag.bytes);
        all
    },
    |[version, bytes @ ..]| Tag { version, bytes }
);
packed_bytes!(PersonId as [u8; 16], |id| id.0, PersonId);
packed_bytes!(CertificateId as [u8; 16], |id| id.0, CertificateId);
packed_bytes!(CaseId as [u8; 16], |id| id.0, CaseId);
packed_bytes!(HouseholdId as [u8; 16], |id| id.0, HouseholdId);
packed_bytes!(PayrollId as [u8; 16], |id| id.0, PayrollId);
packed_bytes!(VehicleId as [u8; 16], |id| id.0, VehicleId);
packed_bytes!(RollId as [u8; 16], |id| id.0, RollId);
