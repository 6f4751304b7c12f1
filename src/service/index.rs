//! The index, kept up to date beside the writer while readers ask it.
//!
//! One thread reads what is new on the log, in steps: readers wait for a step, never for all of
//! them. A question that judges everybody can take long; while it runs the index stands still, so
//! that short questions are answered all the same. Every answer says what it is current to.

use std::sync::{
    Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, TryLockError,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::who::Roster;
use crate::ledger::Ledger;
use crate::projection::{Projection, ProjectionError};

/// Entries read in one step: some ten milliseconds, for which readers wait.
const STEP_ENTRIES: u64 = 64;
/// Steps after which it may rest.
const STEPS: u32 = 8;
/// How long the follower stands aside when readers are at the door: whoever let go of a lock would
/// have it again before anybody who has to wake up first.
const ASIDE: Duration = Duration::from_micros(500);
/// An index that is not further behind is waited for; one that is answers from where it stands, so
/// that a bulk of new entries makes no reader slow.
const NEAR: u64 = 512;
/// How long an answer waits for entries that were acknowledged before it was asked.
const WAIT: Duration = Duration::from_millis(250);
/// How often an index that failed, or stands still for a long question, is tried again.
const AGAIN: Duration = Duration::from_millis(50);
/// While statements come in faster than they are followed, some steps are followed by a pause of so
/// many times their length: what is signed is made durable first, and nobody waits for an index that is
/// not near. It goes on meanwhile, and is at full speed when the bulk is in.
const REST: u32 = 8;
const REST_MAX: Duration = Duration::from_millis(100);
/// The follower looks up at least this often, also to notice that the service ends.
const LOOK_UP: Duration = Duration::from_millis(200);

/// The index and where it stands.
pub(super) struct Index {
    projection: RwLock<Projection>,
    /// Readers at the door of the lock.
    waiting: AtomicUsize,
    /// Held by questions that judge everybody.
    long: Mutex<()>,
    at: watch::Sender<u64>,
    sound: AtomicBool,
}

impl Index {
    /// An index that has caught up.
    pub(super) fn new(projection: Projection) -> Self {
        let (at, _) = watch::channel(projection.current_to());
        let (projection, long) = (RwLock::new(projection), Mutex::new(()));
        let (waiting, sound) = (AtomicUsize::new(0), AtomicBool::new(true));
        Self { projection, waiting, long, at, sound }
    }

    /// The index, for a question that takes milliseconds.
    pub(super) fn read(&self) -> RwLockReadGuard<'_, Projection> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let index = self.projection.read().unwrap_or_else(PoisonError::into_inner);
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        index
    }

    /// The index, unless it is being written.
    pub(super) fn try_read(&self) -> Option<RwLockReadGuard<'_, Projection>> {
        match self.projection.try_read() {
            Ok(index) => Some(index),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// Keeps the index where it is until a long question is answered; one at a time.
    pub(super) fn hold(&self) -> MutexGuard<'_, ()> {
        self.long.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where it stands.
    pub(super) fn at(&self) -> u64 {
        *self.at.borrow()
    }

    /// Says each time where it stands.
    pub(super) fn places(&self) -> watch::Receiver<u64> {
        self.at.subscribe()
    }

    /// Whether it can be read and goes on.
    pub(super) fn is_sound(&self) -> bool {
        self.sound.load(Ordering::Relaxed)
    }

    /// Waits a moment for an index that is nearly there to hold `len` entries: whoever wrote reads
    /// what they wrote.
    pub(super) async fn wait_for(&self, len: u64) {
        let behind = len.saturating_sub(self.at());
        if behind == 0 || behind > NEAR {
            return;
        }
        let mut at = self.at.subscribe();
        // Late is no error: the answer says what it is current to.
        let _ = tokio::time::timeout(WAIT, at.wait_for(|at| *at >= len)).await;
    }

    /// Follows the log until `ends`; to be run in a thread of its own.
    pub(super) fn follow(
        &self,
        ledger: &Ledger,
        roster: &Roster,
        ends: &watch::Receiver<bool>,
        runtime: &tokio::runtime::Handle,
    ) {
        let mut lengths = ledger.lengths();
        let (mut begun, mut len, mut steps) = (Instant::now(), ledger.len(), 0);
        while !*ends.borrow() {
            match self.step(ledger, roster) {
                Ok(true) => {
                    steps += 1;
                    if steps == STEPS {
                        let now = ledger.len();
                        if now > len && now.saturating_sub(self.at()) > NEAR {
                            std::thread::sleep((begun.elapsed() * REST).min(REST_MAX));
                        }
                        (begun, len, steps) = (Instant::now(), now, 0);
                    } else if self.waiting.load(Ordering::Relaxed) > 0 {
                        std::thread::sleep(ASIDE);
                    }
                }
                Ok(false) => {
                    // The timer is made inside the runtime. Late is no error: it looks again.
                    let changed = async { tokio::time::timeout(LOOK_UP, lengths.changed()).await };
                    let _ = runtime.block_on(changed);
                    (begun, len, steps) = (Instant::now(), ledger.len(), 0);
                }
                Err(error) => {
                    if self.sound.swap(false, Ordering::Relaxed) {
                        tracing::error!(%error, "the index stands still");
                    }
                    std::thread::sleep(AGAIN);
                }
            }
        }
        let flushed = self.read().flush();
        if let Err(error) = flushed {
            tracing::warn!(%error, "the index was not flushed; what is lost is computed again");
        }
    }

    /// Reads a step of new entries; says whether there may be more to do.
    fn step(&self, ledger: &Ledger, roster: &Roster) -> Result<bool, ProjectionError> {
        let (from, len) = (self.at(), ledger.len());
        if from >= len {
            self.sound.store(true, Ordering::Relaxed);
            return Ok(false);
        }
        // Who may sign follows first, and without the index: a suspension counts for readers at the
        // next step, a tenth of a second away at most; the writer knows it at once.
        roster.follow(ledger)?;
        let Ok(_short) = self.long.try_lock() else {
            std::thread::sleep(AGAIN);
            return Ok(true);
        };
        let mut projection = self.projection.write().unwrap_or_else(PoisonError::into_inner);
        projection.follow_to(ledger, len.min(from + STEP_ENTRIES))?;
        let at = projection.current_to();
        drop(projection);
        self.at.send_replace(at);
        self.sound.store(true, Ordering::Relaxed);
        Ok(true)
    }
}

/// Starts the follower.
pub(super) fn start(app: &super::App) -> std::io::Result<std::thread::JoinHandle<()>> {
    let (app, ends) = (app.clone(), app.ends.subscribe());
    let runtime = tokio::runtime::Handle::current();
    let follower = std::thread::Builder::new().name("index-follower".to_owned());
    follower.spawn(move || app.index.follow(&app.ledger, &app.roster, &ends, &runtime))
}
