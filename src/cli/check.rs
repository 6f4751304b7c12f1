//! `check`: every rule on payrolls before the money leaves.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{
    error::CliError,
    folder, import,
    output::talk,
    reading::Reading,
    session::{Session, Vault, today},
};
use crate::crypto::SecretKey;
use crate::event::{FlagKind, Severity};
use crate::ledger::Pen;
use crate::rolls::{
    CheckedRow, FILE_BYTES_MAX, Form, Hint, ImportOptions, Importer, IndexedRows, Note, Notes,
    Preview, Roll, RollError, RollKind, Unchecked, annotate, read_roll,
};
use crate::rules::Flag;
use crate::value::{Day, DivisionCode, Fen, Month};

/// Check payrolls that are not paid yet: every rule, as if they were recorded (发放前核查)
///
/// Nothing is written to the ledger. Exit 1 when a conclusive finding stands. With -o a copy of
/// the roll has two more columns, 疑点 and 依据; it holds what the roll holds, personal data too.
#[derive(Args)]
pub(super) struct Check {
    /// Payrolls, or folders of them
    #[arg(value_name = "ROLL", required = true)]
    files: Vec<PathBuf>,
    /// What the roll is, when headers, title and name do not decide
    #[arg(long, value_name = "KIND")]
    kind: Option<RollKind>,
    /// Its benefit month, when title and name do not decide
    #[arg(long, value_name = "YYYY-MM")]
    month: Option<Month>,
    /// The division that pays; the default is the ledger's
    #[arg(long, value_name = "CODE")]
    division: Option<DivisionCode>,
    /// Judge this day; the default is today, or the first day of a later month that is paid
    #[arg(long, value_name = "DATE")]
    on: Option<Day>,
    /// Where to write the annotated copy of the one roll, .csv or .xlsx
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// One finding on one row, as it is printed.
#[derive(Serialize)]
struct Line {
    file: String,
    sheet: Option<String>,
    row: u32,
    rule: &'static str,
    version: u16,
    severity: Severity,
    kind: FlagKind,
    programme: String,
    month: Option<Month>,
    money_at_risk: Fen,
    /// Entries on the ledger that it rests on.
    evidence: Vec<u64>,
    title_zh: &'static str,
    title_en: &'static str,
    why: String,
    why_zh: String,
    todo: &'static str,
    todo_zh: &'static str,
}

/// A payroll that was read.
struct Read {
    name: String,
    bytes: Vec<u8>,
    roll: Roll,
    unchecked: Unchecked,
}

impl Check {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let form = self.form()?;
        let mut rolls = self.read()?;
        if form.is_some() && rolls.len() != 1 {
            return Err(CliError::usage("-o writes the copy of one roll")
                .hinted("check the rolls one by one"));
        }
        let reading = Reading::of(session.open_to_read(Vault::Needed)?)?;
        let on = self.on.unwrap_or_else(|| day_judged(today(&reading.ledger), &rolls));
        let preview = self.preview(&reading, &mut rolls, on)?;
        let persons: Vec<_> = preview.persons.iter().copied().collect();
        let book = reading.ledger.with_state(|state| state.policies.clone())?;
        let flags = reading.index.flags_with(&preview.records, &persons, &book, on)?;
        let found = findings(&preview, &flags);
        if let (Some((path, form)), [read]) = (form, rolls.as_slice()) {
            let copy = annotate(&read.bytes, &read.roll, &notes(&found, read), form)
                .map_err(|error| CliError::refused(error.to_string()).during(&read.name))?;
            folder::write_new(&path, &copy)?;
            talk(format_args!("{}: the copy with its findings", path.display()));
        }
        print(session, &rolls, &found, on, reading.ledger.len())
    }

    /// Where the copy goes, and in which form.
    fn form(&self) -> Result<Option<(PathBuf, Form)>, CliError> {
        let Some(path) = &self.output else { return Ok(None) };
        let form = path.file_name().and_then(|name| Form::of_name(&name.to_string_lossy()));
        let form = form.ok_or_else(|| {
            CliError::usage("the copy is a .csv or an .xlsx").hinted("name it so")
        })?;
        Ok(Some((path.clone(), form)))
    }

    fn read(&self) -> Result<Vec<Read>, CliError> {
        let hint = Hint { kind: self.kind, month: self.month };
        let mut rolls = Vec::new();
        for file in import::expand(&self.files)? {
            let bytes = folder::read(&file.path, FILE_BYTES_MAX as u64)?;
            match read_roll(&file.name, &bytes, &hint) {
                Ok(roll) => {
                    let (name, unchecked) = (file.name, Unchecked::default());
                    rolls.push(Read { name, bytes, roll, unchecked });
                }
                Err(RollError::NotARoll(why)) => {
                    talk(format_args!("skipped {}: {why}", file.name));
                }
                Err(error) => {
                    return Err(CliError::refused(error.to_string()).during(&file.name));
                }
            }
        }
        if rolls.is_empty() {
            return Err(CliError::refused("none of the files is a roll")
                .hinted("name payrolls, or a folder of them"));
        }
        Ok(rolls)
    }

