//! Tiles and entry bundles: the tree and the entries as static files (c2sp.org/tlog-tiles).
//!
//! A tile holds up to 256 hashes of one tree level out of eight: the hashes of level `8 * L` in
//! tile level `L`. A bundle holds up to 256 entries, each behind its length in two bytes. A full
//! tile or bundle never changes; the last of a level may be partial and is named with its width.
//!
//! This module names them, writes their bytes and reads them; where they are kept is not its
//! business. What is read proves nothing until its hashes are checked against a root.

use std::{fmt, str::FromStr};

use super::{ENTRY_LEN_MAX, Tree, TreeHash, decimal_decode};

/// Hashes in a full tile, entries in a full bundle.
pub const WIDTH: u16 = 256;
/// Tree levels in a tile.
const HEIGHT: u32 = 8;
/// Highest tile level the specification names; no tree of 64-bit size comes above 7.
const LEVEL_MAX: u8 = 63;
/// Longest path read: `tile/entries/`, seven elements for 64 bits, `.p/255`.
const PATH_LEN_MAX: usize = 64;

/// Why a path or bytes are not a tile or a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// The text is not the one spelling of a tile's or bundle's path.
    #[error("not the path of a tile or an entry bundle")]
    Path,
    /// The tree does not hold all hashes of the tile.
    #[error("the tree does not reach this tile")]
    NotInTree,
    /// The bytes are not the tile's number of hashes.
    #[error("the tile does not have {width} hashes")]
    TileLength {
        /// Hashes expected.
        width: u16,
    },
    /// An entry is longer than its length prefix can say.
    #[error("an entry is longer than {ENTRY_LEN_MAX} bytes")]
    EntryTooLong,
    /// The bytes end inside an entry.
    #[error("the bundle ends inside an entry")]
    EntryCutShort,
    /// The bytes are not the bundle's number of entries.
    #[error("the bundle does not have {width} entries")]
    EntryCount {
        /// Entries expected.
        width: u16,
    },
}

/// What a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileKind {
    /// Hashes of tree level `8 * level`.
    Hashes {
        /// Level of the tile, 0 to 63.
        level: u8,
    },
    /// The entries themselves.
    Entries,
}

/// The path of a tile or an entry bundle, full or partial, below a log's prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TilePath {
    kind: TileKind,
    index: u64,
    width: u16,
}

impl TilePath {
    /// Names a tile or bundle.
    ///
    /// # Errors
    /// [`TileError::Path`]: a level above 63 or a width other than 1 to 256.
    pub fn new(kind: TileKind, index: u64, width: u16) -> Result<Self, TileError> {
        let level = match kind {
            TileKind::Hashes { level } => level,
            TileKind::Entries => 0,
        };
        if level > LEVEL_MAX || !(1..=WIDTH).contains(&width) {
            return Err(TileError::Path);
        }
        Ok(Self { kind, index, width })
    }

    /// Tile or bundle.
    #[must_use]
    pub const fn kind(&self) -> TileKind {
        self.kind
    }

    /// Index within the level.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Number of hashes or entries, 1 to 256.
    #[must_use]
    pub const fn width(&self) -> u16 {
        self.width
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes { level } => write!(f, "tile/{level}/")?,
            TileKind::Entries => f.write_str("tile/entries/")?,
        }
        // Three digits an element; all but the last begin with an x.
        let digits = self.index.to_string();
        let padded = format!("{:0>1$}", digits, digits.len().next_multiple_of(3));
        for (at, digit) in padded.char_indices() {
            if at % 3 == 0 {
                f.write_str(if at == 0 { "" } else { "/" })?;
                f.write_str(if at + 3 == padded.len() { "" } else { "x" })?;
            }
            write!(f, "{digit}")?;
        }
        if self.width < WIDTH { write!(f, ".p/{}", self.width) } else { Ok(()) }
    }
}

impl FromStr for TilePath {
    type Err = TileError;
    fn from_str(text: &str) -> Result<Self, TileError> {
        if text.len() > PATH_LEN_MAX {
            return Err(TileError::Path);
        }
        let path = Self::read(text).ok_or(TileError::Path)?;
        // One path, one file: a spelling that is not the one written is refused.
        if path.to_string() == text { Ok(path) } else { Err(TileError::Path) }
    }
}

impl TilePath {
    fn read(text: &str) -> Option<Self> {
        let (kind, rest) = text.strip_prefix("tile/")?.split_once('/')?;
        let kind = if kind == "entries" {
            TileKind::Entries
        } else {
            TileKind::Hashes { level: decimal_decode(kind)?.try_into().ok()? }
        };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, decimal_decode(width)?.try_into().ok()?),
            None => (rest, WIDTH),
        };
        let digits: String = index.chars().filter(char::is_ascii_digit).collect();
        Self::new(kind, digits.parse().ok()?, width).ok()
    }
}

