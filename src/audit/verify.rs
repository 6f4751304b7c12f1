//! The whole check: what was stated, then every entry, then whether the two meet.
//!
//! While one piece of the log is replayed, which takes one core, the next few are parsed, and
//! signatures of those before are checked, a batch at a time, by whichever core is free. Nothing
//! waits for a batch until too many are waiting: then the core that replays helps.

use std::{
    collections::VecDeque,
    io,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use rayon::Yield;

use super::{
    Breach, Report, Trail, Trust,
    anchor::{Anchor, AnchoredTree},
    parse::parse,
    replay::{Given, Replay},
    report::{Tally, Violation},
    signatures::SignedBatch,
    source::{Buffers, Source},
    tiles::Tiles,
};
use crate::{
    frame::HeadRecord,
    tlog::{Checkpoint, CheckpointError, NoteVerifier, SignedNote, TreeHash},
};

/// What the one who asks knows from elsewhere, and wants.
#[derive(Debug, Clone)]
pub struct Options {
    /// The ledger's note key; without it the folder's own key is used and the result is
    /// self-trusted.
    pub vkey: Option<NoteVerifier>,
    /// Leaf hash of entry 0, as `init` printed it.
    pub genesis: Option<TreeHash>,
    /// A checkpoint that was verified before, as note text: below its size signatures and rules
    /// are not asked again. Chain, root and authority are.
    pub from: Option<Vec<u8>>,
    /// Checks signatures strictly, one by one.
    pub strict: bool,
    /// Most violations that are kept; all are counted.
    pub violations_max: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { vkey: None, genesis: None, from: None, strict: false, violations_max: 1000 }
    }
}

/// Pieces that are read and parsed ahead of the replay, so that no core waits for another's batch.
const AHEAD: usize = 4;

/// Most batches for each core whose signatures are still to be checked when the next piece is
/// taken: enough for the others while one core replays.
const WAITING_PER_CORE: usize = 4;

/// Most entries that room is made for before they are read: about 115 MB.
const ENTRIES_EXPECTED_MAX: u64 = 1 << 20;

const CHECKPOINT: &str = "the published checkpoint";
const HEAD: &str = "the head";
const OLDER_HEAD: &str = "the older slot of the head";
const TRUSTED: &str = "the trusted checkpoint";

/// What the small files state.
struct Stated {
    origin: String,
    trust: Trust,
    checkpoint_size: Option<u64>,
    trusted_size: Option<u64>,
    /// Size up to which everything counts as published; none when nothing states one.
    size: Option<u64>,
    anchors: Vec<Anchor>,
}

/// Checks the whole trail; see the module for what that means.
///
/// Reads files only. Memory grows with the state that decisions need and by about a hundred bytes
/// an entry (statement ids and numbers).
#[must_use]
pub fn verify(trail: &Trail, options: &Options) -> Report {
    let mut tally = Tally::new(options.violations_max);
    let stated = stated(trail, options, &mut tally);
    let mut source = match trail.entries(&stated.origin, stated.size) {
        Ok(source) => Some(source),
        Err(breach) => {
            tally.breach(None, &breach);
            None
        }
    };
    let given = Given {
        origin: stated.origin.clone(),
        trusted_size: stated.trusted_size.unwrap_or_default(),
        genesis: options.genesis,
        tiles: match trail {
            Trail::Export(folder) => Some(Tiles::new(folder.clone())),
            Trail::Ledger(_) => None,
        },
        // Whatever a head claims: room for more is made when it is there.
        entries: stated.size.map_or(0, |size| size.min(ENTRIES_EXPECTED_MAX) as usize),
    };
    let tree = AnchoredTree::new(stated.anchors, &mut tally);
    let mut replay = Replay::new(given, tree, tally);
    if let Some(source) = &mut source {
        pieces(source, &mut replay, options.strict);
    }
    replay.finish();

    let (entries, root, chain) = (replay.next_index(), replay.tree.root(), replay.chain());
    let findings = replay.findings.into_made();
    let (violations, violations_total) = replay.tally.finish();
    Report {
        ok: violations_total == 0,
        origin: stated.origin,
        entries,
        root,
        chain,
        trust: stated.trust,
        checkpoint_size: stated.checkpoint_size,
        trusted_size: stated.trusted_size,
        unpublished_tail: source.and_then(|source| source.unpublished_tail()),
        violations,
        violations_total,
        findings,
        seconds: None,
    }
}

