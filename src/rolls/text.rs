//! Text files: bytes to text, text to a sheet.
//!
//! UTF-8 with or without a byte order mark, else GB18030 (which holds GBK and GB2312); what is
//! neither is refused as a whole, because a replaced character could be a digit of a number.
//! Rows are counted as a spreadsheet shows them: blank lines count, a line break inside quotes
//! does not.

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::GB18030;
use zeroize::Zeroizing;

use super::{
    error::RollError,
    read::Encoding,
    sheet::{Sheet, Value},
};

/// Signs that separate columns in files offices export.
const SEPARATORS: [u8; 3] = [b',', b'\t', b';'];
/// Lines looked at to tell the separator: titles and the header.
const SEPARATOR_LINES: usize = 30;

/// Reads a text file.
pub(super) fn read(bytes: &[u8]) -> Result<(Encoding, Sheet), RollError> {
    let (encoding, text) = decode(bytes)?;
    let start = text.trim_start().get(..5).map(str::to_ascii_lowercase);
    if matches!(start.as_deref(), Some("<html" | "<!doc" | "<?xml" | "<tabl")) {
        return Err(RollError::Markup);
    }
    Ok((encoding, split(&text)?))
}

/// The sign that separates a text file's columns.
pub(super) fn separator_of(bytes: &[u8]) -> Result<u8, RollError> {
    Ok(separator(&decode(bytes)?.1))
}

fn decode(bytes: &[u8]) -> Result<(Encoding, Zeroizing<String>), RollError> {
    let (encoding, text) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (Encoding::Utf8Bom, str::from_utf8(rest).ok().map(str::to_owned)),
        None => match str::from_utf8(bytes) {
            Ok(text) => (Encoding::Utf8, Some(text.to_owned())),
            Err(_) => {
                let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes);
                (Encoding::Gb18030, text.map(std::borrow::Cow::into_owned))
            }
        },
    };
    let text = Zeroizing::new(text.ok_or(RollError::Undecodable)?);
    // No text of an office holds a zero character; UTF-16 and other binary forms do.
    if text.contains('\0') { Err(RollError::Undecodable) } else { Ok((encoding, text)) }
}

fn split(text: &str) -> Result<Sheet, RollError> {
    let mut sheet = Sheet::new(None, text.len());
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(text))
        .from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut row = 0_u32;
    let mut end = 0_usize;
    loop {
        let start = end;
        if !reader.read_record(&mut record).map_err(|_| RollError::Undecodable)? {
            return Ok(sheet);
        }
        end = usize::try_from(reader.position().byte()).map_or(text.len(), |at| at.min(text.len()));
        let raw = &text.as_bytes()[start..end];
        row = row
            .saturating_add(1 + blank_lines(raw, start > 0 && text.as_bytes()[start - 1] == b'\r'));
        if end == text.len() && raw.iter().filter(|b| **b == b'"').count() % 2 == 1 {
            return Err(RollError::UnclosedQuote { row });
        }
        for (column, field) in record.iter().enumerate() {
            sheet.push(row, column, Value::Text(field))?;
        }
    }
}

/// Blank lines before a record, which the reader skips. A line feed that belongs to the carriage
/// return before it is none.
fn blank_lines(raw: &[u8], after_return: bool) -> u32 {
    let mut lines = 0;
    let mut rest = if after_return { raw.strip_prefix(b"\n").unwrap_or(raw) } else { raw };
    while let Some(next) = [&b"\r\n"[..], b"\n", b"\r"].iter().find_map(|e| rest.strip_prefix(*e)) {
        lines += 1;
        rest = next;
    }
    lines
}

/// The separator that stands most often in the first lines.
fn separator(text: &str) -> u8 {
    let head = || text.lines().take(SEPARATOR_LINES).flat_map(str::bytes);
    let count = |sign: u8| head().filter(|byte| *byte == sign).count();
    // The comma wins ties: the last of equals is taken, so it comes last.
    SEPARATORS.into_iter().rev().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u32, Vec<String>)> {
        let sheet = split(text).unwrap();
        let cell = |row, at| match sheet.value(row, at) {
            Value::Text(text) => text.to_owned(),
            _ => String::new(),
        };
        (0..sheet.rows())
            .map(|row| (sheet.number(row), (0..sheet.width(row)).map(|at| cell(row, at)).collect()))
            .collect()
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_shows_them() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["", "a,b", ",", "", "\"c\nc\",d", "", "", "e"].join(end);
            let found: Vec<u32> = rows(&text).into_iter().map(|(number, _)| number).collect();
            assert_eq!(found, [2, 5, 8], "{end:?}");
            assert_eq!(rows(&text)[1].1, ["c\nc", "d"]);
        }
    }

    #[test]
    fn separators_are_told_apart() {
        assert_eq!(rows("a\tb\nc\td")[1].1, ["c", "d"]);
        assert_eq!(rows("a;b\nc;d")[1].1, ["c", "d"]);
        assert_eq!(rows("a,b\nc,d;e")[1].1, ["c", "d;e"]);
        assert_eq!(separator(""), b',');
    }

    #[test]
    fn encodings() {
        let gbk = GB18030.encode("姓名,𠮷").0;
        assert_eq!(decode(&gbk).unwrap().0, Encoding::Gb18030);
        assert_eq!(&**decode(&gbk).unwrap().1, "姓名,𠮷");
        assert_eq!(decode("\u{FEFF}姓名".as_bytes()).unwrap().0, Encoding::Utf8Bom);
        assert_eq!(decode("姓名".as_bytes()).unwrap().0, Encoding::Utf8);
        for bad in [&b"\xD0\xD5\xFF"[..], b"\xFF\xFEa\0b\0", b"\xEF\xBB\xBF\xD0\xD5", b"a\0"] {
            assert_eq!(decode(bad).map(|_| ()), Err(RollError::Undecodable));
        }
    }

    #[test]
    fn an_open_quote_is_refused() {
        let open = "a,b\n1,\"2\n3,4\n";
        assert_eq!(split(open).map(|_| ()), Err(RollError::UnclosedQuote { row: 2 }));
        assert_eq!(rows("a,b\"c\n1,2")[1].1, ["1", "2"]);
        let html = read(b"<HTML><table>").map(|_| ());
        assert_eq!(html, Err(RollError::Markup));
    }
}
