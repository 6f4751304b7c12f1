//! Tags: keyed pseudonyms that stand for identifiers where equality matters (formats, Tags).
//!
//! Keyed BLAKE3, cut to 20 bytes, under one subkey per kind, so that equal texts of two kinds have
//! nothing in common. Whoever holds the tag key can reverse every tag in minutes, because ID
//! numbers are few: the key stays in the ledger's process. Bringing a text to its one normal form
//! is the caller's business.

use std::fmt;

use zeroize::{ZeroizeOnDrop, Zeroizing};

use super::{RandomError, random};
use crate::value::{CitizenId, Malformed, Tag, dwelling, sound};

/// A tag key with its version, 1 to 9; cities that must find one another's people share it.
#[derive(Clone, ZeroizeOnDrop)]
pub struct TagKey {
    version: u8,
    bytes: [u8; 32],
}

/// What a tag stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TagKind {
    /// A citizen ID number.
    Id,
    /// A certificate number.
    Certificate,
    /// A person's name; differs from ledger to ledger.
    Name,
    /// The sound (pinyin) of a person's name.
    NameSound,
    /// A village; differs from ledger to ledger.
    Village,
    /// A telephone number.
    Phone,
    /// A bank account.
    Account,
    /// A vehicle's chassis number.
    Chassis,
    /// A vehicle's engine number.
    Engine,
    /// A household register number.
    HouseholdNo,
    /// The serial number of a blank certificate.
    Blank,
    /// Institution and name of an officer who is not enrolled.
    Officer,
    /// The holder printed on a document.
    Holder,
    /// A citizen ID number with one character left out.
    NearId,
    /// The key of an imported row.
    Row,
    /// The content of an imported row.
    Content,
    /// The bytes of an imported file.
    File,
    /// The one home that an address names; differs from ledger to ledger.
    Dwelling,
}

/// Makes tags: the subkeys of all kinds, derived once for one key and one ledger.
#[derive(ZeroizeOnDrop)]
pub struct Tagger {
    version: u8,
    subkeys: [[u8; 32]; TagKind::ALL.len()],
}

impl TagKey {
    /// Takes over raw bytes.
    ///
    /// # Errors
    /// The version is not 1 to 9.
    pub const fn new(version: u8, bytes: [u8; 32]) -> Result<Self, Malformed> {
        if version >= 1 && version <= 9 {
            Ok(Self { version, bytes })
        } else {
            Err(Malformed::new("tag key", "its version is not 1 to 9"))
        }
    }

    /// Draws the first key of a family, version 1.
    ///
    /// # Errors
    /// The operating system gave no random bytes.
    pub fn generate() -> Result<Self, RandomError> {
        let mut key = Self { version: 1, bytes: [0; 32] };
        random::fill(&mut key.bytes)?;
        Ok(key)
    }

    /// Version of the key, 1 to 9.
    #[must_use]
    pub const fn version(&self) -> u8 {
        self.version
    }

    /// The raw bytes, for the one who stores them.
    #[must_use]
    pub const fn expose(&self) -> &[u8; 32] {
        &self.bytes
    }
}

impl TagKind {
    /// Every kind, in the order of its declaration.
    pub const ALL: [Self; 18] = [
        Self::Id,
        Self::Certificate,
        Self::Name,
        Self::NameSound,
        Self::Village,
        Self::Phone,
        Self::Account,
        Self::Chassis,
        Self::Engine,
        Self::HouseholdNo,
        Self::Blank,
        Self::Officer,
        Self::Holder,
        Self::NearId,
        Self::Row,
        Self::Content,
        Self::File,
        Self::Dwelling,
    ];

    /// The kind's name, part of the derivation of its subkey.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Certificate => "certificate",
            Self::Name => "name",
            Self::NameSound => "name_sound",
            Self::Village => "village",
            Self::Phone => "phone",
            Self::Account => "account",
            Self::Chassis => "chassis",
            Self::Engine => "engine",
            Self::HouseholdNo => "household_no",
            Self::Blank => "blank",
            Self::Officer => "officer",
            Self::Holder => "holder",
            Self::NearId => "near_id",
            Self::Row => "row",
            Self::Content => "content",
            Self::File => "file",
            Self::Dwelling => "dwelling",
        }
    }

    /// Names, villages and homes can be counted out: their tags are of use in one ledger only.
    const fn takes_origin(self) -> bool {
        matches!(self, Self::Name | Self::Village | Self::Dwelling)
    }
}

impl Tagger {
    /// Derives the subkeys for the ledger of this origin.
    #[must_use]
    pub fn new(key: &TagKey, origin: &str) -> Self {
        let subkeys = TagKind::ALL.map(|kind| {
            let context = format!("mingzheng v1 tag {}", kind.as_str());
            // Key and version have fixed lengths, so the origin needs none.
            let mut material = Zeroizing::new(Vec::with_capacity(33 + origin.len()));
            material.extend_from_slice(&key.bytes);
            material.push(key.version);
            if kind.takes_origin() {
                material.extend_from_slice(origin.as_bytes());
            }
            blake3::derive_key(&context, &material)
        });
        Self { version: key.version, subkeys }
    }

