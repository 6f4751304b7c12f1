//! `check`: every rule on payrolls before the money leaves.

use std::path::PathBuf;

use clap::Args;

use super::{
    error::CliError,
    folder, import,
    output::talk,
    reading::Reading,
    session::{Session, Vault, today},
};
use crate::answer::check::{Checked, ReadRoll, day_judged};
use crate::event::FlagKind;
use crate::rolls::{FILE_BYTES_MAX, Form, Hint, RollError, RollKind, read_roll};
use crate::value::{Day, DivisionCode, Month};

/// Check payrolls that are not paid yet: every rule, as if they were recorded (发放前核查)
///
/// Nothing is written to the ledger. Exit 1 when a conclusive finding stands. With -o a copy of
/// the roll has two more columns, 疑点 and 依据; it holds what the roll holds, personal data too.
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

impl Check {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let form = self.form()?;
        let (files, mut rolls) = self.read()?;
        if form.is_some() && rolls.len() != 1 {
            return Err(CliError::usage("-o writes the copy of one roll")
                .hinted("check the rolls one by one"));
        }
        let reading = Reading::of(session.open_to_read(Vault::Needed)?)?;
        let on = self.on.unwrap_or_else(|| day_judged(today(&reading.ledger), &rolls));
        let records = reading.records();
        let division = self.division(&reading)?;
        let mut checked = Checked::of(&records, &mut rolls, division, on)
            .map_err(|(number, error)| CliError::from(error).during(&rolls[number].name))?;
        checked.judge(&records, on)?;
        if let (Some((path, form)), [bytes], [read]) = (form, files.as_slice(), rolls.as_slice()) {
            let copy = checked
                .copy(bytes, read, form)
                .map_err(|error| CliError::refused(error.to_string()).during(&read.name))?;
            folder::write_new(&path, &copy)?;
            talk(format_args!("{}: the copy with its findings", path.display()));
        }
        print(session, &rolls, &checked, on)
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

/// Prints the findings; conclusive ones are a failed check.
fn print(
    session: &mut Session,
    rolls: &[ReadRoll],
    checked: &Checked,
    on: Day,
) -> Result<(), CliError> {
    let mut rows = 0;
    for ReadRoll { name, roll, unchecked } in rolls {
        rows += roll.rows.len();
        for rejected in &unchecked.rejected {
            talk(format_args!("{name}: row {}: not checked: {}", rejected.row, rejected.why));
        }
        for refused in &unchecked.refused {
            let row = refused.row.unwrap_or_default();
            talk(format_args!("{name}: row {row}: not checked: {}", refused.rejection));
        }
    }
    let lines = checked.lines(rolls);
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
