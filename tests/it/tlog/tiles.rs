//! Tiles, bundles and their paths.

use mingzheng::tlog::tile::{
    TileError, TileKind, TilePath, WIDTH, bundle_decode, bundle_encode, tile_bytes, tile_decode,
    tiles_between,
};
use mingzheng::tlog::{Frontier, Tree};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::{entry, hex, list, number, text, tree_of, vectors};

fn hashes(level: u8, index: u64, width: u16) -> TilePath {
    TilePath::new(TileKind::Hashes { level }, index, width).unwrap()
}

fn bundle_of(path: &TilePath) -> Vec<u8> {
    let first = path.index() * u64::from(WIDTH);
    let entries: Vec<_> = (first..first + u64::from(path.width())).map(entry).collect();
    bundle_encode(&entries).unwrap()
}

fn bytes_of(tree: &Tree, path: &TilePath) -> Vec<u8> {
    match path.kind() {
        TileKind::Hashes { .. } => tile_bytes(tree, path).unwrap(),
        TileKind::Entries => bundle_of(path),
    }
}

#[test]
fn paths_are_spelled_as_specified() {
    let entries = |index, width| TilePath::new(TileKind::Entries, index, width).unwrap();
    for (path, spelled) in [
        (hashes(0, 0, 256), "tile/0/000"),
        (hashes(0, 999, 256), "tile/0/999"),
        (hashes(0, 1_000, 255), "tile/0/x001/000.p/255"),
        (hashes(3, 1_234_067, 256), "tile/3/x001/x234/067"),
        (hashes(63, 5, 1), "tile/63/005.p/1"),
        (entries(1_234_067, 7), "tile/entries/x001/x234/067.p/7"),
        (entries(u64::MAX, 256), "tile/entries/x018/x446/x744/x073/x709/x551/615"),
    ] {
        assert_eq!(path.to_string(), spelled);
        assert_eq!(spelled.parse(), Ok(path));
    }
}

#[test]
fn other_spellings_are_refused() {
    for spelled in [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "/tile/0/000",
        "tile/0/000/",
        "tile//000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/+1/000",
        "tile/256/000",
        "tile/a/000",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/1234",
        "tile/0/x000/001",
        "tile/0/x001",
        "tile/0/001/234",
        "tile/0/x01/234",
        "tile/0/X001/234",
        "tile/0/x001//234",
        "tile/0/00a",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/1/",
        "tile/0/000.p/1.p/1",
        "tile/0/000.p/x1",
        "tile/0/000.p/65537",
        "tile/0/../000",
        "tile/0/000\n",
        "tile/0/０００",
        "tile/data/000",
        "tile/entries/x000/000",
        "tile/entries/x018/x446/x744/x073/x709/x551/616",
        "tile/entries/x001/x000/x000/x000/x000/x000/x000/000",
    ] {
        assert_eq!(spelled.parse::<TilePath>(), Err(TileError::Path), "{spelled:?}");
    }
    assert_eq!(TilePath::new(TileKind::Entries, 0, 0), Err(TileError::Path));
    assert_eq!(TilePath::new(TileKind::Entries, 0, 257), Err(TileError::Path));
    assert_eq!(TilePath::new(TileKind::Hashes { level: 64 }, 0, 1), Err(TileError::Path));
}

#[test]
fn tiles_at_boundary_sizes() {
    let tree = tree_of(65_537);
    let vectors = vectors("trees.json");
    for case in list(&vectors, "trees") {
        let size = number(case, "size");
        let mut paths: Vec<_> =
            tiles_between(0, size).map(|path| (path.to_string(), path)).collect();
        paths.sort();
        let mut digest = Sha256::new();
        for (spelled, path) in &paths {
            digest.update(format!("{spelled}\n"));
            digest.update(bytes_of(&tree, path));
        }
        assert_eq!(paths.len() as u64, number(case, "tile_count"), "{size}");
        assert_eq!(hex(&digest.finalize()), text(case, "tiles_digest"), "{size}");
    }
}

