//! Sizes and roots that were stated somewhere, to be met by the entries.

use super::{Breach, report::Tally};
use crate::tlog::{Frontier, TreeHash};

/// A stated root at a size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Anchor {
    pub(super) what: &'static str,
    pub(super) size: u64,
    pub(super) root: TreeHash,
}

/// The tree over the entries read so far, and the anchors it has yet to meet.
#[derive(Debug)]
pub(super) struct AnchoredTree {
    frontier: Frontier,
    /// Largest first.
    ahead: Vec<Anchor>,
}

impl AnchoredTree {
    pub(super) fn new(mut anchors: Vec<Anchor>, tally: &mut Tally) -> Self {
        anchors.sort_by_key(|anchor| std::cmp::Reverse(anchor.size));
        let mut tree = Self { frontier: Frontier::new(), ahead: anchors };
        tree.meet(tally);
        tree
    }

    pub(super) fn push(&mut self, leaf: TreeHash, tally: &mut Tally) {
        self.frontier.push(leaf);
        self.meet(tally);
    }

    pub(super) fn root(&self) -> TreeHash {
        self.frontier.root()
    }

    /// Reports the anchors that the entries never reached.
    pub(super) fn finish(&self, tally: &mut Tally) {
        for Anchor { what, size, .. } in self.ahead.iter().rev() {
            let entries = self.frontier.size();
            tally.breach(None, &Breach::NotReached { what, size: *size, entries });
        }
    }

    fn meet(&mut self, tally: &mut Tally) {
        while let Some(Anchor { what, size, root: stated }) = self.ahead.last().copied()
            && size == self.frontier.size()
        {
            self.ahead.pop();
            let found = self.frontier.root();
            if found != stated {
                tally.breach(None, &Breach::Root { what, size, stated, found });
            }
        }
    }
}
