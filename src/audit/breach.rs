//! What can be wrong with a trail: each breach with the rule it breaks, a stable code, a sentence.
//!
//! Refusals of the domain have their own rule and code and are reported with those. Sentences
//! name places, sizes and identifiers of the log, never anything from within a payload.

use std::io;

use crate::{
    crypto::StatementError,
    event::PayloadError,
    frame::{EntryError, FrameFault, HeadFault, SegmentFault},
    tlog::{CheckpointError, TreeHash, VkeyError, tile::TileError},
};

/// Declares the breaches; each with its rule, code and sentence.
macro_rules! breaches {
    ($($(#[$doc:meta])* $variant:ident $({ $($field:ident: $type:ty),* })? =
        $rule:literal, $code:literal, $sentence:literal $(, $shown:expr)*;)*) => {
        /// One way in which a trail is not what the formats say.
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        pub enum Breach {
            $(
                $(#[$doc])*
                #[error($sentence $(, $shown)*)]
                #[allow(missing_docs, reason = "the sentence names its fields")]
                $variant $({ $($field: $type),* })?,
            )*
        }

        impl Breach {
            /// The rule it breaks: an invariant, or the section of the formats.
            #[must_use]
            pub const fn rule(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $rule,)*
                }
            }

            /// A stable word for programs.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $code,)*
                }
            }
        }
    };
}

breaches! {
    /// A file that must be there is not, or the system does not let it be read.
    Unreadable { file: String, why: io::ErrorKind } = "files", "file_unreadable",
        "{file} cannot be read: {why}";
    /// A file is larger than anything of its kind.
    TooLarge { file: String } = "files", "file_too_large", "{file} is larger than any of its kind";
    /// The ledger's verifier key is not one.
    Vkey { why: VkeyError } = "checkpoint", "vkey_malformed", "keys/ledger.vkey: {why}";
    /// The folder's key is not the one given from outside.
    OtherVkey = "checkpoint", "vkey_differs",
        "keys/ledger.vkey is not the key that was given from outside";
    /// The head file is not one.
    Head { why: HeadFault } = "head", "head_malformed", "the head file cannot be read: {why}";
    /// One slot of the head file is damaged.
    HeadSlot { slot: usize } = "head", "head_slot_invalid",
        "slot {slot} of the head file is not valid: its write was cut, or it was changed";
    /// Slot and note of a head disagree.
    HeadDiffers = "head", "head_differs", "the head's size and root are not those its note states";
    /// The older slot of the head covers more than the newer.
    HeadWentBack { older: u64, newest: u64 } = "head", "head_went_back",
        "the head went back from {older} entries to {newest}";
    /// A checkpoint is malformed or not signed by the ledger's key.
    Checkpoint { what: &'static str, why: CheckpointError } = "checkpoint", "checkpoint_refused",
        "{what}: {why}";
    /// The root over the entries is not the one stated.
    Root { what: &'static str, size: u64, stated: TreeHash, found: TreeHash } = "tree",
        "root_differs",
        "{what} states the root {stated} at {size} entries; the entries there have {found}";
    /// The entries do not reach a stated size.
    NotReached { what: &'static str, size: u64, entries: u64 } = "tree", "size_not_reached",
        "{what} states {size} entries, and {entries} could be read in place";
    /// Entry 0 is not the one given from outside.
    Genesis { stated: TreeHash, found: TreeHash } = "tree", "genesis_differs",
        "the leaf hash of entry 0 is {found}, not {stated} as given from outside";
    /// A tile of an export is not the tree's.
    TileDiffers { path: String } = "tree", "tile_differs", "{path} does not hold the tree's hashes";
    /// A bundle of an export is malformed.
    Bundle { path: String, why: TileError } = "tree", "bundle_malformed", "{path}: {why}";
    /// A segment's header is wrong.
    Segment { file: String, why: SegmentFault } = "segment_file", "segment_malformed",
        "{file}: {why}";
    /// A segment of another ledger.
    SegmentOrigin { file: String } = "segment_file", "segment_of_other_ledger",
        "{file} is a segment of another ledger";
    /// Name, header and place of a segment disagree.
    SegmentPlace { file: String, found: u64, expected: u64 } = "segment_file",
        "segment_misplaced", "{file} begins with entry {found} where {expected} comes next";
    /// A frame is damaged.
    Frame { file: String, offset: u64, why: FrameFault } = "segment_file", "frame_damaged",
        "{file}, byte {offset}: {why}";
    /// A frame does not belong where it stands.
    FramePlace { file: String, offset: u64, found: u64, expected: u64 } = "segment_file",
        "frame_misplaced",
        "{file}, byte {offset}: a frame begins with entry {found} where {expected} comes next";
    /// The `prev` in a frame's head is not that of its first entry.
    FramePrev = "segment_file", "frame_prev_differs",
        "the frame's head names another previous hash than its first entry";
    /// Entries cannot be read at all.
    Missing { from: u64, to: u64 } = "I01", "entries_missing",
        "entries {from} up to and including {to} are missing";
    /// Not an entry.
    Entry { why: EntryError } = "entry", "entry_malformed", "{why}";
    /// The index is not the place.
    Index { found: u64 } = "I01", "index_differs", "the entry says that it is entry {found}";
    /// The chain is broken before this entry.
    Chain = "I01", "chain_broken", "`prev` is not the hash of the entry before";
    /// The recorded time went back.
    Time = "entry", "time_went_back", "recorded before the entry before it";
    /// The link to the subject's previous entry is wrong.
    SubjectLink { found: Option<u64>, expected: Option<u64> } = "I01", "subject_link_differs",
        "the subject's previous entry is {}, the entry says {}",
        or_none(*expected), or_none(*found);
    /// Not a statement.
    Statement { why: StatementError } = "statement", "statement_malformed", "{why}";
    /// Signed for another ledger.
    Audience = "statement", "audience_differs", "the statement was signed for another ledger";
    /// Signed in the future.
    SignedAhead { seconds: u64 } = "statement", "signed_ahead",
        "signed {seconds} s after it was recorded; at most 300 are allowed";
    /// A decision signed too long ago.
    SignedLongAgo { seconds: u64 } = "statement", "decision_too_old",
        "a decision signed {seconds} s before it was recorded; at most 604800 are allowed";
    /// A key used one statement number twice.
    CtiReused = "statement", "cti_reused", "its key signed another entry with the same cti";
    /// Signed for another organisation.
    Issuer = "I02", "issuer_differs", "iss is not the organisation of the signer";
    /// Entry 0 is not signed by the first root, or not of this ledger.
    GenesisSigner = "I02", "genesis_signer_differs",
        "entry 0 is not signed by the first of its roots";
    /// Entry 0 names another ledger.
    GenesisOrigin = "I02", "genesis_origin_differs", "entry 0 names another ledger or version";
    /// The signature is wrong.
    Signature = "I02", "signature_invalid", "the signature is not its key's";
    /// The payload is not of the catalogue.
    Payload { why: PayloadError } = "statement", "payload_malformed", "{why}";
    /// A decision does not say what its signer saw.
    ExpectMissing = "statement", "expect_missing",
        "a decision without the subject's latest statement as its signer saw it";
    /// A decision was made on an older state of its subject.
    ExpectStale = "statement", "expect_stale",
        "the decision's signer saw another latest statement of its subject";
    /// A reference leads nowhere.
    RefUnknown { number: usize } = "statement", "ref_unknown",
        "reference {number} names no earlier statement";
}

fn or_none(index: Option<u64>) -> String {
    index.map_or_else(|| "none".to_owned(), |index| format!("entry {index}"))
}
