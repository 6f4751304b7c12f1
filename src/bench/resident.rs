//! What a process holds and how fast it answers that does nothing but open the ledger.
//!
//! It runs in a process of its own: the one that filled the ledger has touched far more memory.

use std::{path::Path, process::Command, time::Instant};

use serde::{Deserialize, Serialize};

use super::{BenchError, clock::median, work};
use crate::ledger::{Ledger, Options, Secrets};
use crate::projection::{Projection, Who};
use crate::value::Day;

/// What such a process says.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Resident {
    /// Entries of the ledger.
    pub entries: u64,
    /// Seconds until it was open.
    pub open_s: f64,
    /// Resident memory then, in bytes; nothing where the system does not tell.
    pub open_bytes: Option<u64>,
    /// Resident memory when the index was open too and had answered, in bytes.
    pub answered_bytes: Option<u64>,
    /// The most the process ever held, the index built anew at last, in bytes.
    pub rebuilt_bytes: Option<u64>,
    /// A person's history, file and flags: the middle time in microseconds, and the longest.
    pub show_us: f64,
    /// The longest of them.
    pub show_us_max: f64,
    /// A receipt with its proof: the middle time in microseconds, and the longest.
    pub proof_us: f64,
    /// The longest of them.
    pub proof_us_max: f64,
}

/// Questions asked of each kind.
const QUESTIONS: u64 = 200;

/// Opens a ledger for reading and asks it a few hundred questions.
///
/// # Errors
/// It does not open, or does not answer.
pub fn resident(folder: &Path, people: u64) -> Result<Resident, BenchError> {
    let start = Instant::now();
    let ledger = Ledger::open(folder, Secrets::default(), Options::default())?;
    let open_s = start.elapsed().as_secs_f64();
    let open_bytes = memory_bytes("VmRSS:");
    let mut index = Projection::open(folder)?;
    index.catch_up(&ledger)?;
    let today = Day::of_millis(ledger.clock().wall_ms());
    let show = times(people, |number| {
        let person = work::person(number);
        let ids = ledger
            .with_state(|state| state.people.find(&person).map(|found| found.ids.to_vec()))?
            .unwrap_or_default();
        for entry in index.history(&Who::Person(person, ids))? {
            ledger.event(entry)?;
        }
        index.file(person, today)?;
        let book = ledger.with_state(|state| state.policies.clone())?;
        index.flags_of(person, &*book, today)?;
        Ok(())
    })?;
    let proof = times(ledger.len(), |entry| {
        ledger.receipt(entry)?;
        Ok(())
    })?;
    let answered_bytes = memory_bytes("VmRSS:");
    drop(index);
    Projection::rebuild(folder)?.catch_up(&ledger)?;
    let longest = |times: &[f64]| times.iter().copied().fold(0.0, f64::max);
    Ok(Resident {
        entries: ledger.len(),
        open_s,
        open_bytes,
        answered_bytes,
        rebuilt_bytes: memory_bytes("VmHWM:"),
        show_us_max: longest(&show),
        show_us: median(show),
        proof_us_max: longest(&proof),
        proof_us: median(proof),
    })
}

/// Asks about some of so many, spread over all.
fn times(
    of: u64,
    mut ask: impl FnMut(u64) -> Result<(), BenchError>,
) -> Result<Vec<f64>, BenchError> {
    let step = (of / QUESTIONS).max(1);
    let mut times = Vec::new();
    for number in (0..of).step_by(usize::try_from(step).unwrap_or(usize::MAX)) {
        let start = Instant::now();
        ask(number)?;
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    Ok(times)
}

/// Runs [`resident`] in a process of its own.
pub(super) fn in_a_process(
    program: &Path,
    folder: &Path,
    people: u64,
) -> Result<Resident, BenchError> {
    let mut command = Command::new(program);
    command.arg("bench").arg("--resident").arg(folder).args(["--people", &people.to_string()]);
    let ran = command.output().map_err(BenchError::io("starting a process"))?;
    if !ran.status.success() {
        let said = String::from_utf8_lossy(&ran.stderr).trim().to_owned();
        return Err(BenchError::Resident(said));
    }
    serde_json::from_slice(&ran.stdout).map_err(|error| BenchError::Resident(error.to_string()))
}

/// `VmRSS`, what is held now, or `VmHWM`, the most ever, of proc(5).
pub(super) fn memory_bytes(field: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}
