//! Personal data: what is sealed into an event, and the keys and tags that only the ledger's
//! process has.
//!
//! A sealed object is the JSON of [`Personal`], strict. The tag key stands in the vault as a
//! record of its own, wrapped like a data key, so that destroying the vault key at an erasure
//! leaves the tags as they are.

use std::{
    collections::BTreeSet,
    sync::{RwLock, RwLockReadGuard},
};

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::crypto::{
    Context, DataKey, EvidenceRoot, EvidenceSalt, Nonce, RandomError, SealError, Sealed, TagKey,
    TagKind, Tagger, VaultKey, WrapError, evidence_hash, open, random_bytes, seal,
};
use crate::log::Files;
use crate::value::{Hash, KeyId, Malformed, Subject, Tag};
use crate::vault::{Record, Vault, VaultError};

/// The personal fields of one person in one event. Every field is optional; each event type uses
/// its own. Wiped when dropped, shown by nothing.
#[serde_with::skip_serializing_none]
#[derive(
    Clone,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Zeroize,
    ZeroizeOnDrop,
    schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the personal datum of its name")]
pub struct Personal {
    pub name: Option<String>,
    pub id_number: Option<String>,
    pub certificate_number: Option<String>,
    pub phone: Option<String>,
    pub village: Option<String>,
    pub address: Option<String>,
    pub household_no: Option<String>,
    pub guardian_name: Option<String>,
    pub guardian_id: Option<String>,
    pub account: Option<String>,
    pub holder: Option<String>,
    pub chassis: Option<String>,
    pub engine: Option<String>,
    pub blank: Option<String>,
    pub assessor_1: Option<String>,
    pub assessor_2: Option<String>,
    pub receiver: Option<String>,
    pub reviewer: Option<String>,
    pub approver: Option<String>,
    pub reason: Option<String>,
    pub diagnosis: Option<String>,
    pub file_name: Option<String>,
}

impl std::fmt::Debug for Personal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Personal(..)")
    }
}

