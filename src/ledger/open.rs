//! Opening and making ledgers: recovery is the start-up path.
//!
//! Opening also catches up with what a crash left half done beside the log: the public checkpoint
//! file follows the head, and keys that logged erasures name are left out of the vault.

use std::{
    io,
    path::Path,
    sync::{Arc, RwLock, atomic::AtomicBool, mpsc},
    thread,
};

use tokio::sync::watch;

use super::{
    Founding, Ledger, OpenError, Options, Secrets,
    clock::Watch,
    core::Core,
    door::{Door, Keyring},
    load::{Leaves, Loaded, load, load_since_close, state},
    pen::Pen,
    personal::PersonalStore,
    snapshot,
    writer::{Visible, Writer},
};
use crate::event::{Expect, LedgerCreated, Payload};
use crate::frame::HeadRecord;
use crate::log::{
    self, DiskFiles, Files, Followed, Log, LogReader, OpenReport, SegmentLog, read_from,
};
use crate::tlog::{Checkpoint, KeyName, NoteSigner, NoteVerifier, Origin, SignedCheckpoint, Tree};
use crate::value::{Day, Hash, Subject};

/// Name of the public note key's file below the ledger's folder.
pub(super) const VKEY_FILE: &str = "keys/ledger.vkey";

/// Reads the ledger's name and note key.
pub(super) fn verifier(files: &dyn Files) -> Result<NoteVerifier, OpenError> {
    let bytes = files.open(VKEY_FILE).and_then(|file| read_from(file.as_ref(), 0));
    let bytes = bytes.map_err(|_| OpenError::NoVerifierKey { folder: files.place() })?;
    let text = String::from_utf8(bytes).map_err(|_| OpenError::BadVerifierKey)?;
    text.trim_end().parse().map_err(|_| OpenError::BadVerifierKey)
}

/// Opens the ledger of a folder.
pub(super) fn open(folder: &Path, secrets: Secrets, options: Options) -> Result<Ledger, OpenError> {
    let files = Arc::new(DiskFiles::open(folder)?);
    open_on(files, folder, secrets, options)
}

