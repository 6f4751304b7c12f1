//! A sorted table of rows in one file that never changes: what one pass over the log makes.
//!
//! A look-up is a search in memory and one read of some kilobytes, whatever the size of the file
//! and without a cache of our own: the system's page cache serves it.
//!
//! | part | bytes |
//! |---|---|
//! | block | rows, then their CRC-32C in four bytes; about [`BLOCK_BYTES`], one row at least |
//! | row | postcard: bytes of the key shared with the row before, the rest of the key, the value |
//! | directory | postcard: for each block its separator, its length, its CRC-32C; then the directory's CRC-32C |
//! | tail | where the directory begins, the table's id, a mark: [`TAIL_BYTES`] |
//!
//! A separator is the shortest key above all of the block before and not above the block's own. The
//! id is the hash of the directory, in which each block's checksum stands too, so two tables of one
//! id hold the same rows. The order of writing: blocks, directory, tail, flush, then the name. A
//! table that was cut short has no name, or no tail.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    ops::ControlFlow,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use serde::Serialize;

use crate::value::Hash;

/// Why a table cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TableError(#[from] io::Error);

impl TableError {
    /// Whether the bytes are not those that were written; otherwise the system said no.
    pub(super) fn is_damage(&self) -> bool {
        matches!(self.0.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
    }
}

/// Bytes of rows until a block is full: a page of the system's cache, and few persons.
const BLOCK_BYTES: usize = 4096;
/// Bytes of the tail: a number, the id and the mark.
const TAIL_BYTES: usize = 8 + 16 + 8;
/// The last bytes of a table of this form.
const MARK: &[u8; 8] = b"mzrows 1";
/// Longest directory that is read: some hundred million rows.
const DIRECTORY_BYTES_MAX: u64 = 1 << 30;

/// Bytes of a checksum.
const SUM_BYTES: usize = 4;

/// A row as it is stored: bytes of the key that the row before has too, the rest, the value.
type Row<'a> = (usize, &'a [u8], &'a [u8]);
/// A block in the directory: its separator, its bytes with the checksum, the checksum.
type Line<'a> = (&'a [u8], usize, u32);

/// Which table it is.
pub(super) type TableId = [u8; 16];

/// Writes a table, one row after the other in order of their keys.
pub(super) struct TableWriter {
    path: PathBuf,
    to: BufWriter<File>,
    /// Rows of the block, their number, and the key of the last.
    block: Vec<u8>,
    last: Vec<u8>,
    separator: Vec<u8>,
    directory: Vec<u8>,
    written: u64,
}

impl TableWriter {
    /// Begins a table that is to have this name; another one of that name stays until then.
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        let file = File::create(unfinished(path))?;
        Ok(Self {
            path: path.to_owned(),
            to: BufWriter::with_capacity(1 << 18, file),
            block: Vec::with_capacity(2 * BLOCK_BYTES),
            last: Vec::new(),
            separator: Vec::new(),
            directory: Vec::new(),
            written: 0,
        })
    }

    /// Takes the next row; its key is above the last one's.
    pub(super) fn take(&mut self, key: &[u8], value: &[u8]) -> io::Result<()> {
        let is_first = self.block.is_empty() && self.written == 0;
        if !is_first && key <= self.last.as_slice() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "rows out of order"));
        }
        let shared = self.last.iter().zip(key).take_while(|(one, other)| one == other).count();
        if !self.block.is_empty() && self.block.len() + key.len() + value.len() > BLOCK_BYTES {
            self.end_block()?;
        }
        let shared = if self.block.is_empty() {
            // The byte that tells the two blocks apart, where there was one before.
            self.separator = key[..key.len().min(shared + 1)].to_vec();
            0
        } else {
            shared
        };
        let row: Row<'_> = (shared, &key[shared..], value);
        self.block = written(&row, std::mem::take(&mut self.block))?;
        self.last.clear();
        self.last.extend_from_slice(key);
        Ok(())
    }

    fn end_block(&mut self) -> io::Result<()> {
        let sum = crc32c::crc32c(&self.block);
        self.to.write_all(&self.block)?;
        self.to.write_all(&sum.to_be_bytes())?;
        let line: Line<'_> = (&self.separator, self.block.len() + SUM_BYTES, sum);
        self.directory = written(&line, std::mem::take(&mut self.directory))?;
        self.written += (self.block.len() + SUM_BYTES) as u64;
        self.block.clear();
        Ok(())
    }

    /// Writes what is left, makes it durable and gives the table its name; answers which it is.
    pub(super) fn finish(mut self) -> io::Result<TableId> {
        if !self.block.is_empty() {
            self.end_block()?;
        }
        let sum = crc32c::crc32c(&self.directory);
        let id = id_of(&self.directory);
        self.to.write_all(&self.directory)?;
        self.to.write_all(&sum.to_be_bytes())?;
        self.to.write_all(&self.written.to_be_bytes())?;
        self.to.write_all(&id)?;
        self.to.write_all(MARK)?;
        let file = self.to.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        fs::rename(unfinished(&self.path), &self.path)?;
        if let Some(folder) = self.path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(id)
    }
}