/// What went wrong with personal data; never says whose.
#[derive(Debug, thiserror::Error)]
pub enum PersonalError {
    /// The vault said no.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A key in the vault is not wrapped under this vault key.
    #[error(transparent)]
    Wrap(#[from] WrapError),
    /// The sealed object does not open.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// No random bytes.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The data key is not in the vault: it never was, or was erased.
    #[error("the data key is not in the vault (erased, or of another ledger)")]
    NoKey,
    /// The opened text is not the schema of sealed data.
    #[error("the sealed data is not of the known fields")]
    Schema,
    /// The tag key or the key of file names, which no erasure may destroy.
    #[error("the key is the ledger's own and no person's: it is never erased")]
    LedgerKey,
    /// The vault holds no tag key.
    #[error("the vault holds no tag key")]
    NoTagKey,
    /// The tag key's version is out of range.
    #[error(transparent)]
    TagKey(#[from] Malformed),
    /// A thread died while it held the vault.
    #[error("the vault was left in an unknown state; open the ledger again")]
    Poisoned,
}

/// The tag under which the vault keeps the keys that belong to no person.
const LEDGER_TAG: Tag = Tag { version: 1, bytes: [0; 20] };
/// The record that holds the tag key.
const TAG_KEY: KeyId = KeyId([0; 16]);
/// The record that holds the data key of file names.
const FILE_KEY: KeyId = KeyId([1; 16]);
/// No person's: no erasure touches them.
const LEDGER_KEYS: [KeyId; 2] = [TAG_KEY, FILE_KEY];

/// The vault, opened: seals, opens and tags.
///
/// A key that a logged erasure names is not used from the erasure's endorsement on, even while the
/// vault's file still holds it: because [`erase`](Self::erase) was not called yet or cut short, or
/// an older vault was restored.
pub struct PersonalStore {
    origin: String,
    tagger: Tagger,
    opened: RwLock<Opened>,
}

struct Opened {
    vault: Vault,
    vault_key: VaultKey,
    /// Keys in the vault's file that logged erasures name.
    left_to_erase: BTreeSet<KeyId>,
}

impl Opened {
    fn record(&self, key: &KeyId) -> Result<Option<Record>, VaultError> {
        if self.left_to_erase.contains(key) { Ok(None) } else { self.vault.by_key(key) }
    }

    /// The newest key of a person's tag.
    fn newest(&self, tag: &Tag) -> Option<KeyId> {
        let all = self.vault.keys(tag).into_iter().rev();
        all.into_iter().find(|key| !self.left_to_erase.contains(key))
    }
}

/// Proves a vault key without showing it: a hash under its own derivation.
fn key_check(vault_key: &VaultKey) -> [u8; 32] {
    blake3::derive_key("mingzheng v1 vault key check", vault_key.expose())
}

impl PersonalStore {
    /// Makes the vault of a new ledger, with its tag key.
    ///
    /// # Errors
    /// The vault exists already, or the disk or the random source failed.
    pub fn create(
        files: Box<dyn Files>,
        origin: &str,
        vault_key: VaultKey,
        tag_key: &TagKey,
    ) -> Result<Self, PersonalError> {
        let mut vault = Vault::create(files, origin, key_check(&vault_key))?;
        let tag_key_as_data = DataKey::new(*tag_key.expose());
        let tag_record = record(&vault_key, LEDGER_TAG, TAG_KEY, &tag_key_as_data)?;
        let file_record = record(&vault_key, LEDGER_TAG, FILE_KEY, &DataKey::generate()?)?;
        vault.add(&[tag_record, file_record])?;
        let tagger = Tagger::new(tag_key, origin);
        Ok(Self::new(origin, tagger, vault, vault_key))
    }

    /// Opens the vault of a ledger.
    ///
    /// # Errors
    /// Another vault key, or a damaged vault.
    pub fn open(
        files: Box<dyn Files>,
        origin: &str,
        vault_key: VaultKey,
    ) -> Result<Self, PersonalError> {
        let vault = Vault::open(files, origin, key_check(&vault_key))?;
        let found = vault.by_key(&TAG_KEY)?.ok_or(PersonalError::NoTagKey)?;
        let wrapped = vault_key.unwrap(TAG_KEY, &found.wrapped)?;
        let tagger = Tagger::new(&TagKey::new(LEDGER_TAG.version, *wrapped.expose())?, origin);
        Ok(Self::new(origin, tagger, vault, vault_key))
    }

    fn new(origin: &str, tagger: Tagger, vault: Vault, vault_key: VaultKey) -> Self {
        let opened = RwLock::new(Opened { vault, vault_key, left_to_erase: BTreeSet::new() });
        Self { origin: origin.to_owned(), tagger, opened }
    }

    fn opened(&self) -> Result<RwLockReadGuard<'_, Opened>, PersonalError> {
        self.opened.read().map_err(|_| PersonalError::Poisoned)
    }

    /// Tags an identifier; its text is normalised by the caller.
    #[must_use]
    pub fn tag(&self, kind: TagKind, text: &str) -> Tag {
        self.tagger.tag(kind, text)
    }

    /// The tagger itself.
    #[must_use]
    pub const fn tagger(&self) -> &Tagger {
        &self.tagger
    }

    /// The newest data key of each person, by ID tag; makes and stores durably those that are
    /// missing, in one flush.
    ///
    /// # Errors
    /// The vault or the random source failed.
    pub fn keys_for(&self, tags: &[Tag]) -> Result<Vec<(KeyId, DataKey)>, PersonalError> {
        let mut opened = self.opened.write().map_err(|_| PersonalError::Poisoned)?;
        let mut made: hashbrown::HashMap<Tag, Record> = hashbrown::HashMap::new();
        for tag in tags {
            if opened.newest(tag).is_none() && !made.contains_key(tag) {
                let key = KeyId(random_bytes()?);
                made.insert(*tag, record(&opened.vault_key, *tag, key, &DataKey::generate()?)?);
            }
        }
        let mut records: Vec<Record> = made.into_values().collect();
        records.sort_unstable_by_key(|record| record.id_tag);
        if !records.is_empty() {
            opened.vault.add(&records)?;
        }
        let newest = |tag: &Tag| {
            let key = opened.newest(tag).ok_or(PersonalError::NoKey)?;
            let record = opened.vault.by_tag_and_key(tag, &key)?.ok_or(PersonalError::NoKey)?;
            Ok((record.key, opened.vault_key.unwrap(record.key, &record.wrapped)?))
        };
        tags.iter().map(newest).collect()
    }

    /// The data key under which file names are sealed.
    ///
    /// # Errors
    /// The vault lost it.
    pub fn file_key(&self) -> Result<(KeyId, DataKey), PersonalError> {
        Ok((FILE_KEY, self.data_key(&FILE_KEY)?))
    }

    /// The hash by which events refer to a document: keyed with a salt of its own, derived from the
    /// root of the person it is about or, where it is about nobody alone, of the ledger.
    ///
    /// # Errors
    /// The vault or the random source failed.
    pub fn evidence(&self, id: Option<&Tag>, document: &[u8]) -> Result<Hash, PersonalError> {
        let key = match id {
            Some(tag) => self.keys_for(&[*tag])?.first().map(|(key, _)| *key),
            None => Some(FILE_KEY),
        };
        let opened = self.opened()?;
        let key = key.ok_or(PersonalError::NoKey)?;
        let record = opened.record(&key)?.ok_or(PersonalError::NoKey)?;
        Ok(evidence_of(&record, document).1)
    }

    /// Every hash, with its salt, by which events about these people, or about nobody alone, may
    /// have referred to a document.
    ///
    /// A salt lets whoever has the document check its hash; it tells nothing of other documents.
    ///
    /// # Errors
    /// The vault was left in an unknown state, or could not be read.
    pub fn evidence_by(
        &self,
        ids: &[Tag],
        document: &[u8],
    ) -> Result<Vec<(EvidenceSalt, Hash)>, PersonalError> {
        let opened = self.opened()?;
        let vault = &opened.vault;
        let of_people = ids.iter().flat_map(|tag| {
            vault.keys(tag).into_iter().map(move |key| (key, vault.by_tag_and_key(tag, &key)))
        });
        let of_ledger = [(FILE_KEY, vault.by_key(&FILE_KEY))];
        let held =
            of_people.chain(of_ledger).filter(|(key, _)| !opened.left_to_erase.contains(key));
        let mut hashes = Vec::new();
        for (_, record) in held {
            hashes.extend(record?.map(|record| evidence_of(&record, document)));
        }
        Ok(hashes)
    }

    fn data_key(&self, id: &KeyId) -> Result<DataKey, PersonalError> {
        let opened = self.opened()?;
        let record = opened.record(id)?.ok_or(PersonalError::NoKey)?;
        Ok(opened.vault_key.unwrap(*id, &record.wrapped)?)
    }

    /// Seals personal fields for one event.
    ///
    /// # Errors
    /// The text is too long, or the random source failed.
    pub fn seal(
        &self,
        (key_id, key): &(KeyId, DataKey),
        subject: &Subject,
        event_type: &str,
        personal: &Personal,
    ) -> Result<Sealed, PersonalError> {
        let context = Context { origin: &self.origin, subject, event_type, key_id: *key_id };
        let text = Zeroizing::new(serde_json::to_vec(personal).map_err(|_| PersonalError::Schema)?);
        Ok(seal(key, &context, Nonce::generate()?, &text)?)
    }

    /// Opens a sealed object of an event.
    ///
    /// # Errors
    /// The key is gone, the object does not open here, or is not of the schema.
    pub fn open_sealed(
        &self,
        sealed: &Sealed,
        subject: &Subject,
        event_type: &str,
    ) -> Result<Personal, PersonalError> {
        let key = self.data_key(&sealed.key)?;
        let context = Context { origin: &self.origin, subject, event_type, key_id: sealed.key };
        let text = open(&key, &context, sealed)?;
        serde_json::from_slice(&text).map_err(|_| PersonalError::Schema)
    }

    /// Applies the erasures that stand on the log: those of their keys that the vault still holds
    /// are not used from now on. Answers how many there are.
    pub(super) fn leave_out(&self, erased: &BTreeSet<KeyId>) -> Result<usize, PersonalError> {
        let mut opened = self.opened.write().map_err(|_| PersonalError::Poisoned)?;
        let held = erased.iter().filter(|key| !LEDGER_KEYS.contains(key) && opened.vault.has(key));
        opened.left_to_erase = held.copied().collect();
        Ok(opened.left_to_erase.len())
    }

    /// Keys that logged erasures name and the vault's file still holds: the erasure is not done
    /// before [`erase`](Self::erase) was called with them.
    ///
    /// # Errors
    /// The vault was left in an unknown state.
    pub fn left_to_erase(&self) -> Result<Vec<KeyId>, PersonalError> {
        Ok(self.opened()?.left_to_erase.iter().copied().collect())
    }

    /// Destroys data keys: the vault is written anew under a new vault key. The event that names
    /// them is durable before. The caller destroys the old vault key when this returned, and keeps
    /// the new one outside the ledger's folder.
    ///
    /// # Errors
    /// [`PersonalError::LedgerKey`], and nothing was changed; or the vault could not be written:
    /// both vault keys have to be kept then, until the ledger has been opened again.
    pub fn erase(&self, keys: &[KeyId], new_key: VaultKey) -> Result<(), PersonalError> {
        if keys.iter().any(|key| LEDGER_KEYS.contains(key)) {
            return Err(PersonalError::LedgerKey);
        }
        let mut opened = self.opened.write().map_err(|_| PersonalError::Poisoned)?;
        let Opened { vault, vault_key: old, left_to_erase } = &mut *opened;
        let gone = keys.iter().copied().collect();
        vault.erase(&gone, key_check(&new_key), |record| {
            let key = old.unwrap(record.key, &record.wrapped).ok()?;
            Some(new_key.wrap(record.key, &key, Nonce::generate().ok()?))
        })?;
        *old = new_key;
        left_to_erase.retain(|key| !gone.contains(key));
        Ok(())
    }

    /// Ids of the data keys of an ID tag that the vault's file holds, oldest first.
    ///
    /// # Errors
    /// The vault was left in an unknown state.
    pub fn key_ids(&self, tag: &Tag) -> Result<Vec<KeyId>, PersonalError> {
        let opened = self.opened()?;
        Ok(opened.vault.keys(tag))
    }
}

fn record(
    vault_key: &VaultKey,
    id_tag: Tag,
    key: KeyId,
    data_key: &DataKey,
) -> Result<Record, PersonalError> {
    let wrapped = vault_key.wrap(key, data_key, Nonce::generate()?);
    Ok(Record { id_tag, key, wrapped, evidence_root: random_bytes()? })
}

fn evidence_of(record: &Record, document: &[u8]) -> (EvidenceSalt, Hash) {
    let salt = EvidenceRoot::new(record.evidence_root).salt(document);
    let hash = evidence_hash(&salt, document);
    (salt, hash)
}
