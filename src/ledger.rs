//! Layer 4: the ledger: the only writer, and what is durable as others see it.
//!
//! The way of one event here: [`Ledger::submit`] checks each statement alone, in the caller's
//! threads (`door`); the bounded queue hands it to the writer thread, which decides, seals,
//! commits a group with one flush, signs the checkpoint, and only then makes it visible and
//! acknowledges (`writer`). Opening goes through recovery (`open`), which takes the same step per
//! entry as live writing does (`core`); a reader may begin it where the last close left off, and
//! has every entry checked as it is read.
//!
//! Knows nothing of HTTP or the command line.

mod card;
mod clock;
mod core;
#[cfg(test)]
mod crash_tests;
mod door;
mod error;
mod index;
mod load;
mod open;
mod pen;
mod personal;
#[cfg(test)]
mod since_close_tests;
mod snapshot;
mod table;
mod tags;
mod writer;

#[cfg(test)]
mod tests;

pub use card::check as check_card;
pub use clock::{Clock, SetClock, SystemClock};
pub use core::ReplayError;
pub use error::{OpenError, ReadError};
pub use pen::{Pen, PenError, Signed};
pub use personal::{Personal, PersonalError, PersonalStore};
pub use tags::{agree as tags_agree, federation_text, officer_text};

pub use writer::{Accepted, Answer, SubmitError};

use std::{
    ops::Range,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, RwLockReadGuard, atomic::Ordering, mpsc},
    thread,
};

use rayon::prelude::*;
use tokio::sync::{oneshot, watch};

use crate::crypto::{SecretKey, TagKey, VaultKey};
use crate::domain::{Rejection, State, authority::Actors};
use crate::event::{Expect, Payload, Recorded, Root};
use crate::frame::Entry;
use crate::log::{self, Files, Followed, LogError, LogReader, OpenReport, SegmentLog};
use crate::tlog::{NoteVerifier, Origin, Receipt, SignedCheckpoint, TreeHash};
use crate::value::{DivisionCode, Hash, Subject};

/// How a ledger is opened.
#[derive(Clone)]
pub struct Options {
    /// The writer's clock.
    pub clock: Arc<dyn Clock>,
    /// How the log uses the disk.
    pub log: log::Options,
    /// Submissions that may wait; more hear "busy".
    pub queue_len: usize,
    /// Keep and use the snapshot.
    pub snapshot: bool,
    /// Opened for reading only: begin where the last close left off, and hold every entry against
    /// its leaf in the published tree when it is read, where opening otherwise reads and checks
    /// the whole log. `mingzheng verify` does that without opening anything.
    pub since_close: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock::default()),
            log: log::Options::default(),
            queue_len: 4096,
            snapshot: true,
            since_close: false,
        }
    }
}

/// Keys of the ledger's own process.
#[derive(Default)]
pub struct Secrets {
    /// Signs checkpoints; without it the ledger is open for reading only.
    pub note_key: Option<SecretKey>,
    /// Opens the vault; without it personal data stays sealed.
    pub vault_key: Option<VaultKey>,
}

/// What a new ledger begins with.
pub struct Founding {
    /// Its name.
    pub origin: Origin,
    /// Its division.
    pub division: DivisionCode,
    /// A demo ledger.
    pub demo: bool,
    /// The ledger's own automatic signer.
    pub system: Root,
    /// The first key custodian and the first supervisor.
    pub roots: Vec<Root>,
    /// The key of the automatic signer.
    pub system_key: SecretKey,
    /// Signs checkpoints.
    pub note_key: SecretKey,
    /// The vault's key; its owner keeps it outside the ledger's folder.
    pub vault_key: VaultKey,
    /// The key of all tags.
    pub tag_key: TagKey,
}

