//! `bench`: the ledger beside the machine's own limits.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, builder::PossibleValue};

use super::{error::CliError, output::talk, session::Session};
use crate::bench::{self, BenchError, Figure, Measured, Part};

/// Measure this machine and a ledger on it, each figure beside its limit (测速)
///
/// Fills a ledger of made-up people in a folder of its own beside DIR, and removes it. Use a
/// release build, on a machine that does nothing else.
#[derive(Args)]
pub(super) struct Bench {
    /// Events of the ledger under measure; 1000000 also shows what grows with a ledger
    #[arg(long, value_name = "N", default_value_t = bench::EVENTS)]
    #[arg(value_parser = clap::value_parser!(u64).range(bench::EVENTS_MIN..=bench::EVENTS_MAX))]
    events: u64,
    /// One part alone; `load`, readers of the console for some minutes on a city's ledger, is run by
    /// its name only
    #[arg(long, value_name = "PART")]
    only: Option<Part>,
    /// With --only load: how long it lasts [default: 300]
    #[arg(long, value_name = "N")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=bench::LOAD_SECONDS_MAX))]
    seconds: Option<u64>,
    /// Open this ledger and say what that takes: how `bench` asks itself
    #[arg(long, hide = true, value_name = "DIR", requires = "people")]
    resident: Option<PathBuf>,
    /// People of that ledger
    #[arg(long, hide = true, value_name = "N")]
    people: Option<u64>,
}

impl From<BenchError> for CliError {
    fn from(error: BenchError) -> Self {
        match error {
            BenchError::Refused(rejection) => rejection.into(),
            BenchError::Demo(error) => error.into(),
            BenchError::Open(error) => error.into(),
            other => Self::refused(other.to_string()),
        }
    }
}

impl ValueEnum for Part {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

impl Bench {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        if let (Some(folder), Some(people)) = (&self.resident, self.people) {
            let answer = bench::resident(folder, people)?;
            session.out.text(&answer, &format!("{}\n", serde_json::json!(answer)));
            return Ok(());
        }
        if self.seconds.is_some() && self.only != Some(Part::Load) {
            return Err(CliError::usage("--seconds is how long a load lasts")
                .hinted("name the load: bench --only load --seconds N"));
        }
        let program = std::env::current_exe()
            .map_err(|error| CliError::refused(format!("finding the program itself: {error}")))?;
        let options = bench::Options {
            parent: beside(session.folder()),
            events: self.events,
            only: self.only,
            seconds: self.seconds.unwrap_or(bench::LOAD_SECONDS),
            program,
        };
        if cfg!(debug_assertions) {
            talk("this is no release build: its figures say nothing about speed");
        }
        let measured = bench::run(&options, &|doing| talk(doing))?;
        print(session, &measured);
        Ok(())
    }
}

/// The folder that holds the ledger's, when it is there; else the system's for temporary files.
fn beside(ledger: &Path) -> PathBuf {
    let parent =
        std::path::absolute(ledger).ok().and_then(|path| path.parent().map(Path::to_owned));
    parent.filter(|path| path.is_dir()).unwrap_or_else(std::env::temp_dir)
}

fn print(session: &mut Session, measured: &Measured) {
    if session.global.json {
        return session.out.document(measured, &[]);
    }
    let heading = [
        "figure", "value", "unit", "limit", "ratio", "by cpu", "cpu us", "target", "met",
        "limit is",
    ];
    session.out.list(&heading, &measured.figures, cells);
}

fn cells(figure: &Figure) -> Vec<String> {
    let number = |value: Option<f64>| value.map(short).unwrap_or_default();
    let ratio = |value: Option<f64>| value.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
    let met = match figure.met {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    };
    vec![
        figure.name.to_owned(),
        short(figure.value),
        figure.unit.to_owned(),
        number(figure.limit),
        ratio(figure.ratio),
        ratio(figure.cpu_ratio),
        number(figure.cpu_us),
        figure.target.map(|target| target.to_string()).unwrap_or_default(),
        met.to_owned(),
        figure.limit_is.unwrap_or_default().to_owned(),
    ]
}

/// A number as a person reads it: three figures below a hundred, none behind the point above.
fn short(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}