/// Opens the ledger on these files; `folder` is what people know them by.
pub(super) fn open_on(
    files: Arc<dyn Files>,
    folder: &Path,
    secrets: Secrets,
    options: Options,
) -> Result<Ledger, OpenError> {
    let verifier = verifier(files.as_ref())?;
    let name = verifier.name().clone();
    let origin: Origin = name.as_str().parse().map_err(|_| OpenError::BadVerifierKey)?;
    let keeper = keeper(&files, &options);
    let mut loaded = None;
    if options.since_close && secrets.note_key.is_none() {
        loaded = load_since_close(&files, origin.as_str(), &options, &keeper)?;
    }
    let Loaded { mut log, report, core, tree, older } = match loaded {
        Some(loaded) => loaded,
        None => load(&files, origin.as_str(), &options, &keeper)?,
    };
    let Some(genesis) = &core.state.genesis else {
        return Err(OpenError::NotFounded { folder: files.place() });
    };
    let demo = genesis.demo;
    follow_head(&mut log, files.as_ref(), &report.head, &tree, &verifier)?;
    let personal = match secrets.vault_key {
        Some(key) => {
            let store = PersonalStore::open(Box::new(Arc::clone(&files)), origin.as_str(), key)?;
            let left = store.leave_out(&core.state.erased_keys)?;
            if left > 0 {
                tracing::warn!(
                    left,
                    "the vault still holds erased keys: they are not used; the key custodian \
                     destroys them with `mingzheng vault rewrite`"
                );
            }
            Some(store)
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
    let log = Source::Log(log);
    let parts =
        Parts { files, log, report, core, tree, older, origin, demo, personal, signer, keeper };
    assemble(folder, parts, options)
}

/// Opens what the newest head of the ledger of a folder covers, beside its writer.
pub(super) fn follow(folder: &Path, options: Options) -> Result<Ledger, OpenError> {
    let files: Arc<dyn Files> = Arc::new(DiskFiles::open(folder)?);
    let verifier = verifier(files.as_ref())?;
    let origin: Origin = verifier.name().as_str().parse().map_err(|_| OpenError::BadVerifierKey)?;
    let keeper = keeper(&files, &options);
    let mut leaves = Leaves::default();
    let (followed, snapshot) =
        rayon::join(|| log::follow(files.as_ref(), origin.as_str(), &mut leaves), || keeper.core());
    let followed = followed?;
    // The writer may have left a snapshot of more than this head covers: it is not used then.
    let core = state(origin.as_str(), snapshot, &followed.reader, &keeper)?;
    let (tree, older) = (leaves.0, None);
    let demo = core.state.genesis.as_ref().ok_or(OpenError::NeverPublished)?.demo;
    let report = OpenReport {
        len: followed.head.size,
        head: followed.head.clone(),
        torn: None,
        head_slot_rewritten: None,
        fresh_segment: false,
    };
    let log = Source::Followed(followed);
    let (personal, signer) = (None, None);
    let parts =
        Parts { files, log, report, core, tree, older, origin, demo, personal, signer, keeper };
    assemble(folder, parts, options)
}

fn keeper(files: &Arc<dyn Files>, options: &Options) -> snapshot::Keeper {
    if options.snapshot {
        snapshot::Keeper::of(Arc::clone(files))
    } else {
        snapshot::Keeper::none()
    }
}

/// Lets the public checkpoint file follow the head, which is written first: a crash between the
/// two leaves the file behind, or missing. A file that shows more than the log has, or another
/// root, was published once: then entries were lost or changed together with the head.
fn follow_head(
    log: &mut SegmentLog,
    files: &dyn Files,
    head: &HeadRecord,
    tree: &Tree,
    verifier: &NoteVerifier,
) -> Result<(), OpenError> {
    let note = match files.open(log::CHECKPOINT) {
        Ok(file) => read_from(file.as_ref(), 0),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    };
    let note = note.map_err(|error| OpenError::Checkpoint(error.to_string()))?;
    match Checkpoint::open(&note, verifier) {
        Ok(shown) => {
            let shown = shown.checkpoint();
            check_shown(shown, tree)?;
            if shown.size >= head.size {
                return Ok(());
            }
        }
        Err(error) if !note.is_empty() => {
            tracing::warn!(%error, "log/checkpoint is damaged; it is written again from the head");
        }
        Err(_) => {}
    }
    if head.size == 0 { Ok(()) } else { Ok(log.write_checkpoint(&head.note)?) }
}

fn check_shown(shown: &Checkpoint, tree: &Tree) -> Result<(), log::OpenError> {
    let Ok(found) = tree.root_at(shown.size) else {
        return Err(log::OpenError::Shorter { len: tree.len(), head: shown.size });
    };
    if found == shown.root {
        return Ok(());
    }
    let (head, found) = (Hash(shown.root.0), Hash(found.0));
    Err(log::OpenError::OtherRoot { size: shown.size, head, found })
}

/// Where a ledger's entries come from.
enum Source {
    /// Its log, with the lock.
    Log(SegmentLog),
    /// What a head covers, beside the writer.
    Followed(Followed),
}

struct Parts {
    files: Arc<dyn Files>,
    log: Source,
    report: OpenReport,
    core: Core,
    tree: Tree,
    older: Option<snapshot::Older>,
    origin: Origin,
    /// A demo ledger takes ID numbers of the prefix 99.
    demo: bool,
    personal: Option<PersonalStore>,
    signer: Option<NoteSigner<crate::crypto::SecretKey>>,
    keeper: snapshot::Keeper,
}

/// Joins the parts and starts the writer, when there is a key to sign checkpoints with.
fn assemble(folder: &Path, parts: Parts, options: Options) -> Result<Ledger, OpenError> {
    let Parts { files, log, report, core, tree, older, origin, demo, personal, signer, keeper } =
        parts;
    let reader: LogReader = match &log {
        Source::Log(log) => log.reader(),
        Source::Followed(followed) => followed.reader.clone(),
    };
    let keyring = Keyring::default();
    for (_, actor) in core.state.actors.iter() {
        for key in &actor.keys {
            keyring.publish(key.verifying_key());
        }
    }
    let door = Arc::new(Door { origin: origin.to_string(), keyring, personal, demo });
    // Everything on the log is durable now, so its head may be shown.
    let newest = Checkpoint::new(origin.clone(), tree.len(), tree.root());
    let checkpoint = match &signer {
        Some(signer) => newest.sign(signer).map_err(|_| OpenError::BadVerifierKey)?,
        None => SignedCheckpoint::from_note(
            crate::tlog::SignedNote::parse(report.head.note.as_bytes())
                .map_err(|_| OpenError::NeverPublished)?,
            &verifier(files.as_ref())?,
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
        stopped: AtomicBool::new(false),
    });
    let reader =
        if older.is_some() { reader.checked_by(Arc::clone(&visible) as _) } else { reader };
    let mut ledger = Ledger {
        folder: folder.to_owned(),
        files,
        origin: origin.clone(),
        door: Arc::clone(&door),
        visible: Arc::clone(&visible),
        reader,
        clock: Arc::clone(&options.clock),
        report: report.clone(),
        queue: None,
        thread: None,
        read_only_log: None,
        older,
        followed: None,
    };
    let (log, signer) = match (log, signer) {
        (Source::Log(log), Some(signer)) => (log, signer),
        (Source::Log(log), None) => {
            // Keeps the lock for as long as somebody reads through this ledger.
            ledger.read_only_log = Some(std::sync::Mutex::new(log));
            return Ok(ledger);
        }
        (Source::Followed(followed), _) => {
            ledger.followed = Some(followed);
            return Ok(ledger);
        }
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

/// Makes a new ledger in a folder, with its entry 0.
pub(super) fn create(
    folder: &Path,
    founding: Founding,
    options: Options,
) -> Result<Ledger, OpenError> {
    let files = Arc::new(DiskFiles::create(folder)?);
    create_on(files, folder, founding, options)
}

/// Makes a new ledger on these files; `folder` is what people know them by.
pub(super) fn create_on(
    files: Arc<dyn Files>,
    folder: &Path,
    founding: Founding,
    options: Options,
) -> Result<Ledger, OpenError> {
    let origin = founding.origin.clone();
    let name = KeyName::from(&origin);
    let personal = PersonalStore::create(
        Box::new(Arc::clone(&files)),
        origin.as_str(),
        founding.vault_key,
        &founding.tag_key,
    )?;
    let signer = NoteSigner::new(name, founding.note_key).map_err(|_| OpenError::BadVerifierKey)?;
    let vkey = format!("{}\n", signer.verifier());
    files
        .replace(VKEY_FILE, vkey.as_bytes())
        .map_err(|error| OpenError::Thread(error.to_string()))?;
    let shared = Box::new(Arc::clone(&files));
    let log = SegmentLog::create(shared, origin.as_str(), options.log.clone())?;
    let report = OpenReport {
        len: 0,
        head: HeadRecord { size: 0, root: Hash::default(), note: String::new() },
        torn: None,
        head_slot_rewritten: None,
        fresh_segment: false,
    };
    let keeper = keeper(&files, &options);
    let clock = Arc::clone(&options.clock);
    let core = Core::new(origin.as_str());
    let parts = Parts {
        files,
        log: Source::Log(log),
        report,
        core,
        tree: Tree::new(),
        older: None,
        origin: origin.clone(),
        demo: founding.demo,
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
