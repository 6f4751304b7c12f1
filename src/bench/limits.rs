//! What the machine does when it does nothing else: the limits that figures stand beside.
//!
//! Each is measured a few times and the best is taken: a limit is what the machine can do.

use std::{
    fs::OpenOptions,
    hint::black_box,
    os::unix::fs::FileExt,
    path::Path,
    time::{Duration, Instant},
};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{
    BenchError, Figure, Part,
    clock::{Spent, median, timed},
};
use crate::crypto::{
    SecretKey, VerifyingKey,
    batch::{BatchItem, verify_batch},
};

/// Length of the texts that are signed and hashed, in bytes: a common statement's.
const TEXT_LEN: usize = 500;
/// Texts to sign and check, by a few keys, as on a ledger.
const TEXTS: usize = 4096;
const KEYS: usize = 8;
/// How long one limit is measured at a time, and how often.
const SPAN: Duration = Duration::from_millis(if cfg!(debug_assertions) { 5 } else { 250 });
const TIMES: usize = 3;
/// Flushes of which the middle one counts.
const FLUSHES: u32 = 500;
/// What one small group writes.
const FLUSH_BYTES: usize = 4096;

/// Signed texts.
pub(super) struct Signatures {
    keys: Vec<(SecretKey, VerifyingKey)>,
    signed: Vec<(Vec<u8>, [u8; 64])>,
}

/// How fast something goes: units per second, and processor time per unit.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Speed {
    pub(super) per_s: f64,
    pub(super) cpu_us: Option<f64>,
}

impl Speed {
    pub(super) fn of(units: u64, spent: Spent) -> Self {
        Self { per_s: spent.rate(units), cpu_us: spent.cpu_us(units) }
    }

    pub(super) fn better(self, other: Self) -> Self {
        let cpu_us = match (self.cpu_us, other.cpu_us) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        Self { per_s: self.per_s.max(other.per_s), cpu_us }
    }

    pub(super) fn us(self) -> f64 {
        1e6 / self.per_s
    }
}

impl Signatures {
    pub(super) fn new() -> Result<Self, BenchError> {
        let mut keys = Vec::with_capacity(KEYS);
        for _ in 0..KEYS {
            let key = SecretKey::generate()?;
            let verifying = key.public().verifying_key();
            keys.push((key, verifying));
        }
        let signed = (0..TEXTS).into_par_iter().map(|number| {
            let mut text = vec![0x6d; TEXT_LEN];
            text[..8].copy_from_slice(&(number as u64).to_be_bytes());
            let signature = keys[number % KEYS].0.sign(&text);
            (text, signature)
        });
        let signed = signed.collect();
        Ok(Self { keys, signed })
    }

    /// As the library does it: the limit must not move with what we do.
    fn holds(&self, number: usize) -> bool {
        let (text, signature) = &self.signed[number];
        self.keys[number % KEYS].1.verify_by_library(text, signature).is_ok()
    }

    /// Strict checks on one core.
    pub(super) fn strict_one_core(&self) -> Speed {
        best(|number| {
            black_box(self.holds(number % TEXTS));
        })
    }

    /// Strict checks on all cores.
    pub(super) fn strict(&self) -> Speed {
        let all = || (0..TEXTS).into_par_iter().all(|number| self.holds(number));
        best_of_rounds(TEXTS as u64, all)
    }

    /// The door's own strict checks on all cores.
    fn at_the_door(&self) -> Speed {
        let holds = |number: usize| {
            let (text, signature) = &self.signed[number];
            self.keys[number % KEYS].1.verify_strict(text, signature).is_ok()
        };
        best_of_rounds(TEXTS as u64, || (0..TEXTS).into_par_iter().all(holds))
    }

