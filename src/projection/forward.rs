//! Reading rows in the order of their keys without looking each place up again.
//!
//! A look-up in sled copies a leaf of its tree, which costs more than the rows that are wanted.
//! Persons are judged in the order of their ids, so the next person's rows nearly always follow
//! where the last ones ended.

use sled::{IVec, Iter, Tree};

/// Rows that are passed over before the place is looked up anew: about what a look-up costs.
const PASSED_MAX: usize = 24;

/// A place in a tree from which rows are read on.
pub(super) struct Forward {
    iter: Iter,
    /// All rows before `next` and from here on were read.
    from: Vec<u8>,
    next: Option<(IVec, IVec)>,
}

impl Forward {
    /// Takes every row whose key begins with `prefix`, from `place` on if that is near, and leaves
    /// the place behind them.
    pub(super) fn read(
        place: &mut Option<Self>,
        tree: &Tree,
        prefix: &[u8],
        mut take: impl FnMut(&[u8], &[u8]),
    ) -> Result<(), sled::Error> {
        let mut kept = place.take();
        let is_near = match &mut kept {
            Some(forward) => forward.reaches(prefix)?,
            None => false,
        };
        let mut near = match kept.filter(|_| is_near) {
            Some(forward) => forward,
            None => Self::at(tree, prefix)?,
        };
        while let Some((key, value)) = &near.next
            && key.starts_with(prefix)
        {
            take(key, value);
            near.next = near.iter.next().transpose()?;
        }
        near.from = prefix.to_vec();
        *place = Some(near);
        Ok(())
    }

    fn at(tree: &Tree, prefix: &[u8]) -> Result<Self, sled::Error> {
        let mut iter = tree.range(prefix..);
        let next = iter.next().transpose()?;
        Ok(Self { iter, from: prefix.to_vec(), next })
    }

    /// Goes on to the first row that is not before `prefix`, unless it is far or behind.
    fn reaches(&mut self, prefix: &[u8]) -> Result<bool, sled::Error> {
        if prefix <= self.from.as_slice() {
            return Ok(false);
        }
        for _ in 0..PASSED_MAX {
            match &self.next {
                // The tree ended before; what came since is looked up.
                None => return Ok(false),
                Some((key, _)) if &**key >= prefix => return Ok(true),
                Some(_) => self.next = self.iter.next().transpose()?,
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_order_the_rows_are_those_of_the_prefix() {
        let folder = tempfile::tempdir().unwrap();
        let db = super::super::store_config(folder.path()).open().unwrap();
        let tree = db.open_tree("rows").unwrap();
        // 0 to 60 rows for each of 40 prefixes, some without any.
        let rows = |prefix: u8| u32::from(prefix).wrapping_mul(2_654_435_761) % 61;
        for prefix in 0..40_u8 {
            for row in 0..rows(prefix) {
                tree.insert([&[prefix][..], &row.to_be_bytes()].concat(), &[prefix]).unwrap();
            }
        }
        let orders: [Vec<u8>; 4] = [
            (0..40).collect(),
            (0..40).rev().collect(),
            (0..40).map(|number| (number % 8) * 5 + number / 8).collect(),
            vec![3, 3, 3, 39, 0, 0, 1, 39, 39],
        ];
        let mut place = None;
        for order in orders {
            for prefix in order {
                let mut found = 0;
                Forward::read(&mut place, &tree, &[prefix], |key, value| {
                    assert_eq!((key[0], value), (prefix, &[prefix][..]));
                    assert_eq!(key[1..], u32::to_be_bytes(found));
                    found += 1;
                })
                .unwrap();
                assert_eq!(found, rows(prefix), "{prefix}");
            }
        }
    }
}
