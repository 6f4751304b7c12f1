//! `import`: office rolls in, each row a signed event.

mod served;

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::{
    acting::ActArgs,
    error::CliError,
    folder,
    output::talk,
    reading::{Reading, bar, catch_up},
    session::{Session, Vault, today},
};
use crate::answer::plan::RollPlan;
use crate::ledger::Pen;
use crate::rolls::{
    DifferenceKind, FILE_BYTES_MAX, Hint, ImportOptions, ImportReport, Importer, IndexedRows, Roll,
    RollError, RollKind, read_roll, sort_folder, write_rejected,
};
use crate::value::{Day, DivisionCode, Month};

/// Import office rolls: csv, xlsx, xls; files or folders (名册导入)
///
/// Importing the same rows again adds nothing, whoever sends them and in whatever encoding. Rows
/// that cannot be read are named in the ledger's `rejected/` folder; over a server they are named
/// here only. Over a server the roll is read here too, and nothing is signed that says something
/// else than its rows.
#[derive(Args)]
pub(super) struct Import {
    /// Rolls, or folders of rolls
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    act: ActArgs,
    /// What the roll is, when headers, title and name do not decide; of any other programme it is
    /// monthly_payments:NAME, yearly_payments:NAME, bank_result:NAME, sessions:NAME,
    /// placements:NAME, departures:NAME or works:NAME, of another register register:FACT
    #[arg(long, value_name = "KIND")]
    kind: Option<RollKind>,
    /// Its benefit month, when title and name do not decide
    #[arg(long, value_name = "YYYY-MM")]
    month: Option<Month>,
    /// A full list: rows that it no longer has are retracted
    #[arg(long)]
    complete: bool,
    /// Write nothing; print what would change
    #[arg(long)]
    dry_run: bool,
    /// The day the roll speaks of, for rows that say no day themselves; the default is today
    #[arg(long, value_name = "DATE")]
    at: Option<Day>,
    /// The division the roll is sent for; the default is the signer's
    #[arg(long, value_name = "CODE")]
    division: Option<DivisionCode>,
}

/// What became of one roll, as it is printed.
#[derive(Serialize)]
pub(super) struct Line {
    file: String,
    kind: String,
    month: Option<Month>,
    roll: Option<String>,
    pub(super) rows: usize,
    new: usize,
    unchanged: usize,
    corrected: usize,
    retracted: usize,
    pub(super) rejected: usize,
    pub(super) refused: usize,
    first_index: Option<u64>,
    last_index: Option<u64>,
    waiting_endorsement: usize,
    differences: Vec<String>,
}

/// One file to import.
pub(super) struct RollFile {
    pub(super) path: PathBuf,
    pub(super) name: String,
}

impl Import {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let files = expand(&self.files)?;
        let hint = Hint { kind: self.kind, month: self.month };
        if let Some((remote, hand)) = self.act.remote(session)? {
            let options = self.options(hand.signer.division, super::acting::now());
            let sender = served::Sender { remote: &remote, hand: &hand, hint, options };
            return each(session, &files, |file| sender.import(file));
        }
        let ledger = session.open_to_write(Vault::Needed)?;
        let hand = session.hand(&ledger, &self.act.key)?;
        let mut reading = Reading::of(ledger)?;
        let options = self.options(hand.signer.division, today(&reading.ledger));
        each(session, &files, |file| {
            let imported = one(&mut reading, &hand.pen, file, &hint, &options)?;
            Ok(imported.map(|(line, _)| line))
        })
    }

    /// What the sender says, by the sender's division and the day it is.
    fn options(&self, division: DivisionCode, today: Day) -> ImportOptions {
        ImportOptions {
            division: self.division.unwrap_or(division),
            complete: self.complete,
            dry_run: self.dry_run,
            at: self.at.unwrap_or(today),
        }
    }
}

