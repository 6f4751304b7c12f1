//! R55: the trail itself. Listed here, found by `verify`.
//!
//! A flag is computed from effective events; where the chain, a signature or a key fails there is
//! no event whose effect could be trusted. The failure is therefore no flag: the ledger refuses
//! such a statement at the door, and `verify` reports one that stands in the files, with its index.

use super::flag::Rule;
use crate::event::{FlagKind::Conclusive, Severity::S1};

/// R55: chain, signature or key.
pub(super) static R55: Rule = Rule {
    id: "R55",
    version: 1,
    title_zh: "链条、签名或密钥异常",
    title_en: "chain, signature or key failure",
    severity: S1,
    kind: Conclusive,
    test: "reported by `verify` and never as a flag, because nothing computed from a broken trail \
           can be trusted: a broken chain or tree, a wrong signature, a key that was retired, \
           suspended or not valid when it signed, a missing number; each with its index, and \
           exit code 1",
    inputs: "the log's files and the public keys on it",
    guards: &["a torn tail that was never acknowledged: cut and reported when the ledger opens"],
    todo_zh: "停止使用该账本副本，以见证方检查点核对并追查",
    todo_en: "stop using this copy, compare it with a witness's checkpoint, find out what happened",
};
