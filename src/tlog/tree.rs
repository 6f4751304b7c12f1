//! The Merkle tree in memory, with every root and proof of its past.
//!
//! A node is *complete* when its subtree has all 2^level leaves; a complete node never changes
//! again, and only these are kept. The nodes on the right edge of a tree whose size is not a power
//! of two are folded from them on demand: for each bit set in the size there is one complete node,
//! and the root is these nodes hashed together from the smallest to the largest (RFC 6962 section
//! 2.1, read from the leaves upwards).

use rayon::prelude::*;

use super::{Frontier, TreeHash, empty_root, node_hash};
use crate::compact::Pieces;

/// The leaves and the higher complete nodes, from which any root and any proof is read.
///
/// Holds 34 bytes a leaf: the nodes of the levels between leaves and [`KEPT`], which would take
/// 30 more, are hashed from the leaves when they are asked for. One push hashes one node on average.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    leaves: Pieces<TreeHash>,
    /// `above[l][n]` is the hash of leaves `n << (KEPT + l)` up to `(n + 1) << (KEPT + l)`.
    above: Vec<Pieces<TreeHash>>,
}

/// The lowest level above the leaves that is kept.
const KEPT: u32 = 5;
/// Leaves below one node of it.
const BELOW: usize = 1 << KEPT;

/// Why a tree has no such root or proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// A size beyond the tree was asked for.
    #[error("the tree has {len} leaves, {size} were asked for")]
    SizeNotReached {
        /// The size asked for.
        size: u64,
        /// Leaves in the tree.
        len: u64,
    },
    /// A leaf beyond the size was asked for.
    #[error("leaf {index} is not in a tree of {size} leaves")]
    IndexNotInTree {
        /// The leaf asked for.
        index: u64,
        /// The size of the tree it should be in.
        size: u64,
    },
    /// The older tree is larger than the newer.
    #[error("a tree of {old} leaves cannot be a prefix of one of {new}")]
    SizesReversed {
        /// Size of the older tree.
        old: u64,
        /// Size of the newer tree.
        new: u64,
    },
}

impl Tree {
    /// An empty tree.
    #[must_use]
    pub const fn new() -> Self {
        Self { leaves: Pieces::new(), above: Vec::new() }
    }

    /// The tree of these leaf hashes, hashed on all cores.
    #[must_use]
    pub fn of_leaves(leaves: &[[u8; TreeHash::LEN]]) -> Self {
        /// Fewer nodes are hashed faster than they are handed to other threads.
        const TOGETHER: usize = 1024;
        let (groups, _) = leaves.as_chunks::<BELOW>();
        let groups = groups.par_iter().with_min_len(TOGETHER / BELOW);
        let mut nodes: Vec<TreeHash> = groups.map(|group| join(group)).collect();
        let mut above = Vec::new();
        while !nodes.is_empty() {
            above.push(nodes.iter().copied().collect());
            let (pairs, _) = nodes.as_chunks::<2>();
            let pairs = pairs.par_iter().with_min_len(TOGETHER);
            nodes = pairs.map(|[left, right]| node_hash(left, right)).collect();
        }
        Self { leaves: leaves.iter().copied().map(TreeHash).collect(), above }
    }

