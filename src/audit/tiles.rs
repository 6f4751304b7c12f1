//! The hash tiles of an export, compared with those the entries have.
//!
//! Hashes are gathered level by level and a tile is compared as soon as it is full, so no more
//! than 256 hashes of a level are held.

use std::path::PathBuf;

use super::{Breach, report::Tally, trail::read_file};
use crate::tlog::{
    Frontier, TreeHash,
    tile::{TileKind, TilePath, WIDTH},
};

/// The right edge of the tree in tiles.
#[derive(Debug)]
pub(super) struct Tiles {
    folder: PathBuf,
    levels: Vec<Level>,
}

#[derive(Debug, Default)]
struct Level {
    /// Number of the tile that is being filled.
    number: u64,
    hashes: Vec<TreeHash>,
}

impl Tiles {
    pub(super) const fn new(folder: PathBuf) -> Self {
        Self { folder, levels: Vec::new() }
    }

    pub(super) fn push(&mut self, leaf: TreeHash, tally: &mut Tally) {
        let mut hash = leaf;
        for at in 0.. {
            if at == self.levels.len() {
                self.levels.push(Level::default());
            }
            let level = &mut self.levels[at];
            level.hashes.push(hash);
            if level.hashes.len() < usize::from(WIDTH) {
                return;
            }
            self.compare(at, tally);
            let level = &mut self.levels[at];
            let mut full = Frontier::new();
            for hash in level.hashes.drain(..) {
                full.push(hash);
            }
            level.number += 1;
            hash = full.root();
        }
    }

    /// Compares the partial tiles at the right edge.
    pub(super) fn finish(&self, tally: &mut Tally) {
        for at in 0..self.levels.len() {
            if !self.levels[at].hashes.is_empty() {
                self.compare(at, tally);
            }
        }
    }

    fn compare(&self, at: usize, tally: &mut Tally) {
        let Level { number, hashes } = &self.levels[at];
        let level = u8::try_from(at).expect("64-bit sizes have at most eight levels of tiles");
        let width = u16::try_from(hashes.len()).expect("a tile has at most 256 hashes");
        let path = TilePath::new(TileKind::Hashes { level }, *number, width)
            .expect("a width of 1 to 256 names a tile")
            .to_string();
        let expected: Vec<u8> = hashes.iter().flat_map(|hash| hash.0).collect();
        match read_file(&self.folder, &path, usize::from(WIDTH) * TreeHash::LEN) {
            Ok(bytes) if bytes == expected => {}
            Ok(_) => tally.breach(None, &Breach::TileDiffers { path }),
            Err(breach) => tally.breach(None, &breach),
        }
    }
}
