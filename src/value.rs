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
mod hash;
mod id;
mod label;
mod money;
mod month;
mod subject;
mod tag;

pub use calendar::{WorkingCalendar, WorkingDays};
pub use citizen_id::{CitizenId, IdForm, Sex};
pub use day::Day;
pub use disability::{Category, CertificateNumber, Component, Level};
pub use division::DivisionCode;
pub use hash::{Hash, base32, base32_decode};
pub use id::{
    ActorId, CaseId, CertificateId, Cti, HouseholdId, KeyId, PayrollId, PersonId, RollId, VehicleId,
};
pub use label::Label;
pub use money::Fen;
pub use month::Month;
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

/// Implements `Display`-based `Serialize` and `FromStr`-based `Deserialize` for a value type, and
/// its JSON Schema as a string with a pattern.
macro_rules! text_value {
    ($type:ty, $name:literal, $pattern:expr) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
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
                deserializer.deserialize_str(Text)
            }
        }

        impl schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
    };
}
pub(crate) use text_value;
