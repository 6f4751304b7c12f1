//! The envelope that every event's payload shares.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Body, one_pass};
use crate::crypto::Sealed;
use crate::value::{Day, Hash, Subject};

/// What an actor signs, as the JSON payload of the statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// The day it happened in the world, Asia/Shanghai.
    pub at: Day,
    /// Statements it rests on.
    pub refs: Vec<Hash>,
    /// The subject's latest statement as the signer saw it; mandatory for decisions.
    pub expect: Option<Expect>,
    /// The policy it was made under.
    pub policy: Option<Hash>,
    /// Other subjects it concerns.
    pub about: Vec<Subject>,
    /// The data of its type.
    pub body: Body,
    /// Personal data, one object per person concerned.
    pub sealed: Vec<Sealed>,
}

/// `expect`: what the signer saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The subject's latest statement; `None` (null) when it has none yet.
    #[serde(deserialize_with = "nullable")]
    pub head: Option<Hash>,
}

/// A payload that is not strictly of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// The envelope is not strict JSON of the known fields.
    #[error("the payload's envelope is not valid at column {column}: {what}")]
    Envelope {
        /// Column of the one-line JSON.
        column: usize,
        /// What kind of fault, never the text itself.
        what: &'static str,
    },
    /// `data` is not strictly of its type.
    #[error("the event's data is not valid at column {column}: {what}")]
    Data {
        /// Column within `data`.
        column: usize,
        /// What kind of fault, never the text itself.
        what: &'static str,
    },
    /// A field of `data` is null; a field without a value is left out.
    #[error("a field of the event's data is null; leave the field out")]
    NullField,
    /// The type is not in the catalogue.
    #[error("the event type is not in the catalogue")]
    UnknownType,
    /// The version of the type is not known.
    #[error("version {0} of this event type is not known")]
    UnknownVersion(u16),
    /// More references, subjects or sealed objects than allowed.
    #[error("more than {max} {what}")]
    TooMany {
        /// Which list.
        what: &'static str,
        /// Its limit.
        max: usize,
    },
}

impl PayloadError {
    pub(super) fn data(error: &serde_json::Error) -> Self {
        Self::Data { column: error.column(), what: fault(error) }
    }

    fn envelope(error: &serde_json::Error) -> Self {
        Self::Envelope { column: error.column(), what: fault(error) }
    }
}

/// The kind of a JSON fault. serde's own text can quote the input, which may be personal.
fn fault(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        serde_json::error::Category::Io => "unreadable",
        serde_json::error::Category::Syntax => "not JSON",
        serde_json::error::Category::Data => "a wrong, unknown, repeated or missing field",
        serde_json::error::Category::Eof => "cut off",
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    #[serde(rename = "type")]
    name: &'a str,
    v: u16,
    at: Day,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    refs: Vec<Hash>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    expect: Option<Expect>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    policy: Option<Hash>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    about: Vec<Subject>,
    #[serde(borrow)]
    data: &'a RawValue,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sealed: Vec<Sealed>,
}

impl Payload {
    /// Most statements an event can rest on: what fits an entry as base32, with room to spare.
    pub const REFS_MAX: usize = 1000;
    /// Most other subjects.
    pub const ABOUT_MAX: usize = 16;
    /// Most sealed objects.
    pub const SEALED_MAX: usize = 8;

    /// A payload with nothing but its day and data.
    #[must_use]
    pub fn new(at: Day, body: impl Into<Body>) -> Self {
        Self {
            at,
            refs: Vec::new(),
            expect: None,
            policy: None,
            about: Vec::new(),
            body: body.into(),
            sealed: Vec::new(),
        }
    }

    /// Reads a payload strictly.
    ///
    /// # Errors
    /// Anything but the known fields, each once, of a known type and version, within the limits.
    pub fn from_json(bytes: &[u8]) -> Result<Self, PayloadError> {
        // Known to be UTF-8 as a whole, its texts are not looked at again one by one.
        let text = std::str::from_utf8(bytes);
        let payload = match text.ok().and_then(one_pass::read) {
            Some(payload) => payload,
            None => Self::from_parts(bytes, text.ok())?,
        };
        within("refs", payload.refs.len(), Self::REFS_MAX)?;
        within("about", payload.about.len(), Self::ABOUT_MAX)?;
        within("sealed", payload.sealed.len(), Self::SEALED_MAX)?;
        Ok(payload)
    }

    /// Reads the envelope, then the data: the way that names every fault.
    fn from_parts(bytes: &[u8], text: Option<&str>) -> Result<Self, PayloadError> {
        let wire: Result<Wire<'_>, _> = match text {
            Some(text) => serde_json::from_str(text),
            None => serde_json::from_slice(bytes),
        };
        let wire = wire.map_err(|error| PayloadError::envelope(&error))?;
        // Names are compared again where the body is read: once is enough for what is well.
        if wire.v != 1 {
            let known = Body::NAMES.contains(&wire.name);
            let version = PayloadError::UnknownVersion(wire.v);
            return Err(if known { version } else { PayloadError::UnknownType });
        }
        Ok(Self {
            at: wire.at,
            refs: wire.refs,
            expect: wire.expect,
            policy: wire.policy,
            about: wire.about,
            body: Body::from_json(wire.name, wire.data.get())?,
            sealed: wire.sealed,
        })
    }

    /// Writes the payload in the one order of fields that drafts use. Checks never re-serialise:
    /// the signed bytes are the stored bytes.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let data = RawValue::from_string(self.body.to_json()).expect("data is written as JSON");
        let wire = Wire {
            name: self.body.name(),
            v: 1,
            at: self.at,
            refs: self.refs.clone(),
            expect: self.expect,
            policy: self.policy,
            about: self.about.clone(),
            data: &data,
            sealed: self.sealed.clone(),
        };
        serde_json::to_vec(&wire).expect("the envelope is a plain struct with text keys")
    }
}