    /// The tag of a text (or, for [`TagKind::File`], of a file's bytes).
    #[must_use]
    pub fn tag(&self, kind: TagKind, text: impl AsRef<[u8]>) -> Tag {
        let hash = blake3::keyed_hash(&self.subkeys[kind as usize], text.as_ref());
        let bytes = hash.as_bytes().first_chunk().expect("20 of 32 bytes");
        Tag { version: self.version, bytes: *bytes }
    }

    /// The tag of how a name sounds; none for a name without letters.
    #[must_use]
    pub fn name_sound(&self, name: &str) -> Option<Tag> {
        sound(name).map(|sound| self.tag(TagKind::NameSound, sound))
    }

    /// The tag of the one home that an address names; none for an address of many homes.
    #[must_use]
    pub fn dwelling(&self, address: &str) -> Option<Tag> {
        dwelling(address).map(|home| self.tag(TagKind::Dwelling, home))
    }

    /// The tags, of kind id, of the valid numbers that a mistyped or old number may stand for:
    /// what a valid number is found by, without a tag of its own for every slip.
    #[must_use]
    pub fn meant_ids(&self, id: &CitizenId) -> Vec<Tag> {
        id.meant().iter().map(|number| self.tag(TagKind::Id, number.as_str())).collect()
    }

    /// The tags of a citizen ID number with each one of its characters left out: 18 of them, or 15
    /// for a number of the old form. Two numbers that differ in one character, or in two
    /// neighbours swapped, share at least one.
    #[must_use]
    pub fn near_ids(&self, id: &CitizenId) -> Vec<Tag> {
        let text = id.as_str().as_bytes();
        let mut rest = Zeroizing::new(Vec::with_capacity(text.len()));
        (0..text.len())
            .map(|left_out| {
                rest.clear();
                rest.extend_from_slice(&text[..left_out]);
                rest.extend_from_slice(&text[left_out + 1..]);
                self.tag(TagKind::NearId, rest.as_slice())
            })
            .collect()
    }
}

impl fmt::Debug for TagKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TagKey(version {}, ..)", self.version)
    }
}

impl fmt::Debug for Tagger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tagger(version {}, ..)", self.version)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn tagger(origin: &str) -> Tagger {
        Tagger::new(&TagKey::new(1, [5; 32]).unwrap(), origin)
    }

    #[test]
    fn kinds_are_listed_in_order_and_share_nothing() {
        let tagger = tagger("example.org/a");
        let mut seen = HashSet::new();
        for (index, kind) in TagKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, index);
            assert!(seen.insert(tagger.tag(kind, "411702")), "{kind:?}");
        }
    }

    #[test]
    fn only_names_villages_and_homes_differ_between_ledgers() {
        let (here, there) = (tagger("example.org/a"), tagger("example.org/b"));
        for kind in TagKind::ALL {
            let same = here.tag(kind, "x") == there.tag(kind, "x");
            let local = [TagKind::Name, TagKind::Village, TagKind::Dwelling];
            assert_eq!(same, !local.contains(&kind), "{kind:?}");
        }
    }

    #[test]
    fn another_version_is_another_tag_and_versions_are_one_digit() {
        let second = Tagger::new(&TagKey::new(2, [5; 32]).unwrap(), "example.org/a");
        let (first, second) =
            (tagger("example.org/a").tag(TagKind::Id, "x"), second.tag(TagKind::Id, "x"));
        assert_eq!((first.version, second.version), (1, 2));
        assert_ne!(first.bytes, second.bytes);
        for version in [0, 10, 255] {
            assert!(TagKey::new(version, [5; 32]).is_err());
        }
        assert_eq!(format!("{:?}", TagKey::generate().unwrap()), "TagKey(version 1, ..)");
    }

    proptest! {
        #[test]
        fn one_wrong_or_two_swapped_characters_are_near(
            text in "[0-9]{17}[0-9X]", at in 0..17usize, digit in "[0-9]",
        ) {
            let tagger = tagger("example.org/a");
            let near = |text: &str| tagger.near_ids(&text.parse().unwrap());
            let original = near(&text);
            prop_assert_eq!(original.len(), 18);
            let mut mistyped = text.clone();
            mistyped.replace_range(at..=at, &digit);
            prop_assert_eq!(near(&mistyped)[at], original[at]);
            if at < 16 {
                let (one, two) = (&text[at..=at], &text[at + 1..at + 2]);
                let mut swapped = text.clone();
                swapped.replace_range(at..at + 2, &format!("{two}{one}"));
                prop_assert_eq!(near(&swapped)[at], original[at + 1]);
            }
        }
    }
}
