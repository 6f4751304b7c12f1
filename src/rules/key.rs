//! The keys under which records are stored.
//!
//! A person's file is a scan of `Key::Person`, joined with the facts under `Key::Id` of each of
//! the person's ID tags. Every other key only names persons or says what is void: what a person
//! has is always read from that person's own file, so an index never has to be un-written when a
//! later event corrects an earlier one.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Visitor},
};
use serde_with::serde_as;

use super::mark::Mark;
use crate::value::{
    ActorId, CaseId, Day, Hash, HouseholdId, Month, PayrollId, PersonId, Tag, VehicleId,
};

/// The first half of a statement id: 128 bits tell the statements of one ledger apart.
#[serde_as]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StatementRef(#[serde_as(as = "serde_with::Bytes")] pub [u8; 16]);

impl From<&Hash> for StatementRef {
    fn from(id: &Hash) -> Self {
        let mut half = [0; 16];
        half.copy_from_slice(&id.as_bytes()[..16]);
        Self(half)
    }
}

/// An enrolled actor, or an institution by its code, in place: a key is copied, not cloned.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActorRef {
    bytes: [u8; ActorId::LEN_MAX],
    len: u8,
}

impl ActorRef {
    fn new(text: &str) -> Option<Self> {
        let mut bytes = [0; ActorId::LEN_MAX];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Self { bytes, len: u8::try_from(text.len()).ok()? })
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

impl From<&ActorId> for ActorRef {
    fn from(id: &ActorId) -> Self {
        Self::new(id.as_str()).expect("an actor's id is no longer than its limit")
    }
}

impl fmt::Display for ActorRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(self.as_bytes()).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for ActorRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for ActorRef {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ActorRef {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = ActorRef;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an actor's id")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<ActorRef, E> {
                ActorRef::new(text).ok_or_else(|| E::custom("an actor's id is too long"))
            }
        }
        from.deserialize_str(Text)
    }
}

/// A household: by the number old registers give it, or by its id on this ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Home {
    /// Tag of 户号.
    Number(Tag),
    /// A household of the ledger.
    Ledger(HouseholdId),
}

/// The kind of a person's key: behind all others, so that a pass in order of the keys knows what a
/// person shares when it comes to the person.
const PERSON: u8 = b'z';

/// Where a record is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// Everything about one person.
    Person(PersonId),
    /// What outside registers report of an ID number, and the persons who have it.
    Id(Tag),
    /// That a statement was corrected or retracted.
    Statement(StatementRef),
    /// The persons paid into an account, and whether it is an institution's.
    Account(Tag),
    /// The names in a household, and the persons.
    Home(Home),
    /// The persons of a name, or of all names that sound like it, born on a day.
    Namesake(Tag, Day),
    /// The persons whose mistyped or old ID number may stand for this one.
    Meant(Tag),
    /// The persons granted fuel for a frame number.
    Chassis(Tag),
    /// The persons granted fuel for an engine number.
    Engine(Tag),
    /// The persons whom an officer assessed.
    Officer(Tag),
    /// What is known of an enrolled actor.
    Actor(ActorRef),
    /// When an institution was designated, and for what.
    Institution(ActorRef),
    /// The persons who were placed at an institution.
    Facility(ActorRef),
    /// The persons for whom a blank card was used.
    Blank(Tag),
    /// Who gave a statement its second signature.
    Endorsement(StatementRef),
    /// A batch of payments: its roots, and who authorised it.
    Payroll(PayrollId),
    /// The rolls that are in.
    Rolls,
    /// What the ledger was founded for.
    Ledger,
    /// The persons whom a batch names, or whose payment names it.
    Payees(PayrollId),
    /// Works accepted at a house, the persons whom they name, and those who applied for some.
    House(HouseholdId),
    /// The houses at which works were accepted on a paper.
    Paper(Mark),
    /// The houses of one address at which works were accepted.
    Dwelling(Tag),
    /// The persons who applied for a grant for a vehicle.
    Vehicle(VehicleId),
    /// The person of a benefit's case.
    Case(CaseId),
    /// The cases whose account a clerk endorsed in a month.
    Changes(Mark, Month),
}