/// Imports files one by one and prints what became of each.
fn each(
    session: &mut Session,
    files: &[RollFile],
    mut import: impl FnMut(&RollFile) -> Result<Option<Line>, CliError>,
) -> Result<(), CliError> {
    let mut lines = Vec::new();
    let mut failed = 0_usize;
    for file in files {
        match import(file) {
            Ok(Some(line)) => {
                failed += line.refused;
                lines.push(line);
            }
            Ok(None) => {}
            Err(error) => {
                failed += 1;
                super::output::report(&error.during(&file.name), session.global.json);
            }
        }
    }
    print(session, &lines);
    if lines.iter().any(|line| line.waiting_endorsement > 0) {
        talk("some rows wait for a second signer: `mingzheng endorse roll:ID --key K`");
    }
    if failed > 0 {
        return Err(CliError::failed_check(format!("{failed} rolls or rows were refused"))
            .hinted("mend what is named above and import again: nothing is added twice"));
    }
    Ok(())
}

/// Prints what became of rolls.
pub(super) fn print(session: &mut Session, lines: &[Line]) {
    let heading = ["roll", "kind", "month", "rows", "new", "same", "changed", "gone", "rejected"];
    session.out.list(&heading, lines, |line| {
        vec![
            line.file.clone(),
            line.kind.clone(),
            line.month.map(|month| month.to_string()).unwrap_or_default(),
            line.rows.to_string(),
            line.new.to_string(),
            line.unchanged.to_string(),
            line.corrected.to_string(),
            line.retracted.to_string(),
            line.rejected.to_string(),
        ]
    });
}

/// Files as they are named, and those of named folders; what is no roll is named and skipped.
pub(super) fn expand(paths: &[PathBuf]) -> Result<Vec<RollFile>, CliError> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            let name = path.file_name().unwrap_or(path.as_os_str());
            let name = name.to_string_lossy().into_owned();
            files.push(RollFile { path: path.clone(), name });
            continue;
        }
        let failed = || super::error::at_file("listing", path);
        let mut names = Vec::new();
        for entry in std::fs::read_dir(path).map_err(failed())? {
            names.push(entry.map_err(failed())?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        for entry in sort_folder(names) {
            match entry.skipped {
                Some(why) => talk(format_args!("skipped {}: {why}", entry.name)),
                None => files.push(RollFile { path: path.join(&entry.name), name: entry.name }),
            }
        }
    }
    Ok(files)
}

/// Imports one file; none for a file that is no roll.
pub(super) fn one(
    reading: &mut Reading,
    pen: &Pen,
    file: &RollFile,
    hint: &Hint,
    options: &ImportOptions,
) -> Result<Option<(Line, ImportReport)>, CliError> {
    let Some((bytes, roll)) = read(file, hint)? else { return Ok(None) };
    let bar = bar(roll.rows.len() as u64);
    bar.set_message(file.name.clone());
    let report = {
        let known = IndexedRows::new(&reading.index, &reading.ledger);
        let importer =
            Importer { ledger: &reading.ledger, known: &known, pen, options: options.clone() };
        importer.import(&file.name, &bytes, &roll, &mut |done, total| {
            bar.set_length(total);
            bar.set_position(done);
        })
    };
    bar.finish_and_clear();
    let report = report?;
    catch_up(&mut reading.index, &reading.ledger)?;
    for refused in &report.refused {
        let row = refused.row.map_or_else(|| "a retraction".to_owned(), |row| format!("row {row}"));
        talk(format_args!("{}: {row}: {}", file.name, refused.rejection));
    }
    let plan = RollPlan::of(&file.name, &report);
    say_why(&file.name, &plan);
    if options.dry_run {
        say_differences(&file.name, &plan);
    } else {
        reject(reading, &file.name, &report)?;
    }
    let line = Line::of(&file.name, &plan, report.first_index, report.last_index);
    Ok(Some((line, report)))
}

