//! Opening and making ledgers: recovery is the start-up path.

use std::{
    path::Path,
    sync::{Arc, RwLock, mpsc},
    thread,
};

use rayon::prelude::*;
use tokio::sync::watch;

use super::{
    Founding, Ledger, OpenError, Options, Secrets,
    clock::Watch,
    core::{Core, ReplayError},
    door::{Door, Keyring},
    pen::Pen,
    personal::PersonalStore,
    snapshot,
    writer::{Visible, Writer},
};
use crate::event::{Expect, LedgerCreated, Payload};
use crate::frame::entry_hash;
use crate::log::{DiskFiles, Log, LogReader, OpenReport, Replay, SegmentLog};
use crate::tlog::{
    Checkpoint, KeyName, NoteSigner, NoteVerifier, Origin, SignedCheckpoint, Tree, leaf_hash,
};
use crate::value::{Day, Hash, Subject};

/// Name of the public note key's file below the ledger's folder.
pub(super) const VKEY_FILE: &str = "keys/ledger.vkey";

/// Reads the ledger's name and note key.
pub(super) fn verifier(folder: &Path) -> Result<NoteVerifier, OpenError> {
    let text = std::fs::read_to_string(folder.join(VKEY_FILE))
        .map_err(|_| OpenError::NoVerifierKey { folder: folder.display().to_string() })?;
    text.trim_end().parse().map_err(|_| OpenError::BadVerifierKey)
}

/// Hears the log while it opens.
struct Loader {
    tree: Tree,
    core: Core,
    /// Entries below this are in the snapshot.
    known: u64,
    /// The snapshot is of another history, or of more than there is.
    other_history: bool,
    failed: Option<ReplayError>,
}

impl Loader {
    fn new(origin: &str, snapshot: Option<Core>) -> Self {
        let core = snapshot.unwrap_or_else(|| Core::new(origin));
        let known = core.len;
        Self { tree: Tree::new(), core, known, other_history: false, failed: None }
    }

    fn hear(&mut self, index: u64, entry: &[u8]) {
        if index + 1 == self.known && entry_hash(entry) != self.core.prev {
            self.other_history = true;
        }
        if index >= self.known && self.failed.is_none() && !self.other_history {
            self.failed = self.core.replay(entry).err();
        }
    }
}

impl Replay for Loader {
    fn entries(&mut self, first_index: u64, entries: &[&[u8]]) {
        let leaves: Vec<_> = entries.par_iter().map(|entry| leaf_hash(entry)).collect();
        self.tree.extend(leaves);
        for (number, entry) in entries.iter().enumerate() {
            self.hear(first_index + number as u64, entry);
        }
    }

    fn root(&mut self) -> Hash {
        Hash(self.tree.root().0)
    }
}

/// Opens the log through recovery and builds the state, from the snapshot where it fits.
fn load(
    folder: &Path,
    origin: &str,
    options: &Options,
    keeper: &snapshot::Keeper,
) -> Result<(SegmentLog, OpenReport, Core, Tree), OpenError> {
    let files = Box::new(DiskFiles::open(folder)?);
    let snapshot = if options.snapshot { keeper.read() } else { None };
    let mut loader = Loader::new(origin, snapshot);
    let (log, report) = SegmentLog::open(files, origin, options.log.clone(), &mut loader)?;
    if loader.other_history || loader.known > report.len {
        tracing::warn!("the snapshot is not of this log; the log is replayed");
        let tree = std::mem::take(&mut loader.tree);
        loader = Loader { tree, ..Loader::new(origin, None) };
        log.scan(0, &mut |index, entry| loader.hear(index, entry))?;
    }
    match loader.failed {
        Some(error) => Err(error.into()),
        None => Ok((log, report, loader.core, loader.tree)),
    }
}

pub(super) fn open(folder: &Path, secrets: Secrets, options: Options) -> Result<Ledger, OpenError> {
    let verifier = verifier(folder)?;
    let name = verifier.name().clone();
    let origin: Origin = name.as_str().parse().map_err(|_| OpenError::BadVerifierKey)?;
    let keeper = if options.snapshot {
        snapshot::Keeper::in_folder(folder)
    } else {
        snapshot::Keeper::none()
    };
    let (log, report, core, tree) = load(folder, origin.as_str(), &options, &keeper)?;
    let personal = match secrets.vault_key {
        Some(key) => {
            let files = Box::new(DiskFiles::open(folder)?);
            Some(PersonalStore::open(files, origin.as_str(), key)?)
        }
        None => None,
    };
    let signer = match secrets.note_key {
        Some(key) => {
            let signer = NoteSigner::new(name, key).map_err(|_| OpenError::BadVerifierKey)?;
            if *signer.verifier() != verifier {
                return Err(OpenError::OtherNoteKey);
            }
            Some(signer)
        }
        None => None,
    };
    assemble(folder, Parts { log, report, core, tree, origin, personal, signer, keeper }, options)
}

struct Parts {
    log: SegmentLog,
    report: OpenReport,
    core: Core,
    tree: Tree,
    origin: Origin,
    personal: Option<PersonalStore>,
    signer: Option<NoteSigner<crate::crypto::SecretKey>>,
    keeper: snapshot::Keeper,
}