    /// Number of leaves.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.leaves.len() as u64
    }

    /// Whether the tree has no leaf.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.leaves.is_empty()
    }

    /// Appends the hash of an entry and returns its index. Amortised constant time.
    pub fn push(&mut self, leaf: TreeHash) -> u64 {
        let index = self.len();
        self.leaves.push(leaf);
        let size = index + 1;
        // Each level whose node this leaf completes, from the lowest that is kept upwards.
        for level in KEPT..=size.trailing_zeros() {
            let node = (size >> level) - 1;
            let [left, right] = [2 * node, 2 * node + 1].map(|it| self.complete(level - 1, it));
            let hash = node_hash(&left, &right);
            let at = (level - KEPT) as usize;
            if at == self.above.len() {
                self.above.push(Pieces::new());
            }
            self.above[at].push(hash);
        }
        index
    }

    /// Drops every leaf from `size` on: a group whose flush failed was never part of the log.
    pub fn truncate(&mut self, size: u64) {
        let cut = |nodes: &mut Pieces<TreeHash>, level| {
            nodes.truncate(usize::try_from(size >> level).unwrap_or(usize::MAX));
        };
        cut(&mut self.leaves, 0);
        self.above.iter_mut().zip(KEPT..).for_each(|(nodes, level)| cut(nodes, level));
        self.above.retain(|nodes| !nodes.is_empty());
    }

    /// Root over all leaves.
    #[must_use]
    pub fn root(&self) -> TreeHash {
        let size = self.len();
        self.fold(size, size).unwrap_or_else(empty_root)
    }

    /// Root the tree had when it held `size` leaves.
    ///
    /// # Errors
    /// [`TreeError::SizeNotReached`].
    pub fn root_at(&self, size: u64) -> Result<TreeHash, TreeError> {
        self.reached(size)?;
        Ok(self.fold(size, size).unwrap_or_else(empty_root))
    }

    /// Hash of one leaf.
    #[must_use]
    pub fn leaf(&self, index: u64) -> Option<TreeHash> {
        self.leaves.get(usize::try_from(index).ok()?).copied()
    }

    /// All leaves, from the left.
    pub fn leaves(&self) -> impl Iterator<Item = &TreeHash> {
        self.leaves.iter()
    }

    /// A complete node of a level, counted from the left; level 0 is the leaves.
    #[must_use]
    pub fn node(&self, level: u32, index: u64) -> Option<TreeHash> {
        let complete = self.len().checked_shr(level).unwrap_or(0);
        (index < complete).then(|| self.complete(level, index))
    }

    /// Path that proves leaf `index` in the tree of `size` leaves, sibling of the leaf first
    /// (RFC 6962 section 2.1.1).
    ///
    /// # Errors
    /// [`TreeError::SizeNotReached`], [`TreeError::IndexNotInTree`].
    pub fn inclusion(&self, index: u64, size: u64) -> Result<Vec<TreeHash>, TreeError> {
        self.reached(size)?;
        if index >= size {
            return Err(TreeError::IndexNotInTree { index, size });
        }
        let mut path = Vec::new();
        self.climb(0, index, size, &mut path);
        Ok(path)
    }

    /// Path that proves the tree of `old` leaves a prefix of the tree of `new` leaves (RFC 6962
    /// section 2.1.2). Empty when the sizes are equal or the old tree is empty.
    ///
    /// # Errors
    /// [`TreeError::SizeNotReached`], [`TreeError::SizesReversed`].
    pub fn consistency(&self, old: u64, new: u64) -> Result<Vec<TreeHash>, TreeError> {
        self.reached(new)?;
        if old > new {
            return Err(TreeError::SizesReversed { old, new });
        }
        let mut path = Vec::new();
        if old == 0 || old == new {
            return Ok(path);
        }
        // The climb begins at the last complete node of the old tree. Both trees hold it; when it
        // is the whole old tree the verifier has it as the old root.
        let level = old.trailing_zeros();
        let node = (old >> level) - 1;
        if node > 0 {
            path.push(self.complete(level, node));
        }
        self.climb(level, node, new, &mut path);
        Ok(path)
    }

    /// The right edge of the tree as it was at `size` leaves.
    ///
    /// # Errors
    /// [`TreeError::SizeNotReached`].
    pub fn frontier_at(&self, size: u64) -> Result<Frontier, TreeError> {
        self.reached(size)?;
        let levels = (0..u64::BITS).rev().filter(|level| size >> level & 1 == 1);
        let nodes = levels.map(|level| self.complete(level, (size >> level) - 1)).collect();
        Ok(Frontier::of_tree(size, nodes))
    }

    fn reached(&self, size: u64) -> Result<(), TreeError> {
        let len = self.len();
        if size > len { Err(TreeError::SizeNotReached { size, len }) } else { Ok(()) }
    }

    fn complete(&self, level: u32, node: u64) -> TreeHash {
        if level > 0 && level < KEPT {
            let [left, right] = [2 * node, 2 * node + 1].map(|it| self.complete(level - 1, it));
            return node_hash(&left, &right);
        }
        let node = usize::try_from(node).expect("a node in memory has an index that fits");
        match level {
            0 => self.leaves[node],
            _ => self.above[(level - KEPT) as usize][node],
        }
    }

    /// Hashes together the complete nodes of the tree of `size` leaves that stand for `bits`, a
    /// run of low bits of `size`; that is the root of the rightmost leaves they cover.
    fn fold(&self, size: u64, mut bits: u64) -> Option<TreeHash> {
        let mut root = None;
        while bits != 0 {
            let level = bits.trailing_zeros();
            let left = self.complete(level, (size >> level) - 1);
            root = Some(root.map_or(left, |right| node_hash(&left, &right)));
            bits &= bits - 1;
        }
        root
    }

    /// Appends the siblings met on the way from a node up to the root of the tree of `size`.
    fn climb(&self, mut level: u32, mut node: u64, size: u64, path: &mut Vec<TreeHash>) {
        while (size - 1) >> level > 0 {
            let sibling = node ^ 1;
            if sibling < size >> level {
                path.push(self.complete(level, sibling));
            } else if sibling == size >> level {
                // The sibling is the ragged right edge, or nothing when the tree ends before it.
                path.extend(self.fold(size, size & ((1 << level) - 1)));
            }
            level += 1;
            node >>= 1;
        }
    }
}

impl Extend<TreeHash> for Tree {
    fn extend<I: IntoIterator<Item = TreeHash>>(&mut self, leaves: I) {
        for leaf in leaves {
            self.push(leaf);
        }
    }
}

/// The node above these leaves, whose number is a power of two.
fn join(leaves: &[[u8; TreeHash::LEN]]) -> TreeHash {
    match leaves {
        [leaf] => TreeHash(*leaf),
        _ => {
            let (left, right) = leaves.split_at(leaves.len() / 2);
            node_hash(&join(left), &join(right))
        }
    }
}
