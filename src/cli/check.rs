//! `check`: every rule on payrolls before the money leaves.

use std::{
    io::{Cursor, Write},
    path::PathBuf,
};

use clap::Args;
use serde::Serialize;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    error::CliError,
    folder, import,
    output::talk,
    reading::Reading,
    remote::{self, AskArgs, Query, Remote},
    session::{Session, Vault, today},
};
use crate::answer::check::{Checked, CheckedRolls, LeftRow, ReadRoll, day_judged};
use crate::event::FlagKind;
use crate::rolls::{FILE_BYTES_MAX, Form, Hint, RollError, RollKind, read_roll};
use crate::value::{Day, DivisionCode, Month};

/// Check payrolls that are not paid yet: every rule, as if they were recorded (发放前核查)
///
/// Nothing is written to the ledger. Exit 1 when a conclusive finding stands, or a row could not be
/// checked. With --json each finding is a line, and each row that could not be checked one with
/// `not_checked`. With -o a copy of the roll has two more columns, 疑点 and 依据; it holds what the roll
/// holds, personal data too.
#[derive(Args)]
pub(super) struct Check {
    /// Payrolls, lists of works or of households, or folders of them
    #[arg(value_name = "ROLL", required = true)]
    files: Vec<PathBuf>,
    /// What the roll is, when headers, title and name do not decide
    #[arg(long, value_name = "KIND")]
    kind: Option<RollKind>,
    /// Its benefit month, when title and name do not decide
    #[arg(long, value_name = "YYYY-MM")]
    month: Option<Month>,
    /// The division that pays; the default is the ledger's, with --server the asker's
    #[arg(long, value_name = "CODE")]
    division: Option<DivisionCode>,
    /// Judge this day; the default is today, or the first day of a later month that is paid
    #[arg(long, value_name = "DATE")]
    on: Option<Day>,
    /// Where to write the annotated copy of the one roll, .csv or .xlsx
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    ask: AskArgs,
}

/// What goes over HTTP as it is.
const MEDIA: &str = "application/octet-stream";

/// Who knows what is on the ledger.
enum Source {
    Server(Box<Remote>),
    Folder(Box<Reading>),
}

