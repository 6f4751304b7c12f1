//! Checking paths: that a leaf is in a tree, and that one tree is the beginning of another.
//!
//! The procedures are those of RFC 9162 sections 2.1.3.2 and 2.1.4.2, for the paths of RFC 6962
//! sections 2.1.1 and 2.1.2; the numbers in the code are theirs. They need the sizes, the path and
//! the roots, nothing else; all of them may come from an adversary.
//!
//! Both walk up from one node. `node` is its index in its level, `last` the index of the level's
//! last node; both are halved at each level, and the walk is over when `last` is 0.

use super::{TreeHash, empty_root, node_hash};

/// Why a path proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The leaf lies beyond the tree.
    #[error("leaf {index} is not in a tree of {size} leaves")]
    IndexNotInTree {
        /// The leaf.
        index: u64,
        /// Size of the tree.
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
    /// The path ends before the root.
    #[error("the path ends before the root is reached")]
    PathTooShort,
    /// The path goes on after the root.
    #[error("the path has hashes left when the root is reached")]
    PathTooLong,
    /// The leaf and the path give another root.
    #[error("the path leads to another root")]
    RootDiffers,
    /// The path does not give the older root.
    #[error("the path leads to another root of the older tree")]
    OldRootDiffers,
    /// The path does not give the newer root.
    #[error("the path leads to another root of the newer tree")]
    NewRootDiffers,
}

/// Checks that `leaf` is entry `index` of the tree of `size` leaves with this root.
///
/// # Errors
/// [`ProofError::IndexNotInTree`], a path of the wrong length, or [`ProofError::RootDiffers`].
pub fn verify_inclusion(
    leaf: &TreeHash,
    index: u64,
    size: u64,
    path: &[TreeHash],
    root: &TreeHash,
) -> Result<(), ProofError> {
    // 5. The root computed must be the root stated.
    if root_from_inclusion(leaf, index, size, path)? == *root {
        Ok(())
    } else {
        Err(ProofError::RootDiffers)
    }
}

/// Computes the root that a leaf and its path lead to.
///
/// # Errors
/// [`ProofError::IndexNotInTree`], or a path of the wrong length.
pub fn root_from_inclusion(
    leaf: &TreeHash,
    index: u64,
    size: u64,
    path: &[TreeHash],
) -> Result<TreeHash, ProofError> {
    // 1. The leaf must lie in the tree; this also refuses the empty tree.
    if index >= size {
        return Err(ProofError::IndexNotInTree { index, size });
    }
    // 2., 3. Start at the leaf, the bottom level.
    let (mut node, mut last, mut hash) = (index, size - 1, *leaf);
    // 4. Each hash of the path joins the walk one level or more further up.
    for sibling in path {
        if last == 0 {
            return Err(ProofError::PathTooLong);
        }
        if node % 2 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            // The last node of a level has no sibling while its index is even: it stands for
            // itself in the levels above until it becomes a right child.
            skip_lone_levels(&mut node, &mut last);
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    // 5. The path must end at the root, which the caller compares.
    if last == 0 { Ok(hash) } else { Err(ProofError::PathTooShort) }
}

/// Checks that the tree of `old_size` leaves is the beginning of the tree of `new_size` leaves.
///
/// Two trees of one size are consistent when their roots are equal, and every tree begins with the
/// empty tree; both need an empty path.
///
/// # Errors
/// [`ProofError::SizesReversed`], a path of the wrong length, or a root that differs.
pub fn verify_consistency(
    old_size: u64,
    old_root: &TreeHash,
    new_size: u64,
    new_root: &TreeHash,
    path: &[TreeHash],
) -> Result<(), ProofError> {
    if old_size > new_size {
        return Err(ProofError::SizesReversed { old: old_size, new: new_size });
    }
    if old_size == 0 || old_size == new_size {
        return verify_trivial(old_size, old_root, new_size, new_root, path);
    }
    // 3., 4. The walk starts at the largest complete node that ends the old tree.
    let (mut node, mut last) = (old_size - 1, new_size - 1);
    let levels = node.trailing_ones();
    (node, last) = (node >> levels, last >> levels);
    // 1., 2., 5. If that node is the old tree, its hash is the old root and not in the path.
    let (start, path) = if old_size.is_power_of_two() {
        (old_root, path)
    } else {
        path.split_first().ok_or(ProofError::PathTooShort)?
    };
    // 6. One hash grows to the old root, the other to the new one.
    let (mut old_hash, mut new_hash) = (*start, *start);
    for sibling in path {
        if last == 0 {
            return Err(ProofError::PathTooLong);
        }
        if node % 2 == 1 || node == last {
            // A left sibling lies in both trees.
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            skip_lone_levels(&mut node, &mut last);
        } else {
            // A right sibling came after the old tree.
            new_hash = node_hash(&new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    // 7. The walk must end at the root, with both roots as stated.
    if last != 0 {
        Err(ProofError::PathTooShort)
    } else if old_hash != *old_root {
        Err(ProofError::OldRootDiffers)
    } else if new_hash != *new_root {
        Err(ProofError::NewRootDiffers)
    } else {
        Ok(())
    }
}

fn verify_trivial(
    old_size: u64,
    old_root: &TreeHash,
    new_size: u64,
    new_root: &TreeHash,
    path: &[TreeHash],
) -> Result<(), ProofError> {
    if !path.is_empty() {
        Err(ProofError::PathTooLong)
    } else if old_size == 0 && *old_root != empty_root() {
        Err(ProofError::OldRootDiffers)
    } else if old_size == new_size && old_root != new_root {
        Err(ProofError::NewRootDiffers)
    } else {
        Ok(())
    }
}

/// Moves up to the level in which a node other than the leftmost is a right child.
const fn skip_lone_levels(node: &mut u64, last: &mut u64) {
    let levels = node.trailing_zeros();
    *node >>= levels;
    *last >>= levels;
}
