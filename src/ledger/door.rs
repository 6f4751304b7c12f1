//! The door: what is checked of one statement alone, in parallel, before the writer's queue.
//!
//! Form, strict signature, audience, payload, and that sealed data opens and agrees with the tags
//! in clear. Who the key belongs to, and whether the event is allowed now, is the writer's.

use std::sync::RwLock;

use hashbrown::HashMap;

use super::{card, personal::PersonalStore, tags};
use crate::crypto::{Statement, StatementError, VerifyingKey};
use crate::domain::refusals;
use crate::event::{Payload, PayloadError};
use crate::value::{Cti, Hash, Subject};

refusals! {
    /// Why a statement does not come through the door.
    pub(super) enum Refused {
        /// Not exactly the one accepted form.
        Form { why: StatementError } = "I02", "statement_form", "not an accepted statement: {why}",
            "sign it again with `mingzheng sign`, or with any COSE library in this exact form",
            "不是可以接受的签名语句：{why}",
            "请用 `mingzheng sign` 重新签署，或用 COSE 库按此格式签署";
        /// The signature does not hold.
        Signature = "I02", "bad_signature", "the signature does not hold for this key",
            "sign the same draft again with the enrolled key",
            "签名与该密钥不符",
            "请用登记的密钥重新签署同一草稿";
        /// For another ledger.
        OtherLedger = "I02", "other_ledger", "the statement names another ledger as its audience",
            "draft and sign it for this ledger",
            "该语句写明的是另一账本",
            "请为本账本起草并签署";
        /// The payload is not of the catalogue.
        Payload { why: PayloadError } = "I02", "payload_form", "{why}",
            "events/README.md and each type's schema say what is accepted",
            "内容不符合该类记录的格式：{why}",
            "接受的内容见 events/README.md 和各类型的模式";
        /// Sealed data that does not open or does not agree.
        SealMismatch = "I37", "sealed_mismatch",
            "the sealed data does not open here, or is not what the tags in clear stand for",
            "draft the event again on this ledger",
            "封存内容在此打不开，或与明文标签不符",
            "请在本账本重新起草";
        /// Tags that nothing proves.
        SealMissing = "I37", "sealed_missing", "this type carries tags and needs its sealed data",
            "draft the event with its personal fields",
            "该类型带有标签，必须附封存内容",
            "请连同个人信息一起起草";
        /// A number of the demo prefix on a real ledger.
        DemoNumber = "I37", "demo_number", "ID numbers that begin with 99 are for demo ledgers",
            "check the number: no division has the prefix 99",
            "以 99 开头的公民身份号码只用于演示账本",
            "请核对号码：没有区划以 99 开头";
        /// A card's number is not that of the card.
        CardNumber = "I15", "certificate_number_differs",
            "the certificate number is not made of this ID number, category, level and replacement",
            "it is the ID number, the digit of the category, the digit of the level, and Bn of a replacement",
            "残疾人证号不是由该公民身份号码、类别、等级和换发次数组成的",
            "证号依次为公民身份号码、类别代码、等级代码，补办的加 Bn";
        /// The ledger is open without its vault.
        VaultClosed = "I37", "vault_closed", "sealed data cannot be checked without the vault key",
            "open the ledger with --vault-key",
            "没有保险库密钥，无法核对封存内容",
            "请用 --vault-key 打开账本";
    }
}

/// A statement that came through the door.
pub(super) struct Checked {
    pub(super) bytes: Vec<u8>,
    pub(super) id: Hash,
    pub(super) kid: Hash,
    pub(super) iss: String,
    pub(super) subject: Subject,
    pub(super) iat: u64,
    pub(super) cti: Cti,
    pub(super) payload: Payload,
    /// The key was known here and the signature holds. A key enrolled in the same group is not
    /// known yet; the writer checks that one itself.
    pub(super) signature_holds: bool,
    /// Whether its sealed data opens and agrees. Judged by the writer, behind the questions whether
    /// the statement is on the ledger already, for one whose key was erased since still has its
    /// receipt, and whether an erasure is why it does not open.
    pub(super) seals: Result<(), Refused>,
}

/// Keys by id, as the writer last published them.
#[derive(Default)]
pub(super) struct Keyring(RwLock<HashMap<Hash, VerifyingKey>>);

impl Keyring {
    pub(super) fn publish(&self, key: VerifyingKey) {
        if let Ok(mut keys) = self.0.write() {
            keys.insert(*key.kid(), key);
        }
    }

    fn find(&self, kid: &Hash) -> Option<VerifyingKey> {
        self.0.read().ok()?.get(kid).cloned()
    }
}

/// What the door looks at.
pub(super) struct Door {
    pub(super) origin: String,
    pub(super) keyring: Keyring,
    pub(super) personal: Option<PersonalStore>,
    /// A demo ledger takes ID numbers of the prefix 99.
    pub(super) demo: bool,
}

impl Door {
    /// Checks one statement.
    pub(super) fn check(&self, bytes: Vec<u8>) -> Result<Checked, Refused> {
        let statement = Statement::parse(&bytes).map_err(|why| Refused::Form { why })?;
        let claims = statement.claims();
        if claims.aud != self.origin {
            return Err(Refused::OtherLedger);
        }
        let key = self.keyring.find(statement.kid());
        if let Some(key) = &key {
            statement.verify(key).map_err(|_| Refused::Signature)?;
        }
        let payload =
            Payload::from_json(statement.payload()).map_err(|why| Refused::Payload { why })?;
        let seals = self.check_sealed(&payload, &claims.sub);
        Ok(Checked {
            id: statement.id(),
            kid: *statement.kid(),
            iss: claims.iss.to_owned(),
            subject: claims.sub.clone(),
            iat: claims.iat,
            cti: claims.cti,
            signature_holds: key.is_some(),
            seals,
            payload,
            bytes,
        })
    }

    fn check_sealed(&self, payload: &Payload, subject: &Subject) -> Result<(), Refused> {
        if payload.sealed.is_empty() {
            let missing = tags::needs_sealed(&payload.body);
            return if missing { Err(Refused::SealMissing) } else { Ok(()) };
        }
        let personal = self.personal.as_ref().ok_or(Refused::VaultClosed)?;
        for (number, sealed) in payload.sealed.iter().enumerate() {
            let opened = personal
                .open_sealed(sealed, subject, payload.body.name())
                .map_err(|_| Refused::SealMismatch)?;
            let demo_number = opened.id_number.as_ref().is_some_and(|id| id.starts_with("99"));
            if demo_number && !self.demo {
                return Err(Refused::DemoNumber);
            }
            // The first object is the event's own person; further ones are others concerned.
            if number == 0 && !tags::agree(&payload.body, &opened, personal.tagger()) {
                return Err(Refused::SealMismatch);
            }
            if number == 0 && !card::number_fits(&payload.body, &opened) {
                return Err(Refused::CardNumber);
            }
        }
        Ok(())
    }
}
