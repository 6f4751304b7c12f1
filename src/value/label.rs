//! Short clear texts that may stand in hashed data.

use std::{fmt, str::FromStr, sync::Arc};

use super::{Malformed, text_value};

/// A short clear text: the name of an institution, a township, a document number, a reason.
///
/// 1 to 200 bytes, no control characters, no outer spaces, and no run of nine or more digits, so
/// that an ID number, a telephone number or an account cannot slip into hashed data (I37).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(Arc<str>);

impl Label {
    /// Longest text, in bytes.
    pub const LEN_MAX: usize = 200;
    /// Longest run of digits.
    pub const DIGITS_MAX: usize = 8;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl FromStr for Label {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = |why| Err(Malformed::new("label", why));
        if text.is_empty() || text.len() > Self::LEN_MAX {
            return wrong("1 to 200 bytes");
        }
        if text.chars().any(char::is_control) || text.trim() != text {
            return wrong("no control characters, no outer spaces");
        }
        let mut run = 0;
        for c in text.chars() {
            run = if c.is_numeric() { run + 1 } else { 0 };
            if run > Self::DIGITS_MAX {
                return wrong("no run of nine or more digits (looks like personal data)");
            }
        }
        Ok(Self(text.into()))
    }
}

/// Length in characters; the limit in bytes is for the parser.
const PATTERN: &str = concat!(
    "^(?=.{1,200}$)(?!.*[0-9０-９]{9})",
    "(?!.*[\\u0000-\\u001f\\u007f-\\u009f])\\S(.*\\S)?$"
);
text_value!(Label, "label", PATTERN);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_refuse_what_looks_like_personal_data() {
        assert!("驿城区残疾评定定点机构乙".parse::<Label>().is_ok());
        assert!("残联发〔2017〕34号".parse::<Label>().is_ok());
        for bad in
            ["", " a", "a\nb", "李某 11010519491231002X", "10012345678", "１００１２３４５６"]
        {
            assert!(bad.parse::<Label>().is_err(), "{bad:?}");
        }
        assert!("字".repeat(67).parse::<Label>().is_err());
    }
}
