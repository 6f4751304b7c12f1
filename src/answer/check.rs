//! Payrolls that are not paid yet, judged by every rule as if they were recorded.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AskError, Records};
use crate::crypto::SecretKey;
use crate::event::{FlagKind, Severity};
use crate::ledger::Pen;
use crate::rolls::{
    CheckedRow, Form, ImportError, ImportOptions, Importer, IndexedRows, Note, Notes, Preview,
    RefusedRow, Rejected, Roll, RollError, RollKind, Unchecked, annotate,
};
use crate::rules::Flag;
use crate::value::{Day, DivisionCode, Fen, Lang, Month};

/// A payroll that was read.
pub(crate) struct ReadRoll {
    pub(crate) name: String,
    pub(crate) roll: Roll,
    pub(crate) unchecked: Unchecked,
}

/// One finding on one row as it is shown.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct FindingLine {
    pub(crate) file: String,
    sheet: Option<String>,
    pub(crate) row: u32,
    pub(crate) rule: Cow<'static, str>,
    version: u16,
    pub(crate) severity: Severity,
    pub(crate) kind: FlagKind,
    programme: String,
    month: Option<Month>,
    pub(crate) money_at_risk: Fen,
    /// Entries on the ledger that it rests on.
    evidence: Vec<u64>,
    pub(crate) title_zh: Cow<'static, str>,
    pub(crate) title_en: Cow<'static, str>,
    pub(crate) why: String,
    pub(crate) why_zh: String,
    todo: Cow<'static, str>,
    todo_zh: Cow<'static, str>,
}

/// A row that nothing was done with, and why.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct LeftRow {
    pub(crate) file: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sheet: Option<String>,
    /// As a person counts it; 0 for what has no row.
    pub(crate) row: u32,
    pub(crate) why: String,
    /// Why, in Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) why_zh: Option<String>,
}

/// Payrolls with what was found on them, as they are shown.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct CheckedRolls {
    /// What they are, in their order, each kind once.
    pub(crate) kind: String,
    /// What offices call such rolls.
    pub(crate) kind_zh: String,
    pub(crate) kind_en: String,
    /// The day judged.
    pub(crate) on: Day,
    pub(crate) rows: usize,
    /// Headers of the files that mean nothing for their kind: nothing below them was read.
    #[serde(default)]
    pub(crate) unread_columns: Vec<String>,
    pub(crate) conclusive: usize,
    pub(crate) findings: Vec<FindingLine>,
    pub(crate) not_checked: Vec<LeftRow>,
}

impl LeftRow {
    pub(crate) fn rejected(file: &str, rejected: &Rejected) -> Self {
        let Rejected { sheet, row, why } = rejected;
        let (file, sheet) = (file.to_owned(), sheet.clone());
        Self { file, sheet, row: *row, why: why.to_string(), why_zh: Some(why.in_chinese()) }
    }

    pub(crate) fn refused(file: &str, refused: &RefusedRow) -> Self {
        let RefusedRow { sheet, row, rejection } = refused;
        let (row, why) = (row.unwrap_or_default(), rejection.to_string());
        let why_zh = Some(format!("{}（{}）", rejection.message_zh, rejection.rule));
        Self { file: file.to_owned(), sheet: sheet.clone(), row, why, why_zh }
    }
}

/// Payrolls with what was found on them.
pub(crate) struct Checked {
    preview: Preview,
    flags: Vec<Flag>,
    stored: u64,
}

impl ReadRoll {
    pub(crate) fn new(name: String, roll: Roll) -> Self {
        Self { name, roll, unchecked: Unchecked::default() }
    }
}

/// Today, or the first day of the latest month that is paid, if that is later.
pub(crate) fn day_judged(today: Day, rolls: &[ReadRoll]) -> Day {
    let months = rolls.iter().filter_map(|read| read.roll.month);
    months.map(|month| month.first_day()).chain([today]).max().unwrap_or(today)
}

impl Checked {
    /// Judges payrolls that a division would pay; what could not be checked is put beside each.
    /// The error names the roll by its place.
    pub(crate) fn of(
        records: &Records<'_>,
        rolls: &mut [ReadRoll],
        division: DivisionCode,
        on: Day,
    ) -> Result<Self, (usize, ImportError)> {
        let ledger = records.ledger;
        let first = |error: ImportError| (0, error);
        // Nobody's pen: nothing is signed.
        let key = SecretKey::generate().map_err(|error| first(error.into()))?;
        let pen = Pen::new(key, "", ledger.origin().as_str(), ledger.clock());
        let known = IndexedRows::new(records.index, ledger);
        let options = ImportOptions { division, complete: false, dry_run: true, at: on };
        let importer = Importer { ledger, known: &known, pen: &pen, options };
        let mut preview = Preview::default();
        for (number, read) in rolls.iter_mut().enumerate() {
            let added = importer.preview(&read.roll, &mut preview);
            read.unchecked = added.map_err(|error| (number, error))?;
        }
        Ok(Self { preview, flags: Vec::new(), stored: ledger.len() })
    }