#[test]
fn the_specification_counts_these_tiles() {
    // Its example: 70,000 entries make 273 full tiles and one of 112, then 1 and 17, then 1.
    let count = |level, full: bool| {
        let kind = TileKind::Hashes { level };
        let tiles = tiles_between(0, 70_000).filter(|path| path.kind() == kind);
        let tiles = tiles.filter(|path| (path.width() == WIDTH) == full);
        tiles.map(|path| path.width()).collect::<Vec<_>>()
    };
    assert_eq!(count(0, true).len(), 273);
    assert_eq!(count(0, false), [112]);
    assert_eq!(count(1, true).len(), 1);
    assert_eq!(count(1, false), [17]);
    assert_eq!((count(2, true).len(), count(2, false)), (0, vec![1]));
    assert_eq!(tiles_between(0, 256).filter(|path| path.kind() != TileKind::Entries).count(), 2);
    // The top of 64-bit sizes is named without overflow.
    assert_eq!(tiles_between(u64::MAX - 1, u64::MAX).count(), 2);
}

#[test]
fn a_full_tile_hashes_to_a_node_of_the_level_above() {
    let tree = tree_of(66_000);
    let tile = tile_decode(&tile_bytes(&tree, &hashes(0, 255, 256)).unwrap(), 256).unwrap();
    let mut frontier = Frontier::new();
    for hash in tile {
        frontier.push(hash);
    }
    let above = tile_decode(&tile_bytes(&tree, &hashes(1, 0, 256)).unwrap(), 256).unwrap();
    assert_eq!(above[255], frontier.root());
}

#[test]
fn what_is_not_a_tile_of_the_tree() {
    let tree = tree_of(257);
    assert!(tile_bytes(&tree, &hashes(0, 1, 1)).is_ok());
    for path in [hashes(0, 1, 2), hashes(1, 0, 2), hashes(2, 0, 1), hashes(0, u64::MAX, 1)] {
        assert_eq!(tile_bytes(&tree, &path), Err(TileError::NotInTree));
    }
    let entries = TilePath::new(TileKind::Entries, 0, 256).unwrap();
    assert_eq!(tile_bytes(&tree, &entries), Err(TileError::NotInTree));
    for bytes in [&[0; 31][..], &[0; 33], &[0; 64], &[]] {
        assert_eq!(tile_decode(bytes, 1), Err(TileError::TileLength { width: 1 }));
    }
}

#[test]
fn what_is_not_a_bundle() {
    assert_eq!(bundle_encode::<&[u8]>(&[]), Err(TileError::EntryCount { width: 256 }));
    assert_eq!(bundle_encode(&[[0]; 257]), Err(TileError::EntryCount { width: 256 }));
    assert_eq!(bundle_encode(&[vec![0; 65_536]]), Err(TileError::EntryTooLong));
    let longest = vec![7; 65_535];
    let bundle = bundle_encode(&[longest.as_slice(), b"", b"a"]).unwrap();
    assert_eq!(bundle_decode(&bundle, 3), Ok(vec![longest.as_slice(), b"", b"a"]));
    assert_eq!(bundle_decode(&bundle, 2), Err(TileError::EntryCount { width: 2 }));
    assert_eq!(bundle_decode(&bundle, 4), Err(TileError::EntryCount { width: 4 }));
    let cut = &bundle[..bundle.len() - 1];
    assert_eq!(bundle_decode(cut, 3), Err(TileError::EntryCutShort));
    assert_eq!(bundle_decode(&[0], 1), Err(TileError::EntryCutShort));
}

proptest! {
    #[test]
    fn any_path_is_read_back(level in 0_u8..64, index in any::<u64>(), width in 1_u16..=256) {
        for kind in [TileKind::Entries, TileKind::Hashes { level }] {
            let path = TilePath::new(kind, index, width).unwrap();
            prop_assert_eq!(path.to_string().parse(), Ok(path));
        }
    }

    #[test]
    fn any_bundle_is_read_back(
        entries in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 1..256),
    ) {
        let bundle = bundle_encode(&entries).unwrap();
        let width = u16::try_from(entries.len()).unwrap();
        prop_assert_eq!(bundle_decode(&bundle, width).unwrap(), entries);
    }

    #[test]
    fn additions_and_what_was_there_make_the_whole(old in 0_u64..3_000, more in 0_u64..3_000) {
        // What the larger tree lists is what it keeps of the smaller and what is added.
        let new = old + more;
        let before: std::collections::BTreeSet<_> = tiles_between(0, old).collect();
        let after: Vec<_> = tiles_between(0, new).collect();
        let added: Vec<_> = tiles_between(old, new).collect();
        let expected: Vec<_> =
            after.iter().filter(|path| !before.contains(path)).copied().collect();
        prop_assert_eq!(added, expected);
    }
}
