//! Roots and proofs.

use mingzheng::tlog::{
    Frontier, FrontierError, ProofError, Tree, TreeError, TreeHash, empty_root, leaf_hash,
    node_hash, root_from_inclusion, verify_consistency, verify_inclusion,
};
use proptest::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{entry, hex, list, number, text, tree_of, vectors};

#[test]
fn roots_of_certificate_transparency() {
    let vectors = vectors("certificate-transparency.json");
    let (mut tree, mut frontier) = (Tree::new(), Frontier::new());
    let mut roots = list(&vectors, "roots").iter().map(|root| root.as_str().unwrap());
    assert_eq!(hex(tree.root().as_bytes()), roots.next().unwrap());
    for (leaf, root) in list(&vectors, "leaves").iter().zip(roots) {
        let entry = data_encoding::HEXLOWER.decode(leaf.as_str().unwrap().as_bytes()).unwrap();
        assert_eq!(tree.push(leaf_hash(&entry)), frontier.push(leaf_hash(&entry)));
        assert_eq!(hex(tree.root().as_bytes()), root);
        assert_eq!(hex(frontier.root().as_bytes()), root);
    }
    assert_eq!(tree.len(), 8);
}

/// The complete nodes of a level.
fn nodes(tree: &Tree, level: u32) -> impl Iterator<Item = TreeHash> {
    (0..).map_while(move |index| tree.node(level, index))
}

#[test]
fn a_tree_of_leaves_is_the_tree_that_grew_by_them() {
    for size in (0..70).chain([4095, 4096, 5000]) {
        let leaves: Vec<_> = (0..size).map(|leaf: u64| leaf_hash(&leaf.to_be_bytes())).collect();
        let mut grown = Tree::new();
        grown.extend(leaves.iter().copied());
        let leaves: Vec<_> = leaves.iter().map(|leaf| leaf.0).collect();
        let mut made = Tree::of_leaves(&leaves);
        for level in 0..14 {
            assert!(nodes(&made, level).eq(nodes(&grown, level)), "{size}, level {level}");
            assert_eq!(nodes(&made, level).count() as u64, size >> level);
        }
        assert_eq!(made.node(64, 0), None);
        made.push(leaf_hash(b"one more"));
        grown.push(leaf_hash(b"one more"));
        assert_eq!(made.root(), grown.root(), "{size}");
    }
}

/// A foreign hash. Some cases carry a word or nothing where a hash belongs: that stands for a hash
/// of its own, so that the case reaches the check it is about.
fn foreign_hash(value: &Value) -> TreeHash {
    let text = value.as_str().unwrap();
    text.parse().unwrap_or_else(|_| leaf_hash(text.as_bytes()))
}

fn foreign_path(case: &Value) -> Vec<TreeHash> {
    case["proof"].as_array().map_or(&[][..], Vec::as_slice).iter().map(foreign_hash).collect()
}

#[test]
fn inclusion_cases_of_transparency_dev() {
    let vectors = vectors("transparency-dev-inclusion.json");
    let (mut good, mut bad) = (0, 0);
    for case in list(&vectors, "cases") {
        let (index, size) = (number(case, "leafIdx"), number(case, "treeSize"));
        let (leaf, root) = (foreign_hash(&case["leafHash"]), foreign_hash(&case["root"]));
        let verified = verify_inclusion(&leaf, index, size, &foreign_path(case), &root);
        if case["wantErr"].as_bool().unwrap() {
            bad += 1;
            // In one case leaf and root are both missing: here they are two equal hashes, which a
            // tree of one leaf has.
            let both_missing = text(case, "name") == "inclusion/single-entry/empty-root-and-leaf";
            assert_eq!(verified.is_ok(), both_missing, "{case}");
        } else {
            good += 1;
            assert_eq!(verified, Ok(()), "{case}");
        }
    }
    assert_eq!((good, bad), (6, 92));
}

#[test]
fn consistency_cases_of_transparency_dev() {
    let vectors = vectors("transparency-dev-consistency.json");
    let (mut good, mut bad) = (0, 0);
    for case in list(&vectors, "cases") {
        let (old, new) = (number(case, "size1"), number(case, "size2"));
        let (old_root, new_root) = (foreign_hash(&case["root1"]), foreign_hash(&case["root2"]));
        let verified = verify_consistency(old, &old_root, new, &new_root, &foreign_path(case));
        if case["wantErr"].as_bool().unwrap() {
            bad += 1;
            // They refuse every proof that begins at the empty tree. Here it is the beginning of
            // every tree, as for witnesses (c2sp.org/tlog-witness), if its root is stated right.
            let from_empty = text(case, "name").ends_with("/size1-is-zero-and-size2-is-not-zero");
            assert_eq!(verified.is_ok(), from_empty && old_root == empty_root(), "{case}");
        } else {
            good += 1;
            assert_eq!(verified, Ok(()), "{case}");
        }
    }
    assert_eq!((good, bad), (6, 92));
}

