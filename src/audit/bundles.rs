//! The entries of an export: bundles of up to 256, as c2sp.org/tlog-tiles lays them out.

use std::path::{Path, PathBuf};

use super::{
    Breach,
    source::{PIECE_BYTES, Piece, Slot},
    trail::read_file,
};
use crate::tlog::{
    ENTRY_LEN_MAX,
    tile::{TileError, TileKind, TilePath, WIDTH, bundle_entries},
};

/// Longest bundle: 256 entries, each behind its length.
const BUNDLE_BYTES_MAX: usize = WIDTH as usize * (2 + ENTRY_LEN_MAX);

/// Reads the bundles of a tree of a given size in order.
#[derive(Debug)]
pub(super) struct Bundles {
    folder: PathBuf,
    size: u64,
    next_index: u64,
}

impl Bundles {
    /// Bundles up to a size; up to where they lie there, when none is stated.
    pub(super) fn new(folder: PathBuf, size: Option<u64>) -> Self {
        let size = size.unwrap_or_else(|| size_of(&folder));
        Self { folder, size, next_index: 0 }
    }

    pub(super) fn next(&mut self, mut piece: Piece) -> Option<Piece> {
        if self.next_index == self.size {
            return None;
        }
        while self.next_index < self.size && piece.bytes.len() < PIECE_BYTES {
            self.bundle(&mut piece);
        }
        Some(piece)
    }

    /// Adds the bundle that begins with the next entry, as far as it can be read.
    fn bundle(&mut self, piece: &mut Piece) {
        let first = self.next_index;
        let left = (self.size - first).min(u64::from(WIDTH));
        let width = u16::try_from(left).unwrap_or(WIDTH);
        self.next_index += left;
        let number = first / u64::from(WIDTH);
        let path = path_of(number, width);
        let bytes = match read_file(&self.folder, &path, BUNDLE_BYTES_MAX) {
            Ok(bytes) => bytes,
            Err(breach) => return piece.breach(first, &breach),
        };
        let base = piece.bytes.len();
        let mut index = first;
        let mut start = base;
        for entry in bundle_entries(&bytes) {
            match entry {
                Ok(entry) if index < self.next_index => {
                    let len = entry.len();
                    piece.slots.push(Slot { index, start: start + 2, len, frame_prev: None });
                    start += 2 + len;
                    index += 1;
                }
                Ok(_) => {
                    let why = TileError::EntryCount { width };
                    piece.breach(index, &Breach::Bundle { path: path.clone(), why });
                    break;
                }
                Err(why) => {
                    piece.breach(index, &Breach::Bundle { path: path.clone(), why });
                    break;
                }
            }
        }
        if index < self.next_index && bytes.is_empty() {
            let why = TileError::EntryCount { width };
            piece.breach(index, &Breach::Bundle { path, why });
        }
        piece.bytes.extend_from_slice(&bytes);
    }
}

fn path_of(number: u64, width: u16) -> String {
    let path = TilePath::new(TileKind::Entries, number, width);
    path.expect("a width of 1 to 256 names a bundle").to_string()
}

/// Entries in the bundles that lie there from the first on: full ones, then the widest partial.
fn size_of(folder: &Path) -> u64 {
    let full = (0..).find(|number| !folder.join(path_of(*number, WIDTH)).is_file());
    let full = full.unwrap_or_default();
    let partial = (1..WIDTH).rev().find(|width| folder.join(path_of(full, *width)).is_file());
    full * u64::from(WIDTH) + u64::from(partial.unwrap_or_default())
}
