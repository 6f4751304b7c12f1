//! Sorted runs of rows on the disk, merged in order of their keys.
//!
//! A row of a run: length of the key, of the value, what becomes of it, key, value; lengths in
//! four bytes. The files serve one pass and are removed with it; one that is cut short is an error
//! like any other of the disk.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read, Write},
    path::PathBuf,
};

use super::{ProjectionError, pending::Change};

/// Bytes that are read or written at a time, of each run.
const BUFFER_BYTES: usize = 128 << 10;
/// Longest key or value of a row: an entry's length is below it.
const PART_BYTES_MAX: u32 = 1 << 24;

/// A row of the index: key and value.
pub(super) type Row = (Vec<u8>, Vec<u8>);

/// The runs of one pass; a later one has the later word.
pub(super) struct Runs {
    folder: PathBuf,
    count: usize,
}

impl Runs {
    /// Begins a pass; what an earlier one left is removed.
    pub(super) fn new(folder: PathBuf) -> Result<Self, ProjectionError> {
        remove(&folder)?;
        fs::create_dir_all(&folder)?;
        Ok(Self { folder, count: 0 })
    }

    /// Writes a run.
    pub(super) fn spill(&mut self, rows: BTreeMap<Vec<u8>, Change>) -> Result<(), ProjectionError> {
        let file = File::create_new(self.path(self.count))?;
        let mut to = BufWriter::with_capacity(BUFFER_BYTES, file);
        for (key, change) in rows {
            let (mark, value) = match &change {
                Change::Remove => (0, &[][..]),
                Change::Put(value) => (1, &value[..]),
                Change::PutFirst(value) => (2, &value[..]),
            };
            for part in [&key[..], value] {
                let len = u32::try_from(part.len()).ok().filter(|len| *len <= PART_BYTES_MAX);
                to.write_all(&len.ok_or(ProjectionError::Row)?.to_be_bytes())?;
            }
            to.write_all(&[mark])?;
            to.write_all(&key)?;
            to.write_all(value)?;
        }
        to.flush()?;
        self.count += 1;
        Ok(())
    }

    /// Every row that stands, in order of the keys.
    pub(super) fn merge(self) -> Result<Merge, ProjectionError> {
        let mut runs = Vec::with_capacity(self.count);
        let mut heads = BinaryHeap::with_capacity(self.count);
        for number in 0..self.count {
            let file = File::open(self.path(number))?;
            let mut run = BufReader::with_capacity(BUFFER_BYTES, file);
            heads.extend(next(&mut run)?.map(|(key, change)| Reverse((key, number, Head(change)))));
            runs.push(run);
        }
        Ok(Merge { runs, heads, _files: self })
    }

    fn path(&self, number: usize) -> PathBuf {
        self.folder.join(format!("{number}.run"))
    }
}

impl Drop for Runs {
    fn drop(&mut self) {
        if let Err(error) = remove(&self.folder) {
            tracing::warn!(%error, "the sorted runs of the index were not removed");
        }
    }
}

/// The rows of all runs, as they are asked for.
pub(super) struct Merge {
    runs: Vec<BufReader<File>>,
    /// The next row of each run.
    heads: BinaryHeap<Reverse<(Vec<u8>, usize, Head)>>,
    /// Removed when the last row was taken.
    _files: Runs,
}

impl Merge {
    /// The next row that stands.
    pub(super) fn next(&mut self) -> Result<Option<Row>, ProjectionError> {
        while let Some((key, mut change)) = self.head()? {
            // Equal keys come in the order of their runs.
            while let Some(Reverse((same, ..))) = self.heads.peek()
                && *same == key
                && let Some((_, later)) = self.head()?
            {
                change = change.then(later);
            }
            match change {
                Change::Put(value) | Change::PutFirst(value) => return Ok(Some((key, value))),
                Change::Remove => {}
            }
        }
        Ok(None)
    }

    fn head(&mut self) -> Result<Option<(Vec<u8>, Change)>, ProjectionError> {
        let Some(Reverse((key, number, Head(change)))) = self.heads.pop() else { return Ok(None) };
        let behind = next(&mut self.runs[number])?;
        self.heads.extend(behind.map(|(key, change)| Reverse((key, number, Head(change)))));
        Ok(Some((key, change)))
    }
}

/// A change beside the key and run that order it.
struct Head(Change);

impl PartialEq for Head {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Head {}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Head {
    fn cmp(&self, _: &Self) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}

fn next(run: &mut BufReader<File>) -> Result<Option<(Vec<u8>, Change)>, ProjectionError> {
    let mut head = [0; 9];
    // A run ends where a row does.
    if run.read(&mut head[..1])? == 0 {
        return Ok(None);
    }
    run.read_exact(&mut head[1..])?;
    let [k0, k1, k2, k3, v0, v1, v2, v3, mark] = head;
    let mut part = |len: [u8; 4]| -> Result<Vec<u8>, ProjectionError> {
        let len = u32::from_be_bytes(len);
        if len > PART_BYTES_MAX {
            return Err(ProjectionError::Row);
        }
        let mut bytes = vec![0; len as usize];
        run.read_exact(&mut bytes)?;
        Ok(bytes)
    };
    let (key, value) = (part([k0, k1, k2, k3])?, part([v0, v1, v2, v3])?);
    let change = match mark {
        0 => Change::Remove,
        1 => Change::Put(value),
        2 => Change::PutFirst(value),
        _ => return Err(ProjectionError::Row),
    };
    Ok(Some((key, change)))
}

fn remove(folder: &std::path::Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::pending::{Pending, tests::change};
    use super::*;

    proptest! {
        #[test]
        fn runs_say_what_one_row_after_the_other_says(
            changes in proptest::collection::vec((0_u8..12, change()), 0..80),
            run_len in 1_usize..20,
        ) {
            let mut plain: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
            for (key, change) in &changes {
                let key = vec![*key];
                match change.clone() {
                    Change::Put(value) => drop(plain.insert(key, value)),
                    Change::PutFirst(value) => drop(plain.entry(key).or_insert(value)),
                    Change::Remove => drop(plain.remove(&key)),
                }
            }
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("runs");
            let mut runs = Runs::new(path.clone()).unwrap();
            for run in changes.chunks(run_len) {
                let mut pending = Pending::default();
                for (key, change) in run {
                    pending.add(vec![*key], change.clone());
                }
                runs.spill(pending.take()).unwrap();
            }
            let (mut merged, mut rows) = (Vec::new(), runs.merge().unwrap());
            while let Some(row) = rows.next().unwrap() {
                merged.push(row);
            }
            drop(rows);
            prop_assert_eq!(merged, plain.into_iter().collect::<Vec<_>>());
            prop_assert!(!path.exists());
        }
    }
}
