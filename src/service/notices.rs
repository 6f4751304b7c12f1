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
use crate::answer::{Records, open, today};
use crate::event::Body;
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
    /// Surname and mask; absent when it was erased, or the vault is not open.
    pub(crate) name: Option<String>,
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
    let (mut found, mut name) = (None, None);
    for index in records.index.history(&Who::Subject(Subject::Case(case)))? {
        let event = records.ledger.event(index)?;
        match &event.payload.body {
            Body::NoticePosted(data) if data.opens_on <= now && now <= data.closes_on => {
                found = Some(Notice {
                    name: None,
                    division,
                    place: data.place.clone(),
                    opens_on: data.opens_on,
                    closes_on: data.closes_on,
                    entry: index,
                });
            }
            Body::NoticeClosed(_) | Body::NoticeTakenDown(_) | Body::NoticeWaived(_) => {
                found = None
            }
            Body::ApplicationSubmitted(_) if records.ledger.personal().is_some() => {
                let personal = open(records.ledger, &event)?;
                name = personal.and_then(|personal| personal.name.as_deref().and_then(masked));
            }
            _ => {}
        }
    }
    Ok(found.map(|notice| Notice { name, ..notice }))
}

/// A name as a notice shows it: two characters leave the surname, more leave the last one too.
fn masked(name: &str) -> Option<String> {
    let letters: Vec<char> = name.trim().chars().collect();
    match letters.as_slice() {
        [] => None,
        [_] => Some("*".to_owned()),
        [surname, _] => Some(format!("{surname}*")),
        [surname, .., last] => Some(format!("{surname}*{last}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_masked_as_notices_are() {
        for (name, expected) in
            [("王芳", Some("王*")), ("李建国", Some("李*国")), ("欧阳建国", Some("欧*国"))]
        {
            assert_eq!(masked(name).as_deref(), expected);
        }
        assert_eq!((masked(""), masked("王").as_deref()), (None, Some("*")));
    }
}
