//! The one writer: takes what came through the door, in groups, and makes it durable.
//!
//! For each group, in this order:
//! 1. draw the recorded time, once;
//! 2. decide and seal statement by statement (a refused one is named, its neighbours go on);
//! 3. hash the leaves;
//! 4. append the group: when that returned, it is durable;
//! 5. have the vault leave out the keys that an erasure of the group names; sign the checkpoint,
//!    never before: a signed root of entries that a power cut took away would be a fork; make tree,
//!    checkpoint and length visible;
//! 6. acknowledge;
//! 7. at least once a second, make the head durable.
//!
//! After a failed flush nothing in memory is trusted any more: the writer stops, whoever waits
//! hears "outcome unknown, send the same bytes again", and the way on is to open the ledger
//! again through recovery.

use std::collections::HashSet;
use std::sync::{
    Arc, RwLock,
    atomic::{AtomicBool, Ordering},
    mpsc::{Receiver, RecvTimeoutError, TryRecvError},
};
use std::time::{Duration, Instant};

use tokio::sync::{oneshot, watch};

use super::{
    clock::{Clock, Watch},
    core::Core,
    core::Refused,
    door::{Checked, Door},
    snapshot,
};
use crate::crypto::SecretKey;
use crate::domain::{Rejection, State, erasure};
use crate::event::Recorded;
use crate::frame::HeadRecord;
use crate::log::{EntryCheck, Group, Log, LogError};
use crate::tlog::{Checkpoint, NoteSigner, Origin, SignedCheckpoint, Tree, TreeHash, leaf_hash};
use crate::value::{Hash, Subject};

/// What the submitter of one statement hears when it is on the ledger.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// Index of its entry.
    pub index: u64,
    /// Statement id.
    pub id: Hash,
    /// It was on the ledger before: this is the first receipt again.
    pub again: bool,
    /// Type of its event.
    pub name: &'static str,
    /// Subject of its event.
    pub subject: Subject,
}

impl Accepted {
    fn of(checked: &Checked, index: u64, again: bool) -> Self {
        let (name, subject) = (checked.payload.body.name(), checked.subject.clone());
        Self { index, id: checked.id, again, name, subject }
    }
}

/// The answer to one submission, statement by statement, in order.
#[derive(Debug)]
pub struct Answer {
    /// Each statement's place, or the rule that says no.
    pub results: Vec<Result<Accepted, Rejection>>,
    /// The checkpoint that covers all that was accepted.
    pub checkpoint: Arc<SignedCheckpoint>,
}

/// Why a submission has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// The queue is full.
    #[error("the ledger is busy; try again in a moment")]
    Busy,
    /// Nothing of the group was written. The state in memory was ahead of the log, so the writer
    /// waits until the ledger is opened again.
    #[error("{0}; make room or mend the disk, open the ledger again and send the same bytes")]
    NotWritten(LogError),
    /// The flush failed.
    #[error("the outcome is unknown; open the ledger again and send the same bytes again")]
    OutcomeUnknown,
    /// The clock jumped.
    #[error(
        "the clock says {found_ms} ms, the last entries let expect {expected_ms} ms: nothing was \
         written; set the clock and open the ledger again"
    )]
    ClockJumped {
        /// What the monotonic clock lets expect.
        expected_ms: u64,
        /// What the wall clock says.
        found_ms: u64,
    },
    /// The ledger is closing or was opened for reading.
    #[error("the ledger is not open for writing")]
    Closed,
}

/// One submission in the queue.
pub(super) struct Submission {
    pub(super) statements: Vec<Result<Checked, Rejection>>,
    pub(super) answer: oneshot::Sender<Result<Answer, SubmitError>>,
}

/// What readers and followers see: only what is durable.
pub(super) struct Visible {
    pub(super) tree: RwLock<Tree>,
    pub(super) checkpoint: RwLock<Arc<SignedCheckpoint>>,
    pub(super) core: RwLock<Core>,
    pub(super) len: watch::Sender<u64>,
    /// The writer takes nothing any more.
    pub(super) stopped: AtomicBool,
}

/// The tree knows every entry by its leaf.
impl EntryCheck for Visible {
    fn holds(&self, index: u64, entry: &[u8]) -> bool {
        self.tree.read().is_ok_and(|tree| tree.leaf(index) == Some(leaf_hash(entry)))
    }
}

/// Limits of one group: readers of the state wait for it, and nobody hears of its first statement
/// before its last is durable.
const GROUP_STATEMENTS_MAX: usize = 1024;
/// Under one frame (8 MiB), with room for every entry's own header.
const GROUP_BYTES_MAX: usize = 7 << 20;
/// A head at least this often while writing.
const HEAD_EVERY: Duration = Duration::from_secs(1);
/// What a submitter that waits each time needs for its next statement, which it checks itself, on
/// a machine that does other things too; behind a group that was written only, so an idle
/// ledger costs nothing.
const LOOK_FOR: Duration = Duration::from_micros(200);