    /// The payrolls as if they were recorded.
    fn preview(&self, reading: &Reading, rolls: &mut [Read], on: Day) -> Result<Preview, CliError> {
        let ledger = &reading.ledger;
        let own = ledger.with_state(|state| state.genesis.as_ref().map(|found| found.division))?;
        let division = self.division.or(own).ok_or_else(|| {
            CliError::refused("the ledger has no division yet").hinted("run `mingzheng init` first")
        })?;
        // Nobody's pen: nothing is signed.
        let pen = Pen::new(SecretKey::generate()?, "", ledger.origin().as_str(), ledger.clock());
        let known = IndexedRows::new(&reading.index, ledger);
        let options = ImportOptions { division, complete: false, dry_run: true, at: on };
        let importer = Importer { ledger, known: &known, pen: &pen, options };
        let mut preview = Preview::default();
        for read in rolls {
            read.unchecked = importer
                .preview(&read.roll, &mut preview)
                .map_err(|error| CliError::from(error).during(&read.name))?;
        }
        Ok(preview)
    }
}

/// Prints the findings; conclusive ones are a failed check.
fn print(
    session: &mut Session,
    rolls: &[Read],
    found: &[(CheckedRow, &Flag)],
    on: Day,
    stored: u64,
) -> Result<(), CliError> {
    let mut rows = 0;
    for Read { name, roll, unchecked, .. } in rolls {
        rows += roll.rows.len();
        for rejected in &unchecked.rejected {
            talk(format_args!("{name}: row {}: not checked: {}", rejected.row, rejected.why));
        }
        for refused in &unchecked.refused {
            let row = refused.row.unwrap_or_default();
            talk(format_args!("{name}: row {row}: not checked: {}", refused.rejection));
        }
    }
    let lines: Vec<Line> = found.iter().filter_map(|found| line(rolls, found, stored)).collect();
    let conclusive = lines.iter().filter(|line| line.kind == FlagKind::Conclusive).count();
    let leads = lines.len() - conclusive;
    talk(format_args!(
        "{rows} rows checked as of {on}: {conclusive} conclusive findings, {leads} leads"
    ));
    let heading = ["file", "row", "rule", "sev", "kind", "fen", "why"];
    session.out.list(&heading, &lines, |line| {
        vec![
            line.file.clone(),
            line.row.to_string(),
            line.rule.to_owned(),
            format!("{:?}", line.severity),
            if line.kind == FlagKind::Conclusive { "conclusive" } else { "lead" }.to_owned(),
            line.money_at_risk.0.to_string(),
            format!("{} {} / {} {}", line.title_zh, line.why_zh, line.title_en, line.why),
        ]
    });
    if conclusive == 0 {
        return Ok(());
    }
    Err(CliError::failed_check(format!("{conclusive} conclusive findings stand"))
        .hinted("take those rows out, or have what they rest on corrected, before paying"))
}

/// Today, or the first day of the latest month that is paid, if that is later.
fn day_judged(today: Day, rolls: &[Read]) -> Day {
    let months = rolls.iter().filter_map(|read| read.roll.month);
    months.map(|month| month.first_day()).chain([today]).max().unwrap_or(today)
}

/// Every finding on every row it rests on, in the order of files and rows, gravest first. What
/// the ledger already knew of the person and does not rest on a row is not of this payroll.
fn findings<'a>(preview: &Preview, flags: &'a [Flag]) -> Vec<(CheckedRow, &'a Flag)> {
    let mut found = Vec::new();
    for flag in flags {
        let rows = flag.evidence.iter().filter_map(|index| preview.rows.get(index));
        let mut rows: Vec<CheckedRow> = rows.copied().collect();
        rows.sort_unstable();
        rows.dedup();
        found.extend(rows.into_iter().map(|row| (row, flag)));
    }
    found.sort_by(|(row, flag), (other, than)| row.cmp(other).then_with(|| flag.cmp(than)));
    found
}

fn line(rolls: &[Read], (at, flag): &(CheckedRow, &Flag), stored: u64) -> Option<Line> {
    let read = rolls.get(at.roll)?;
    Some(Line {
        file: read.name.clone(),
        sheet: read.roll.sheets.as_slice().get(at.sheet)?.name.clone(),
        row: at.row,
        rule: flag.rule.id,
        version: flag.rule.version,
        severity: flag.severity,
        kind: flag.kind,
        programme: flag.programme.map_or_else(String::new, |programme| programme.to_string()),
        month: flag.month,
        money_at_risk: flag.money_at_risk,
        evidence: flag.evidence.iter().copied().filter(|index| *index < stored).collect(),
        title_zh: flag.rule.title_zh,
        title_en: flag.rule.title_en,
        why: flag.why.en.clone(),
        why_zh: flag.why.zh.clone(),
        todo: flag.rule.todo_en,
        todo_zh: flag.rule.todo_zh,
    })
}

/// What is written beside each row of the copy.
fn notes(found: &[(CheckedRow, &Flag)], read: &Read) -> Notes {
    let mut notes = Notes::new();
    let mut add = |place, doubt: &str, ground: &str| {
        let note: &mut Note = notes.entry(place).or_default();
        for (text, more) in [(&mut note.doubt, doubt), (&mut note.ground, ground)] {
            if !text.is_empty() {
                text.push('；');
            }
            text.push_str(more);
        }
    };
    for (at, flag) in found {
        let kind = if flag.kind == FlagKind::Conclusive { "" } else { "（线索）" };
        let doubt = format!("{} {}{kind}", flag.rule.id, flag.rule.title_zh);
        add((at.sheet, at.row), &doubt, &flag.why.zh);
    }
    for rejected in &read.unchecked.rejected {
        let sheet = read.roll.sheets.iter().position(|sheet| sheet.name == rejected.sheet);
        if let Some(sheet) = sheet {
            add((sheet, rejected.row), "未核查", &rejected.why.to_string());
        }
    }
    notes
}