/// Every tile and bundle that a tree of `new` leaves has and a tree of `old` leaves did not have in
/// this width: what an export or a mirror must add. With `old` 0, all of them.
pub fn tiles_between(old: u64, new: u64) -> impl Iterator<Item = TilePath> {
    // Level 7 holds nodes of 2^56 leaves; 64-bit sizes fill no tile above it.
    let hashes = (0..8).map(|level| (TileKind::Hashes { level }, u32::from(level) * HEIGHT));
    std::iter::once((TileKind::Entries, 0)).chain(hashes).flat_map(move |(kind, shift)| {
        let (old, new) = (old >> shift, new >> shift);
        let full = (old >> HEIGHT..new >> HEIGHT).map(move |index| (index, WIDTH));
        // The width of the last tile is the size modulo 256.
        let width = u16::from(new.to_be_bytes()[7]);
        let partial = (width > 0 && new > old).then_some((new >> HEIGHT, width));
        full.chain(partial).map(move |(index, width)| TilePath { kind, index, width })
    })
}

/// The bytes of a hash tile, full or of any width the tree has reached.
///
/// # Errors
/// [`TileError::NotInTree`], also for the path of an entry bundle.
pub fn tile_bytes(tree: &Tree, path: &TilePath) -> Result<Vec<u8>, TileError> {
    let TileKind::Hashes { level } = path.kind else { return Err(TileError::NotInTree) };
    let first = path.index.checked_mul(u64::from(WIDTH)).ok_or(TileError::NotInTree)?;
    let mut tile = Vec::with_capacity(usize::from(path.width) * TreeHash::LEN);
    for at in 0..u64::from(path.width) {
        let node = first.checked_add(at).and_then(|at| tree.node(u32::from(level) * HEIGHT, at));
        tile.extend(node.ok_or(TileError::NotInTree)?.0);
    }
    Ok(tile)
}

/// Reads the hashes of a tile of a given width.
///
/// # Errors
/// [`TileError::TileLength`].
pub fn tile_decode(bytes: &[u8], width: u16) -> Result<Vec<TreeHash>, TileError> {
    let (hashes, rest) = bytes.as_chunks::<{ TreeHash::LEN }>();
    if hashes.len() != usize::from(width) || !rest.is_empty() {
        return Err(TileError::TileLength { width });
    }
    Ok(hashes.iter().copied().map(TreeHash).collect())
}

/// Appends one entry with its length to a bundle.
///
/// # Errors
/// [`TileError::EntryTooLong`]; nothing is appended then.
pub fn entry_encode(entry: &[u8], bundle: &mut Vec<u8>) -> Result<(), TileError> {
    let len = u16::try_from(entry.len()).map_err(|_| TileError::EntryTooLong)?;
    bundle.extend_from_slice(&len.to_be_bytes());
    bundle.extend_from_slice(entry);
    Ok(())
}

/// The bytes of a bundle.
///
/// # Errors
/// [`TileError::EntryTooLong`], or [`TileError::EntryCount`] when there are not 1 to 256 entries.
pub fn bundle_encode<E: AsRef<[u8]>>(entries: &[E]) -> Result<Vec<u8>, TileError> {
    if !(1..=usize::from(WIDTH)).contains(&entries.len()) {
        return Err(TileError::EntryCount { width: WIDTH });
    }
    let mut bundle = Vec::new();
    for entry in entries {
        entry_encode(entry.as_ref(), &mut bundle)?;
    }
    Ok(bundle)
}

/// Reads the entries of a bundle of a given width.
///
/// # Errors
/// [`TileError::EntryCutShort`], [`TileError::EntryCount`].
pub fn bundle_decode(bytes: &[u8], width: u16) -> Result<Vec<&[u8]>, TileError> {
    let mut entries = Vec::with_capacity(usize::from(width.min(WIDTH)));
    for entry in bundle_entries(bytes) {
        if entries.len() == usize::from(width) {
            return Err(TileError::EntryCount { width });
        }
        entries.push(entry?);
    }
    if entries.len() == usize::from(width) {
        Ok(entries)
    } else {
        Err(TileError::EntryCount { width })
    }
}

/// Reads length-prefixed entries one by one; stops after the first that is cut short.
pub fn bundle_entries(mut bytes: &[u8]) -> impl Iterator<Item = Result<&[u8], TileError>> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let entry = bytes
            .split_first_chunk()
            .and_then(|(len, rest)| rest.split_at_checked(usize::from(u16::from_be_bytes(*len))));
        let (entry, rest) = entry
            .map_or((Err(TileError::EntryCutShort), &[][..]), |(entry, rest)| (Ok(entry), rest));
        bytes = rest;
        Some(entry)
    })
}
