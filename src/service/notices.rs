//! Public notices: what hangs now, masked (domain 5.2), for anybody.

use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    App,
    answer::{Current, Page},
    extract::Query,
    page::{AFTER, DIVISION, LIMIT, cut},
    problem::Problem,
    row::{Access, Param, Row, json},
};
use crate::answer::{Records, notice::shown, today};
use crate::event::{Body, NoticePosted};
use crate::projection::Who;
use crate::value::{CaseId, Day, DivisionCode, Label, Subject};

/// Under this age nothing is shown, whatever a policy says.
const ADULT_YEARS: i32 = 18;

/// The rows of this file.
pub(crate) fn rows() -> Vec<Row> {
    const QUERY: &[Param] = &[DIVISION, AFTER, LIMIT];
    vec![
        Row::get("/v1/notices", list)
            .access(Access::Public)
            .doc("notices", "The masked public notices that hang now; none of a minor")
            .query(QUERY)
            .gives(json::<Page<Notice>>()),
    ]
}

/// A notice as anybody sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Notice {
    /// Surname and mask; absent when it was erased, when the vault is not open, or when the notice
    /// was posted with another view.
    pub(crate) name: Option<String>,
    /// What would be shown here is not what was signed when it was posted: nothing of the person is
    /// shown until it is posted anew.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) differs: bool,
    pub(crate) division: DivisionCode,
    /// Where it hangs.
    pub(crate) place: Label,
    pub(crate) opens_on: Day,
    /// Its last day.
    pub(crate) closes_on: Day,
    /// The entry that posted it: its number.
    pub(crate) entry: u64,
}

/// A page of notices: `after` is the entry of the last one before it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    pub(crate) division: Option<DivisionCode>,
    pub(crate) after: Option<u64>,
    pub(crate) limit: Option<usize>,
}

/// What hangs now, in the order it was posted.
pub(crate) async fn list(
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Page<Notice>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let now = today(records.ledger);
        let open = records.ledger.with_state(|state| {
            let hanging = state.certificates.hanging(now);
            hanging.map(|(case, division, born)| (*case, division, born)).collect::<Vec<_>>()
        })?;
        let mut posted = Vec::new();
        for (case, division, born) in open {
            if may_hang(now, born)
                && asked.division.is_none_or(|wanted| wanted.covers(division))
                && let Some((entry, data)) = notice_of(records, case, now)?
            {
                posted.push((entry, case, division, data));
            }
        }
        posted.sort_by_key(|(entry, ..)| *entry);
        let is_behind =
            |(entry, ..): &(u64, _, _, _)| asked.after.is_none_or(|after| *entry > after);
        let (page, next) = cut(posted, asked.limit, is_behind, |(entry, ..)| entry.to_string())?;
        // Names are opened for the page alone.
        let items = page
            .into_iter()
            .map(|(entry, case, division, data)| notice(records, case, division, entry, &data));
        let items = items.collect::<Result<Vec<_>, Problem>>()?;
        Ok(Current::of(&of, records.ledger.len())?.page(items, next))
    })
    .await
}

/// Whether a notice about somebody born then may be shown: never about a minor, whatever was posted.
fn may_hang(now: Day, born: Day) -> bool {
    now.age_from(born) >= ADULT_YEARS
}

/// The notice of a case that hangs now, and its entry.
fn notice_of(
    records: &Records<'_>,
    case: CaseId,
    now: Day,
) -> Result<Option<(u64, NoticePosted)>, Problem> {
    let mut posted = None;
    for index in records.index.history(&Who::Subject(Subject::Case(case)))? {
        let event = records.ledger.event(index)?;
        match event.payload.body {
            Body::NoticePosted(data) if data.opens_on <= now && now <= data.closes_on => {
                posted = Some((index, *data));
            }
            Body::NoticeClosed(_) | Body::NoticeTakenDown(_) | Body::NoticeWaived(_) => {
                posted = None;
            }
            _ => {}
        }
    }
    Ok(posted)
}

fn notice(
    records: &Records<'_>,
    case: CaseId,
    division: DivisionCode,
    entry: u64,
    data: &NoticePosted,
) -> Result<Notice, Problem> {
    let (mut name, mut differs) = (None, false);
    if records.ledger.personal().is_some()
        && let Some(shown) = shown(records.ledger, case)?
    {
        differs = !shown.is_posted_by(records.ledger, data)?;
        name = Some(shown.name).filter(|_| !differs);
    }
    let NoticePosted { place, opens_on, closes_on, .. } = data;
    let (place, opens_on, closes_on) = (place.clone(), *opens_on, *closes_on);
    Ok(Notice { name, differs, division, place, opens_on, closes_on, entry })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_hangs_before_the_eighteenth_birthday() {
        let born: Day = "2008-03-01".parse().unwrap();
        for (now, may) in [
            ("2008-03-01", false),
            ("2026-02-28", false),
            ("2026-03-01", true),
            ("2060-01-01", true),
        ] {
            assert_eq!(may_hang(now.parse().unwrap(), born), may, "{now}");
        }
        // Of a leap day: not on the last of February of a year without one.
        let leap: Day = "2008-02-29".parse().unwrap();
        assert!(!may_hang("2026-02-28".parse().unwrap(), leap));
        assert!(may_hang("2026-03-01".parse().unwrap(), leap));
    }
}
