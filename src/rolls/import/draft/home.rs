//! Rows about homes: works that were accepted, and who lives in a household.

use super::{
    super::{
        super::{
            column::Column,
            error::{Fault, Reason},
            row::{HouseholdRow, WorksRow},
        },
        rejected::Why,
    },
    Draft, RowAct, Terms, clear, tag, text,
};
use crate::{
    crypto::TagKind,
    event::{Evidence, HouseholdMemberJoined, PersonSide, WorksAccepted},
    ledger::Personal,
    value::{Hash, Subject},
};

/// Says whether a row of works has what its event cannot do without.
pub(super) fn check_works(terms: &Terms<'_>, row: &WorksRow) -> Result<(), Why> {
    if row.accepted_on > terms.options.at {
        return Err(Why::Future(Column::AcceptedOn));
    }
    if row.before == row.after {
        let fault = Fault { column: Column::AfterHash, reason: Reason::Contradicts };
        return Err(Why::Cell(fault));
    }
    Ok(())
}

/// Drafts `works.accepted`: the row names each paper by its salted hash.
pub(super) fn works(terms: &Terms<'_>, act: &RowAct<'_>, row: &WorksRow) -> Option<Draft> {
    let Subject::Household(household) = act.subject else { return None };
    let mut personal = Personal::default();
    personal.name = text(row.name.as_ref());
    personal.id_number = Some(row.id.as_str().to_owned());
    personal.address = text(row.address.as_ref());
    personal.household_no = text(row.household_number.as_ref());
    let contractor = clear(row.contractor.as_ref(), Column::Contractor, &mut personal);
    let body = WorksAccepted {
        household,
        programme: terms.roll.kind.programme()?,
        before: paper("before_photo", row.before),
        after: paper("after_photo", row.after),
        acceptance: row.acceptance.map(|hash| paper("acceptance_form", hash)),
        side: PersonSide::Paper,
        grade: row.grade,
        cost: row.cost,
        person: act.person,
        contractor,
        dwelling: row.address.as_ref().and_then(|text| terms.tagger.dwelling(text.as_str())),
        row: Some(act.row_ref(terms.id)),
    };
    let at = terms.no_later(Some(row.accepted_on));
    Some(Draft { body: body.into(), at, personal: Some(personal) })
}

/// Drafts `household.member_joined`. Of whom the list is about, tags and days only: most members
/// are nobody's holder, and the register that lists them keeps their names.
pub(super) fn member(terms: &Terms<'_>, act: &RowAct<'_>, row: &HouseholdRow) -> Option<Draft> {
    let Subject::Household(household) = act.subject else { return None };
    let from = row.from.unwrap_or(terms.options.at);
    let body = HouseholdMemberJoined {
        household,
        person: act.person?,
        is_head: row.is_head(),
        relation: row.relation,
        from,
        to: row.to,
        household_no: tag(terms, TagKind::HouseholdNo, Some(&row.household_number)),
        id: act.id,
        name: tag(terms, TagKind::Name, row.name.as_ref()),
        row: Some(act.row_ref(terms.id)),
    };
    Some(Draft { body: body.into(), at: terms.no_later(row.from), personal: None })
}

fn paper(kind: &str, hash: Hash) -> Evidence {
    let kind = kind.parse().expect("a short plain word");
    Evidence { kind, hash, custodian: None }
}