    /// Asks the rules.
    pub(crate) fn judge(&mut self, records: &Records<'_>, on: Day) -> Result<(), AskError> {
        let persons: Vec<_> = self.preview.persons.iter().copied().collect();
        let book = records.ledger.with_state(|state| state.policies.clone())?;
        self.flags = records.index.flags_with(&self.preview.records, &persons, &*book, on)?;
        Ok(())
    }

    /// Every finding on every row it rests on, in the order of files and rows, gravest first. What
    /// the ledger already knew of the person and does not rest on a row is not of this payroll.
    pub(crate) fn findings(&self) -> Vec<(CheckedRow, &Flag)> {
        let mut found = Vec::new();
        for flag in &self.flags {
            let rows = flag.evidence.iter().filter_map(|index| self.preview.rows.get(index));
            let mut rows: Vec<CheckedRow> = rows.copied().collect();
            rows.sort_unstable();
            rows.dedup();
            found.extend(rows.into_iter().map(|row| (row, flag)));
        }
        found.sort_by(|(row, flag), (other, than)| row.cmp(other).then_with(|| flag.cmp(than)));
        found
    }

    /// A copy of the first roll, with what was found beside each row.
    pub(crate) fn copy(
        &self,
        bytes: &[u8],
        read: &ReadRoll,
        form: Form,
    ) -> Result<Vec<u8>, RollError> {
        annotate(bytes, &read.roll, &notes(&self.findings(), read), form)
    }

    /// All of it as it is shown.
    pub(crate) fn shown(&self, rolls: &[ReadRoll], on: Day) -> CheckedRolls {
        let found = self.findings();
        let lines = found.iter().filter_map(|(at, flag)| line(rolls, *at, flag, self.stored));
        let findings: Vec<FindingLine> = lines.collect();
        let conclusive = findings.iter().filter(|line| line.kind == FlagKind::Conclusive);
        let mut kinds: Vec<RollKind> = Vec::new();
        let mut not_checked = Vec::new();
        for ReadRoll { name, roll, unchecked } in rolls {
            if !kinds.contains(&roll.kind) {
                kinds.push(roll.kind);
            }
            not_checked.extend(unchecked.rejected.iter().map(|row| LeftRow::rejected(name, row)));
            not_checked.extend(unchecked.refused.iter().map(|row| LeftRow::refused(name, row)));
        }
        let titles = |lang| kinds.iter().map(|kind| kind.title(lang)).collect::<Vec<_>>();
        CheckedRolls {
            kind: kinds.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            kind_zh: titles(Lang::Zh).join("、"),
            kind_en: titles(Lang::En).join(", "),
            on,
            rows: rolls.iter().map(|read| read.roll.rows.len()).sum(),
            unread_columns: rolls.iter().flat_map(|read| read.roll.unread_columns()).collect(),
            conclusive: conclusive.count(),
            not_checked,
            findings,
        }
    }
}

fn line(rolls: &[ReadRoll], at: CheckedRow, flag: &Flag, stored: u64) -> Option<FindingLine> {
    let read = rolls.get(at.roll)?;
    Some(FindingLine {
        file: read.name.clone(),
        sheet: read.roll.sheets.as_slice().get(at.sheet)?.name.clone(),
        row: at.row,
        rule: flag.rule.id.into(),
        version: flag.rule.version,
        severity: flag.severity,
        kind: flag.kind,
        programme: flag.programme.map_or_else(String::new, |programme| programme.to_string()),
        month: flag.month,
        money_at_risk: flag.money_at_risk,
        evidence: flag.evidence.iter().copied().filter(|index| *index < stored).collect(),
        title_zh: flag.rule.title_zh.into(),
        title_en: flag.rule.title_en.into(),
        why: flag.why.en.clone(),
        why_zh: flag.why.zh.clone(),
        todo: flag.rule.todo_en.into(),
        todo_zh: flag.rule.todo_zh.into(),
    })
}

/// What is written beside each row of the copy.
fn notes(found: &[(CheckedRow, &Flag)], read: &ReadRoll) -> Notes {
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
            add((sheet, rejected.row), "未核查", &rejected.why.in_chinese());
        }
    }
    notes
}