/// An open ledger.
pub struct Ledger {
    folder: PathBuf,
    files: Arc<dyn Files>,
    origin: Origin,
    door: Arc<door::Door>,
    visible: Arc<writer::Visible>,
    reader: LogReader,
    clock: Arc<dyn Clock>,
    report: OpenReport,
    queue: Option<mpsc::SyncSender<writer::Submission>>,
    thread: Option<thread::JoinHandle<()>>,
    /// Holds the lock of a ledger that is open for reading only.
    read_only_log: Option<Mutex<SegmentLog>>,
    /// Statements of before the last close, where opening began there.
    older: Option<snapshot::Older>,
    /// What a ledger that is read beside its writer was read from.
    followed: Option<Followed>,
}

/// The answer to a submission, on its way.
pub struct Pending(oneshot::Receiver<Result<Answer, SubmitError>>);

impl Pending {
    /// Waits for the answer; not to be called from async code.
    ///
    /// # Errors
    /// See [`SubmitError`].
    pub fn wait(self) -> Result<Answer, SubmitError> {
        self.0.blocking_recv().unwrap_or(Err(SubmitError::OutcomeUnknown))
    }

    /// Waits for the answer in async code.
    ///
    /// # Errors
    /// See [`SubmitError`].
    pub async fn answer(self) -> Result<Answer, SubmitError> {
        self.0.await.unwrap_or(Err(SubmitError::OutcomeUnknown))
    }
}

/// Reads events from entries, by the actors there were when it was made.
#[derive(Debug, Clone)]
pub struct Decoder(Arc<Actors>);

impl Decoder {
    /// Reads an entry's event from its bytes.
    ///
    /// # Errors
    /// An entry of unknown form, or one of an actor who was enrolled later.
    pub fn event(&self, index: u64, bytes: &[u8]) -> Result<Recorded, ReadError> {
        Ok(core::recorded(&self.0, index, bytes)?)
    }
}

impl Ledger {
    /// Makes a new ledger in a folder, with its entry 0.
    ///
    /// # Errors
    /// The folder holds a ledger, or anything in [`OpenError`].
    pub fn create(folder: &Path, founding: Founding, options: Options) -> Result<Self, OpenError> {
        open::create(folder, founding, options)
    }

    /// Opens a ledger through recovery; for writing when the note key is given.
    ///
    /// # Errors
    /// See [`OpenError`]. Nothing was cut or changed but a provably torn tail.
    pub fn open(folder: &Path, secrets: Secrets, options: Options) -> Result<Self, OpenError> {
        open::open(folder, secrets, options)
    }