    /// Cofactored batches on all cores.
    pub(super) fn batches(&self, batch_len: usize) -> Speed {
        let item = |number: usize| {
            let (text, signature) = &self.signed[number];
            BatchItem::whole(text, signature, &self.keys[number % KEYS].1)
        };
        let items: Vec<BatchItem<'_>> = (0..TEXTS).map(item).collect();
        let holds = |batch: &[BatchItem<'_>]| verify_batch(batch).unwrap_or_default();
        best_of_rounds(TEXTS as u64, || items.par_chunks(batch_len).all(holds))
    }

    /// Signing on one core.
    pub(super) fn sign(&self) -> Speed {
        best(|number| {
            black_box(self.keys[0].0.sign(&self.signed[number % TEXTS].0));
        })
    }

    fn hash(&self, hash: impl Fn(&[u8])) -> Speed {
        best(|number| hash(&self.signed[number % TEXTS].0))
    }
}

/// A small write and its flush in a file whose length is there already: the middle time, seconds.
pub(super) fn flush_s(folder: &Path) -> Result<f64, BenchError> {
    Ok(median(flushes(folder, || ())?))
}

/// The same: of a hundred flushes one takes longer, in seconds.
pub(super) fn flush_p99_s(folder: &Path) -> Result<f64, BenchError> {
    let mut times = flushes(folder, || ())?;
    times.sort_unstable_by(f64::total_cmp);
    Ok(times.get(times.len() * 99 / 100).copied().unwrap_or_default())
}

impl Signatures {
    /// What one submitter waits for at least, each time: a strict check, a small write and its
    /// flush, a signature. One after the other on one core, the middle time in seconds: a flush
    /// behind a pause takes longer than one behind another.
    pub(super) fn one_event_s(&self, folder: &Path) -> Result<f64, BenchError> {
        let mut number = 0;
        let times = flushes(folder, || {
            number = (number + 1) % TEXTS;
            black_box(self.holds(number));
            black_box(self.keys[0].0.sign(&self.signed[number].0));
        });
        Ok(median(times?))
    }
}

fn flushes(folder: &Path, mut between: impl FnMut()) -> Result<Vec<f64>, BenchError> {
    let failed = || BenchError::io("measuring a flush");
    let path = folder.join("flush");
    let mut options = OpenOptions::new();
    let file = options.write(true).create_new(true).open(&path).map_err(failed())?;
    let zeros = vec![0; FLUSH_BYTES * FLUSHES as usize];
    file.write_all_at(&zeros, 0).map_err(failed())?;
    file.sync_all().map_err(failed())?;
    let mut times = Vec::with_capacity(FLUSHES as usize);
    let bytes = [0x6d; FLUSH_BYTES];
    for number in 0..FLUSHES {
        let start = Instant::now();
        between();
        file.write_all_at(&bytes, u64::from(number) * FLUSH_BYTES as u64).map_err(failed())?;
        file.sync_data().map_err(failed())?;
        times.push(start.elapsed().as_secs_f64());
    }
    std::fs::remove_file(&path).map_err(failed())?;
    Ok(times)
}

/// The figures of the machine alone.
pub(super) fn figures(signatures: &Signatures, folder: &Path) -> Result<Vec<Figure>, BenchError> {
    let us = |name, speed: Speed| {
        Figure::new(Part::Limits, name, speed.us(), "us").cpu(speed.cpu_us, None)
    };
    let per_s = |name, speed: Speed| {
        Figure::new(Part::Limits, name, speed.per_s, "1/s").cpu(speed.cpu_us, None)
    };
    let blake3 = signatures.hash(|text| {
        black_box(blake3::hash(text));
    });
    let sha256 = signatures.hash(|text| {
        black_box(Sha256::digest(text));
    });
    Ok(vec![
        us("ed25519_strict_one_core", signatures.strict_one_core()),
        per_s("ed25519_strict_all_cores", signatures.strict()),
        per_s("ed25519_door_all_cores", signatures.at_the_door()),
        per_s("ed25519_batch_256_all_cores", signatures.batches(256)),
        per_s("ed25519_batch_512_all_cores", signatures.batches(512)),
        us("ed25519_sign", signatures.sign()),
        us("blake3_500_bytes", blake3),
        us("sha256_500_bytes", sha256),
        Figure::new(Part::Limits, "write_and_fdatasync", flush_s(folder)? * 1e6, "us"),
    ])
}

/// The best of a few spans of one call after the other.
fn best(mut call: impl FnMut(usize)) -> Speed {
    let span = || {
        let mut units = 0;
        let ((), spent) = timed(|| {
            let start = Instant::now();
            while start.elapsed() < SPAN {
                // The clock is asked once in a while: a hash takes as long as asking it.
                for _ in 0..64 {
                    call(units);
                    units += 1;
                }
            }
        });
        Speed::of(units as u64, spent)
    };
    std::iter::repeat_with(span).take(TIMES).fold(Speed::default(), Speed::better)
}

/// The best of a few spans of rounds of so many units.
fn best_of_rounds(units: u64, round: impl Fn() -> bool) -> Speed {
    let span = || {
        let mut done = 0;
        let ((), spent) = timed(|| {
            let start = Instant::now();
            while start.elapsed() < SPAN {
                black_box(round());
                done += units;
            }
        });
        Speed::of(done, spent)
    };
    std::iter::repeat_with(span).take(TIMES).fold(Speed::default(), Speed::better)
}
