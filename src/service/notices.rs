//! Public notices: what hangs now, masked (domain 5.2), for anybody.

use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    App,
    answer::{Current, Page},
    problem::Problem,
    row::{Access, Row, json},
};
use crate::answer::{Records, notice::shown, today};
use crate::event::{Body, NoticePosted};
use crate::projection::Who;
use crate::value::{CaseId, Day, DivisionCode, Label, Subject};

/// Notices shown at once: far more than ever hang in one prefecture.
const NOTICES_MAX: usize = 1000;
/// Under this age nothing is shown, whatever a policy says.
const ADULT_YEARS: i32 = 18;

/// The rows of this file.
pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::get("/v1/notices", list)
            .access(Access::Public)
            .doc("notices", "The masked public notices that hang now; none of a minor")
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
    #[serde(skip_serializing_if = "std::ops::Not::not")]
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

async fn list(State(app): State<App>) -> Result<Page<Notice>, Problem> {
    let items = hanging(&app).await?;
    Ok(Current::of(&app, app.ledger.len())?.page(items, None))
}

/// What hangs now, in the order it was posted.
pub(crate) async fn hanging(app: &App) -> Result<Vec<Notice>, Problem> {
    app.read(|records| {
        let now = today(records.ledger);
        let open = records.ledger.with_state(|state| {
            let hanging = state.certificates.hanging(now);
            hanging.map(|(case, division, born)| (*case, division, born)).collect::<Vec<_>>()
        })?;
        let mut notices = Vec::new();
        for (case, division, born) in open {
            if now.age_from(born) >= ADULT_YEARS
                && let Some(notice) = notice(records, case, division, now)?
            {
                notices.push(notice);
            }
        }
        notices.sort_by_key(|notice| notice.entry);
        notices.truncate(NOTICES_MAX);
        Ok(notices)
    })
    .await
}

fn notice(
    records: &Records<'_>,
    case: CaseId,
    division: DivisionCode,
    now: Day,
) -> Result<Option<Notice>, Problem> {
    let mut posted = None;
    for index in records.index.history(&Who::Subject(Subject::Case(case)))? {
        let event = records.ledger.event(index)?;
        match event.payload.body {
            Body::NoticePosted(data) if data.opens_on <= now && now <= data.closes_on => {
                posted = Some((index, data));
            }
            Body::NoticeClosed(_) | Body::NoticeTakenDown(_) | Body::NoticeWaived(_) => {
                posted = None;
            }
            _ => {}
        }
    }
    let Some((entry, data)) = posted else { return Ok(None) };
    let (mut name, mut differs) = (None, false);
    if records.ledger.personal().is_some()
        && let Some(shown) = shown(records.ledger, case)?
    {
        differs = !shown.is_posted_by(records.ledger, &data)?;
        name = Some(shown.name).filter(|_| !differs);
    }
    let NoticePosted { place, opens_on, closes_on, .. } = *data;
    Ok(Some(Notice { name, differs, division, place, opens_on, closes_on, entry }))
}
