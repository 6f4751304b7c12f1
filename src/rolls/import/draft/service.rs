//! Rows of what was done for people: sessions, placements, departures, visits.
//!
//! Such a list is its own evidence: the event refers to the file by its salted hash, and calls it
//! a roll, not a sheet that somebody signed.

use super::{
    super::super::{column::Column, kind::RollKind, row::ServiceRow},
    super::rejected::Why,
    Draft, RowAct, Terms,
    certificate::officer,
    institution, line, required,
};
use crate::{
    event::{
        Body, Evidence, OfficerRef, PersonSide, PlacementEnded, PlacementStarted, ServiceDelivered,
        SupportVisitLogged,
    },
    ledger::{Personal, federation_text},
    value::{ActorId, Label},
};

/// Says whether a row has what its event cannot do without.
pub(super) fn check(kind: RollKind, row: &ServiceRow) -> Result<(), Why> {
    match kind {
        RollKind::Placements(_) => {
            institution(row.institution.as_ref())?;
            let is_code = |code: &str| code.parse::<ActorId>().is_ok();
            match &row.code {
                Some(code) if !is_code(code.as_str()) => {
                    Err(Why::NotClear(Column::InstitutionCode))
                }
                _ => Ok(()),
            }
        }
        RollKind::Departures(_) => label(row, Column::LeftReason).map(|_| ()),
        RollKind::SupportVisits => label(row, Column::VisitKind).map(|_| ()),
        _ => Ok(()),
    }
}

/// The draft of a row's event.
pub(super) fn draft(terms: &Terms<'_>, act: &RowAct<'_>, row: &ServiceRow) -> Option<Draft> {
    let person = act.person?;
    let paper = || {
        let kind = "roll".parse().expect("a short plain word");
        terms.paper.map(|hash| Evidence { kind, hash, custodian: None })
    };
    let source = Some(act.row_ref(terms.id));
    let personal = row.helper.as_ref().map(|helper| {
        let mut personal = Personal::default();
        line(Column::Helper, helper, &mut personal);
        row.helper_unit.iter().for_each(|unit| line(Column::HelperUnit, unit, &mut personal));
        personal
    });
    let body: Body = match terms.roll.kind {
        RollKind::Sessions(programme) => ServiceDelivered {
            person,
            programme,
            session_date: row.on,
            attendance: paper()?,
            side: PersonSide::Paper,
            row: source,
        }
        .into(),
        RollKind::Placements(programme) => PlacementStarted {
            person,
            programme,
            facility: institution(row.institution.as_ref()).ok()?,
            institution: row.code.as_ref().and_then(|code| code.as_str().parse().ok()),
            from: row.on,
            contract: paper()?,
            row: source,
        }
        .into(),
        RollKind::Departures(_) => PlacementEnded {
            person,
            placement: act.placement?,
            to: row.on,
            reason: label(row, Column::LeftReason).ok()?,
            row: source,
        }
        .into(),
        RollKind::SupportVisits => SupportVisitLogged {
            person,
            helper: helper(terms, act, row),
            programme: None,
            kind: label(row, Column::VisitKind).ok()?,
            visited_on: row.on,
            confirmation: None,
            row: source,
        }
        .into(),
        _ => return None,
    };
    Some(Draft { body, at: terms.no_later(Some(row.on)), personal })
}

/// Who visited: the actor of the ledger that the row names, else an officer known by office and
/// name.
fn helper(terms: &Terms<'_>, act: &RowAct<'_>, row: &ServiceRow) -> Option<OfficerRef> {
    let name = row.helper.as_ref()?;
    let federation = federation_text(terms.options.division);
    let unit = row.helper_unit.as_ref().map_or(federation.as_str(), |unit| unit.as_str());
    let officer = || officer(terms, unit, Some(name)).map(OfficerRef::Tag);
    act.helper.clone().map(OfficerRef::Actor).or_else(officer)
}

fn label(row: &ServiceRow, column: Column) -> Result<Label, Why> {
    let text = required(column, row.what.as_ref())?;
    text.as_str().parse().map_err(|_| Why::NotClear(column))
}