pub(super) struct Writer {
    pub(super) log: Box<dyn Log>,
    pub(super) door: Arc<Door>,
    pub(super) visible: Arc<Visible>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) watch: Watch,
    pub(super) signer: NoteSigner<SecretKey>,
    pub(super) origin: Origin,
    pub(super) snapshots: snapshot::Keeper,
    /// Size that the durable head covers, and when it was written by the monotonic clock.
    pub(super) head: (u64, u64),
    pub(super) stopped: Option<SubmitError>,
}

impl Writer {
    /// Serves the queue until every sender is gone, then leaves a head and a snapshot.
    pub(super) fn run(mut self, queue: &Receiver<Submission>) {
        let mut wrote = false;
        loop {
            let soon = if wrote { look_for(queue) } else { None };
            let received = soon.map_or_else(|| queue.recv_timeout(HEAD_EVERY), Ok);
            wrote = received.is_ok();
            match received {
                Ok(first) => self.group(gather(first, queue)),
                Err(RecvTimeoutError::Timeout) => self.write_head(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.write_head();
        if self.stopped.is_none()
            && let (Ok(core), Ok(tree)) = (self.visible.core.read(), self.visible.tree.read())
        {
            self.snapshots.write(&core, &self.log.known(), &tree);
        }
    }

    /// Nothing is written from here on.
    fn stop(&mut self, why: &SubmitError) {
        tracing::error!(error = %why, "the writer stopped");
        self.visible.stopped.store(true, Ordering::Relaxed);
        self.stopped = Some(why.clone());
    }

    fn group(&mut self, group: Vec<Submission>) {
        let written = match self.stopped.clone() {
            Some(stopped) => Err(stopped),
            None => self.write(&group),
        };
        match written {
            Ok((answers, checkpoint)) => {
                for (submission, results) in group.into_iter().zip(answers) {
                    let answer = Answer { results, checkpoint: Arc::clone(&checkpoint) };
                    // A submitter that went away hears nothing; its events are on the ledger.
                    let _ = submission.answer.send(Ok(answer));
                }
                if self.clock.monotonic_ms() >= self.head.1 + 1000 {
                    self.write_head();
                }
            }
            Err(error) => {
                for submission in group {
                    let _ = submission.answer.send(Err(error.clone()));
                }
            }
        }
    }

    /// Steps 1 to 5 for one group.
    #[expect(clippy::type_complexity, reason = "one list of results for each submission")]
    fn write(
        &mut self,
        group: &[Submission],
    ) -> Result<(Vec<Vec<Result<Accepted, Rejection>>>, Arc<SignedCheckpoint>), SubmitError> {
        let now_ms = self.watch.draw(self.clock.as_ref()).map_err(|jumped| {
            let stopped = SubmitError::ClockJumped {
                expected_ms: jumped.expected_ms,
                found_ms: jumped.found_ms,
            };
            self.stop(&stopped);
            stopped
        })?;
        // Readers wait while a group is decided: what they see is durable, and a group that fails
        // to flush stops the writer before this lock is released.
        let visible = Arc::clone(&self.visible);
        let mut core = visible.core.write().map_err(|_| SubmitError::OutcomeUnknown)?;
        let mut sealed = Sealed { first: core.len, prev: core.prev, ..Sealed::default() };
        let erased_before = core.state.erased_keys.len();
        let mut refused = HashSet::new();
        let mut answers = Vec::with_capacity(group.len());
        for submission in group {
            let mut results = Vec::with_capacity(submission.statements.len());
            for statement in &submission.statements {
                let result = match statement {
                    Ok(checked) => {
                        let result = decide_one(&mut core, checked, now_ms, &refused, &mut sealed);
                        if result.is_err() {
                            refused.insert(checked.id);
                        }
                        result
                    }
                    Err(rejection) => Err(rejection.clone()),
                };
                results.push(result);
            }
            answers.push(results);
        }
        if sealed.entries.is_empty() {
            drop(core);
            return Ok((answers, self.current_checkpoint()?));
        }
        let leaves: Vec<TreeHash> = sealed.entries.iter().map(|e| leaf_hash(e)).collect();
        let entries: Vec<&[u8]> = sealed.entries.iter().map(Vec::as_slice).collect();
        let appended = self.log.append(&Group {
            first_index: sealed.first,
            prev: sealed.prev,
            entries: &entries,
        });
        if let Err(error) = appended {
            // The state holds events that are not on the log: nobody may look at it again.
            let stopped = match error {
                LogError::Unknown { .. } => SubmitError::OutcomeUnknown,
                other => SubmitError::NotWritten(other),
            };
            *core = Core::new(self.origin.as_str());
            self.stop(&stopped);
            return Err(stopped);
        }
        for key in &sealed.keys {
            self.door.keyring.publish(key.verifying_key());
        }
        if core.state.erased_keys.len() > erased_before {
            self.leave_out(&core.state);
        }
        let mut tree = visible.tree.write().map_err(|_| SubmitError::OutcomeUnknown)?;
        tree.extend(leaves);
        let checkpoint = self.sign(tree.len(), tree.root())?;
        if let Ok(mut current) = visible.checkpoint.write() {
            *current = Arc::clone(&checkpoint);
        }
        drop(tree);
        drop(core);
        visible.len.send_replace(sealed.first + entries.len() as u64);
        Ok((answers, checkpoint))
    }

    /// Has the vault use no key any more that an erasure in effect names.
    fn leave_out(&self, state: &State) {
        let Some(store) = &self.door.personal else { return };
        // It fails where a thread died with the vault in its hands: then it uses no key at all.
        if let Err(error) = store.leave_out(&state.erased_keys) {
            tracing::error!(%error, "the vault is out of use until the ledger is opened again");
        }
    }

    fn sign(&self, size: u64, root: TreeHash) -> Result<Arc<SignedCheckpoint>, SubmitError> {
        let checkpoint = Checkpoint::new(self.origin.clone(), size, root);
        // Cannot fail: the key is named by the origin, and the tree is not empty.
        checkpoint.sign(&self.signer).map(Arc::new).map_err(|_| SubmitError::OutcomeUnknown)
    }

    fn current_checkpoint(&self) -> Result<Arc<SignedCheckpoint>, SubmitError> {
        let current = self.visible.checkpoint.read().map_err(|_| SubmitError::OutcomeUnknown)?;
        Ok(Arc::clone(&current))
    }

    /// Makes the newest checkpoint durable, unless the durable head is the newest.
    fn write_head(&mut self) {
        if self.stopped.is_some() {
            return;
        }
        let Ok(newest) = self.current_checkpoint() else { return };
        let checkpoint = newest.checkpoint();
        if checkpoint.size == self.head.0 {
            return;
        }
        let note = newest.note().to_string();
        let record =
            HeadRecord { size: checkpoint.size, root: Hash(checkpoint.root.0), note: note.clone() };
        // The head first: the public file must never show more than recovery asks for.
        let written = self.log.write_head(&record).and_then(|()| self.log.write_checkpoint(&note));
        match written {
            Ok(()) => self.head = (checkpoint.size, self.clock.monotonic_ms()),
            Err(error @ LogError::Unknown { .. }) => {
                tracing::error!(%error, "the head was not written");
                self.stop(&SubmitError::OutcomeUnknown);
            }
            Err(error) => tracing::warn!(%error, "the head was not written; it is tried again"),
        }
    }
}

/// What a group adds to the log.
#[derive(Default)]
struct Sealed {
    first: u64,
    prev: Hash,
    entries: Vec<Vec<u8>>,
    keys: Vec<crate::crypto::PublicKey>,
}

fn decide_one(
    core: &mut Core,
    checked: &Checked,
    now_ms: u64,
    refused: &HashSet<Hash>,
    sealed: &mut Sealed,
) -> Result<Accepted, Rejection> {
    if let Some(index) = core.index.of_token(&checked.kid, checked.cti) {
        return if core.index.of_statement(&checked.id) == Some(index) {
            Ok(Accepted::of(checked, index, true))
        } else {
            Err(Refused::TokenReused { index }.into())
        };
    }
    // By name first: the vault left an erased key out, so its seals do not open either.
    erasure::decide_sealed(&core.state, &checked.payload)?;
    checked.seals.clone()?;
    let event = core.decide(checked, now_ms, &|id| refused.contains(id))?;
    let entry = core.seal(checked, &event).map_err(|_| Refused::TooLarge)?;
    sealed.entries.push(entry);
    sealed.keys.extend(new_keys(&event));
    Ok(Accepted::of(checked, event.index, false))
}

/// Keys an event brings; a key that still waits for its endorsement signs nothing, because the
/// writer asks the state for its owner.
pub(super) fn new_keys(event: &Recorded) -> Vec<crate::crypto::PublicKey> {
    use crate::event::Body;
    match &event.payload.body {
        Body::LedgerCreated(data) => {
            std::iter::once(&data.system).chain(&data.roots).map(|root| root.public_key).collect()
        }
        Body::ActorEnrolled(data) => vec![data.public_key],
        Body::ActorKeyRotated(data) => vec![data.public_key],
        _ => Vec::new(),
    }
}

/// Looks for a submission for a moment before the thread goes to sleep: waking it up would take
/// longer than a submitter that waits each time needs for its next statement. Not where one core
/// is all there is: the submitter would wait for us to stop looking.
fn look_for(queue: &Receiver<Submission>) -> Option<Submission> {
    let from = Instant::now();
    while rayon::current_num_threads() > 1 && from.elapsed() < LOOK_FOR {
        match queue.try_recv() {
            Err(TryRecvError::Empty) => std::hint::spin_loop(),
            received => return received.ok(),
        }
    }
    None
}

fn gather(first: Submission, queue: &Receiver<Submission>) -> Vec<Submission> {
    let bytes = |submission: &Submission| -> usize {
        submission.statements.iter().flatten().map(|checked| checked.bytes.len() + 128).sum()
    };
    let mut statements = first.statements.len();
    let mut total = bytes(&first);
    let mut group = vec![first];
    while statements < GROUP_STATEMENTS_MAX && total < GROUP_BYTES_MAX {
        let Ok(next) = queue.try_recv() else { break };
        statements += next.statements.len();
        total += bytes(&next);
        group.push(next);
    }
    group
}