/// Joins the parts and starts the writer, when there is a key to sign checkpoints with.
fn assemble(folder: &Path, parts: Parts, options: Options) -> Result<Ledger, OpenError> {
    let Parts { log, report, core, tree, origin, personal, signer, keeper } = parts;
    let reader: LogReader = log.reader();
    let keyring = Keyring::default();
    for (_, actor) in core.state.actors.iter() {
        for key in &actor.keys {
            keyring.publish(key.verifying_key());
        }
    }
    // A ledger without its entry 0 is being founded: the flag is set there.
    let demo = core.state.genesis.as_ref().is_none_or(|genesis| genesis.demo);
    let door = Arc::new(Door { origin: origin.to_string(), keyring, personal, demo });
    // Everything on the log is durable now, so its head may be shown.
    let newest = Checkpoint::new(origin.clone(), tree.len(), tree.root());
    let checkpoint = match &signer {
        Some(signer) => newest.sign(signer).map_err(|_| OpenError::BadVerifierKey)?,
        None => SignedCheckpoint::from_note(
            crate::tlog::SignedNote::parse(report.head.note.as_bytes())
                .map_err(|_| OpenError::NeverPublished)?,
            &verifier(folder)?,
        )
        .map_err(|_| OpenError::NeverPublished)?,
    };
    let (len, _) = watch::channel(core.len);
    let last_ms = core.last_ms;
    let visible = Arc::new(Visible {
        tree: RwLock::new(tree),
        checkpoint: RwLock::new(Arc::new(checkpoint)),
        core: RwLock::new(core),
        len,
    });
    let mut ledger = Ledger {
        folder: folder.to_owned(),
        origin: origin.clone(),
        door: Arc::clone(&door),
        visible: Arc::clone(&visible),
        reader,
        clock: Arc::clone(&options.clock),
        report: report.clone(),
        queue: None,
        thread: None,
        read_only_log: None,
    };
    let Some(signer) = signer else {
        // Keeps the lock for as long as somebody reads through this ledger.
        ledger.read_only_log = Some(std::sync::Mutex::new(log));
        return Ok(ledger);
    };
    let (queue, submissions) = mpsc::sync_channel(options.queue_len);
    let writer = Writer {
        log: Box::new(log),
        door,
        visible,
        watch: Watch::from_last_entry(last_ms),
        head: (report.head.size, options.clock.monotonic_ms()),
        clock: options.clock,
        signer,
        origin,
        snapshots: keeper,
        stopped: None,
    };
    let thread = thread::Builder::new()
        .name("ledger-writer".to_owned())
        .spawn(move || writer.run(&submissions))
        .map_err(|error| OpenError::Thread(error.to_string()))?;
    ledger.queue = Some(queue);
    ledger.thread = Some(thread);
    Ok(ledger)
}

/// Makes a new ledger with its entry 0.
pub(super) fn create(
    folder: &Path,
    founding: Founding,
    options: Options,
) -> Result<Ledger, OpenError> {
    let origin = founding.origin.clone();
    let name = KeyName::from(&origin);
    let files = DiskFiles::create(folder)?;
    let personal = PersonalStore::create(
        Box::new(files.clone()),
        origin.as_str(),
        founding.vault_key,
        &founding.tag_key,
    )?;
    let signer = NoteSigner::new(name, founding.note_key).map_err(|_| OpenError::BadVerifierKey)?;
    let vkey = format!("{}\n", signer.verifier());
    std::fs::write(folder.join(VKEY_FILE), vkey)
        .map_err(|error| OpenError::Thread(error.to_string()))?;
    let log = SegmentLog::create(Box::new(files), origin.as_str(), options.log.clone())?;
    let report = OpenReport {
        len: 0,
        head: crate::frame::HeadRecord { size: 0, root: Hash::default(), note: String::new() },
        torn: None,
        head_slot_rewritten: None,
        fresh_segment: false,
    };
    let keeper = if options.snapshot {
        snapshot::Keeper::in_folder(folder)
    } else {
        snapshot::Keeper::none()
    };
    let clock = Arc::clone(&options.clock);
    let core = Core::new(origin.as_str());
    let parts = Parts {
        log,
        report,
        core,
        tree: Tree::new(),
        origin: origin.clone(),
        personal: Some(personal),
        signer: Some(signer),
        keeper,
    };
    let ledger = assemble(folder, parts, options)?;
    let pen = Pen::new(
        founding.system_key,
        founding.system.organisation.as_str(),
        origin.as_str(),
        clock.clone(),
    );
    let mut payload = Payload::new(
        Day::of_millis(clock.wall_ms()),
        LedgerCreated {
            origin: origin.to_string(),
            version: 1,
            division: founding.division,
            demo: founding.demo,
            system: founding.system,
            roots: founding.roots,
        },
    );
    payload.expect = Some(Expect { head: None });
    let statement = pen.write(&Subject::Ledger, &payload)?;
    let answer = ledger.submit_wait(vec![statement.bytes])?.wait()?;
    match answer.results.into_iter().next() {
        Some(Err(rejection)) => Err(OpenError::Founding(rejection)),
        _ => Ok(ledger),
    }
}