/// A payload inside another structure, such as a proposal in a snapshot, is its JSON bytes.
impl Serialize for Payload {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.to_json())
    }
}

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = Vec::<u8>::deserialize(deserializer)?;
        Self::from_json(&bytes).map_err(serde::de::Error::custom)
    }
}

const fn within(what: &'static str, len: usize, max: usize) -> Result<(), PayloadError> {
    if len > max { Err(PayloadError::TooMany { what, max }) } else { Ok(()) }
}

/// A field that may be absent and is never null.
fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// A field that must be there and may be null.
fn nullable<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Hash>, D::Error> {
    Option::deserialize(deserializer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::ActorSuspended;

    fn text(payload: &Payload) -> String {
        String::from_utf8(payload.to_json()).unwrap()
    }

    #[test]
    fn payloads_round_trip() {
        let reason = "left the office".parse().unwrap();
        let mut payload = Payload::new("2026-07-05".parse().unwrap(), ActorSuspended { reason });
        assert_eq!(
            text(&payload),
            r#"{"type":"actor.suspended","v":1,"at":"2026-07-05","data":{"reason":"left the office"}}"#
        );
        payload.expect = Some(Expect { head: None });
        payload.refs = vec![Hash([7; 32])];
        let again = Payload::from_json(&payload.to_json()).unwrap();
        assert_eq!(again, payload);
    }

    #[test]
    fn an_unknown_type_is_named_before_its_version_and_its_data() {
        for (v, data) in [(1, "{}"), (2, "{}"), (1, r#"{"reason":null}"#)] {
            let text =
                format!(r#"{{"type":"actor.gone","v":{v},"at":"2026-07-05","data":{data}}}"#);
            let refused = Payload::from_json(text.as_bytes());
            assert_eq!(refused, Err(PayloadError::UnknownType), "{text}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        let good = r#"{"type":"actor.suspended","v":1,"at":"2026-07-05","data":{"reason":"x"}}"#;
        let mut bad = good.as_bytes().to_vec();
        let at = good.find("\"x\"").unwrap() + 1;
        bad[at] = 0xff;
        let refused = Payload::from_json(&bad);
        assert!(matches!(refused, Err(PayloadError::Envelope { .. })), "{refused:?}");
    }

    #[test]
    fn anything_but_the_strict_form_is_refused() {
        let good = r#"{"type":"actor.suspended","v":1,"at":"2026-07-05","data":{"reason":"x"}}"#;
        assert!(Payload::from_json(good.as_bytes()).is_ok());
        for (from, to) in [
            ("\"v\":1", "\"v\":2"),
            ("\"v\":1", "\"v\":1.0"),
            ("\"v\":1", "\"v\":1,\"v\":1"),
            ("\"v\":1", "\"v\":1,\"extra\":1"),
            ("actor.suspended", "actor.gone"),
            ("\"reason\":\"x\"", "\"reason\":\"x\",\"reason\":\"x\""),
            ("\"reason\":\"x\"", "\"reason\":\"x\",\"more\":1"),
            ("\"reason\":\"x\"", ""),
            ("2026-07-05", "2026-7-5"),
            ("\"v\":1", "\"v\":1,\"expect\":{}"),
            ("\"v\":1", "\"v\":1,\"expect\":null"),
            ("\"v\":1", "\"v\":1,\"policy\":null"),
            ("\"reason\":\"x\"", "\"reason\":null"),
            ("\"reason\":\"x\"", "\"reason\":\"x\",\"more\":null"),
            ("{\"reason\":\"x\"}}", "{\"reason\":\"x\"}} "),
        ] {
            let bad = good.replacen(from, to, 1);
            let refused = Payload::from_json(bad.as_bytes()).is_err();
            // Trailing white space is JSON; everything else here is not the strict form.
            assert_eq!(refused, !bad.ends_with(' '), "{bad}");
        }
    }
    #[test]
    fn reading_in_one_pass_is_never_laxer_than_in_parts() {
        let hash = Hash([7; 32]);
        let good = format!(
            r#"{{"type":"actor.suspended","v":1,"at":"2026-07-05","refs":["{hash}"],"expect":{{"head":"{hash}"}},"policy":"{hash}","about":["ledger"],"data":{{"reason":"x"}}}}"#
        );
        let read = one_pass::read(&good).unwrap();
        assert_eq!(Payload::from_parts(good.as_bytes(), Some(&good)), Ok(read));
        // Every byte left out, doubled, or another one: what one pass takes, the other way takes
        // for the same.
        let mut taken = 0;
        for at in 0..good.len() {
            for change in [&b""[..], &good.as_bytes()[at..=at], b"\"", b",", b"}", b"1", b"x", b" "]
            {
                for len in [0, 1] {
                    let mut bad = good.as_bytes().to_vec();
                    bad.splice(at..at + len, change.iter().copied());
                    let bad = String::from_utf8(bad).unwrap();
                    if let Some(read) = one_pass::read(&bad) {
                        taken += 1;
                        assert_eq!(Payload::from_parts(bad.as_bytes(), Some(&bad)), Ok(read));
                    }
                }
            }
        }
        assert!(taken > 0);
        // Data before its type, and a null, are for the other way.
        let turned = r#"{"data":{"reason":"x"},"type":"actor.suspended","v":1,"at":"2026-07-05"}"#;
        assert!(one_pass::read(turned).is_none());
        assert!(Payload::from_json(turned.as_bytes()).is_ok());
    }
}
