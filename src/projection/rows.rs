//! The rows of the index: those of the table, and over them what came since, in sled.
//!
//! A value in sled ends with a byte that says whether the row stands, because nothing can be taken
//! out of the table.

use std::{ops::ControlFlow, path::Path, sync::Arc};

use sled::{IVec, Iter};

use super::{
    ProjectionError,
    pending::Change,
    table::{Block, Table, TableError, TableId},
};

/// The row stands, with what is before this byte.
const STANDS: u8 = 1;
/// The row of the table is gone.
const GONE: u8 = 0;

/// Where the rows are; a copy reads and writes the same.
#[derive(Clone)]
pub(super) struct Rows {
    tree: sled::Tree,
    table: Option<Arc<Table>>,
}

impl Rows {
    /// The rows of a tree, over no table.
    pub(super) const fn of_tree(tree: sled::Tree) -> Self {
        Self { tree, table: None }
    }

    /// The rows of a tree over the table at a path, if there is one. One that is damaged is none:
    /// what stands in sled says which table it is over.
    pub(super) fn open(tree: sled::Tree, path: &Path) -> Result<Self, ProjectionError> {
        let table = match Table::open(path) {
            Ok(table) => table.map(Arc::new),
            Err(error) if error.is_damage() => None,
            Err(error) => return Err(error.into()),
        };
        Ok(Self { tree, table })
    }

    /// The rows of the same tree over the table that is at a path now.
    pub(super) fn over(&self, path: &Path) -> Result<Self, ProjectionError> {
        Self::open(self.tree.clone(), path)
    }

    pub(super) const fn table(&self) -> Option<&Arc<Table>> {
        self.table.as_ref()
    }

    pub(super) fn table_id(&self) -> Option<TableId> {
        self.table.as_ref().map(|table| table.id())
    }

    /// Takes out all that sled has.
    pub(super) fn clear(&self) -> Result<(), ProjectionError> {
        Ok(self.tree.clear()?)
    }

    /// Says whether there is nothing at all.
    pub(super) fn is_empty(&self) -> bool {
        self.table.is_none() && self.tree.is_empty()
    }

    /// The value of a row that stands.
    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, ProjectionError> {
        self.get_near(key, &mut Block::default())
    }

    /// The same, where many rows are asked for: `block` remembers where the last one was.
    pub(super) fn get_near(
        &self,
        key: &[u8],
        block: &mut Block,
    ) -> Result<Option<Vec<u8>>, ProjectionError> {
        if let Some(newer) = self.tree.get(key)? {
            return Ok(standing(&newer)?.map(<[u8]>::to_vec));
        }
        let mut found = None;
        self.in_table(key, block, |at, value| {
            // If it is there, it comes before all that begins with it.
            found = (at == key).then(|| value.to_vec());
            Ok(ControlFlow::Break(()))
        })?;
        Ok(found)
    }

    /// Shows every row that stands from a key on, in order of the keys, until told to stop.
    pub(super) fn scan(
        &self,
        from: &[u8],
        mut take: impl FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, ProjectionError>,
    ) -> Result<(), ProjectionError> {
        let mut newer = Newer::from(self.tree.range(from..))?;
        let mut stopped = false;
        if let Some(table) = &self.table {
            table.scan(from, &mut Block::default(), |key, value| {
                let known = newer.before(key, &mut take)?;
                let told = match known {
                    Known::Stopped => ControlFlow::Break(()),
                    Known::Said => ControlFlow::Continue(()),
                    Known::No => take(key, value)?,
                };
                stopped = told.is_break();
                Ok::<_, ProjectionError>(told)
            })?;
        }
        if !stopped {
            newer.rest(&mut take)?;
        }
        Ok(())
    }

    /// Shows every row that stands whose key begins so, in order of the keys.
    pub(super) fn each(
        &self,
        prefix: &[u8],
        mut take: impl FnMut(&[u8], &[u8]) -> Result<(), ProjectionError>,
    ) -> Result<(), ProjectionError> {
        self.scan(prefix, |key, value| {
            if !key.starts_with(prefix) {
                return Ok(ControlFlow::Break(()));
            }
            take(key, value).map(ControlFlow::Continue)
        })
    }

    /// Says whether a row stands whose key begins so.
    pub(super) fn any(&self, prefix: &[u8]) -> Result<bool, ProjectionError> {
        let mut any = false;
        self.scan(prefix, |key, _| {
            any = key.starts_with(prefix);
            Ok(ControlFlow::Break(()))
        })?;
        Ok(any)
    }

    /// Shows the rows of the table alone whose keys begin so; `block` remembers where that was.
    pub(super) fn in_table(
        &self,
        prefix: &[u8],
        block: &mut Block,
        mut take: impl FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, ProjectionError>,
    ) -> Result<(), ProjectionError> {
        let Some(table) = &self.table else { return Ok(()) };
        table.scan(prefix, block, |key, value| {
            if key.starts_with(prefix) { take(key, value) } else { Ok(ControlFlow::Break(())) }
        })
    }

    /// Shows what came since the table was made: the rows that stand whose keys begin so, until
    /// told to stop.
    pub(super) fn since_table(
        &self,
        prefix: &[u8],
        mut take: impl FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, ProjectionError>,
    ) -> Result<(), ProjectionError> {
        for row in self.tree.scan_prefix(prefix) {
            let (key, value) = row?;
            if let Some(value) = standing(&value)?
                && take(&key, value)?.is_break()
            {
                break;
            }
        }
        Ok(())
    }

