//! Layer 7: measures the ledger against the machine's own limits.
//!
//! A figure alone says little: another machine, another neighbour, another number. So each run
//! first measures what the machine itself can do (signatures, hashes, flushes, sled) and prints
//! every figure beside its limit and the ratio of the two. The ledger under measure is a demo
//! ledger in a folder of its own, made through the same door as any other, and removed at the end.
//!
//! | file | what |
//! |---|---|
//! | `clock` | wall and processor time of a piece of work |
//! | `limits` | the machine alone |
//! | `work` | signed statements to append, and a roll to import |
//! | `append` | submitters, many and one |
//! | `read` | verify, rebuild, sizes on disk |
//! | `city` | the city that judging, serving and the load are measured on |
//! | `judge` | what a new entry costs in flags |
//! | `resident` | memory and answers of a process that only opens the ledger |
//! | `serve` | the ledger over HTTP |
//! | `serving`, `line` | the service under measure, and a client that does little |
//! | `load` | the console and the reading routes for some minutes |
//! | `figure` | what is printed |
//!
//! Never a test: nothing here fails because a machine is slow.

mod append;
mod city;
mod clock;
mod figure;
mod judge;
mod limits;
mod line;
mod load;
mod read;
mod resident;
mod run;
mod serve;
mod serving;
mod work;

pub use figure::{Figure, Measured, Target};
pub use load::{LOAD_SECONDS, LOAD_SECONDS_MAX};
pub use resident::{Resident, resident};
pub use run::run;

use std::{io, path::PathBuf};

use crate::crypto::RandomError;
use crate::demo::DemoError;
use crate::domain::Rejection;
use crate::ledger::{OpenError, PenError, PersonalError, ReadError, SubmitError};
use crate::log::LogError;
use crate::projection::ProjectionError;
use crate::rolls::{ImportError, RollError};
use crate::value::Malformed;

/// What to measure.
#[derive(Debug, Clone)]
pub struct Options {
    /// Below it the folder of the measure is made, and removed at the end: best the disk that
    /// holds the ledger.
    pub parent: PathBuf,
    /// Events of the ledger under measure, a hundred at least.
    pub events: u64,
    /// One part alone; all but the load when none is named.
    pub only: Option<Part>,
    /// How long a load lasts.
    pub seconds: u64,
    /// The program that [`resident`] runs in: it is given `bench --resident FOLDER --people N`
    /// and answers with one JSON document.
    pub program: PathBuf,
}

/// Events of a default run.
pub const EVENTS: u64 = 100_000;
/// Fewest events that say anything.
pub const EVENTS_MIN: u64 = 100;
/// Most events of one run.
pub const EVENTS_MAX: u64 = 10_000_000;

/// One part of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The machine alone.
    Limits,
    /// Durable append.
    Append,
    /// Verifying the trail.
    Verify,
    /// Rebuilding the projections.
    Rebuild,
    /// Importing a roll.
    Import,
    /// Keeping flags.
    Judge,
    /// The ledger over HTTP.
    Serve,
    /// What grows with the ledger: cost per event, memory, reopening, answers, disk.
    Scale,
    /// Pages and reading routes under load for some minutes, on a city's ledger: run by its name
    /// only.
    Load,
}

impl Part {
    /// All parts, as they run.
    pub const ALL: [Self; 9] = [
        Self::Limits,
        Self::Append,
        Self::Verify,
        Self::Rebuild,
        Self::Import,
        Self::Judge,
        Self::Serve,
        Self::Scale,
        Self::Load,
    ];

    /// Its name on the command line and in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Limits => "limits",
            Self::Append => "append",
            Self::Verify => "verify",
            Self::Rebuild => "rebuild",
            Self::Import => "import",
            Self::Judge => "judge",
            Self::Serve => "serve",
            Self::Scale => "scale",
            Self::Load => "load",
        }
    }
}

/// Why a measure has no result.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The ledger under measure was not founded.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// It did not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A statement was not written.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// A statement was refused.
    #[error("{0}")]
    Refused(Rejection),
    /// A statement was not signed.
    #[error(transparent)]
    Pen(#[from] PenError),
    /// Personal data was not sealed.
    #[error(transparent)]
    Personal(#[from] PersonalError),
    /// No random bytes.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// Something could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The log could not be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The index said no.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
    /// sled said no where it was measured alone.
    #[error("sled alone: {0}")]
    Sled(#[from] sled::Error),
    /// The roll was not recognised.
    #[error(transparent)]
    Roll(#[from] RollError),
    /// The roll was not imported.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A constant of the measure is not a value.
    #[error(transparent)]
    Value(#[from] Malformed),
    /// The system said no.
    #[error("{doing}: {why}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        why: io::Error,
    },
    /// What was appended does not verify.
    #[error("the trail that was just written has {0} violations")]
    NotSound(u64),
    /// No entry, or no late death, of the city judged anybody: there is nothing to measure.
    #[error("nothing of the city judged anybody again")]
    NotJudged,
    /// The service or one of its clients failed.
    #[error("over HTTP: {0}")]
    Http(String),
    /// The process that only opens the ledger did not answer.
    #[error("the process that only opens the ledger: {0}")]
    Resident(String),
}

impl BenchError {
    fn io(doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |why| Self::Io { doing, why }
    }
}