/// Reads one file; none for a file that is no roll.
fn read(file: &RollFile, hint: &Hint) -> Result<Option<(Vec<u8>, Roll)>, CliError> {
    let bytes = folder::read(&file.path, FILE_BYTES_MAX as u64)?;
    let roll = match read_roll(&file.name, &bytes, hint) {
        Ok(roll) => roll,
        Err(RollError::NotARoll(why)) => {
            talk(format_args!("skipped {}: {why}", file.name));
            return Ok(None);
        }
        Err(error) => return Err(CliError::refused(error.to_string())),
    };
    for sheet in &roll.unread_sheets {
        talk(format_args!("{}: sheet {sheet} is no roll and was not read", file.name));
    }
    Ok(Some((bytes, roll)))
}

/// Says why rows were rejected: each reason once, with how many rows and the first of them.
fn say_why(name: &str, plan: &RollPlan) {
    /// Rows named of one reason.
    const ROWS: usize = 5;
    let mut reasons: Vec<(&str, Vec<u32>)> = Vec::new();
    for rejected in &plan.rejected {
        let why = rejected.why.as_str();
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, rows)) => rows.push(rejected.row),
            None => reasons.push((why, vec![rejected.row])),
        }
    }
    for (why, rows) in reasons {
        let first: Vec<_> = rows.iter().take(ROWS).map(ToString::to_string).collect();
        let more = if rows.len() > ROWS { ", ..." } else { "" };
        let (count, first) = (rows.len(), first.join(", "));
        talk(format_args!("{name}: {count} rows rejected: {why} (row {first}{more})"));
    }
}

/// Says what a dry run would change, the first rows of it; `--json` has all.
fn say_differences(name: &str, plan: &RollPlan) {
    /// Differences named of one roll.
    const SHOWN: usize = 20;
    let changes = plan.differences.iter().filter(|found| found.kind != DifferenceKind::New);
    let mut rest = 0;
    for (number, found) in changes.enumerate() {
        let row = found.row.map_or_else(|| "no row".to_owned(), |row| format!("row {row}"));
        match found.kind {
            _ if number >= SHOWN => rest += 1,
            DifferenceKind::Changed { index } => {
                talk(format_args!("{name}: {row} would correct entry {index}"));
            }
            DifferenceKind::Missing { index } => {
                talk(format_args!("{name}: {row} any more: entry {index} would be retracted"));
            }
            DifferenceKind::New => {}
        }
    }
    if rest > 0 {
        talk(format_args!("{name}: {rest} more differences, see --json"));
    }
}

/// Leaves the rejected rows in the ledger's own folder, never beside the roll.
fn reject(reading: &Reading, name: &str, report: &ImportReport) -> Result<(), CliError> {
    let folder: &Path = &reading.ledger.folder().join("rejected");
    let written = write_rejected(folder, name, &report.rejected)
        .map_err(super::error::at_file("writing", folder))?;
    if let Some(path) = written {
        let rows = report.rejected.len();
        talk(format_args!("{name}: {rows} rows were rejected, see {}", path.display()));
    }
    Ok(())
}

impl Line {
    fn of(name: &str, plan: &RollPlan, first: Option<u64>, last: Option<u64>) -> Self {
        let differences = plan.differences.iter().map(|difference| {
            let row = difference.row.map_or_else(String::new, |row| format!("row {row}: "));
            format!("{row}{:?}", difference.kind)
        });
        Self {
            file: name.to_owned(),
            kind: plan.kind.clone(),
            month: plan.month,
            roll: plan.roll.map(|roll| format!("roll:{roll}")),
            rows: plan.rows,
            new: plan.new,
            unchanged: plan.unchanged,
            corrected: plan.corrected,
            retracted: plan.retracted,
            rejected: plan.rejected.len(),
            refused: plan.refused.len(),
            first_index: first,
            last_index: last,
            waiting_endorsement: plan.waiting.len(),
            differences: differences.collect(),
        }
    }
}
