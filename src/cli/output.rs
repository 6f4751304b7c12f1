//! The one place that writes to standard output: JSON for programs, tables for people.
//!
//! With `--json` a command prints one document, or one object per line for a list; else aligned
//! text. Talk goes to standard error and is never read by programs. A reader that went away ends
//! the command quietly with its own exit code.

use std::io::{self, BufWriter, Stdout, Write};

use serde::Serialize;
use serde_json::json;

use super::error::{self, CliError, Kind};

/// Standard output, in the form that was asked for.
pub(super) struct Output {
    json: bool,
    out: BufWriter<Stdout>,
    failed: Option<io::Error>,
}

impl Output {
    pub(super) fn new(json: bool) -> Self {
        Self { json, out: BufWriter::new(io::stdout()), failed: None }
    }

    /// One document: JSON, or for people a line for each field.
    pub(super) fn document<T: Serialize>(&mut self, value: &T, fields: &[(&str, String)]) {
        if self.json {
            return self.json_line(value);
        }
        let width = fields.iter().map(|(name, _)| columns(name)).max().unwrap_or_default();
        for (name, value) in fields {
            let line = format!("{name}{}  {value}", " ".repeat(width - columns(name)));
            self.line(line.trim_end());
        }
    }

    /// A list: one JSON object per line, or for people a table with a heading.
    pub(super) fn list<T: Serialize>(
        &mut self,
        heading: &[&str],
        rows: &[T],
        cells: impl Fn(&T) -> Vec<String>,
    ) {
        if self.json {
            return rows.iter().for_each(|row| self.json_line(row));
        }
        let rows: Vec<Vec<String>> = rows.iter().map(cells).collect();
        let mut widths: Vec<usize> = heading.iter().map(|name| columns(name)).collect();
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = columns(cell).max(*width);
            }
        }
        let heading: Vec<String> = heading.iter().map(|name| (*name).to_owned()).collect();
        for row in std::iter::once(&heading).chain(&rows) {
            let cells = row.iter().zip(&widths);
            let padded =
                cells.map(|(cell, width)| cell.clone() + &" ".repeat(width - columns(cell)));
            let line = padded.collect::<Vec<_>>().join("  ");
            self.line(line.trim_end());
        }
    }

    /// Lines for programs alone: people are told otherwise.
    pub(super) fn json_only<T: Serialize>(&mut self, rows: impl Iterator<Item = T>) {
        if self.json {
            rows.for_each(|row| self.json_line(&row));
        }
    }

    /// A text that is data by itself, such as a checkpoint: as it is, or as a field of the
    /// document given.
    pub(super) fn text<T: Serialize>(&mut self, value: &T, text: &str) {
        if self.json {
            return self.json_line(value);
        }
        let written = self.out.write_all(text.as_bytes());
        self.note(written);
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// Nobody reads any more, or the disk behind it is full.
    pub(super) fn finish(&mut self) -> Result<(), CliError> {
        let flushed = self.out.flush();
        self.note(flushed);
        match self.failed.take() {
            None => Ok(()),
            Some(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                Err(CliError::broken_pipe())
            }
            Some(error) => Err(CliError::refused(format!("writing the output: {error}"))),
        }
    }

    fn json_line<T: Serialize>(&mut self, value: &T) {
        let written = serde_json::to_writer(&mut self.out, value)
            .map_err(io::Error::from)
            .and_then(|()| self.out.write_all(b"\n"));
        self.note(written);
    }

    fn line(&mut self, text: &str) {
        let written = writeln!(self.out, "{text}");
        self.note(written);
    }

    fn note(&mut self, written: io::Result<()>) {
        self.failed = self.failed.take().or(written.err());
    }
}

/// Says something to the person at the terminal.
pub(super) fn talk(text: impl std::fmt::Display) {
    // Nobody may be listening: what matters went to standard output.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Says how a command ended that did not end well.
pub(super) fn report(error: &CliError, as_json: bool) {
    if error.kind() == Kind::BrokenPipe {
        return;
    }
    if as_json {
        let mut fields = json!({ "kind": error.kind().name(), "message": error.message() });
        if let Some(ruled) = error.ruled() {
            fields["rule"] = ruled.rule.as_ref().into();
            fields["code"] = ruled.code.as_ref().into();
        }
        if let Some(hint) = error.hint() {
            fields["hint"] = hint.into();
        }
        if let Some(said) = error.in_chinese() {
            fields["message_zh"] = said.message.as_str().into();
            fields["hint_zh"] = said.hint.as_str().into();
        }
        return talk(json!({ "error": fields }));
    }
    talk(format_args!("error: {}", error.message()));
    if let Some(hint) = error.hint() {
        talk(format_args!("hint: {hint}"));
    }
    if let Some(said) = error.in_chinese() {
        talk(format_args!("错误: {}\n提示: {}", said.message, said.hint));
    }
    if error.kind().exit_code() == error::INTERNAL {
        talk("this is a fault of the program; nothing that was acknowledged is lost");
    }
}

/// Columns a text takes on a terminal: Chinese characters and signs take two.
fn columns(text: &str) -> usize {
    let wide = |c: char| matches!(c, '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{FF60}');
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_two_columns() {
        assert_eq!(columns("审计局 a"), 8);
    }
}
