//! Counts and sums as readers see them.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AskError;
use crate::projection::{Of, Projection, Sum};
use crate::value::{DivisionCode, Month};

/// One count or sum as it is shown.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct SumLine {
    pub(crate) what: Cow<'static, str>,
    pub(crate) name: String,
    pub(crate) month: Option<Month>,
    pub(crate) division: Option<DivisionCode>,
    #[serde(flatten)]
    pub(crate) sum: Sum,
}

/// Events by type, certificates issued by month and division, and money by programme, month and
/// division, in order of their places.
pub(crate) fn statistics(index: &Projection) -> Result<Vec<SumLine>, AskError> {
    let line = |(of, sum)| match of {
        Of::Events(name) => {
            SumLine { what: "events".into(), name, month: None, division: None, sum }
        }
        Of::Paid { programme, month, division } => SumLine {
            what: "paid".into(),
            name: programme.to_string(),
            month,
            division: Some(division),
            sum,
        },
        Of::Returned { programme, month, division } => SumLine {
            what: "returned".into(),
            name: programme.to_string(),
            month,
            division: Some(division),
            sum,
        },
        Of::Issued { month, division } => SumLine {
            what: "issued".into(),
            name: "certificate".to_owned(),
            month: Some(month),
            division: Some(division),
            sum,
        },
    };
    let mut lines: Vec<SumLine> = index.statistics()?.into_iter().map(line).collect();
    lines.sort_by_cached_key(SumLine::place);
    Ok(lines)
}

impl SumLine {
    /// Its place in the list, which no other line has: what, name, month and division.
    pub(crate) fn place(&self) -> String {
        let month = self.month.map(|month| month.to_string()).unwrap_or_default();
        let division = self.division.map(|division| division.to_string()).unwrap_or_default();
        format!("{}.{}.{month}.{division}", self.what, self.name)
    }
}
