//! The right edge of the Merkle tree, for whoever needs its root and none of its proofs.
//!
//! For each bit set in the size there is one complete node; a push joins those a new leaf
//! completes (RFC 6962 section 2.1).

use serde::{Deserialize, Serialize};

use super::{TreeHash, empty_root, node_hash};

/// The right edge of a tree: enough to append and to know the root, in at most 63 hashes.
///
/// For whoever reads the log once from the front (the verifier) and for staging a group whose
/// flush has not returned. Written as 8 bytes of size, big-endian, and the hashes, largest
/// subtree first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "FrontierForm", into = "FrontierForm")]
pub struct Frontier {
    size: u64,
    /// One complete node for each bit set in `size`, largest first.
    nodes: Vec<TreeHash>,
}

/// Why bytes are not a frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrontierError {
    /// The form does not have eight bytes of size and whole hashes.
    #[error("a frontier is 8 bytes of size and hashes of 32 bytes")]
    Length,
    /// There is not one hash for each bit set in the size.
    #[error("the number of hashes does not belong to the size")]
    NodeCount,
    /// No log grows to 2^63 leaves.
    #[error("the size is 2^63 or more")]
    Size,
}

impl Frontier {
    /// The frontier of the empty tree.
    #[must_use]
    pub const fn new() -> Self {
        Self { size: 0, nodes: Vec::new() }
    }

    /// The frontier of a tree; one node for each bit set in `size`, largest first.
    pub(super) const fn of_tree(size: u64, nodes: Vec<TreeHash>) -> Self {
        Self { size, nodes }
    }

    /// Number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends the hash of an entry and returns its index. Amortised constant time.
    pub fn push(&mut self, leaf: TreeHash) -> u64 {
        let index = self.size;
        // Each trailing one bit of the size is a complete left neighbour waiting to be joined.
        let joined = self.nodes.len() - index.trailing_ones() as usize;
        let hash =
            self.nodes.drain(joined..).rev().fold(leaf, |hash, left| node_hash(&left, &hash));
        self.nodes.push(hash);
        self.size += 1;
        index
    }

    /// Root over all leaves.
    #[must_use]
    pub fn root(&self) -> TreeHash {
        let joined = self.nodes.iter().rev().copied();
        joined.reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(empty_root)
    }

    /// The bytes form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 + self.nodes.len() * TreeHash::LEN);
        bytes.extend_from_slice(&self.size.to_be_bytes());
        bytes.extend(self.nodes.iter().flat_map(|node| node.0));
        bytes
    }

    /// Reads the bytes form.
    ///
    /// # Errors
    /// Any [`FrontierError`]; whether the hashes are those of a log can only be told by its root.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierError> {
        let (size, hashes) = bytes.split_first_chunk().ok_or(FrontierError::Length)?;
        let (nodes, rest) = hashes.as_chunks::<{ TreeHash::LEN }>();
        if !rest.is_empty() {
            return Err(FrontierError::Length);
        }
        let nodes = nodes.iter().copied().map(TreeHash).collect();
        FrontierForm { size: u64::from_be_bytes(*size), nodes }.try_into()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontierForm {
    size: u64,
    nodes: Vec<TreeHash>,
}

impl From<Frontier> for FrontierForm {
    fn from(Frontier { size, nodes }: Frontier) -> Self {
        Self { size, nodes }
    }
}

impl TryFrom<FrontierForm> for Frontier {
    type Error = FrontierError;
    fn try_from(FrontierForm { size, nodes }: FrontierForm) -> Result<Self, FrontierError> {
        if size >> 63 != 0 {
            return Err(FrontierError::Size);
        }
        if nodes.len() != size.count_ones() as usize {
            return Err(FrontierError::NodeCount);
        }
        Ok(Self { size, nodes })
    }
}
