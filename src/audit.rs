//! Layer 2, checking: verifies the whole trail from files and public keys.
//!
//! [`verify`] reads a ledger's folder or an export and checks, in this order for each entry:
//!
//! 1. its place: segment frames or bundles, index without a gap, strict CBOR, BLAKE3 chain, time;
//! 2. its statement: the one accepted form, audience, signing time, `(kid, cti)` used once;
//! 3. its links: previous entry of the subject, `expect.head`, `refs`;
//! 4. its signer: enrolled, in force, of the organisation it signs for;
//! 5. its signature: cofactored batches on all cores, or one by one with [`Options::strict`];
//! 6. the rules: `domain::decide` is asked again, then `domain::evolve` goes on;
//! 7. the tree: RFC 6962 roots at the sizes of the checkpoint and the head, tiles of an export.
//!
//! It never stops at the first fault and never writes. A **violation** means that the trail is
//! broken or that a gate was passed that should have held: then the report is not ok. A
//! **finding** is a breach of an invariant that the ledger records but does not gate (I13, I20,
//! I34, I38), or a gap of a legacy import (I42, never counted as passed): the trail is sound, the
//! work was not. I27, I28 and I29 are flags of `rules` and are not judged a second time here.
//!
//! It can run beside the writer: the newest published size is read first, and what stands beyond
//! it is an unpublished tail, reported and not judged. Sealed data is never opened, so its
//! contents are the door's word. Knows nothing of the writer, the vault, the network or the clock.

mod anchor;
mod breach;
mod bundles;
mod findings;
mod parse;
mod receipt;
mod replay;
mod report;
mod resync;
mod segments;
mod signatures;
mod source;
pub mod strict_review;
mod tiles;
mod trail;
mod verify;

pub use breach::Breach;
pub use receipt::{ReceiptFault, ReceiptReport, receipt};
pub use report::{Finding, Report, Trust, UnpublishedTail, Violation};
pub use trail::{NotATrail, Trail};
pub use verify::{Options, verify};