    /// Writes changes, each of another row: all of them or none.
    pub(super) fn apply(
        &self,
        changes: impl IntoIterator<Item = (Vec<u8>, Change)>,
    ) -> Result<(), ProjectionError> {
        let mut batch = sled::Batch::default();
        let put = |batch: &mut sled::Batch, key, mut value: Vec<u8>| {
            value.push(STANDS);
            batch.insert::<Vec<u8>, Vec<u8>>(key, value);
        };
        for (key, change) in changes {
            match change {
                Change::Put(value) => put(&mut batch, key, value),
                Change::PutFirst(value) => {
                    if self.get(&key)?.is_none() {
                        put(&mut batch, key, value);
                    }
                }
                Change::Remove if self.is_in_table(&key)? => batch.insert(key, &[GONE]),
                Change::Remove => batch.remove(key),
            }
        }
        Ok(self.tree.apply_batch(batch)?)
    }

    fn is_in_table(&self, key: &[u8]) -> Result<bool, ProjectionError> {
        let mut found = false;
        self.in_table(key, &mut Block::default(), |at, _| {
            found = at == key;
            Ok(ControlFlow::Break(()))
        })?;
        Ok(found)
    }
}

/// The value of a row of sled, if it stands.
fn standing(value: &[u8]) -> Result<Option<&[u8]>, ProjectionError> {
    match value.split_last() {
        Some((&STANDS, value)) => Ok(Some(value)),
        Some((&GONE, [])) => Ok(None),
        Some(_) | None => Err(ProjectionError::Row),
    }
}

/// Whether sled spoke about a row of the table.
enum Known {
    /// It did not.
    No,
    /// It did: the table's row is no longer the one.
    Said,
    /// Whoever takes rows wants no more.
    Stopped,
}

/// The rows of sled that were not shown yet.
struct Newer {
    rows: Iter,
    next: Option<(IVec, IVec)>,
}

impl Newer {
    fn from(mut rows: Iter) -> Result<Self, ProjectionError> {
        let next = rows.next().transpose()?;
        Ok(Self { rows, next })
    }

    /// Shows what comes before a row of the table, and what replaces it.
    fn before(
        &mut self,
        key: &[u8],
        take: &mut impl FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, ProjectionError>,
    ) -> Result<Known, ProjectionError> {
        while let Some((newer, value)) = &self.next
            && **newer <= *key
        {
            let is_same = **newer == *key;
            if let Some(value) = standing(value)?
                && take(newer, value)?.is_break()
            {
                return Ok(Known::Stopped);
            }
            self.next = self.rows.next().transpose()?;
            if is_same {
                return Ok(Known::Said);
            }
        }
        Ok(Known::No)
    }

    fn rest(
        mut self,
        take: &mut impl FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, ProjectionError>,
    ) -> Result<(), ProjectionError> {
        while let Some((key, value)) = &self.next {
            if let Some(value) = standing(value)?
                && take(key, value)?.is_break()
            {
                break;
            }
            self.next = self.rows.next().transpose()?;
        }
        Ok(())
    }
}

impl From<TableError> for ProjectionError {
    fn from(error: TableError) -> Self {
        Self::Table(error)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::{pending::tests::change, store_config, table::TableWriter};
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn rows_over_a_table_read_as_rows_in_one_map(
            table in proptest::collection::btree_map(
                proptest::collection::vec(0_u8..4, 1..4),
                proptest::collection::vec(any::<u8>(), 0..4), 0..40),
            changes in proptest::collection::vec(
                (proptest::collection::vec(0_u8..4, 1..4), change()), 0..60),
            most in 1_usize..9,
        ) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("rows");
            let mut writer = TableWriter::new(&path).unwrap();
            table.iter().for_each(|(key, value)| writer.take(key, value).unwrap());
            writer.finish().unwrap();
            let db = store_config(&folder.path().join("sled")).open().unwrap();
            let rows = Rows::open(db.open_tree("rows").unwrap(), &path).unwrap();
            let mut plain: BTreeMap<Vec<u8>, Vec<u8>> = table;
            for (key, change) in changes {
                match change.clone() {
                    Change::Put(value) => drop(plain.insert(key.clone(), value)),
                    Change::PutFirst(value) => drop(plain.entry(key.clone()).or_insert(value)),
                    Change::Remove => drop(plain.remove(&key)),
                }
                rows.apply([(key, change)]).unwrap();
            }
            for first in 0_u8..4 {
                for second in 0_u8..4 {
                    let asked = [first, second];
                    for prefix in [&asked[..1], &asked] {
                        let mut found = Vec::new();
                        rows.each(prefix, |key, value| {
                            found.push((key.to_vec(), value.to_vec()));
                            Ok(())
                        }).unwrap();
                        let expected: Vec<_> = plain.clone().into_iter()
                            .filter(|(key, _)| key.starts_with(prefix)).collect();
                        prop_assert_eq!(rows.any(prefix).unwrap(), !expected.is_empty());
                        prop_assert_eq!(found, expected);
                        prop_assert_eq!(rows.get(prefix).unwrap(), plain.get(prefix).cloned());
                    }
                    let mut found = Vec::new();
                    rows.scan(&asked, |key, value| {
                        found.push((key.to_vec(), value.to_vec()));
                        let full = found.len() == most;
                        Ok(if full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
                    }).unwrap();
                    let expected: Vec<_> = plain.range(asked.to_vec()..).take(most)
                        .map(|(key, value)| (key.clone(), value.clone())).collect();
                    prop_assert_eq!(found, expected);
                }
            }
        }
    }
}