fn digest(paths: impl Iterator<Item = Vec<TreeHash>>) -> String {
    let mut digest = Sha256::new();
    for path in paths {
        digest.update([u8::try_from(path.len()).unwrap()]);
        path.iter().for_each(|hash| digest.update(hash.as_bytes()));
    }
    hex(&digest.finalize())
}

fn hashes(case: &Value) -> Vec<TreeHash> {
    list(case, "path").iter().map(|hash| hash.as_str().unwrap().parse().unwrap()).collect()
}

#[test]
fn trees_at_boundary_sizes() {
    // Every size is read from one tree, as a ledger that has grown reads its old checkpoints.
    let tree = tree_of(65_537);
    let vectors = vectors("trees.json");
    let mut sizes = Vec::new();
    for case in list(&vectors, "trees") {
        let size = number(case, "size");
        sizes.push(size);
        let root: TreeHash = text(case, "root").parse().unwrap();
        assert_eq!(tree.root_at(size), Ok(root), "root at {size}");
        assert_eq!(tree.frontier_at(size).unwrap().root(), root, "frontier at {size}");
        for case in list(case, "inclusion") {
            let index = number(case, "index");
            let path = hashes(case);
            assert_eq!(tree.inclusion(index, size), Ok(path.clone()), "leaf {index} of {size}");
            let leaf = leaf_hash(&entry(index));
            assert_eq!(tree.leaf(index), Some(leaf));
            assert_eq!(verify_inclusion(&leaf, index, size, &path, &root), Ok(()));
        }
        for case in list(case, "consistency") {
            let old = number(case, "old");
            let path = hashes(case);
            assert_eq!(tree.consistency(old, size), Ok(path.clone()), "{old} in {size}");
            let old_root = tree.root_at(old).unwrap();
            assert_eq!(verify_consistency(old, &old_root, size, &root, &path), Ok(()));
        }
        let inclusion = (0..size).map(|index| tree.inclusion(index, size).unwrap());
        assert_eq!(digest(inclusion), text(case, "inclusion_digest"), "leaves of {size}");
        let consistency = (0..=size).map(|old| tree.consistency(old, size).unwrap());
        assert_eq!(digest(consistency), text(case, "consistency_digest"), "prefixes of {size}");
    }
    assert_eq!(sizes, [0, 1, 2, 3, 7, 8, 255, 256, 257, 65_535, 65_536, 65_537]);
}

#[test]
fn what_a_tree_cannot_answer() {
    let tree = tree_of(5);
    assert_eq!(tree.root_at(6), Err(TreeError::SizeNotReached { size: 6, len: 5 }));
    assert_eq!(tree.inclusion(5, 5), Err(TreeError::IndexNotInTree { index: 5, size: 5 }));
    assert_eq!(tree.inclusion(0, 0), Err(TreeError::IndexNotInTree { index: 0, size: 0 }));
    assert_eq!(tree.inclusion(0, 6), Err(TreeError::SizeNotReached { size: 6, len: 5 }));
    assert_eq!(tree.consistency(4, 3), Err(TreeError::SizesReversed { old: 4, new: 3 }));
    let beyond = TreeError::SizeNotReached { size: u64::MAX, len: 5 };
    assert_eq!(tree.consistency(4, u64::MAX), Err(beyond));
    assert_eq!(tree.leaf(5), None);
    assert_eq!(tree.leaf(u64::MAX), None);
}