impl Key {
    /// The key as bytes: a kind and what it names, so that all records of one key share a prefix
    /// and no key is the prefix of another.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let with = |kind: u8, parts: &[&[u8]]| {
            let mut bytes = vec![kind];
            parts.iter().for_each(|part| bytes.extend_from_slice(part));
            bytes
        };
        let tagged = |kind: u8, tag: &Tag| with(kind, &[&[tag.version], &tag.bytes]);
        match self {
            Self::Person(id) => with(PERSON, &[&id.0]),
            Self::Id(tag) => tagged(b'i', tag),
            Self::Statement(statement) => with(b's', &[&statement.0]),
            Self::Account(tag) => tagged(b'a', tag),
            Self::Home(Home::Number(tag)) => tagged(b'h', tag),
            Self::Home(Home::Ledger(id)) => with(b'l', &[&id.0]),
            Self::Namesake(tag, birth) => {
                let birth = birth.index().to_be_bytes();
                with(b't', &[&[tag.version], &tag.bytes, &birth])
            }
            Self::Meant(tag) => tagged(b'm', tag),
            Self::Chassis(tag) => tagged(b'c', tag),
            Self::Engine(tag) => tagged(b'e', tag),
            Self::Officer(tag) => tagged(b'o', tag),
            Self::Actor(actor) => with(b'A', &[actor.as_bytes(), &[0]]),
            Self::Institution(code) => with(b'I', &[code.as_bytes(), &[0]]),
            Self::Facility(code) => with(b'F', &[code.as_bytes(), &[0]]),
            Self::Blank(tag) => tagged(b'b', tag),
            Self::Endorsement(statement) => with(b'E', &[&statement.0]),
            Self::Payroll(id) => with(b'y', &[&id.0]),
            Self::Rolls => with(b'r', &[]),
            Self::Ledger => with(b'L', &[]),
            Self::Payees(id) => with(b'P', &[&id.0]),
            Self::House(id) => with(b'H', &[&id.0]),
            Self::Paper(paper) => with(b'Q', &[&paper.0]),
            Self::Dwelling(tag) => tagged(b'D', tag),
            Self::Vehicle(id) => with(b'V', &[&id.0]),
            Self::Case(id) => with(b'K', &[&id.0]),
            Self::Changes(clerk, month) => with(b'W', &[&clerk.0, &month.index().to_be_bytes()]),
        }
    }

    /// The key that some bytes begin with, and how many are its own; nothing for other bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<(Self, usize)> {
        let (kind, mut rest) = bytes.split_first()?;
        let rest = &mut rest;
        let key = match *kind {
            PERSON => Self::Person(PersonId(take(rest)?)),
            b'i' => Self::Id(tag(rest)?),
            b's' => Self::Statement(StatementRef(take(rest)?)),
            b'a' => Self::Account(tag(rest)?),
            b'h' => Self::Home(Home::Number(tag(rest)?)),
            b'l' => Self::Home(Home::Ledger(HouseholdId(take(rest)?))),
            b't' => Self::Namesake(tag(rest)?, Day::from_index(u32::from_be_bytes(take(rest)?))),
            b'm' => Self::Meant(tag(rest)?),
            b'c' => Self::Chassis(tag(rest)?),
            b'e' => Self::Engine(tag(rest)?),
            b'o' => Self::Officer(tag(rest)?),
            b'A' => Self::Actor(name(rest)?),
            b'I' => Self::Institution(name(rest)?),
            b'F' => Self::Facility(name(rest)?),
            b'b' => Self::Blank(tag(rest)?),
            b'E' => Self::Endorsement(StatementRef(take(rest)?)),
            b'y' => Self::Payroll(PayrollId(take(rest)?)),
            b'r' => Self::Rolls,
            b'L' => Self::Ledger,
            b'P' => Self::Payees(PayrollId(take(rest)?)),
            b'H' => Self::House(HouseholdId(take(rest)?)),
            b'Q' => Self::Paper(Mark(take(rest)?)),
            b'D' => Self::Dwelling(tag(rest)?),
            b'V' => Self::Vehicle(VehicleId(take(rest)?)),
            b'K' => Self::Case(CaseId(take(rest)?)),
            b'W' => {
                let clerk = Mark(take(rest)?);
                let month = i32::from(u16::from_be_bytes(take(rest)?));
                Self::Changes(clerk, Month::new(1900, 1).ok()?.plus(month))
            }
            _ => return None,
        };
        Some((key, bytes.len() - rest.len()))
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(*taken)
}

fn tag(rest: &mut &[u8]) -> Option<Tag> {
    let [version] = take(rest)?;
    Some(Tag { version, bytes: take(rest)? })
}

/// A name, with the zero that ends it.
fn name(rest: &mut &[u8]) -> Option<ActorRef> {
    let len = rest.iter().position(|byte| *byte == 0)?;
    let name = ActorRef::new(std::str::from_utf8(&rest[..len]).ok()?)?;
    *rest = &rest[len + 1..];
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_from_its_bytes_whatever_follows() {
        let tag = Tag { version: 3, bytes: [0xff; 20] };
        let actor = ActorRef::from(&"411702-clerk-1".parse::<ActorId>().unwrap());
        let month = "2026-03".parse().unwrap();
        let keys = [
            Key::Person(PersonId([255; 16])),
            Key::Id(tag),
            Key::Statement(StatementRef([1; 16])),
            Key::Account(tag),
            Key::Home(Home::Number(tag)),
            Key::Home(Home::Ledger(HouseholdId([2; 16]))),
            Key::Namesake(tag, "1970-05-05".parse().unwrap()),
            Key::Meant(tag),
            Key::Chassis(tag),
            Key::Engine(tag),
            Key::Officer(tag),
            Key::Actor(actor),
            Key::Institution(actor),
            Key::Facility(actor),
            Key::Blank(tag),
            Key::Endorsement(StatementRef([3; 16])),
            Key::Payroll(PayrollId([4; 16])),
            Key::Rolls,
            Key::Ledger,
            Key::Payees(PayrollId([5; 16])),
            Key::House(HouseholdId([6; 16])),
            Key::Paper(Mark([7; 16])),
            Key::Dwelling(tag),
            Key::Vehicle(VehicleId([8; 16])),
            Key::Case(CaseId([9; 16])),
            Key::Changes(Mark([10; 16]), month),
        ];
        let mut kinds = std::collections::BTreeSet::new();
        for key in keys {
            let bytes = key.to_bytes();
            for behind in [&[][..], &[0], &[255; 17]] {
                let all = [&bytes, behind].concat();
                assert_eq!(Key::from_bytes(&all), Some((key, bytes.len())), "{key:?}");
            }
            for len in 0..bytes.len() {
                assert_eq!(Key::from_bytes(&bytes[..len]), None, "{key:?}");
            }
            // A person comes last, and one kind is one letter.
            assert!(bytes <= keys[0].to_bytes());
            assert!(kinds.insert(bytes[0]), "{key:?}");
        }
        assert_eq!(Key::from_bytes(b"x"), None);
    }
}
