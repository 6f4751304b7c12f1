//! Layer 0: the field's own values.
//!
//! Small types that are parsed on the way in and cannot hold a malformed value afterwards. They
//! know nothing of I/O, async, the clock or random numbers. Money is in fen as integers, months
//! are months, days are days in Asia/Shanghai.

mod calendar;
mod citizen_id;
mod day;
mod disability;
mod division;
mod dwelling;
mod hash;
mod id;
mod label;
mod money;
mod month;
mod names;
mod programme;
#[cfg(test)]
pub(crate) mod punctuation;
mod sound;
mod subject;
mod tag;

pub use calendar::{WorkingCalendar, WorkingDays};
pub use citizen_id::{CitizenId, IdForm, Sex};
pub use day::Day;
pub use disability::{Category, CertificateNumber, Component, Level};
pub use division::DivisionCode;
pub use dwelling::dwelling;
pub use hash::{Hash, base32, base32_decode};
pub use id::{
    ActorId, CaseId, CertificateId, Cti, HouseholdId, KeyId, PayrollId, PersonId, RollId, VehicleId,
};
pub use label::Label;
pub use money::Fen;
pub use month::Month;
pub use names::{
    ApprovalLevel, ChainRole, ChainStep, Criterion, Diagnosis, EvidenceKind, FactKind, FirstMonth,
    Formula, HouseGrade, Lang, LastDay, Period, PolicyName, StopRule, Unit,
};
pub use programme::Programme;
pub use sound::sound;
pub use subject::Subject;
pub use tag::Tag;

/// A text that is not a value of the named kind; never carries the text itself, which may be
/// personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {what}: {why}")]
pub struct Malformed {
    /// The kind of value that was expected.
    pub what: &'static str,
    /// The rule that was broken.
    pub why: &'static str,
}

impl Malformed {
    /// Names the kind and the broken rule.
    #[must_use]
    pub const fn new(what: &'static str, why: &'static str) -> Self {
        Self { what, why }
    }
}

/// Implements `Serialize` and `Deserialize` for a value type: text (by `Display` and `FromStr`) in
/// formats people read, and the compact form given after `as`, when there is one, in the others
/// (rows of projections, the decision-state snapshot). Also its JSON Schema, under the type's name.
macro_rules! text_value {
    ($type:ty, $name:literal, $pattern:expr) => {
        text_value!($type, $name, $pattern, as String, |value: &$type| value.to_string(),
            |text: String| text.parse::<$type>());
    };
    ($type:ty, $name:literal, $pattern:expr, as $compact:ty, $to:expr, $from:expr) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    return serializer.collect_str(self);
                }
                let to: fn(&$type) -> $compact = $to;
                to(self).serialize(serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl serde::de::Visitor<'_> for Text {
                    type Value = $type;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("a ", $name))
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                if deserializer.is_human_readable() {
                    return deserializer.deserialize_str(Text);
                }
                let from: fn($compact) -> Result<$type, $crate::value::Malformed> = $from;
                from(<$compact>::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }

        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "title": $name, "type": "string", "pattern": $pattern })
            }
        }
    };
}
pub(crate) use text_value;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_text_for_people_and_compact_elsewhere() {
        let tag = Tag { version: 1, bytes: [5; 20] };
        let values = (Hash([9; 32]), tag, PersonId([3; 16]));
        let days: (Day, Month, DivisionCode) =
            ("2026-07-05".parse().unwrap(), "2026-07".parse().unwrap(), "411702".parse().unwrap());
        let bytes = postcard::to_stdvec(&(values, days)).unwrap();
        assert_eq!(bytes.len(), 32 + 21 + 16 + 3 + 2 + 3);
        assert_eq!(postcard::from_bytes(&bytes), Ok((values, days)));
        let text = serde_json::to_string(&(values, days)).unwrap();
        assert!(text.contains("\"2026-07-05\",\"2026-07\",\"411702\""));
    }
}