    /// Opens what the newest head covers, for reading beside a running writer: no lock is taken,
    /// nothing written, and the vault stays closed.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn follow(folder: &Path, options: Options) -> Result<Self, OpenError> {
        open::follow(folder, options)
    }

    /// What it was read from, when it was opened by [`follow`](Self::follow).
    #[must_use]
    pub const fn followed(&self) -> Option<&Followed> {
        self.followed.as_ref()
    }

    /// Submits statements that may rest on each other, in order. Each is checked here, in
    /// parallel when there are many.
    ///
    /// # Errors
    /// [`SubmitError::Busy`]: nothing was queued; try again.
    pub fn submit(&self, statements: Vec<Vec<u8>>) -> Result<Pending, SubmitError> {
        let queue = self.queue.as_ref().ok_or(SubmitError::Closed)?;
        let (submission, pending) = self.through_the_door(statements);
        queue.try_send(submission).map_err(|error| match error {
            mpsc::TrySendError::Full(_) => SubmitError::Busy,
            mpsc::TrySendError::Disconnected(_) => SubmitError::Closed,
        })?;
        Ok(pending)
    }

    /// Submits statements, waiting for a place in the queue.
    ///
    /// # Errors
    /// [`SubmitError::Closed`].
    pub fn submit_wait(&self, statements: Vec<Vec<u8>>) -> Result<Pending, SubmitError> {
        let queue = self.queue.as_ref().ok_or(SubmitError::Closed)?;
        let (submission, pending) = self.through_the_door(statements);
        queue.send(submission).map_err(|_| SubmitError::Closed)?;
        Ok(pending)
    }

    fn through_the_door(&self, statements: Vec<Vec<u8>>) -> (writer::Submission, Pending) {
        /// Fewer than this are checked faster than they are handed to other threads.
        const PARALLEL_FROM: usize = 4;
        let check = |bytes| self.door.check(bytes).map_err(Rejection::from);
        let statements = if statements.len() < PARALLEL_FROM {
            statements.into_iter().map(check).collect()
        } else {
            statements.into_par_iter().map(check).collect()
        };
        let (answer, pending) = oneshot::channel();
        (writer::Submission { statements, answer }, Pending(pending))
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The ledger's name.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The ledger's clock.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// What opening found and did.
    #[must_use]
    pub const fn report(&self) -> &OpenReport {
        &self.report
    }

    /// The vault, when its key was given.
    #[must_use]
    pub fn personal(&self) -> Option<&PersonalStore> {
        self.door.personal.as_ref()
    }

    /// The public note key.
    ///
    /// # Errors
    /// The key file is gone or not one.
    pub fn verifier(&self) -> Result<NoteVerifier, OpenError> {
        open::verifier(self.files.as_ref())
    }

    /// Number of durable entries.
    #[must_use]
    pub fn len(&self) -> u64 {
        *self.visible.len.borrow()
    }

    /// No entry yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Hears of every new length.
    #[must_use]
    pub fn lengths(&self) -> watch::Receiver<u64> {
        self.visible.len.subscribe()
    }

    /// Reads durable entries.
    #[must_use]
    pub fn reader(&self) -> LogReader {
        self.reader.clone()
    }

    /// What is durable, unless a failed group stopped the writer: it leaves the state empty then,
    /// and an empty state would answer "no such event" where the truth is "open it again".
    fn core(&self) -> Result<RwLockReadGuard<'_, core::Core>, ReadError> {
        let core = self.visible.core.read().map_err(|_| ReadError::Stopped)?;
        if core.len < self.len() { Err(ReadError::Stopped) } else { Ok(core) }
    }

    /// Whether it is open for writing and its writer goes on. A writer that a wrong clock stopped
    /// leaves everything to be read, and takes nothing any more.
    #[must_use]
    pub fn is_writing(&self) -> bool {
        self.queue.is_some() && !self.visible.stopped.load(Ordering::Relaxed)
    }

    /// Looks at the decision state.
    ///
    /// # Errors
    /// The writer stopped.
    pub fn with_state<T>(&self, look: impl FnOnce(&State) -> T) -> Result<T, ReadError> {
        Ok(look(&self.core()?.state))
    }

    /// The newest checkpoint.
    ///
    /// # Errors
    /// The writer stopped.
    pub fn checkpoint(&self) -> Result<Arc<SignedCheckpoint>, ReadError> {
        let current = self.visible.checkpoint.read().map_err(|_| ReadError::Stopped)?;
        Ok(Arc::clone(&current))
    }

    /// Leaf hash of an entry.
    ///
    /// # Errors
    /// The writer stopped.
    pub fn leaf(&self, index: u64) -> Result<Option<TreeHash>, ReadError> {
        Ok(self.visible.tree.read().map_err(|_| ReadError::Stopped)?.leaf(index))
    }

    /// The subject's latest statement, as a decision about it must name it.
    ///
    /// # Errors
    /// The writer stopped, or the entry cannot be read.
    pub fn expect(&self, subject: &Subject) -> Result<Expect, ReadError> {
        let index = self.indexed(|index| index.head(subject))?;
        let Some(index) = index else { return Ok(Expect { head: None }) };
        Ok(Expect { head: Some(self.event(index)?.id) })
    }

    /// The entry of a statement.
    ///
    /// # Errors
    /// The writer stopped.
    pub fn find(&self, statement: &Hash) -> Result<Option<u64>, ReadError> {
        self.indexed(|index| index.of_statement(statement))
    }

    /// Asks what came since the close, if opening began there, then what was before it.
    fn indexed(
        &self,
        look: impl Fn(&index::Index) -> Option<u64>,
    ) -> Result<Option<u64>, ReadError> {
        let found = look(&self.core()?.index);
        match &self.older {
            Some(older) if found.is_none() => Ok(look(older.index().ok_or(ReadError::Statements)?)),
            Some(_) | None => Ok(found),
        }
    }

    /// Reads one event.
    ///
    /// # Errors
    /// No such entry, or an entry of unknown form.
    pub fn event(&self, index: u64) -> Result<Recorded, ReadError> {
        self.decode(index, &self.reader.read(index)?)
    }

    /// Visits the entries of a range, in order, until a visit fails; the range may reach beyond the
    /// end as it is now, and an empty one may stand there.
    ///
    /// # Errors
    /// The visit's, or an entry that cannot be read.
    pub fn each_entry<E: From<ReadError>>(
        &self,
        entries: Range<u64>,
        mut visit: impl FnMut(u64, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        /// What ended the visits.
        enum Ended<E> {
            Log(LogError),
            Visit(E),
        }
        impl<E> From<LogError> for Ended<E> {
            fn from(error: LogError) -> Self {
                Self::Log(error)
            }
        }
        if entries.is_empty() {
            return Ok(());
        }
        let ended =
            self.reader.each(entries, |index, entry| visit(index, entry).map_err(Ended::Visit));
        ended.map_err(|ended| match ended {
            Ended::Log(error) => ReadError::from(error).into(),
            Ended::Visit(error) => error,
        })
    }

    /// Reads an entry's event from its bytes.
    ///
    /// # Errors
    /// An entry of unknown form.
    pub fn decode(&self, index: u64, bytes: &[u8]) -> Result<Recorded, ReadError> {
        self.decoder()?.event(index, bytes)
    }

    /// What reads many entries of those that are visible now without asking the ledger for each:
    /// the writer has the state for itself while it decides.
    ///
    /// # Errors
    /// The writer stopped.
    pub fn decoder(&self) -> Result<Decoder, ReadError> {
        Ok(Decoder(Arc::clone(&self.core()?.state.actors)))
    }

    /// Makes the offline receipt of an entry under the newest checkpoint.
    ///
    /// # Errors
    /// No such entry under that checkpoint.
    pub fn receipt(&self, index: u64) -> Result<Receipt, ReadError> {
        let checkpoint = self.checkpoint()?;
        let entry = self.reader.read(index)?;
        let tree = self.visible.tree.read().map_err(|_| ReadError::Stopped)?;
        let path = tree.inclusion(index, checkpoint.checkpoint().size)?;
        Ok(Receipt::new(entry, index, path, checkpoint.note().clone())?)
    }

    /// Looks at the tree, for tiles and proofs.
    ///
    /// # Errors
    /// The writer stopped.
    pub fn with_tree<T>(&self, look: impl FnOnce(&crate::tlog::Tree) -> T) -> Result<T, ReadError> {
        Ok(look(&*self.visible.tree.read().map_err(|_| ReadError::Stopped)?))
    }

    /// Closes the queue, waits until all that was submitted is written, and leaves a durable head
    /// and a snapshot. Dropping does the same.
    pub fn close(mut self) {
        self.stop();
    }

    fn stop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the writer thread died");
        }
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Says whether a statement's payload is a decision, for those who draft it.
#[must_use]
pub fn is_decision(payload: &Payload) -> bool {
    payload.body.rule().standing == crate::event::Standing::Decision
}

/// The entry's frame fields, for those who show them.
///
/// # Errors
/// An entry of unknown form.
pub fn entry_of(bytes: &[u8]) -> Result<Entry<'_>, crate::frame::EntryError> {
    Entry::decode(bytes)
}