/// Takes the log piece by piece: this core reads and replays, and helps when it has to wait.
fn pieces(source: &mut Source, replay: &mut Replay, strict: bool) {
    let origin = replay.origin().to_owned();
    let waiting = AtomicUsize::new(0);
    let failing = Mutex::new(Vec::new());
    let waiting_max = WAITING_PER_CORE * rayon::current_num_threads();
    rayon::scope_fifo(|scope| {
        let (origin, waiting, failing) = (&origin, &waiting, &failing);
        let check_later = |batch: SignedBatch| {
            waiting.fetch_add(1, Ordering::Relaxed);
            scope.spawn_fifo(move |_| {
                let found = batch.failing(strict);
                failing.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
                waiting.fetch_sub(1, Ordering::Relaxed);
            });
        };
        let mut buffers = Buffers::default();
        let mut ahead = VecDeque::with_capacity(AHEAD);
        loop {
            while ahead.len() < AHEAD
                && let Some(piece) = source.next(buffers.take())
            {
                let (piece, parsed) = (buffers.share(piece), Arc::new(OnceLock::new()));
                ahead.push_back(parsed.clone());
                scope.spawn_fifo(move |_| drop(parsed.set(parse(piece, origin))));
            }
            let Some(mut next) = ahead.pop_front() else { break };
            let parsed = loop {
                match Arc::try_unwrap(next).map(OnceLock::into_inner) {
                    Ok(parsed) => break parsed,
                    Err(not_yet) => next = not_yet,
                }
                help();
            };
            if let Some(parsed) = parsed {
                replay.piece(parsed, check_later);
            }
            while waiting.load(Ordering::Relaxed) > waiting_max {
                help();
            }
        }
        check_later(replay.last_batch());
    });
    let mut failing = failing.into_inner().unwrap_or_else(PoisonError::into_inner);
    failing.sort_unstable();
    let invalid = |index: u64| Violation::new(index, &Breach::Signature);
    replay.tally.extend(failing.into_iter().map(invalid));
}

/// Does some of what is waiting, or lets another do it.
fn help() {
    if rayon::yield_now() != Some(Yield::Executed) {
        thread::yield_now();
    }
}