impl Check {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let form = self.form()?;
        // Reading the files and opening the ledger take about as long, so they go side by side;
        // what is wrong with the files is said first.
        let (read, from) = rayon::join(
            || self.read(),
            || -> Result<Source, CliError> {
                Ok(match self.ask.open(session)? {
                    Some(remote) => Source::Server(Box::new(remote)),
                    None => {
                        let ledger = session.open_to_read(Vault::Needed)?;
                        Source::Folder(Box::new(Reading::of(ledger)?))
                    }
                })
            },
        );
        let (files, mut rolls) = read?;
        if form.is_some() && rolls.len() != 1 {
            return Err(CliError::usage("-o writes the copy of one roll")
                .hinted("check the rolls one by one"));
        }
        let (checked, copy) = match from? {
            Source::Server(remote) => {
                let checked = self.asked(&remote, &files, &rolls)?;
                let one = form.zip(files.first().zip(rolls.first()));
                let copy = one.map(|((path, form), (bytes, read))| {
                    let mut query = self.query();
                    query.add("name", Some(&read.name));
                    query.add("on", Some(checked.on));
                    let form = if form == Form::Csv { "csv" } else { "xlsx" };
                    query.add("form", Some(form));
                    let address = format!("/v1/rolls/annotated{query}");
                    remote.post_bytes(&address, MEDIA, bytes).map(|copy| (path, copy))
                });
                (checked, copy.transpose()?)
            }
            Source::Folder(reading) => {
                let on = self.on.unwrap_or_else(|| day_judged(today(&reading.ledger), &rolls));
                let records = reading.records();
                let division = self.division(&reading)?;
                let mut checked = Checked::of(&records, &mut rolls, division, on)
                    .map_err(|(number, error)| CliError::from(error).during(&rolls[number].name))?;
                checked.judge(&records, on)?;
                let one = form.zip(files.first().zip(rolls.first()));
                let copy = one.map(|((path, form), (bytes, read))| {
                    let copy = checked
                        .copy(bytes, read, form)
                        .map_err(|error| CliError::refused(error.to_string()).during(&read.name));
                    copy.map(|copy| (path, copy))
                });
                (checked.shown(&rolls, on), copy.transpose()?)
            }
        };
        if let Some((path, copy)) = copy {
            folder::write_new(&path, &copy)?;
            talk(format_args!("{}: the copy with its findings", path.display()));
        }
        print(session, &checked)
    }

    /// What is said of the rolls.
    fn query(&self) -> Query {
        let mut query = Query::default();
        query.add("kind", self.kind);
        query.add("month", self.month);
        query.add("division", self.division);
        query
    }

    /// Has a server check the rolls: one as it is, several together in an archive.
    fn asked(
        &self,
        remote: &Remote,
        files: &[Vec<u8>],
        rolls: &[ReadRoll],
    ) -> Result<CheckedRolls, CliError> {
        let mut query = self.query();
        query.add("on", self.on);
        let answer = match (files, rolls) {
            ([bytes], [read]) => {
                query.add("name", Some(&read.name));
                remote.post(&format!("/v1/rolls/check{query}"), MEDIA, bytes)?
            }
            _ => {
                let packed = pack(files, rolls)
                    .map_err(|error| CliError::refused(format!("packing the rolls: {error}")))?;
                remote.post(&format!("/v1/rolls/check{query}"), "application/zip", &packed)?
            }
        };
        remote::parse(&answer?)
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

    /// The payrolls, bytes and what was read from them.
    fn read(&self) -> Result<(Vec<Vec<u8>>, Vec<ReadRoll>), CliError> {
        let hint = Hint { kind: self.kind, month: self.month };
        let (mut files, mut rolls) = (Vec::new(), Vec::new());
        for file in import::expand(&self.files)? {
            let bytes = folder::read(&file.path, FILE_BYTES_MAX as u64)?;
            match read_roll(&file.name, &bytes, &hint) {
                Ok(roll) => {
                    files.push(bytes);
                    rolls.push(ReadRoll::new(file.name, roll));
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
        Ok((files, rolls))
    }

    /// The division that pays.
    fn division(&self, reading: &Reading) -> Result<DivisionCode, CliError> {
        let own = |state: &crate::domain::State| state.genesis.as_ref().map(|own| own.division);
        self.division.or(reading.ledger.with_state(own)?).ok_or_else(|| {
            CliError::refused("the ledger has no division yet").hinted("run `mingzheng init` first")
        })
    }
}

/// The rolls in one archive, each in a folder of its own: two may have the same name.
fn pack(files: &[Vec<u8>], rolls: &[ReadRoll]) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (number, (bytes, read)) in files.iter().zip(rolls).enumerate() {
        zip.start_file(format!("{number}/{}", read.name), SimpleFileOptions::default())?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// A row about which nothing is known, as a line beside the findings.
#[derive(Serialize)]
struct NotChecked<'a> {
    not_checked: &'a LeftRow,
}

/// Prints the findings; conclusive ones are a failed check.
fn print(session: &mut Session, checked: &CheckedRolls) -> Result<(), CliError> {
    let CheckedRolls { on, rows, conclusive, findings, not_checked, .. } = checked;
    for left in not_checked {
        talk(format_args!("{}: row {}: not checked: {}", left.file, left.row, left.why));
    }
    let leads = findings.len() - conclusive;
    talk(format_args!(
        "{rows} rows checked as of {on}: {conclusive} conclusive findings, {leads} leads"
    ));
    let heading = ["file", "row", "rule", "sev", "kind", "fen", "why"];
    session.out.list(&heading, findings, |line| {
        vec![
            line.file.clone(),
            line.row.to_string(),
            line.rule.to_string(),
            format!("{:?}", line.severity),
            if line.kind == FlagKind::Conclusive { "conclusive" } else { "lead" }.to_owned(),
            line.money_at_risk.0.to_string(),
            format!("{} {} / {} {}", line.title_zh, line.why_zh, line.title_en, line.why),
        ]
    });
    // Programs read of them where they read the findings; people were told above.
    session.out.json_only(not_checked.iter().map(|left| NotChecked { not_checked: left }));
    if *conclusive > 0 {
        return Err(CliError::failed_check(format!("{conclusive} conclusive findings stand"))
            .hinted("take those rows out, or have what they rest on corrected, before paying"));
    }
    if !not_checked.is_empty() {
        return Err(CliError::failed_check(format!("{} rows were not checked", not_checked.len()))
            .hinted("correct them and check again: nothing is known about them"));
    }
    Ok(())
}