#[test]
fn each_fault_of_a_proof_is_named() {
    let tree = tree_of(7);
    let (root, leaf) = (tree.root(), tree.leaf(4).unwrap());
    let path = tree.inclusion(4, 7).unwrap();
    let (short, long) = (&path[1..], [path.as_slice(), &[leaf]].concat());
    let inclusion = |path: &[TreeHash]| verify_inclusion(&leaf, 4, 7, path, &root);
    assert_eq!(inclusion(short), Err(ProofError::PathTooShort));
    assert_eq!(inclusion(&long), Err(ProofError::PathTooLong));
    assert_eq!(inclusion(&[leaf; 3]), Err(ProofError::RootDiffers));
    let beyond = verify_inclusion(&leaf, 7, 7, &path, &root);
    assert_eq!(beyond, Err(ProofError::IndexNotInTree { index: 7, size: 7 }));

    let old_root = tree.root_at(3).unwrap();
    let path = tree.consistency(3, 7).unwrap();
    let (short, long) = (&path[..path.len() - 1], [path.as_slice(), &[leaf]].concat());
    let consistency = |path: &[TreeHash]| verify_consistency(3, &old_root, 7, &root, path);
    assert_eq!(consistency(&path), Ok(()));
    assert_eq!(consistency(&[]), Err(ProofError::PathTooShort));
    assert_eq!(consistency(short), Err(ProofError::PathTooShort));
    assert_eq!(consistency(&long), Err(ProofError::PathTooLong));
    assert_eq!(verify_consistency(3, &leaf, 7, &root, &path), Err(ProofError::OldRootDiffers));
    assert_eq!(verify_consistency(3, &old_root, 7, &leaf, &path), Err(ProofError::NewRootDiffers));
    let reversed = verify_consistency(7, &root, 3, &old_root, &path);
    assert_eq!(reversed, Err(ProofError::SizesReversed { old: 7, new: 3 }));

    let empty = empty_root();
    assert_eq!(verify_consistency(0, &empty, 7, &root, &[]), Ok(()));
    assert_eq!(verify_consistency(0, &leaf, 7, &root, &[]), Err(ProofError::OldRootDiffers));
    assert_eq!(verify_consistency(0, &empty, 7, &root, &[leaf]), Err(ProofError::PathTooLong));
    assert_eq!(verify_consistency(7, &root, 7, &leaf, &[]), Err(ProofError::NewRootDiffers));
}

#[test]
fn a_frontier_has_one_form() {
    let frontier = tree_of(5).frontier_at(5).unwrap();
    let bytes = frontier.to_bytes();
    assert_eq!(bytes.len(), 8 + 2 * 32);
    assert_eq!(Frontier::from_bytes(&bytes), Ok(frontier.clone()));
    assert_eq!(Frontier::from_bytes(&bytes[..8]), Err(FrontierError::NodeCount));
    assert_eq!(Frontier::from_bytes(&bytes[..71]), Err(FrontierError::Length));
    assert_eq!(Frontier::from_bytes(&bytes[..7]), Err(FrontierError::Length));
    let huge = [&(1_u64 << 63).to_be_bytes()[..], &[0; 32]].concat();
    assert_eq!(Frontier::from_bytes(&huge), Err(FrontierError::Size));

    let json = serde_json::to_string(&frontier).unwrap();
    assert_eq!(serde_json::from_str::<Frontier>(&json).unwrap(), frontier);
    assert!(serde_json::from_str::<Frontier>(r#"{"size":5,"nodes":[]}"#).is_err());
    assert!(serde_json::from_str::<Frontier>(r#"{"size":0,"nodes":[],"more":0}"#).is_err());
}

/// RFC 6962 section 2.1, written as it is defined.
fn naive_root(leaves: &[TreeHash]) -> TreeHash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(&naive_root(left), &naive_root(right))
        }
    }
}

/// RFC 6962 section 2.1.1.
fn naive_inclusion(index: usize, leaves: &[TreeHash]) -> Vec<TreeHash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let split = leaves.len().next_power_of_two() / 2;
    let (left, right) = leaves.split_at(split);
    let (mut path, sibling) = if index < split {
        (naive_inclusion(index, left), naive_root(right))
    } else {
        (naive_inclusion(index - split, right), naive_root(left))
    };
    path.push(sibling);
    path
}

/// RFC 6962 section 2.1.2; `whole` while the old tree's root is known to the reader.
fn naive_consistency(old: usize, leaves: &[TreeHash], whole: bool) -> Vec<TreeHash> {
    if old == leaves.len() {
        return if whole { Vec::new() } else { vec![naive_root(leaves)] };
    }
    let split = leaves.len().next_power_of_two() / 2;
    let (left, right) = leaves.split_at(split);
    let (mut path, sibling) = if old <= split {
        (naive_consistency(old, left, whole), naive_root(right))
    } else {
        (naive_consistency(old - split, right, false), naive_root(left))
    };
    path.push(sibling);
    path
}

#[test]
fn all_small_trees_equal_the_naive_tree() {
    let tree = tree_of(40);
    let leaves: Vec<_> = tree.leaves().copied().collect();
    for new in 0..=40_usize {
        let size = new as u64;
        let root = naive_root(&leaves[..new]);
        assert_eq!(tree.root_at(size), Ok(root));
        for index in 0..new {
            let path = tree.inclusion(index as u64, size).unwrap();
            assert_eq!(path, naive_inclusion(index, &leaves[..new]));
            let computed = root_from_inclusion(&leaves[index], index as u64, size, &path);
            assert_eq!(computed, Ok(root));
        }
        for old in 1..=new {
            let path = tree.consistency(old as u64, size).unwrap();
            assert_eq!(path, naive_consistency(old, &leaves[..new], true));
            let old_root = naive_root(&leaves[..old]);
            assert_eq!(verify_consistency(old as u64, &old_root, size, &root, &path), Ok(()));
        }
    }
}

