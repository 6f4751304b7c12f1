//! Erasure (E47): which data keys an erasure may name.
//!
//! Whose a key is stands on the log: the first sealed object of an event is its own person's, and
//! names its key. So the rule needs no vault, and a verifier asks it again.

use std::collections::BTreeSet;

use super::{State, refusals};
use crate::event::PersonalDataErased;
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
