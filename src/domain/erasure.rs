//! Erasure (E47): which data keys an erasure may name, and that nothing is sealed under one that
//! an erasure in effect names.
//!
//! Whose a key is stands on the log: the first sealed object of an event is its own person's, and
//! names its key. So the rules need no vault, and a verifier asks them again.

use std::collections::BTreeSet;

use super::{State, refusals};
use crate::event::{Payload, PersonalDataErased};
use crate::value::KeyId;

refusals! {
    /// Why an erasure is refused.
    pub enum Refused {
        /// It names nothing.
        NoKeys = "I37", "no_keys_named", "the erasure names no data key",
            "name every data key of the person: `mingzheng erase` does",
            "删除没有写明任何数据密钥",
            "请写明此人的每把数据密钥：`mingzheng erase` 会列出";
        /// A key twice.
        KeyTwice { key: KeyId } = "I37", "key_named_twice", "the erasure names the key {key} twice",
            "name each data key once",
            "密钥 {key} 写了两次",
            "每把密钥只写一次";
        /// A key of somebody else, of the ledger itself, or of nobody.
        NotTheirKey { key: KeyId } = "I37", "not_their_key",
            "nothing about this person is sealed under the key {key}",
            "name the keys of this person only: `mingzheng erase` finds them",
            "没有关于此人的内容用密钥 {key} 封存",
            "只写此人的密钥：`mingzheng erase` 会找出";
        /// Sealed before the erasure took effect, and sent behind it.
        KeyErased { key: KeyId } = "I37", "key_erased",
            "it is sealed under the key {key}, which an erasure took out of use: nobody could ever \
             read it",
            "draft it again: it is sealed under another key then",
            "内容用密钥 {key} 封存，该密钥已因删除个人信息而停用，以后谁也读不出",
            "请重新起草：届时会用另一把密钥封存";
    }
}

pub(super) fn decide(state: &State, data: &PersonalDataErased) -> Result<(), Refused> {
    if data.keys.is_empty() {
        return Err(Refused::NoKeys);
    }
    let mut named = BTreeSet::new();
    for key in &data.keys {
        if !named.insert(key) {
            return Err(Refused::KeyTwice { key: *key });
        }
        if state.people.of_key(key) != Some(data.person) {
            return Err(Refused::NotTheirKey { key: *key });
        }
    }
    Ok(())
}

/// Refuses a statement that is sealed under an erased key, of whomever: nobody could ever read it.
pub(crate) fn decide_sealed(state: &State, payload: &Payload) -> Result<(), Refused> {
    if state.erased_keys.is_empty() {
        return Ok(());
    }
    let erased = payload.sealed.iter().find(|sealed| state.erased_keys.contains(&sealed.key));
    erased.map_or(Ok(()), |sealed| Err(Refused::KeyErased { key: sealed.key }))
}
