//! Compact serde forms for rows of projections: numbers and bytes instead of text.
//!
//! Values write themselves as text everywhere else; a row that is stored a million times does not.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_with::{DeserializeAs, SerializeAs};

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
packed!(Tag as (u8, [u8; 20]), |tag| (tag.version, tag.bytes), |(version, bytes)| {
    Some(Tag { version, bytes })
});
packed!(DivisionCode as u32, |code| code.number(), |number| format!("{number:06}").parse().ok());
packed!(PersonId as [u8; 16], |id| id.0, |bytes| Some(PersonId(bytes)));
packed!(CertificateId as [u8; 16], |id| id.0, |bytes| Some(CertificateId(bytes)));
packed!(CaseId as [u8; 16], |id| id.0, |bytes| Some(CaseId(bytes)));
packed!(HouseholdId as [u8; 16], |id| id.0, |bytes| Some(HouseholdId(bytes)));
packed!(PayrollId as [u8; 16], |id| id.0, |bytes| Some(PayrollId(bytes)));
packed!(VehicleId as [u8; 16], |id| id.0, |bytes| Some(VehicleId(bytes)));
packed!(RollId as [u8; 16], |id| id.0, |bytes| Some(RollId(bytes)));