/// Removes a table, whole or not; one that is not there is no error.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    for path in [path, &unfinished(path)] {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

fn unfinished(path: &Path) -> PathBuf {
    path.with_extension("unfinished")
}

fn id_of(directory: &[u8]) -> TableId {
    let hash = Hash::blake3(directory);
    let mut id = [0; 16];
    id.copy_from_slice(&hash.as_bytes()[..16]);
    id
}

/// A table that is open for reading, by any number of threads.
pub(super) struct Table {
    file: File,
    /// The separators one after the other, and where each ends.
    separators: Vec<u8>,
    ends: Vec<u32>,
    /// Where each block begins, and after them where the last one ends.
    begins: Vec<u64>,
    id: TableId,
    bytes: u64,
}

/// The rows of a block that was read, kept for the next look-up.
#[derive(Default)]
pub(super) struct Block {
    number: Option<usize>,
    bytes: Vec<u8>,
    key: Vec<u8>,
}

impl Table {
    /// Opens a table; nothing where there is none.
    pub(super) fn open(path: &Path) -> Result<Option<Self>, TableError> {
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(TableError)?,
        };
        let bytes = file.metadata()?.len();
        let mut tail = [0; TAIL_BYTES];
        let tail_at = bytes.checked_sub(TAIL_BYTES as u64).ok_or_else(damaged)?;
        file.read_exact_at(&mut tail, tail_at)?;
        let (mut directory_at, mut id) = ([0; 8], [0; 16]);
        directory_at.copy_from_slice(&tail[..8]);
        id.copy_from_slice(&tail[8..24]);
        let directory_at = u64::from_be_bytes(directory_at);
        let len = tail_at.checked_sub(directory_at).filter(|len| *len <= DIRECTORY_BYTES_MAX);
        let len = len.and_then(|len| usize::try_from(len).ok()).ok_or_else(damaged)?;
        if &tail[24..] != MARK {
            return Err(damaged());
        }
        let mut directory = vec![0; len];
        file.read_exact_at(&mut directory, directory_at)?;
        let directory = checked(&directory)?;
        if id_of(directory) != id {
            return Err(damaged());
        }
        let mut table =
            Self { file, separators: Vec::new(), ends: Vec::new(), begins: vec![0], id, bytes };
        table.read_directory(directory).ok_or_else(damaged)?;
        if table.begins.last() != Some(&directory_at) {
            return Err(damaged());
        }
        Ok(Some(table))
    }

    fn read_directory(&mut self, mut rest: &[u8]) -> Option<()> {
        let mut at = 0_u64;
        while !rest.is_empty() {
            let ((separator, len, _), behind) = postcard::take_from_bytes::<Line<'_>>(rest).ok()?;
            self.separators.extend_from_slice(separator);
            self.ends.push(u32::try_from(self.separators.len()).ok()?);
            at = at.checked_add(len as u64)?;
            self.begins.push(at);
            rest = behind;
        }
        self.separators.shrink_to_fit();
        Some(())
    }

    /// Which table it is.
    pub(super) const fn id(&self) -> TableId {
        self.id
    }

    /// Its bytes on the disk.
    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }

    fn separator(&self, block: usize) -> &[u8] {
        let begin = block.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.separators[begin as usize..self.ends[block] as usize]
    }

    /// The block in which a key is, if it is anywhere.
    fn block_of(&self, key: &[u8]) -> usize {
        let (mut low, mut high) = (0, self.ends.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.separator(middle) <= key {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low.saturating_sub(1)
    }

    fn read(&self, number: usize, block: &mut Block) -> Result<(), TableError> {
        if block.number == Some(number) {
            return Ok(());
        }
        block.number = None;
        let (begin, end) = (self.begins[number], self.begins[number + 1]);
        let len = usize::try_from(end - begin).map_err(|_| damaged())?;
        block.bytes.resize(len, 0);
        self.file.read_exact_at(&mut block.bytes, begin)?;
        let rows = checked(&block.bytes)?.len();
        block.bytes.truncate(rows);
        block.number = Some(number);
        Ok(())
    }

    /// Shows every row from a key on, in order, until told to stop.
    pub(super) fn scan<E: From<TableError>>(
        &self,
        from: &[u8],
        block: &mut Block,
        mut take_row: impl FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        for number in self.block_of(from)..self.ends.len() {
            self.read(number, block)?;
            let Block { bytes, key, .. } = block;
            key.clear();
            let mut rest = bytes.as_slice();
            while !rest.is_empty() {
                let value = next(&mut rest, key).ok_or_else(damaged)?;
                if key.as_slice() >= from && take_row(key, value)?.is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// The next row: its key replaces the one before.
fn next<'b>(rest: &mut &'b [u8], key: &mut Vec<u8>) -> Option<&'b [u8]> {
    let ((shared, own, value), behind) = postcard::take_from_bytes::<Row<'_>>(rest).ok()?;
    if shared > key.len() {
        return None;
    }
    key.truncate(shared);
    key.extend_from_slice(own);
    *rest = behind;
    Some(value)
}

fn written(what: &impl Serialize, behind: Vec<u8>) -> io::Result<Vec<u8>> {
    postcard::to_extend(what, behind).map_err(io::Error::other)
}

/// The bytes before a checksum that is theirs.
fn checked(bytes: &[u8]) -> Result<&[u8], TableError> {
    let (bytes, sum) = bytes.split_last_chunk::<SUM_BYTES>().ok_or_else(damaged)?;
    if crc32c::crc32c(bytes) == u32::from_be_bytes(*sum) { Ok(bytes) } else { Err(damaged()) }
}

fn damaged() -> TableError {
    TableError(io::Error::new(io::ErrorKind::InvalidData, "its table is damaged"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

    fn written(path: &Path, rows: &Rows) -> TableId {
        let mut writer = TableWriter::new(path).unwrap();
        rows.iter().for_each(|(key, value)| writer.take(key, value).unwrap());
        writer.finish().unwrap()
    }

    fn from(table: &Table, block: &mut Block, key: &[u8], most: usize) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut found = Vec::new();
        let scanned = table.scan(key, block, |key, value| {
            found.push((key.to_vec(), value.to_vec()));
            let full = found.len() == most;
            Ok::<_, TableError>(if full {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            })
        });
        scanned.unwrap();
        found
    }

    fn key() -> impl Strategy<Value = Vec<u8>> {
        // Few letters, so that keys share much, and lengths on both sides of a varint's byte.
        prop_oneof![
            proptest::collection::vec(0_u8..3, 0..7),
            proptest::collection::vec(0_u8..2, 120..140),
        ]
    }

    proptest! {
        #[test]
        fn a_table_shows_from_any_key_on_what_was_put_in(
            rows in proptest::collection::btree_map(
                key(), proptest::collection::vec(any::<u8>(), 0..600), 0..120),
            asked in proptest::collection::vec(key(), 1..40),
            most in 1_usize..6,
        ) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("rows");
            let id = written(&path, &rows);
            let table = Table::open(&path).unwrap().unwrap();
            prop_assert_eq!(table.id(), id);
            prop_assert_eq!(table.bytes(), fs::metadata(&path).unwrap().len());
            let mut block = Block::default();
            for asked in asked.iter().chain(rows.keys()).chain([&vec![], &vec![9]]) {
                let expected = rows.range(asked.clone()..).take(most);
                let expected: Vec<_> = expected.map(|(key, value)| (key.clone(), value.clone())).collect();
                prop_assert_eq!(from(&table, &mut block, asked, most), expected);
            }
            let all: Vec<_> = rows.into_iter().collect();
            prop_assert_eq!(from(&table, &mut block, &[], usize::MAX), all);
        }
    }

    fn hundred() -> Rows {
        (0..100_u32).map(|number| (number.to_be_bytes().to_vec(), vec![7; 300])).collect()
    }

    #[test]
    fn a_damaged_byte_anywhere_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows");
        written(&path, &hundred());
        let whole = fs::read(&path).unwrap();
        for at in (0..whole.len()).step_by(97).chain(whole.len() - TAIL_BYTES - 4..whole.len()) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x10;
            fs::write(&path, bytes).unwrap();
            let read = Table::open(&path).and_then(|table| {
                table.unwrap().scan(&[], &mut Block::default(), |_, _| {
                    Ok::<_, TableError>(ControlFlow::Continue(()))
                })
            });
            assert!(read.is_err(), "{at}");
        }
        for len in [0, 1, TAIL_BYTES - 1, TAIL_BYTES, whole.len() / 2, whole.len() - 1] {
            fs::write(&path, &whole[..len]).unwrap();
            assert!(Table::open(&path).is_err(), "{len}");
        }
    }

    #[test]
    fn a_table_that_is_not_finished_leaves_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows");
        assert!(Table::open(&path).unwrap().is_none());
        let id = written(&path, &hundred());
        let mut writer = TableWriter::new(&path).unwrap();
        writer.take(b"a", b"1").unwrap();
        assert!(writer.take(b"a", b"2").is_err());
        assert!(writer.take(b"A", b"2").is_err());
        drop(writer);
        assert_eq!(Table::open(&path).unwrap().unwrap().id(), id);
        assert_ne!(written(&path, &Rows::new()), id);
        assert!(
            from(&Table::open(&path).unwrap().unwrap(), &mut Block::default(), b"", 9).is_empty()
        );
        remove(&path).unwrap();
        remove(&path).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