/// Reads keys, heads and checkpoints. The head comes before the checkpoint and both before the
/// entries: a writer makes entries durable first, so what is stated is there by then.
fn stated(trail: &Trail, options: &Options, tally: &mut Tally) -> Stated {
    let mut anchors = Vec::new();
    let vkey = vkey(trail, options, tally);
    let heads = trail.heads().and_then(|heads| match heads {
        Ok(heads) => Some(heads),
        Err(breach) => {
            tally.breach(None, &breach);
            None
        }
    });
    if let Some(heads) = &heads {
        if let Some(slot) = heads.invalid_slot {
            tally.breach(None, &Breach::HeadSlot { slot });
        }
        for (what, head) in [(HEAD, Some(&heads.newest)), (OLDER_HEAD, heads.older.as_ref())] {
            let Some(head) = head else { continue };
            anchors.push(Anchor { what, size: head.size, root: TreeHash(head.root.0) });
            if let Some(vkey) = &vkey {
                head_note(what, head, vkey, tally);
            }
        }
        if let Some(older) = heads.older.as_ref().filter(|older| older.size > heads.newest.size) {
            let breach = Breach::HeadWentBack { older: older.size, newest: heads.newest.size };
            tally.breach(None, &breach);
        }
    }
    let head_size = heads.as_ref().map(|heads| heads.newest.size);

    let note = trail.checkpoint().unwrap_or_else(|breach| {
        tally.breach(None, &breach);
        None
    });
    // Until the first head is published there is no checkpoint either, and a writer that was killed
    // right behind it has not written it yet: then the other slot still holds the empty head. The
    // head's own note is held to the key above, so nothing is stated that is not checked.
    let first_head = heads.as_ref().is_some_and(|heads| {
        heads.newest.size == 0 || heads.older.as_ref().is_some_and(|older| older.size == 0)
    });
    if note.is_none() && !first_head {
        let file = if head_size.is_some() { "log/checkpoint" } else { "checkpoint" };
        let why = io::ErrorKind::NotFound;
        tally.breach(None, &Breach::Unreadable { file: file.to_owned(), why });
    }
    let text = note.as_ref().and_then(|note| SignedNote::parse(note).ok());
    let named = text.and_then(|note| note.text().lines().next().map(str::to_owned));
    let checkpoint = note.and_then(|note| opened(CHECKPOINT, &note, vkey.as_ref(), tally));
    let trusted =
        options.from.as_ref().and_then(|note| opened(TRUSTED, note, vkey.as_ref(), tally));
    let states = [(CHECKPOINT, &checkpoint), (TRUSTED, &trusted)];
    for (what, checkpoint) in states {
        if let Some(Checkpoint { size, root, .. }) = *checkpoint {
            anchors.push(Anchor { what, size, root });
        }
    }
    let checkpoint_size = checkpoint.map(|checkpoint| checkpoint.size);
    Stated {
        origin: vkey.map(|vkey| vkey.name().to_string()).or(named).unwrap_or_default(),
        trust: if options.vkey.is_some() { Trust::OutsideKey } else { Trust::SelfTrusted },
        checkpoint_size,
        trusted_size: trusted.map(|trusted| trusted.size),
        size: checkpoint_size.max(head_size),
        anchors,
    }
}

/// The key to check with: the one given, else the folder's.
fn vkey(trail: &Trail, options: &Options, tally: &mut Tally) -> Option<NoteVerifier> {
    match (trail.vkey(), &options.vkey) {
        (Ok(own), Some(given)) if own != *given => {
            tally.breach(None, &Breach::OtherVkey);
            Some(given.clone())
        }
        // Without a key of its own the folder can still be checked with the one given.
        (Ok(_) | Err(Breach::Unreadable { why: io::ErrorKind::NotFound, .. }), Some(given)) => {
            Some(given.clone())
        }
        (Err(breach), Some(given)) => {
            tally.breach(None, &breach);
            Some(given.clone())
        }
        (Ok(own), None) => Some(own),
        (Err(breach), None) => {
            tally.breach(None, &breach);
            None
        }
    }
}

/// Checks that a head states what its signed note states. Before the first checkpoint there is no
/// note.
fn head_note(what: &'static str, head: &HeadRecord, vkey: &NoteVerifier, tally: &mut Tally) {
    if head.size == 0 && head.note.is_empty() {
        return;
    }
    let note = opened(what, head.note.as_bytes(), Some(vkey), tally);
    if note.is_some_and(|note| note.size != head.size || note.root.0 != head.root.0) {
        tally.breach(None, &Breach::HeadDiffers);
    }
}

/// Opens a signed checkpoint; without a key it is nobody's.
fn opened(
    what: &'static str,
    note: &[u8],
    vkey: Option<&NoteVerifier>,
    tally: &mut Tally,
) -> Option<Checkpoint> {
    let opened = match vkey {
        Some(vkey) => Checkpoint::open(note, vkey).map(|signed| signed.checkpoint().clone()),
        None => Err(CheckpointError::Note(crate::tlog::NoteError::NotSigned)),
    };
    opened.map_err(|why| tally.breach(None, &Breach::Checkpoint { what, why })).ok()
}