proptest! {
    #[test]
    fn proofs_of_any_tree_equal_the_naive_tree(
        seeds in proptest::collection::vec(any::<[u8; 4]>(), 1..700),
        at in any::<(prop::sample::Index, prop::sample::Index)>(),
    ) {
        let leaves: Vec<_> = seeds.iter().map(|seed| leaf_hash(seed)).collect();
        let mut tree = Tree::new();
        tree.extend(leaves.iter().copied());
        let new = at.0.index(leaves.len()) + 1;
        let old = at.1.index(new) + 1;
        let (new_root, old_root) = (naive_root(&leaves[..new]), naive_root(&leaves[..old]));
        prop_assert_eq!(tree.root_at(new as u64).unwrap(), new_root);
        let path = tree.inclusion(old as u64 - 1, new as u64).unwrap();
        prop_assert_eq!(&path, &naive_inclusion(old - 1, &leaves[..new]));
        let path = tree.consistency(old as u64, new as u64).unwrap();
        prop_assert_eq!(&path, &naive_consistency(old, &leaves[..new], true));
        prop_assert_eq!(
            verify_consistency(old as u64, &old_root, new as u64, &new_root, &path),
            Ok(())
        );
    }

    #[test]
    fn frontier_and_truncated_tree_grow_like_the_whole_tree(
        cut in 0_u64..300, more in 0_u64..300, wrong in 0_u64..50,
    ) {
        let whole = tree_of(cut + more);
        // A staged group that failed is dropped; what follows is as if it had never been.
        let mut tree = tree_of(cut);
        tree.extend((0..wrong).map(|index| leaf_hash(&[1, index.to_be_bytes()[7]])));
        tree.truncate(cut);
        let bytes = tree.frontier_at(cut).unwrap().to_bytes();
        let mut frontier = Frontier::from_bytes(&bytes).unwrap();
        for index in cut..cut + more {
            tree.push(leaf_hash(&entry(index)));
            frontier.push(leaf_hash(&entry(index)));
        }
        prop_assert_eq!(tree.root(), whole.root());
        prop_assert_eq!(frontier.root(), whole.root());
        prop_assert_eq!(frontier.size(), whole.len());
        prop_assert_eq!(whole.frontier_at(cut + more).unwrap(), frontier);
        for level in 0..12 {
            prop_assert!(nodes(&tree, level).eq(nodes(&whole, level)));
        }
    }

    #[test]
    fn a_proof_holds_for_one_leaf_at_one_index_only(
        size in 1_u64..300, index in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(), bit in 0_usize..256,
    ) {
        let tree = tree_of(size);
        let index = index.index(usize::try_from(size).unwrap()) as u64;
        let other = other.index(usize::try_from(size).unwrap()) as u64;
        let (root, leaf) = (tree.root(), tree.leaf(index).unwrap());
        let path = tree.inclusion(index, size).unwrap();
        let moved = verify_inclusion(&leaf, other, size, &path, &root);
        prop_assert_eq!(moved.is_ok(), other == index);
        for at in 0..path.len() {
            let mut bent = path.clone();
            bent[at].0[bit / 8] ^= 1 << (bit % 8);
            let bent = verify_inclusion(&leaf, index, size, &bent, &root);
            prop_assert_eq!(bent, Err(ProofError::RootDiffers));
        }
        if index + 1 < size {
            let old_root = tree.root_at(index + 1).unwrap();
            let path = tree.consistency(index + 1, size).unwrap();
            for at in 0..path.len() {
                let mut bent = path.clone();
                bent[at].0[bit / 8] ^= 1 << (bit % 8);
                prop_assert!(
                    verify_consistency(index + 1, &old_root, size, &root, &bent).is_err()
                );
            }
        }
    }

    #[test]
    fn any_numbers_and_any_path_are_answered(
        index in any::<u64>(), size in any::<u64>(), low in 0_u64..70,
        path in proptest::collection::vec(any::<[u8; 32]>().prop_map(TreeHash), 0..70),
    ) {
        let hash = leaf_hash(&[]);
        for (index, size) in [(index, size), (low, size), (index, low), (size, u64::MAX)] {
            prop_assert!(verify_inclusion(&hash, index, size, &path, &hash).is_err() || size == 1);
            let consistency = verify_consistency(index, &hash, size, &hash, &path);
            prop_assert!(consistency.is_err() || index == size);
        }
    }
}
